package org.tessera.web.ows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * The key-value pairs of a request: keys regardless of case, values as sent (OWS Common 11.5.2).
 */
final class Parameters {
  /** Most pairs of a request; an axis may need one each, and more than that nobody needs. */
  static final int MAX_PAIRS = 1000;

  /** Most items of a value that is a list, such as ids of coverages. */
  static final int MAX_ITEMS = 10_000;

  /** Longest value, in characters as sent, of a key that does not take whole documents. */
  static final int MAX_VALUE = 1 << 20;

  /** Keys whose values may be as long as a request. */
  private static final Set<String> LONG =
      Set.of("query", "q", "clip", "coverage", "inputcoverage", "maskgrid", "metadata", "files");

  private int pairs;
  private final Map<String, List<String>> values = new LinkedHashMap<>();
  private final Map<String, String> spelling = new LinkedHashMap<>();

  /** Adds the pairs of an encoded query string or form body; {@code +} is a blank. */
  void addEncoded(String encoded) {
    int start = 0;
    while (start <= encoded.length()) {
      int end = encoded.indexOf('&', start);
      String pair = encoded.substring(start, end < 0 ? encoded.length() : end);
      start = end < 0 ? encoded.length() + 1 : end + 1;
      if (pair.isEmpty()) {
        continue;
      }
      int eq = pair.indexOf('=');
      String key = decode(limited("the name", eq < 0 ? pair : pair.substring(0, eq)));
      String value = eq < 0 ? "" : pair.substring(eq + 1);
      add(key, decode(LONG.contains(key.toLowerCase(Locale.ROOT)) ? value : limited(key, value)));
    }
  }

  void add(String key, String value) {
    if (++pairs > MAX_PAIRS) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          null,
          "The request has more than " + MAX_PAIRS + " parameters.");
    }
    String k = key.toLowerCase(Locale.ROOT);
    spelling.putIfAbsent(k, key);
    values.computeIfAbsent(k, x -> new ArrayList<>()).add(value);
  }

  private static String limited(String key, String value) {
    if (value.length() > MAX_VALUE) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          key,
          "The value of " + key + " is longer than " + MAX_VALUE + " characters.");
    }
    return value;
  }

  /**
   * The text of a percent-encoded one. (That of the JDK takes seconds for documents of megabytes.)
   */
  private static String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '%') {
        int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
        int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          throw notEncoded(text);
        }
        bytes[length++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[length++] = b == '+' ? (byte) ' ' : b;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static OwsException notEncoded(String text) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        null,
        "'"
            + (text.length() > 200 ? text.substring(0, 200) + "..." : text)
            + "' is not correctly percent-encoded: a % must be written %25.");
  }

  boolean has(String key) {
    return values.containsKey(key.toLowerCase(Locale.ROOT));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /** The one value of a key. Refuses a key that is given twice. */
  Optional<String> one(String key) {
    List<String> list = all(key);
    if (list.size() > 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          key,
          "Parameter '" + key + "' is given " + list.size() + " times, expected once.");
    }
    return list.stream().findFirst();
  }

  /** The one value of a key that must be there, and not be empty. */
  String required(String key) {
    return one(key)
        .filter(v -> !v.isBlank())
        .orElseThrow(
            () ->
                new OwsException(
                    OwsErrorCode.MISSING_PARAMETER_VALUE,
                    key,
                    "Missing required parameter: " + key + "."));
  }

  /** All values of a key, in order; empty if it is not there. */
  List<String> all(String key) {
    return values.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }

  /** The values of a key that takes a comma-separated list, blanks around items removed. */
  List<String> list(String key) {
    String[] items = one(key).orElse("").split(",", MAX_ITEMS + 1);
    if (items.length > MAX_ITEMS) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          key,
          "Parameter '" + key + "' lists more than " + MAX_ITEMS + " items.");
    }
    return java.util.Arrays.stream(items).map(String::strip).filter(v -> !v.isEmpty()).toList();
  }

  /**
   * Refuses keys that the operation does not know (08-059 and OWS allow ignoring them; typing
   * errors then go unseen).
   */
  void allowOnly(String operation, Set<String> known) {
    Set<String> lower =
        known.stream().map(k -> k.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    for (String key : values.keySet()) {
      if (!lower.contains(key)) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            spelling.get(key),
            "Parameter '"
                + spelling.get(key)
                + "' is not known for "
                + operation
                + ". Known parameters: "
                + known.stream().sorted().collect(Collectors.joining(", "))
                + ".");
      }
    }
  }
}
