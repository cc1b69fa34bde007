package org.tessera.coverage.expr;

import java.util.function.Function;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.model.NullRule;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Limits;

/**
 * What an expression is compiled against.
 *
 * @param source of stored coverages
 * @param uploads the files sent along with the request
 * @param crs of the server
 * @param rule which cells a geo subset takes
 * @param nulls whose null values hold for a field
 * @param crsBase URI of the CRS resolver for CRSs that the compiler makes up, without slash at the
 *     end: {@code http://www.opengis.net/def}; names of CRSs in answers are in its terms
 * @param evaluator for scalars that decide about the query itself (where, positions, factors)
 * @param limits of the request
 * @param describer writes descriptions
 */
public record Scope(
    CoverageSource source,
    Function<CoverageExpr.Decode, CoverageSource.Stored> uploads,
    CrsResolver crs,
    SubsettingRule rule,
    NullRule nulls,
    String crsBase,
    Evaluator evaluator,
    Limits limits,
    CoverageDescriber describer) {

  /** A scope without uploads and without descriptions. */
  public static Scope of(
      CoverageSource source,
      CrsResolver crs,
      SubsettingRule rule,
      NullRule nulls,
      String crsBase,
      Evaluator evaluator,
      Limits limits) {
    return new Scope(
        source,
        decode -> {
          throw new OwsException(
              OwsErrorCode.MISSING_PARAMETER_VALUE,
              "$" + decode.part(),
              "The request has no part for $" + decode.part() + ".");
        },
        crs,
        rule,
        nulls,
        crsBase,
        evaluator,
        limits,
        (coverage, format, options) -> {
          throw new OwsException(
              OwsErrorCode.OPERATION_NOT_SUPPORTED, "describe", "describe is not available here.");
        });
  }

  /** The same with other stored coverages. */
  public Scope with(CoverageSource other) {
    return new Scope(other, uploads, crs, rule, nulls, crsBase, evaluator, limits, describer);
  }
}
