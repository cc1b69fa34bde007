package org.tessera.engine.eval;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.Condenser;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * The reference: an evaluator that computes one cell at a time, straight from the definitions. Slow
 * and simple on purpose.
 */
final class CellByCell {
  /** One cell: l for integers and booleans, re and im for floats and complex numbers. */
  private record Cell(CellType type, boolean isNull, long l, double re, double im) {
    double real() {
      return whole(type) ? l : re;
    }
  }

  private final Map<ArrayExpr.ArrayRef, Tile> stored = new HashMap<>();

  private CellByCell() {}

  /** The cells of a box of the expression's result. */
  static Tile evaluate(ArrayExpr expr, GridEnvelope box) {
    CellByCell eval = new CellByCell();
    ArrayType type = expr.type();
    List<Cells> bands = new ArrayList<>();
    for (int b = 0; b < type.bands().size(); b++) {
      Cells cells = Cells.allocate(type.band(b).type(), box.cellsAsInt());
      long[] nulls = null;
      int i = 0;
      for (long[] index : all(box)) {
        Cell c = eval.cell(expr, b, index, Map.of());
        put(cells, i, c);
        if (c.isNull) {
          nulls = nulls == null ? new long[(cells.length() + 63) >> 6] : nulls;
          nulls[i >> 6] |= 1L << i;
        }
        i++;
      }
      bands.add(cells.withNulls(nulls));
    }
    return new Tile(box, bands);
  }

  private Cell cell(ArrayExpr e, int b, long[] at, Map<Integer, Long> vars) {
    return switch (e) {
      case ArrayExpr.ArrayRef x -> {
        Tile t = stored.computeIfAbsent(x, r -> load(r.source()));
        yield get(t.band(b), (int) t.box().offset(at));
      }
      case ArrayExpr.Constant x -> get(x.cells().band(b), (int) x.cells().box().offset(at));
      case ArrayExpr.Variable x -> new Cell(CellType.INT64, false, vars.get(x.id()), 0, 0);
      case ArrayExpr.Trim x -> cell(x.input(), b, at, vars);
      case ArrayExpr.Slice x -> {
        long p = position(x.position(), vars);
        yield orOutside(x.input(), b, insert(at, x.axis(), p), vars);
      }
      case ArrayExpr.Window x -> {
        long[] to = at.clone();
        to[x.axis()] += position(x.low(), vars);
        yield orOutside(x.input(), b, to, vars);
      }
      case ArrayExpr.Shift x -> {
        long[] to = at.clone();
        for (int i = 0; i < to.length; i++) {
          to[i] -= x.offset().get(i);
        }
        yield cell(x.input(), b, to, vars);
      }
      case ArrayExpr.Permute x -> {
        long[] to = new long[at.length];
        for (int i = 0; i < to.length; i++) {
          to[x.order().get(i)] = at[i];
        }
        yield cell(x.input(), b, to, vars);
      }
      case ArrayExpr.Induce x -> {
        List<Cell> args = new ArrayList<>();
        List<Band> argBands = new ArrayList<>();
        for (ArrayExpr o : x.operands()) {
          int ob = o.type().bands().size() == 1 ? 0 : b;
          args.add(cell(o, ob, o.type().isScalar() ? new long[0] : at, vars));
          argBands.add(o.type().band(ob));
        }
        yield apply(x.function().name(), args, argBands, x.type().band(b));
      }
      case ArrayExpr.Cast x -> convert(cell(x.input(), b, at, vars), x.to());
      case ArrayExpr.SelectBands x -> cell(x.input(), x.bands().get(b), at, vars);
      case ArrayExpr.MakeBands x -> {
        int k = b;
        ArrayExpr found = null;
        for (ArrayExpr o : x.operands()) {
          if (k < o.type().bands().size()) {
            found = o;
            break;
          }
          k -= o.type().bands().size();
        }
        yield cell(found, k, found.type().isScalar() ? new long[0] : at, vars);
      }
      case ArrayExpr.Reduce x -> {
        List<Cell> cells = new ArrayList<>();
        for (long[] i : all(x.input().type().domain())) {
          cells.add(cell(x.input(), b, i, vars));
        }
        yield fold(x.condenser(), cells, x.type().band(b));
      }
      case ArrayExpr.Condense x -> {
        List<Cell> cells = new ArrayList<>();
        for (Map<Integer, Long> v : bindings(x.variables(), vars)) {
          if (x.where().isEmpty() || isTrue(cell(x.where().get(), 0, new long[0], v))) {
            cells.add(cell(x.using(), b, at, v));
          }
        }
        yield fold(x.condenser(), cells, x.type().band(b));
      }
      case ArrayExpr.Construct x -> {
        Map<Integer, Long> inner = new HashMap<>(vars);
        int n = x.variables().size();
        for (int i = 0; i < n; i++) {
          inner.put(x.variables().get(i).id(), at[i]);
        }
        yield cell(x.values(), b, java.util.Arrays.copyOfRange(at, n, at.length), inner);
      }
      case ArrayExpr.Switch x -> {
        ArrayExpr chosen = x.otherwise();
        for (ArrayExpr.Case c : x.cases()) {
          ArrayExpr on = c.condition();
          if (isTrue(cell(on, 0, on.type().isScalar() ? new long[0] : at, vars))) {
            chosen = c.value();
            break;
          }
        }
        yield convert(
            cell(chosen, b, chosen.type().isScalar() ? new long[0] : at, vars),
            x.type().band(b).type());
      }
      case ArrayExpr.Extend x -> orOutside(x.input(), b, at, vars);
      case ArrayExpr.Scale x -> scaled(x, b, at, vars);
      case ArrayExpr.Resample x -> resampled(x, b, at, vars);
      case ArrayExpr.Flip x -> {
        long[] to = at.clone();
        GridEnvelope d = x.input().type().domain();
        to[x.axis()] = d.low(x.axis()) + d.high(x.axis()) - at[x.axis()];
        yield cell(x.input(), b, to, vars);
      }
      case ArrayExpr.Sort x -> {
        GridEnvelope d = x.keys().type().domain();
        List<Long> order = new ArrayList<>();
        Map<Long, Cell> keys = new HashMap<>();
        for (long[] i : all(d)) {
          order.add(i[0]);
          keys.put(i[0], cell(x.keys(), 0, i, vars));
        }
        order.sort((p, q) -> compareKeys(keys.get(p), keys.get(q), x.descending()));
        long[] to = at.clone();
        to[x.axis()] = order.get((int) (at[x.axis()] - d.low(0)));
        yield cell(x.input(), b, to, vars);
      }
      case ArrayExpr.Mask x ->
          isTrue(cell(x.mask(), 0, at, vars))
              ? cell(x.input(), b, at, vars)
              : outside(x.type().band(b));
      case ArrayExpr.Concat x ->
          x.parts().stream()
              .filter(p -> p.type().domain().contains(at))
              .findFirst()
              .map(p -> convert(cell(p, b, at, vars), x.type().band(b).type()))
              .orElseThrow();
    };
  }

  /** Null keys last; NaN after all numbers (before them when descending). */
  private static int compareKeys(Cell a, Cell b, boolean descending) {
    if (a.isNull || b.isNull) {
      return Boolean.compare(a.isNull, b.isNull);
    }
    int c = whole(a.type) ? Long.compare(a.l, b.l) : Double.compare(a.re + 0.0, b.re + 0.0);
    return descending ? -c : c;
  }

  /** A position; a null one lies outside of everything. */
  private long position(ArrayExpr e, Map<Integer, Long> vars) {
    Cell c = cell(e, 0, new long[0], vars);
    return c.isNull ? Long.MIN_VALUE / 2 : c.l;
  }

  private Cell orOutside(ArrayExpr e, int b, long[] at, Map<Integer, Long> vars) {
    return e.type().domain().contains(at) ? cell(e, b, at, vars) : outside(e.type().band(b));
  }

  private static Cell outside(Band band) {
    return fill(band, !band.nulls().isEmpty());
  }

  private static Cell fill(Band band, boolean isNull) {
    double f = band.type() == CellType.BOOLEAN ? 0 : band.nulls().fill();
    Cell c = convert(new Cell(CellType.FLOAT64, false, 0, f, 0), band.type());
    return new Cell(c.type, isNull, c.l, c.re, c.im);
  }

  private static boolean isTrue(Cell c) {
    return !c.isNull && c.l != 0;
  }

  private static boolean whole(CellType t) {
    return t.isInteger() || t == CellType.BOOLEAN;
  }

  private static Cell of(CellType t, double v) {
    return convert(new Cell(CellType.FLOAT64, false, 0, v, 0), t);
  }

  private static Cell of(CellType t, BigInteger v) {
    BigInteger x = v.max(BigInteger.valueOf(t.min())).min(BigInteger.valueOf(t.max()));
    return new Cell(t, false, x.longValueExact(), 0, 0);
  }

  static boolean isComplexInteger(CellType t) {
    return t == CellType.CINT16 || t == CellType.CINT32;
  }

  private static Cell convert(Cell c, CellType to) {
    if (c.type == to) {
      return c;
    }
    if (to == CellType.BOOLEAN) {
      return new Cell(to, c.isNull, c.real() != 0 ? 1 : 0, 0, 0);
    }
    if (to.isInteger()) {
      long l = whole(c.type) ? c.l : (long) c.re;
      return new Cell(to, c.isNull, Math.max(to.min(), Math.min(to.max(), l)), 0, 0);
    }
    double re = component(to, c.real());
    double im = to.isComplex() && c.type.isComplex() ? component(to, c.im) : 0;
    return new Cell(to, c.isNull, 0, re, im);
  }

  private static double component(CellType to, double v) {
    return switch (to) {
      case FLOAT32, COMPLEX64 -> (float) v;
      case CINT16 -> Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, (long) v));
      case CINT32 -> (int) v;
      case BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, FLOAT64, COMPLEX128 -> v;
    };
  }

  private static Cell apply(String f, List<Cell> args, List<Band> in, Band out) {
    Cell a = args.getFirst();
    Cell b = args.getLast();
    switch (f) {
      case "is null" -> {
        return new Cell(CellType.BOOLEAN, false, a.isNull ? 1 : 0, 0, 0);
      }
      case "is not null" -> {
        return new Cell(CellType.BOOLEAN, false, a.isNull ? 0 : 1, 0, 0);
      }
      case "value" -> {
        return new Cell(a.type, false, a.l, a.re, a.im);
      }
      case "overlay" -> {
        boolean hole = in.getFirst().nulls().isEmpty() ? zero(a) : a.isNull;
        return convert(hole ? b : a, out.type());
      }
      default -> {}
    }
    CellType t = out.type();
    boolean rounding = List.of("round", "floor", "ceil").contains(f) && whole(t);
    if (args.size() == 1
        && (f.equals("+") || rounding || (f.equals("re") && !a.type.isComplex()))) {
      return a;
    }
    if (a.isNull || b.isNull) {
      return fill(out, true);
    }
    if (args.size() == 2 && (a.type.isComplex() || b.type.isComplex())) {
      return complex(f, a, b, t);
    }
    if (args.size() == 1 && a.type.isComplex()) {
      return complex(f, a, t);
    }
    return switch (f) {
      case "+", "-", "*" -> {
        if (args.size() == 1) {
          yield f.equals("+")
              ? a
              : whole(t) ? of(t, BigInteger.valueOf(a.l).negate()) : of(t, -a.re);
        }
        if (whole(t)) {
          BigInteger x = BigInteger.valueOf(a.l);
          BigInteger y = BigInteger.valueOf(b.l);
          yield of(t, f.equals("+") ? x.add(y) : f.equals("-") ? x.subtract(y) : x.multiply(y));
        }
        double x = convert(a, t).re;
        double y = convert(b, t).re;
        yield of(t, f.equals("+") ? x + y : f.equals("-") ? x - y : x * y);
      }
      case "/" -> of(t, convert(a, t).re / convert(b, t).re);
      case "=" -> of(compare(a, b) == 0);
      case "!=" -> of(compare(a, b) != 0);
      case "<" -> of(compare(a, b) == -1);
      case "<=" -> of(compare(a, b) == -1 || compare(a, b) == 0);
      case ">" -> of(compare(a, b) == 1);
      case ">=" -> of(compare(a, b) == 1 || compare(a, b) == 0);
      case "and" -> of((a.l & b.l) != 0);
      case "or" -> of((a.l | b.l) != 0);
      case "xor" -> of((a.l ^ b.l) != 0);
      case "not" -> of(a.l == 0);
      case "round" -> whole(t) ? a : of(t, Math.copySign(Math.floor(Math.abs(a.re) + 0.5), a.re));
      case "floor" -> whole(t) ? a : of(t, Math.floor(a.re));
      case "ceil" -> whole(t) ? a : of(t, Math.ceil(a.re));
      case "abs" -> whole(t) ? of(t, BigInteger.valueOf(a.l).abs()) : of(t, Math.abs(a.re));
      case "re" -> a;
      case "im" -> of(t, 0);
      case "complex" -> new Cell(t, false, 0, component(t, a.real()), component(t, b.real()));
      case "pow" -> of(t, Math.pow(a.real(), b.real()));
      case "mod" ->
          whole(t)
              ? of(t, b.l == 0 ? BigInteger.ZERO : BigInteger.valueOf(a.l % b.l))
              : of(t, convert(a, t).re % convert(b, t).re);
      case "div" -> {
        if (whole(t)) {
          yield of(
              t,
              b.l == 0 ? BigInteger.ZERO : BigInteger.valueOf(a.l).divide(BigInteger.valueOf(b.l)));
        }
        double q = convert(a, t).re / convert(b, t).re;
        yield of(t, q < 0 ? Math.ceil(q) : Math.floor(q));
      }
      case "min" ->
          whole(t)
              ? of(t, BigInteger.valueOf(Math.min(a.l, b.l)))
              : of(t, Math.min(convert(a, t).re, convert(b, t).re));
      case "max" ->
          whole(t)
              ? of(t, BigInteger.valueOf(Math.max(a.l, b.l)))
              : of(t, Math.max(convert(a, t).re, convert(b, t).re));
      case "bit" -> of(b.l >= 0 && b.l < 64 && (a.l >> b.l & 1) != 0);
      case "is nan" -> of(!whole(a.type) && Double.isNaN(a.re));
      default -> of(t, ComplexMath.real(f, a.real()));
    };
  }

  private static Cell complex(String f, Cell a, Cell b, CellType t) {
    CellType w = CellType.COMPLEX128;
    CellType common = t == CellType.COMPLEX64 ? t : w;
    Cell x = convert(convert(a, common), w);
    Cell y = convert(convert(b, common), w);
    if (f.equals("=") || f.equals("!=")) {
      boolean same = x.re == y.re && x.im == y.im;
      return of(f.equals("=") == same);
    }
    double[] r =
        f.equals("pow")
            ? ComplexMath.pow(x.re, x.im, y.re)
            : ComplexMath.binary(f, x.re, x.im, y.re, y.im);
    return new Cell(t, false, 0, component(t, r[0]), component(t, r[1]));
  }

  private static Cell complex(String f, Cell a, CellType t) {
    return switch (f) {
      case "+" -> a;
      case "re" -> of(t, a.re);
      case "im" -> of(t, a.im);
      case "abs" -> of(t, Math.hypot(a.re, a.im));
      case "is nan" -> of(Double.isNaN(a.re) || Double.isNaN(a.im));
      default -> {
        double[] r = ComplexMath.unary(f, a.re, a.im);
        yield new Cell(t, false, 0, component(t, r[0]), component(t, r[1]));
      }
    };
  }

  private static Cell of(boolean b) {
    return new Cell(CellType.BOOLEAN, false, b ? 1 : 0, 0, 0);
  }

  private static boolean zero(Cell a) {
    return a.real() == 0 && a.im == 0;
  }

  /** -1, 0, 1, or 2 when not ordered. */
  private static int compare(Cell a, Cell b) {
    if (whole(a.type) && whole(b.type)) {
      return Long.compare(a.l, b.l);
    }
    double x = a.real();
    double y = b.real();
    return x < y ? -1 : x == y ? 0 : x > y ? 1 : 2;
  }

  private static Cell fold(Condenser condenser, List<Cell> all, Band out) {
    String f = condenser.name();
    List<Cell> cells = all.stream().filter(c -> !c.isNull).toList();
    CellType t = out.type();
    switch (f) {
      case "count" -> {
        return new Cell(t, false, cells.stream().filter(c -> c.l != 0).count(), 0, 0);
      }
      case "some" -> {
        return of(cells.stream().anyMatch(c -> c.l != 0));
      }
      case "all" -> {
        return of(cells.stream().allMatch(c -> c.l != 0));
      }
      default -> {}
    }
    if (cells.isEmpty()) {
      return outside(out);
    }
    CellType in = cells.getFirst().type;
    switch (f) {
      case "var_pop", "var_samp", "stddev_pop", "stddev_samp" -> {
        return spread(f, cells, out);
      }
      case "median", "percentile", "mode" -> {
        return ranked(f, f.equals("median") ? 50 : condenser.parameter(), cells, t);
      }
      case "min", "max" -> {
        Cell best = null;
        for (Cell c : cells) {
          boolean nan = Double.isNaN(c.re);
          if (best == null
              || (Double.isNaN(best.re) && !nan)
              || compare(c, best) == (f.equals("min") ? -1 : 1)) {
            best = c;
          }
        }
        return best;
      }
      case "product" -> {
        if (whole(in)) {
          BigInteger p = BigInteger.ONE;
          for (Cell c : cells) {
            p = p.multiply(BigInteger.valueOf(c.l));
          }
          return of(t, p);
        }
        double re = 1;
        double im = 0;
        for (Cell c : cells) {
          double[] r = ComplexMath.binary("*", re, im, c.re, c.im);
          re = in.isComplex() ? r[0] : re * c.re;
          im = in.isComplex() ? r[1] : 0;
        }
        return new Cell(t, false, 0, re, im);
      }
      default -> {}
    }
    if (whole(in)) {
      BigInteger s = BigInteger.ZERO;
      for (Cell c : cells) {
        s = s.add(BigInteger.valueOf(c.l));
      }
      return f.equals("sum") ? of(t, s) : of(t, s.doubleValue() / cells.size());
    }
    double re = exactSum(cells.stream().mapToDouble(Cell::re).toArray());
    double im = exactSum(cells.stream().mapToDouble(Cell::im).toArray());
    int n = f.equals("sum") ? 1 : cells.size();
    return new Cell(t, false, 0, component(t, re / n), component(t, im / n));
  }

  private static Cell spread(String f, List<Cell> cells, Band out) {
    int n = cells.size();
    int divisor = f.endsWith("samp") ? n - 1 : n;
    if (divisor == 0) {
      return out.nulls().isEmpty() ? of(out.type(), Double.NaN) : outside(out);
    }
    double[] squares = cells.stream().mapToDouble(c -> c.real() * c.real()).toArray();
    double sum = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      sum += cells.get(i).real();
      square += squares[i];
    }
    if (!Double.isFinite(sum) || !Double.isFinite(square)) {
      return of(out.type(), Double.isFinite(sum) ? square : Double.NaN);
    }
    var context = new java.math.MathContext(80);
    var s = java.math.BigDecimal.ZERO;
    var q = java.math.BigDecimal.ZERO;
    for (Cell c : cells) {
      var x = whole(c.type) ? new java.math.BigDecimal(c.l) : new java.math.BigDecimal(c.re);
      s = s.add(x);
      q = q.add(x.multiply(x));
    }
    var scatter = q.multiply(java.math.BigDecimal.valueOf(n)).subtract(s.multiply(s));
    var by = java.math.BigDecimal.valueOf((long) n * divisor);
    double v = scatter.divide(by, context).doubleValue();
    return of(out.type(), f.startsWith("stddev") ? Math.sqrt(v) : v);
  }

  private static Cell ranked(String f, double p, List<Cell> all, CellType t) {
    List<Cell> sorted = new ArrayList<>(all.stream().filter(c -> !Double.isNaN(c.re)).toList());
    if (sorted.isEmpty()) {
      return of(t, Double.NaN);
    }
    sorted.sort((a, b) -> compareKeys(a, b, false));
    if (f.equals("mode")) {
      return mode(sorted);
    }
    double place = (sorted.size() - 1) * (p / 100);
    double x = sorted.get((int) place).real();
    double y = sorted.get((int) Math.ceil(place)).real();
    double part = place - Math.floor(place);
    return of(t, x == y ? x : part == 0 ? x : x * (1 - part) + y * part);
  }

  /** The first of the longest run. */
  private static Cell mode(List<Cell> sorted) {
    Cell best = null;
    int most = 0;
    for (int i = 0; i < sorted.size(); ) {
      int j = i;
      while (j < sorted.size() && compareKeys(sorted.get(i), sorted.get(j), false) == 0) {
        j++;
      }
      if (j - i > most) {
        most = j - i;
        best = sorted.get(i);
      }
      i = j;
    }
    return best;
  }

  private static double exactSum(double[] values) {
    double plain = 0;
    for (double v : values) {
      plain += v;
    }
    if (!Double.isFinite(plain)) {
      return plain;
    }
    java.math.BigDecimal s = java.math.BigDecimal.ZERO;
    for (double v : values) {
      s = s.add(new java.math.BigDecimal(v));
    }
    return s.doubleValue();
  }

  private Cell scaled(ArrayExpr.Scale x, int b, long[] at, Map<Integer, Long> vars) {
    GridEnvelope from = x.input().type().domain();
    if (from.equals(x.target())) {
      return cell(x.input(), b, at, vars);
    }
    int dim = at.length;
    // Per axis: source indices and their weights.
    List<long[]> where = new ArrayList<>();
    List<double[]> weight = new ArrayList<>();
    for (int i = 0; i < dim; i++) {
      long n = from.size(i);
      long m = x.target().size(i);
      long k = at[i] - x.target().low(i);
      List<Long> idx = new ArrayList<>();
      List<Double> w = new ArrayList<>();
      switch (x.interpolation()) {
        case NEAREST -> {
          boolean before =
              k * n % m == 0
                  && new BigDecimal((double) n / m)
                          .multiply(BigDecimal.valueOf(m))
                          .compareTo(BigDecimal.valueOf(n))
                      < 0;
          idx.add(before && k > 0 ? k * n / m - 1 : k * n / m);
          w.add(1.0);
        }
        case LINEAR -> {
          double c = (k + 0.5) * n / m - 0.5;
          if (n > m) {
            wide(x.interpolation(), idx, w, c, (double) n / m, 0, n - 1);
            break;
          }
          long f = (long) Math.floor(c);
          add(idx, w, clamp(f, n), 1 - (c - f));
          add(idx, w, clamp(f + 1, n), c - f);
        }
        case CUBIC -> {
          double c = (k + 0.5) * n / m - 0.5;
          if (n > m) {
            wide(x.interpolation(), idx, w, c, (double) n / m, 0, n - 1);
            break;
          }
          long f = (long) Math.floor(c);
          double s = c - f;
          add(idx, w, clamp(f - 1, n), ((-0.5 * s + 1) * s - 0.5) * s);
          add(idx, w, clamp(f, n), (1.5 * s - 2.5) * s * s + 1);
          add(idx, w, clamp(f + 1, n), ((-1.5 * s + 2) * s + 0.5) * s);
          add(idx, w, clamp(f + 2, n), (0.5 * s - 0.5) * s * s);
        }
        case AVERAGE, MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> {
          for (long s = k * n / m; s * m < (k + 1) * n; s++) {
            long covered = Math.min((s + 1) * m, (k + 1) * n) - Math.max(s * m, k * n);
            add(idx, w, s, (double) covered / n);
          }
        }
      }
      where.add(idx.stream().mapToLong(Long::longValue).toArray());
      weight.add(w.stream().mapToDouble(Double::doubleValue).toArray());
    }
    List<Cell> cells = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    long[] sizes = where.stream().mapToLong(a -> a.length).toArray();
    for (long[] i : all(GridEnvelope.ofSize(sizes))) {
      long[] to = new long[dim];
      double w = 1;
      for (int d = 0; d < dim; d++) {
        to[d] = from.low(d) + where.get(d)[(int) i[d]];
        w *= weight.get(d)[(int) i[d]];
      }
      Cell c = cell(x.input(), b, to, vars);
      if (x.interpolation() == ArrayExpr.Interpolation.NEAREST) {
        return c;
      }
      if (!c.isNull && w != 0) {
        cells.add(c);
        weights.add(w);
      }
    }
    return combined(x.interpolation(), cells, weights, x.type().band(b));
  }

  private Cell resampled(ArrayExpr.Resample x, int b, long[] at, Map<Integer, Long> vars) {
    long[] to = {at[x.rows()], at[x.columns()]};
    GridEnvelope from = x.input().type().domain();
    Band out = x.type().band(b);
    int[] axes = {x.rows(), x.columns()};
    double[][] place = new double[4][1];
    x.mesh().row(to[0], to[1], 1, place[0], place[1], place[2], place[3]);
    List<List<Long>> where = new ArrayList<>();
    List<List<Double>> weight = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      double p = place[i][0];
      double extent = place[2 + i][0];
      long low = from.low(axes[i]);
      long high = from.high(axes[i]);
      if (!(p >= low && p < high + 1)) {
        return outside(out);
      }
      List<Long> idx = new ArrayList<>();
      List<Double> w = new ArrayList<>();
      double s = p - 0.5 - Math.floor(p - 0.5);
      long f = (long) Math.floor(p - 0.5);
      switch (x.interpolation()) {
        case NEAREST -> add(idx, w, (long) Math.floor(p), 1);
        case LINEAR -> {
          if (extent > 1.05) {
            wide(x.interpolation(), idx, w, p - 0.5, extent, low, high);
            break;
          }
          add(idx, w, Math.clamp(f, low, high), 1 - s);
          add(idx, w, Math.clamp(f + 1, low, high), s);
        }
        case CUBIC -> {
          if (extent > 1.05) {
            wide(x.interpolation(), idx, w, p - 0.5, extent, low, high);
            break;
          }
          add(idx, w, Math.clamp(f - 1, low, high), ((-0.5 * s + 1) * s - 0.5) * s);
          add(idx, w, Math.clamp(f, low, high), (1.5 * s - 2.5) * s * s + 1);
          add(idx, w, Math.clamp(f + 1, low, high), ((-1.5 * s + 2) * s + 0.5) * s);
          add(idx, w, Math.clamp(f + 2, low, high), (0.5 * s - 0.5) * s * s);
        }
        case AVERAGE, MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> {
          double half = Math.max(1, extent) / 2;
          for (long c = low; c <= high; c++) {
            double covered = Math.min(c + 1.0, p + half) - Math.max((double) c, p - half);
            if (covered > 1e-10) {
              add(idx, w, c, covered);
            }
          }
        }
      }
      where.add(idx);
      weight.add(w);
    }
    List<Cell> cells = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    // In row-major order of the input: of 64-bit integers the order of additions shows.
    int first = x.rows() < x.columns() ? 0 : 1;
    int second = 1 - first;
    for (int i = 0; i < where.get(first).size(); i++) {
      for (int k = 0; k < where.get(second).size(); k++) {
        long[] index = at.clone();
        index[axes[first]] = where.get(first).get(i);
        index[axes[second]] = where.get(second).get(k);
        Cell c = cell(x.input(), b, index, vars);
        double w = weight.get(first).get(i) * weight.get(second).get(k);
        if (x.interpolation() == ArrayExpr.Interpolation.NEAREST) {
          return c;
        }
        if (!c.isNull && w != 0) {
          cells.add(c);
          weights.add(w);
        }
      }
    }
    return combined(x.interpolation(), cells, weights, out);
  }

  /** The kernel around c, widened; weights add up to 1. */
  private static void wide(
      ArrayExpr.Interpolation how,
      List<Long> idx,
      List<Double> w,
      double c,
      double extent,
      long low,
      long high) {
    boolean linear = how == ArrayExpr.Interpolation.LINEAR;
    double total = 0;
    List<Double> all = new ArrayList<>();
    for (long s = low; s <= high; s++) {
      double d = Math.abs(s - c) / extent;
      if (Math.abs(s - c) <= (linear ? extent : 2 * extent) - 1e-10) {
        double weight =
            linear
                ? 1 - d
                : d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2;
        idx.add(s);
        all.add(weight);
        total += weight;
      }
    }
    for (double weight : all) {
      w.add(weight / total);
    }
  }

  private static Cell combined(
      ArrayExpr.Interpolation how, List<Cell> cells, List<Double> weights, Band out) {
    CellType t = out.type();
    if (cells.isEmpty()) {
      return outside(out);
    }
    switch (how) {
      case NEAREST -> {
        return cells.getFirst();
      }
      case LINEAR, CUBIC, AVERAGE -> {
        Cell one = cells.getFirst();
        if (cells.stream().allMatch(c -> c.equals(one))) {
          return one;
        }
        double re = 0;
        double im = 0;
        double total = 0;
        for (int i = 0; i < cells.size(); i++) {
          re += weights.get(i) * cells.get(i).real();
          im += weights.get(i) * cells.get(i).im;
          total += weights.get(i);
        }
        re /= total;
        im /= total;
        if (whole(t)) {
          return of(t, Math.floor(re + 0.5 + 1e-9));
        }
        return new Cell(t, false, 0, component(t, re), component(t, im));
      }
      case MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> {
        List<Cell> sorted = new ArrayList<>(cells);
        sorted.sort((p, q) -> compareKeys(p, q, false));
        int last = sorted.size() - 1;
        return switch (how) {
          case MINIMUM -> sorted.getFirst();
          case MAXIMUM -> sorted.getLast();
          case MEDIAN -> sorted.get(last / 2);
          case FIRST_QUARTILE -> sorted.get(last / 4);
          case THIRD_QUARTILE -> sorted.get((3 * sorted.size() - 1) / 4);
          case NEAREST, LINEAR, CUBIC, AVERAGE, MODE -> mode(sorted);
        };
      }
    }
    throw new AssertionError(how);
  }

  private static void add(List<Long> idx, List<Double> w, long i, double x) {
    idx.add(i);
    w.add(x);
  }

  private static long clamp(long i, long n) {
    return Math.max(0, Math.min(n - 1, i));
  }

  private static List<Map<Integer, Long>> bindings(
      List<ArrayExpr.Variable> variables, Map<Integer, Long> outer) {
    List<Map<Integer, Long>> all = List.of(outer);
    for (ArrayExpr.Variable v : variables) {
      List<Map<Integer, Long>> next = new ArrayList<>();
      for (Map<Integer, Long> m : all) {
        for (long i = v.low(); i <= v.high(); i++) {
          Map<Integer, Long> more = new HashMap<>(m);
          more.put(v.id(), i);
          next.add(more);
        }
      }
      all = next;
    }
    return all;
  }

  /** All cells of a box in row-major order. */
  private static List<long[]> all(GridEnvelope box) {
    List<long[]> list = new ArrayList<>();
    int n = box.cellsAsInt();
    long[] at = box.low();
    for (int i = 0; i < n; i++) {
      list.add(at.clone());
      for (int a = at.length - 1; a >= 0; a--) {
        if (++at[a] <= box.high(a)) {
          break;
        }
        at[a] = box.low(a);
      }
    }
    return list;
  }

  private static long[] insert(long[] at, int axis, long value) {
    long[] r = new long[at.length + 1];
    for (int i = 0, k = 0; i < r.length; i++) {
      r[i] = i == axis ? value : at[k++];
    }
    return r;
  }

  private static Tile load(ArraySource source) {
    ArrayType type = source.type();
    GridEnvelope d = type.domain();
    int n = d.cellsAsInt();
    List<Cells> bands = new ArrayList<>();
    for (int b = 0; b < type.bands().size(); b++) {
      Band band = type.band(b);
      Cells out = Cells.allocate(band.type(), n);
      long[] nulls = new long[(n + 63) >> 6];
      for (int i = 0; i < n; i++) {
        Cell c = outside(band);
        put(out, i, c);
        if (c.isNull) {
          nulls[i >> 6] |= 1L << i;
        }
      }
      for (StoredTile t : source.tiles(d)) {
        GridEnvelope part = t.box().intersection(d).orElseThrow();
        Cells in = source.read(t, part, b).band(0);
        int i = 0;
        for (long[] at : all(part)) {
          int o = (int) d.offset(at);
          put(out, o, get(in, i));
          nulls[o >> 6] &= ~(1L << o);
          if (in.isNull(i)) {
            nulls[o >> 6] |= 1L << o;
          }
          i++;
        }
      }
      bands.add(out.withNulls(nulls));
    }
    return new Tile(d, bands);
  }

  private static Cell get(Cells c, int i) {
    CellType t = c.type();
    return whole(t)
        ? new Cell(t, c.isNull(i), c.getLong(i), 0, 0)
        : new Cell(t, c.isNull(i), 0, c.getDouble(i), c.getImaginary(i));
  }

  private static void put(Cells cells, int i, Cell c) {
    CellType t = cells.type();
    int k = i * t.components();
    for (int p = 0; p < t.components(); p++) {
      double d = p == 0 ? c.re : c.im;
      long l = whole(t) ? c.l : (long) d;
      switch (t.storage()) {
        case BYTE -> cells.bytes()[k + p] = (byte) l;
        case SHORT -> cells.shorts()[k + p] = (short) l;
        case INT -> cells.ints()[k + p] = (int) l;
        case LONG -> cells.longs()[k + p] = l;
        case FLOAT -> cells.floats()[k + p] = (float) d;
        case DOUBLE -> cells.doubles()[k + p] = d;
      }
    }
  }
}
