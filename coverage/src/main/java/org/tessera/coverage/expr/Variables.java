package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tessera.engine.algebra.ArrayExpr;

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
    for (ArrayExpr operand : operands(e)) {
      if (in(operand, inner)) {
        return true;
      }
    }
    return false;
  }

  /** The expressions that an expression is made of. */
  static List<ArrayExpr> operands(ArrayExpr e) {
    return switch (e) {
      case ArrayExpr.ArrayRef r -> List.of();
      case ArrayExpr.Constant c -> List.of();
      case ArrayExpr.Variable v -> List.of();
      case ArrayExpr.Trim t -> List.of(t.input());
      case ArrayExpr.Slice s -> List.of(s.input(), s.position());
      case ArrayExpr.Window w -> List.of(w.input(), w.low());
      case ArrayExpr.Shift s -> List.of(s.input());
      case ArrayExpr.Permute p -> List.of(p.input());
      case ArrayExpr.Induce i -> i.operands();
      case ArrayExpr.Cast c -> List.of(c.input());
      case ArrayExpr.SelectBands s -> List.of(s.input());
      case ArrayExpr.MakeBands m -> m.operands();
      case ArrayExpr.Reduce r -> List.of(r.input());
      case ArrayExpr.Condense c -> {
        List<ArrayExpr> list = new ArrayList<>(List.of(c.using()));
        c.where().ifPresent(list::add);
        yield list;
      }
      case ArrayExpr.Construct c -> List.of(c.values());
      case ArrayExpr.Switch s -> {
        List<ArrayExpr> list = new ArrayList<>();
        for (ArrayExpr.Case c : s.cases()) {
          list.add(c.condition());
          list.add(c.value());
        }
        list.add(s.otherwise());
        yield list;
      }
      case ArrayExpr.Extend x -> List.of(x.input());
      case ArrayExpr.Scale s -> List.of(s.input());
      case ArrayExpr.Resample r -> List.of(r.input());
      case ArrayExpr.Flip f -> List.of(f.input());
      case ArrayExpr.Sort s -> List.of(s.input(), s.keys());
      case ArrayExpr.Mask m -> List.of(m.input(), m.mask());
    };
  }
}
