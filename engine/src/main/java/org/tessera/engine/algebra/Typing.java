package org.tessera.engine.algebra;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;

/** The typing rules of {@link ArrayExpr}, in one place. */
final class Typing {
  private static final List<String> TRUTH = List.of("count", "some", "all");
  private static final List<String> NEVER_NULL = List.of("is null", "is not null", "value");

  private Typing() {}

  static ArrayType trim(ArrayType input, GridEnvelope box) {
    checkLength(input, box.dimension());
    check(
        input.domain().contains(box),
        "trim to " + box + " reaches beyond the domain " + input.domain());
    return input.on(box);
  }

  static ArrayType slice(ArrayType input, int axis, ArrayType position) {
    checkPosition(input, axis, position);
    return input.on(input.domain().without(axis));
  }

  static ArrayType window(ArrayType input, int axis, ArrayType low, long size) {
    checkPosition(input, axis, low);
    return input.on(input.domain().with(axis, 0, size - 1));
  }

  static ArrayType shift(ArrayType input, List<Long> offset) {
    checkLength(input, offset.size());
    return input.on(input.domain().translate(offset.stream().mapToLong(Long::longValue).toArray()));
  }

  static ArrayType onBox(ArrayType input, GridEnvelope box) {
    checkLength(input, box.dimension());
    return input.on(box);
  }

  static ArrayType scale(ArrayType input, GridEnvelope target, int extents) {
    checkLength(input, target.dimension());
    checkLength(input, extents);
    return input.on(target);
  }

  static ArrayType flip(ArrayType input, int axis) {
    checkAxis(input, axis);
    return input;
  }

  private static void checkAxis(ArrayType input, int axis) {
    check(
        axis >= 0 && axis < input.dimension(),
        "axis " + axis + " of an array with " + input.dimension() + " axes");
  }

  private static void checkPosition(ArrayType input, int axis, ArrayType position) {
    checkAxis(input, axis);
    check(position.isScalar() && position.bands().size() == 1, "a position is a scalar");
    check(
        position.band(0).type().isInteger(),
        "a position is an integer, found " + position.band(0).type());
  }

  private static void checkLength(ArrayType input, int length) {
    check(length == input.dimension(), "array has " + input.dimension() + " axes, found " + length);
  }

  static ArrayType permute(ArrayType input, List<Integer> order) {
    checkLength(input, order.size());
    check(
        new HashSet<>(order)
            .equals(new HashSet<>(IntStream.range(0, order.size()).boxed().toList())),
        order + " is no permutation of the axes");
    int[] by = order.stream().mapToInt(Integer::intValue).toArray();
    return input.on(input.domain().permute(by));
  }

  static ArrayType selectBands(ArrayType input, List<Integer> bands) {
    for (int b : bands) {
      check(
          b >= 0 && b < input.bands().size(),
          "band " + b + " of an array with " + input.bands().size() + " bands");
    }
    return new ArrayType(input.domain(), bands.stream().map(input::band).toList());
  }

  static ArrayType sort(ArrayType input, int axis, ArrayType keys) {
    checkAxis(input, axis);
    check(
        keys.bands().size() == 1 && keys.dimension() == 1,
        "sort keys are a one-band array along one axis");
    check(
        keys.domain().low(0) == input.domain().low(axis)
            && keys.domain().high(0) == input.domain().high(axis),
        "sort keys " + keys.domain() + " do not cover axis " + axis + " of " + input.domain());
    return input;
  }

  static ArrayType resample(ArrayType input, int rows, int columns, GridEnvelope mesh) {
    checkAxis(input, rows);
    checkAxis(input, columns);
    check(rows != columns, "resampling needs two different axes, found " + rows + " twice");
    check(mesh.dimension() == 2, "a mesh has two axes, found " + mesh);
    return input.on(
        input
            .domain()
            .with(rows, mesh.low(0), mesh.high(0))
            .with(columns, mesh.low(1), mesh.high(1)));
  }

  static ArrayType mask(ArrayType input, ArrayType mask) {
    check(
        mask.bands().size() == 1 && mask.band(0).type() == CellType.BOOLEAN,
        "a mask is boolean with one band");
    check(mask.domain().equals(input.domain()), "mask " + mask.domain() + " on " + input.domain());
    return input;
  }

  static ArrayType induce(CellFunction function, List<ArrayExpr> operands) {
    check(
        operands.size() == function.arity(),
        function + " takes " + function.arity() + " operands, found " + operands.size());
    GridEnvelope domain = domainOf(operands, function.name());
    int bands = 1;
    for (ArrayExpr e : operands) {
      int n = e.type().bands().size();
      check(
          n == 1 || bands == 1 || n == bands,
          "operands of " + function + " have " + bands + " and " + n + " bands");
      bands = Math.max(bands, n);
    }
    List<Band> result = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      List<CellType> types = new ArrayList<>();
      NullSet nulls = NullSet.NONE;
      for (ArrayExpr e : operands) {
        Band band = e.type().band(e.type().bands().size() == 1 ? 0 : b);
        types.add(band.type());
        nulls = nulls.union(band.nulls());
      }
      boolean neverNull = NEVER_NULL.contains(function.name());
      result.add(new Band(function.result().apply(types), neverNull ? NullSet.NONE : nulls));
    }
    return new ArrayType(domain, result);
  }

  static ArrayType cast(ArrayType input, CellType to) {
    return new ArrayType(
        input.domain(), input.bands().stream().map(b -> new Band(to, b.nulls())).toList());
  }

  static ArrayType makeBands(List<ArrayExpr> operands) {
    GridEnvelope domain = domainOf(operands, "range constructor");
    return new ArrayType(
        domain, operands.stream().flatMap(e -> e.type().bands().stream()).toList());
  }

  static ArrayType reduce(Condenser condenser, ArrayType input, GridEnvelope domain) {
    return new ArrayType(
        domain,
        input.bands().stream()
            .map(
                b ->
                    new Band(
                        condenser.result().apply(b.type()),
                        TRUTH.contains(condenser.name()) ? NullSet.NONE : b.nulls()))
            .toList());
  }

  static ArrayType condense(Condenser condenser, Optional<ArrayExpr> where, ArrayExpr using) {
    where.ifPresent(
        w ->
            check(
                w.type().isScalar()
                    && w.type().bands().size() == 1
                    && w.type().band(0).type() == CellType.BOOLEAN,
                "where needs a boolean scalar"));
    return reduce(condenser, using.type(), using.type().domain());
  }

  static ArrayType construct(List<ArrayExpr.Variable> variables, ArrayType values) {
    GridEnvelope domain = values.domain();
    for (int i = variables.size() - 1; i >= 0; i--) {
      domain = domain.insert(0, variables.get(i).low(), variables.get(i).high());
    }
    return values.on(domain);
  }

  static ArrayType concat(List<ArrayExpr> parts, int axis) {
    check(!parts.isEmpty(), "concat of nothing");
    ArrayType first = parts.getFirst().type();
    checkAxis(first, axis);
    GridEnvelope domain = first.domain();
    for (ArrayExpr e : parts.subList(1, parts.size())) {
      GridEnvelope d = e.type().domain();
      check(
          d.dimension() == domain.dimension()
              && d.low(axis) == domain.high(axis) + 1
              && d.with(axis, domain.low(axis), domain.high(axis)).equals(domain),
          "concat along axis " + axis + ": " + d + " does not follow " + domain);
      domain = domain.with(axis, domain.low(axis), d.high(axis));
    }
    return new ArrayType(domain, common(parts, "parts of concat"));
  }

  /** Bands of the common types of all, with all their null values. */
  private static List<Band> common(List<ArrayExpr> values, String what) {
    List<Band> result = new ArrayList<>(values.getLast().type().bands());
    int bands = result.size();
    for (ArrayExpr v : values) {
      check(
          v.type().bands().size() == bands,
          what + " have " + bands + " and " + v.type().bands().size() + " bands");
      for (int b = 0; b < bands; b++) {
        Band x = result.get(b);
        Band y = v.type().band(b);
        result.set(
            b, new Band(CellFunctions.common(x.type(), y.type()), y.nulls().union(x.nulls())));
      }
    }
    return result;
  }

  static ArrayType switchOf(List<ArrayExpr.Case> cases, ArrayExpr otherwise) {
    List<ArrayExpr> values = new ArrayList<>();
    List<ArrayExpr> all = new ArrayList<>();
    for (ArrayExpr.Case c : cases) {
      ArrayType t = c.condition().type();
      check(
          t.bands().size() == 1 && t.band(0).type() == CellType.BOOLEAN,
          "a case needs a boolean condition");
      all.add(c.condition());
      values.add(c.value());
    }
    values.add(otherwise);
    all.addAll(values);
    GridEnvelope domain = domainOf(all, "switch");
    return new ArrayType(domain, common(values, "branches of a switch"));
  }

  /** The one domain of all non-scalar operands; the scalar domain if there is none. */
  private static GridEnvelope domainOf(List<ArrayExpr> operands, String what) {
    GridEnvelope domain = GridEnvelope.scalar();
    for (ArrayExpr e : operands) {
      GridEnvelope d = e.type().domain();
      if (d.dimension() > 0) {
        check(
            domain.dimension() == 0 || domain.equals(d),
            "operands of " + what + " have different domains " + domain + " and " + d);
        domain = d;
      }
    }
    return domain;
  }

  static ArrayExpr.Constant scalar(CellType type, double value) {
    Cells cells = Cells.allocate(type, 1);
    long whole =
        type == CellType.BOOLEAN
            ? (value != 0 ? 1 : 0)
            : Math.max(type.min(), Math.min(type.max(), (long) value));
    switch (type.storage()) {
      case BYTE -> cells.bytes()[0] = (byte) whole;
      case SHORT -> cells.shorts()[0] = (short) whole;
      case INT -> cells.ints()[0] = (int) whole;
      case LONG -> cells.longs()[0] = whole;
      case FLOAT -> cells.floats()[0] = (float) value;
      case DOUBLE -> cells.doubles()[0] = value;
    }
    return constant(cells);
  }

  static ArrayExpr.Constant integer(long value) {
    return constant(Cells.wrap(CellType.INT64, new long[] {value}, null));
  }

  private static ArrayExpr.Constant constant(Cells cells) {
    GridEnvelope domain = GridEnvelope.scalar();
    return new ArrayExpr.Constant(
        ArrayType.of(domain, cells.type()), new Tile(domain, List.of(cells)));
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new EngineException(EngineException.Code.INVALID_EXPRESSION, message);
    }
  }
}
