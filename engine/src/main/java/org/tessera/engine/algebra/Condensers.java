package org.tessera.engine.algebra;

import java.util.List;
import java.util.Optional;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;

/**
 * The table of all condensers: one row each. Usable in {@link ArrayExpr.Reduce} and {@link
 * ArrayExpr.Condense} alike: {@code Reduce.of(Condensers.get("stddev_pop"), cells)}, {@code
 * Condense.of(Condensers.percentile(95), variables, where, using)}. Null cells are skipped.
 *
 * <ul>
 *   <li>{@code count some all} take booleans or integers (not 0 is true) and are never null.
 *   <li>{@code sum product} of integers and booleans are INT64 and exact (saturating at its
 *       bounds), of floats FLOAT64; {@code avg} is FLOAT64 of the exact integer sum.
 *   <li>{@code min max} keep the type and leave NaN aside unless there is nothing else.
 *   <li>{@code var_pop var_samp stddev_pop stddev_samp} (ISO 9075-2 10.9) are FLOAT64: the mean
 *       squared distance from the mean, divided by n or by n - 1, and its square root. Of integers
 *       they are computed from exact sums. Of one cell the {@code samp} forms are null if the band
 *       has null values, else NaN.
 *   <li>{@code median} and {@code percentile} are FLOAT64: with the m cells in ascending order,
 *       numbered from 0, the value at place (m - 1) p / 100, linear between neighbours (the median
 *       is p = 50; of an even number of cells the middle of the two middle ones). {@code mode} is
 *       the most frequent value, the least of equally frequent ones, and keeps the type. They leave
 *       NaN aside unless there is nothing else.
 * </ul>
 *
 * Sums and squares of floats are compensated, so that neither threads nor tiling change them. Of no
 * cells at all: count 0, some false, all true; the others null if the band has null values (the
 * value is its fill), else 0. Boolean cells count as 0 and 1. Complex cells: sum, product and avg
 * only.
 *
 * <p>Memory: all need a few numbers a result cell, but for median, percentile and mode. These keep
 * the cells of as many result cells as make up 2<sup>20</sup> cells; a single result of more cells
 * is found in several passes over them, counting in 2<sup>16</sup> classes, so that its memory does
 * not depend on their number. Only the mode of more than 2<sup>20</sup> cells of more than 16 bits
 * keeps every distinct value with its count: above 2<sup>22</sup> of them it is refused with {@code
 * LIMIT_EXCEEDED}.
 */
public final class Condensers {
  private static final List<Condenser> ALL =
      List.of(
          new Condenser("count", t -> truth("count", t, CellType.INT64)),
          new Condenser("some", t -> truth("some", t, CellType.BOOLEAN)),
          new Condenser("all", t -> truth("all", t, CellType.BOOLEAN)),
          new Condenser("sum", Condensers::sum),
          new Condenser("product", Condensers::sum),
          new Condenser("avg", t -> t.isComplex() ? CellType.COMPLEX128 : CellType.FLOAT64),
          new Condenser("min", t -> ordered("min", t)),
          new Condenser("max", t -> ordered("max", t)),
          new Condenser("var_pop", t -> real("var_pop", t)),
          new Condenser("var_samp", t -> real("var_samp", t)),
          new Condenser("stddev_pop", t -> real("stddev_pop", t)),
          new Condenser("stddev_samp", t -> real("stddev_samp", t)),
          new Condenser("median", t -> real("median", t)),
          new Condenser("mode", t -> ordered("mode", t)));

  private Condensers() {}

  /**
   * The condenser of this name: count (of true cells), some, all, sum, product, avg, min, max,
   * var_pop, var_samp, stddev_pop, stddev_samp, median, mode. For {@code percentile}, which has a
   * parameter, see {@link #percentile}.
   */
  public static Optional<Condenser> find(String name) {
    return ALL.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** As {@link #find}, for names known at compile time. */
  public static Condenser get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no condenser " + name));
  }

  /**
   * The condenser {@code percentile}.
   *
   * @param p the percentage, 0 (the least cell) to 100 (the greatest); anything else is {@code
   *     INVALID_EXPRESSION}
   */
  public static Condenser percentile(double p) {
    if (!(p >= 0 && p <= 100)) {
      throw new EngineException(
          EngineException.Code.INVALID_EXPRESSION,
          "percentile needs a percentage from 0 to 100, found " + p);
    }
    return new Condenser("percentile", p + 0.0, t -> real("percentile", t));
  }

  private static CellType sum(CellType t) {
    return switch (t.kind()) {
      case BOOLEAN, INTEGER -> CellType.INT64;
      case FLOAT -> CellType.FLOAT64;
      case COMPLEX -> CellType.COMPLEX128;
    };
  }

  private static CellType truth(String name, CellType t, CellType result) {
    if (t.isComplex() || t.isFloat()) {
      throw new EngineException(
          EngineException.Code.INVALID_EXPRESSION, name + " needs boolean cells, found " + t);
    }
    return result;
  }

  private static CellType real(String name, CellType t) {
    ordered(name, t);
    return CellType.FLOAT64;
  }

  private static CellType ordered(String name, CellType t) {
    if (t.isComplex()) {
      throw new EngineException(
          EngineException.Code.INVALID_EXPRESSION, name + " is not defined for complex cells");
    }
    return t;
  }
}
