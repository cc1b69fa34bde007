package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.tessera.coverage.model.AxisScale;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.GridEnvelope;

/**
 * Scaling by means of pyramids: where cells of a stored coverage are scaled down, the coarsest
 * level that is not coarser than the result is read instead. Trims, slices of axes that the level
 * has in full, choices of bands and moves of axes may lie in between, and for nearest neighbours
 * cell by cell functions; anything else reads the coverage itself.
 */
final class PyramidLevels {
  /** How levels are made that have a part of all cells of the coverage in each of theirs. */
  private static final Set<ArrayExpr.Interpolation> SMOOTH =
      EnumSet.of(
          ArrayExpr.Interpolation.LINEAR,
          ArrayExpr.Interpolation.CUBIC,
          ArrayExpr.Interpolation.AVERAGE);

  /** A result may be finer than a level by this part: sizes are rounded to whole cells. */
  private static final double ROUNDED = 1.01;

  /** Of the coverages that were used, by the identity of their cells. */
  private final Map<String, Supplier<List<CoverageSource.Level>>> levels = new HashMap<>();

  void add(CoverageSource.Stored stored) {
    levels.put(stored.cells().identity(), stored.levels());
  }

  /** Scales an expression to a box. */
  ArrayExpr scale(ArrayExpr e, GridEnvelope to, ArrayExpr.Interpolation how) {
    GridEnvelope from = e.type().domain();
    double[] ratio = new double[to.dimension()];
    double most = 1;
    for (int i = 0; i < ratio.length; i++) {
      ratio[i] = (double) from.size(i) / to.size(i) * ROUNDED;
      most = Math.max(most, ratio[i]);
    }
    Optional<Reduced> reduced = most < 2 ? Optional.empty() : coarsest(e, ratio, how);
    if (reduced.isEmpty()) {
      return new ArrayExpr.Scale(e, to, how);
    }
    ArrayExpr cells = reduced.get().cells();
    List<ArrayExpr.Extent> extents = new ArrayList<>();
    for (int i = 0; i < ratio.length; i++) {
      AxisScale s = reduced.get().scales().get(i);
      extents.add(
          new ArrayExpr.Extent(
              s.numerator() * from.low(i)
                  + s.offset()
                  - cells.type().domain().low(i) * s.denominator(),
              s.numerator() * from.size(i),
              s.denominator()));
    }
    return new ArrayExpr.Scale(cells, to, how, extents);
  }

  /**
   * The coarsest level that may be read instead of an expression, if there is one.
   *
   * @param ratio how many cells may become one at most, per axis
   */
  Optional<Reduced> coarsest(ArrayExpr e, double[] ratio, ArrayExpr.Interpolation how) {
    return reduce(e, ratio, how).filter(r -> !r.cells().equals(e));
  }

  /**
   * An expression over levels that holds the cells of another one at lower resolution.
   *
   * @param scales how its cells lie on those of the other one, per axis
   */
  record Reduced(ArrayExpr cells, List<AxisScale> scales) {}

  private Optional<Reduced> reduce(ArrayExpr e, double[] ratio, ArrayExpr.Interpolation how) {
    boolean near = how == ArrayExpr.Interpolation.NEAREST;
    return switch (e) {
      case ArrayExpr.ArrayRef r -> best(r, ratio, how);
      case ArrayExpr.Trim t -> reduce(t.input(), ratio, how).flatMap(r -> trim(r, t.box()));
      case ArrayExpr.Slice s -> slice(s, ratio, how);
      case ArrayExpr.Shift s ->
          reduce(s.input(), ratio, how)
              .map(
                  r -> {
                    List<AxisScale> moved = new ArrayList<>();
                    for (int i = 0; i < r.scales().size(); i++) {
                      moved.add(r.scales().get(i).shifted(s.offset().get(i)));
                    }
                    return new Reduced(r.cells(), moved);
                  });
      case ArrayExpr.Permute p -> {
        double[] inner = new double[ratio.length];
        for (int i = 0; i < ratio.length; i++) {
          inner[p.order().get(i)] = ratio[i];
        }
        yield reduce(p.input(), inner, how)
            .map(
                r ->
                    new Reduced(
                        new ArrayExpr.Permute(r.cells(), p.order()),
                        p.order().stream().map(r.scales()::get).toList()));
      }
      case ArrayExpr.SelectBands s ->
          reduce(s.input(), ratio, how)
              .map(r -> new Reduced(new ArrayExpr.SelectBands(r.cells(), s.bands()), r.scales()));
      case ArrayExpr.MakeBands m ->
          all(m.operands(), ratio, how)
              .map(a -> new Reduced(ArrayExpr.MakeBands.of(a.operands()), a.scales()));
      case ArrayExpr.Cast c ->
          near
              ? reduce(c.input(), ratio, how)
                  .map(r -> new Reduced(new ArrayExpr.Cast(r.cells(), c.to()), r.scales()))
              : Optional.empty();
      case ArrayExpr.Induce i ->
          near
              ? all(i.operands(), ratio, how)
                  .map(
                      a ->
                          new Reduced(
                              ArrayExpr.Induce.of(
                                  i.function(), a.operands().toArray(ArrayExpr[]::new)),
                              a.scales()))
              : Optional.empty();
      case ArrayExpr.Switch s -> near ? switchOf(s, ratio, how) : Optional.empty();
      case ArrayExpr.Condense c -> near ? condense(c, ratio, how) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private Optional<Reduced> best(
      ArrayExpr.ArrayRef ref, double[] ratio, ArrayExpr.Interpolation how) {
    Supplier<List<CoverageSource.Level>> known = levels.get(ref.source().identity());
    if (known == null) {
      return Optional.empty();
    }
    CoverageSource.Level best = null;
    double gain = 1;
    for (CoverageSource.Level level : known.get()) {
      double product = 1;
      boolean fits = sameBands(ref, level) && suits(level, how);
      for (int i = 0; i < ratio.length && fits; i++) {
        AxisScale scale = level.scales().get(i);
        fits = scale.factor() <= ratio[i] && (scale.factor() > 1 || scale.isShift());
        product *= scale.factor();
      }
      if (fits && product > gain) {
        best = level;
        gain = product;
      }
    }
    return best == null
        ? Optional.empty()
        : Optional.of(new Reduced(new ArrayExpr.ArrayRef(best.cells()), best.scales()));
  }

  private static boolean sameBands(ArrayExpr.ArrayRef ref, CoverageSource.Level level) {
    return ref.type().bands().stream()
        .map(Band::type)
        .toList()
        .equals(level.cells().type().bands().stream().map(Band::type).toList());
  }

  /** Whether scaling a level by a method gives about what scaling the coverage does. */
  private static boolean suits(CoverageSource.Level level, ArrayExpr.Interpolation how) {
    return switch (how) {
      case NEAREST -> true;
      case LINEAR, CUBIC -> level.resampling().map(SMOOTH::contains).orElse(true);
      case AVERAGE, MINIMUM, MAXIMUM -> level.resampling().map(r -> r == how).orElse(false);
      case MODE, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> false;
    };
  }

  private static Optional<Reduced> trim(Reduced r, GridEnvelope box) {
    GridEnvelope to = r.cells().type().domain();
    for (int i = 0; i < box.dimension(); i++) {
      AxisScale s = r.scales().get(i);
      long low = Math.max(to.low(i), s.cell(box.low(i)));
      long high = Math.min(to.high(i), s.lastCell(box.high(i)));
      if (low > high) {
        return Optional.empty();
      }
      to = to.with(i, low, high);
    }
    return Optional.of(
        to.equals(r.cells().type().domain())
            ? r
            : new Reduced(new ArrayExpr.Trim(r.cells(), to), r.scales()));
  }

  private Optional<Reduced> slice(ArrayExpr.Slice s, double[] ratio, ArrayExpr.Interpolation how) {
    Optional<Long> known =
        s.position() instanceof ArrayExpr.Constant c && c.type().isScalar()
            ? Optional.of(c.cells().band(0).getLong(0))
            : Optional.empty();
    double[] inner = new double[ratio.length + 1];
    for (int i = 0; i < inner.length; i++) {
      inner[i] = i == s.axis() ? 1 : ratio[i < s.axis() ? i : i - 1];
    }
    return reduce(s.input(), inner, how)
        .flatMap(
            r -> {
              List<AxisScale> rest = new ArrayList<>(r.scales());
              AxisScale scale = rest.remove(s.axis());
              if (known.isEmpty()) {
                // At a position that varies an index has to mean the same cell.
                return scale.isShift() && scale.offset() == 0
                    ? Optional.of(
                        new Reduced(new ArrayExpr.Slice(r.cells(), s.axis(), s.position()), rest))
                    : Optional.empty();
              }
              long at = scale.cell(known.get());
              GridEnvelope domain = r.cells().type().domain();
              if (at < domain.low(s.axis()) || at > domain.high(s.axis())) {
                return Optional.empty();
              }
              return Optional.of(
                  new Reduced(
                      new ArrayExpr.Slice(r.cells(), s.axis(), ArrayExpr.integer(at)), rest));
            });
  }

  /** Operands of a cell by cell function, all at the same lower resolution. */
  private record Operands(List<ArrayExpr> operands, List<AxisScale> scales) {}

  private Optional<Operands> all(
      List<ArrayExpr> operands, double[] ratio, ArrayExpr.Interpolation how) {
    List<ArrayExpr> reduced = new ArrayList<>();
    Reduced first = null;
    for (ArrayExpr operand : operands) {
      if (operand.type().isScalar()) {
        reduced.add(operand);
        continue;
      }
      Optional<Reduced> r = reduce(operand, ratio, how);
      if (r.isEmpty()
          || (first != null
              && (!r.get().scales().equals(first.scales())
                  || !r.get().cells().type().domain().equals(first.cells().type().domain())))) {
        return Optional.empty();
      }
      first = r.get();
      reduced.add(first.cells());
    }
    return first == null ? Optional.empty() : Optional.of(new Operands(reduced, first.scales()));
  }

  private Optional<Reduced> condense(
      ArrayExpr.Condense c, double[] ratio, ArrayExpr.Interpolation how) {
    List<ArrayExpr> operands = new ArrayList<>(List.of(c.using()));
    c.where().ifPresent(operands::add);
    return all(operands, ratio, how)
        .map(
            a ->
                new Reduced(
                    ArrayExpr.Condense.of(
                        c.condenser(),
                        c.variables(),
                        c.where().map(w -> a.operands().get(1)),
                        a.operands().getFirst()),
                    a.scales()));
  }

  private Optional<Reduced> switchOf(
      ArrayExpr.Switch s, double[] ratio, ArrayExpr.Interpolation how) {
    List<ArrayExpr> operands = new ArrayList<>();
    for (ArrayExpr.Case c : s.cases()) {
      operands.add(c.condition());
      operands.add(c.value());
    }
    operands.add(s.otherwise());
    return all(operands, ratio, how)
        .map(
            a -> {
              List<ArrayExpr.Case> cases = new ArrayList<>();
              for (int i = 0; i < s.cases().size(); i++) {
                cases.add(new ArrayExpr.Case(a.operands().get(2 * i), a.operands().get(2 * i + 1)));
              }
              return new Reduced(ArrayExpr.Switch.of(cases, a.operands().getLast()), a.scales());
            });
  }
}
