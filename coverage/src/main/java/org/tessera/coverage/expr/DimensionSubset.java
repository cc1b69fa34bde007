package org.tessera.coverage.expr;

import java.util.Optional;

/** One dimension of a subset (OGC 09-110r4 clause 8.3.1, OGC 08-068r2 7.1.10). */
public sealed interface DimensionSubset {
  /** Where it begins in the text. */
  Position position();

  /**
   * A trim, which keeps the axis. Bounds are inclusive and on the axis of {@code crs}.
   *
   * @param axis label
   * @param crs of the bounds: a URI or short form of a geo CRS, or {@code CRS:1} for grid indices;
   *     empty for the axis' own
   * @param lower a scalar (number, ISO time as string, {@link CoverageExpr.Asterisk}, ...)
   * @param upper as lower
   */
  record DimensionTrim(
      String axis, Optional<String> crs, CoverageExpr lower, CoverageExpr upper, Position position)
      implements DimensionSubset {
    public DimensionTrim(
        String axis, Optional<String> crs, CoverageExpr lower, CoverageExpr upper) {
      this(axis, crs, lower, upper, Position.NONE);
    }

    /** A trim in the axis' own CRS, as written in a request: numbers, quoted times or {@code *}. */
    public static DimensionTrim of(String axis, CoverageExpr lower, CoverageExpr upper) {
      return new DimensionTrim(axis, Optional.empty(), lower, upper);
    }
  }

  /**
   * A slice, which drops the axis. If {@code at} is an interval ({@code domain(c, Lat)}), it is a
   * trim to that.
   */
  record DimensionSlice(String axis, Optional<String> crs, CoverageExpr at, Position position)
      implements DimensionSubset {
    public DimensionSlice(String axis, Optional<String> crs, CoverageExpr at) {
      this(axis, crs, at, Position.NONE);
    }
  }

  /** All the subsets that a {@code let} variable stands for. */
  record DimensionVariable(String name, Position position) implements DimensionSubset {}
}
