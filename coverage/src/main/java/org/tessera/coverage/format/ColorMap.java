package org.tessera.coverage.format;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.engine.array.Cells;

/**
 * The option {@code colorMap: {"type": ..., "colorTable": {"value": [r, g, b, a], ...}}}. Values
 * below and above all entries of {@code intervals} and {@code ramp} get the nearest colour; null
 * cells and values without a colour are transparent.
 */
final class ColorMap {
  private enum Type {
    /** Only the values listed have a colour. */
    VALUES,
    /** A colour holds from its value up to the next. */
    INTERVALS,
    /** Colours in between are interpolated. */
    RAMP
  }

  private final Type type;
  private final double[] values;
  private final int[][] colours;

  private ColorMap(Type type, SortedMap<Double, int[]> table) {
    this.type = type;
    this.values = table.keySet().stream().mapToDouble(Double::doubleValue).toArray();
    this.colours = table.values().toArray(new int[0][]);
  }

  /**
   * @throws OwsException {@code InvalidRequest} if the option is given but is no colour map
   */
  static Optional<ColorMap> of(EncodeOptions options) {
    Map<?, ?> map = options.object("colormap");
    if (map.isEmpty()) {
      return Optional.empty();
    }
    Type type =
        switch (String.valueOf(map.get("type"))) {
          case "values" -> Type.VALUES;
          case "intervals" -> Type.INTERVALS;
          case "ramp" -> Type.RAMP;
          default ->
              throw wrong("type '" + map.get("type") + "' is none of values, intervals, ramp");
        };
    TreeMap<Double, int[]> table = new TreeMap<>();
    if (map.get("colorTable") instanceof Map<?, ?> given) {
      given.forEach(
          (k, v) -> {
            try {
              table.put(Double.valueOf(String.valueOf(k).strip()), Palettes.colour(v));
            } catch (NumberFormatException e) {
              throw wrong("'" + k + "' is no number");
            }
          });
    }
    if (table.isEmpty()) {
      throw wrong("colorTable needs entries \"value\": [red, green, blue, alpha]");
    }
    return Optional.of(new ColorMap(type, table));
  }

  private static OwsException wrong(String what) {
    return new OwsException(OwsErrorCode.INVALID_REQUEST, "colorMap", "colorMap: " + what);
  }

  /** Writes n RGBA pixels. */
  void colours(Cells cells, int from, int n, byte[] target, int at) {
    for (int i = 0; i < n; i++) {
      int rgba = cells.isNull(from + i) ? 0 : colour(cells.getDouble(from + i));
      target[at + 4 * i] = (byte) (rgba >>> 24);
      target[at + 4 * i + 1] = (byte) (rgba >>> 16);
      target[at + 4 * i + 2] = (byte) (rgba >>> 8);
      target[at + 4 * i + 3] = (byte) rgba;
    }
  }

  private int colour(double value) {
    if (Double.isNaN(value)) {
      return 0;
    }
    int found = java.util.Arrays.binarySearch(values, value);
    int below = found >= 0 ? found : -found - 2;
    return switch (type) {
      case VALUES -> found >= 0 ? packed(colours[found], colours[found], 0) : 0;
      case INTERVALS -> {
        int i = Math.max(below, 0);
        yield packed(colours[i], colours[i], 0);
      }
      case RAMP -> {
        int i = Math.clamp(below, 0, values.length - 1);
        int j = below < 0 ? 0 : Math.min(i + 1, values.length - 1);
        double share = i == j ? 0 : (value - values[i]) / (values[j] - values[i]);
        yield packed(colours[i], colours[j], share);
      }
    };
  }

  private static int packed(int[] a, int[] b, double share) {
    int rgba = 0;
    for (int c = 0; c < 4; c++) {
      rgba = rgba << 8 | (int) Math.round(a[c] + share * (b[c] - a[c]));
    }
    return rgba;
  }
}
