package org.tessera.coverage.format.gdal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A worker's answer, or a part of one, with typed access. A member of another type is a fault of
 * the protocol.
 */
record Answer(Map<String, Object> members) {

  /** The answer in a decoded value. */
  @SuppressWarnings("unchecked") // Wire makes maps with string keys only
  static Answer of(Object value) {
    if (!(value instanceof Map<?, ?>)) {
      throw new IllegalStateException("the worker's answer is no map");
    }
    return new Answer((Map<String, Object>) value);
  }

  private <T> T get(String name, Class<T> type) {
    Object value = members.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalStateException("the worker's answer has no " + name);
    }
    return type.cast(value);
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  boolean flag(String name) {
    return get(name, Boolean.class);
  }

  String text(String name) {
    return get(name, String.class);
  }

  String textOrNull(String name) {
    return has(name) ? text(name) : null;
  }

  String textOrEmpty(String name) {
    return has(name) ? text(name) : "";
  }

  long integer(String name) {
    return get(name, Long.class);
  }

  int int32(String name) {
    return Math.toIntExact(integer(name));
  }

  Double realOrNull(String name) {
    return has(name) ? get(name, Double.class) : null;
  }

  Number numberOrNull(String name) {
    return has(name) ? get(name, Number.class) : null;
  }

  /** Empty if missing. */
  long[] integers(String name) {
    return has(name) ? get(name, long[].class) : new long[0];
  }

  double[] realsOrNull(String name) {
    return has(name) ? get(name, double[].class) : null;
  }

  Object value(String name) {
    return members.get(name);
  }

  /** Empty if missing. */
  List<String> texts(String name) {
    return list(name).stream().map(String.class::cast).toList();
  }

  /** Empty if missing. */
  List<Answer> parts(String name) {
    return list(name).stream().map(Answer::of).toList();
  }

  /** Null if missing. */
  Answer partOrNull(String name) {
    return has(name) ? of(members.get(name)) : null;
  }

  /** Empty if missing. */
  Map<String, Map<String, String>> textMaps(String name) {
    Map<String, Map<String, String>> result = new LinkedHashMap<>();
    if (has(name)) {
      of(members.get(name))
          .members()
          .forEach(
              (key, value) -> {
                Map<String, String> inner = new LinkedHashMap<>();
                of(value).members().forEach((item, text) -> inner.put(item, (String) text));
                result.put(key, inner);
              });
    }
    return result;
  }

  private List<?> list(String name) {
    return has(name) ? get(name, List.class) : List.of();
  }
}
