package org.tessera.coverage.expr;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tessera.engine.algebra.ArrayExpr;

/**
 * A scalar as a sum of iteration variables times whole factors and a constant. Tells how far a
 * position reaches, and how long an interval between two positions is.
 */
record Linear(
    Map<Integer, Long> factors, Map<Integer, ArrayExpr.Variable> variables, long constant) {

  static Optional<Linear> of(ArrayExpr e) {
    return switch (e) {
      case ArrayExpr.Constant c -> {
        double v = c.cells().band(0).getDouble(0);
        yield c.type().isScalar() && v == Math.rint(v) && Math.abs(v) < Domains.MAX_INDEX
            ? Optional.of(new Linear(Map.of(), Map.of(), (long) v))
            : Optional.empty();
      }
      case ArrayExpr.Variable v ->
          Optional.of(new Linear(Map.of(v.id(), 1L), Map.of(v.id(), v), 0));
      case ArrayExpr.Cast c -> c.to().isInteger() ? of(c.input()) : Optional.empty();
      case ArrayExpr.Induce i -> induced(i);
      default -> Optional.empty();
    };
  }

  private static Optional<Linear> induced(ArrayExpr.Induce i) {
    List<Optional<Linear>> parts = i.operands().stream().map(Linear::of).toList();
    if (parts.stream().anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    Linear a = parts.getFirst().orElseThrow();
    if (parts.size() == 1) {
      return switch (i.function().name()) {
        case "-" -> Optional.of(a.times(-1));
        case "+" -> Optional.of(a);
        default -> Optional.empty();
      };
    }
    Linear b = parts.get(1).orElseThrow();
    return switch (i.function().name()) {
      case "+" -> Optional.of(a.plus(b));
      case "-" -> Optional.of(a.plus(b.times(-1)));
      case "*" ->
          a.factors.isEmpty()
              ? Optional.of(b.times(a.constant))
              : b.factors.isEmpty() ? Optional.of(a.times(b.constant)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  Linear plus(Linear other) {
    Map<Integer, Long> sum = new TreeMap<>(factors);
    other.factors.forEach((id, f) -> sum.merge(id, f, Long::sum));
    sum.values().removeIf(f -> f == 0);
    Map<Integer, ArrayExpr.Variable> all = new TreeMap<>(variables);
    all.putAll(other.variables);
    return new Linear(sum, all, constant + other.constant);
  }

  Linear times(long factor) {
    Map<Integer, Long> product = new TreeMap<>();
    factors.forEach((id, f) -> product.put(id, f * factor));
    product.values().removeIf(f -> f == 0);
    return new Linear(product, variables, constant * factor);
  }

  boolean isConstant() {
    return factors.isEmpty();
  }

  /** The least value over all values of the variables. */
  long least() {
    long sum = constant;
    for (Map.Entry<Integer, Long> e : factors.entrySet()) {
      ArrayExpr.Variable v = variables.get(e.getKey());
      sum += e.getValue() * (e.getValue() > 0 ? v.low() : v.high());
    }
    return sum;
  }

  /** The greatest value over all values of the variables. */
  long greatest() {
    return -times(-1).least();
  }
}
