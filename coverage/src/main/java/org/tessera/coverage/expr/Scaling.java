package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.expr.CoverageExpr.AxisValue;
import org.tessera.coverage.expr.CoverageExpr.Target;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.AxisScale;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.GridEnvelope;

/** Scale and extend: targets of all forms to grid boxes. */
final class Scaling {
  private final CoverageCompiler compiler;
  private final Scope scope;
  private final Subsetting subsetting;
  private final PyramidLevels levels;

  Scaling(CoverageCompiler compiler, Scope scope, Subsetting subsetting, PyramidLevels levels) {
    this.compiler = compiler;
    this.scope = scope;
    this.subsetting = subsetting;
    this.levels = levels;
  }

  // ---- extend

  CompiledCoverage extend(CompiledCoverage c, Target target) {
    GridEnvelope box = c.cells().type().domain();
    GridEnvelope to = box;
    List<Axis> axes = new ArrayList<>(c.domain().axes());
    boolean counted = target instanceof Target.Like l && isGrid(compiler.value(l.domain()));
    for (Map.Entry<Integer, long[]> e : bounds(c, target, "extend").entrySet()) {
      int axis = e.getKey();
      long[] bounds = e.getValue();
      to = to.with(axis, bounds[0], bounds[1]);
      Axis extended = Domains.extended(axes.get(axis), bounds[0], bounds[1]);
      axes.set(axis, counted ? subsetting.counted(extended) : extended);
    }
    return c.with(new ArrayExpr.Extend(c.cells(), to), Domains.replace(c.domain(), axes));
  }

  private static boolean isGrid(Value domain) {
    return switch (domain) {
      case Value.Extent x -> x.grid();
      case Value.Interval i -> i.grid();
      default -> false;
    };
  }

  // ---- scale

  /**
   * Scales.
   *
   * @param exact whether the result covers just what the coverage does: no level is taken whole
   */
  CompiledCoverage scale(
      CompiledCoverage c, Target target, Optional<String> interpolation, boolean exact) {
    ArrayExpr.Interpolation method =
        interpolation.map(Scaling::interpolation).orElse(ArrayExpr.Interpolation.NEAREST);
    // The peer scales the level as if it were the coverage.
    boolean whole = scope.rule() == SubsettingRule.GDAL;
    CompiledCoverage from = whole && !exact ? level(c, target, method).orElse(c) : c;
    GridEnvelope to = from.cells().type().domain();
    List<Axis> axes = new ArrayList<>(from.domain().axes());
    for (Map.Entry<Integer, long[]> e : bounds(from, target, "scale").entrySet()) {
      int axis = e.getKey();
      long[] bounds = e.getValue();
      to = to.with(axis, bounds[0], bounds[1]);
      axes.set(axis, Domains.scaled(axes.get(axis), bounds[0], bounds[1]));
    }
    ArrayExpr cells =
        whole ? new ArrayExpr.Scale(from.cells(), to, method) : levels.scale(c.cells(), to, method);
    return c.with(cells, Domains.replace(from.domain(), axes));
  }

  /** The coarsest level that is fine enough on both horizontal axes, with the grid of its own. */
  private Optional<CompiledCoverage> level(
      CompiledCoverage c, Target target, ArrayExpr.Interpolation method) {
    int[] xy = horizontal(c.domain());
    double most = xy.length == 0 ? 1 : reduction(c, target, xy);
    if (most < 2) {
      return Optional.empty();
    }
    double[] ratio = new double[c.domain().dimension()];
    Arrays.fill(ratio, 1);
    ratio[xy[0]] = most;
    ratio[xy[1]] = most;
    return levels
        .coarsest(c.cells(), ratio, method)
        .map(
            level -> {
              GridEnvelope box = level.cells().type().domain();
              List<Axis> axes = new ArrayList<>(c.domain().axes());
              for (int axis : xy) {
                axes.set(
                    axis,
                    coarser(
                        axes.get(axis), level.scales().get(axis), box.low(axis), box.high(axis)));
              }
              return c.with(level.cells(), Domains.replace(c.domain(), axes));
            });
  }

  /** How many cells become one at least, on either horizontal axis. */
  private double reduction(CompiledCoverage c, Target target, int[] xy) {
    if (target instanceof Target.Intervals i) {
      // The peer takes the length of an interval for a number of cells here.
      double ratio = geoReduction(c.domain(), xy, i.intervals());
      if (ratio > 0) {
        return ratio;
      }
    }
    Map<Integer, long[]> bounds = bounds(c, target, "scale");
    double least = Double.POSITIVE_INFINITY;
    for (int axis : xy) {
      long[] b = bounds.get(axis);
      double size = c.domain().axes().get(axis).size();
      least = Math.min(least, b == null ? 1 : size / (b[1] - b[0] + 1));
    }
    return least;
  }

  /** An axis of a level by that of its base; indices from 0 on. */
  private static Axis coarser(Axis axis, AxisScale scale, long low, long high) {
    if (!(axis instanceof Axis.RegularAxis a)) {
      throw new IllegalStateException("a horizontal axis of a pyramid is regular");
    }
    BigDecimal numerator = BigDecimal.valueOf(scale.numerator());
    BigDecimal denominator = BigDecimal.valueOf(scale.denominator());
    BigDecimal half = a.resolution().divide(BigDecimal.TWO);
    BigDecimal resolution =
        a.resolution().multiply(denominator).divide(numerator, MathContext.DECIMAL64);
    BigDecimal place =
        denominator
            .multiply(BigDecimal.valueOf(low))
            .subtract(BigDecimal.valueOf(scale.offset()))
            .divide(numerator, MathContext.DECIMAL64);
    BigDecimal border =
        place.subtract(BigDecimal.valueOf(a.low())).multiply(a.resolution()).add(a.origin());
    return new Axis.RegularAxis(
        a.label(),
        a.uom(),
        a.crs(),
        0,
        high - low,
        a.gridRank(),
        border.subtract(half).add(resolution.divide(BigDecimal.TWO)),
        resolution);
  }

  private double geoReduction(DomainSet domain, int[] xy, List<DimensionSubset> intervals) {
    double least = Double.POSITIVE_INFINITY;
    int found = 0;
    for (DimensionSubset d : intervals) {
      if (d instanceof DimensionSubset.DimensionTrim t && t.crs().isEmpty()) {
        Optional<Integer> axis = Domains.find(domain, t.axis());
        if (axis.isPresent()
            && (axis.get() == xy[0] || axis.get() == xy[1])
            && !(t.lower() instanceof CoverageExpr.Asterisk)
            && !(t.upper() instanceof CoverageExpr.Asterisk)) {
          double length =
              compiler.number(t.upper()).subtract(compiler.number(t.lower())).doubleValue();
          least = Math.min(least, domain.axes().get(axis.get()).size() / Math.max(length, 1e-9));
          found++;
        }
      }
    }
    return found == 2 ? least : 0;
  }

  /** Places of the X and the Y axis; empty if one is missing. */
  private int[] horizontal(DomainSet domain) {
    Map<String, CrsAxis> kinds = scope.crs().axes(domain);
    int x = -1;
    int y = -1;
    for (int i = 0; i < domain.dimension(); i++) {
      CrsAxis.Kind kind = kinds.get(domain.axes().get(i).label()).kind();
      x = kind == CrsAxis.Kind.X ? i : x;
      y = kind == CrsAxis.Kind.Y ? i : y;
    }
    return x < 0 || y < 0 ? new int[0] : new int[] {x, y};
  }

  /** An interpolation method by its short name or URI. */
  static ArrayExpr.Interpolation interpolation(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    return switch (last) {
      case "near", "nearest", "nearest-neighbor", "nearest-neighbour" ->
          ArrayExpr.Interpolation.NEAREST;
      case "linear", "bilinear" -> ArrayExpr.Interpolation.LINEAR;
      case "cubic", "cubicspline", "lanczos" -> ArrayExpr.Interpolation.CUBIC;
      case "average" -> ArrayExpr.Interpolation.AVERAGE;
      case "mode" -> ArrayExpr.Interpolation.MODE;
      case "min" -> ArrayExpr.Interpolation.MINIMUM;
      case "max" -> ArrayExpr.Interpolation.MAXIMUM;
      case "med" -> ArrayExpr.Interpolation.MEDIAN;
      case "q1" -> ArrayExpr.Interpolation.FIRST_QUARTILE;
      case "q3" -> ArrayExpr.Interpolation.THIRD_QUARTILE;
      default ->
          throw new OwsException(
              OwsErrorCode.INTERPOLATION_METHOD_NOT_SUPPORTED,
              name,
              "Interpolation method '"
                  + name
                  + "' is not supported; there are near, bilinear, cubic, average, mode, min, max,"
                  + " med, q1, q3.");
    };
  }

  // ---- targets

  /** New grid bounds (low, high) of the axes that the target speaks of. */
  private Map<Integer, long[]> bounds(CompiledCoverage c, Target target, String operator) {
    DomainSet domain = c.domain();
    return switch (target) {
      case Target.Factor f -> {
        BigDecimal factor = positive(f.factor(), "");
        Map<Integer, long[]> bounds = new LinkedHashMap<>();
        for (int i = 0; i < domain.dimension(); i++) {
          bounds.put(i, scaled(domain.axes().get(i), factor));
        }
        yield bounds;
      }
      case Target.Factors f -> {
        Map<Integer, long[]> bounds = new LinkedHashMap<>();
        for (AxisValue v : f.factors()) {
          int axis = once(domain, v.axis(), bounds);
          bounds.put(axis, scaled(domain.axes().get(axis), positive(v.value(), v.axis())));
        }
        yield bounds;
      }
      case Target.Sizes s -> {
        Map<Integer, long[]> bounds = new LinkedHashMap<>();
        for (AxisValue v : s.sizes()) {
          int axis = once(domain, v.axis(), bounds);
          bounds.put(axis, sized(positive(v.value(), v.axis())));
        }
        yield bounds;
      }
      case Target.Extents x -> {
        Map<Integer, long[]> bounds = new LinkedHashMap<>();
        for (DimensionSubset s : x.extents()) {
          if (!(s instanceof DimensionSubset.DimensionTrim t)) {
            throw new OwsException(
                OwsErrorCode.INVALID_EXTENT, "A scale extent needs a lower and an upper bound.");
          }
          int axis = once(domain, t.axis(), bounds);
          long low = whole(t.lower(), t.axis());
          long high = whole(t.upper(), t.axis());
          if (high < low) {
            throw new OwsException(
                OwsErrorCode.INVALID_EXTENT,
                t.axis(),
                "Extent %d:%d of axis '%s' is upside down.".formatted(low, high, t.axis()));
          }
          // The peer counts the cells of such an extent from 0 on.
          boolean fromZero = scope.rule() == SubsettingRule.GDAL;
          bounds.put(axis, fromZero ? new long[] {0, high - low} : new long[] {low, high});
        }
        yield bounds;
      }
      case Target.Intervals i -> {
        Map<Integer, long[]> bounds = new LinkedHashMap<>();
        subsetting
            .parts(domain, i.intervals(), true)
            .forEach((axis, part) -> bounds.put(axis, bounds(domain.axes().get(axis), part)));
        if (operator.equals("scale")) {
          keepRatio(domain, bounds);
        }
        yield bounds;
      }
      case Target.Like l -> like(domain, l.domain(), operator);
    };
  }

  private static long[] bounds(Axis axis, Subsetting.Part part) {
    if (part instanceof Subsetting.Part.Keep k) {
      return new long[] {k.low(), k.high()};
    }
    throw new OwsException(
        OwsErrorCode.INVALID_SUBSETTING,
        axis.label(),
        "Axis '" + axis.label() + "' needs an interval with fixed bounds here.");
  }

  /** If only one of the two horizontal axes is named, the other one keeps the ratio. */
  private void keepRatio(DomainSet domain, Map<Integer, long[]> bounds) {
    Map<String, CrsAxis> kinds = scope.crs().axes(domain);
    int x = -1;
    int y = -1;
    for (int i = 0; i < domain.dimension(); i++) {
      CrsAxis.Kind kind = kinds.get(domain.axes().get(i).label()).kind();
      x = kind == CrsAxis.Kind.X ? i : x;
      y = kind == CrsAxis.Kind.Y ? i : y;
    }
    if (x < 0 && y < 0 && domain.dimension() == 2) {
      x = 0;
      y = 1;
    }
    if (x < 0 || y < 0 || bounds.containsKey(x) == bounds.containsKey(y)) {
      return;
    }
    int given = bounds.containsKey(x) ? x : y;
    int other = given == x ? y : x;
    long[] b = bounds.get(given);
    double factor = (double) (b[1] - b[0] + 1) / domain.axes().get(given).size();
    long n = Math.max(1, Math.round(domain.axes().get(other).size() * factor));
    bounds.put(other, new long[] {0, n - 1});
  }

  private Map<Integer, long[]> like(DomainSet domain, CoverageExpr e, String operator) {
    Value value = compiler.value(e);
    if (value instanceof Value.Cells c && operator.equals("scale")) {
      BigDecimal factor = c.number().orElseGet(() -> compiler.number(c.coverage(), e));
      Map<Integer, long[]> all = new LinkedHashMap<>();
      for (int i = 0; i < domain.dimension(); i++) {
        all.put(i, sized(times(domain.axes().get(i), factor)));
      }
      return all;
    }
    List<Value.Interval> intervals =
        switch (value) {
          case Value.Extent x -> x.intervals();
          case Value.Interval i -> List.of(i);
          default ->
              throw new OwsException(
                  OwsErrorCode.INVALID_REQUEST,
                  operator,
                  operator + " needs the domain of a coverage" + e.position() + ".");
        };
    if (intervals.size() != domain.dimension()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          operator,
          "The domain given to '%s' has %d axes, the coverage has %d."
              .formatted(operator, intervals.size(), domain.dimension()));
    }
    boolean labels =
        intervals.stream().allMatch(i -> Domains.find(domain, i.axis().label()).isPresent());
    List<Axis> grid = domain.gridAxes();
    Map<Integer, long[]> bounds = new LinkedHashMap<>();
    List<Value.Interval> ranked =
        intervals.stream()
            .sorted((a, b) -> Integer.compare(a.axis().gridRank(), b.axis().gridRank()))
            .toList();
    for (int i = 0; i < ranked.size(); i++) {
      Value.Interval v = ranked.get(i);
      int axis =
          labels ? Domains.indexOf(domain, v.axis().label()) : domain.axes().indexOf(grid.get(i));
      if (v.grid() || operator.equals("scale")) {
        bounds.put(axis, new long[] {v.axis().low(), v.axis().high()});
      } else {
        DimensionSubset s =
            DimensionSubset.DimensionTrim.of(
                domain.axes().get(axis).label(),
                new CoverageExpr.NumberLiteral(v.lower().toPlainString()),
                new CoverageExpr.NumberLiteral(v.upper().toPlainString()));
        Subsetting.Part part = subsetting.parts(domain, List.of(s), true).get(axis);
        bounds.put(axis, bounds(domain.axes().get(axis), part));
      }
    }
    return bounds;
  }

  private static int once(DomainSet domain, String label, Map<Integer, long[]> seen) {
    int axis;
    try {
      axis = Domains.indexOf(domain, label);
    } catch (OwsException e) {
      throw new OwsException(OwsErrorCode.SCALE_AXIS_UNDEFINED, label, e.getMessage(), e);
    }
    if (seen.containsKey(axis)) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, label, "Axis '" + label + "' is given more than once.");
    }
    return axis;
  }

  private BigDecimal positive(CoverageExpr e, String axis) {
    BigDecimal value = compiler.number(e);
    if (value.signum() <= 0) {
      throw new OwsException(
          OwsErrorCode.INVALID_SCALE_FACTOR,
          axis.isEmpty() ? value.toPlainString() : axis,
          "A scale factor must be greater than 0, found " + value.toPlainString() + ".");
    }
    return value;
  }

  private long whole(CoverageExpr e, String axis) {
    BigDecimal v = compiler.number(e);
    if (v.abs().compareTo(BigDecimal.valueOf(Domains.MAX_INDEX)) > 0) {
      throw new OwsException(
          OwsErrorCode.INVALID_EXTENT, axis, "Bound " + v + " of axis '" + axis + "' is too far.");
    }
    return v.setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  /**
   * Grid bounds of an axis times a factor; under the peer's rule the first index is scaled, too.
   */
  private long[] scaled(Axis axis, BigDecimal factor) {
    long[] bounds = sized(times(axis, factor));
    if (scope.rule() == SubsettingRule.GDAL) {
      BigDecimal low =
          BigDecimal.valueOf(axis.low()).multiply(factor).setScale(0, RoundingMode.FLOOR);
      if (low.abs().compareTo(BigDecimal.valueOf(Domains.MAX_INDEX)) <= 0) {
        return new long[] {low.longValueExact(), low.longValueExact() + bounds[1]};
      }
    }
    return bounds;
  }

  /** Number of cells of an axis times a factor. */
  private BigDecimal times(Axis axis, BigDecimal factor) {
    if (scope.rule() == SubsettingRule.GDAL) {
      // The peer scales the indices of the border cells and counts what lies between.
      return BigDecimal.valueOf(axis.size() - 1)
          .multiply(factor)
          .setScale(0, RoundingMode.FLOOR)
          .add(BigDecimal.ONE);
    }
    return BigDecimal.valueOf(axis.size()).multiply(factor);
  }

  private static long[] sized(BigDecimal cells) {
    if (cells.compareTo(BigDecimal.valueOf(Domains.MAX_INDEX)) > 0) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          null,
          "The scaled coverage would have " + cells.toBigInteger() + " cells along an axis.");
    }
    long n = Math.max(1, cells.setScale(0, RoundingMode.HALF_UP).longValueExact());
    return new long[] {0, n - 1};
  }
}
