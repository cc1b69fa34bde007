package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.algebra.WarpMesh;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;

/** Random expressions of every kind over small random arrays, the same for the same seed. */
final class RandomExpressions {
  private static final CellType[] TYPES = CellType.values();

  private final Random random;
  private final List<ArrayExpr.Variable> scope = new ArrayList<>();
  private final List<ArrayExpr> made = new ArrayList<>();
  private int variables;

  RandomExpressions(long seed) {
    random = new Random(seed);
  }

  /** An expression with a result of at most a few thousand cells. */
  ArrayExpr next() {
    while (true) {
      try {
        ArrayExpr e = array(box(1 + random.nextInt(3)), 4);
        if (random.nextInt(4) == 0) {
          e = scalar(4);
        }
        if (work(e) < 3e5) {
          return e;
        }
      } catch (EngineException e) {
        if (e.code() != EngineException.Code.INVALID_EXPRESSION) {
          throw e;
        }
        // An ill-typed choice: choose again.
        scope.clear();
      }
    }
  }

  /** About how many cells the reference computes. */
  private static double work(ArrayExpr e) {
    return perCell(e) * e.type().domain().cells() * e.type().bands().size();
  }

  private static double perCell(ArrayExpr e) {
    return switch (e) {
      case ArrayExpr.ArrayRef x -> 1;
      case ArrayExpr.Constant x -> 1;
      case ArrayExpr.Variable x -> 1;
      case ArrayExpr.Trim x -> perCell(x.input());
      case ArrayExpr.Slice x -> perCell(x.input()) + perCell(x.position());
      case ArrayExpr.Window x -> perCell(x.input()) + perCell(x.low());
      case ArrayExpr.Shift x -> perCell(x.input());
      case ArrayExpr.Permute x -> perCell(x.input());
      case ArrayExpr.Induce x ->
          1 + x.operands().stream().mapToDouble(RandomExpressions::perCell).sum();
      case ArrayExpr.Cast x -> 1 + perCell(x.input());
      case ArrayExpr.SelectBands x -> perCell(x.input());
      case ArrayExpr.MakeBands x ->
          x.operands().stream().mapToDouble(RandomExpressions::perCell).max().orElseThrow();
      case ArrayExpr.Reduce x -> perCell(x.input()) * x.input().type().domain().cells();
      case ArrayExpr.Condense x -> {
        double n = 1;
        for (ArrayExpr.Variable v : x.variables()) {
          n *= v.high() - v.low() + 1;
        }
        yield n * (perCell(x.using()) + x.where().map(RandomExpressions::perCell).orElse(0.0));
      }
      case ArrayExpr.Construct x -> perCell(x.values());
      case ArrayExpr.Switch x ->
          perCell(x.otherwise())
              + x.cases().stream()
                  .mapToDouble(c -> perCell(c.condition()) + perCell(c.value()))
                  .sum();
      case ArrayExpr.Extend x -> perCell(x.input());
      case ArrayExpr.Scale x -> {
        double taps = 1;
        if (x.interpolation() != ArrayExpr.Interpolation.NEAREST) {
          for (int a = 0; a < x.target().dimension(); a++) {
            taps *= 4 + (double) x.input().type().domain().size(a) / x.target().size(a);
          }
        }
        yield taps * perCell(x.input());
      }
      case ArrayExpr.Resample x -> 16.0 * x.input().type().domain().cells() * perCell(x.input());
      case ArrayExpr.Flip x -> perCell(x.input());
      case ArrayExpr.Sort x ->
          perCell(x.input()) + perCell(x.keys()) * x.keys().type().domain().cells();
      case ArrayExpr.Mask x -> perCell(x.input()) + perCell(x.mask());
      case ArrayExpr.Concat x ->
          x.parts().stream().mapToDouble(RandomExpressions::perCell).max().orElse(0);
    };
  }

  private GridEnvelope box(int dim) {
    long[] low = new long[dim];
    long[] high = new long[dim];
    for (int a = 0; a < dim; a++) {
      low[a] = random.nextInt(5) - 2L;
      high[a] = low[a] + random.nextInt(5);
    }
    return GridEnvelope.of(low, high);
  }

  private CellType type() {
    return random.nextInt(3) == 0 ? TYPES[random.nextInt(TYPES.length)] : TYPES[random.nextInt(10)];
  }

  private double value(CellType t) {
    int k = random.nextInt(12);
    if (t.isInteger()) {
      return switch (k) {
        case 0 -> t.min();
        case 1 -> t.max();
        case 2 -> 0;
        default -> random.nextInt(9) - 3;
      };
    }
    return switch (k) {
      case 0 -> Double.NaN;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> 0;
      case 3 -> random.nextGaussian() * 1e6;
      default -> random.nextInt(40) * 0.25 - 3;
    };
  }

  private NullSet nulls(CellType t) {
    return switch (random.nextInt(6)) {
      case 0 -> NullSet.of(2);
      case 1 -> new NullSet(List.of(new NullSet.Interval(0, 1), new NullSet.Interval(3, 3)));
      case 2 -> t.isFloat() ? NullSet.of(Double.NaN) : NullSet.NONE;
      default -> NullSet.NONE;
    };
  }

  private Cells cells(CellType t, int n) {
    Cells c = Cells.allocate(t, n);
    for (int i = 0; i < n; i++) {
      if (t.isComplex()) {
        Kernel.putComplex(t, c.array(), i, value(t), value(t));
      } else if (t == CellType.INT64 && random.nextInt(4) == 0) {
        c.longs()[i] = random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
      } else {
        Narrowing.put(t, c.array(), i, value(t));
      }
    }
    return c;
  }

  /** A stored array with that domain (or a constant), one to three bands, random tiles. */
  private ArrayExpr stored(GridEnvelope box, int bands) {
    List<Band> types = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      CellType t = type();
      types.add(new Band(t, nulls(t)));
    }
    ArrayType type = new ArrayType(box, types);
    if (random.nextInt(5) == 0) {
      int n = box.cellsAsInt();
      List<Cells> c = new ArrayList<>();
      for (Band b : types) {
        Cells x = cells(b.type(), n);
        long[] mask = new long[(n + 63) / 64];
        for (int i = 0; i < n; i++) {
          if (b.nulls().contains(x.getDouble(i))) {
            mask[i >> 6] |= 1L << i;
          }
        }
        c.add(b.nulls().isEmpty() ? x : x.withNulls(mask));
      }
      return new ArrayExpr.Constant(type, new Tile(box, c));
    }
    TestArray array = new TestArray(type);
    for (GridEnvelope t : tiling(box)) {
      if (random.nextInt(8) > 0) {
        Cells[] c = new Cells[bands];
        for (int b = 0; b < bands; b++) {
          c[b] = cells(types.get(b).type(), t.cellsAsInt());
        }
        array.with(t, c);
      }
    }
    return new ArrayExpr.ArrayRef(array);
  }

  private List<GridEnvelope> tiling(GridEnvelope box) {
    List<GridEnvelope> all = new ArrayList<>(List.of(box));
    for (int a = 0; a < box.dimension(); a++) {
      long edge = 1L + random.nextInt(4);
      List<GridEnvelope> next = new ArrayList<>();
      for (GridEnvelope b : all) {
        for (long i = b.low(a); i <= b.high(a); i += edge) {
          next.add(b.with(a, i, Math.min(b.high(a), i + edge - 1)));
        }
      }
      all = next;
    }
    return all;
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private ArrayExpr.Constant number() {
    CellType t = type();
    return ArrayExpr.scalar(t, value(t));
  }

  private ArrayExpr scalar(int depth) {
    if (depth <= 0) {
      return scope.isEmpty() || random.nextInt(3) == 0 ? number() : any(scope);
    }
    return switch (random.nextInt(8)) {
      case 0 -> number();
      case 1, 2 -> scope.isEmpty() ? number() : any(scope);
      case 3, 4 -> induced(GridEnvelope.scalar(), depth);
      case 5 -> {
        var condenser = any(CONDENSERS);
        ArrayExpr input = array(box(1 + random.nextInt(2)), depth - 1);
        yield ArrayExpr.Reduce.of(condenser, exact(condenser, input));
      }
      case 6 -> condense(GridEnvelope.scalar(), depth);
      default -> {
        GridEnvelope b = box(1);
        yield new ArrayExpr.Slice(array(b, depth - 1), 0, position(b, 0, depth - 1));
      }
    };
  }

  private static final List<org.tessera.engine.algebra.Condenser> CONDENSERS =
      Stream.concat(
              Stream.of(
                      "count",
                      "some",
                      "all",
                      "sum",
                      "avg",
                      "min",
                      "max",
                      "var_pop",
                      "var_samp",
                      "stddev_pop",
                      "stddev_samp",
                      "median",
                      "mode")
                  .map(Condensers::get),
              Stream.of(0.0, 10.0, 75.0, 100.0).map(Condensers::percentile))
          .toList();

  /** An integer scalar that mostly lies within the axis. */
  private ArrayExpr position(GridEnvelope box, int axis, int depth) {
    ArrayExpr c = ArrayExpr.integer(box.low(axis) - 1 + random.nextInt((int) box.size(axis) + 2));
    if (scope.isEmpty()) {
      return random.nextInt(4) == 0 ? whole(scalar(depth - 1)) : c;
    }
    ArrayExpr v = any(scope);
    return switch (random.nextInt(6)) {
      case 0 -> c;
      case 1 -> v;
      case 2 -> ArrayExpr.Induce.of(CellFunctions.get("+", 2), v, c);
      case 3 -> ArrayExpr.Induce.of(CellFunctions.get("-", 2), c, v);
      case 4 ->
          ArrayExpr.Induce.of(
              CellFunctions.get("+", 2),
              ArrayExpr.Induce.of(CellFunctions.get("*", 2), v, ArrayExpr.integer(2)),
              any(scope));
      default -> whole(scalar(depth - 1));
    };
  }

  private static ArrayExpr whole(ArrayExpr e) {
    ArrayExpr one = new ArrayExpr.SelectBands(e, List.of(0));
    return new ArrayExpr.Cast(
        ArrayExpr.Induce.of(
            CellFunctions.get("mod", 2),
            new ArrayExpr.Cast(one, CellType.INT64),
            ArrayExpr.integer(5)),
        CellType.INT64);
  }

  private ArrayExpr truth(GridEnvelope box, int depth) {
    ArrayExpr a = new ArrayExpr.SelectBands(array(box, depth - 1), List.of(0));
    if (a.type().band(0).type() == CellType.BOOLEAN) {
      return a;
    }
    String f = any(List.of("=", "!=", "<", "<=", ">", ">="));
    return a.type().band(0).type().isComplex() || random.nextInt(5) == 0
        ? ArrayExpr.Induce.of(CellFunctions.get("is null", 1), a)
        : ArrayExpr.Induce.of(
            CellFunctions.get(f, 2), a, ArrayExpr.scalar(CellType.INT32, random.nextInt(4)));
  }

  /** A scalar or an array of that domain. */
  private ArrayExpr array(GridEnvelope box, int depth) {
    if (box.dimension() == 0) {
      return scalar(depth);
    }
    for (ArrayExpr e : made) {
      if (e.type().domain().equals(box) && random.nextInt(3) == 0) {
        return e;
      }
    }
    ArrayExpr e = depth <= 0 ? stored(box, 1 + random.nextInt(2)) : compound(box, depth);
    if (scope.isEmpty()) {
      made.add(e);
    }
    return e;
  }

  private ArrayExpr compound(GridEnvelope box, int depth) {
    int dim = box.dimension();
    int axis = random.nextInt(dim);
    switch (random.nextInt(23)) {
      case 0, 1 -> {
        return stored(box, 1 + random.nextInt(3));
      }
      case 2 -> {
        GridEnvelope b = box;
        for (int a = 0; a < dim; a++) {
          b = b.with(a, box.low(a) - random.nextInt(3), box.high(a) + random.nextInt(3));
        }
        return new ArrayExpr.Trim(array(b, depth - 1), box);
      }
      case 3, 4 -> {
        if (dim > 2) {
          return stored(box, 1);
        }
        long low = random.nextInt(4) - 2L;
        GridEnvelope b = box.insert(axis, low, low + random.nextInt(4));
        return new ArrayExpr.Slice(array(b, depth - 1), axis, position(b, axis, depth));
      }
      case 5 -> {
        GridEnvelope b = box.with(axis, -1, random.nextInt(6));
        return new ArrayExpr.Window(
            array(b, depth - 1), axis, position(b, axis, depth), 1 + random.nextInt(3));
      }
      case 6 -> {
        long by = random.nextInt(7) - 3L;
        List<Long> offset = IntStream.range(0, dim).mapToObj(a -> a == axis ? by : 0L).toList();
        return new ArrayExpr.Shift(
            array(box.translate(offset.stream().mapToLong(o -> -o).toArray()), depth - 1), offset);
      }
      case 7 -> {
        List<Integer> order = new ArrayList<>(IntStream.range(0, dim).boxed().toList());
        Collections.shuffle(order, random);
        int[] inverse = new int[dim];
        for (int i = 0; i < dim; i++) {
          inverse[order.get(i)] = i;
        }
        return new ArrayExpr.Permute(array(box.permute(inverse), depth - 1), order);
      }
      case 8, 9, 10 -> {
        return induced(box, depth);
      }
      case 11 -> {
        return new ArrayExpr.Cast(array(box, depth - 1), type());
      }
      case 12 -> {
        ArrayExpr a = array(box, depth - 1);
        return new ArrayExpr.SelectBands(a, List.of(random.nextInt(a.type().bands().size())));
      }
      case 13 -> {
        return ArrayExpr.MakeBands.of(
            List.of(
                array(box, depth - 1), random.nextBoolean() ? number() : array(box, depth - 1)));
      }
      case 14 -> {
        return condense(box, depth);
      }
      case 15 -> {
        List<ArrayExpr.Variable> vars = new ArrayList<>();
        int n = 1 + random.nextInt(dim);
        GridEnvelope rest = box;
        for (int a = 0; a < n; a++) {
          vars.add(new ArrayExpr.Variable(variables++, "v", box.low(a), box.high(a)));
          rest = rest.without(0);
        }
        scope.addAll(vars);
        ArrayExpr values = array(rest, depth - 1);
        scope.removeAll(vars);
        return new ArrayExpr.Construct(vars, values);
      }
      case 16 -> {
        ArrayExpr a = new ArrayExpr.SelectBands(array(box, depth - 1), List.of(0));
        ArrayExpr b =
            random.nextBoolean()
                ? number()
                : new ArrayExpr.SelectBands(array(box, depth - 1), List.of(0));
        List<ArrayExpr.Case> cases = new ArrayList<>();
        cases.add(
            new ArrayExpr.Case(
                truth(random.nextInt(3) == 0 ? GridEnvelope.scalar() : box, depth), a));
        if (random.nextBoolean()) {
          cases.add(new ArrayExpr.Case(truth(box, depth), number()));
        }
        return ArrayExpr.Switch.of(cases, b);
      }
      case 17 -> {
        GridEnvelope b = box;
        for (int a = 0; a < dim; a++) {
          b = b.with(a, box.low(a) + random.nextInt(4) - 1, box.high(a) + 3 + random.nextInt(2));
        }
        return new ArrayExpr.Extend(array(b, depth - 1), box);
      }
      case 18 -> {
        GridEnvelope b = box(dim);
        return new ArrayExpr.Scale(
            array(b, depth - 1), box, any(List.of(ArrayExpr.Interpolation.values())));
      }
      case 20 -> {
        if (dim < 2) {
          return stored(box, 2);
        }
        int other = (axis + 1 + random.nextInt(dim - 1)) % dim;
        return resampled(box, axis, other, depth);
      }
      case 19 -> {
        return new ArrayExpr.Flip(array(box, depth - 1), axis);
      }
      case 22 -> {
        return concat(box, axis, depth);
      }
      default -> {
        if (random.nextBoolean()) {
          return new ArrayExpr.Mask(array(box, depth - 1), truth(box, depth));
        }
        GridEnvelope line =
            GridEnvelope.of(new long[] {box.low(axis)}, new long[] {box.high(axis)});
        ArrayExpr keys = new ArrayExpr.SelectBands(array(line, depth - 1), List.of(0));
        if (keys.type().band(0).type().isComplex()) {
          keys = ArrayExpr.Induce.of(CellFunctions.get("re", 1), keys);
        }
        return new ArrayExpr.Sort(array(box, depth - 1), axis, keys, random.nextBoolean());
      }
    }
  }

  private ArrayExpr concat(GridEnvelope box, int axis, int depth) {
    List<ArrayExpr> parts = new ArrayList<>();
    long low = box.low(axis);
    while (low <= box.high(axis)) {
      long high = low + random.nextInt((int) (box.high(axis) - low + 1));
      ArrayExpr part = array(box.with(axis, low, high), depth - 1);
      parts.add(new ArrayExpr.SelectBands(part, List.of(0)));
      low = high + 1;
    }
    return ArrayExpr.Concat.of(parts, axis);
  }

  /**
   * Weights of complex infinities are summed in another order by the reference, and infinity less
   * infinity is no number.
   */
  private ArrayExpr.Interpolation interpolation(ArrayExpr input) {
    return input.type().bands().stream().anyMatch(b -> b.type().isComplex())
        ? ArrayExpr.Interpolation.NEAREST
        : any(List.of(ArrayExpr.Interpolation.values()));
  }

  private ArrayExpr resampled(GridEnvelope box, int rows, int columns, int depth) {
    GridEnvelope from = box;
    for (int a : new int[] {rows, columns}) {
      long low = random.nextInt(5) - 2L;
      from = from.with(a, low, low + random.nextInt(6));
    }
    GridEnvelope plane = box.permute(new int[] {rows, columns});
    double[][] places = new double[2][plane.cellsAsInt()];
    for (int a = 0; a < 2; a++) {
      int axis = a == 0 ? rows : columns;
      for (int i = 0; i < places[a].length; i++) {
        places[a][i] =
            random.nextInt(12) == 0
                ? Double.NaN
                : from.low(axis) - 0.5 + random.nextInt(8 * (int) from.size(axis) + 8) / 8.0;
      }
    }
    ArrayExpr input = array(from, depth - 1);
    return new ArrayExpr.Resample(input, rows, columns, mesh(plane, places), interpolation(input));
  }

  /** A mesh of any places at all: between the cells there are none, so that each is a knot. */
  private static WarpMesh mesh(GridEnvelope plane, double[][] places) {
    return WarpMesh.of(
        plane,
        points -> {
          for (int i = 0; i < points.length; i += 2) {
            double row = points[i] - 0.5;
            double column = points[i + 1] - 0.5;
            boolean cell = row == Math.rint(row) && column == Math.rint(column);
            int k = cell ? (int) plane.offset(new long[] {(long) row, (long) column}) : 0;
            points[i] = cell ? places[0][k] : Double.NaN;
            points[i + 1] = cell ? places[1][k] : Double.NaN;
          }
        });
  }

  private ArrayExpr condense(GridEnvelope box, int depth) {
    List<ArrayExpr.Variable> vars = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      long low = random.nextInt(4) - 2L;
      vars.add(new ArrayExpr.Variable(variables++, "v", low, low + random.nextInt(4)));
    }
    scope.addAll(vars);
    ArrayExpr using = array(box, depth - 1);
    Optional<ArrayExpr> where =
        random.nextInt(3) == 0
            ? Optional.of(truth(GridEnvelope.scalar(), depth - 1))
            : Optional.empty();
    scope.removeAll(vars);
    var condenser = any(CONDENSERS);
    return ArrayExpr.Condense.of(condenser, vars, where, exact(condenser, using));
  }

  /**
   * The spread of computed floats that are nearly equal is made of their rounding errors, which the
   * reference does not share; so it is taken of stored floats and of integers.
   */
  private static ArrayExpr exact(
      org.tessera.engine.algebra.Condenser condenser, ArrayExpr operand) {
    boolean spread = condenser.name().startsWith("var") || condenser.name().startsWith("stddev");
    boolean computed =
        !(operand instanceof ArrayExpr.ArrayRef)
            && operand.type().bands().stream().anyMatch(b -> b.type().isFloat());
    return spread && computed ? new ArrayExpr.Cast(operand, CellType.INT32) : operand;
  }

  private ArrayExpr induced(GridEnvelope box, int depth) {
    var f = any(CellFunctions.all());
    List<ArrayExpr> operands = new ArrayList<>();
    for (int i = 0; i < f.arity(); i++) {
      GridEnvelope b = f.arity() == 2 && random.nextInt(3) == 0 ? GridEnvelope.scalar() : box;
      operands.add(array(b, depth - 1));
    }
    if (box.dimension() > 0 && operands.stream().allMatch(o -> o.type().isScalar())) {
      operands.set(0, array(box, depth - 1));
    }
    if (List.of("and", "or", "xor", "not").contains(f.name())) {
      operands.replaceAll(o -> new ArrayExpr.Cast(o, CellType.BOOLEAN));
    }
    if (f.name().equals("bit")) {
      operands.replaceAll(o -> new ArrayExpr.Cast(o, CellType.INT32));
    }
    return ArrayExpr.Induce.of(f, operands.toArray(ArrayExpr[]::new));
  }

  int below(int n) {
    return random.nextInt(n);
  }
}
