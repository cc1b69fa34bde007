package org.tessera.web.ows;

import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.ejb.service.Answer;
import org.tessera.ejb.service.Call;
import org.tessera.ejb.service.Caller;
import org.tessera.ejb.service.CoverageService;
import org.tessera.ejb.service.PyramidService;
import org.tessera.ejb.service.TransactionService;
import org.tessera.ejb.service.WarmUp;
import org.tessera.engine.EngineException;

/**
 * The OWS endpoint. GET and POST with key-value pairs, POST with an XML body, POST with a form
 * whose {@code query} holds XML or WCPS text, multipart POST with files. An error found before the
 * first bytes went out gets its HTTP status and an exception report; one found later breaks the
 * connection off, so that no client takes half an answer for a whole one.
 */
@WebServlet(urlPatterns = {"/ows", "/ows/*"})
@MultipartConfig(maxFileSize = -1, maxRequestSize = -1, fileSizeThreshold = 1 << 16)
public class OwsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final System.Logger LOG = System.getLogger(OwsServlet.class.getName());

  /**
   * Bytes of an answer held back, so that an error among them still becomes an exception report.
   */
  private static final int HELD_BACK = 1 << 16;

  /** When the requests that have successors got them (RFC 9745): with rasdaman 10.0. */
  private static final String SINCE = "@1619827200";

  /** Attribute of requests of that kind. */
  private static final String DEPRECATION = "org.tessera.deprecated";

  /** Longest XML or form body that is read into memory. */
  private static final int MAX_TEXT = 64 << 20;

  /** Attribute of requests that came in a SOAP envelope. */
  private static final String SOAP = "org.tessera.soap";

  @EJB private transient CoverageService coverages;
  @EJB private transient TransactionService transactions;
  @EJB private transient PyramidService pyramids;
  @EJB private transient ServerRuntime runtime;
  @EJB private transient ClientWatch clients;
  @EJB private transient WarmUp warmUp;
  private transient volatile boolean reached;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Access-Control-Expose-Headers", "Content-Disposition");
    switch (request.getMethod()) {
      case "GET", "HEAD", "POST" -> handle(request, response);
      case "OPTIONS" -> {
        response.setHeader("Allow", "GET, HEAD, POST, OPTIONS");
        response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS");
        response.setHeader("Access-Control-Allow-Headers", "Content-Type, Authorization");
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
      }
      default -> Errors.method(request.getMethod(), "GET, HEAD, POST, OPTIONS", response);
    }
  }

  private void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
    if (!reached && request.getScheme().equals("http")) {
      reached = true;
      warmUp.over(local(request));
    }
    List<Path> temporary = new ArrayList<>();
    try (Call call = new Call(baseUrl(request), Callers.of(request, runtime.settings()));
        ClientWatch.Watch _ = clients.watch(request, call::cancel)) {
      response.setBufferSize(HELD_BACK);
      Answer answer = answer(request, temporary, call);
      response.setContentType(answer.mediaType());
      if (request.getAttribute(DEPRECATION) != null) {
        response.setHeader("Deprecation", SINCE);
      }
      answer
          .fileName()
          .ifPresent(name -> response.setHeader("Content-Disposition", "inline; filename=" + name));
      OutputStream out =
          request.getMethod().equals("HEAD")
              ? OutputStream.nullOutputStream()
              : response.getOutputStream();
      answer.body().write(out);
      out.flush();
    } catch (OwsException | EngineException | EJBException e) {
      fail(e, request, response);
    } catch (IOException | RuntimeException e) {
      fail(e, request, response);
    } finally {
      for (Path file : temporary) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** The address at which this machine reaches the endpoint, without any proxy between. */
  private static URI local(HttpServletRequest http) {
    String host = http.getLocalAddr();
    return URI.create(
        "http://%s:%d%s%s"
            .formatted(
                host.contains(":") ? "[" + host + "]" : host,
                http.getLocalPort(),
                http.getContextPath(),
                http.getServletPath()));
  }

  private static void fail(Exception e, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (e instanceof IOException broken && response.isCommitted()) {
      LOG.log(System.Logger.Level.INFO, "the client went away: {0}", broken.getMessage());
      throw broken;
    }
    OwsException error = Errors.of(e);
    if (error.code().httpStatus() >= 500 && error.code() == OwsErrorCode.INTERNAL_ERROR) {
      LOG.log(
          System.Logger.Level.ERROR,
          "request failed: "
              + request.getMethod()
              + " "
              + request.getRequestURI()
              + " "
              + error.getMessage(),
          e);
    }
    if (response.isCommitted()) {
      LOG.log(System.Logger.Level.WARNING, "answer broken off: {0}", error.getMessage());
      throw new IOException("answer broken off: " + error.getMessage());
    }
    response.reset();
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (isSoap(request)) {
      response.setStatus(error.code().httpStatus());
      response.setContentType(Soap.MEDIA_TYPE);
      Soap.fault(error, response.getOutputStream());
    } else {
      Errors.write(error, response);
    }
  }

  private Answer answer(HttpServletRequest http, List<Path> temporary, Call call)
      throws IOException {
    Answer answer = dispatch(read(http, temporary), http, call);
    return isSoap(http) ? Soap.answer(answer) : answer;
  }

  private Answer dispatch(OwsRequest request, HttpServletRequest http, Call call) {
    return switch (request) {
      case OwsRequest.GetCapabilities r -> coverages.getCapabilities(r, baseUrl(http));
      case OwsRequest.DescribeCoverage r -> coverages.describeCoverage(r);
      case OwsRequest.GetCoverage r -> coverages.getCoverage(r, call);
      case OwsRequest.ProcessCoverages r -> coverages.processCoverages(r, call);
      case OwsRequest.InsertCoverage r ->
          transactions.insert(r, Callers.of(http, runtime.settings()));
      case OwsRequest.UpdateCoverage r ->
          transactions.update(r, Callers.of(http, runtime.settings()));
      case OwsRequest.DeleteCoverage r ->
          transactions.delete(r, Callers.of(http, runtime.settings()));
      case OwsRequest.ScaleLevel r -> {
        http.setAttribute(DEPRECATION, true);
        yield pyramids.scaleLevel(r, Callers.of(http, runtime.settings()));
      }
      case OwsRequest.Pyramid r -> pyramid(r, Callers.of(http, runtime.settings()));
    };
  }

  private Answer pyramid(OwsRequest.Pyramid r, Caller caller) {
    switch (r.operation()) {
      case CREATE ->
          pyramids.create(r.base(), r.members().getFirst(), r.factors(), r.resampling(), caller);
      case ADD -> pyramids.add(r.base(), r.members(), r.harvesting(), caller);
      case REMOVE -> pyramids.remove(r.base(), r.members(), caller);
      case LIST -> {
        byte[] json =
            AdminServlet.json(r.base(), pyramids.list(r.base())).getBytes(StandardCharsets.UTF_8);
        return new Answer("application/json", Optional.empty(), out -> out.write(json));
      }
    }
    return new Answer("text/xml;charset=UTF-8", Optional.empty(), out -> {});
  }

  /**
   * Reads the request; files sent along are put into {@code temporary}, to be deleted afterwards.
   */
  private OwsRequest read(HttpServletRequest http, List<Path> temporary) throws IOException {
    Parameters p = new Parameters();
    if (http.getQueryString() != null) {
      p.addEncoded(http.getQueryString());
    }
    Map<String, Path> uploads = new LinkedHashMap<>();
    if (http.getMethod().equals("POST")) {
      String type =
          http.getContentType() == null ? "" : http.getContentType().toLowerCase(Locale.ROOT);
      if (type.startsWith("multipart/form-data")) {
        readParts(http, p, uploads, temporary);
      } else {
        String body = text(http.getInputStream());
        if (body.stripLeading().startsWith("<")) {
          return xml(body, uploads, http);
        }
        p.addEncoded(body);
      }
    }
    boolean wcps =
        http.getPathInfo() != null && http.getPathInfo().replaceAll("/+$", "").equals("/wcps");
    if (http.getPathInfo() != null && !wcps && !http.getPathInfo().matches("/*")) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          http.getPathInfo(),
          "There is no service at this address, expected /ows or /ows/wcps.");
    }
    if (p.isEmpty() && !http.getMethod().equals("POST") && http.getRequestURI().endsWith("/ows/")) {
      // The address with a slash is what people and monitors open: they see what there is.
      p.add("request", "GetCapabilities");
    }
    if (p.isEmpty()) {
      throw new OwsException(
          OwsErrorCode.MISSING_PARAMETER_VALUE,
          "request",
          "Missing required parameter: request. Try ?service=WCS&version=2.0.1&request=GetCapabilities.");
    }
    if (p.has("query") && p.required("query").stripLeading().startsWith("<")) {
      return xml(p.required("query"), uploads, http);
    }
    if (!p.has("request") && (p.has("query") || p.has("q"))) {
      return KvpReader.processCoverages(p, uploads);
    }
    return KvpReader.read(p, uploads);
  }

  private static OwsRequest xml(String body, Map<String, Path> uploads, HttpServletRequest http) {
    if (Soap.isEnvelope(body)) {
      http.setAttribute(SOAP, true);
    }
    return XmlReader.read(body, uploads).request();
  }

  private static boolean isSoap(HttpServletRequest http) {
    return http.getAttribute(SOAP) != null;
  }

  private void readParts(
      HttpServletRequest http, Parameters p, Map<String, Path> uploads, List<Path> temporary)
      throws IOException {
    try {
      for (Part part : http.getParts()) {
        if (part.getSubmittedFileName() == null) {
          p.add(part.getName(), text(part.getInputStream()));
        } else {
          String extension =
              part.getSubmittedFileName().replaceAll("^.*?(\\.[A-Za-z0-9]{1,10})?$", "$1");
          Path file = runtime.uploads().resolve(UUID.randomUUID() + extension);
          temporary.add(file);
          // Not Part.write: it takes names to be relative to a folder of the server's (Payara
          // does).
          try (InputStream in = part.getInputStream()) {
            Files.copy(in, file);
          }
          uploads.put(part.getName(), file);
        }
        part.delete();
      }
    } catch (ServletException | IllegalStateException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          null,
          "The multipart body cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static String text(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_TEXT + 1);
    if (bytes.length > MAX_TEXT) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          null,
          "The request is longer than " + MAX_TEXT + " bytes; send cells as a file part instead.");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The address of this application as the client sees it, such as {@code
   * http://host:8080/rasdaman}.
   */
  private String baseUrl(HttpServletRequest http) {
    String configured = runtime.settings().publicUrl();
    if (!configured.isEmpty()) {
      return configured;
    }
    String host = http.getHeader("Host");
    String authority =
        host != null && host.matches("[A-Za-z0-9.:\\[\\]_-]{1,255}")
            ? host
            : http.getServerName() + ":" + http.getServerPort();
    return http.getScheme() + "://" + authority + http.getContextPath();
  }
}
