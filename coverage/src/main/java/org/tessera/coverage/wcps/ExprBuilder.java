package org.tessera.coverage.wcps;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.CoverageExpr.AxisValue;
import org.tessera.coverage.expr.CoverageExpr.Target;
import org.tessera.coverage.expr.DimensionSubset;
import org.tessera.coverage.expr.DimensionSubset.DimensionSlice;
import org.tessera.coverage.expr.DimensionSubset.DimensionTrim;
import org.tessera.coverage.expr.DimensionSubset.DimensionVariable;
import org.tessera.coverage.expr.Position;
import org.tessera.coverage.expr.Shape;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.coverage.wcps.WcpsSyntaxParser.ArgumentContext;
import org.tessera.coverage.wcps.WcpsSyntaxParser.CallContext;
import org.tessera.coverage.wcps.WcpsSyntaxParser.ExpressionContext;
import org.tessera.coverage.wcps.WcpsSyntaxParser.ItemContext;

/** The parse tree to expressions; the meaning of each function's arguments is said here. */
final class ExprBuilder {
  /** Deepest expression; bounds the stack of everything that walks over expressions. */
  private static final int MAX_DEPTH = 300;

  private int depth;

  // ---- query

  WcpsQuery query(WcpsSyntaxParser.QueryContext ctx) {
    List<WcpsQuery.Iteration> iterations = new ArrayList<>();
    for (WcpsSyntaxParser.IterationContext i : ctx.iteration()) {
      iterations.add(
          new WcpsQuery.Iteration(
              name(i.variable()), i.source().stream().map(this::source).toList(), at(i)));
    }
    List<WcpsQuery.Let> lets = new ArrayList<>();
    for (WcpsSyntaxParser.LetClauseContext clause : ctx.letClause()) {
      for (WcpsSyntaxParser.LetContext l : clause.let()) {
        lets.add(new WcpsQuery.Let(name(l.variable()), letValue(l), at(l)));
      }
    }
    if (ctx.whereClause().size() > 1) {
      throw SyntaxErrors.at(at(ctx.whereClause(1)), "there is more than one where");
    }
    Optional<CoverageExpr> where =
        ctx.whereClause().stream().findFirst().map(w -> expr(w.expression()));
    return new WcpsQuery(iterations, lets, where, expr(ctx.expression()));
  }

  private CoverageExpr source(WcpsSyntaxParser.SourceContext ctx) {
    return switch (ctx) {
      case WcpsSyntaxParser.UploadedContext u ->
          new CoverageExpr.Decode(
              integer(u.PART().getText().substring(1), at(u)),
              Optional.ofNullable(u.STRING()).map(s -> unquote(s.getText())),
              at(u));
      case WcpsSyntaxParser.StoredContext s ->
          new CoverageExpr.CoverageRef(s.coverageName().getText().replace("$", ""), at(s));
      default -> throw unknown(ctx);
    };
  }

  private CoverageExpr letValue(WcpsSyntaxParser.LetContext ctx) {
    if (ctx.brackets() != null) {
      return new CoverageExpr.Intervals(dimensions(ctx.brackets().dimension()), at(ctx.brackets()));
    }
    if (ctx.shape() != null) {
      return new CoverageExpr.ShapeLiteral(shape(ctx.shape()), at(ctx.shape()));
    }
    return expr(ctx.expression());
  }

  // ---- expressions

  CoverageExpr expr(ExpressionContext ctx) {
    if (++depth > MAX_DEPTH) {
      throw SyntaxErrors.at(at(ctx), "the query is nested too deeply");
    }
    CoverageExpr e = at(ctx, at(ctx));
    depth--;
    return e;
  }

  private CoverageExpr at(ExpressionContext ctx, Position at) {
    return switch (ctx) {
      case WcpsSyntaxParser.NumberContext n -> new CoverageExpr.NumberLiteral(n.getText(), at);
      case WcpsSyntaxParser.StringContext s ->
          new CoverageExpr.StringLiteral(unquote(s.getText()), at);
      case WcpsSyntaxParser.NameContext n -> named(n.variable().getText(), at);
      case WcpsSyntaxParser.FunctionContext f -> call(f.call());
      case WcpsSyntaxParser.ParenthesesContext p ->
          p.expression().size() == 1
              ? expr(p.expression(0))
              : new CoverageExpr.ComplexLiteral(expr(p.expression(0)), expr(p.expression(1)), at);
      case WcpsSyntaxParser.FieldContext f ->
          new CoverageExpr.Field(
              expr(f.expression()),
              f.anyName() != null ? name(f.anyName()) : f.POINT_NUMBER().getText().substring(1),
              f.anyName() != null ? at(f.anyName()) : at(f.POINT_NUMBER().getSymbol()));
      case WcpsSyntaxParser.SubsettingContext s ->
          new CoverageExpr.Subset(
              expr(s.expression()), s.subset().stream().map(this::subset).toList(), at);
      case WcpsSyntaxParser.RangeConstructorContext r -> rangeConstructor(r);
      case WcpsSyntaxParser.SignContext s ->
          new CoverageExpr.Unary(s.getStart().getText(), expr(s.expression()), at);
      case WcpsSyntaxParser.NotContext n -> new CoverageExpr.Unary("not", expr(n.expression()), at);
      case WcpsSyntaxParser.IsNullContext n ->
          new CoverageExpr.Unary(
              n.NOT() == null ? "is null" : "is not null", expr(n.expression()), at);
      case WcpsSyntaxParser.CastContext c ->
          new CoverageExpr.Cast(type(c.type()), expr(c.expression()), at);
      case WcpsSyntaxParser.BinaryContext b ->
          new CoverageExpr.Binary(
              b.getChild(1).getText().toLowerCase(Locale.ROOT),
              expr(b.expression(0)),
              expr(b.expression(1)),
              at);
      case WcpsSyntaxParser.SwitchContext s ->
          new CoverageExpr.Switch(
              s.switchCase().stream()
                  .map(c -> new CoverageExpr.Case(expr(c.expression(0)), expr(c.expression(1))))
                  .toList(),
              expr(s.expression()),
              at);
      case WcpsSyntaxParser.FlipContext f ->
          new CoverageExpr.Flip(expr(f.expression()), name(f.anyName()), at);
      case WcpsSyntaxParser.SortContext s ->
          new CoverageExpr.Sort(
              expr(s.expression(0)),
              name(s.anyName()),
              s.DESC() != null,
              expr(s.expression(1)),
              at);
      case WcpsSyntaxParser.ConstructContext c ->
          new CoverageExpr.Construct(
              name(c.anyName()), iterators(c.axisIterator()), expr(c.expression()), at);
      case WcpsSyntaxParser.ConstructListContext c ->
          new CoverageExpr.ConstructList(
              name(c.anyName()),
              iterators(c.axisIterator()),
              c.constant().stream().map(this::constant).toList(),
              at);
      case WcpsSyntaxParser.CondenseContext c ->
          new CoverageExpr.Condense(
              c.operator().getText().toLowerCase(Locale.ROOT),
              iterators(c.axisIterator()),
              c.WHERE() == null ? Optional.empty() : Optional.of(expr(c.expression(0))),
              expr(c.expression(c.WHERE() == null ? 0 : 1)),
              at);
      default -> throw unknown(ctx);
    };
  }

  private static CoverageExpr named(String text, Position at) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> new CoverageExpr.BooleanLiteral(true, at);
      case "false" -> new CoverageExpr.BooleanLiteral(false, at);
      case "nan" -> new CoverageExpr.NanLiteral(at);
      default -> new CoverageExpr.Variable(bare(text), at);
    };
  }

  private CoverageExpr rangeConstructor(WcpsSyntaxParser.RangeConstructorContext ctx) {
    return new CoverageExpr.RangeConstructor(
        ctx.component().stream()
            .map(c -> new CoverageExpr.Component(name(c.anyName()), expr(c.expression()), at(c)))
            .toList(),
        at(ctx));
  }

  private static String type(WcpsSyntaxParser.TypeContext ctx) {
    String type = ctx.TYPE().getText().toLowerCase(Locale.ROOT);
    return ctx.UNSIGNED() == null ? type : "unsigned " + type;
  }

  private CoverageExpr constant(WcpsSyntaxParser.ConstantContext ctx) {
    Position at = at(ctx);
    return switch (ctx) {
      case WcpsSyntaxParser.ConstantNumberContext n ->
          signed(n.getStart(), (n.NUMBER() != null ? n.NUMBER() : n.POINT_NUMBER()).getText(), at);
      case WcpsSyntaxParser.ConstantStringContext s ->
          new CoverageExpr.StringLiteral(unquote(s.getText()), at);
      case WcpsSyntaxParser.ConstantNameContext n -> named(n.getText(), at);
      case WcpsSyntaxParser.ConstantInParenthesesContext p ->
          p.expression().size() == 1
              ? expr(p.expression(0))
              : new CoverageExpr.ComplexLiteral(expr(p.expression(0)), expr(p.expression(1)), at);
      default -> throw unknown(ctx);
    };
  }

  private static CoverageExpr signed(Token first, String number, Position at) {
    CoverageExpr literal = new CoverageExpr.NumberLiteral(number, at);
    return first.getText().equals("-") || first.getText().equals("+")
        ? new CoverageExpr.Unary(first.getText(), literal, at)
        : literal;
  }

  private List<CoverageExpr.AxisIterator> iterators(
      List<WcpsSyntaxParser.AxisIteratorContext> contexts) {
    return contexts.stream().map(this::iterator).toList();
  }

  private CoverageExpr.AxisIterator iterator(WcpsSyntaxParser.AxisIteratorContext ctx) {
    DimensionSubset interval =
        interval(name(ctx.anyName()), crs(ctx.crs()), ctx.interval(), at(ctx.anyName()));
    Optional<String> step = Optional.ofNullable(ctx.STRING()).map(s -> unquote(s.getText()));
    if (step.isEmpty()
        && interval instanceof DimensionTrim t
        && t.upper() instanceof CoverageExpr.StringLiteral s
        && s.value().startsWith("P")) {
      // One time or domain and a step.
      interval = new DimensionSlice(t.axis(), t.crs(), t.lower(), t.position());
      step = Optional.of(s.value());
    }
    return new CoverageExpr.AxisIterator(name(ctx.variable()), interval, step, at(ctx));
  }

  // ---- dimensions

  private List<DimensionSubset> dimensions(List<WcpsSyntaxParser.DimensionContext> contexts) {
    return contexts.stream().map(this::dimension).toList();
  }

  private DimensionSubset subset(WcpsSyntaxParser.SubsetContext ctx) {
    return ctx.dimension() != null
        ? dimension(ctx.dimension())
        : new DimensionVariable(name(ctx.variable()), at(ctx));
  }

  DimensionSubset dimension(WcpsSyntaxParser.DimensionContext ctx) {
    return interval(name(ctx.anyName()), crs(ctx.crs()), ctx.interval(), at(ctx));
  }

  private DimensionSubset interval(
      String axis, Optional<String> crs, WcpsSyntaxParser.IntervalContext ctx, Position at) {
    CoverageExpr first = bound(ctx.bound(0));
    return ctx.bound().size() == 1
        ? new DimensionSlice(axis, crs, first, at)
        : new DimensionTrim(axis, crs, first, bound(ctx.bound(1)), at);
  }

  private CoverageExpr bound(WcpsSyntaxParser.BoundContext ctx) {
    return ctx.expression() == null ? new CoverageExpr.Asterisk(at(ctx)) : expr(ctx.expression());
  }

  private static Optional<String> crs(WcpsSyntaxParser.CrsContext ctx) {
    return Optional.ofNullable(ctx).map(c -> unquote(c.STRING().getText()));
  }

  // ---- functions

  private CoverageExpr call(CallContext ctx) {
    String function = ctx.functionName().getText().toLowerCase(Locale.ROOT);
    Arguments a = new Arguments(ctx, function);
    if (ctx.WITH() != null && !function.equals("clip")) {
      throw SyntaxErrors.at(at(ctx.WITH().getSymbol()), "'with coordinates' belongs to clip");
    }
    return switch (function) {
      case "encode" -> {
        a.count(2, 3);
        yield new CoverageExpr.Encode(a.expr(0), a.string(1), a.optionalString(2), a.at);
      }
      case "describe" -> {
        a.count(2, 3);
        yield new CoverageExpr.Describe(a.expr(0), a.string(1), a.optionalString(2), a.at);
      }
      case "trim", "slice" -> {
        a.count(2, 2);
        yield new CoverageExpr.Subset(a.expr(0), a.dimensions(1), a.at);
      }
      case "extend" -> {
        a.count(2, 2);
        yield new CoverageExpr.Extend(a.expr(0), a.target(1), a.at);
      }
      case "scale", "scalefactor" -> {
        a.count(2, 3);
        yield new CoverageExpr.Scale(a.expr(0), a.target(1), a.interpolation(2), a.at);
      }
      case "scaleaxes" -> {
        a.count(2, 3);
        yield new CoverageExpr.Scale(
            a.expr(0), new Target.Factors(a.slices(1)), a.interpolation(2), a.at);
      }
      case "scalesize" -> {
        a.count(2, 3);
        yield new CoverageExpr.Scale(
            a.expr(0), new Target.Sizes(a.slices(1)), a.interpolation(2), a.at);
      }
      case "scaleextent" -> {
        a.count(2, 3);
        yield new CoverageExpr.Scale(
            a.expr(0), new Target.Extents(a.dimensions(1)), a.interpolation(2), a.at);
      }
      case "crstransform" -> crsTransform(a);
      case "clip" -> {
        a.count(2, 3);
        yield new CoverageExpr.Clip(
            a.expr(0), a.shape(1), a.optionalString(2), ctx.WITH() != null, a.at);
      }
      case "domain" -> {
        a.count(1, 3);
        yield new CoverageExpr.DomainOf(
            false, a.expr(0), a.optionalName(1), a.optionalString(2), a.at);
      }
      case "imagecrsdomain" -> {
        a.count(1, 2);
        yield new CoverageExpr.DomainOf(true, a.expr(0), a.optionalName(1), Optional.empty(), a.at);
      }
      case "identifier", "crsset", "imagecrs", "cellcount", "nullset" -> {
        a.count(1, 1);
        yield new CoverageExpr.Metadata(function, a.expr(0), a.at);
      }
      case "selectfields" -> {
        a.count(2, Integer.MAX_VALUE);
        List<CoverageExpr.FieldRange> fields = new ArrayList<>();
        for (int i = 1; i < a.size(); i++) {
          String[] bounds = a.string(i).split(":", 2);
          fields.add(
              new CoverageExpr.FieldRange(
                  bounds[0], bounds.length == 2 ? Optional.of(bounds[1]) : Optional.empty()));
        }
        yield new CoverageExpr.SelectFields(a.expr(0), fields);
      }
      default -> {
        List<CoverageExpr> operands = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
          operands.add(a.expr(i));
        }
        yield new CoverageExpr.Call(function, operands, a.at);
      }
    };
  }

  private CoverageExpr crsTransform(Arguments a) {
    a.count(2, 5);
    Optional<String> crs = Optional.empty();
    List<CoverageExpr.AxisCrs> axisCrs = new ArrayList<>();
    Optional<String> interpolation = Optional.empty();
    List<AxisValue> resolutions = new ArrayList<>();
    Optional<Target> extent = Optional.empty();
    for (int i = 1; i < a.size(); i++) {
      if (a.isString(i)) {
        crs = Optional.of(a.string(i));
        continue;
      }
      if (a.isBraced(i) && a.items(i).isEmpty()) {
        continue;
      }
      List<AxisValue> values = a.axisValues(i);
      if (!values.isEmpty()) {
        if (values.getFirst().value() instanceof CoverageExpr.StringLiteral) {
          for (AxisValue v : values) {
            if (!(v.value() instanceof CoverageExpr.StringLiteral s)) {
              throw SyntaxErrors.at(v.value().position(), "expected a CRS in quotes");
            }
            axisCrs.add(new CoverageExpr.AxisCrs(v.axis(), s.value()));
          }
        } else {
          resolutions.addAll(values);
        }
        continue;
      }
      Optional<String> name = a.bracedName(i);
      if (name.isPresent()) {
        interpolation = name;
      } else {
        extent = Optional.of(a.target(i));
      }
    }
    if (crs.isEmpty() && axisCrs.isEmpty()) {
      throw SyntaxErrors.at(a.at, "crsTransform needs a CRS");
    }
    return new CoverageExpr.CrsTransform(
        a.expr(0), crs, axisCrs, interpolation, resolutions, extent, a.at);
  }

  /** The arguments of one call, each read as what the function makes of it. */
  private final class Arguments {
    private final List<ArgumentContext> list;
    private final String function;
    private final Position at;

    Arguments(CallContext ctx, String function) {
      this.list = ctx.argument();
      this.function = function;
      this.at = at(ctx);
    }

    int size() {
      return list.size();
    }

    void count(int least, int most) {
      if (list.size() < least || list.size() > most) {
        throw SyntaxErrors.at(
            at,
            "%s takes %s, found %d"
                .formatted(
                    function,
                    least == most
                        ? least + (least == 1 ? " argument" : " arguments")
                        : least + " to " + most + " arguments",
                    list.size()));
      }
    }

    CoverageExpr expr(int i) {
      ExpressionContext e = list.get(i).expression();
      if (e == null) {
        throw wrong(i, "an expression");
      }
      return ExprBuilder.this.expr(e);
    }

    boolean isString(int i) {
      return list.get(i).expression() instanceof WcpsSyntaxParser.StringContext;
    }

    String string(int i) {
      if (!isString(i)) {
        throw wrong(i, "a string in quotes");
      }
      return unquote(list.get(i).getText());
    }

    Optional<String> optionalString(int i) {
      return i < list.size() ? Optional.of(string(i)) : Optional.empty();
    }

    Optional<String> optionalName(int i) {
      if (i >= list.size()) {
        return Optional.empty();
      }
      return Optional.of(
          nameOf(list.get(i).expression()).orElseThrow(() -> wrong(i, "an axis label")));
    }

    boolean isBraced(int i) {
      return list.get(i).braces() != null;
    }

    List<ItemContext> items(int i) {
      return list.get(i).braces().item();
    }

    /** {@code {name}}, or a name alone. */
    Optional<String> bracedName(int i) {
      ArgumentContext a = list.get(i);
      if (a.braces() == null) {
        return nameOf(a.expression());
      }
      return a.braces().item().size() == 1 && a.braces().item(0).anyName() == null
          ? nameOf(a.braces().item(0).expression())
          : Optional.empty();
    }

    Optional<String> interpolation(int i) {
      if (i >= list.size()) {
        return Optional.empty();
      }
      if (isString(i)) {
        return Optional.of(string(i));
      }
      return Optional.of(
          bracedName(i).orElseThrow(() -> wrong(i, "an interpolation method in braces")));
    }

    /** {@code {Lat: 1, Long: 2}}; a single {@code {Lat: 1}} reads as a range constructor. */
    List<AxisValue> axisValues(int i) {
      ArgumentContext a = list.get(i);
      if (a.expression() instanceof WcpsSyntaxParser.RangeConstructorContext r) {
        return r.component().stream()
            .map(c -> new AxisValue(name(c.anyName()), ExprBuilder.this.expr(c.expression())))
            .toList();
      }
      if (a.braces() == null
          || a.braces().item().stream().anyMatch(item -> item.anyName() == null)) {
        return List.of();
      }
      return a.braces().item().stream()
          .map(
              item -> new AxisValue(name(item.anyName()), ExprBuilder.this.expr(item.expression())))
          .toList();
    }

    List<DimensionSubset> dimensions(int i) {
      ArgumentContext a = list.get(i);
      if (a.brackets() != null) {
        return ExprBuilder.this.dimensions(a.brackets().dimension());
      }
      if (a.braces() == null
          || a.braces().item().isEmpty()
          || a.braces().item().stream().anyMatch(item -> item.dimension() == null)) {
        throw wrong(i, "axes with intervals in braces, such as {Lat(0:10)}");
      }
      return a.braces().item().stream().map(x -> dimension(x.dimension())).toList();
    }

    /** {@code [Lat(0.5), Long(0.5)]}: one value per axis. */
    List<AxisValue> slices(int i) {
      return dimensions(i).stream().map(d -> slice(d, i)).toList();
    }

    private AxisValue slice(DimensionSubset d, int i) {
      if (d instanceof DimensionSlice s && s.crs().isEmpty()) {
        return new AxisValue(s.axis(), s.at());
      }
      throw wrong(i, "one value per axis, such as [Lat(0.5)]");
    }

    Target target(int i) {
      ArgumentContext a = list.get(i);
      if (a.expression() != null
          && !(a.expression() instanceof WcpsSyntaxParser.RangeConstructorContext)) {
        return new Target.Factor(expr(i));
      }
      if (a.braces() != null && a.braces().item().size() == 1) {
        ItemContext item = a.braces().item(0);
        if (item.dimension() == null && item.anyName() == null) {
          return new Target.Like(ExprBuilder.this.expr(item.expression()));
        }
        // {domain(c)} looks like an axis with a point.
        if (item.dimension() != null
            && dimension(item.dimension()) instanceof DimensionSlice s
            && s.crs().isEmpty()) {
          String name = s.axis().toLowerCase(Locale.ROOT);
          if (name.equals("imagecrsdomain") || name.equals("domain")) {
            return new Target.Like(
                new CoverageExpr.DomainOf(
                    name.equals("imagecrsdomain"),
                    s.at(),
                    Optional.empty(),
                    Optional.empty(),
                    at(item)));
          }
        }
      }
      List<DimensionSubset> dimensions = dimensions(i);
      boolean factors =
          dimensions.stream()
              .allMatch(
                  d ->
                      d instanceof DimensionSlice s
                          && s.crs().isEmpty()
                          && !(s.at() instanceof CoverageExpr.DomainOf));
      return factors ? new Target.Factors(slices(i)) : new Target.Intervals(dimensions);
    }

    Shape shape(int i) {
      ArgumentContext a = list.get(i);
      if (a.shape() != null) {
        return ExprBuilder.this.shape(a.shape());
      }
      return nameOf(a.expression())
          .map(n -> (Shape) new Shape.ShapeVariable(n, at(a)))
          .orElseThrow(() -> wrong(i, "a shape, such as POLYGON((0 0, 0 1, 1 1))"));
    }

    private OwsException wrong(int i, String expected) {
      return SyntaxErrors.at(
          at(list.get(i)), "argument %d of %s must be %s".formatted(i + 1, function, expected));
    }
  }

  private static Optional<String> nameOf(ExpressionContext e) {
    return e instanceof WcpsSyntaxParser.NameContext n
        ? Optional.of(name(n.variable()))
        : Optional.empty();
  }

  // ---- shapes

  Shape shape(WcpsSyntaxParser.ShapeContext ctx) {
    return switch (ctx) {
      case WcpsSyntaxParser.PolygonContext p -> polygon(p.rings());
      case WcpsSyntaxParser.MultiPolygonContext m ->
          new Shape.MultiPolygon(m.rings().stream().map(this::polygon).toList());
      case WcpsSyntaxParser.LineStringContext l -> new Shape.LineString(vertices(l.vertices()));
      case WcpsSyntaxParser.CurtainContext c ->
          new Shape.Curtain(projection(c.projection()), shapeArgument(c.shapeArgument()));
      case WcpsSyntaxParser.CorridorContext c -> {
        if (!(shapeArgument(c.shapeArgument(0)) instanceof Shape.LineString track)) {
          throw SyntaxErrors.at(at(c.shapeArgument(0)), "the track of a corridor is a LINESTRING");
        }
        yield new Shape.Corridor(
            projection(c.projection()),
            track,
            shapeArgument(c.shapeArgument(1)),
            c.DISCRETE() != null);
      }
      default -> throw unknown(ctx);
    };
  }

  private Shape shapeArgument(WcpsSyntaxParser.ShapeArgumentContext ctx) {
    return ctx.shape() != null
        ? shape(ctx.shape())
        : new Shape.ShapeVariable(name(ctx.variable()), at(ctx));
  }

  private static List<String> projection(WcpsSyntaxParser.ProjectionContext ctx) {
    return ctx.anyName().stream().map(ExprBuilder::name).toList();
  }

  private Shape.Polygon polygon(WcpsSyntaxParser.RingsContext ctx) {
    return new Shape.Polygon(
        ctx.ring().stream().map(r -> new Shape.Ring(vertices(r.vertices()))).toList());
  }

  private List<Shape.Vertex> vertices(WcpsSyntaxParser.VerticesContext ctx) {
    return ctx.vertex().stream()
        .map(v -> new Shape.Vertex(v.coordinate().stream().map(this::coordinate).toList()))
        .toList();
  }

  private CoverageExpr coordinate(WcpsSyntaxParser.CoordinateContext ctx) {
    if (ctx.expression() != null) {
      return expr(ctx.expression());
    }
    if (ctx.STRING() != null) {
      return new CoverageExpr.StringLiteral(unquote(ctx.STRING().getText()), at(ctx));
    }
    return signed(
        ctx.getStart(),
        (ctx.NUMBER() != null ? ctx.NUMBER() : ctx.POINT_NUMBER()).getText(),
        at(ctx));
  }

  // ---- words

  private static String name(ParserRuleContext ctx) {
    return bare(ctx.getText());
  }

  private static String bare(String name) {
    return name.startsWith("$") ? name.substring(1) : name;
  }

  /**
   * Quotes off; a backslash before a quote or a backslash goes, any other stays (JSON has them).
   */
  private static String unquote(String text) {
    String inner = text.substring(1, text.length() - 1);
    if (inner.indexOf('\\') < 0) {
      return inner;
    }
    StringBuilder s = new StringBuilder(inner.length());
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '\\' && i + 1 < inner.length()) {
        char next = inner.charAt(i + 1);
        if (next == '"' || next == '\'' || next == '\\') {
          s.append(next);
          i++;
          continue;
        }
      }
      s.append(c);
    }
    return s.toString();
  }

  private static int integer(String digits, Position at) {
    if (digits.length() > 6) {
      throw SyntaxErrors.at(at, "$" + digits + " is no part of the request");
    }
    return Integer.parseInt(digits);
  }

  private static Position at(ParserRuleContext ctx) {
    return at(ctx.getStart());
  }

  private static Position at(Token token) {
    return new Position(token.getLine(), token.getCharPositionInLine() + 1);
  }

  private static IllegalStateException unknown(ParserRuleContext ctx) {
    return new IllegalStateException("no rule for " + ctx.getClass().getSimpleName());
  }
}
