package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.crs.TimeText;
import org.tessera.coverage.json.Json;
import org.tessera.coverage.model.Axis;

/**
 * Metadata of single slices, which importers put beside that of the whole: {@code slices} with a
 * {@code slice} each, whose envelope says where it lies. A part of a coverage keeps those of the
 * slices that it has cells of. Metadata of other forms stays as it is.
 */
final class LocalMetadata {
  private static final Pattern SLICE = Pattern.compile("<slice>.*?</slice>", Pattern.DOTALL);
  private static final Pattern LABELS = element("axisLabels");
  private static final Pattern LOWER = element("lowerCorner");
  private static final Pattern UPPER = element("upperCorner");

  private LocalMetadata() {}

  private static Pattern element(String name) {
    return Pattern.compile("<" + name + ">([^<]*)</" + name + ">");
  }

  /**
   * What of a coverage's metadata holds for a part.
   *
   * @param kept per axis of the coverage that is cut, what is left of it: an axis of one point
   *     where it is sliced
   */
  static String within(String metadata, List<Axis> kept, CrsResolver crs) {
    if (kept.isEmpty() || !metadata.contains("slices")) {
      return metadata;
    }
    return metadata.stripLeading().startsWith("{")
        ? json(metadata, kept, crs)
        : xml(metadata, kept, crs);
  }

  private static String xml(String metadata, List<Axis> kept, CrsResolver crs) {
    int start = metadata.indexOf("<slices>");
    int end = metadata.lastIndexOf("</slices>");
    if (start < 0 || end < start) {
      return metadata;
    }
    StringBuilder out = new StringBuilder(metadata.substring(0, start));
    out.append("<slices>");
    Matcher slice = SLICE.matcher(metadata).region(start, end);
    while (slice.find()) {
      String text = slice.group();
      if (meets(first(LABELS, text), first(LOWER, text), first(UPPER, text), kept, crs)) {
        out.append(text);
      }
    }
    return out.append(metadata.substring(end)).toString();
  }

  private static String first(Pattern pattern, String text) {
    Matcher m = pattern.matcher(text);
    return m.find() ? m.group(1) : "";
  }

  private static String json(String metadata, List<Axis> kept, CrsResolver crs) {
    Object tree;
    try {
      tree = Json.parse(metadata);
    } catch (IllegalArgumentException e) {
      return metadata;
    }
    if (!(tree instanceof Map<?, ?> map)
        || !(map.get("slices") instanceof Map<?, ?> slices)
        || !(slices.get("slice") instanceof List<?> all)) {
      return metadata;
    }
    List<Object> left = new ArrayList<>();
    for (Object slice : all) {
      Object bounds = slice instanceof Map<?, ?> s ? s.get("boundedBy") : null;
      Object envelope = bounds instanceof Map<?, ?> b ? b.get("Envelope") : null;
      if (!(envelope instanceof Map<?, ?> e)
          || meets(
              String.valueOf(e.get("axisLabels")),
              String.valueOf(e.get("lowerCorner")),
              String.valueOf(e.get("upperCorner")),
              kept,
              crs)) {
        left.add(slice);
      }
    }
    if (left.size() == all.size()) {
      return metadata;
    }
    Map<Object, Object> changed = new LinkedHashMap<>(map);
    changed.put("slices", Map.of("slice", left));
    return Json.write(changed);
  }

  /** Whether a slice's envelope has something of every axis that is kept. */
  private static boolean meets(
      String labels, String lower, String upper, List<Axis> kept, CrsResolver crs) {
    List<String> names = List.of(labels.strip().split("\\s+"));
    String[] lows = lower.strip().split("\\s+");
    String[] highs = upper.strip().split("\\s+");
    if (lows.length != names.size() || highs.length != names.size()) {
      return true;
    }
    for (Axis axis : kept) {
      int i = names.indexOf(axis.label());
      if (i < 0) {
        continue;
      }
      Optional<TimeScale> time = time(axis, crs);
      Optional<BigDecimal> low = coordinate(lows[i], time);
      Optional<BigDecimal> high = coordinate(highs[i], time);
      if (low.isPresent() && high.isPresent() && !overlap(axis, low.get(), high.get(), time)) {
        return false;
      }
    }
    return true;
  }

  /** Intervals must have a length in common; where one is a point, it may be the other's end. */
  private static boolean overlap(
      Axis axis, BigDecimal low, BigDecimal high, Optional<TimeScale> time) {
    // Texts of times end at the millisecond.
    BigDecimal near =
        time.map(
                t ->
                    BigDecimal.ONE.divide(
                        BigDecimal.valueOf(t.unitMillis()), MathContext.DECIMAL64))
            .orElse(BigDecimal.ZERO);
    boolean point = axis.lower().compareTo(axis.upper()) == 0 || low.compareTo(high) == 0;
    BigDecimal left = high.subtract(axis.lower());
    BigDecimal right = axis.upper().subtract(low);
    return point
        ? left.add(near).signum() >= 0 && right.add(near).signum() >= 0
        : left.signum() > 0 && right.signum() > 0;
  }

  private static Optional<TimeScale> time(Axis axis, CrsResolver crs) {
    return axis.crs().isEmpty()
        ? Optional.empty()
        : crs.resolve(axis.crs()).parts().stream()
            .filter(c -> c.kind() == Crs.Kind.TIME)
            .findFirst()
            .flatMap(Crs::time);
  }

  private static Optional<BigDecimal> coordinate(String text, Optional<TimeScale> time) {
    String plain = text.replace("\"", "");
    if (time.isPresent()) {
      Optional<TimeText> iso = TimeText.parse(plain, time.get().calendar());
      if (iso.isPresent()) {
        return iso.map(t -> time.get().number(t.start()));
      }
    }
    try {
      return Optional.of(new BigDecimal(plain));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
