package org.tessera.coverage.expr;

import java.util.List;
import java.util.Optional;

/**
 * A whole query (OGC 08-068r2 7.1.1): for each combination of coverages at which {@code where}
 * holds, one result.
 */
public record WcpsQuery(
    List<Iteration> iterations, List<Let> lets, Optional<CoverageExpr> where, CoverageExpr result) {
  public WcpsQuery {
    iterations = List.copyOf(iterations);
    lets = List.copyOf(lets);
  }

  /** A query with one result and nothing bound: how requests other than WCPS are run. */
  public static WcpsQuery of(CoverageExpr result) {
    return new WcpsQuery(List.of(), List.of(), Optional.empty(), result);
  }

  /** A variable that runs over coverages: {@code $c in (a, b, decode($1))}. */
  public record Iteration(String variable, List<CoverageExpr> coverages, Position position) {
    public Iteration {
      coverages = List.copyOf(coverages);
    }
  }

  /** {@code $a := expression}; each is seen by the following ones. */
  public record Let(String variable, CoverageExpr value, Position position) {}

  @Override
  public String toString() {
    return Printer.print(this);
  }
}
