package org.tessera.engine.algebra;

import java.util.function.UnaryOperator;
import org.tessera.engine.array.CellType;

/**
 * An aggregation of many cells into one; null cells are skipped.
 *
 * @param name as in {@link Condensers}
 * @param result type of the result for the operand type; throws {@link
 *     org.tessera.engine.EngineException} if it does not apply to it
 */
public record Condenser(String name, UnaryOperator<CellType> result) {
  @Override
  public boolean equals(Object o) {
    return o instanceof Condenser c && c.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
