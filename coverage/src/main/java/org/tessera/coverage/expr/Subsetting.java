package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.crs.Reprojection;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.expr.DimensionSubset.DimensionSlice;
import org.tessera.coverage.expr.DimensionSubset.DimensionTrim;
import org.tessera.coverage.expr.DimensionSubset.DimensionVariable;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/** Coordinates and labels to grid indices: subset, and the intervals of scale and extend. */
final class Subsetting {
  private static final String GRID = "CRS:1";

  private final CoverageCompiler compiler;
  private final Scope scope;
  private final GridMapping mapping;

  Subsetting(CoverageCompiler compiler, Scope scope, GridMapping mapping) {
    this.compiler = compiler;
    this.scope = scope;
    this.mapping = mapping;
  }

  /** What is asked of one axis. */
  sealed interface Part {
    /** Indices low to high of the axis, which is then {@code axis}. */
    record Keep(long low, long high, Axis axis) implements Part {}

    record At(long index) implements Part {}

    /** A point that depends on iteration variables. */
    record AtVariable(ArrayExpr index) implements Part {}

    /** {@code size} cells from a point that depends on iteration variables. */
    record KeepVariable(ArrayExpr low, long size) implements Part {}
  }

  // ---- subset

  CompiledCoverage subset(CompiledCoverage c, List<DimensionSubset> subsets) {
    Map<Integer, Part> parts = parts(c.domain(), subsets, false);
    DomainSet domain = c.domain();
    GridEnvelope box = c.cells().type().domain();
    List<Axis> axes = new ArrayList<>(domain.axes());
    ArrayExpr cells = c.cells();
    GridEnvelope reach = box;
    for (Map.Entry<Integer, Part> e : parts.entrySet()) {
      GridEnvelope of = reached(e.getKey(), e.getValue(), box);
      if (!box.contains(of)) {
        checkBeyond(domain.axes().get(e.getKey()), of.low(e.getKey()), of.high(e.getKey()));
      }
      reach = reach.union(of);
    }
    if (!reach.equals(box)) {
      cells = new ArrayExpr.Extend(cells, reach);
      box = reach;
    }
    GridEnvelope kept = box;
    for (Map.Entry<Integer, Part> e : parts.entrySet()) {
      int axis = e.getKey();
      if (e.getValue() instanceof Part.Keep k) {
        kept = kept.with(axis, k.low(), k.high());
        axes.set(axis, k.axis());
      }
    }
    if (!kept.equals(box)) {
      cells = new ArrayExpr.Trim(cells, kept);
    }
    for (Map.Entry<Integer, Part> e : parts.entrySet()) {
      int axis = e.getKey();
      if (e.getValue() instanceof Part.KeepVariable w) {
        cells = new ArrayExpr.Window(cells, axis, w.low(), w.size());
        Axis old = axes.get(axis);
        axes.set(
            axis,
            new Axis.IndexAxis(old.label(), old.uom(), old.crs(), 0, w.size() - 1, old.gridRank()));
      }
    }
    for (int axis = axes.size() - 1; axis >= 0; axis--) {
      ArrayExpr at =
          switch (parts.get(axis)) {
            case null -> null;
            case Part.At p -> ArrayExpr.integer(p.index());
            case Part.AtVariable p -> p.index();
            case Part.Keep p -> null;
            case Part.KeepVariable p -> null;
          };
      if (at != null) {
        cells = new ArrayExpr.Slice(cells, axis, at);
        axes.set(axis, null);
      }
    }
    CompiledCoverage part = c.with(cells, Domains.replace(domain, axes));
    return new CompiledCoverage(
        part.id(),
        part.cells(),
        part.domain(),
        part.range(),
        LocalMetadata.within(part.metadata(), remaining(domain, parts), scope.crs()));
  }

  /**
   * Indices that are computed lie within the coverage (OGC 08-068r2 7.1.10); by the rule gdal they
   * may lie outside of it, where cells are null or 0.
   */
  private void checkBeyond(Axis axis, long low, long high) {
    if (scope.rule() != SubsettingRule.GDAL) {
      throw invalid(
          axis,
          "the indices computed for axis '%s' are %d:%d, beyond the coverage's %d:%d; extend(...) makes a coverage larger."
              .formatted(axis.label(), low, high, axis.low(), axis.high()));
    }
  }

  /** What is left of the axes that are cut, an axis of one point where a slice is taken. */
  private List<Axis> remaining(DomainSet domain, Map<Integer, Part> parts) {
    List<Axis> remaining = new ArrayList<>();
    parts.forEach(
        (axis, part) -> {
          switch (part) {
            case Part.Keep k -> remaining.add(k.axis());
            case Part.At p ->
                remaining.add(
                    GridMapping.withBounds(domain.axes().get(axis), p.index(), p.index()));
            case Part.AtVariable _, Part.KeepVariable _ -> {
              // Anything may be taken.
            }
          }
        });
    return remaining;
  }

  private static GridEnvelope reached(int axis, Part part, GridEnvelope box) {
    return switch (part) {
      case Part.Keep p -> box;
      case Part.At p -> box;
      case Part.AtVariable p ->
          Linear.of(p.index()).map(l -> box.with(axis, l.least(), l.greatest())).orElse(box);
      case Part.KeepVariable p ->
          Linear.of(p.low())
              .map(l -> box.with(axis, l.least(), l.greatest() + p.size() - 1))
              .orElse(box);
    };
  }

  /** The axis, cut by grid index. */
  Axis counted(Axis axis) {
    return mapping.counted(axis);
  }

  // ---- parts

  /**
   * What the subsets ask of each axis (by place in array order).
   *
   * @param beyond whether they may reach beyond the coverage, as for extend and scale
   */
  Map<Integer, Part> parts(DomainSet domain, List<DimensionSubset> subsets, boolean beyond) {
    Map<Integer, Part> parts = new LinkedHashMap<>();
    Map<Integer, DimensionSubset> foreign = new LinkedHashMap<>();
    for (DimensionSubset s : expanded(subsets)) {
      try {
        String label = label(s);
        int axis = Domains.indexOf(domain, label);
        if (parts.containsKey(axis) || foreign.containsKey(axis)) {
          throw new OwsException(
              OwsErrorCode.INVALID_SUBSETTING,
              label,
              "Axis '" + label + "' is in the subset more than once.");
        }
        Axis of = domain.axes().get(axis);
        Optional<String> crs = crs(s);
        if (crs.isPresent() && !isGrid(crs.get()) && isForeign(of, crs.get())) {
          foreign.put(axis, s);
        } else {
          parts.put(axis, part(of, s, beyond));
        }
      } catch (OwsException e) {
        throw s.position().locate(e);
      }
    }
    if (!foreign.isEmpty()) {
      foreign(domain, foreign, beyond, parts);
    }
    return parts;
  }

  private List<DimensionSubset> expanded(List<DimensionSubset> subsets) {
    List<DimensionSubset> list = new ArrayList<>();
    for (DimensionSubset s : subsets) {
      if (s instanceof DimensionVariable v) {
        if (!(compiler.named(v.name(), v.position()) instanceof Value.Subsets named)) {
          throw new OwsException(
              OwsErrorCode.SEMANTIC_ERROR,
              "$" + v.name(),
              "Variable '$" + v.name() + "' is no list of axes and intervals" + v.position() + ".");
        }
        list.addAll(expanded(named.subsets()));
      } else {
        list.add(s);
      }
    }
    return list;
  }

  private static String label(DimensionSubset s) {
    return switch (s) {
      case DimensionTrim t -> t.axis();
      case DimensionSlice p -> p.axis();
      case DimensionVariable v -> v.name();
    };
  }

  private static Optional<String> crs(DimensionSubset s) {
    return switch (s) {
      case DimensionTrim t -> t.crs();
      case DimensionSlice p -> p.crs();
      case DimensionVariable v -> Optional.empty();
    };
  }

  static boolean isGrid(String crs) {
    return crs.equals(GRID);
  }

  private boolean isForeign(Axis axis, String crs) {
    Crs asked = scope.crs().resolve(crs);
    if (axis.crs().isEmpty()) {
      return true;
    }
    String own = scope.crs().resolve(axis.crs()).path();
    // A compound names the axis' own CRS among others.
    return asked.parts().stream().noneMatch(p -> p.path().equals(own));
  }

  private Part part(Axis axis, DimensionSubset subset, boolean beyond) {
    boolean grid = crs(subset).map(Subsetting::isGrid).orElse(false);
    return switch (subset) {
      case DimensionTrim t ->
          trim(axis, bound(t.lower(), axis), bound(t.upper(), axis), grid, beyond);
      case DimensionSlice s -> slice(axis, bound(s.at(), axis), grid, beyond);
      case DimensionVariable v -> throw new IllegalStateException("not expanded");
    };
  }

  // ---- bounds

  /** One bound as far as it is known. */
  private sealed interface Bound {
    record Open() implements Bound {}

    record Known(String text, boolean literal) implements Bound {}

    record Range(Value.Interval interval) implements Bound {}

    record Within(Value.Period period) implements Bound {}

    record Dynamic(ArrayExpr index) implements Bound {}
  }

  private Bound bound(CoverageExpr e, Axis axis) {
    if (e instanceof CoverageExpr.Asterisk) {
      return new Bound.Open();
    }
    boolean literal =
        e instanceof CoverageExpr.NumberLiteral
            || e instanceof CoverageExpr.StringLiteral
            || (e instanceof CoverageExpr.Unary u
                && u.operand() instanceof CoverageExpr.NumberLiteral);
    return switch (compiler.value(e)) {
      case Value.Text t -> new Bound.Known("\"" + t.text() + "\"", literal);
      case Value.Interval i -> new Bound.Range(i);
      case Value.Period p -> new Bound.Within(p);
      case Value.Extent x when x.intervals().size() == 1 ->
          new Bound.Range(x.intervals().getFirst());
      case Value.Cells c -> {
        if (c.number().isPresent()) {
          yield new Bound.Known(c.number().get().toPlainString(), literal);
        }
        if (!c.coverage().isScalar() || c.coverage().range().size() != 1) {
          throw invalid(axis, "A bound of axis '" + axis.label() + "' must be a single value.");
        }
        ArrayExpr index = c.coverage().cells();
        if (Variables.in(index)) {
          yield new Bound.Dynamic(
              index.type().band(0).type().isInteger()
                  ? index
                  : new ArrayExpr.Cast(index, CellType.INT64));
        }
        yield new Bound.Known(compiler.number(c.coverage(), e).toPlainString(), false);
      }
      case Value.Extent x -> throw invalid(axis, "A bound must be a single value.");
      case Value.Subsets s -> throw invalid(axis, "A bound must be a single value.");
      case Value.Geometry g -> throw invalid(axis, "A bound must be a single value.");
    };
  }

  private static OwsException invalid(Axis axis, String message) {
    return new OwsException(OwsErrorCode.INVALID_SUBSETTING, axis.label(), message);
  }

  /** Times of a calendar mean nothing on an axis of another, unless both are of real days. */
  private void checkCalendar(Axis axis, TimeCalendar calendar) {
    TimeCalendar own =
        mapping.timeScale(axis).map(TimeScale::calendar).orElse(TimeCalendar.PROLEPTIC_GREGORIAN);
    if (own != calendar && !(own.ofRealDays() && calendar.ofRealDays())) {
      throw invalid(
          axis,
          "Axis '"
              + axis.label()
              + "' has the calendar "
              + own.cfName()
              + ", but the period is one of the calendar "
              + calendar.cfName()
              + ".");
    }
  }

  private Part trim(Axis axis, Bound lower, Bound upper, boolean grid, boolean beyond) {
    if (isInterval(lower) || isInterval(upper)) {
      throw invalid(axis, "A bound of axis '" + axis.label() + "' is an interval.");
    }
    if (lower instanceof Bound.Dynamic || upper instanceof Bound.Dynamic) {
      return window(axis, index(axis, lower, axis.low()), index(axis, upper, axis.high()));
    }
    if (grid) {
      Long low = lower instanceof Bound.Known k ? Long.valueOf(index(axis, k)) : null;
      Long high = upper instanceof Bound.Known k ? Long.valueOf(index(axis, k)) : null;
      return grid(axis, low, high, beyond);
    }
    String lo = text(lower);
    String hi = text(upper);
    if (!beyond) {
      GridMapping.Trimmed t =
          computed(axis, lower, upper) ? evaluated(axis, lo, hi) : mapping.trim(axis, lo, hi);
      return new Part.Keep(t.low(), t.high(), t.axis());
    }
    BigDecimal from = lo.equals("*") ? axis.lower() : mapping.coordinate(axis, lo).low();
    BigDecimal to = hi.equals("*") ? axis.upper() : mapping.coordinate(axis, hi).high();
    return beyond(axis, from, to);
  }

  private static boolean isInterval(Bound b) {
    return b instanceof Bound.Range || b instanceof Bound.Within;
  }

  private static boolean computed(Axis axis, Bound... bounds) {
    for (Bound b : bounds) {
      if (b instanceof Bound.Known k && !k.literal() && !(axis instanceof Axis.IndexAxis)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A geo bound that is computed is an extension; where it does not fit the coverage, the error is
   * that of the language without it.
   */
  private GridMapping.Trimmed evaluated(Axis axis, String lo, String hi) {
    try {
      return mapping.trim(axis, lo, hi);
    } catch (OwsException e) {
      throw inExpression(axis, e);
    }
  }

  private static OwsException inExpression(Axis axis, OwsException e) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        axis.label(),
        e.getMessage() + " The bound is the value of an expression; is a grid axis meant?",
        e);
  }

  private Part beyond(Axis axis, BigDecimal from, BigDecimal to) {
    if (from.compareTo(to) > 0) {
      // Says what is wrong in its words.
      mapping.trim(axis, from, to);
    }
    GridMapping.Trimmed t =
        axis instanceof Axis.RegularAxis
            ? mapping.trimBeyond(axis, from, to)
            : mapping.trim(Domains.reaching(axis, from, to), from, to);
    return new Part.Keep(t.low(), t.high(), t.axis());
  }

  private Part grid(Axis axis, Long low, Long high, boolean beyond) {
    if (beyond) {
      long lo = low == null ? axis.low() : low;
      long hi = high == null ? axis.high() : high;
      if (lo > hi || Math.abs(lo) > Domains.MAX_INDEX || Math.abs(hi) > Domains.MAX_INDEX) {
        mapping.trimGrid(axis, lo, hi);
      }
      return new Part.Keep(lo, hi, axis);
    }
    GridMapping.Trimmed t = mapping.trimGrid(axis, low, high);
    return new Part.Keep(t.low(), t.high(), t.axis());
  }

  private Part slice(Axis axis, Bound at, boolean grid, boolean beyond) {
    return switch (at) {
      case Bound.Open o -> new Part.At(mapping.slice(axis, "*"));
      case Bound.Dynamic d -> new Part.AtVariable(d.index());
      case Bound.Range r -> {
        Value.Interval i = r.interval();
        if (i.grid() || grid) {
          yield grid(axis, i.axis().low(), i.axis().high(), beyond);
        }
        if (beyond) {
          yield beyond(axis, i.lower(), i.upper());
        }
        GridMapping.Trimmed t = mapping.trim(axis, i.lower(), i.upper());
        yield new Part.Keep(t.low(), t.high(), t.axis());
      }
      case Bound.Within w -> {
        checkCalendar(axis, w.period().calendar());
        GridMapping.Trimmed t = mapping.within(axis, w.period().start(), w.period().end());
        yield new Part.Keep(t.low(), t.high(), t.axis());
      }
      case Bound.Known k -> {
        if (beyond) {
          yield grid
              ? grid(axis, index(axis, k), index(axis, k), true)
              : trim(axis, k, k, false, true);
        }
        if (grid) {
          long index = index(axis, k);
          boolean outside = index < axis.low() || index > axis.high();
          // As with a variable: what is computed may lie outside, where cells are null or 0.
          yield outside && !k.literal()
              ? new Part.AtVariable(ArrayExpr.integer(index))
              : new Part.At(mapping.sliceGrid(axis, index));
        }
        if (!computed(axis, k)) {
          yield new Part.At(mapping.slice(axis, k.text()));
        }
        try {
          yield new Part.At(mapping.slice(axis, k.text()));
        } catch (OwsException e) {
          throw inExpression(axis, e);
        }
      }
    };
  }

  private static String text(Bound b) {
    return b instanceof Bound.Known k ? k.text() : "*";
  }

  private static long index(Axis axis, Bound.Known k) {
    try {
      BigDecimal v = new BigDecimal(k.text().replace("\"", ""));
      // Fractions point into a cell.
      return v.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_SUBSETTING,
          axis.label(),
          k.text() + " is no grid index for axis '" + axis.label() + "'.",
          e);
    }
  }

  private static ArrayExpr index(Axis axis, Bound b, long open) {
    return switch (b) {
      case Bound.Open o -> ArrayExpr.integer(open);
      case Bound.Known k -> ArrayExpr.integer(index(axis, k));
      case Bound.Dynamic d -> d.index();
      case Bound.Range r -> throw new IllegalStateException("not a point");
      case Bound.Within w -> throw new IllegalStateException("not a point");
    };
  }

  private static Part window(Axis axis, ArrayExpr low, ArrayExpr high) {
    Optional<Linear> size =
        Linear.of(low).flatMap(l -> Linear.of(high).map(h -> h.plus(l.times(-1))));
    if (size.isEmpty() || !size.get().isConstant()) {
      throw invalid(
          axis,
          "The bounds of axis '"
              + axis.label()
              + "' depend on variables so that their distance varies; it must be the same always.");
    }
    if (size.get().constant() < 0) {
      throw invalid(
          axis,
          "The lower bound must be less than or equal to the upper bound for axis '"
              + axis.label()
              + "'.");
    }
    return new Part.KeepVariable(low, size.get().constant() + 1);
  }

  // ---- other CRSs

  /** X and Y in another horizontal CRS: the box (or point) is reprojected as a whole. */
  private void foreign(
      DomainSet domain,
      Map<Integer, DimensionSubset> foreign,
      boolean beyond,
      Map<Integer, Part> parts) {
    Map<String, CrsAxis> kinds = scope.crs().axes(domain);
    int x = -1;
    int y = -1;
    for (int axis : foreign.keySet()) {
      CrsAxis.Kind kind = kinds.get(domain.axes().get(axis).label()).kind();
      x = kind == CrsAxis.Kind.X ? axis : x;
      y = kind == CrsAxis.Kind.Y ? axis : y;
    }
    String name = crs(foreign.values().iterator().next()).orElseThrow();
    if (foreign.size() == 1 && x + y >= -1) {
      int given = Math.max(x, y);
      CrsAxis.Kind wanted = x < 0 ? CrsAxis.Kind.X : CrsAxis.Kind.Y;
      int other = -1;
      for (int axis = 0; axis < domain.dimension(); axis++) {
        boolean fits = kinds.get(domain.axes().get(axis).label()).kind() == wanted;
        other = fits && !parts.containsKey(axis) ? axis : other;
      }
      if (other >= 0 && foreign.get(given) instanceof DimensionTrim t) {
        parts.put(given, besideWhole(domain, t, given, other, x == given, beyond));
        return;
      }
    }
    if (x < 0 || y < 0 || foreign.size() != 2) {
      throw new OwsException(
          OwsErrorCode.INVALID_SUBSETTING,
          label(foreign.values().iterator().next()),
          "A subset in CRS '" + name + "' needs both horizontal axes of the coverage.");
    }
    Crs from = scope.crs().resolve(name);
    if (!from.path().equals(scope.crs().resolve(crs(foreign.get(x)).orElseThrow()).path())
        || !from.path().equals(scope.crs().resolve(crs(foreign.get(y)).orElseThrow()).path())) {
      throw new OwsException(
          OwsErrorCode.INVALID_SUBSETTING,
          name,
          "Both horizontal axes must be subset in the same CRS.");
    }
    Crs to = scope.crs().resolve(domain.axes().get(x).crs());
    double[] xs = coordinates(domain.axes().get(x), foreign.get(x));
    double[] ys = coordinates(domain.axes().get(y), foreign.get(y));
    int fromX = placeOfX(from);
    int toX = placeOfX(to);
    double[] lower = new double[2];
    double[] upper = new double[2];
    lower[fromX] = xs[0];
    upper[fromX] = xs[1];
    lower[1 - fromX] = ys[0];
    upper[1 - fromX] = ys[1];
    Reprojection reprojection = scope.crs().reprojection(from, to);
    double[] box;
    if (lower[0] == upper[0] && lower[1] == upper[1]) {
      double[] point = lower.clone();
      reprojection.transform(point);
      box = new double[] {point[0], point[1], point[0], point[1]};
    } else {
      box = reprojection.transformBox(lower, upper);
    }
    parts.put(x, reprojected(domain.axes().get(x), foreign.get(x), box[toX], box[toX + 2], beyond));
    parts.put(
        y, reprojected(domain.axes().get(y), foreign.get(y), box[1 - toX], box[3 - toX], beyond));
  }

  /**
   * A trim of one horizontal axis in another CRS, where nothing is said of the other axis: that
   * one's whole extent goes with it.
   *
   * @param isX whether the given axis is X
   */
  private Part besideWhole(
      DomainSet domain, DimensionTrim trim, int given, int other, boolean isX, boolean beyond) {
    Axis axis = domain.axes().get(given);
    Crs from = scope.crs().resolve(crs(trim).orElseThrow());
    Crs to = scope.crs().resolve(axis.crs());
    int fromGiven = isX ? placeOfX(from) : 1 - placeOfX(from);
    int toGiven = isX ? placeOfX(to) : 1 - placeOfX(to);
    double[] lower = new double[2];
    double[] upper = new double[2];
    lower[toGiven] = axis.lower().doubleValue();
    upper[toGiven] = axis.upper().doubleValue();
    lower[1 - toGiven] = domain.axes().get(other).lower().doubleValue();
    upper[1 - toGiven] = domain.axes().get(other).upper().doubleValue();
    double[] whole = scope.crs().reprojection(to, from).transformBox(lower, upper);
    double[] bounds = coordinates(axis, trim);
    lower[fromGiven] = bounds[0];
    upper[fromGiven] = bounds[1];
    lower[1 - fromGiven] = whole[1 - fromGiven];
    upper[1 - fromGiven] = whole[3 - fromGiven];
    if (!Double.isFinite(lower[1 - fromGiven]) || !Double.isFinite(upper[1 - fromGiven])) {
      throw invalid(axis, "The coverage has no image in the CRS of the subset.");
    }
    double[] box = scope.crs().reprojection(from, to).transformBox(lower, upper);
    return reprojected(axis, trim, box[toGiven], box[toGiven + 2], beyond);
  }

  private Part reprojected(
      Axis axis, DimensionSubset subset, double lower, double upper, boolean beyond) {
    if (!Double.isFinite(lower) || !Double.isFinite(upper)) {
      throw invalid(axis, "The subset has no image in the CRS of the coverage.");
    }
    BigDecimal lo = BigDecimal.valueOf(lower);
    BigDecimal hi = BigDecimal.valueOf(upper);
    if (beyond) {
      return beyond(axis, lo, hi);
    }
    if (subset instanceof DimensionSlice) {
      return new Part.At(mapping.slice(axis, lo));
    }
    GridMapping.Trimmed t = mapping.trim(axis, lo, hi);
    return new Part.Keep(t.low(), t.high(), t.axis());
  }

  private double[] coordinates(Axis axis, DimensionSubset subset) {
    return switch (subset) {
      case DimensionTrim t ->
          new double[] {coordinate(axis, t.lower()), coordinate(axis, t.upper())};
      case DimensionSlice s -> {
        double at = coordinate(axis, s.at());
        yield new double[] {at, at};
      }
      case DimensionVariable v -> throw new IllegalStateException("not expanded");
    };
  }

  private double coordinate(Axis axis, CoverageExpr e) {
    if (bound(e, axis) instanceof Bound.Known k) {
      return mapping.coordinate(axis, k.text()).low().doubleValue();
    }
    throw invalid(axis, "A bound in another CRS must be a number.");
  }

  /** Place of the X axis among the two of a horizontal CRS. */
  static int placeOfX(Crs crs) {
    Crs horizontal = crs.horizontal().orElse(crs);
    return !horizontal.axes().isEmpty() && horizontal.axes().getFirst().kind() == CrsAxis.Kind.X
        ? 0
        : 1;
  }
}
