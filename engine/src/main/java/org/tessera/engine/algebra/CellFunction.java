package org.tessera.engine.algebra;

import java.util.List;
import java.util.function.Function;
import org.tessera.engine.array.CellType;

/**
 * A function of one or more cells, applied by {@link ArrayExpr.Induce}.
 *
 * @param name as in {@link CellFunctions}
 * @param arity number of operands
 * @param result type of the result for the operand types; throws {@link
 *     org.tessera.engine.EngineException} if it does not apply to them
 */
public record CellFunction(String name, int arity, Function<List<CellType>, CellType> result) {
  @Override
  public boolean equals(Object o) {
    return o instanceof CellFunction f && f.name.equals(name) && f.arity == arity;
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
