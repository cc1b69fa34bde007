package org.tessera.coverage.wcps;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.CoverageExpr.AxisValue;
import org.tessera.coverage.expr.CoverageExpr.Target;
import org.tessera.coverage.expr.DimensionSubset;
import org.tessera.coverage.expr.Position;
import org.tessera.coverage.expr.Shape;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.coverage.wcps.WcpsXml.Node;

/** Writes queries in the XML encoding of WCPS, so that every query of the tests has its twin. */
final class XmlTwin {
  private static final Map<String, String> BINARY = reversed(WcpsXml.BINARY);
  private static final Map<String, String> CONDENSE = reversed(WcpsXml.CONDENSE);
  private static final Map<String, String> UNARY =
      Map.of(
          "+",
          "unaryPlus",
          "-",
          "unaryMinus",
          "not",
          "not",
          "is null",
          "isNull",
          "is not null",
          "isNotNull");

  private XmlTwin() {}

  private static Map<String, String> reversed(Map<String, String> map) {
    Map<String, String> back = new HashMap<>();
    map.forEach((k, v) -> back.put(v, k));
    return back;
  }

  static Node of(WcpsQuery q) {
    List<Node> children = new ArrayList<>();
    for (WcpsQuery.Iteration i : q.iterations()) {
      List<Node> parts = new ArrayList<>(List.of(text("iteratorVar", i.variable())));
      for (CoverageExpr c : i.coverages()) {
        parts.add(
            c instanceof CoverageExpr.Decode d
                ? new Node(
                    "decode",
                    Map.of("part", Integer.toString(d.part())),
                    List.of(),
                    d.options().orElse(""))
                : text("coverageName", c.toString()));
      }
      children.add(node("coverageIterator", parts));
    }
    for (WcpsQuery.Let l : q.lets()) {
      Node value =
          switch (l.value()) {
            case CoverageExpr.Intervals i -> node("intervals", dimensions(i.subsets()));
            case CoverageExpr.ShapeLiteral s -> text("shape", s.toString());
            default -> expr(l.value());
          };
      children.add(node("let", List.of(text("name", l.variable()), value)));
    }
    q.where().ifPresent(w -> children.add(node("where", List.of(expr(w)))));
    children.add(expr(q.result()));
    return node("xmlSyntax", children);
  }

  private static Node node(String name, List<Node> children) {
    return new Node(name, Map.of(), children, "");
  }

  private static Node text(String name, String text) {
    return new Node(name, Map.of(), List.of(), text);
  }

  private static List<Node> exprs(List<CoverageExpr> list) {
    return list.stream().map(XmlTwin::expr).toList();
  }

  private static Node with(String name, CoverageExpr operand, List<Node> rest) {
    List<Node> all = new ArrayList<>(List.of(expr(operand)));
    all.addAll(rest);
    return node(name, all);
  }

  private static List<Node> optional(String name, Optional<String> text) {
    return text.map(t -> List.of(text(name, t))).orElse(List.of());
  }

  private static Node expr(CoverageExpr e) {
    return switch (e) {
      case CoverageExpr.CoverageRef c -> throw new IllegalArgumentException(c.id());
      case CoverageExpr.Decode d -> throw new IllegalArgumentException(d.toString());
      case CoverageExpr.Intervals i -> throw new IllegalArgumentException(i.toString());
      case CoverageExpr.ShapeLiteral s -> throw new IllegalArgumentException(s.toString());
      case CoverageExpr.Variable v -> text("variableRef", v.name());
      case CoverageExpr.NumberLiteral n -> text("numericConstant", n.text());
      case CoverageExpr.StringLiteral s -> text("stringConstant", s.value());
      case CoverageExpr.BooleanLiteral b -> text("booleanConstant", Boolean.toString(b.value()));
      case CoverageExpr.NanLiteral n -> text("numericConstant", "NaN");
      case CoverageExpr.Asterisk a -> node("asterisk", List.of());
      case CoverageExpr.ComplexLiteral c ->
          node(
              "complexConstant",
              List.of(node("re", List.of(expr(c.re()))), node("im", List.of(expr(c.im())))));
      case CoverageExpr.Unary u -> with(UNARY.get(u.operator()), u.operand(), List.of());
      case CoverageExpr.Binary b ->
          node(BINARY.get(b.operator()), List.of(expr(b.left()), expr(b.right())));
      case CoverageExpr.Call c ->
          c.arguments().size() == 1 && !c.function().equals("not")
              ? node(c.function(), exprs(c.arguments()))
              : new Node("call", Map.of("name", c.function()), exprs(c.arguments()), "");
      case CoverageExpr.Cast c -> with("cast", c.operand(), List.of(text("type", c.type())));
      case CoverageExpr.Field f ->
          with("fieldSelect", f.operand(), List.of(node("field", List.of(text("name", f.name())))));
      case CoverageExpr.SelectFields s ->
          with(
              "selectFields",
              s.operand(),
              s.fields().stream()
                  .map(
                      r ->
                          r.last().isEmpty()
                              ? text("field", r.first())
                              : node(
                                  "fieldInterval",
                                  List.of(text("first", r.first()), text("last", r.last().get()))))
                  .toList());
      case CoverageExpr.RangeConstructor r ->
          node(
              "rangeConstructor",
              r.components().stream()
                  .map(c -> node("component", List.of(text("field", c.name()), expr(c.value()))))
                  .toList());
      case CoverageExpr.Switch s -> {
        List<Node> parts = new ArrayList<>();
        s.cases()
            .forEach(c -> parts.add(node("case", List.of(expr(c.condition()), expr(c.value())))));
        parts.add(node("default", List.of(expr(s.otherwise()))));
        yield node("switch", parts);
      }
      case CoverageExpr.Subset s -> {
        boolean trims =
            s.subsets().stream().allMatch(d -> d instanceof DimensionSubset.DimensionTrim);
        yield with(trims ? "trim" : "subset", s.operand(), dimensions(s.subsets()));
      }
      case CoverageExpr.Extend x -> with("extend", x.operand(), target(x.target()));
      case CoverageExpr.Scale s -> {
        List<Node> rest = new ArrayList<>(target(s.target()));
        rest.addAll(optional("interpolationMethod", s.interpolation()));
        yield with("scale", s.operand(), rest);
      }
      case CoverageExpr.CrsTransform t -> {
        List<Node> rest = new ArrayList<>(optional("srsName", t.crs()));
        t.axisCrs()
            .forEach(
                a -> {
                  rest.add(text("axis", a.axis()));
                  rest.add(text("srsName", a.crs()));
                });
        rest.addAll(optional("interpolationMethod", t.interpolation()));
        if (!t.resolutions().isEmpty()) {
          rest.add(node("resolutions", values(t.resolutions(), "resolution")));
        }
        t.extent().ifPresent(x -> rest.add(node("extent", target(x))));
        yield with("crsTransform", t.operand(), rest);
      }
      case CoverageExpr.Clip c -> {
        List<Node> rest = new ArrayList<>();
        rest.add(
            text(
                "shape",
                c.shape() instanceof Shape.ShapeVariable v
                    ? "$" + v.name()
                    : new CoverageExpr.ShapeLiteral(c.shape(), Position.NONE).toString()));
        rest.addAll(optional("srsName", c.crs()));
        if (c.withCoordinates()) {
          rest.add(node("withCoordinates", List.of()));
        }
        yield with("clip", c.operand(), rest);
      }
      case CoverageExpr.Flip f -> with("flip", f.operand(), List.of(text("axis", f.axis())));
      case CoverageExpr.Sort s ->
          with(
              "sort",
              s.operand(),
              List.of(
                  text("axis", s.axis()),
                  text("order", s.descending() ? "desc" : "asc"),
                  node("by", List.of(expr(s.by())))));
      case CoverageExpr.Construct c -> {
        List<Node> parts = new ArrayList<>(List.of(text("name", c.name())));
        c.iterators().forEach(i -> parts.add(iterator("axisIterator", i)));
        parts.add(expr(c.values()));
        yield node("construct", parts);
      }
      case CoverageExpr.ConstructList c -> {
        List<Node> parts = new ArrayList<>(List.of(text("name", c.name())));
        c.iterators().forEach(i -> parts.add(iterator("axisIterator", i)));
        c.values().forEach(v -> parts.add(node("value", List.of(expr(v)))));
        yield node("const", parts);
      }
      case CoverageExpr.Condense c -> {
        String operator = CONDENSE.get(c.operator());
        List<Node> parts =
            new ArrayList<>(
                List.of(operator == null ? text("op", c.operator()) : node(operator, List.of())));
        c.iterators().forEach(i -> parts.add(iterator("iterator", i)));
        c.where().ifPresent(w -> parts.add(node("where", List.of(expr(w)))));
        parts.add(expr(c.using()));
        yield node("condense", parts);
      }
      case CoverageExpr.Metadata m ->
          with(
              switch (m.function()) {
                case "crsset" -> "crsSet";
                case "imagecrs" -> "imageCrs";
                case "cellcount" -> "cellCount";
                case "nullset" -> "nullSet";
                default -> m.function();
              },
              m.operand(),
              List.of());
      case CoverageExpr.DomainOf d -> {
        List<Node> rest = new ArrayList<>(optional("axis", d.axis()));
        rest.addAll(optional("srsName", d.crs()));
        yield with(d.grid() ? "imageCrsDomain" : "domainMetadata", d.operand(), rest);
      }
      case CoverageExpr.Describe d -> {
        List<Node> rest = new ArrayList<>(List.of(text("format", d.format())));
        rest.addAll(optional("extraParameters", d.options()));
        yield with("describe", d.operand(), rest);
      }
      case CoverageExpr.Encode d -> {
        List<Node> rest = new ArrayList<>(List.of(text("format", d.format())));
        rest.addAll(optional("extraParameters", d.options()));
        yield with("encode", d.operand(), rest);
      }
    };
  }

  private static List<Node> dimensions(List<DimensionSubset> subsets) {
    List<Node> nodes = new ArrayList<>();
    for (DimensionSubset s : subsets) {
      switch (s) {
        case DimensionSubset.DimensionTrim t -> {
          nodes.add(text("axis", t.axis()));
          nodes.addAll(optional("srsName", t.crs()));
          nodes.add(node("lowerBound", List.of(expr(t.lower()))));
          nodes.add(node("upperBound", List.of(expr(t.upper()))));
        }
        case DimensionSubset.DimensionSlice p -> {
          nodes.add(text("axis", p.axis()));
          nodes.addAll(optional("srsName", p.crs()));
          nodes.add(node("slicingPosition", List.of(expr(p.at()))));
        }
        case DimensionSubset.DimensionVariable v -> nodes.add(text("subsetVariable", v.name()));
      }
    }
    return nodes;
  }

  private static List<Node> values(List<AxisValue> values, String name) {
    List<Node> nodes = new ArrayList<>();
    for (AxisValue v : values) {
      nodes.add(text("axis", v.axis()));
      nodes.add(node(name, List.of(expr(v.value()))));
    }
    return nodes;
  }

  private static List<Node> target(Target target) {
    return switch (target) {
      case Target.Factor f -> List.of(node("factor", List.of(expr(f.factor()))));
      case Target.Factors f -> List.of(node("scaleAxes", values(f.factors(), "factor")));
      case Target.Sizes s -> List.of(node("scaleSize", values(s.sizes(), "size")));
      case Target.Extents x -> List.of(node("scaleExtent", dimensions(x.extents())));
      case Target.Intervals i -> dimensions(i.intervals());
      case Target.Like l -> List.of(node("like", List.of(expr(l.domain()))));
    };
  }

  private static Node iterator(String name, CoverageExpr.AxisIterator i) {
    List<Node> parts = new ArrayList<>(List.of(text("iteratorVar", i.variable())));
    switch (i.interval()) {
      case DimensionSubset.DimensionTrim t -> {
        parts.add(text("axis", t.axis()));
        parts.addAll(optional("srsName", t.crs()));
        parts.add(expr(t.lower()));
        parts.add(expr(t.upper()));
      }
      case DimensionSubset.DimensionSlice s -> {
        parts.add(text("axis", s.axis()));
        parts.addAll(optional("srsName", s.crs()));
        parts.add(node("interval", List.of(expr(s.at()))));
      }
      case DimensionSubset.DimensionVariable v -> throw new IllegalArgumentException(v.name());
    }
    parts.addAll(optional("step", i.step()));
    return node(name, parts);
  }
}
