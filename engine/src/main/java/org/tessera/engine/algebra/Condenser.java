package org.tessera.engine.algebra;

import java.util.function.UnaryOperator;
import org.tessera.engine.array.CellType;

/**
 * An aggregation of many cells into one; null cells are skipped.
 *
 * @param name as in {@link Condensers}
 * @param parameter the percentage of {@code percentile}, 0 to 100; 0 for all others
 * @param result type of the result for the operand type; throws {@link
 *     org.tessera.engine.EngineException} if it does not apply to it
 */
public record Condenser(String name, double parameter, UnaryOperator<CellType> result) {
  Condenser(String name, UnaryOperator<CellType> result) {
    this(name, 0, result);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Condenser c && c.name.equals(name) && c.parameter == parameter;
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Double.hashCode(parameter);
  }

  @Override
  public String toString() {
    return name.equals("percentile") ? name + " " + parameter : name;
  }
}
