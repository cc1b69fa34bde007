package org.tessera.coverage.expr;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.Explain;

/** Whether the value of an expression depends on iteration variables that it does not bind. */
final class Variables {
  private Variables() {}

  static boolean in(ArrayExpr e) {
    return in(e, Set.of());
  }

  private static boolean in(ArrayExpr e, Set<Integer> bound) {
    List<ArrayExpr.Variable> more =
        switch (e) {
          case ArrayExpr.Variable v when !bound.contains(v.id()) -> null;
          case ArrayExpr.Condense c -> c.variables();
          case ArrayExpr.Construct c -> c.variables();
          default -> List.of();
        };
    if (more == null) {
      return true;
    }
    Set<Integer> inner = bound;
    if (!more.isEmpty()) {
      inner = new HashSet<>(bound);
      for (ArrayExpr.Variable v : more) {
        inner.add(v.id());
      }
    }
    for (ArrayExpr operand : Explain.operands(e)) {
      if (in(operand, inner)) {
        return true;
      }
    }
    return false;
  }
}
