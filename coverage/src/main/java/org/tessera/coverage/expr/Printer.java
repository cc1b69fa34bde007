package org.tessera.coverage.expr;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Expressions as WCPS text, with every operation in parentheses. */
final class Printer {
  private Printer() {}

  static String print(WcpsQuery q) {
    StringBuilder s = new StringBuilder();
    if (!q.iterations().isEmpty()) {
      s.append("for ")
          .append(
              q.iterations().stream()
                  .map(i -> "$" + i.variable() + " in (" + list(i.coverages(), ", ") + ")")
                  .collect(Collectors.joining(", ")))
          .append(' ');
    }
    if (!q.lets().isEmpty()) {
      s.append("let ")
          .append(
              q.lets().stream()
                  .map(l -> "$" + l.variable() + " := " + print(l.value()))
                  .collect(Collectors.joining(", ")))
          .append(' ');
    }
    q.where().ifPresent(w -> s.append("where ").append(print(w)).append(' '));
    return s.append("return ").append(print(q.result())).toString();
  }

  static String print(CoverageExpr e) {
    return switch (e) {
      case CoverageExpr.CoverageRef c -> c.id();
      case CoverageExpr.Variable v -> "$" + v.name();
      case CoverageExpr.Decode d -> "decode($" + d.part() + optional(d.options()) + ")";
      case CoverageExpr.NumberLiteral n -> n.text();
      case CoverageExpr.StringLiteral s -> quote(s.value());
      case CoverageExpr.BooleanLiteral b -> Boolean.toString(b.value());
      case CoverageExpr.ComplexLiteral c -> "(" + print(c.re()) + ", " + print(c.im()) + ")";
      case CoverageExpr.NanLiteral n -> "nan";
      case CoverageExpr.Asterisk a -> "*";
      case CoverageExpr.Intervals i -> "[" + subsets(i.subsets()) + "]";
      case CoverageExpr.ShapeLiteral s -> shape(s.shape());
      case CoverageExpr.Unary u ->
          u.operator().startsWith("is")
              ? "(" + print(u.operand()) + " " + u.operator() + ")"
              : "(" + u.operator() + " " + print(u.operand()) + ")";
      case CoverageExpr.Binary b ->
          "(" + print(b.left()) + " " + b.operator() + " " + print(b.right()) + ")";
      case CoverageExpr.Call c -> c.function() + "(" + list(c.arguments(), ", ") + ")";
      case CoverageExpr.Cast c -> "((" + c.type() + ") " + print(c.operand()) + ")";
      case CoverageExpr.Field f -> postfixed(f.operand()) + "." + f.name();
      case CoverageExpr.SelectFields f ->
          "selectFields("
              + print(f.operand())
              + f.fields().stream()
                  .map(r -> ", " + quote(r.first() + r.last().map(l -> ":" + l).orElse("")))
                  .collect(Collectors.joining())
              + ")";
      case CoverageExpr.RangeConstructor r ->
          "{"
              + r.components().stream()
                  .map(c -> c.name() + ": " + print(c.value()))
                  .collect(Collectors.joining("; "))
              + "}";
      case CoverageExpr.Switch s ->
          "(switch "
              + s.cases().stream()
                  .map(c -> "case " + print(c.condition()) + " return " + print(c.value()) + " ")
                  .collect(Collectors.joining())
              + "default return "
              + print(s.otherwise())
              + ")";
      case CoverageExpr.Subset s -> postfixed(s.operand()) + "[" + subsets(s.subsets()) + "]";
      case CoverageExpr.Extend x -> "extend(" + print(x.operand()) + target(x.target()) + ")";
      case CoverageExpr.Scale s -> scale(s);
      case CoverageExpr.CrsTransform t -> crsTransform(t);
      case CoverageExpr.Clip c ->
          "(clip("
              + print(c.operand())
              + ", "
              + shape(c.shape())
              + optional(c.crs())
              + ")"
              + (c.withCoordinates() ? " with coordinates" : "")
              + ")";
      case CoverageExpr.Flip f -> "(flip " + print(f.operand()) + " along " + f.axis() + ")";
      case CoverageExpr.Sort s ->
          "(sort "
              + print(s.operand())
              + " along "
              + s.axis()
              + (s.descending() ? " desc by " : " asc by ")
              + print(s.by())
              + ")";
      case CoverageExpr.Construct c ->
          "(coverage "
              + c.name()
              + " over "
              + iterators(c.iterators())
              + " values "
              + print(c.values())
              + ")";
      case CoverageExpr.ConstructList c ->
          "(coverage "
              + c.name()
              + " over "
              + iterators(c.iterators())
              + " value list <"
              + list(c.values(), "; ")
              + ">)";
      case CoverageExpr.Condense c ->
          "(condense "
              + c.operator()
              + " over "
              + iterators(c.iterators())
              + c.where().map(w -> " where " + print(w)).orElse("")
              + " using "
              + print(c.using())
              + ")";
      case CoverageExpr.Metadata m -> m.function() + "(" + print(m.operand()) + ")";
      case CoverageExpr.DomainOf d ->
          (d.grid() ? "imageCrsDomain(" : "domain(")
              + print(d.operand())
              + d.axis().map(a -> ", " + a).orElse("")
              + optional(d.crs())
              + ")";
      case CoverageExpr.Describe d ->
          "describe(" + print(d.operand()) + ", " + quote(d.format()) + optional(d.options()) + ")";
      case CoverageExpr.Encode c ->
          "encode(" + print(c.operand()) + ", " + quote(c.format()) + optional(c.options()) + ")";
    };
  }

  /** Prefix operations are printed in parentheses, so whatever comes can carry a postfix. */
  private static String postfixed(CoverageExpr e) {
    return e instanceof CoverageExpr.NumberLiteral ? "(" + print(e) + ")" : print(e);
  }

  private static String scale(CoverageExpr.Scale s) {
    String function =
        switch (s.target()) {
          case CoverageExpr.Target.Sizes t -> "scalesize";
          case CoverageExpr.Target.Extents t -> "scaleextent";
          case CoverageExpr.Target.Factors t -> "scaleaxes";
          case CoverageExpr.Target.Factor t -> "scale";
          case CoverageExpr.Target.Intervals t -> "scale";
          case CoverageExpr.Target.Like t -> "scale";
        };
    return function
        + "("
        + print(s.operand())
        + target(s.target())
        + s.interpolation().map(i -> ", {" + i + "}").orElse("")
        + ")";
  }

  private static String target(CoverageExpr.Target target) {
    return ", "
        + switch (target) {
          case CoverageExpr.Target.Factor f -> print(f.factor());
          case CoverageExpr.Target.Factors f -> "[" + axisValues(f.factors(), "(", ")") + "]";
          case CoverageExpr.Target.Sizes s -> "[" + axisValues(s.sizes(), "(", ")") + "]";
          case CoverageExpr.Target.Extents x -> "[" + subsets(x.extents()) + "]";
          case CoverageExpr.Target.Intervals i -> "{" + subsets(i.intervals()) + "}";
          case CoverageExpr.Target.Like l -> "{" + print(l.domain()) + "}";
        };
  }

  private static String axisValues(List<CoverageExpr.AxisValue> values, String open, String close) {
    return values.stream()
        .map(v -> v.axis() + open + print(v.value()) + close)
        .collect(Collectors.joining(", "));
  }

  private static String crsTransform(CoverageExpr.CrsTransform t) {
    StringBuilder s = new StringBuilder("crsTransform(").append(print(t.operand())).append(", ");
    s.append(
        t.crs()
            .map(Printer::quote)
            .orElseGet(
                () ->
                    "{"
                        + t.axisCrs().stream()
                            .map(a -> a.axis() + ": " + quote(a.crs()))
                            .collect(Collectors.joining(", "))
                        + "}"));
    boolean extent = t.extent().isPresent();
    boolean resolutions = !t.resolutions().isEmpty();
    if (t.interpolation().isPresent() || resolutions || extent) {
      s.append(", {").append(t.interpolation().orElse("")).append("}");
    }
    if (resolutions) {
      s.append(", {").append(axisValues(t.resolutions(), ": ", "")).append("}");
    }
    t.extent().ifPresent(x -> s.append(target(x)));
    return s.append(")").toString();
  }

  private static String iterators(List<CoverageExpr.AxisIterator> iterators) {
    return iterators.stream().map(Printer::iterator).collect(Collectors.joining(", "));
  }

  private static String iterator(CoverageExpr.AxisIterator i) {
    String interval = subset(i.interval());
    String step = i.step().map(p -> ":" + quote(p) + ")").orElse(")");
    return "$" + i.variable() + " " + interval.substring(0, interval.length() - 1) + step;
  }

  private static String subsets(List<DimensionSubset> subsets) {
    return subsets.stream().map(Printer::subset).collect(Collectors.joining(", "));
  }

  private static String subset(DimensionSubset subset) {
    return switch (subset) {
      case DimensionSubset.DimensionTrim t ->
          t.axis() + crs(t.crs()) + "(" + print(t.lower()) + ":" + print(t.upper()) + ")";
      case DimensionSubset.DimensionSlice s -> s.axis() + crs(s.crs()) + "(" + print(s.at()) + ")";
      case DimensionSubset.DimensionVariable v -> "$" + v.name();
    };
  }

  private static String shape(Shape shape) {
    return switch (shape) {
      case Shape.Polygon p -> "POLYGON" + rings(p);
      case Shape.MultiPolygon m ->
          "MULTIPOLYGON("
              + m.polygons().stream().map(Printer::rings).collect(Collectors.joining(", "))
              + ")";
      case Shape.LineString l -> "LINESTRING(" + vertices(l.vertices()) + ")";
      case Shape.Curtain c ->
          "CURTAIN(projection(" + String.join(", ", c.axes()) + "), " + shape(c.mask()) + ")";
      case Shape.Corridor c ->
          "CORRIDOR(projection("
              + String.join(", ", c.axes())
              + "), "
              + shape(c.track())
              + ", "
              + shape(c.mask())
              + (c.discrete() ? ", discrete)" : ")");
      case Shape.ShapeVariable v -> "$" + v.name();
    };
  }

  private static String rings(Shape.Polygon p) {
    return "("
        + p.rings().stream()
            .map(r -> "(" + vertices(r.vertices()) + ")")
            .collect(Collectors.joining(", "))
        + ")";
  }

  private static String vertices(List<Shape.Vertex> vertices) {
    return vertices.stream().map(v -> list(v.coordinates(), " ")).collect(Collectors.joining(", "));
  }

  private static String list(List<CoverageExpr> list, String between) {
    return list.stream().map(Printer::print).collect(Collectors.joining(between));
  }

  private static String optional(Optional<String> text) {
    return text.map(t -> ", " + quote(t)).orElse("");
  }

  private static String crs(Optional<String> crs) {
    return crs.map(c -> ":" + quote(c)).orElse("");
  }

  private static String quote(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
