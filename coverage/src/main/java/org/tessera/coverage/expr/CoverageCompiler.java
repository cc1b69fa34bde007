package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.NearNames;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.crs.Reprojection;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.crs.TimeText;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NullRule;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunction;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condenser;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.algebra.Explain;
import org.tessera.engine.algebra.ExpressionSize;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;
import org.tessera.engine.eval.Limits;

/**
 * Turns {@link CoverageExpr} into array expressions. All errors of the one who asked arise here, as
 * {@link OwsException}s; only storage and limits can fail later. One compiler serves one
 * combination of a query's coverages; not thread-safe.
 */
public final class CoverageCompiler {
  private static final Map<String, CellType> TYPES =
      Map.ofEntries(
          Map.entry("boolean", CellType.BOOLEAN),
          Map.entry("char", CellType.INT8),
          Map.entry("octet", CellType.INT8),
          Map.entry("unsigned char", CellType.UINT8),
          Map.entry("short", CellType.INT16),
          Map.entry("unsigned short", CellType.UINT16),
          Map.entry("int", CellType.INT32),
          Map.entry("unsigned int", CellType.UINT32),
          Map.entry("long", CellType.INT32),
          Map.entry("unsigned long", CellType.UINT32),
          Map.entry("float", CellType.FLOAT32),
          Map.entry("double", CellType.FLOAT64),
          Map.entry("complex", CellType.COMPLEX64),
          Map.entry("complex2", CellType.COMPLEX128),
          Map.entry("complexd", CellType.COMPLEX128),
          Map.entry("cint16", CellType.CINT16),
          Map.entry("cint32", CellType.CINT32));

  /** Condensers by the names that reducers and, beyond OGC 08-068r2, condense operators have. */
  private static final Map<String, String> STATISTICS =
      Map.ofEntries(
          Map.entry("min", "min"),
          Map.entry("max", "max"),
          Map.entry("avg", "avg"),
          Map.entry("var", "var_pop"),
          Map.entry("var_pop", "var_pop"),
          Map.entry("var_samp", "var_samp"),
          Map.entry("stddev", "stddev_pop"),
          Map.entry("stddev_pop", "stddev_pop"),
          Map.entry("stddev_samp", "stddev_samp"),
          Map.entry("median", "median"),
          Map.entry("mode", "mode"));

  private static final Map<String, String> CONDENSE =
      with(STATISTICS, Map.of("+", "sum", "*", "product", "and", "all", "or", "some"));

  private static final Map<String, String> REDUCE =
      with(
          STATISTICS,
          Map.of("all", "all", "some", "some", "count", "count", "add", "sum", "sum", "sum"));

  private static final String PERCENTILE = "percentile";
  private static final Pattern PERCENTILE_OPERATOR =
      Pattern.compile("percentile\\(([0-9.]+(?:e[+-]?[0-9]+)?)\\)");

  private final Scope scope;
  private final GridMapping mapping;
  private final Subsetting subsetting;
  private final Scaling scaling;
  private final Clipping clipping;
  private final Map<String, Value> names = new HashMap<>();
  private final Map<String, Value> stored = new HashMap<>();
  private final PyramidLevels levels = new PyramidLevels();
  private final ExpressionSize size = new ExpressionSize();
  private final IdentityHashMap<ArrayExpr, Reduced> reduced = new IdentityHashMap<>();
  private int variables;
  private boolean exact;

  /** What a value was folded from. */
  private record Reduced(Condenser condenser, CompiledCoverage of) {}

  public CoverageCompiler(Scope scope) {
    this.scope = scope;
    this.mapping = new GridMapping(scope.crs(), scope.rule());
    this.subsetting = new Subsetting(this, scope, mapping);
    this.scaling = new Scaling(this, scope, subsetting, levels);
    this.clipping = new Clipping(this, scope, mapping);
  }

  /**
   * An interpolation method by its short name or URI.
   *
   * @throws OwsException {@code InterpolationMethodNotSupported}
   */
  public static ArrayExpr.Interpolation interpolation(String name) {
    return Scaling.interpolation(name);
  }

  /** What an expression comes to. */
  public sealed interface Compiled {
    record OfCoverage(CompiledCoverage coverage) implements Compiled {}

    /** Text such as an identifier, an extent or a description. */
    record OfText(String text) implements Compiled {}

    /** A coverage to be encoded. */
    record OfEncoding(CompiledCoverage coverage, String format, String options)
        implements Compiled {}
  }

  /** Binds a variable for what is compiled after. */
  public void bind(String variable, CoverageExpr e) {
    guarded(
        () -> {
          Value value = value(e);
          names.put(variable, value instanceof Value.Cells c ? checked(c) : value);
          return variable;
        });
  }

  /** By values of values an expression grows far beyond what one text can nest. */
  private Value.Cells checked(Value.Cells value) {
    size.check(value.coverage().cells());
    return value;
  }

  /** Compiles the result of a query. */
  public Compiled compile(CoverageExpr e) {
    try {
      return guarded(() -> result(e));
    } catch (OwsException x) {
      throw e.position().locate(x);
    }
  }

  private Compiled result(CoverageExpr e) {
    return switch (e) {
      case CoverageExpr.Encode encode ->
          new Compiled.OfEncoding(
              checked(cells(encode.operand())).coverage(),
              encode.format(),
              encode.options().orElse(""));
      case CoverageExpr.Describe d ->
          new Compiled.OfText(
              scope
                  .describer()
                  .describe(coverage(d.operand(), "describe"), d.format(), d.options()));
      default ->
          switch (value(e)) {
            case Value.Cells c -> new Compiled.OfCoverage(checked(c).coverage());
            case Value.Text t -> new Compiled.OfText(t.time() ? "\"" + t.text() + "\"" : t.text());
            case Value.Interval i -> new Compiled.OfText("(" + bounds(i) + ")");
            case Value.Period p -> throw notAnAnswer();
            case Value.Extent x -> new Compiled.OfText(extentText(x));
            case Value.Subsets s -> throw notAnAnswer();
            case Value.Geometry g -> throw notAnAnswer();
          };
    };
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (EngineException e) {
      throw owsException(e);
    } catch (Incompatible e) {
      throw new OwsException(OwsErrorCode.INVALID_REQUEST, null, e.getMessage(), e);
    }
  }

  /** Evaluates a single value: one cell. */
  public Tile evaluate(CompiledCoverage scalar) {
    return guarded(() -> read(scalar));
  }

  /** Whether a condition of the query holds. */
  public boolean isTrue(CoverageExpr condition) {
    return guarded(
        () -> {
          CompiledCoverage c = cells(condition).coverage();
          if (!c.isScalar() || c.range().size() != 1) {
            throw condition
                .position()
                .locate(
                    new OwsException(
                        OwsErrorCode.INVALID_REQUEST,
                        "where",
                        "The where condition must be a single boolean value."));
          }
          return read(c).band(0).getDouble(0) != 0;
        });
  }

  /** What the engine says about a query, as an exception of the services. */
  public static OwsException owsException(EngineException e) {
    OwsErrorCode code =
        switch (e.code()) {
          case INVALID_EXPRESSION -> OwsErrorCode.INVALID_REQUEST;
          case LIMIT_EXCEEDED -> OwsErrorCode.REQUEST_TOO_LARGE;
          case CANCELLED -> OwsErrorCode.TIME_LIMIT_EXCEEDED;
          case SOURCE_UNAVAILABLE -> OwsErrorCode.SOURCE_UNAVAILABLE;
          case STORAGE_FAILED -> OwsErrorCode.INTERNAL_ERROR;
          case CONFLICT -> OwsErrorCode.UPDATE_CONFLICT;
        };
    return new OwsException(code, null, e.getMessage(), e);
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(some);
    all.putAll(more);
    return Map.copyOf(all);
  }

  private static OwsException notAnAnswer() {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST, "return", "A query returns a coverage or a value.");
  }

  // ---- values

  /** The value of an expression; errors tell the place of the innermost expression. */
  Value value(CoverageExpr e) {
    try {
      return valueOf(e);
    } catch (OwsException x) {
      throw e.position().locate(x);
    } catch (EngineException x) {
      throw e.position().locate(owsException(x));
    } catch (Incompatible x) {
      throw x.at(e.position());
    }
  }

  private Value valueOf(CoverageExpr e) {
    return switch (e) {
      case CoverageExpr.CoverageRef r -> stored.computeIfAbsent(r.id(), this::stored);
      case CoverageExpr.Decode d -> ref(scope.uploads().apply(d));
      case CoverageExpr.Variable v -> named(v.name(), v.position());
      case CoverageExpr.NumberLiteral n -> literal(n.text(), n.position());
      case CoverageExpr.StringLiteral s -> new Value.Text(s.value());
      case CoverageExpr.BooleanLiteral b ->
          scalar(ArrayExpr.scalar(CellType.BOOLEAN, b.value() ? 1 : 0), Optional.empty());
      case CoverageExpr.NanLiteral n ->
          scalar(ArrayExpr.scalar(CellType.FLOAT64, Double.NaN), Optional.empty());
      case CoverageExpr.ComplexLiteral c ->
          induce(CellFunctions.get("complex", 2), "complex", cells(c.re()), cells(c.im()));
      case CoverageExpr.Asterisk a ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              "*",
              "'*' stands for a bound of a stored axis and cannot be used here"
                  + a.position()
                  + ".");
      case CoverageExpr.Intervals i -> new Value.Subsets(i.subsets());
      case CoverageExpr.ShapeLiteral s -> new Value.Geometry(s.shape());
      case CoverageExpr.Unary u -> unary(u);
      case CoverageExpr.Binary b -> binary(b);
      case CoverageExpr.Call c -> call(c);
      case CoverageExpr.Cast c -> cast(c);
      case CoverageExpr.Field f -> field(f);
      case CoverageExpr.SelectFields s -> selectFields(s);
      case CoverageExpr.RangeConstructor r -> rangeConstructor(r);
      case CoverageExpr.Switch s -> switchOf(s);
      case CoverageExpr.Subset s -> subset(s);
      case CoverageExpr.Extend x ->
          new Value.Cells(scaling.extend(coverage(x.operand(), "extend"), x.target()));
      case CoverageExpr.Scale s -> scale(s);
      case CoverageExpr.CrsTransform t -> crsTransform(t);
      case CoverageExpr.Clip c ->
          new Value.Cells(
              clipping.clip(
                  coverage(c.operand(), "clip"), c.shape(), c.crs(), c.withCoordinates()));
      case CoverageExpr.Flip f -> flip(f);
      case CoverageExpr.Sort s -> sort(s);
      case CoverageExpr.Construct c -> construct(c);
      case CoverageExpr.ConstructList c -> constructList(c);
      case CoverageExpr.Condense c -> condense(c);
      case CoverageExpr.Metadata m -> metadata(m);
      case CoverageExpr.DomainOf d -> domainOf(d);
      case CoverageExpr.Describe d -> throw onlyAtTheEnd("describe", d.position());
      case CoverageExpr.Encode x -> throw onlyAtTheEnd("encode", x.position());
    };
  }

  private static OwsException onlyAtTheEnd(String function, Position at) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        function,
        function + " makes the result of a query and cannot be inside of it" + at + ".");
  }

  Value named(String name, Position at) {
    Value v = names.get(name);
    if (v == null) {
      throw new OwsException(
          OwsErrorCode.SEMANTIC_ERROR,
          "$" + name,
          "Variable '$"
              + name
              + "' is not defined"
              + at
              + "."
              + NearNames.hint(name, names.keySet()));
    }
    return v;
  }

  private Value stored(String id) {
    return ref(
        scope
            .source()
            .find(id)
            .orElseThrow(
                () ->
                    new OwsException(
                        OwsErrorCode.NO_SUCH_COVERAGE,
                        id,
                        "Coverage '"
                            + id
                            + "' does not exist in the server."
                            + NearNames.hint(id, scope.source().ids()))));
  }

  private Value ref(CoverageSource.Stored found) {
    CoverageSource.Stored s = scope.nulls() == NullRule.SHARED ? SharedNulls.of(found) : found;
    levels.add(found);
    levels.add(s);
    return new Value.Cells(
        new CompiledCoverage(
            s.coverage().id(),
            new ArrayExpr.ArrayRef(s.cells()),
            s.coverage().domain(),
            s.coverage().range(),
            s.coverage().metadata()));
  }

  private static Value literal(String text, Position at) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.SYNTAX_ERROR, text, "'" + text + "' is out of range" + at + ".", e);
    }
    boolean whole = text.chars().allMatch(Character::isDigit);
    return number(number, whole ? integerType(number) : CellType.FLOAT64);
  }

  private static CellType integerType(BigDecimal number) {
    return number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0
        ? CellType.INT32
        : number.abs().compareTo(BigDecimal.valueOf(1L << 53)) <= 0
            ? CellType.INT64
            : CellType.FLOAT64;
  }

  private static Value number(BigDecimal number, CellType type) {
    return scalar(ArrayExpr.scalar(type, number.doubleValue()), Optional.of(number));
  }

  /** A value that belongs to no coverage. */
  private static Value.Cells scalar(ArrayExpr e, Optional<BigDecimal> number) {
    return new Value.Cells(
        new CompiledCoverage("", e, Domains.SCALAR, Ranges.anonymous(e.type()), ""), number);
  }

  Value.Cells cells(CoverageExpr e) {
    return switch (value(e)) {
      case Value.Cells c -> c;
      case Value.Text t -> notCells("text", e);
      case Value.Interval i -> notCells("an interval", e);
      case Value.Period p -> notCells("a period of time", e);
      case Value.Extent x -> notCells("an extent", e);
      case Value.Subsets s -> notCells("a list of intervals", e);
      case Value.Geometry g -> notCells("a shape", e);
    };
  }

  private static Value.Cells notCells(String what, CoverageExpr e) {
    throw new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        null,
        "A coverage or a value is needed but " + what + " was found" + e.position() + ".");
  }

  /** A coverage with at least one axis. */
  private CompiledCoverage coverage(CoverageExpr e, String operator) {
    CompiledCoverage c = cells(e).coverage();
    if (c.isScalar()) {
      throw isScalar(operator);
    }
    return c;
  }

  private static OwsException isScalar(String operator) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        operator,
        "Coverage is 0D, cannot apply '" + operator + "' operator on it.");
  }

  private Tile read(CompiledCoverage scalar) {
    if (scalar.cells() instanceof ArrayExpr.Constant c) {
      return c.cells();
    }
    Evaluation evaluation;
    try {
      evaluation = scope.evaluator().prepare(scalar.cells(), scope.limits());
    } catch (EngineException e) {
      throw refusal(scalar, e);
    }
    return evaluation.read(GridEnvelope.scalar());
  }

  /** Why a result would be refused, as {@link #refusal} says it; empty if it would not. */
  public Optional<String> refused(CompiledCoverage c) {
    try {
      if (!scope.evaluator().allows(c.cells(), scope.limits())) {
        scope.evaluator().prepare(c.cells(), scope.limits());
      }
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(refusal(c, e).getMessage());
    }
  }

  /**
   * What is said of a result that the evaluator refused: for what exceeds the limits, what would
   * fit in its place.
   */
  public OwsException refusal(CompiledCoverage c, EngineException e) {
    if (e.code() != EngineException.Code.LIMIT_EXCEEDED) {
      return owsException(e);
    }
    String what = e.getMessage();
    return new OwsException(
        OwsErrorCode.REQUEST_TOO_LARGE,
        null,
        Character.toUpperCase(what.charAt(0))
            + what.substring(1)
            + ". "
            + smaller(c)
                .flatMap(Smaller::sentence)
                .orElse(
                    "Ask for less; explain=estimate says what a request costs without asking for"
                        + " it."),
        e);
  }

  /** Of a single value it is the coverage of most cells that it is computed from. */
  private Optional<Smaller> smaller(CompiledCoverage c) {
    Limits limits = scope.limits();
    if (!c.isScalar()) {
      // Encoders may turn the axes around and convert the cells.
      List<Integer> reversed = new ArrayList<>();
      for (int i = c.domain().dimension() - 1; i >= 0; i--) {
        reversed.add(i);
      }
      return Optional.of(
          new Smaller(
              this,
              scope,
              mapping,
              c,
              cells -> new ArrayExpr.Permute(cells, reversed),
              limits.over(1, 2, 1)));
    }
    Set<ArrayExpr> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Reduced> from = new ArrayList<>();
    collect(c.cells(), seen, from);
    int n = from.size();
    return from.stream()
        .max(Comparator.comparingLong(r -> r.of().cells().type().domain().cells()))
        .map(
            r ->
                new Smaller(
                    this,
                    scope,
                    mapping,
                    r.of(),
                    cells -> ArrayExpr.Reduce.of(r.condenser(), cells),
                    limits.over(n, n, n)));
  }

  private void collect(ArrayExpr e, Set<ArrayExpr> seen, List<Reduced> found) {
    if (!seen.add(e)) {
      return;
    }
    Reduced r = reduced.get(e);
    if (r != null && !Variables.in(e)) {
      found.add(r);
    } else {
      Explain.operands(e).forEach(o -> collect(o, seen, found));
    }
  }

  /** A part of a coverage, as a query says it of a variable. */
  CompiledCoverage partOf(CompiledCoverage whole, UnaryOperator<CoverageExpr> part) {
    // No variable of a query has this name.
    names.put("", new Value.Cells(whole));
    try {
      return cells(part.apply(new CoverageExpr.Variable("", Position.NONE))).coverage();
    } finally {
      names.remove("");
    }
  }

  /** A single real number that the query itself depends on: evaluates it. */
  BigDecimal number(CompiledCoverage c, CoverageExpr e) {
    if (!c.isScalar() || c.range().size() != 1 || Variables.in(c.cells())) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, null, "A single number is needed" + e.position() + ".");
    }
    Cells cell = read(c).band(0);
    if (cell.type().isInteger()) {
      return BigDecimal.valueOf(cell.getLong(0));
    }
    double v = cell.getDouble(0);
    if (!Double.isFinite(v)) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          null,
          "A number is needed, found " + v + e.position() + ".");
    }
    return BigDecimal.valueOf(v);
  }

  /** A single real number that the query itself depends on. */
  BigDecimal number(CoverageExpr e) {
    Value.Cells c = cells(e);
    return c.number().isPresent() ? c.number().get() : number(c.coverage(), e);
  }

  // ---- cell by cell

  private Value unary(CoverageExpr.Unary u) {
    Value.Cells c = cells(u.operand());
    if (c.number().isPresent() && (u.operator().equals("-") || u.operator().equals("+"))) {
      BigDecimal v = c.number().get();
      CellType type = c.coverage().cells().type().band(0).type();
      return number(u.operator().equals("-") ? v.negate() : v, type);
    }
    return induce(CellFunctions.get(u.operator(), 1), u.operator(), c);
  }

  private Value binary(CoverageExpr.Binary b) {
    if (b.left() instanceof CoverageExpr.NanLiteral
        || b.right() instanceof CoverageExpr.NanLiteral) {
      boolean equal = b.operator().equals("=");
      if (equal || b.operator().equals("!=")) {
        Value.Cells operand =
            cells(b.left() instanceof CoverageExpr.NanLiteral ? b.right() : b.left());
        Value.Cells isNan = induce(CellFunctions.get("is nan", 1), "is nan", operand);
        return equal ? isNan : induce(CellFunctions.get("not", 1), "not", isNan);
      }
    }
    Value left = value(b.left());
    Value right = value(b.right());
    if (left instanceof Value.Text l && right instanceof Value.Text r) {
      return switch (b.operator()) {
        case "=" -> truth(l.text().equals(r.text()));
        case "!=" -> truth(!l.text().equals(r.text()));
        default ->
            throw new OwsException(
                OwsErrorCode.INVALID_REQUEST,
                b.operator(),
                "Texts can only be compared by = and !=" + b.position() + ".");
      };
    }
    Value.Cells x = left instanceof Value.Cells c ? c : cells(b.left());
    Value.Cells y = right instanceof Value.Cells c ? c : cells(b.right());
    CellFunction f = CellFunctions.get(b.operator(), 2);
    Value.Cells result = induce(f, b.operator(), x, y);
    if (x.number().isPresent() && y.number().isPresent()) {
      Optional<BigDecimal> number = folded(b.operator(), x.number().get(), y.number().get());
      if (number.isPresent()) {
        return number(number.get(), result.coverage().cells().type().band(0).type());
      }
    }
    return result;
  }

  private static Value.Cells truth(boolean value) {
    return scalar(ArrayExpr.scalar(CellType.BOOLEAN, value ? 1 : 0), Optional.empty());
  }

  private static Optional<BigDecimal> folded(String operator, BigDecimal x, BigDecimal y) {
    return switch (operator) {
      case "+" -> Optional.of(x.add(y, MathContext.DECIMAL128));
      case "-" -> Optional.of(x.subtract(y, MathContext.DECIMAL128));
      case "*" -> Optional.of(x.multiply(y, MathContext.DECIMAL128));
      case "/" ->
          y.signum() == 0
              ? Optional.empty()
              : Optional.of(x.divide(y, MathContext.DECIMAL64).round(MathContext.DECIMAL64));
      default -> Optional.empty();
    };
  }

  private Value call(CoverageExpr.Call c) {
    int arity = c.arguments().size();
    if (arity == 1 && REDUCE.containsKey(c.function())) {
      return reduce(Condensers.get(REDUCE.get(c.function())), cells(c.arguments().getFirst()));
    }
    if (arity == 2 && c.function().equals(PERCENTILE)) {
      double p = number(c.arguments().get(1)).doubleValue();
      return reduce(Condensers.percentile(p), cells(c.arguments().getFirst()));
    }
    CellFunction f = CellFunctions.find(c.function(), arity).orElseThrow(() -> noFunction(c));
    return induce(
        f,
        c.function(),
        c.arguments().stream().map(this::cells).toList().toArray(new Value.Cells[0]));
  }

  private static OwsException noFunction(CoverageExpr.Call c) {
    Map<String, Set<Integer>> arities = new TreeMap<>();
    CellFunctions.all()
        .forEach(f -> arities.computeIfAbsent(f.name(), n -> new TreeSet<>()).add(f.arity()));
    REDUCE.keySet().forEach(n -> arities.computeIfAbsent(n, x -> new TreeSet<>()).add(1));
    arities.computeIfAbsent(PERCENTILE, n -> new TreeSet<>()).add(2);
    Set<Integer> takes = arities.get(c.function());
    String what =
        takes == null
            ? "There is no function '%s'%s.%s"
                .formatted(
                    c.function(), c.position(), NearNames.hint(c.function(), arities.keySet()))
            : "Function '%s' takes %s, found %d%s."
                .formatted(
                    c.function(),
                    takes.stream()
                        .map(n -> n == 1 ? "1 argument" : n + " arguments")
                        .reduce((a, b) -> a + " or " + b)
                        .orElseThrow(),
                    c.arguments().size(),
                    c.position());
    return new OwsException(OwsErrorCode.SYNTAX_ERROR, c.function(), what);
  }

  private Value.Cells reduce(Condenser condenser, Value.Cells operand) {
    CompiledCoverage c = operand.coverage();
    ArrayExpr e = ArrayExpr.Reduce.of(condenser, c.cells());
    reduced.put(e, new Reduced(condenser, c));
    if (scope.nulls() == NullRule.SHARED) {
      e = withoutNaN(condenser, e);
    }
    return new Value.Cells(
        taken(
            new CompiledCoverage(
                "", e, Domains.SCALAR, Ranges.induced(e.type(), List.of(c), scope.nulls()), "")));
  }

  /** By {@link NullRule#SHARED} the least of nothing but NaN is infinite, the greatest too. */
  private static ArrayExpr withoutNaN(Condenser condenser, ArrayExpr e) {
    boolean least = condenser.name().equals("min");
    CellType type = e.type().band(0).type();
    if ((!least && !condenser.name().equals("max"))
        || !type.isFloat()
        || e.type().bands().size() > 1) {
      return e;
    }
    double none = least ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    ArrayExpr isNull = ArrayExpr.Induce.of(CellFunctions.get("is null", 1), e);
    ArrayExpr isNumber = ArrayExpr.Induce.of(CellFunctions.get("=", 2), e, e);
    return ArrayExpr.Switch.of(
        List.of(new ArrayExpr.Case(isNull, e), new ArrayExpr.Case(isNumber, e)),
        Constants.scalar(type, none));
  }

  private Value.Cells induce(CellFunction f, String operator, Value.Cells... operands) {
    List<CompiledCoverage> aligned = new ArrayList<>();
    for (Value.Cells c : operands) {
      aligned.add(c.coverage());
    }
    if (operator.equals("*") && aligned.stream().anyMatch(c -> c.range().size() > 1)) {
      // By the shared rule a product of several fields is that of the values, null or not.
      aligned.replaceAll(this::plain);
    }
    CompiledCoverage model = align(aligned, operator);
    ArrayExpr e =
        ArrayExpr.Induce.of(
            f, aligned.stream().map(CompiledCoverage::cells).toList().toArray(new ArrayExpr[0]));
    return new Value.Cells(
        new CompiledCoverage(
            idOf(aligned),
            e,
            model.domain(),
            Ranges.induced(e.type(), aligned, scope.nulls()),
            model.metadata()));
  }

  private static String idOf(List<CompiledCoverage> operands) {
    return operands.stream()
        .map(CompiledCoverage::id)
        .filter(id -> !id.isEmpty())
        .findFirst()
        .orElse("");
  }

  /**
   * Brings all coverages onto the grid of the first that is not a single value: axes permuted by
   * label, grids shifted (features.md row 3.27).
   *
   * @param operands replaced in place
   * @return the first that is not a single value, or the first
   */
  static CompiledCoverage align(List<CompiledCoverage> operands, String operator) {
    CompiledCoverage model = null;
    for (int i = 0; i < operands.size(); i++) {
      CompiledCoverage c = operands.get(i);
      if (c.isScalar()) {
        continue;
      }
      if (model == null) {
        model = c;
      } else {
        operands.set(i, aligned(model, c, operator));
      }
    }
    return model == null ? operands.getFirst() : model;
  }

  private static CompiledCoverage aligned(
      CompiledCoverage model, CompiledCoverage c, String operator) {
    int n = model.domain().dimension();
    if (n != c.domain().dimension()) {
      throw incompatible(
          "Number of axes of coverages '%s' and '%s' are incompatible, given: %d and %d axes."
              .formatted(model.id(), c.id(), n, c.domain().dimension()));
    }
    List<Integer> order = new ArrayList<>();
    for (Axis a : model.domain().axes()) {
      Domains.find(c.domain(), a.label()).ifPresent(order::add);
    }
    ArrayExpr cells = c.cells();
    List<Axis> axes = new ArrayList<>(c.domain().axes());
    // Where the labels are others the axes are matched by their place.
    if (Set.copyOf(order).size() == n && !isIdentity(order)) {
      cells = new ArrayExpr.Permute(cells, order);
      axes.clear();
      for (int i : order) {
        axes.add(c.domain().axes().get(i));
      }
    }
    List<Long> offsets = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Axis a = model.domain().axes().get(i);
      Axis b = axes.get(i);
      if (a instanceof Axis.IrregularAxis x && b instanceof Axis.IrregularAxis y) {
        checkCoefficients(x, y);
      }
      if (a.size() != b.size()) {
        throw incompatible(
            "Operator '%s' needs coverages of the same grid; axis '%s' of '%s' has %d:%d and of '%s' it has %d:%d."
                .formatted(
                    operator, a.label(), model.id(), a.low(), a.high(), c.id(), b.low(), b.high()));
      }
      offsets.add(a.low() - b.low());
    }
    if (offsets.stream().anyMatch(o -> o != 0)) {
      cells = new ArrayExpr.Shift(cells, offsets);
    }
    return c.with(cells, model.domain());
  }

  private static boolean isIdentity(List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return false;
      }
    }
    return true;
  }

  private static void checkCoefficients(Axis.IrregularAxis a, Axis.IrregularAxis b) {
    if (a.coordinates().size() != b.coordinates().size()) {
      throw incompatible(
          "Irregular axis '%s' has %d coefficients in the first coverage and %d in the second."
              .formatted(a.label(), a.coordinates().size(), b.coordinates().size()));
    }
    if (a.coordinates().equals(b.coordinates())) {
      return;
    }
    for (BigDecimal x : a.coordinates()) {
      if (b.coordinates().get(b.coordinates().nearest(x)).compareTo(x) != 0) {
        throw incompatible(
            "Coefficient '%s' of axis '%s' exists in the first coverage, but not in the second one."
                .formatted(x.toPlainString(), a.label()));
      }
    }
  }

  private static Incompatible incompatible(String message) {
    return new Incompatible(message);
  }

  /** Two grids do not fit; a subset that comes later may still make them fit. */
  static final class Incompatible extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Incompatible(String message) {
      super(message);
    }

    Incompatible at(Position place) {
      return place.line() == 0 || getMessage().contains("at line ")
          ? this
          : new Incompatible(getMessage() + " (" + place.toString().strip() + ")");
    }
  }

  private Value cast(CoverageExpr.Cast c) {
    CellType type = TYPES.get(c.type());
    if (type == null) {
      throw new OwsException(
          OwsErrorCode.NO_APPLICABLE_CODE,
          c.type(),
          "Unknown WCPS base type '"
              + c.type()
              + "' for casting."
              + NearNames.hint(c.type(), TYPES.keySet()));
    }
    CompiledCoverage operand = cells(c.operand()).coverage();
    ArrayExpr e = new ArrayExpr.Cast(operand.cells(), type);
    return new Value.Cells(
        plain(
            new CompiledCoverage(
                operand.id(),
                e,
                operand.domain(),
                Ranges.induced(e.type(), List.of(operand), scope.nulls()),
                operand.metadata())));
  }

  // ---- range

  private Value field(CoverageExpr.Field f) {
    Value operand = value(f.operand());
    switch (operand) {
      case Value.Interval i -> {
        return bound(i, f);
      }
      case Value.Period p -> {
        return bound(p, f);
      }
      case Value.Extent x -> {
        if (x.intervals().size() == 1) {
          return bound(x.intervals().getFirst(), f);
        }
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            f.name(),
            "Cannot extract bound from result of imageCrsdomain() / domain() on 2D+ coverage.");
      }
      case Value.Cells c -> {
        return new Value.Cells(fieldOf(c.coverage(), f.name()));
      }
      case Value.Text t -> {
        return notCells("text", f);
      }
      case Value.Subsets s -> {
        return notCells("a list of intervals", f);
      }
      case Value.Geometry g -> {
        return notCells("a shape", f);
      }
    }
  }

  private static CompiledCoverage fieldOf(CompiledCoverage c, String name) {
    if (c.isScalar() && c.id().isEmpty() && isReduced(c.cells())) {
      throw isScalar("range subset");
    }
    int band = Ranges.indexOf(c, name);
    return select(c, List.of(band));
  }

  private static boolean isReduced(ArrayExpr e) {
    return e instanceof ArrayExpr.Reduce
        || (e instanceof ArrayExpr.Induce i
            && i.function().name().equals("value")
            && isReduced(i.operands().getFirst()));
  }

  private static CompiledCoverage select(CompiledCoverage c, List<Integer> bands) {
    boolean all = bands.size() == c.range().size() && isIdentity(bands);
    return new CompiledCoverage(
        c.id(),
        all ? c.cells() : new ArrayExpr.SelectBands(c.cells(), bands),
        c.domain(),
        bands.stream().map(c.range()::get).toList(),
        c.metadata());
  }

  private Value bound(Value.Interval i, CoverageExpr.Field f) {
    return switch (f.name().toLowerCase(Locale.ROOT)) {
      case "lo" -> end(i, i.lower());
      case "hi" -> end(i, i.upper());
      case "resolution" ->
          switch (i.axis()) {
            case Axis.RegularAxis a when !i.grid() -> coordinate(a.resolution());
            case Axis.RegularAxis a -> number(BigDecimal.ONE, CellType.INT32);
            case Axis.IndexAxis a -> number(BigDecimal.ONE, CellType.INT32);
            case Axis.IrregularAxis a ->
                throw new OwsException(
                    OwsErrorCode.INVALID_REQUEST,
                    a.label(),
                    "Irregular axis '" + a.label() + "' has no resolution.");
          };
      default ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              f.name(),
              "A domain has .lo, .hi and .resolution, not ." + f.name() + f.position() + ".");
    };
  }

  private static Value bound(Value.Period p, CoverageExpr.Field f) {
    return switch (f.name().toLowerCase(Locale.ROOT)) {
      case "lo" -> new Value.Text(p.from(), true);
      case "hi" -> new Value.Text(p.to(), true);
      default ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              f.name(),
              "A period has .lo and .hi, not ." + f.name() + f.position() + ".");
    };
  }

  private Value end(Value.Interval i, BigDecimal bound) {
    if (i.grid()) {
      return number(bound, integerType(bound));
    }
    if (mapping.timeScale(i.axis()).isPresent()) {
      String quoted = mapping.text(i.axis(), bound);
      return new Value.Text(
          quoted.startsWith("\"") ? quoted.substring(1, quoted.length() - 1) : quoted, true);
    }
    return coordinate(bound);
  }

  private static Value coordinate(BigDecimal value) {
    BigDecimal plain = Domains.plain(value);
    return number(plain, plain.scale() == 0 ? integerType(plain) : CellType.FLOAT64);
  }

  private Value selectFields(CoverageExpr.SelectFields s) {
    CompiledCoverage c = coverage(s.operand(), "range subset");
    List<Integer> bands = new ArrayList<>();
    for (CoverageExpr.FieldRange r : s.fields()) {
      int first = Ranges.indexOf(c, r.first());
      int last = r.last().map(l -> Ranges.indexOf(c, l)).orElse(first);
      if (last < first) {
        throw new OwsException(
            OwsErrorCode.ILLEGAL_FIELD_SEQUENCE,
            r.first() + ":" + r.last().orElse(""),
            "Field '" + r.first() + "' comes after '" + r.last().orElse("") + "'.");
      }
      for (int b = first; b <= last; b++) {
        bands.add(b);
      }
    }
    return new Value.Cells(select(c, bands));
  }

  private Value rangeConstructor(CoverageExpr.RangeConstructor r) {
    Set<String> seen = new HashSet<>();
    List<CompiledCoverage> operands = new ArrayList<>();
    for (CoverageExpr.Component c : r.components()) {
      if (!seen.add(c.name())) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            c.name(),
            "Range field: " + c.name() + " is duplicated in a range constructor.");
      }
      CompiledCoverage value = cells(c.value()).coverage();
      if (value.range().size() != 1) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            c.name(),
            "Range field '%s' of a range constructor needs a value with one field, found %d."
                .formatted(c.name(), value.range().size()));
      }
      operands.add(value);
    }
    CompiledCoverage model = align(operands, "range constructor");
    ArrayExpr e = ArrayExpr.MakeBands.of(operands.stream().map(CompiledCoverage::cells).toList());
    List<RangeField> range = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      range.add(Ranges.named(operands.get(i).range().getFirst(), r.components().get(i).name()));
    }
    return new Value.Cells(
        new CompiledCoverage(idOf(operands), e, model.domain(), range, model.metadata()));
  }

  private Value switchOf(CoverageExpr.Switch s) {
    List<CompiledCoverage> all = new ArrayList<>();
    for (CoverageExpr.Case c : s.cases()) {
      all.add(cells(c.condition()).coverage());
      all.add(cells(c.value()).coverage());
    }
    all.add(cells(s.otherwise()).coverage());
    CompiledCoverage model = align(all, "switch");
    List<ArrayExpr.Case> cases = new ArrayList<>();
    for (int i = 0; i + 1 < all.size(); i += 2) {
      cases.add(new ArrayExpr.Case(all.get(i).cells(), all.get(i + 1).cells()));
    }
    ArrayExpr e = ArrayExpr.Switch.of(cases, all.getLast().cells());
    return new Value.Cells(
        new CompiledCoverage(idOf(all), e, model.domain(), switchRange(e, all), model.metadata()));
  }

  /** The fields of the first value; by {@link NullRule#SHARED} with the null values of any part. */
  private List<RangeField> switchRange(ArrayExpr e, List<CompiledCoverage> parts) {
    List<RangeField> range = parts.get(1).range();
    if (scope.nulls() == NullRule.BAND || range.stream().anyMatch(f -> !f.nils().isEmpty())) {
      return scope.nulls() == NullRule.BAND
          ? Ranges.of(e.type(), range)
          : Ranges.typed(e.type(), range);
    }
    List<NilValue> nils =
        parts.stream()
            .flatMap(c -> c.range().stream())
            .map(RangeField::nils)
            .filter(n -> !n.isEmpty())
            .findFirst()
            .orElse(List.of());
    return Ranges.typed(e.type(), range.stream().map(f -> Ranges.withNils(f, nils)).toList());
  }

  // ---- domain

  private Value subset(CoverageExpr.Subset s) {
    CompiledCoverage c;
    try {
      c = cells(s.operand()).coverage();
    } catch (Incompatible e) {
      // Coverages that do not fit as a whole may do so where they are subset.
      Optional<CoverageExpr> inside = pushed(s);
      if (inside.isPresent()) {
        return value(inside.get());
      }
      throw e;
    }
    if (c.isScalar()) {
      throw isScalar("subset");
    }
    return new Value.Cells(taken(subsetting.subset(c, s.subsets())));
  }

  /**
   * By {@link NullRule#SHARED} a single value taken out of a coverage is a number like any other.
   */
  private CompiledCoverage taken(CompiledCoverage c) {
    return c.isScalar() ? plain(c) : c;
  }

  /** By {@link NullRule#SHARED} the coverage with no cell null. */
  private CompiledCoverage plain(CompiledCoverage c) {
    boolean nulls = c.cells().type().bands().stream().anyMatch(b -> !b.nulls().isEmpty());
    if (scope.nulls() == NullRule.BAND || !nulls) {
      return c;
    }
    ArrayExpr e = ArrayExpr.Induce.of(CellFunctions.get("value", 1), c.cells());
    return new CompiledCoverage(c.id(), e, c.domain(), c.range(), c.metadata());
  }

  private Optional<CoverageExpr> pushed(CoverageExpr.Subset s) {
    return switch (s.operand()) {
      case CoverageExpr.Binary b ->
          Optional.of(
              new CoverageExpr.Binary(
                  b.operator(), pushed(b.left(), s), pushed(b.right(), s), b.position()));
      case CoverageExpr.Unary u ->
          Optional.of(new CoverageExpr.Unary(u.operator(), pushed(u.operand(), s), u.position()));
      case CoverageExpr.Cast c ->
          Optional.of(new CoverageExpr.Cast(c.type(), pushed(c.operand(), s), c.position()));
      default -> Optional.empty();
    };
  }

  private CoverageExpr pushed(CoverageExpr operand, CoverageExpr.Subset s) {
    boolean scalar;
    try {
      scalar = cells(operand).coverage().isScalar();
    } catch (Incompatible e) {
      scalar = false;
    }
    return scalar ? operand : new CoverageExpr.Subset(operand, s.subsets(), s.position());
  }

  private Value scale(CoverageExpr.Scale s) {
    CompiledCoverage c = coverage(s.operand(), "scale");
    return new Value.Cells(scaling.scale(asStored(c), s.target(), s.interpolation(), exact));
  }

  /**
   * By {@link NullRule#SHARED} a whole coverage is scaled with the nulls of its own for each band.
   */
  private static CompiledCoverage asStored(CompiledCoverage c) {
    return c.cells() instanceof ArrayExpr.ArrayRef r && r.source() instanceof SharedNulls n
        ? c.with(new ArrayExpr.ArrayRef(n.stored()), c.domain())
        : c;
  }

  private Value flip(CoverageExpr.Flip f) {
    CompiledCoverage c = coverage(f.operand(), "flip");
    int axis = Domains.indexOf(c.domain(), f.axis());
    return new Value.Cells(c.with(new ArrayExpr.Flip(c.cells(), axis), c.domain()));
  }

  private Value sort(CoverageExpr.Sort s) {
    CompiledCoverage c = coverage(s.operand(), "sort");
    int axis = Domains.indexOf(c.domain(), s.axis());
    Axis along = c.domain().axes().get(axis);
    ArrayExpr.Variable v =
        new ArrayExpr.Variable(++variables, "sort " + along.label(), along.low(), along.high());
    ArrayExpr key = sortKey(s.by(), along, v);
    if (key.type().bands().size() != 1 || !key.type().isScalar()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          along.label(),
          "The sorting key must be a single value for each slice of axis '" + along.label() + "'.");
    }
    ArrayExpr keys = new ArrayExpr.Construct(List.of(v), key);
    return new Value.Cells(
        c.with(new ArrayExpr.Sort(c.cells(), axis, keys, s.descending()), c.domain()));
  }

  /** The key with each coverage in it sliced at the variable, where it has the axis. */
  private ArrayExpr sortKey(CoverageExpr by, Axis along, ArrayExpr.Variable v) {
    Map<String, Value> before = new HashMap<>(names);
    for (Map.Entry<String, Value> e : before.entrySet()) {
      if (e.getValue() instanceof Value.Cells c && !c.coverage().isScalar()) {
        CompiledCoverage d = c.coverage();
        Domains.find(d.domain(), along.label())
            .ifPresent(
                i -> {
                  List<Axis> axes = new ArrayList<>(d.domain().axes());
                  axes.set(i, null);
                  names.put(
                      e.getKey(),
                      new Value.Cells(
                          d.with(
                              new ArrayExpr.Slice(d.cells(), i, v),
                              Domains.replace(d.domain(), axes))));
                });
      }
    }
    try {
      return cells(by).coverage().cells();
    } catch (OwsException e) {
      if (e.code() == OwsErrorCode.INVALID_AXIS_LABEL
          && e.locator().filter(l -> sameLabel(l, along.label())).isPresent()) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            along.label(),
            "The sorting axis '" + along.label() + "' cannot be subset in the by clause.",
            e);
      }
      throw e;
    } finally {
      names.clear();
      names.putAll(before);
    }
  }

  private static boolean sameLabel(String a, String b) {
    return a.equals(b)
        || (a.equals("Lon") && b.equals("Long"))
        || (a.equals("Long") && b.equals("Lon"));
  }

  private Value crsTransform(CoverageExpr.CrsTransform t) {
    boolean before = exact;
    // The extent of what is scaled inside decides about the grid of the result.
    exact = true;
    CompiledCoverage c;
    try {
      c = coverage(t.operand(), "crsTransform");
    } finally {
      exact = before;
    }
    return new Value.Cells(new Reprojecting(this, scope).transform(c, t));
  }

  // ---- construction

  /**
   * An axis of a constructor with the variable that runs along it.
   *
   * @param periods what the variable stands for at each index; empty if for the index itself
   */
  private record Iterated(ArrayExpr.Variable variable, Axis axis, List<Value.Period> periods) {}

  private List<Iterated> iterate(List<CoverageExpr.AxisIterator> iterators) {
    List<Iterated> list = new ArrayList<>();
    Set<String> labels = new HashSet<>();
    for (CoverageExpr.AxisIterator i : iterators) {
      Iterated next = i.step().isPresent() ? stepped(i, list.size()) : iterate(i, list.size());
      if (!labels.add(next.axis().label())) {
        throw new OwsException(
            OwsErrorCode.INVALID_AXIS_LABEL,
            next.axis().label(),
            "Axis '" + next.axis().label() + "' is iterated over more than once.");
      }
      list.add(next);
    }
    return list;
  }

  private Iterated iterate(CoverageExpr.AxisIterator i, int rank) {
    String label;
    long low;
    long high;
    Optional<Axis> geo = Optional.empty();
    switch (i.interval()) {
      case DimensionSubset.DimensionTrim t -> {
        label = t.axis();
        low = iteratorBound(t.lower(), label);
        high = iteratorBound(t.upper(), label);
      }
      case DimensionSubset.DimensionSlice s -> {
        label = s.axis();
        Optional<Value.Interval> interval = intervalOf(s.at());
        if (interval.isPresent()) {
          Axis axis = interval.get().axis();
          low = axis.low();
          high = axis.high();
          if (!interval.get().grid()) {
            geo = Optional.of(axis);
          }
        } else {
          low = iteratorBound(s.at(), label);
          high = low;
        }
      }
      case DimensionSubset.DimensionVariable v ->
          throw new IllegalStateException("an iterator has an interval of its own");
    }
    if (low > high) {
      throw new OwsException(
          OwsErrorCode.INVALID_SUBSETTING,
          label,
          "lower bound '%d' must be less than or equal to upper bound '%d' for axis '%s'."
              .formatted(low, high, label));
    }
    Axis axis =
        geo.map(a -> Domains.withLabel(a, label, rank))
            .orElse(new Axis.IndexAxis(label, "GridSpacing", index(1), low, high, rank));
    return new Iterated(
        new ArrayExpr.Variable(++variables, i.variable(), low, high), axis, List.of());
  }

  /** An iterator over periods of the calendar; the axis has the starts of them. */
  private Iterated stepped(CoverageExpr.AxisIterator i, int rank) {
    String text = i.step().orElseThrow();
    Periods step =
        Periods.parse(text)
            .orElseThrow(
                () -> stepError(i, "'" + text + "' is no length of time such as P1M, P1Y or P10D"));
    Instant from;
    Instant to;
    String label;
    String crs;
    TimeScale scale;
    switch (i.interval()) {
      case DimensionSubset.DimensionTrim t -> {
        label = t.axis();
        crs = t.crs().orElseGet(() -> timeCrs(t.axis(), i));
        scale = timeScale(crs, i);
        from = time(t.lower(), i, scale).start();
        to = time(t.upper(), i, scale).end();
      }
      case DimensionSubset.DimensionSlice s -> {
        label = s.axis();
        Optional<Value.Interval> domain = intervalOf(s.at());
        if (domain.isPresent()) {
          Axis axis = domain.get().axis();
          TimeScale own =
              mapping
                  .timeScale(axis)
                  .orElseThrow(() -> stepError(i, "axis '" + axis.label() + "' is no time axis"));
          Instant first = own.instant(GridMapping.coordinateOf(axis, axis.low()));
          Instant last = own.instant(GridMapping.coordinateOf(axis, axis.high()));
          from = step.startOf(first.isBefore(last) ? first : last, own.calendar());
          to = first.isBefore(last) ? last : first;
          crs = s.crs().orElse(axis.crs());
          scale = timeScale(crs, i);
        } else {
          crs = s.crs().orElseGet(() -> timeCrs(s.axis(), i));
          scale = timeScale(crs, i);
          TimeText at = time(s.at(), i, scale);
          from = at.start();
          to = at.end();
        }
      }
      case DimensionSubset.DimensionVariable v ->
          throw new IllegalStateException("an iterator has an interval of its own");
    }
    if (from.isAfter(to)) {
      throw stepError(
          i,
          "'"
              + TimeScale.text(from, scale.calendar())
              + "' is after '"
              + TimeScale.text(to, scale.calendar())
              + "'");
    }
    List<Value.Period> periods = step.between(from, to, scale.calendar());
    if (periods.size() > Periods.MOST) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          label,
          "Axis '%s' is iterated over in more than %d steps%s."
              .formatted(label, Periods.MOST, i.position()));
    }
    List<BigDecimal> starts = periods.stream().map(p -> scale.number(p.start())).toList();
    return new Iterated(
        new ArrayExpr.Variable(++variables, i.variable(), 0, periods.size() - 1),
        new Axis.IrregularAxis(label, scale.uom(), crs, 0, rank, starts),
        periods);
  }

  private static OwsException stepError(CoverageExpr.AxisIterator i, String what) {
    return new OwsException(
        OwsErrorCode.INVALID_SUBSETTING,
        i.variable(),
        "Iterator $%s in steps of time: %s%s.".formatted(i.variable(), what, i.position()));
  }

  private TimeScale timeScale(String crs, CoverageExpr.AxisIterator i) {
    return scope
        .crs()
        .resolve(crs)
        .time()
        .orElseThrow(() -> stepError(i, "CRS '" + crs + "' is none of time"));
  }

  private TimeText time(CoverageExpr e, CoverageExpr.AxisIterator i, TimeScale scale) {
    if (!(e instanceof CoverageExpr.Asterisk) && value(e) instanceof Value.Text t) {
      Optional<TimeText> time = TimeText.parse(t.text(), scale.calendar());
      if (time.isPresent()) {
        return time.get();
      }
    }
    throw stepError(i, "found " + e + ", expected a time such as \"2001-01\"");
  }

  /** The CRS of the time axis of that label that some coverage of the query has. */
  private String timeCrs(String label, CoverageExpr.AxisIterator i) {
    for (Value v : new TreeMap<>(names).values()) {
      if (v instanceof Value.Cells c) {
        Optional<Axis> axis = c.coverage().domain().axis(label);
        if (axis.isPresent() && mapping.timeScale(axis.get()).isPresent()) {
          return axis.get().crs();
        }
      }
    }
    throw stepError(
        i,
        "no coverage of the query has a time axis '"
            + label
            + "'; name its CRS, as in "
            + label
            + ":\"AnsiDate\"(...)");
  }

  private Optional<Value.Interval> intervalOf(CoverageExpr e) {
    return switch (value(e)) {
      case Value.Interval i -> Optional.of(i);
      case Value.Extent x when x.intervals().size() == 1 -> Optional.of(x.intervals().getFirst());
      case Value.Extent x ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              null,
              "An axis iterator needs the domain of one axis" + e.position() + ".");
      case Value.Cells c -> Optional.empty();
      case Value.Text t -> Optional.empty();
      case Value.Period p -> Optional.empty();
      case Value.Subsets s -> Optional.empty();
      case Value.Geometry g -> Optional.empty();
    };
  }

  private long iteratorBound(CoverageExpr e, String axis) {
    if (e instanceof CoverageExpr.Asterisk || value(e) instanceof Value.Text) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          axis,
          "The bounds of axis iterator '%s' must be whole numbers, found %s.".formatted(axis, e));
    }
    BigDecimal number = number(e);
    if (number.abs().compareTo(BigDecimal.valueOf(Domains.MAX_INDEX)) > 0) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          axis,
          "Bound " + number.toPlainString() + " of axis iterator '" + axis + "' is too far away.");
    }
    return number.setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private String index(int dimension) {
    return scope.crsBase() + "/crs/OGC/0/Index" + dimension + "D";
  }

  /** Compiles with the variables bound. */
  private CompiledCoverage within(List<Iterated> iterated, CoverageExpr e) {
    Map<String, Value> before = new HashMap<>(names);
    try {
      return bound(iterated, e);
    } finally {
      names.clear();
      names.putAll(before);
    }
  }

  private CompiledCoverage bound(List<Iterated> iterated, CoverageExpr e) {
    for (int i = 0; i < iterated.size(); i++) {
      Iterated next = iterated.get(i);
      if (!next.periods().isEmpty()) {
        return atPeriods(next, iterated.subList(i + 1, iterated.size()), e);
      }
      names.put(next.variable().name(), scalar(next.variable(), Optional.empty()));
    }
    return cells(e).coverage();
  }

  /** Compiled for each period by itself; the variable's index says which. */
  private CompiledCoverage atPeriods(Iterated over, List<Iterated> more, CoverageExpr e) {
    List<ArrayExpr> parts = new ArrayList<>();
    CompiledCoverage first = null;
    for (Value.Period p : over.periods()) {
      names.put(over.variable().name(), p);
      CompiledCoverage part = bound(more, e);
      first = first == null ? part : first;
      if (!part.domain().gridEnvelope().equals(first.domain().gridEnvelope())
          || part.range().size() != first.range().size()) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            over.variable().name(),
            "Values must have the same grid in each period; at $%s from %s it is another%s."
                .formatted(over.variable().name(), p.from(), e.position()));
      }
      long k = parts.size();
      ArrayExpr.Variable at = new ArrayExpr.Variable(++variables, over.variable().name(), k, k);
      parts.add(new ArrayExpr.Construct(List.of(at), part.cells()));
    }
    ArrayExpr chosen = new ArrayExpr.Slice(ArrayExpr.Concat.of(parts, 0), 0, over.variable());
    return new CompiledCoverage(
        first.id(),
        chosen,
        first.domain(),
        Ranges.of(chosen.type(), first.range()),
        first.metadata());
  }

  private DomainSet constructed(List<Iterated> iterated, List<Axis> inner) {
    List<Axis> axes = new ArrayList<>();
    for (Iterated i : iterated) {
      axes.add(i.axis());
    }
    int n = axes.size();
    for (Axis a : inner) {
      axes.add(Domains.withRank(a, n + a.gridRank()));
    }
    boolean allIndex = axes.stream().allMatch(a -> a instanceof Axis.IndexAxis);
    if (allIndex) {
      List<Axis> indexed = new ArrayList<>();
      for (Axis a : axes) {
        indexed.add(
            new Axis.IndexAxis(
                a.label(), a.uom(), index(axes.size()), a.low(), a.high(), a.gridRank()));
      }
      return new DomainSet(index(axes.size()), indexed, indexed.stream().map(Axis::label).toList());
    }
    return ofComponents(axes);
  }

  /** A domain of axes of any CRSs; the axes of one CRS in the order of that. */
  DomainSet ofComponents(List<Axis> axes) {
    List<String> components = new ArrayList<>();
    List<String> order = new ArrayList<>();
    for (Axis a : axes) {
      if (a instanceof Axis.IndexAxis || !components.contains(a.crs())) {
        components.add(a.crs());
        if (a instanceof Axis.IndexAxis) {
          order.add(a.label());
          continue;
        }
        List<Axis> same = axes.stream().filter(b -> b.crs().equals(a.crs())).toList();
        Crs crs = scope.crs().resolve(a.crs());
        List<String> labels = new ArrayList<>();
        crs.axes()
            .forEach(
                x ->
                    same.stream()
                        .filter(b -> sameLabel(b.label(), x.label()))
                        .forEach(b -> labels.add(b.label())));
        same.stream().map(Axis::label).filter(l -> !labels.contains(l)).forEach(labels::add);
        order.addAll(labels);
      }
    }
    return new DomainSet(Domains.compound(components), axes, order);
  }

  private Value construct(CoverageExpr.Construct c) {
    List<Iterated> iterated = iterate(c.iterators());
    CompiledCoverage values = within(iterated, c.values());
    ArrayExpr e =
        new ArrayExpr.Construct(iterated.stream().map(Iterated::variable).toList(), values.cells());
    return new Value.Cells(
        new CompiledCoverage(
            c.name(),
            e,
            constructed(iterated, values.domain().axes()),
            Ranges.constructed(values, c.values()),
            ""));
  }

  private Value constructList(CoverageExpr.ConstructList c) {
    List<Iterated> iterated = iterate(c.iterators());
    DomainSet domain = constructed(iterated, List.of());
    GridEnvelope box = domain.gridEnvelope();
    if (box.cells() != c.values().size()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          c.name(),
          "Coverage '%s' has %d cells but %d values are given%s."
              .formatted(c.name(), box.cells(), c.values().size(), c.position()));
    }
    List<CompiledCoverage> values = c.values().stream().map(v -> cells(v).coverage()).toList();
    List<ArrayExpr.Case> none = new ArrayList<>();
    for (CompiledCoverage v : values) {
      none.add(new ArrayExpr.Case(ArrayExpr.scalar(CellType.BOOLEAN, 0), v.cells()));
    }
    CellType type = ArrayExpr.Switch.of(none, values.getFirst().cells()).type().band(0).type();
    Cells cells = Cells.allocate(type, values.size());
    for (int i = 0; i < values.size(); i++) {
      Tile one = read(values.get(i));
      Constants.copy(one.band(0), cells, i);
    }
    ArrayExpr e = Constants.of(box, cells);
    return new Value.Cells(
        new CompiledCoverage(c.name(), e, domain, Ranges.anonymous(e.type()), ""));
  }

  /** The condenser of an operator such as {@code +}, {@code median} or {@code percentile(90)}. */
  private static Condenser condenser(CoverageExpr.Condense c) {
    String name = CONDENSE.get(c.operator());
    if (name != null) {
      return Condensers.get(name);
    }
    Matcher percentile = PERCENTILE_OPERATOR.matcher(c.operator());
    if (percentile.matches()) {
      return Condensers.percentile(Double.parseDouble(percentile.group(1)));
    }
    throw new OwsException(
        OwsErrorCode.SYNTAX_ERROR,
        c.operator(),
        "condense works with +, *, min, max, and, or (and avg, var, stddev, median, mode,"
            + " percentile(p)), not with '%s'%s.%s"
                .formatted(
                    c.operator(), c.position(), NearNames.hint(c.operator(), CONDENSE.keySet())));
  }

  private Value condense(CoverageExpr.Condense c) {
    Condenser condenser = condenser(c);
    List<Iterated> iterated = iterate(c.iterators());
    CompiledCoverage using = within(iterated, c.using());
    Optional<ArrayExpr> where = c.where().map(w -> within(iterated, w).cells());
    ArrayExpr e =
        ArrayExpr.Condense.of(
            condenser, iterated.stream().map(Iterated::variable).toList(), where, using.cells());
    return new Value.Cells(
        taken(
            new CompiledCoverage(
                using.id(),
                e,
                using.domain(),
                Ranges.induced(e.type(), List.of(using), scope.nulls()),
                using.metadata())));
  }

  // ---- about coverages

  private Value metadata(CoverageExpr.Metadata m) {
    CompiledCoverage c = coverage(m.operand(), m.function());
    return switch (m.function()) {
      case "identifier" -> new Value.Text(c.id());
      case "crsset" -> new Value.Text(Crs.rebased(c.domain().crs(), scope.crsBase()));
      case "imagecrs" -> new Value.Text("CRS:1");
      case "cellcount" -> {
        BigDecimal n = BigDecimal.valueOf(c.cells().type().domain().cells());
        yield number(n, integerType(n));
      }
      case "nullset" ->
          new Value.Text(
              c.range().stream()
                  .map(f -> f.nils().stream().map(n -> n.text()).toList().toString())
                  .reduce((a, b) -> a + "," + b)
                  .orElse(""));
      default ->
          throw new OwsException(
              OwsErrorCode.SYNTAX_ERROR,
              m.function(),
              "There is no function '" + m.function() + "'" + m.position() + ".");
    };
  }

  private Value domainOf(CoverageExpr.DomainOf d) {
    String function = d.grid() ? "imageCrsDomain" : "domain";
    CompiledCoverage c = coverage(d.operand(), function);
    boolean grid = d.grid() || d.crs().filter(Subsetting::isGrid).isPresent();
    if (d.axis().isEmpty()) {
      List<Axis> axes = grid ? c.domain().gridAxes() : c.domain().crsAxes();
      return new Value.Extent(axes.stream().map(a -> interval(a, grid)).toList(), grid);
    }
    Axis axis = c.domain().axes().get(Domains.indexOf(c.domain(), d.axis().get()));
    if (!grid && d.crs().isPresent()) {
      return reprojectedInterval(c.domain(), axis, d.crs().get());
    }
    return interval(axis, grid);
  }

  private static Value.Interval interval(Axis axis, boolean grid) {
    return grid
        ? new Value.Interval(
            axis, BigDecimal.valueOf(axis.low()), BigDecimal.valueOf(axis.high()), true)
        : new Value.Interval(axis, axis.lower(), axis.upper(), false);
  }

  private Value.Interval reprojectedInterval(DomainSet domain, Axis axis, String crs) {
    Crs to = scope.crs().resolve(crs);
    Crs own = scope.crs().resolve(axis.crs());
    if (to.parts().stream().anyMatch(p -> p.path().equals(own.path()))) {
      return interval(axis, false);
    }
    List<Axis> pair = domain.crsAxes().stream().filter(a -> a.crs().equals(axis.crs())).toList();
    if (pair.size() != 2 || !own.isHorizontal() || !to.isHorizontal()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          crs,
          "The domain of axis '" + axis.label() + "' cannot be given in CRS '" + crs + "'.");
    }
    double[] lower = new double[2];
    double[] upper = new double[2];
    for (int i = 0; i < 2; i++) {
      lower[i] = pair.get(i).lower().doubleValue();
      upper[i] = pair.get(i).upper().doubleValue();
    }
    Reprojection reprojection = scope.crs().reprojection(own, to);
    double[] box = reprojection.transformBox(lower, upper);
    boolean x = pair.indexOf(axis) == Subsetting.placeOfX(own);
    int place = x ? Subsetting.placeOfX(to) : 1 - Subsetting.placeOfX(to);
    return new Value.Interval(
        axis, BigDecimal.valueOf(box[place]), BigDecimal.valueOf(box[place + 2]), false);
  }

  private String bounds(Value.Interval i) {
    return i.grid()
        ? i.lower().toPlainString() + ":" + i.upper().toPlainString()
        : mapping.text(i.axis(), i.lower()) + ":" + mapping.text(i.axis(), i.upper());
  }

  private String extentText(Value.Extent x) {
    List<String> parts = new ArrayList<>();
    for (Value.Interval i : x.intervals()) {
      parts.add(x.grid() ? bounds(i) : i.axis().label() + "(" + bounds(i) + ")");
    }
    String all = String.join(",", parts);
    return x.grid() ? "(" + all + ")" : all;
  }
}
