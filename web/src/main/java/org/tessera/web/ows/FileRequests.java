package org.tessera.web.ows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.json.Json;
import org.tessera.ejb.catalog.FileCatalog;
import org.tessera.ejb.catalog.FileState;
import org.tessera.ejb.service.Caller;
import org.tessera.ejb.service.FileService;

/**
 * Requests about imported files, below {@code /admin/coverage/files}. Files are given as JSON: a
 * list of objects with {@code path}, {@code size}, {@code modified}, {@code checksum}, {@code
 * reason}, as far as they matter.
 */
final class FileRequests {
  static final String PATH = "/coverage/files/";

  private static final BigDecimal DEFAULT_LEASE = BigDecimal.valueOf(60);

  private final FileService files;

  FileRequests(FileService files) {
    this.files = files;
  }

  /** Answers a request whose path begins with {@link #PATH}. */
  String answer(String path, String id, Parameters p, Caller caller) {
    String operation = path.substring(PATH.length());
    switch (operation) {
      case "list" -> {
        p.allowOnly("coverage/files/list", Set.of("COVERAGEID"));
        return list(id);
      }
      case "claim" -> {
        p.allowOnly(
            "coverage/files/claim", Set.of("COVERAGEID", "IMPORTER", "LEASE", "FILES", "DEAD"));
        Set<String> dead = new LinkedHashSet<>(p.list("DEAD"));
        return claims(
            files.claim(
                id, p.required("IMPORTER"), lease(p), found(p.required("FILES")), dead, caller));
      }
      case "renew" -> {
        p.allowOnly("coverage/files/renew", Set.of("COVERAGEID", "IMPORTER", "LEASE"));
        files.renew(id, p.required("IMPORTER"), lease(p), caller);
        return "";
      }
      case "release" -> {
        p.allowOnly("coverage/files/release", Set.of("COVERAGEID", "IMPORTER"));
        files.release(id, p.required("IMPORTER"), caller);
        return "";
      }
      case "fail" -> {
        p.allowOnly("coverage/files/fail", Set.of("COVERAGEID", "IMPORTER", "FILES"));
        Map<String, String> reasons = new LinkedHashMap<>();
        for (Map<?, ?> file : objects(p.required("FILES"))) {
          reasons.put(text(file, "path"), text(file, "reason"));
        }
        files.fail(id, p.required("IMPORTER"), reasons, caller);
        return "";
      }
      case "adopt" -> {
        p.allowOnly("coverage/files/adopt", Set.of("COVERAGEID", "IMPORTER", "FILES"));
        return Boolean.toString(
            files.adopt(id, p.required("IMPORTER"), found(p.required("FILES")), caller));
      }
      case "touch" -> {
        p.allowOnly("coverage/files/touch", Set.of("COVERAGEID", "FILES"));
        files.touch(id, found(p.required("FILES")), caller);
        return "";
      }
      default ->
          throw new OwsException(
              OwsErrorCode.OPERATION_NOT_SUPPORTED,
              path,
              "There is no administrative request '"
                  + path
                  + "', only list, claim, renew, release, fail, adopt and touch of files.");
    }
  }

  private String list(String id) {
    FileService.Listed listed = files.list(id);
    List<Object> all = new ArrayList<>();
    for (FileState f : listed.files()) {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("path", f.path());
      o.put("state", f.state().name().toLowerCase(java.util.Locale.ROOT));
      if (!f.reason().isEmpty()) {
        o.put("reason", f.reason());
      }
      o.put("size", f.content().bytes());
      o.put("modified", f.content().modified());
      o.put("checksum", f.content().checksum());
      if (!f.importer().isEmpty()) {
        o.put("importer", f.importer());
      }
      f.lease().ifPresent(l -> o.put("lease", l.toString()));
      o.put("at", f.changed().toString());
      f.version().ifPresent(v -> o.put("version", v));
      all.add(o);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("coverage", id);
    answer.put("exists", listed.exists());
    answer.put("files", all);
    return Json.write(answer);
  }

  private static String claims(FileCatalog.Claims claims) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("granted", claims.granted());
    answer.put("imported", claims.imported());
    answer.put("held", claims.held());
    return Json.write(answer);
  }

  private static long lease(Parameters p) {
    return number(p.one("LEASE").orElse(DEFAULT_LEASE.toPlainString()), "LEASE");
  }

  private static List<FileState.Found> found(String json) {
    return objects(json).stream()
        .map(
            f ->
                new FileState.Found(
                    text(f, "path"),
                    new FileState.Content(
                        number(f.get("size"), "size"),
                        number(f.get("modified"), "modified"),
                        Optional.ofNullable(f.get("checksum")).map(Object::toString).orElse(""))))
        .toList();
  }

  private static List<Map<?, ?>> objects(String json) {
    try {
      List<Map<?, ?>> objects = new ArrayList<>();
      if (Json.parse(json) instanceof List<?> list) {
        for (Object item : list) {
          if (!(item instanceof Map<?, ?> map)) {
            throw invalid("FILES", "FILES is a list of objects, but one of them is " + item);
          }
          objects.add(map);
        }
        return objects;
      }
    } catch (IllegalArgumentException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "FILES",
          "FILES is no JSON: " + e.getMessage() + ".",
          e);
    }
    throw invalid("FILES", "FILES is not a list of objects.");
  }

  private static String text(Map<?, ?> file, String key) {
    if (file.get(key) instanceof String text) {
      return text;
    }
    throw invalid("FILES", "A file has no text '" + key + "'.");
  }

  private static long number(Object value, String what) {
    try {
      if (value != null) {
        return new BigDecimal(value.toString()).longValueExact();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          what,
          what + " is '" + value + "', expected a whole number.",
          e);
    }
    throw invalid(what, "A file has no number '" + what + "'.");
  }

  private static OwsException invalid(String locator, String message) {
    return new OwsException(OwsErrorCode.INVALID_PARAMETER_VALUE, locator, message);
  }
}
