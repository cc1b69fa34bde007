package org.tessera.coverage.crs;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * The CRS resolver's answers (features.md A.10; OGC 09-048r5 names): definitions in GML 3.2.1 of
 * single, compound and parametrised systems, comparison, and directories. Thread-safe.
 */
public final class Definitions {
  /** Levels of references to write out, when nothing is said: all that there are. */
  private static final int FULL = 100;

  private static final List<String> TYPES =
      List.of(
          "crs", "crs-compound", "equal", "cs", "datum", "axis", "ellipsoid", "meridian", "uom");

  private static final Map<String, List<String>> AUTHORITIES =
      Map.of(
          "crs", List.of("AUTO", "COSMO", "EPSG", "OGC"),
          "cs", List.of("EPSG", "OGC"),
          "datum", List.of("COSMO", "EPSG", "OGC"),
          "axis", List.of("EPSG", "OGC"),
          "ellipsoid", List.of("EPSG"),
          "meridian", List.of("EPSG"),
          "uom", List.of("EPSG", "OGC", "UCUM"));

  private static final Map<String, List<String>> VERSIONS =
      Map.of(
          "EPSG", List.of("0", "8.5", "9.4.2"),
          "OGC", List.of("0", "1.3"),
          "AUTO", List.of("1.3"),
          "COSMO", List.of("0"),
          "UCUM", List.of("0"));

  private static final List<String> OGC_CODES =
      List.of(
          "AnsiDate",
          "CRS84",
          "Index1D",
          "Index2D",
          "Index3D",
          "Index4D",
          "Index5D",
          "JulianDate",
          "Temporal",
          "TruncatedJulianDate",
          "UnixTime");

  private static final Set<String> KEYS = Set.of("authority", "version", "code", "expand");

  private final CrsResolver resolver;
  private final boolean autoAsTemplate;

  /**
   * @param autoAsTemplate whether {@code AUTO/1.3/42001} is answered as the template that existing
   *     resolvers have (WGS 84 with the zone's central meridian for its prime meridian) instead of
   *     the universal transverse Mercator system that it is (WMS 1.3.0 annex B)
   */
  public Definitions(CrsResolver resolver, boolean autoAsTemplate) {
    this.resolver = resolver;
    this.autoAsTemplate = autoAsTemplate;
  }

  /**
   * The XML document for a request.
   *
   * @param path after the resolver's base, decoded: {@code /crs/EPSG/0/4326}, {@code
   *     /crs-compound}, {@code /equal}, {@code /datum}; empty for the list of types
   * @param query the raw query string; empty or null if there is none
   * @param base of the resolver, without a slash at the end, for the addresses in the answer
   * @throws OwsException with the codes of row 10.1 to 10.4 if there is no answer
   */
  public String answer(String path, String query, String base) {
    String trimmed = path.replaceAll("^/+|/+$", "");
    String q = query == null ? "" : query;
    List<String> steps = trimmed.isEmpty() ? List.of() : List.of(trimmed.split("/", -1));
    if (steps.isEmpty()) {
      return directory(base, "", TYPES);
    }
    String type = steps.getFirst();
    return switch (type) {
      case "crs-compound" ->
          gml(resolver.resolve(base + "/crs-compound?" + withoutExpand(q)), base, q);
      case "equal" -> equal(q);
      case "crs" -> crs(steps.subList(1, steps.size()), q, base);
      default -> {
        if (!AUTHORITIES.containsKey(type)) {
          throw noSuch(trimmed);
        }
        yield list(type, steps.subList(1, steps.size()), base, trimmed);
      }
    };
  }

  private String crs(List<String> steps, String query, String base) {
    Map<String, String> parameters = CrsName.parameters(query, query);
    if (!steps.isEmpty() && steps.size() < 3) {
      return list("crs", steps, base, "crs/" + String.join("/", steps));
    }
    if (steps.isEmpty()) {
      if (parameters.keySet().stream().allMatch(k -> k.equals("expand"))) {
        return list("crs", steps, base, "crs");
      }
      checkKeys(parameters);
      return gml(resolver.resolve(base + "/crs?" + withoutExpand(query)), base, query);
    }
    String rest = withoutExpand(query);
    String name = base + "/crs/" + String.join("/", steps) + (rest.isEmpty() ? "" : "?" + rest);
    return gml(resolver.resolve(name), base, query);
  }

  /** Says which of authority, version and code is missing. */
  private static void checkKeys(Map<String, String> parameters) {
    boolean authority = parameters.containsKey("authority");
    boolean version = parameters.containsKey("version");
    boolean code = parameters.containsKey("code");
    if (authority && version && code) {
      return;
    }
    if (!KEYS.containsAll(parameters.keySet())) {
      throw new OwsException(
          OwsErrorCode.MISSING_PARAMETER_VALUE, "Insufficient parameters provided");
    }
    if (!authority && version) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "version",
          "Extra parameter version provided: "
              + parameters.get("version")
              + ", while missing authority parameter");
    }
    if (code) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "code",
          "Extra parameter code provided: "
              + parameters.get("code")
              + ", while missing version or authority");
    }
    throw new OwsException(
        OwsErrorCode.MISSING_PARAMETER_VALUE, "Insufficient parameters provided");
  }

  private String gml(Crs crs, String base, String query) {
    int expand = expand(CrsName.parameters(compoundless(query), query).get("expand"));
    if (autoAsTemplate && crs.path().startsWith("/crs/AUTO/1.3/42001")) {
      String lon = CrsName.parameters(crs.path().replaceFirst("^[^?]*\\?", ""), query).get("lon");
      double zone = Math.floor((Double.parseDouble(lon) + 180) / 6);
      return resolver.gml(
          resolver.resolve("EPSG:4326"), base, expand, BigDecimal.valueOf(zone * 6 - 177));
    }
    return resolver.gml(crs, base, expand, null);
  }

  private static int expand(String value) {
    if (value == null || value.equals("full")) {
      return FULL;
    }
    if (value.equals("none")) {
      return 0;
    }
    try {
      int depth = Integer.parseInt(value);
      if (depth >= 0 && depth <= FULL) {
        return depth;
      }
    } catch (NumberFormatException e) {
      throw wrongExpand(value, e);
    }
    throw wrongExpand(value, null);
  }

  private static OwsException wrongExpand(String value, Throwable cause) {
    return new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "expand",
        "expand is '" + value + "', expected none, full or a number from 0 to 100",
        cause);
  }

  private static String withoutExpand(String query) {
    return query.replaceAll("(^|&)expand=[^&]*", "").replaceFirst("^&", "");
  }

  /** Only the parameters of the request itself, not those of URIs inside. */
  private static String compoundless(String query) {
    StringBuilder own = new StringBuilder();
    for (String pair : query.split("&", -1)) {
      if (pair.startsWith("expand=")) {
        own.append(own.isEmpty() ? "" : "&").append(pair);
      }
    }
    return own.toString();
  }

  private String equal(String query) {
    List<String> names = new ArrayList<>();
    var matcher = java.util.regex.Pattern.compile("(?:^|&)([12])=").matcher(query);
    int start = -1;
    while (matcher.find()) {
      if (start >= 0) {
        names.add(query.substring(start, matcher.start()));
      }
      if (!matcher.group(1).equals(String.valueOf(names.size() + 1))) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            matcher.group(1),
            "expected number "
                + (names.size() + 1)
                + " as key for parameter, but was "
                + matcher.group(1));
      }
      start = matcher.end();
    }
    if (start >= 0) {
      names.add(query.substring(start));
    }
    if (names.size() != 2) {
      throw new OwsException(
          OwsErrorCode.MISSING_PARAMETER_VALUE, "equal compares two CRSs, 1=...&2=...");
    }
    Crs first = resolver.resolve(URLDecoder.decode(names.get(0), StandardCharsets.UTF_8));
    Crs second = resolver.resolve(URLDecoder.decode(names.get(1), StandardCharsets.UTF_8));
    String reason = difference(first, second);
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<comparisonResult xmlns=\"http://www.opengis.net/crs-nts/1.0\">\n  <equal>")
        .append(reason.isEmpty())
        .append("</equal>\n");
    if (!reason.isEmpty()) {
      xml.append("  <reason>").append(escaped(reason)).append("</reason>\n");
    }
    return xml.append("</comparisonResult>\n").toString();
  }

  private static String difference(Crs first, Crs second) {
    if (first.path().equals(second.path())) {
      return "";
    }
    if (first.epsgCode().isPresent() && first.epsgCode().equals(second.epsgCode())) {
      // The same code in two versions of the data set: ours has one definition of it.
      return "";
    }
    if (first.kind() != second.kind()) {
      return "One is " + word(first) + ", the other " + word(second) + ".";
    }
    if (!first.axes().equals(second.axes())) {
      return "The axes differ: " + labels(first) + " and " + labels(second) + ".";
    }
    return "The definitions are of different systems: "
        + first.path()
        + " and "
        + second.path()
        + ".";
  }

  private static String word(Crs crs) {
    return crs.kind().name().toLowerCase(Locale.ROOT);
  }

  private static String labels(Crs crs) {
    return crs.axes().stream().map(CrsAxis::label).toList().toString();
  }

  private String list(String type, List<String> steps, String base, String path) {
    List<String> authorities = AUTHORITIES.get(type);
    if (steps.isEmpty()) {
      return directory(base, type, authorities);
    }
    String authority = steps.getFirst();
    if (!authorities.contains(authority)) {
      throw noSuch(path);
    }
    if (steps.size() == 1) {
      return directory(base, type + "/" + authority, VERSIONS.get(authority));
    }
    if (!type.equals("crs") || !VERSIONS.get(authority).contains(steps.get(1))) {
      throw noSuch(path);
    }
    List<String> codes =
        switch (authority) {
          case "EPSG" -> resolver.epsgCodes();
          case "AUTO" -> List.of("42001", "42002", "42003", "42004");
          case "COSMO" -> List.of("101");
          default -> OGC_CODES;
        };
    return directory(base, path, codes);
  }

  private static String directory(String base, String path, List<String> entries) {
    String prefix = base + (path.isEmpty() ? "" : "/" + path);
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<identifiers xmlns=\"http://www.opengis.net/crs-nts/1.0\" at=\"")
        .append(escaped(prefix))
        .append("\">\n");
    Map<String, String> once = new LinkedHashMap<>();
    entries.forEach(e -> once.put(e, e));
    for (String entry : once.keySet()) {
      xml.append("  <identifier>").append(escaped(prefix + "/" + entry)).append("</identifier>\n");
    }
    return xml.append("</identifiers>\n").toString();
  }

  private static OwsException noSuch(String path) {
    return new OwsException(
        OwsErrorCode.NO_SUCH_DEFINITION, "/" + path, "Failed resolving /" + path);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
