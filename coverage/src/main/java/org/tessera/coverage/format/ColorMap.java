package org.tessera.coverage.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.array.CellType;
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

  /**
   * The request for the picture that this map makes of one band: 8-bit bands red, green, blue and,
   * of four, alpha.
   *
   * @throws OwsException {@code InvalidRequest} if the coverage has several bands
   */
  EncodeRequest coloured(EncodeRequest request, int bands) {
    ArrayExpr value = request.cells();
    requireOne(value.type().bands().size());
    List<ArrayExpr> channels = new ArrayList<>();
    List<RangeField> range = new ArrayList<>();
    for (String name : List.of("red", "green", "blue", "alpha").subList(0, bands)) {
      channels.add(channel(value, channels.size()));
      range.add(new RangeField(name, CellType.UINT8, name, "", "", "10^0", List.of()));
    }
    return new EncodeRequest(
        request.name(),
        request.domain(),
        range,
        request.metadata(),
        ArrayExpr.MakeBands.of(channels),
        request.evaluator(),
        request.limits(),
        request.options());
  }

  /** Refuses a coverage of several bands. */
  static void requireOne(int bands) {
    if (bands != 1) {
      throw wrong("it is for coverages of one band, this one has " + bands);
    }
  }

  /** One channel of {@link #colour}, as an expression. */
  private ArrayExpr channel(ArrayExpr value, int channel) {
    List<ArrayExpr.Case> cases = new ArrayList<>();
    ArrayExpr none = sample(0);
    cases.add(new ArrayExpr.Case(function("is null", value), none));
    if (value.type().band(0).type().isFloat()) {
      cases.add(new ArrayExpr.Case(function("is nan", value), none));
    }
    int last = values.length - 1;
    for (int i = 0; i <= last; i++) {
      ArrayExpr here = ArrayExpr.scalar(CellType.FLOAT64, values[i]);
      switch (type) {
        case VALUES ->
            cases.add(new ArrayExpr.Case(function("=", value, here), sample(colours[i][channel])));
        case INTERVALS -> {
          if (i > 0) {
            cases.add(
                new ArrayExpr.Case(function("<", value, here), sample(colours[i - 1][channel])));
          }
        }
        case RAMP ->
            cases.add(
                new ArrayExpr.Case(
                    function("<", value, here),
                    i == 0 ? sample(colours[0][channel]) : between(value, i, channel)));
      }
    }
    return ArrayExpr.Switch.of(cases, type == Type.VALUES ? none : sample(colours[last][channel]));
  }

  private ArrayExpr between(ArrayExpr value, int i, int channel) {
    double from = colours[i - 1][channel];
    double slope = (colours[i][channel] - from) / (values[i] - values[i - 1]);
    ArrayExpr along = function("-", value, ArrayExpr.scalar(CellType.FLOAT64, values[i - 1]));
    ArrayExpr rise = function("*", along, ArrayExpr.scalar(CellType.FLOAT64, slope));
    ArrayExpr sum = function("+", rise, ArrayExpr.scalar(CellType.FLOAT64, from));
    return new ArrayExpr.Cast(function("round", sum), CellType.UINT8);
  }

  private static ArrayExpr sample(int value) {
    return ArrayExpr.scalar(CellType.UINT8, value);
  }

  private static ArrayExpr function(String name, ArrayExpr... operands) {
    return ArrayExpr.Induce.of(CellFunctions.get(name, operands.length), operands);
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
