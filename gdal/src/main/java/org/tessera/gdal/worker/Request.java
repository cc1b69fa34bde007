package org.tessera.gdal.worker;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;

/**
 * A request, or a part of one, with typed access to its members. A member that is missing or of
 * another type is an error.
 */
record Request(Map<String, Object> members) {

  private <T> T get(String name, Class<T> type) {
    Object value = members.get(name);
    if (!type.isInstance(value)) {
      throw new GdalFailure("the request has no " + name + " (" + type.getSimpleName() + ")");
    }
    return type.cast(value);
  }

  boolean has(String name) {
    return members.get(name) != null;
  }

  String text(String name) {
    return get(name, String.class);
  }

  /** Null if missing. */
  String textOrNull(String name) {
    return has(name) ? text(name) : null;
  }

  long integer(String name) {
    return get(name, Long.class);
  }

  int int32(String name) {
    return Math.toIntExact(integer(name));
  }

  double real(String name) {
    return get(name, Double.class);
  }

  long[] integers(String name) {
    return get(name, long[].class);
  }

  double[] reals(String name) {
    return get(name, double[].class);
  }

  /** Empty if missing. */
  List<String> texts(String name) {
    return list(name).stream().map(String.class::cast).toList();
  }

  /** Empty if missing. */
  Map<String, String> textMap(String name) {
    if (!has(name)) {
      return Map.of();
    }
    Map<String, String> result = new LinkedHashMap<>();
    part(name).members.forEach((key, value) -> result.put(key, (String) value));
    return result;
  }

  /** Empty if missing. */
  List<Request> parts(String name) {
    return list(name).stream().map(Request::of).toList();
  }

  private List<?> list(String name) {
    return has(name) ? get(name, List.class) : List.of();
  }

  Request part(String name) {
    return of(get(name, Map.class));
  }

  /** The request in a decoded value. */
  @SuppressWarnings("unchecked") // Wire makes maps with string keys only
  static Request of(Object value) {
    if (!(value instanceof Map<?, ?>)) {
      throw new GdalFailure("the request is no map");
    }
    return new Request((Map<String, Object>) value);
  }
}
