package org.tessera.importer.wcst;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.tessera.coverage.request.ImportedFiles;
import org.tessera.importer.problem.ImportException;

/**
 * Sends requests to a server's OWS endpoint. A request that cannot reach the server is repeated;
 * one that the server refuses is not. Repeating is safe: the same cells are written to the same
 * place.
 */
public final class WcstClient implements AutoCloseable {
  private static final Duration TIME_LIMIT = Duration.ofMinutes(30);
  private static final Pattern EXCEPTION_TEXT =
      Pattern.compile("(?s)<(?:\\w+:)?ExceptionText[^>]*>(.*?)</");
  private static final Pattern EXCEPTION_CODE = Pattern.compile("exceptionCode=\"([^\"]*)\"");
  private static final Pattern LOCATOR = Pattern.compile("locator=\"([^\"]*)\"");

  /** The first element after declarations, comments and a document type: its local name. */
  private static final Pattern ROOT =
      Pattern.compile(
          "(?s)\\uFEFF?(?:\\s+|<\\?.*?\\?>|<!--.*?-->|<![A-Z][^>]*>)*<(?:[\\w.-]+:)?([\\w.-]+)");

  private final HttpClient http;
  private final URI service;
  private final Optional<String> authorization;
  private final int retries;
  private final Duration pause;
  private final Map<String, Optional<ServerGrid>> described = new HashMap<>();

  /**
   * @param service address of the OWS endpoint, such as {@code http://localhost:8080/rasdaman/ows}
   * @param login {@code user:password}
   * @param retries how often to try again when the server cannot be reached
   * @param pause between two tries
   */
  public WcstClient(URI service, Optional<String> login, int retries, Duration pause) {
    this.service = service;
    this.authorization =
        login.map(
            l -> "Basic " + Base64.getEncoder().encodeToString(l.getBytes(StandardCharsets.UTF_8)));
    this.retries = retries;
    this.pause = pause;
    this.http = connection(service);
  }

  private static HttpClient connection(URI service) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10));
    if ("http".equalsIgnoreCase(service.getScheme())) {
      // Else all certificates of the JDK are read, which takes longer than a small import.
      try {
        SSLContext trustsNobody = SSLContext.getInstance("TLS");
        trustsNobody.init(null, new TrustManager[0], null);
        builder.sslContext(trustsNobody);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return builder.build();
  }

  /** An answer of the server that is no success. */
  public static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final String locator;
    private final boolean report;

    Refused(int status, String code, String locator, boolean report, String message) {
      super(message);
      this.report = report;
      this.status = status;
      this.code = code;
      this.locator = locator;
    }

    /** What the OWS exception is about, empty if it does not say. */
    public String locator() {
      return locator;
    }

    /** The OWS exception code, empty if the answer is no exception report. */
    public String code() {
      return code;
    }

    public int status() {
      return status;
    }

    /** Whether it is an OWS exception report, and not the page of some other server. */
    boolean isReport() {
      return report;
    }
  }

  /** Whether a coverage exists. */
  public boolean exists(String coverageId) {
    return describe(coverageId).isPresent();
  }

  /** As {@link #exists}, if others may have made it meanwhile. */
  public boolean existsNow(String coverageId) {
    described.remove(coverageId);
    return exists(coverageId);
  }

  /**
   * The grid of a coverage; empty if there is no such coverage. The server is asked once, and again
   * when this client has changed the coverage: long axes make long answers.
   */
  public Optional<ServerGrid> describe(String coverageId) {
    Optional<ServerGrid> known = described.get(coverageId);
    if (known == null) {
      known = ask(coverageId);
      described.put(coverageId, known);
    }
    return known;
  }

  private Optional<ServerGrid> ask(String coverageId) {
    try {
      return Optional.of(
          ServerGrid.parse(
              send(
                  service,
                  parameters("DescribeCoverage", Map.of("coverageId", coverageId)),
                  List.of(),
                  Expected.DESCRIPTIONS)));
    } catch (Refused e) {
      // An exception report with 404 is about the coverage, any other 404 about the address.
      if (e.code().equals("NoSuchCoverage") || (e.status() == 404 && e.isReport())) {
        return Optional.empty();
      }
      if (!e.isReport() && List.of(400, 404, 405, 501).contains(e.status())) {
        throw new ImportException(
            notTheService(service, "DescribeCoverage", "with HTTP status " + e.status()), e);
      }
      throw new ImportException(
          "the server at " + service + " refuses DescribeCoverage: " + e.getMessage(), e);
    }
  }

  /** A part of a coverage as a GML coverage. */
  public String coverage(String coverageId, List<String> subsets) {
    Map<String, String> more = new LinkedHashMap<>();
    more.put("coverageId", coverageId);
    for (int i = 0; i < subsets.size(); i++) {
      more.put("subset#" + i, subsets.get(i));
    }
    more.put("format", "application/gml+xml");
    return send(service, parameters("GetCoverage", more), List.of(), Expected.COVERAGE);
  }

  /**
   * Makes a coverage.
   *
   * @param files whose states change with it; only for servers that keep them
   */
  public void insert(
      String gml, Optional<String> tiling, Optional<ImportedFiles> files, List<Path> uploads) {
    described.clear();
    Map<String, String> more = new LinkedHashMap<>();
    more.put("useId", "existing");
    tiling.ifPresent(t -> more.put("tiling", t));
    files.ifPresent(f -> more.put("importedFiles", f.json()));
    more.put("coverage", gml);
    send(service, parameters("InsertCoverage", more), uploads, Expected.INSERTED);
  }

  /**
   * Adds to a coverage.
   *
   * @param subsets such as {@code Lat(10,20)}
   * @param files whose states change with it; only for servers that keep them
   * @param uploads files that the document refers to as {@code cid:file}
   */
  public void update(
      String coverageId,
      List<String> subsets,
      String gml,
      Optional<ImportedFiles> files,
      List<Path> uploads) {
    described.remove(coverageId);
    Map<String, String> more = new LinkedHashMap<>();
    more.put("coverageId", coverageId);
    files.ifPresent(f -> more.put("importedFiles", f.json()));
    // Several parameters of one name: the key is written out with a place that is cut off again.
    for (int i = 0; i < subsets.size(); i++) {
      more.put("subset#" + i, subsets.get(i));
    }
    more.put("inputCoverage", gml);
    send(service, parameters("UpdateCoverage", more), uploads, Expected.UPDATED);
  }

  /**
   * Adds several documents in one request and one transaction: all of them, or none.
   *
   * @param files whose states change with it; only for servers that keep them
   * @param uploads files that the documents refer to as {@code cid:file}, {@code cid:file1}, ...
   * @return false if the server does not know such requests; which of the documents it took is then
   *     open, and all should be sent again
   */
  public boolean update(
      String coverageId,
      List<String> documents,
      Optional<ImportedFiles> files,
      List<Path> uploads) {
    described.remove(coverageId);
    Map<String, String> more = new LinkedHashMap<>();
    more.put("coverageId", coverageId);
    files.ifPresent(f -> more.put("importedFiles", f.json()));
    for (int i = 0; i < documents.size(); i++) {
      more.put("inputCoverage#" + i, documents.get(i));
    }
    String reply = send(service, parameters("UpdateCoverage", more), uploads, Expected.UPDATED);
    return reply.contains("<!-- " + documents.size() + " documents -->");
  }

  /** An administrative request below the context of the service, such as pyramid creation. */
  public String administer(String path, Map<String, String> parameters) {
    String base = service.toString().replaceFirst("/ows/?$", "");
    return send(
        URI.create(base + path), new LinkedHashMap<>(parameters), List.of(), Expected.ADMINISTERED);
  }

  /** As {@link #administer}; empty if the server does not know such a request. */
  public Optional<String> ask(String path, Map<String, String> parameters) {
    try {
      return Optional.of(administer(path, parameters));
    } catch (Refused e) {
      if (List.of(400, 404, 405, 501).contains(e.status())) {
        return Optional.empty();
      }
      throw new ImportException(
          "the server at " + service + " refuses " + path + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> parameters(String request, Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("service", "WCS");
    all.put("version", "2.0.1");
    all.put("request", request);
    all.putAll(more);
    return all;
  }

  /** What a successful answer is: its root, and whether it may be empty. */
  private enum Expected {
    DESCRIPTIONS("DescribeCoverage", false, "CoverageDescriptions"),
    COVERAGE("GetCoverage", false, ""),
    INSERTED("InsertCoverage", false, "CoverageId"),
    // Some servers answer with nothing, others with XML of their own.
    UPDATED("UpdateCoverage", true, ""),
    ADMINISTERED("an administrative request", true, "");

    private final String request;
    private final boolean mayBeEmpty;

    /** Local name of the root, whatever its case; empty for any but that of an HTML page. */
    private final String root;

    Expected(String request, boolean mayBeEmpty, String root) {
      this.request = request;
      this.mayBeEmpty = mayBeEmpty;
      this.root = root;
    }

    /** What is wrong with an answer; empty if it is as it should be. */
    Optional<String> wrong(int status, String type, String body) {
      if (status >= 300) {
        return Optional.of("with HTTP status " + status + ", a redirection");
      }
      String found = rootOf(body);
      if (type.toLowerCase(Locale.ROOT).startsWith("text/html")
          || found.equalsIgnoreCase("html")
          || body.stripLeading().regionMatches(true, 0, "<!DOCTYPE html", 0, 14)) {
        return Optional.of("with an HTML page");
      }
      // Administrative requests answer as they like.
      if (this == ADMINISTERED || (body.isBlank() && (mayBeEmpty || status == 204))) {
        return Optional.empty();
      }
      if (body.isBlank()) {
        return Optional.of("with nothing");
      }
      if (found.isEmpty()) {
        return this == UPDATED && body.stripLeading().startsWith("<!--")
            ? Optional.empty()
            : Optional.of("with something that is no XML");
      }
      return root.isEmpty() || root.equalsIgnoreCase(found)
          ? Optional.empty()
          : Optional.of("with XML of the root '" + found + "' instead of '" + root + "'");
    }

    private static String rootOf(String body) {
      Matcher m = ROOT.matcher(body);
      return m.lookingAt() ? m.group(1) : "";
    }
  }

  private static String notTheService(URI address, String request, String how) {
    String path = address.getPath() == null ? "" : address.getPath();
    return "the server at "
        + address
        + " answers "
        + request
        + " "
        + how
        + "; this is not the address of a WCS"
        + (path.matches(".*/ows/?")
            ? ""
            : ", which usually ends with /ows: try "
                + address.toString().replaceFirst("[?#].*$", "").replaceFirst("/+$", "")
                + "/ows")
        + " ('config.service_url')";
  }

  private String send(
      URI address, Map<String, String> parameters, List<Path> uploads, Expected expected) {
    for (int attempt = 0; ; attempt++) {
      try {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(TIME_LIMIT);
        authorization.ifPresent(a -> request.header("Authorization", a));
        if (!uploads.isEmpty()) {
          multipart(request, parameters, uploads);
        } else {
          request
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(HttpRequest.BodyPublishers.ofString(form(parameters)));
        }
        HttpResponse<String> reply =
            http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (reply.statusCode() == 503 && attempt < retries) {
          Thread.sleep(pause.multipliedBy(attempt + 1L));
          continue;
        }
        if (reply.statusCode() >= 400 || reply.body().contains("ExceptionReport>")) {
          throw new Refused(
              reply.statusCode(),
              first(EXCEPTION_CODE, reply.body()),
              first(LOCATOR, reply.body()),
              reply.body().contains("ExceptionReport"),
              message(reply));
        }
        Optional<String> wrong =
            expected.wrong(
                reply.statusCode(),
                reply.headers().firstValue("Content-Type").orElse(""),
                reply.body());
        if (wrong.isPresent() && expected == Expected.ADMINISTERED) {
          String text = notTheService(address, expected.request, wrong.get());
          throw new Refused(404, "", "", false, text);
        }
        if (wrong.isPresent()) {
          throw new ImportException(notTheService(address, expected.request, wrong.get()));
        }
        return reply.body();
      } catch (IOException e) {
        if (attempt >= retries) {
          throw new ImportException(
              "the server at "
                  + address
                  + (e instanceof ConnectException
                      ? " does not answer; is it running?"
                      : " cannot be reached: " + e.getMessage()),
              e);
        }
        sleep(attempt);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ImportException("interrupted", e);
      }
    }
  }

  private void sleep(int attempt) {
    try {
      Thread.sleep(pause.multipliedBy(attempt + 1L));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportException("interrupted", e);
    }
  }

  private static String first(Pattern pattern, String text) {
    Matcher m = pattern.matcher(text);
    return m.find() ? m.group(1) : "";
  }

  private static String message(HttpResponse<String> reply) {
    Matcher m = EXCEPTION_TEXT.matcher(reply.body());
    StringBuilder out = new StringBuilder();
    while (m.find()) {
      String text =
          m.group(1)
              .replace("&lt;", "<")
              .replace("&gt;", ">")
              .replace("&quot;", "\"")
              .replace("&apos;", "'")
              .replace("&amp;", "&")
              .strip();
      out.append(out.isEmpty() ? "" : "; ").append(text);
    }
    if (out.isEmpty()) {
      String body = reply.body().replaceAll("(?s)<[^>]*>", " ").replaceAll("\\s+", " ").strip();
      out.append("HTTP status ").append(reply.statusCode());
      if (!body.isEmpty()) {
        out.append(": ").append(body, 0, Math.min(300, body.length()));
      }
    }
    return out.toString();
  }

  private static String name(String key) {
    int cut = key.indexOf('#');
    return cut < 0 ? key : key.substring(0, cut);
  }

  private static String form(Map<String, String> parameters) {
    StringBuilder out = new StringBuilder();
    parameters.forEach(
        (k, v) ->
            out.append(out.isEmpty() ? "" : "&")
                .append(name(k))
                .append('=')
                .append(URLEncoder.encode(v, StandardCharsets.UTF_8)));
    return out.toString();
  }

  /** The files go last, as parts named by {@link #uploadName}, streamed from disk. */
  private static void multipart(
      HttpRequest.Builder request, Map<String, String> parameters, List<Path> files)
      throws IOException {
    String boundary = "tessera" + UUID.randomUUID();
    List<HttpRequest.BodyPublisher> parts = new ArrayList<>();
    for (Map.Entry<String, String> e : parameters.entrySet()) {
      parts.add(
          text(
              "--"
                  + boundary
                  + "\r\nContent-Disposition: form-data; name=\""
                  + name(e.getKey())
                  + "\"\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n"
                  + e.getValue()
                  + "\r\n"));
    }
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      if (!Files.isReadable(file)) {
        throw new ImportException(file + ": cannot be read");
      }
      parts.add(
          text(
              "--"
                  + boundary
                  + "\r\nContent-Disposition: form-data; name=\""
                  + uploadName(i)
                  + "\"; filename=\""
                  + String.valueOf(file.getFileName()).replace('"', '_')
                  + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
      parts.add(HttpRequest.BodyPublishers.ofFile(file));
      parts.add(text("\r\n"));
    }
    parts.add(text("--" + boundary + "--\r\n"));
    request
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .POST(HttpRequest.BodyPublishers.concat(parts.toArray(HttpRequest.BodyPublisher[]::new)));
  }

  private static HttpRequest.BodyPublisher text(String text) {
    return HttpRequest.BodyPublishers.ofString(text);
  }

  /** The name of the part of an uploaded file, as {@code cid:} references have it. */
  public static String uploadName(int number) {
    return number == 0 ? "file" : "file" + number;
  }

  @Override
  public void close() {
    http.close();
  }
}
