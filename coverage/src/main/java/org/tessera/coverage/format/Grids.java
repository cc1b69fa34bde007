package org.tessera.coverage.format;

import java.util.List;
import java.util.stream.IntStream;
import org.tessera.engine.algebra.ArrayExpr;

/** Small changes to an array before it is written. */
final class Grids {
  private Grids() {}

  /** Axis i of the result is axis {@code order(i)} of the input. */
  static ArrayExpr permuted(ArrayExpr cells, List<Integer> order) {
    boolean identity = IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
    return identity ? cells : new ArrayExpr.Permute(cells, order);
  }
}
