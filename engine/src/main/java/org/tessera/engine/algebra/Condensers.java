package org.tessera.engine.algebra;

import java.util.List;
import java.util.Optional;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;

/**
 * The table of all condensers: one row each. Null cells are skipped. {@code count some all} take
 * booleans or integers (not 0 is true) and are never null. {@code sum product} of integers and
 * booleans are INT64 and exact (saturating at its bounds), of floats FLOAT64; {@code avg} is
 * FLOAT64 of the exact integer sum; {@code min max} keep the type and leave NaN aside unless there
 * is nothing else. Float sums are compensated, so that neither threads nor tiling change them. Of
 * no cells at all: count 0, some false, all true; the others null if the band has null values (the
 * value is its fill), else 0.
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
          new Condenser("max", t -> ordered("max", t)));

  private Condensers() {}

  /** The condenser of this name: count (of true cells), some, all, sum, product, avg, min, max. */
  public static Optional<Condenser> find(String name) {
    return ALL.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** As {@link #find}, for names known at compile time. */
  public static Condenser get(String name) {
    return find(name).orElseThrow(() -> new IllegalArgumentException("no condenser " + name));
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

  private static CellType ordered(String name, CellType t) {
    if (t.isComplex()) {
      throw new EngineException(
          EngineException.Code.INVALID_EXPRESSION, name + " is not defined for complex cells");
    }
    return t;
  }
}
