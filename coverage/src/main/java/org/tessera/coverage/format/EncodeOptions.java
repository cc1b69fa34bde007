package org.tessera.coverage.format;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.tessera.coverage.NearNames;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.json.Json;

/**
 * The third argument of encode (features.md 3.24): JSON, or the short form {@code
 * NODATA=0;KEY=VALUE}. Names of the short form and of the outermost JSON object are taken in lower
 * case.
 */
public final class EncodeOptions {
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*([A-Za-z_][A-Za-z0-9_.-]*)\\s*=([^;]*?)(?:;|,(?=\\s*[A-Za-z_]+\\s*=)|$)");

  /** What may be said to every format, as clients of rasdaman do. */
  private static final List<String> COMMON =
      List.of(
          "nodata",
          "metadata",
          "variables",
          "dimensions",
          "transpose",
          "geoReference",
          "colorMap",
          "colorPalette",
          "formatParameters",
          "configOptions",
          "openOptions",
          "filePaths",
          "subsetDomain",
          "internalStructure",
          "domain",
          "basetype",
          "outputType",
          "INTERLEAVE");

  private final Map<String, Object> values;
  private final boolean shortForm;

  private EncodeOptions(Map<String, Object> values, boolean shortForm) {
    this.values = values;
    this.shortForm = shortForm;
  }

  /**
   * Reads either form; an empty text has no options.
   *
   * @throws OwsException {@code InvalidRequest} if the text has neither form
   */
  public static EncodeOptions parse(String text) {
    String t = text == null ? "" : text.strip();
    Map<String, Object> values = new LinkedHashMap<>();
    if (t.isEmpty()) {
      return new EncodeOptions(values, true);
    }
    if (t.startsWith("{")) {
      Object json;
      try {
        json = Json.parse(t);
      } catch (IllegalArgumentException e) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            null,
            "The extra parameters of encode are not JSON: " + e.getMessage(),
            e);
      }
      ((Map<?, ?>) json)
          .forEach((k, v) -> values.put(String.valueOf(k).toLowerCase(Locale.ROOT), v));
      return new EncodeOptions(values, false);
    }
    var m = PAIR.matcher(t);
    int end = 0;
    while (end < t.length() && m.find(end) && m.start() == end) {
      values.put(m.group(1).toLowerCase(Locale.ROOT), m.group(2).strip());
      end = m.end();
    }
    if (end < t.length()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "The extra parameters of encode are neither JSON nor of the form KEY=VALUE;KEY=VALUE: '"
              + t
              + "'");
    }
    return new EncodeOptions(values, true);
  }

  /**
   * Checks that all options are known: those that clients give to any format, whether or not it
   * makes use of them, and the format's own.
   *
   * @param format for the message
   * @param own names of the format's own options, in any case; also of what formatParameters holds
   * @throws OwsException {@code InvalidRequest} with the option as locator
   */
  public EncodeOptions knownTo(String format, Collection<String> own) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(COMMON);
    known.addAll(own);
    object("formatparameters").keySet().forEach(k -> check(String.valueOf(k), format, known));
    values.keySet().forEach(k -> check(k, format, known));
    return this;
  }

  private static void check(String option, String format, Set<String> known) {
    if (!known.contains(option)) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          option,
          "Option '%s' is not known to %s; its options are %s.%s"
              .formatted(option, format, String.join(", ", known), NearNames.hint(option, known)));
    }
  }

  /** A value as text, if given and not an object or list. */
  public Optional<String> text(String key) {
    Object v = values.get(key.toLowerCase(Locale.ROOT));
    return v == null || v instanceof Map || v instanceof List
        ? Optional.empty()
        : Optional.of(String.valueOf(v));
  }

  boolean flag(String key) {
    return text(key).map(t -> t.equalsIgnoreCase("true") || t.equals("1")).orElse(false);
  }

  Optional<Object> value(String key) {
    return Optional.ofNullable(values.get(key.toLowerCase(Locale.ROOT)));
  }

  /** An object of the JSON form; empty if it is not given. */
  Map<?, ?> object(String key) {
    return values.get(key.toLowerCase(Locale.ROOT)) instanceof Map<?, ?> m ? m : Map.of();
  }

  /**
   * Null values for the file: one for all bands or one per band; empty if none are given.
   *
   * @throws OwsException {@code InvalidRequest} if one of them is no number
   */
  public List<Double> nodata() {
    Object v = values.get("nodata");
    List<Double> list = new ArrayList<>();
    switch (v) {
      case null -> {
        return list;
      }
      case List<?> l -> l.forEach(o -> list.add(number(o)));
      case String s -> {
        for (String part : s.replaceAll("[\\[\\]\"]", "").split("[, ]+", -1)) {
          if (!part.isBlank()) {
            list.add(number(part));
          }
        }
      }
      default -> list.add(number(v));
    }
    return list;
  }

  private static Double number(Object o) {
    try {
      return switch (o) {
        case BigDecimal b -> b.doubleValue();
        case String s when s.strip().equalsIgnoreCase("nan") -> Double.NaN;
        case String s -> Double.valueOf(s.strip());
        case null, default -> throw new NumberFormatException(String.valueOf(o));
      };
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, "nodata", "The nodata value '" + o + "' is no number", e);
    }
  }

  /**
   * Creation options for the format: the object formatParameters, or in the short form everything
   * that is not nodata. Names in upper case.
   */
  Map<String, String> formatParameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    Map<?, ?> given = shortForm ? values : object("formatparameters");
    given.forEach(
        (k, v) -> {
          String key = String.valueOf(k).toUpperCase(Locale.ROOT);
          if (!key.equals("NODATA") && !(v instanceof Map) && !(v instanceof List)) {
            parameters.put(key, String.valueOf(v));
          }
        });
    return parameters;
  }
}
