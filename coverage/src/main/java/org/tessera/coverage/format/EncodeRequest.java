package org.tessera.coverage.format;

import java.util.List;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Limits;

/**
 * What a {@link CoverageFormat} is given.
 *
 * @param name of the result, for file names and ids; an NCName
 * @param domain where the cells lie; its axes are the dimensions of {@code cells}, in array order;
 *     no axes for a scalar
 * @param range fields, one per band of {@code cells}
 * @param metadata of the coverage (XML or JSON text), may be empty
 * @param cells the expression; an encoder may permute axes or select bands before it evaluates
 * @param evaluator evaluates {@code cells}
 * @param limits of the request
 * @param options format-specific parameters as JSON text, or the short form {@code
 *     NODATA=0;KEY=VALUE}; empty if none
 */
public record EncodeRequest(
    String name,
    DomainSet domain,
    List<RangeField> range,
    String metadata,
    ArrayExpr cells,
    Evaluator evaluator,
    Limits limits,
    String options) {
  public EncodeRequest {
    range = List.copyOf(range);
  }
}
