package org.tessera.web.ows;

import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.json.Json;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.runtime.CleanUp;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.ejb.service.AdminService;
import org.tessera.ejb.service.Caller;
import org.tessera.ejb.service.FileService;
import org.tessera.ejb.service.PyramidService;
import org.tessera.ejb.service.SourceService;
import org.tessera.ejb.service.VersionService;
import org.tessera.ejb.service.VirtualService;

/**
 * Administrative requests below {@code /admin}, GET or POST with key-value pairs, as existing
 * clients send them.
 */
@WebServlet("/admin/*")
@MultipartConfig(maxFileSize = 16 << 20, maxRequestSize = 20 << 20, fileSizeThreshold = 1 << 20)
public class AdminServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final int MAX_BODY = 16 << 20;

  @EJB private transient AdminService admin;
  @EJB private transient PyramidService pyramids;
  @EJB private transient CleanUp cleanUp;
  @EJB private transient VersionService versions;
  @EJB private transient FileService files;
  @EJB private transient SourceService sources;
  @EJB private transient VirtualService virtuals;
  @EJB private transient ServerRuntime runtime;

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    switch (request.getMethod()) {
      case "GET", "HEAD", "POST", "OPTIONS" -> super.service(request, response);
      default -> Errors.method(request.getMethod(), "GET, HEAD, POST, OPTIONS", response);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    handle(request, response);
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    handle(request, response);
  }

  private void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
    try {
      Parameters p = new Parameters();
      if (request.getQueryString() != null) {
        p.addEncoded(request.getQueryString());
      }
      String type = String.valueOf(request.getContentType()).toLowerCase(Locale.ROOT);
      if (request.getMethod().equals("POST") && type.startsWith("multipart/form-data")) {
        readParts(request, p);
      } else if (request.getMethod().equals("POST")) {
        p.addEncoded(
            new String(request.getInputStream().readNBytes(MAX_BODY), StandardCharsets.UTF_8));
      }
      String answer =
          answer(String.valueOf(request.getPathInfo()), p, Callers.of(request, runtime.settings()));
      response.setContentType(
          (answer.startsWith("{") ? "application/json" : "text/plain") + ";charset=UTF-8");
      response.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      Errors.write(Errors.of(e), response);
    }
  }

  /** Fields and files alike: a file is a long value. */
  private static void readParts(HttpServletRequest request, Parameters p) throws IOException {
    try {
      for (Part part : request.getParts()) {
        try (InputStream in = part.getInputStream()) {
          p.add(part.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
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

  private String answer(String path, Parameters p, Caller caller) {
    if (path.equals("/store/cleanup")) {
      p.allowOnly("store/cleanup", Set.of());
      caller.require(Caller.Role.WRITER);
      cleanUp.collect();
      return "";
    }
    if (path.equals("/ows/serviceinfo") || path.equals("/ows/serviceinfo/update")) {
      return serviceInfo(p, caller);
    }
    String id = p.required("COVERAGEID");
    if (path.startsWith(FileRequests.PATH)) {
      return new FileRequests(files).answer(path, id, p, caller);
    }
    switch (path) {
      case "/coverage/exist" -> {
        p.allowOnly("coverage/exist", Set.of("COVERAGEID"));
        return Boolean.toString(admin.exists(id));
      }
      case "/coverage/update" -> {
        p.allowOnly("coverage/update", Set.of("COVERAGEID", "NEWCOVERAGEID", "METADATA"));
        String newId =
            p.has("METADATA") ? p.one("NEWCOVERAGEID").orElse(id) : p.required("NEWCOVERAGEID");
        admin.update(id, newId, p.one("METADATA"), caller);
        return "";
      }
      case "/inspire/metadata/update" -> {
        p.allowOnly("inspire/metadata/update", Set.of("COVERAGEID", "METADATAURL"));
        admin.inspire(id, p.one("METADATAURL").orElse(""), caller);
        return "";
      }
      case "/coverage/pyramid/list" -> {
        p.allowOnly("coverage/pyramid/list", Set.of("COVERAGEID"));
        return json(id, pyramids.list(id));
      }
      case "/coverage/pyramid/add" -> {
        p.allowOnly("coverage/pyramid/add", Set.of("COVERAGEID", "MEMBERS", "HARVESTING"));
        p.required("MEMBERS");
        pyramids.add(id, p.list("MEMBERS"), flag(p, "HARVESTING"), caller);
        return "";
      }
      case "/coverage/pyramid/remove" -> {
        p.allowOnly("coverage/pyramid/remove", Set.of("COVERAGEID", "MEMBERS"));
        p.required("MEMBERS");
        pyramids.remove(id, p.list("MEMBERS"), caller);
        return "";
      }
      case "/coverage/pyramid/create" -> {
        p.allowOnly(
            "coverage/pyramid/create", Set.of("COVERAGEID", "MEMBER", "SCALEVECTOR", "RESAMPLING"));
        pyramids.create(
            id,
            p.required("MEMBER"),
            KvpReader.numbers("SCALEVECTOR", p.list("SCALEVECTOR")),
            p.one("RESAMPLING").orElse("near"),
            caller);
        return "";
      }
      case "/coverage/virtual/create" -> {
        p.allowOnly(
            "coverage/virtual/create", Set.of("COVERAGEID", "SOURCES", "CRS", "RESOLUTION"));
        virtuals.create(
            id,
            p.list("SOURCES"),
            p.one("CRS").filter(c -> !c.isBlank()),
            p.one("RESOLUTION").map(AdminServlet::resolution),
            caller);
        return "";
      }
      case "/coverage/version/list" -> {
        p.allowOnly("coverage/version/list", Set.of("COVERAGEID"));
        return versionsJson(id, versions.list(id));
      }
      case "/coverage/version/name" -> {
        p.allowOnly("coverage/version/name", Set.of("COVERAGEID", "VERSION", "NAME"));
        versions.name(id, p.required("VERSION"), p.one("NAME").filter(n -> !n.isBlank()), caller);
        return "";
      }
      case "/coverage/version/rollback" -> {
        p.allowOnly("coverage/version/rollback", Set.of("COVERAGEID", "VERSION"));
        return Long.toString(versions.rollBack(id, p.required("VERSION"), caller));
      }
      case "/coverage/version/remove" -> {
        p.allowOnly("coverage/version/remove", Set.of("COVERAGEID", "VERSIONS"));
        versions.remove(id, p.list("VERSIONS"), caller);
        return "";
      }
      case "/coverage/sources/list" -> {
        p.allowOnly("coverage/sources/list", Set.of("COVERAGEID"));
        return sourcesJson(id, sources.list(id));
      }
      case "/coverage/sources/refresh" -> {
        p.allowOnly("coverage/sources/refresh", Set.of("COVERAGEID"));
        return Json.write(Map.of("coverage", id, "refreshed", sources.refresh(id, caller)));
      }
      default ->
          throw new OwsException(
              OwsErrorCode.OPERATION_NOT_SUPPORTED,
              path,
              "There is no administrative request '" + path + "'.");
    }
  }

  /** Without keys what was said of the service, with keys it is changed. */
  private String serviceInfo(Parameters p, Caller caller) {
    if (p.isEmpty()) {
      return Json.write(admin.serviceInfo());
    }
    p.allowOnly("ows/serviceinfo", new LinkedHashSet<>(AdminService.SERVICE_INFO));
    Map<String, String> changes = new LinkedHashMap<>();
    for (String name : AdminService.SERVICE_INFO) {
      p.one(name).ifPresent(text -> changes.put(name, text));
    }
    admin.serviceInfo(changes, caller);
    return "";
  }

  static boolean flag(Parameters p, String key) {
    String text = p.one(key).orElse("false");
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          key,
          key + " is '" + text + "', expected true or false.");
    }
    return text.equalsIgnoreCase("true");
  }

  private static BigDecimal resolution(String text) {
    try {
      BigDecimal r = new BigDecimal(text.strip());
      if (r.signum() > 0) {
        return r;
      }
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE, "RESOLUTION", "'" + text + "' is not a number.", e);
    }
    throw new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "RESOLUTION",
        "The resolution is " + text + ", expected a number above 0.");
  }

  private static String versionsJson(String id, List<VersionService.Listed> versions) {
    return versions.stream()
        .map(
            v -> {
              CoverageVersion version = v.version();
              return "{\"version\":"
                  + version.number()
                  + version.name().map(n -> ",\"name\":\"" + n + "\"").orElse("")
                  + ",\"made\":\""
                  + version.made()
                  + "\""
                  + version.replaced().map(r -> ",\"replaced\":\"" + r + "\"").orElse("")
                  + ",\"current\":"
                  + version.replaced().isEmpty()
                  + ",\"change\":"
                  + quoted(version.change().cause())
                  + ",\"by\":"
                  + quoted(version.change().by())
                  + ",\"bytes\":"
                  + v.bytes()
                  + "}";
            })
        .collect(Collectors.joining(",", "{\"coverage\":\"" + id + "\",\"versions\":[", "]}"));
  }

  private static String sourcesJson(String id, List<SourceService.SourceFile> files) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (SourceService.SourceFile f : files) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("file", f.file());
      f.problem().ifPresent(p -> file.put("problem", p));
      list.add(file);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("coverage", id);
    answer.put("sources", list);
    return Json.write(answer);
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\' || c < ' ') {
        out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** A pyramid as JSON; ids are of letters, digits, _ and dots, so nothing has to be escaped. */
  static String json(String id, List<PyramidService.Member> members) {
    return members.stream()
        .map(
            m ->
                "{\"coverage\":\""
                    + m.id()
                    + "\",\"scale\":["
                    + m.scale().stream()
                        .map(s -> s.toPlainString())
                        .collect(Collectors.joining(","))
                    + "]"
                    + m.resampling().map(r -> ",\"resampling\":\"" + r + "\"").orElse("")
                    + "}")
        .collect(Collectors.joining(",", "{\"coverage\":\"" + id + "\",\"members\":[", "]}"));
  }
}
