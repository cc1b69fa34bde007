package org.tessera.coverage.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CoverageCompiler;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.DimensionSubset;
import org.tessera.coverage.expr.Position;
import org.tessera.coverage.expr.Shape;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.request.OwsRequest.GetCoverage;
import org.tessera.coverage.request.OwsRequest.Scaling;
import org.tessera.coverage.request.OwsRequest.Slice;
import org.tessera.coverage.request.OwsRequest.Subset;
import org.tessera.coverage.request.OwsRequest.Trim;

/**
 * GetCoverage in terms of the coverage algebra: {@code
 * encode(crsTransform(scale(clip(subset(select(c))))))}, the order that the extensions of WCS 2.0.1
 * prescribe (09-110r4 and 12-039 clause 7: subset, then scale; CRS last). Fields are selected
 * first, as a subset may leave a single cell.
 */
public final class GetCoverageExpr {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private GetCoverageExpr() {}

  /** The coverage that is asked for, not encoded yet. */
  public static CoverageExpr of(
      GetCoverage request, Coverage coverage, Function<String, Shape> wkt) {
    CoverageExpr expr = new CoverageExpr.CoverageRef(request.id());
    // A wrong method is wrong also where nothing is interpolated (12-049).
    // A method that is not known is refused, whether or not it is used.
    request.interpolation().ifPresent(CoverageCompiler::interpolation);
    if (!request.rangeSubset().isEmpty()) {
      List<CoverageExpr.FieldRange> fields = new ArrayList<>();
      for (String item : request.rangeSubset()) {
        int colon = item.indexOf(':');
        fields.add(
            colon < 0
                ? new CoverageExpr.FieldRange(item, Optional.empty())
                : new CoverageExpr.FieldRange(
                    item.substring(0, colon).strip(),
                    Optional.of(item.substring(colon + 1).strip())));
      }
      expr = new CoverageExpr.SelectFields(expr, fields);
    }
    if (!request.subsets().isEmpty()) {
      List<DimensionSubset> subsets = new ArrayList<>();
      for (Subset s : request.subsets()) {
        subsets.add(
            subset(
                s,
                s.crs()
                    .or(
                        () ->
                            horizontal(coverage, s.axis())
                                ? request.subsettingCrs()
                                : Optional.empty())));
      }
      expr = new CoverageExpr.Subset(expr, subsets);
    }
    if (request.clip().isPresent()) {
      expr =
          new CoverageExpr.Clip(
              expr, wkt.apply(request.clip().get()), request.subsettingCrs(), false, Position.NONE);
    }
    if (request.scaling().isPresent()) {
      expr =
          new CoverageExpr.Scale(
              expr, target(request.scaling().get()), request.interpolation(), Position.NONE);
    }
    Optional<String> outputCrs = outputCrs(request, coverage);
    if (outputCrs.isPresent()) {
      expr =
          new CoverageExpr.CrsTransform(
              expr,
              outputCrs,
              List.of(),
              request.interpolation(),
              List.of(),
              Optional.empty(),
              Position.NONE);
    }
    return expr;
  }

  /**
   * The CRS of the result: without an outputCrs that of the subsetting (11-053r1 requirement 10),
   * if the result has still both axes that it is for. A clip's CRS is that of its coordinates only.
   */
  private static Optional<String> outputCrs(GetCoverage request, Coverage coverage) {
    if (request.outputCrs().isPresent()
        || request.subsettingCrs().isEmpty()
        || request.clip().isPresent()
        || coverage.domain().axes().stream().noneMatch(a -> horizontal(coverage, a.label()))) {
      return request.outputCrs();
    }
    boolean sliced =
        request.subsets().stream()
            .anyMatch(s -> s instanceof Slice && horizontal(coverage, s.axis()));
    return sliced ? Optional.empty() : request.subsettingCrs();
  }

  /** True for the axes that a 2-D CRS spans together: those that a subsetting CRS applies to. */
  private static boolean horizontal(Coverage coverage, String label) {
    Optional<Axis> axis =
        coverage
            .domain()
            .axis(label)
            // The longitude goes by two names.
            .or(() -> label.equals("Lon") ? coverage.domain().axis("Long") : Optional.empty())
            .or(() -> label.equals("Long") ? coverage.domain().axis("Lon") : Optional.empty());
    return axis.isPresent()
        && coverage.domain().axes().stream().filter(a -> a.crs().equals(axis.get().crs())).count()
            == 2;
  }

  /** A subset as written in a request; shared with WCS-T. */
  public static DimensionSubset subset(Subset subset, Optional<String> crs) {
    return switch (subset) {
      case Trim t ->
          new DimensionSubset.DimensionTrim(t.axis(), crs, scalar(t.low()), scalar(t.high()));
      case Slice s -> {
        if (s.point().equals("*")) {
          throw new OwsException(
              OwsErrorCode.INVALID_SUBSETTING,
              s.axis(),
              "Invalid slicing coordinate '*' for axis '" + s.axis() + "'.");
        }
        yield new DimensionSubset.DimensionSlice(s.axis(), crs, scalar(s.point()));
      }
    };
  }

  /** A bound as written: a number, a quoted or plain time, or {@code *}. */
  private static CoverageExpr scalar(String text) {
    if (text.equals("*")) {
      return CoverageExpr.Asterisk.ANYWHERE;
    }
    if (NUMBER.matcher(text).matches()) {
      return number(text);
    }
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return new CoverageExpr.StringLiteral(quoted ? text.substring(1, text.length() - 1) : text);
  }

  private static CoverageExpr number(String text) {
    return switch (text.charAt(0)) {
      case '-' ->
          new CoverageExpr.Unary(
              "-", new CoverageExpr.NumberLiteral(text.substring(1)), Position.NONE);
      case '+' -> new CoverageExpr.NumberLiteral(text.substring(1));
      default -> new CoverageExpr.NumberLiteral(text);
    };
  }

  private static CoverageExpr.Target target(Scaling scaling) {
    return switch (scaling) {
      case Scaling.Factor f -> new CoverageExpr.Target.Factor(number(plain(f.factor())));
      case Scaling.Factors f -> new CoverageExpr.Target.Factors(values(f.factors()));
      case Scaling.Sizes s -> new CoverageExpr.Target.Sizes(values(s.sizes()));
      case Scaling.Extents e ->
          new CoverageExpr.Target.Extents(
              e.extents().entrySet().stream()
                  .<DimensionSubset>map(
                      x ->
                          DimensionSubset.DimensionTrim.of(
                              x.getKey(),
                              number(Long.toString(x.getValue().low())),
                              number(Long.toString(x.getValue().high()))))
                  .toList());
    };
  }

  private static List<CoverageExpr.AxisValue> values(Map<String, ? extends Number> map) {
    return map.entrySet().stream()
        .map(e -> new CoverageExpr.AxisValue(e.getKey(), number(plain(e.getValue()))))
        .toList();
  }

  private static String plain(Number n) {
    return new java.math.BigDecimal(n.toString()).toPlainString();
  }
}
