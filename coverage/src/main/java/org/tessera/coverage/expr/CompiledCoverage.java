package org.tessera.coverage.expr;

import java.util.List;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;

/**
 * What the compiler makes of a coverage expression: where the cells lie and how they are computed.
 *
 * @param id of the stored coverage that it came from; empty for a value that is not of a coverage,
 *     such as a literal or the result of a condenser
 * @param cells dimension i is {@code domain.axes().get(i)}, band b is {@code range.get(b)}
 * @param domain without axes for a single value
 * @param metadata of the coverage, may be empty
 */
public record CompiledCoverage(
    String id, ArrayExpr cells, DomainSet domain, List<RangeField> range, String metadata) {
  public CompiledCoverage {
    range = List.copyOf(range);
    if (cells.type().dimension() != domain.dimension()
        || cells.type().bands().size() != range.size()) {
      throw new IllegalArgumentException(
          "cells " + cells.type() + " on " + domain.axes() + " with fields " + range);
    }
  }

  /** Whether this is one value: no axis is left. */
  public boolean isScalar() {
    return domain.dimension() == 0;
  }

  CompiledCoverage with(ArrayExpr newCells, DomainSet newDomain) {
    return new CompiledCoverage(id, newCells, newDomain, range, metadata);
  }
}
