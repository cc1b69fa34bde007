package org.tessera.coverage.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The little JSON that a source layout needs: objects, lists, texts, whole numbers, booleans, null.
 * Depth is limited, so that hostile text cannot exhaust the stack.
 */
final class LayoutJson {
  private static final int MAX_DEPTH = 16;

  private final String text;
  private int at;

  private LayoutJson(String text) {
    this.text = text;
  }

  static Object read(String json) {
    LayoutJson reader = new LayoutJson(json);
    Object value = reader.value(0);
    reader.blanks();
    if (reader.at < json.length()) {
      throw reader.wrong("the end");
    }
    return value;
  }

  static void write(Object value, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> e : map.entrySet()) {
          out.append(separator);
          quote(String.valueOf(e.getKey()), out);
          out.append(':');
          write(e.getValue(), out);
          separator = ",";
        }
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        String separator = "";
        for (Object o : list) {
          out.append(separator);
          write(o, out);
          separator = ",";
        }
        out.append(']');
      }
      case String s -> quote(s, out);
      default -> out.append(value);
    }
  }

  static Map<String, Object> object(Object value, String what) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(what + " must be a JSON object");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((k, v) -> out.put((String) k, v));
    return out;
  }

  static void onlyKeys(Map<String, Object> map, String... known) {
    for (String key : map.keySet()) {
      if (!Set.of(known).contains(key)) {
        throw new IllegalArgumentException("unknown key '" + key + "' in the source layout");
      }
    }
  }

  static List<?> list(Map<String, Object> map, String key) {
    return switch (map.get(key)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw new IllegalArgumentException("'" + key + "' must be a list");
    };
  }

  static String text(Map<String, Object> map, String key, String absent) {
    return switch (map.get(key)) {
      case null -> absent;
      case String s -> s;
      default -> throw new IllegalArgumentException("'" + key + "' must be a text");
    };
  }

  static long number(Map<String, Object> map, String key, long absent) {
    return switch (map.get(key)) {
      case null -> absent;
      case Long n -> n;
      default -> throw new IllegalArgumentException("'" + key + "' must be a whole number");
    };
  }

  static boolean flag(Map<String, Object> map, String key) {
    return switch (map.get(key)) {
      case null -> false;
      case Boolean b -> b;
      default -> throw new IllegalArgumentException("'" + key + "' must be true or false");
    };
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("JSON is nested too deeply");
    }
    blanks();
    if (at >= text.length()) {
      throw wrong("a value");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> members(depth);
      case '[' -> items(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> integer();
    };
  }

  private Map<String, Object> members(int depth) {
    Map<String, Object> out = new LinkedHashMap<>();
    at++;
    blanks();
    if (skip('}')) {
      return out;
    }
    do {
      blanks();
      String key = string();
      blanks();
      if (!skip(':')) {
        throw wrong("':'");
      }
      out.put(key, value(depth + 1));
      blanks();
    } while (skip(','));
    if (!skip('}')) {
      throw wrong("',' or '}'");
    }
    return out;
  }

  private List<Object> items(int depth) {
    List<Object> out = new ArrayList<>();
    at++;
    blanks();
    if (skip(']')) {
      return out;
    }
    do {
      out.add(value(depth + 1));
      blanks();
    } while (skip(','));
    if (!skip(']')) {
      throw wrong("',' or ']'");
    }
    return out;
  }

  private String string() {
    if (!skip('"')) {
      throw wrong("a text in double quotes");
    }
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c != '\\') {
        out.append(c);
        continue;
      }
      if (at >= text.length()) {
        break;
      }
      char e = text.charAt(at++);
      switch (e) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'u' -> {
          if (at + 4 > text.length()) {
            throw wrong("four hexadecimal digits");
          }
          out.append((char) Integer.parseInt(text, at, at + 4, 16));
          at += 4;
        }
        default -> out.append(e);
      }
    }
    throw wrong("'\"'");
  }

  private Long integer() {
    int start = at;
    skip('-');
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    try {
      return Long.valueOf(text.substring(start, at));
    } catch (NumberFormatException e) {
      at = start;
      IllegalArgumentException error = wrong("a value (whole numbers only)");
      error.initCause(e);
      throw error;
    }
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong(word);
    }
    at += word.length();
    return value;
  }

  private void blanks() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException("JSON, character " + (at + 1) + ": expected " + expected);
  }

  private static void quote(String s, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
