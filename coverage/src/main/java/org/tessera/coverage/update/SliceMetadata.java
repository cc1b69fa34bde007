package org.tessera.coverage.update;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.json.Json;

/**
 * Metadata of single slices that come with parts of a coverage: {@code slices} with a {@code slice}
 * each, whose {@code boundedBy} says where it lies. They join those that the coverage has; what
 * else stands in the metadata of a part is about the part and left out.
 */
public final class SliceMetadata {
  private static final Pattern SLICE = Pattern.compile("<slice>.*?</slice>", Pattern.DOTALL);
  private static final Pattern BOUNDS =
      Pattern.compile("<boundedBy>.*?</boundedBy>", Pattern.DOTALL);
  private static final String OPEN = "<slices>";
  private static final String CLOSE = "</slices>";

  private SliceMetadata() {}

  /**
   * A coverage's metadata with the slices of parts; one with the bounds of another takes its place,
   * so that a part that comes twice is there once.
   *
   * @param metadata XML elements or JSON text; may be empty
   * @param parts the same of each part; those that are written otherwise than {@code metadata} are
   *     left out
   */
  public static String with(String metadata, List<String> parts) {
    List<String> some = parts.stream().filter(p -> p.contains("slices")).toList();
    if (some.isEmpty()) {
      return metadata;
    }
    String kind = metadata.isBlank() ? some.getFirst() : metadata;
    return kind.stripLeading().startsWith("{") ? json(metadata, some) : xml(metadata, some);
  }

  private static String xml(String metadata, List<String> parts) {
    Map<String, String> slices = new LinkedHashMap<>();
    add(metadata, slices);
    parts.forEach(p -> add(p, slices));
    if (slices.isEmpty()) {
      return metadata;
    }
    int start = metadata.indexOf(OPEN);
    int end = metadata.lastIndexOf(CLOSE);
    boolean has = start >= 0 && end > start;
    return (has ? metadata.substring(0, start) : metadata)
        + OPEN
        + String.join("", slices.values())
        + CLOSE
        + (has ? metadata.substring(end + CLOSE.length()) : "");
  }

  private static void add(String metadata, Map<String, String> slices) {
    int start = metadata.indexOf(OPEN);
    int end = metadata.lastIndexOf(CLOSE);
    if (start < 0 || end < start) {
      return;
    }
    Matcher slice = SLICE.matcher(metadata).region(start, end);
    while (slice.find()) {
      Matcher bounds = BOUNDS.matcher(slice.group());
      slices.put(bounds.find() ? bounds.group() : slice.group(), slice.group());
    }
  }

  private static String json(String metadata, List<String> parts) {
    Map<Object, Object> slices = new LinkedHashMap<>();
    Object whole = parsed(metadata.isBlank() ? "{}" : metadata);
    if (!(whole instanceof Map<?, ?> map)) {
      return metadata;
    }
    slices(whole).forEach(s -> slices.put(bounds(s), s));
    parts.forEach(p -> slices(parsed(p)).forEach(s -> slices.put(bounds(s), s)));
    if (slices.isEmpty()) {
      return metadata;
    }
    Map<Object, Object> changed = new LinkedHashMap<>(map);
    changed.put("slices", Map.of("slice", new ArrayList<>(slices.values())));
    return Json.write(changed);
  }

  /** The tree of a JSON text; of anything else nothing. */
  private static Object parsed(String text) {
    try {
      return Json.parse(text);
    } catch (IllegalArgumentException e) {
      return Map.of();
    }
  }

  private static List<?> slices(Object tree) {
    return tree instanceof Map<?, ?> map
            && map.get("slices") instanceof Map<?, ?> slices
            && slices.get("slice") instanceof List<?> all
        ? all
        : List.of();
  }

  private static Object bounds(Object slice) {
    return slice instanceof Map<?, ?> s && s.containsKey("boundedBy") ? s.get("boundedBy") : slice;
  }
}
