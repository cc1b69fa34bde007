package org.tessera.coverage.crs;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.DomainSet;

/** The text of a CRS name taken apart; nothing is looked up. */
sealed interface CrsName {
  /**
   * Authority, version ("0" for the newest), code, positional values after the code, and parameters
   * in their order, with quotes taken off.
   */
  record Single(
      String authority,
      String version,
      String code,
      List<String> positional,
      Map<String, String> parameters)
      implements CrsName {
    String path() {
      return "/crs/" + authority + "/" + version + "/" + code;
    }
  }

  /** Components of a compound, at least one. */
  record Compound(List<CrsName> components) implements CrsName {}

  /** Names nested or long beyond this are refused. */
  int MAX_LENGTH = 4000;

  int MAX_COMPONENTS = DomainSet.MAX_AXES;

  Pattern COMPONENT = Pattern.compile("(?:^|&)(\\d{1,3})=");
  Pattern URN = Pattern.compile("urn:(?:ogc|x-ogc):def:crs:([^:]+):([^:]*):(.+)");
  Pattern SHORT = Pattern.compile("([A-Za-z0-9_]+):{1,2}([A-Za-z0-9_.-]+)");

  /**
   * Reads any of the forms: {@code EPSG:4326}, {@code EPSG/0/4326}, URIs below {@code .../def},
   * URNs, {@code CRS84}, KVP ({@code /crs?authority=EPSG&version=0&code=4326}), {@code
   * crs-compound?1=...&2=...}, {@code A@B}.
   */
  static CrsName parse(String text) {
    String t = TimeText.unquote(text);
    if (t.isEmpty() || t.length() > MAX_LENGTH) {
      throw malformed(text);
    }
    if (t.indexOf('%') >= 0 && t.indexOf('?') < 0 && t.indexOf('@') < 0) {
      t = decode(t, text);
    }
    int compound = t.indexOf("crs-compound?");
    if (compound >= 0) {
      return compound(t.substring(compound + "crs-compound?".length()), text);
    }
    if (t.indexOf('@') >= 0) {
      String[] parts = t.split("@", -1);
      if (parts.length > MAX_COMPONENTS) {
        throw malformed(text);
      }
      List<CrsName> components = new ArrayList<>();
      for (String part : parts) {
        components.add(parse(part));
      }
      return new Compound(components);
    }
    return single(t, text);
  }

  private static CrsName compound(String query, String whole) {
    Matcher m = COMPONENT.matcher(query);
    List<String> inner = new ArrayList<>();
    int start = -1;
    while (m.find()) {
      if (start >= 0) {
        inner.add(query.substring(start, m.start()));
      } else if (m.start() != 0) {
        throw malformed(whole);
      }
      int number = Integer.parseInt(m.group(1));
      if (number != inner.size() + 1) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            m.group(1),
            "expected number " + (inner.size() + 1) + " as key for parameter, but was " + number);
      }
      start = m.end();
    }
    if (start < 0 || inner.size() >= MAX_COMPONENTS) {
      throw malformed(whole);
    }
    inner.add(query.substring(start));
    List<CrsName> components = new ArrayList<>();
    for (String part : inner) {
      String decoded = decode(part, whole);
      if (decoded.contains("crs-compound") || decoded.indexOf('@') >= 0) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            "Expected URL to simple definition as parameter value of "
                + (components.size() + 1)
                + ", but got a URL to a compound CRS");
      }
      components.add(single(decoded, whole));
    }
    return new Compound(components);
  }

  private static Single single(String t, String whole) {
    Matcher urn = URN.matcher(t);
    if (urn.matches()) {
      String version = urn.group(2).isEmpty() ? "0" : urn.group(2);
      return new Single(urn.group(1), version, urn.group(3), List.of(), Map.of());
    }
    int kvp = t.startsWith("crs?") ? 0 : t.indexOf("/crs?") + 1;
    if (kvp > 0 || t.startsWith("crs?")) {
      return ofParameters(parameters(t.substring(kvp + 4), whole), whole);
    }
    int at = t.indexOf("/crs/");
    String rest = at >= 0 ? t.substring(at + 5) : t.startsWith("crs/") ? t.substring(4) : t;
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    Map<String, String> parameters =
        question < 0 ? Map.of() : parameters(rest.substring(question + 1), whole);
    if (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (at < 0 && path.indexOf('/') < 0) {
      return ofShort(path, parameters, whole);
    }
    String[] steps = path.split("/", -1);
    if (steps.length < 3 || path.indexOf(' ') >= 0 || List.of(steps).contains("")) {
      throw malformed(whole);
    }
    return new Single(
        steps[0], steps[1], steps[2], List.of(steps).subList(3, steps.length), parameters);
  }

  private static Single ofShort(String path, Map<String, String> parameters, String whole) {
    String upper = path.toUpperCase(Locale.ROOT);
    if (upper.equals("CRS84") || upper.equals("CRS:84") || upper.equals("OGC:CRS84")) {
      return new Single("OGC", "1.3", "CRS84", List.of(), parameters);
    }
    Matcher m = SHORT.matcher(path);
    if (!m.matches()) {
      throw malformed(whole);
    }
    // In short names clients do not mind the case; in paths it matters.
    String authority = m.group(1).toUpperCase(Locale.ROOT);
    String version = authority.startsWith("AUTO") ? "1.3" : "0";
    return new Single(authority, version, m.group(2), List.of(), parameters);
  }

  private static Single ofParameters(Map<String, String> all, String whole) {
    Map<String, String> rest = new LinkedHashMap<>(all);
    String authority = rest.remove("authority");
    String version = rest.remove("version");
    String code = rest.remove("code");
    if (authority == null || version == null || code == null) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "CRS '" + whole + "' needs the parameters authority, version and code");
    }
    return new Single(authority, version, code, List.of(), rest);
  }

  /** Parameters of a query string; keys of the resolver in lower case, quotes taken off values. */
  static Map<String, String> parameters(String query, String whole) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw malformed(whole);
      }
      String key = decode(pair.substring(0, equals), whole).toLowerCase(Locale.ROOT);
      parameters.put(key, TimeText.unquote(decode(pair.substring(equals + 1), whole)));
    }
    return parameters;
  }

  private static String decode(String text, String whole) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_CRS, whole, "CRS '" + whole + "' is not well encoded", e);
    }
  }

  private static OwsException malformed(String text) {
    String shown = text.length() > 200 ? text.substring(0, 200) + "..." : text;
    return new OwsException(
        OwsErrorCode.INVALID_CRS,
        shown,
        "CRS '"
            + shown
            + "' has none of the forms EPSG:4326, EPSG/0/4326, .../def/crs/EPSG/0/4326,"
            + " .../def/crs-compound?1=...&2=..., urn:ogc:def:crs:EPSG::4326");
  }
}
