package org.tessera.coverage.wcps;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.CoverageExpr.AxisIterator;
import org.tessera.coverage.expr.CoverageExpr.AxisValue;
import org.tessera.coverage.expr.CoverageExpr.Target;
import org.tessera.coverage.expr.DimensionSubset;
import org.tessera.coverage.expr.DimensionSubset.DimensionSlice;
import org.tessera.coverage.expr.DimensionSubset.DimensionTrim;
import org.tessera.coverage.expr.DimensionSubset.DimensionVariable;
import org.tessera.coverage.expr.Position;
import org.tessera.coverage.expr.Shape;
import org.tessera.coverage.expr.WcpsQuery;

/**
 * Reads queries in the XML encoding of WCPS 1.0 (OGC 08-068r2 and 08-059r4, element {@code
 * xmlSyntax}), in any namespace, with an element for each construct that the text syntax has beyond
 * it. All that is wrong is an {@link OwsException} with {@code SyntaxError} and the element as
 * locator.
 */
public final class WcpsXml {
  /** Operators of two operands by their elements; those of scalars have names of their own. */
  static final Map<String, String> BINARY =
      Map.ofEntries(
          Map.entry("plus", "+"),
          Map.entry("minus", "-"),
          Map.entry("mult", "*"),
          Map.entry("div", "/"),
          Map.entry("mod", "mod"),
          Map.entry("quotient", "div"),
          Map.entry("and", "and"),
          Map.entry("or", "or"),
          Map.entry("xor", "xor"),
          Map.entry("overlay", "overlay"),
          Map.entry("equals", "="),
          Map.entry("notEqual", "!="),
          Map.entry("lessThan", "<"),
          Map.entry("lessOrEqual", "<="),
          Map.entry("greaterThan", ">"),
          Map.entry("greaterOrEqual", ">="));

  private static final Map<String, String> SCALAR_BINARY =
      Map.ofEntries(
          Map.entry("numericAdd", "+"),
          Map.entry("numericMinus", "-"),
          Map.entry("numericMult", "*"),
          Map.entry("numericDiv", "/"),
          Map.entry("booleanAnd", "and"),
          Map.entry("booleanOr", "or"),
          Map.entry("booleanXor", "xor"),
          Map.entry("booleanLessThan", "<"),
          Map.entry("booleanLessOrEqual", "<="),
          Map.entry("booleanGreaterThan", ">"),
          Map.entry("booleanGreaterOrEqual", ">="),
          Map.entry("booleanEqualNumeric", "="),
          Map.entry("booleanNotEqualNumeric", "!="),
          Map.entry("booleanEqualString", "="),
          Map.entry("booleanNotEqualString", "!="));

  static final Map<String, String> UNARY =
      Map.of(
          "unaryPlus", "+",
          "unaryMinus", "-",
          "not", "not",
          "isNull", "is null",
          "isNotNull", "is not null",
          "numericUnaryMinus", "-",
          "booleanNot", "not");

  static final Map<String, String> CONDENSE =
      Map.of(
          "opPlus", "+", "opMult", "*", "opMax", "max", "opMin", "min", "opAnd", "and", "opOr",
          "or");

  private static final Set<String> METADATA =
      Set.of("identifier", "stringIdentifier", "crsSet", "imageCrs", "cellCount", "nullSet");

  private static final Set<String> SETTERS =
      Set.of(
          "setIdentifier",
          "setCrsSet",
          "setNullSet",
          "setInterpolationDefault",
          "setInterpolationSet",
          "interpolationDefault",
          "interpolationSet");

  private WcpsXml() {}

  /**
   * An element of a query.
   *
   * @param name local
   * @param text of the element itself, without the white space around it
   */
  public record Node(
      String name, Map<String, String> attributes, List<Node> children, String text) {
    public Node {
      attributes = Map.copyOf(attributes);
      children = List.copyOf(children);
    }

    Optional<Node> child(String wanted) {
      return children.stream().filter(c -> c.name.equals(wanted)).findFirst();
    }

    List<Node> all(String wanted) {
      return children.stream().filter(c -> c.name.equals(wanted)).toList();
    }
  }

  /**
   * A query.
   *
   * @param syntax the element {@code xmlSyntax}
   */
  public static WcpsQuery read(Node syntax) {
    List<WcpsQuery.Iteration> iterations = new ArrayList<>();
    List<WcpsQuery.Let> lets = new ArrayList<>();
    Optional<CoverageExpr> where = Optional.empty();
    Optional<CoverageExpr> result = Optional.empty();
    for (Node n : syntax.children()) {
      switch (n.name()) {
        case "coverageIterator" -> iterations.add(iteration(n));
        case "let" -> lets.add(let(n));
        case "where" -> where = Optional.of(only(n));
        case "return" -> result = Optional.of(only(n));
        default -> {
          if (result.isPresent()) {
            throw wrong(n, "the end of the query");
          }
          result = Optional.of(expr(n));
        }
      }
    }
    if (iterations.isEmpty()) {
      throw missing(syntax, "coverageIterator");
    }
    return new WcpsQuery(
        iterations, lets, where, result.orElseThrow(() -> missing(syntax, "encode or a scalar")));
  }

  private static WcpsQuery.Iteration iteration(Node n) {
    List<CoverageExpr> sources = new ArrayList<>();
    for (Node c : n.children()) {
      switch (c.name()) {
        case "iteratorVar" -> {
          // Read below.
        }
        case "coverageName" ->
            sources.add(new CoverageExpr.CoverageRef(text(c).replace("$", ""), Position.NONE));
        case "decode" ->
            sources.add(
                new CoverageExpr.Decode(
                    whole(c, c.attributes().getOrDefault("part", "")),
                    Optional.of(c.text()).filter(t -> !t.isEmpty()),
                    Position.NONE));
        default -> throw wrong(c, "iteratorVar, coverageName or decode");
      }
    }
    if (sources.isEmpty()) {
      throw missing(n, "coverageName");
    }
    return new WcpsQuery.Iteration(name(n, "iteratorVar"), sources, Position.NONE);
  }

  private static WcpsQuery.Let let(Node n) {
    String name = name(n, "name");
    List<Node> rest = n.children().stream().filter(c -> !c.name().equals("name")).toList();
    if (rest.size() != 1) {
      throw missing(n, "one value");
    }
    Node value = rest.getFirst();
    return new WcpsQuery.Let(
        name,
        switch (value.name()) {
          case "intervals" ->
              new CoverageExpr.Intervals(dimensions(value, value.children()), Position.NONE);
          case "shape" ->
              new CoverageExpr.ShapeLiteral(WcpsParser.parseShape(text(value)), Position.NONE);
          default -> expr(value);
        },
        Position.NONE);
  }

  // ---- expressions

  private static CoverageExpr expr(Node n) {
    Position at = Position.NONE;
    if (BINARY.containsKey(n.name()) || SCALAR_BINARY.containsKey(n.name())) {
      List<CoverageExpr> both = exprs(n, n.children());
      if (both.size() != 2) {
        throw missing(n, "two operands");
      }
      String operator = BINARY.getOrDefault(n.name(), SCALAR_BINARY.get(n.name()));
      return new CoverageExpr.Binary(operator, both.get(0), both.get(1), at);
    }
    if (UNARY.containsKey(n.name())) {
      return new CoverageExpr.Unary(UNARY.get(n.name()), only(n), at);
    }
    if (METADATA.contains(n.name())) {
      String function = n.name().equals("stringIdentifier") ? "identifier" : n.name();
      return new CoverageExpr.Metadata(function.toLowerCase(Locale.ROOT), only(n), at);
    }
    if (SETTERS.contains(n.name())) {
      throw new OwsException(
          OwsErrorCode.OPTION_NOT_SUPPORTED,
          n.name(),
          "The element " + n.name() + " of WCPS 1.0 is not supported.");
    }
    return switch (n.name()) {
      case "coverage", "variableRef" -> new CoverageExpr.Variable(bare(text(n)), at);
      case "numericConstant", "integerConstant", "floatConstant" -> number(n);
      case "stringConstant" -> new CoverageExpr.StringLiteral(n.text(), at);
      case "booleanConstant" ->
          new CoverageExpr.BooleanLiteral(
              n.text().equals("true") || n.text().equals("1") || n.text().equals("t"), at);
      case "complexConstant" -> new CoverageExpr.ComplexLiteral(part(n, "re"), part(n, "im"), at);
      case "asterisk" -> new CoverageExpr.Asterisk(at);
      // Wrappers around what a reducer, a condenser and a constructor compute.
      case "reduce", "using", "values" -> only(n);
      case "condense" -> condense(n);
      case "cast" -> new CoverageExpr.Cast(type(child(n, "type").text()), first(n), at);
      case "fieldSelect" -> new CoverageExpr.Field(first(n), field(n.child("field").orElse(n)), at);
      case "selectFields" -> selectFields(n);
      case "rangeConstructor" -> rangeConstructor(n);
      case "switch" -> switchOf(n);
      case "trim", "slice", "subset" ->
          new CoverageExpr.Subset(first(n), dimensions(n, rest(n)), at);
      case "extend" -> new CoverageExpr.Extend(first(n), target(n, rest(n)), at);
      case "scale" -> scale(n);
      case "crsTransform" -> crsTransform(n);
      case "clip" ->
          new CoverageExpr.Clip(
              first(n),
              shape(text(child(n, "shape"))),
              n.child("srsName").map(WcpsXml::text),
              n.child("withCoordinates").isPresent(),
              at);
      case "flip" -> new CoverageExpr.Flip(first(n), name(n, "axis"), at);
      case "sort" ->
          new CoverageExpr.Sort(
              first(n),
              name(n, "axis"),
              n.child("order").filter(o -> o.text().equals("desc")).isPresent(),
              only(child(n, "by")),
              at);
      case "construct" -> construct(n);
      case "const" -> constant(n);
      case "imageCrsDomain" -> domain(n, true);
      case "domainMetadata", "DomainMetadata" -> domain(n, false);
      case "describe" ->
          new CoverageExpr.Describe(
              first(n), text(child(n, "format")), n.child("extraParameters").map(Node::text), at);
      case "encode" ->
          new CoverageExpr.Encode(
              first(n), text(child(n, "format")), n.child("extraParameters").map(Node::text), at);
      case "bit" -> bit(n);
      case "call" -> {
        String function = n.attributes().getOrDefault("name", "").toLowerCase(Locale.ROOT);
        if (function.isEmpty()) {
          throw missing(n, "the attribute name");
        }
        yield new CoverageExpr.Call(function, exprs(n, n.children()), at);
      }
      default -> {
        if (n.children().isEmpty()) {
          throw wrong(n, "an expression");
        }
        // Functions and reducers: abs, sqrt, ..., all, some, count, add, avg, min, max.
        yield new CoverageExpr.Call(n.name().toLowerCase(Locale.ROOT), exprs(n, n.children()), at);
      }
    };
  }

  private static List<CoverageExpr> exprs(Node of, List<Node> nodes) {
    if (nodes.isEmpty()) {
      throw missing(of, "an operand");
    }
    return nodes.stream().map(WcpsXml::expr).toList();
  }

  private static CoverageExpr only(Node n) {
    if (n.children().size() != 1) {
      throw missing(n, "one expression");
    }
    return expr(n.children().getFirst());
  }

  private static CoverageExpr first(Node n) {
    if (n.children().isEmpty()) {
      throw missing(n, "an expression");
    }
    return expr(n.children().getFirst());
  }

  private static List<Node> rest(Node n) {
    return n.children().subList(1, n.children().size());
  }

  private static CoverageExpr number(Node n) {
    String text = text(n);
    if (text.equalsIgnoreCase("nan")) {
      return new CoverageExpr.NanLiteral(Position.NONE);
    }
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String digits = signed ? text.substring(1) : text;
    if (!digits.matches("([0-9]+(\\.[0-9]+)?|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
      throw new OwsException(
          OwsErrorCode.SYNTAX_ERROR, n.name(), "'" + text + "' in " + n.name() + " is no number.");
    }
    CoverageExpr literal = new CoverageExpr.NumberLiteral(digits, Position.NONE);
    return signed ? new CoverageExpr.Unary(text.substring(0, 1), literal, Position.NONE) : literal;
  }

  /** A part of a complex constant: a number as text, or an expression. */
  private static CoverageExpr part(Node n, String name) {
    Node part = child(n, name);
    return part.children().isEmpty() ? number(part) : only(part);
  }

  private static String type(String type) {
    String words = type.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    return words.equals("bool") ? "boolean" : words;
  }

  private static String field(Node n) {
    return bare(n.child("name").map(WcpsXml::text).orElseGet(() -> text(n)));
  }

  private static CoverageExpr selectFields(Node n) {
    List<CoverageExpr.FieldRange> fields = new ArrayList<>();
    for (Node r : rest(n)) {
      switch (r.name()) {
        case "field" -> fields.add(new CoverageExpr.FieldRange(field(r), Optional.empty()));
        case "fieldInterval" ->
            fields.add(
                new CoverageExpr.FieldRange(
                    text(child(r, "first")), Optional.of(text(child(r, "last")))));
        default -> throw wrong(r, "field or fieldInterval");
      }
    }
    return new CoverageExpr.SelectFields(first(n), fields);
  }

  private static CoverageExpr rangeConstructor(Node n) {
    List<CoverageExpr.Component> components = new ArrayList<>();
    for (Node c : n.children()) {
      if (!c.name().equals("component") || c.children().size() != 2) {
        throw wrong(c, "component with a field and an expression");
      }
      components.add(
          new CoverageExpr.Component(
              field(c.children().get(0)), expr(c.children().get(1)), Position.NONE));
    }
    if (components.isEmpty()) {
      throw missing(n, "component");
    }
    return new CoverageExpr.RangeConstructor(components, Position.NONE);
  }

  private static CoverageExpr switchOf(Node n) {
    List<CoverageExpr.Case> cases = new ArrayList<>();
    for (Node c : n.all("case")) {
      if (c.children().size() != 2) {
        throw missing(c, "a condition and a value");
      }
      cases.add(new CoverageExpr.Case(expr(c.children().get(0)), expr(c.children().get(1))));
    }
    if (cases.isEmpty()) {
      throw missing(n, "case");
    }
    return new CoverageExpr.Switch(cases, only(child(n, "default")), Position.NONE);
  }

  private static CoverageExpr bit(Node n) {
    List<CoverageExpr> both = new ArrayList<>();
    for (Node c : n.children()) {
      both.add(c.name().equals("bitIndex") ? number(c) : expr(c));
    }
    return new CoverageExpr.Call("bit", both, Position.NONE);
  }

  /** Well-known text, or a variable. */
  private static Shape shape(String text) {
    return text.startsWith("$")
        ? new Shape.ShapeVariable(bare(text), Position.NONE)
        : WcpsParser.parseShape(text);
  }

  // ---- dimensions

  /**
   * A run of {@code axis}, {@code srsName}, {@code lowerBound} and {@code upperBound} or {@code
   * slicingPosition} or an expression whose value is an interval.
   */
  private static List<DimensionSubset> dimensions(Node of, List<Node> nodes) {
    List<DimensionSubset> list = new ArrayList<>();
    int i = 0;
    while (i < nodes.size()) {
      Node n = nodes.get(i);
      if (n.name().equals("subsetVariable")) {
        list.add(new DimensionVariable(bare(text(n)), Position.NONE));
        i++;
        continue;
      }
      if (!n.name().equals("axis")) {
        throw wrong(n, "axis");
      }
      String axis = bare(text(n));
      i++;
      Optional<String> crs = Optional.empty();
      if (i < nodes.size() && nodes.get(i).name().equals("srsName")) {
        crs = Optional.of(text(nodes.get(i++)));
      }
      if (i == nodes.size()) {
        throw missing(of, "lowerBound or slicingPosition of axis '" + axis + "'");
      }
      Node bound = nodes.get(i++);
      switch (bound.name()) {
        case "lowerBound" -> {
          if (i == nodes.size() || !nodes.get(i).name().equals("upperBound")) {
            throw missing(of, "upperBound of axis '" + axis + "'");
          }
          list.add(new DimensionTrim(axis, crs, bound(bound), bound(nodes.get(i++))));
        }
        case "slicingPosition" -> list.add(new DimensionSlice(axis, crs, bound(bound)));
        default -> {
          CoverageExpr interval = expr(bound);
          if (i + 1 < nodes.size()
              && nodes.get(i).name().equals("axis")
              && nodes.get(i + 1).name().equals("srsName")) {
            // The domain of an axis of a coverage, its parts one after the other.
            interval =
                new CoverageExpr.DomainOf(
                    false,
                    interval,
                    Optional.of(text(nodes.get(i))),
                    Optional.of(text(nodes.get(i + 1))),
                    Position.NONE);
            i += 2;
          }
          list.add(new DimensionSlice(axis, crs, interval));
        }
      }
    }
    if (list.isEmpty()) {
      throw missing(of, "axis");
    }
    return list;
  }

  /** An expression, or a number, a time or {@code *} as text. */
  private static CoverageExpr bound(Node n) {
    if (!n.children().isEmpty()) {
      return only(n);
    }
    String text = text(n);
    if (text.equals("*")) {
      return new CoverageExpr.Asterisk(Position.NONE);
    }
    return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?")
        ? number(n)
        : new CoverageExpr.StringLiteral(text, Position.NONE);
  }

  private static List<AxisValue> values(Node n, String value) {
    List<AxisValue> list = new ArrayList<>();
    for (int i = 0; i + 1 < n.children().size(); i += 2) {
      Node axis = n.children().get(i);
      Node v = n.children().get(i + 1);
      if (!axis.name().equals("axis") || !v.name().equals(value)) {
        throw wrong(axis.name().equals("axis") ? v : axis, "axis and " + value);
      }
      list.add(new AxisValue(bare(text(axis)), bound(v)));
    }
    if (list.isEmpty() || n.children().size() % 2 != 0) {
      throw missing(n, "pairs of axis and " + value);
    }
    return list;
  }

  private static Target target(Node of, List<Node> nodes) {
    if (nodes.size() == 1) {
      Node n = nodes.getFirst();
      switch (n.name()) {
        case "like" -> {
          return new Target.Like(only(n));
        }
        case "factor" -> {
          return new Target.Factor(bound(n));
        }
        case "scaleAxes" -> {
          return new Target.Factors(values(n, "factor"));
        }
        case "scaleSize" -> {
          return new Target.Sizes(values(n, "size"));
        }
        case "scaleExtent" -> {
          return new Target.Extents(dimensions(n, n.children()));
        }
        default -> {
          // A dimension.
        }
      }
    }
    return new Target.Intervals(dimensions(of, nodes));
  }

  private static CoverageExpr scale(Node n) {
    List<Node> target = new ArrayList<>();
    Optional<String> interpolation = Optional.empty();
    for (Node c : rest(n)) {
      switch (c.name()) {
        case "name", "field", "nullResistance" -> {
          // One interpolation for all fields; where values are null they are left aside.
        }
        case "interpolationMethod" -> interpolation = Optional.of(text(c));
        default -> target.add(c);
      }
    }
    return new CoverageExpr.Scale(first(n), target(n, target), interpolation, Position.NONE);
  }

  private static CoverageExpr crsTransform(Node n) {
    Optional<String> crs = Optional.empty();
    List<CoverageExpr.AxisCrs> axisCrs = new ArrayList<>();
    Optional<String> interpolation = Optional.empty();
    List<AxisValue> resolutions = new ArrayList<>();
    Optional<Target> extent = Optional.empty();
    Optional<String> axis = Optional.empty();
    for (Node c : rest(n)) {
      switch (c.name()) {
        case "axis" -> axis = Optional.of(bare(text(c)));
        case "srsName" -> {
          if (axis.isPresent()) {
            axisCrs.add(new CoverageExpr.AxisCrs(axis.get(), text(c)));
            axis = Optional.empty();
          } else {
            crs = Optional.of(text(c));
          }
        }
        case "name", "field", "nullResistance" -> {
          // As for scale.
        }
        case "interpolationMethod" -> interpolation = Optional.of(text(c));
        case "resolutions" -> resolutions.addAll(values(c, "resolution"));
        case "extent" -> extent = Optional.of(target(c, c.children()));
        default -> throw wrong(c, "axis, srsName, interpolationMethod, resolutions or extent");
      }
    }
    if (crs.isEmpty() && axisCrs.isEmpty()) {
      throw missing(n, "srsName");
    }
    return new CoverageExpr.CrsTransform(
        first(n), crs, axisCrs, interpolation, resolutions, extent, Position.NONE);
  }

  // ---- construction

  private static AxisIterator iterator(Node n) {
    String variable = name(n, "iteratorVar");
    List<Node> rest =
        n.children().stream()
            .filter(c -> !c.name().equals("iteratorVar") && !c.name().equals("step"))
            .toList();
    if (rest.isEmpty() || !rest.getFirst().name().equals("axis")) {
      throw missing(n, "axis");
    }
    String axis = bare(text(rest.getFirst()));
    rest = rest.subList(1, rest.size());
    Optional<String> crs = Optional.empty();
    if (!rest.isEmpty() && rest.getFirst().name().equals("srsName")) {
      crs = Optional.of(text(rest.getFirst()));
      rest = rest.subList(1, rest.size());
    }
    DimensionSubset interval =
        switch (rest.size()) {
          case 1 ->
              new DimensionSlice(
                  axis,
                  crs,
                  rest.getFirst().name().equals("interval")
                      ? only(rest.getFirst())
                      : expr(rest.getFirst()));
          case 2 ->
              rest.get(1).name().equals("axis")
                  ? new DimensionSlice(
                      axis,
                      crs,
                      new CoverageExpr.DomainOf(
                          true,
                          expr(rest.get(0)),
                          Optional.of(text(rest.get(1))),
                          Optional.empty(),
                          Position.NONE))
                  : new DimensionTrim(axis, crs, end(rest.get(0)), end(rest.get(1)));
          default -> throw missing(n, "two bounds, or the domain of an axis");
        };
    return new AxisIterator(variable, interval, n.child("step").map(WcpsXml::text), Position.NONE);
  }

  private static CoverageExpr end(Node n) {
    return n.name().equals("lowerBound") || n.name().equals("upperBound") ? bound(n) : expr(n);
  }

  private static List<AxisIterator> iterators(Node n, String name) {
    List<AxisIterator> list = n.all(name).stream().map(WcpsXml::iterator).toList();
    if (list.isEmpty()) {
      throw missing(n, name);
    }
    return list;
  }

  private static CoverageExpr construct(Node n) {
    return new CoverageExpr.Construct(
        name(n, "name"), iterators(n, "axisIterator"), expr(n.children().getLast()), Position.NONE);
  }

  private static CoverageExpr constant(Node n) {
    List<CoverageExpr> values =
        n.all("value").stream().map(v -> v.children().isEmpty() ? bound(v) : only(v)).toList();
    if (values.isEmpty()) {
      throw missing(n, "value");
    }
    return new CoverageExpr.ConstructList(
        name(n, "name"), iterators(n, "axisIterator"), values, Position.NONE);
  }

  private static CoverageExpr condense(Node n) {
    if (n.children().size() == 1) {
      // A reducer in a wrapper.
      return only(n);
    }
    String operator =
        n.children().stream()
            .map(c -> CONDENSE.getOrDefault(c.name(), c.name().equals("op") ? c.text() : ""))
            .filter(o -> !o.isEmpty())
            .findFirst()
            .orElseThrow(() -> missing(n, "opPlus, opMult, opMax, opMin, opAnd or opOr"));
    return new CoverageExpr.Condense(
        operator,
        iterators(n, "iterator"),
        n.child("where").map(WcpsXml::only),
        expr(n.children().getLast()),
        Position.NONE);
  }

  private static CoverageExpr domain(Node n, boolean grid) {
    return new CoverageExpr.DomainOf(
        grid,
        first(n),
        n.child("axis").map(a -> bare(text(a))),
        n.child("srsName").map(WcpsXml::text),
        Position.NONE);
  }

  // ---- words

  private static Node child(Node n, String name) {
    return n.child(name).orElseThrow(() -> missing(n, name));
  }

  private static String name(Node n, String child) {
    return bare(text(child(n, child)));
  }

  private static String text(Node n) {
    if (n.text().isEmpty()) {
      throw missing(n, "text");
    }
    return n.text();
  }

  private static String bare(String name) {
    return name.startsWith("$") ? name.substring(1) : name;
  }

  private static int whole(Node n, String text) {
    if (!text.matches("[0-9]{1,6}")) {
      throw missing(n, "the attribute part with a number");
    }
    return Integer.parseInt(text);
  }

  private static OwsException wrong(Node found, String expected) {
    return new OwsException(
        OwsErrorCode.SYNTAX_ERROR,
        found.name(),
        "Syntax error: found the element " + found.name() + ", expected " + expected + ".");
  }

  private static OwsException missing(Node of, String expected) {
    return new OwsException(
        OwsErrorCode.SYNTAX_ERROR,
        of.name(),
        "Syntax error: the element " + of.name() + " lacks " + expected + ".");
  }
}
