package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunction;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condenser;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/**
 * Turns an expression into nodes, a tree for each band. Iteration variables become axes: what
 * depends on variables is computed for all their values at once, by the same kernels as everything
 * else. Equal subexpressions become one node.
 */
final class Planner {
  /** A node and the variables that are its first axes, outermost first. */
  private record Lifted(Node node, List<ArrayExpr.Variable> variables) {
    int dimension() {
      return node.domain().dimension() - variables.size();
    }
  }

  /** constant + sum of factor x variable. */
  private record Linear(long constant, Map<ArrayExpr.Variable, Long> factors) {}

  private static final long WORTH_KEEPING = 1 << 24;

  private final boolean statistics;
  private final IdentityHashMap<ArrayExpr, Map<Integer, Lifted>> known = new IdentityHashMap<>();
  private final IdentityHashMap<ArrayExpr, Map<List<Object>, ArrayExpr>> scaled =
      new IdentityHashMap<>();
  private final Map<List<Object>, Node> nodes = new HashMap<>();
  private final IdentityHashMap<Node, Boolean> costly = new IdentityHashMap<>();
  private final Map<Integer, Integer> order = new HashMap<>();

  private Planner(boolean statistics) {
    this.statistics = statistics;
  }

  /** One node a band, each with the expression's domain. */
  static List<Node> plan(ArrayExpr expr, boolean statistics) {
    Planner planner = new Planner(statistics);
    List<Node> bands = new ArrayList<>();
    for (int b = 0; b < expr.type().bands().size(); b++) {
      Lifted l = planner.lift(expr, b);
      bands.add(planner.spread(l, List.of(), expr.type().domain()));
    }
    return bands;
  }

  private Lifted lift(ArrayExpr e, int band) {
    Map<Integer, Lifted> bands = known.computeIfAbsent(e, x -> new HashMap<>());
    Lifted l = bands.get(band);
    if (l == null) {
      l = lifted(e, band);
      bands.put(band, l);
    } else {
      l.node.share();
    }
    return l;
  }

  /** A method for each kind, so that deep expressions need little stack. */
  private Lifted lifted(ArrayExpr e, int b) {
    return switch (e) {
      case ArrayExpr.ArrayRef x ->
          new Lifted(node(false, () -> new Nodes.Stored(x.source(), b), x.source(), b), List.of());
      case ArrayExpr.Constant x ->
          new Lifted(
              new Nodes.Literal(x.type().domain(), x.type().band(b), x.cells().band(b)), List.of());
      case ArrayExpr.Variable x ->
          new Lifted(
              node(false, () -> new Nodes.Coordinate(x.low(), x.high()), "at", x.low(), x.high()),
              List.of(x));
      case ArrayExpr.Trim x -> trim(x, b);
      case ArrayExpr.Shift x -> shift(x, b);
      case ArrayExpr.Permute x -> permute(x, b);
      case ArrayExpr.Flip x -> flip(x, b);
      case ArrayExpr.Extend x -> extend(x, b);
      case ArrayExpr.Slice x -> slice(x, b);
      case ArrayExpr.Window x -> window(x, b);
      case ArrayExpr.Induce x -> induce(x, b);
      case ArrayExpr.Cast x -> cast(x, b);
      case ArrayExpr.SelectBands x -> lift(x.input(), x.bands().get(b));
      case ArrayExpr.MakeBands x -> bands(x, b);
      case ArrayExpr.Reduce x -> reduce(x, b);
      case ArrayExpr.Condense x -> condense(x, b);
      case ArrayExpr.Construct x -> construct(x, b);
      case ArrayExpr.Switch x -> choose(x, b);
      case ArrayExpr.Scale x -> scale(x, b);
      case ArrayExpr.Resample x -> resample(x, b);
      case ArrayExpr.Sort x -> sort(x, b);
      case ArrayExpr.Mask x -> mask(x, b);
      case ArrayExpr.Concat x -> concat(x, b);
    };
  }

  private Lifted trim(ArrayExpr.Trim x, int b) {
    Lifted in = lift(x.input(), b);
    return new Lifted(view(in, x.box(), identity(x.box().dimension()), Map.of()), in.variables);
  }

  private Lifted shift(ArrayExpr.Shift x, int b) {
    Lifted in = lift(x.input(), b);
    Link[] links = identity(x.offset().size());
    for (int a = 0; a < links.length; a++) {
      links[a] = new Link(a, -x.offset().get(a), 1);
    }
    return new Lifted(view(in, x.type().domain(), links, Map.of()), in.variables);
  }

  private Lifted permute(ArrayExpr.Permute x, int b) {
    Lifted in = lift(x.input(), b);
    Link[] links = new Link[x.order().size()];
    for (int a = 0; a < links.length; a++) {
      links[x.order().get(a)] = new Link(a, 0, 1);
    }
    return new Lifted(view(in, x.type().domain(), links, Map.of()), in.variables);
  }

  private Lifted flip(ArrayExpr.Flip x, int b) {
    Lifted in = lift(x.input(), b);
    GridEnvelope d = x.input().type().domain();
    Link[] links = identity(d.dimension());
    links[x.axis()] = new Link(x.axis(), d.low(x.axis()) + d.high(x.axis()), -1);
    return new Lifted(view(in, d, links, Map.of()), in.variables);
  }

  private Lifted extend(ArrayExpr.Extend x, int b) {
    Lifted in = lift(x.input(), b);
    return new Lifted(view(in, x.box(), identity(x.box().dimension()), Map.of()), in.variables);
  }

  private Lifted cast(ArrayExpr.Cast x, int b) {
    Lifted in = lift(x.input(), b);
    Band to = x.type().band(b);
    return new Lifted(converted(in.node, to), in.variables);
  }

  private Lifted bands(ArrayExpr.MakeBands x, int b) {
    int k = b;
    int i = 0;
    while (k >= x.operands().get(i).type().bands().size()) {
      k -= x.operands().get(i++).type().bands().size();
    }
    Lifted in = lift(x.operands().get(i), k);
    return new Lifted(spread(in, in.variables, x.type().domain()), in.variables);
  }

  private Lifted reduce(ArrayExpr.Reduce x, int b) {
    Lifted in = lift(x.input(), b);
    int v = in.variables.size();
    return new Lifted(
        fold(x.condenser(), in.node, v, v + in.dimension(), x.type().band(b)), in.variables);
  }

  private Lifted construct(ArrayExpr.Construct x, int b) {
    enter(x.variables());
    Lifted in = lift(x.values(), b);
    List<ArrayExpr.Variable> outer = without(in.variables, x.variables());
    List<ArrayExpr.Variable> all = new ArrayList<>(outer);
    all.addAll(x.variables());
    return new Lifted(spread(in, all, x.values().type().domain()), outer);
  }

  private Lifted mask(ArrayExpr.Mask x, int b) {
    Lifted in = lift(x.input(), b);
    Lifted mask = lift(x.mask(), 0);
    List<ArrayExpr.Variable> all = union(List.of(in, mask));
    GridEnvelope d = x.type().domain();
    Node cells = spread(in, all, d);
    Node inside = spread(mask, all, d);
    return new Lifted(
        node(
            isCostly(cells) || isCostly(inside),
            () -> new Nodes.Masked(cells, inside, false),
            "mask",
            cells,
            inside),
        all);
  }

  private Lifted concat(ArrayExpr.Concat x, int b) {
    List<Lifted> in = x.parts().stream().map(p -> lift(p, b)).toList();
    List<ArrayExpr.Variable> all = union(in);
    List<Node> parts = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Node part = spread(in.get(i), all, x.parts().get(i).type().domain());
      parts.add(converted(part, x.type().band(b)));
    }
    GridEnvelope domain = domain(all, x.type().domain());
    return new Lifted(
        node(
            parts.stream().anyMatch(this::isCostly),
            () -> new Nodes.Joined(domain, x.type().band(b), parts),
            "concat",
            parts,
            domain),
        all);
  }

  // ---- variables

  private void enter(List<ArrayExpr.Variable> variables) {
    for (ArrayExpr.Variable v : variables) {
      order.putIfAbsent(v.id(), order.size());
    }
  }

  private List<ArrayExpr.Variable> union(List<Lifted> parts) {
    Map<Integer, ArrayExpr.Variable> all = new HashMap<>();
    for (Lifted l : parts) {
      for (ArrayExpr.Variable v : l.variables) {
        all.put(v.id(), v);
      }
    }
    return sorted(all);
  }

  private List<ArrayExpr.Variable> sorted(Map<Integer, ArrayExpr.Variable> all) {
    return all.values().stream()
        .sorted(Comparator.comparing(v -> order.getOrDefault(v.id(), v.id())))
        .toList();
  }

  private static List<ArrayExpr.Variable> without(
      List<ArrayExpr.Variable> all, List<ArrayExpr.Variable> some) {
    return all.stream().filter(v -> some.stream().noneMatch(s -> s.id() == v.id())).toList();
  }

  private static int indexOf(List<ArrayExpr.Variable> all, ArrayExpr.Variable v) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).id() == v.id()) {
        return i;
      }
    }
    throw new IllegalArgumentException("variable " + v.name() + " is not in scope");
  }

  private static GridEnvelope domain(List<ArrayExpr.Variable> variables, GridEnvelope own) {
    GridEnvelope d = own;
    for (int i = variables.size() - 1; i >= 0; i--) {
      d = d.insert(0, variables.get(i).low(), variables.get(i).high());
    }
    return d;
  }

  /** The node with the given variables and own domain as axes; repeated along what it lacks. */
  private Node spread(Lifted l, List<ArrayExpr.Variable> variables, GridEnvelope own) {
    GridEnvelope target = domain(variables, own);
    int n = l.node.domain().dimension();
    long[] offset = new long[n];
    long[][] factor = new long[n][target.dimension()];
    for (int s = 0; s < l.variables.size(); s++) {
      factor[s][indexOf(variables, l.variables.get(s))] = 1;
    }
    for (int a = 0; a < l.dimension(); a++) {
      factor[l.variables.size() + a][variables.size() + a] = 1;
    }
    boolean repeats = target.cells() > l.node.domain().cells();
    return affine(repeats ? kept(l.node) : l.node, target, offset, factor);
  }

  /** A node that is asked for the same cells again and again: costly ones are kept whole. */
  private Node kept(Node node) {
    if (node.isScalar() || !isCostly(node) || node.domain().cells() > WORTH_KEEPING) {
      return node;
    }
    return node(true, () -> new Nodes.Whole(node), "whole", node);
  }

  private Node affine(Node in, GridEnvelope target, long[] offset, long[][] factor) {
    List<Object> f = new ArrayList<>();
    for (int s = 0; s < offset.length; s++) {
      f.add(offset[s]);
      for (long x : factor[s]) {
        f.add(x);
      }
    }
    return node(
        isCostly(in), () -> Views.Affine.of(in, target, offset, factor), "view", in, target, f);
  }

  // ---- nodes

  /** The node of this key: made, or the one that was made for it before. */
  private Node node(boolean isCostly, Supplier<Node> make, Object... key) {
    List<Object> k = List.of(key);
    Node n = nodes.get(k);
    if (n == null) {
      n = make.get();
      nodes.put(k, n);
      costly.merge(n, isCostly, (a, b) -> a || b);
    } else {
      n.share();
    }
    return n;
  }

  private boolean isCostly(Node n) {
    return costly.getOrDefault(n, false);
  }

  private Node fold(Condenser condenser, Node in, int from, int to, Band band) {
    return node(
        true,
        () ->
            Ranked.is(condenser)
                ? new Ranked(condenser, in, from, to, band)
                : new Fold(Accumulator.Kind.of(condenser.name()), in, from, to, band, statistics),
        "fold",
        condenser,
        in,
        from,
        to,
        band);
  }

  private Node converted(Node in, Band to) {
    if (in.band().equals(to)) {
      return in;
    }
    if (in instanceof Nodes.Literal l && in.isScalar()) {
      return new Nodes.Literal(to, Nodes.convert(new Arena(), l.value(), to.type()));
    }
    return node(isCostly(in), () -> new Nodes.Convert(in, to), "cast", in, to);
  }

  /** How an input axis depends on a result axis: offset + sign x index. */
  private record Link(int axis, long offset, int sign) {}

  private static Link[] identity(int n) {
    Link[] links = new Link[n];
    for (int a = 0; a < n; a++) {
      links[a] = new Link(a, 0, 1);
    }
    return links;
  }

  /** A view of the own axes; the variables stay. */
  private Node view(Lifted in, GridEnvelope own, Link[] links, Map<Integer, Linear> positions) {
    return view(in, in.variables, own, links, positions);
  }

  /**
   * A view.
   *
   * @param variables of the result: those of the input and of the positions
   * @param links per own input axis the result axis it depends on (own axes, from 0); null for none
   * @param positions per own input axis what comes from variables, if anything does
   */
  private Node view(
      Lifted in,
      List<ArrayExpr.Variable> variables,
      GridEnvelope own,
      Link[] links,
      Map<Integer, Linear> positions) {
    int v = in.variables.size();
    GridEnvelope target = domain(variables, own);
    long[] offset = new long[v + links.length];
    long[][] factor = new long[offset.length][target.dimension()];
    for (int s = 0; s < v; s++) {
      factor[s][indexOf(variables, in.variables.get(s))] = 1;
    }
    for (int a = 0; a < links.length; a++) {
      if (links[a] != null) {
        offset[v + a] = links[a].offset;
        factor[v + a][variables.size() + links[a].axis] = links[a].sign;
      }
      Linear p = positions.get(a);
      if (p != null) {
        offset[v + a] += p.constant;
        for (Map.Entry<ArrayExpr.Variable, Long> f : p.factors.entrySet()) {
          factor[v + a][indexOf(variables, f.getKey())] += f.getValue();
        }
      }
    }
    boolean repeats = target.cells() > in.node.domain().cells();
    return affine(repeats ? kept(in.node) : in.node, target, offset, factor);
  }

  // ---- slices

  private Lifted slice(ArrayExpr.Slice x, int b) {
    Lifted in = lift(x.input(), b);
    GridEnvelope own = x.type().domain();
    Linear p = linear(x.position());
    if (p != null) {
      List<ArrayExpr.Variable> all = withAll(in.variables, p);
      Link[] links = new Link[own.dimension() + 1];
      for (int a = 0; a < links.length; a++) {
        links[a] = a == x.axis() ? null : new Link(a < x.axis() ? a : a - 1, 0, 1);
      }
      return new Lifted(view(in, all, own, links, Map.of(x.axis(), p)), all);
    }
    Lifted at = lift(x.position(), 0);
    List<ArrayExpr.Variable> all = union(List.of(in, at));
    int[] positionAxes = at.variables.stream().mapToInt(v -> indexOf(all, v)).toArray();
    int[] from = new int[in.node.domain().dimension()];
    for (int s = 0; s < from.length; s++) {
      int a = s - in.variables.size();
      from[s] =
          a < 0
              ? indexOf(all, in.variables.get(s))
              : a == x.axis() ? -1 : all.size() + (a < x.axis() ? a : a - 1);
    }
    Node cells = kept(in.node);
    Node position = kept(at.node);
    return new Lifted(
        node(
            isCostly(cells) || isCostly(position),
            () -> new Views.Gather(cells, position, domain(all, own), positionAxes, from),
            "slice",
            cells,
            position,
            IntStream.of(from).boxed().toList(),
            IntStream.of(positionAxes).boxed().toList(),
            own),
        all);
  }

  private Lifted window(ArrayExpr.Window x, int b) {
    Lifted in = lift(x.input(), b);
    GridEnvelope own = x.type().domain();
    Linear p = linear(x.low());
    if (p != null) {
      List<ArrayExpr.Variable> all = withAll(in.variables, p);
      return new Lifted(view(in, all, own, identity(own.dimension()), Map.of(x.axis(), p)), all);
    }
    Lifted low = lift(x.low(), 0);
    List<ArrayExpr.Variable> all = union(List.of(in, low));
    // position = low + index along the window
    GridEnvelope along = GridEnvelope.of(new long[] {0}, new long[] {x.size() - 1});
    Node start = spread(low, low.variables, along);
    Node step =
        spread(new Lifted(new Nodes.Coordinate(0, x.size() - 1), List.of()), low.variables, along);
    Node position =
        new Nodes.Map(
            start.domain(),
            new Band(CellType.INT64),
            Kernel.of(CellFunctions.get("+", 2)),
            List.of(start, step));
    int[] positionAxes = new int[low.variables.size() + 1];
    for (int i = 0; i < low.variables.size(); i++) {
      positionAxes[i] = indexOf(all, low.variables.get(i));
    }
    positionAxes[low.variables.size()] = all.size() + x.axis();
    return new Lifted(gather(in, all, own, position, positionAxes, x.axis()), all);
  }

  /** The input with one own axis looked up; the axis stays. */
  private Node gather(
      Lifted in,
      List<ArrayExpr.Variable> all,
      GridEnvelope own,
      Node position,
      int[] positionAxes,
      int axis) {
    int[] from = new int[in.node.domain().dimension()];
    for (int s = 0; s < from.length; s++) {
      int a = s - in.variables.size();
      from[s] = a < 0 ? indexOf(all, in.variables.get(s)) : a == axis ? -1 : all.size() + a;
    }
    Node cells = kept(in.node);
    Node gather = new Views.Gather(cells, position, domain(all, own), positionAxes, from);
    costly.put(gather, isCostly(cells));
    return gather;
  }

  private List<ArrayExpr.Variable> withAll(List<ArrayExpr.Variable> some, Linear p) {
    Map<Integer, ArrayExpr.Variable> all = new HashMap<>();
    for (ArrayExpr.Variable v : some) {
      all.put(v.id(), v);
    }
    for (ArrayExpr.Variable v : p.factors.keySet()) {
      all.put(v.id(), v);
    }
    return sorted(all);
  }

  /** The scalar as a linear function of variables, or null. */
  private static Linear linear(ArrayExpr e) {
    return switch (e) {
      case ArrayExpr.Constant c -> {
        CellType t = c.type().band(0).type();
        if (!c.type().isScalar() || t.isComplex() || c.cells().band(0).isNull(0)) {
          yield null;
        }
        double d = c.cells().band(0).getDouble(0);
        boolean exact = Kernel.whole(t) || (d == Math.rint(d) && Math.abs(d) < 1L << 53);
        yield exact ? new Linear(c.cells().band(0).getLong(0), Map.of()) : null;
      }
      case ArrayExpr.Variable v -> new Linear(0, Map.of(v, 1L));
      case ArrayExpr.Cast c ->
          c.to() == CellType.INT32 || c.to() == CellType.INT64 || c.to() == CellType.FLOAT64
              ? linear(c.input())
              : null;
      case ArrayExpr.Induce i -> linear(i);
      case ArrayExpr.ArrayRef x -> null;
      case ArrayExpr.Trim x -> null;
      case ArrayExpr.Slice x -> null;
      case ArrayExpr.Window x -> null;
      case ArrayExpr.Shift x -> null;
      case ArrayExpr.Permute x -> null;
      case ArrayExpr.SelectBands x -> null;
      case ArrayExpr.MakeBands x -> null;
      case ArrayExpr.Reduce x -> null;
      case ArrayExpr.Condense x -> null;
      case ArrayExpr.Construct x -> null;
      case ArrayExpr.Switch x -> null;
      case ArrayExpr.Extend x -> null;
      case ArrayExpr.Scale x -> null;
      case ArrayExpr.Resample x -> null;
      case ArrayExpr.Flip x -> null;
      case ArrayExpr.Sort x -> null;
      case ArrayExpr.Mask x -> null;
      case ArrayExpr.Concat x -> null;
    };
  }

  private static Linear linear(ArrayExpr.Induce i) {
    List<Linear> parts = new ArrayList<>();
    for (ArrayExpr o : i.operands()) {
      Linear l = linear(o);
      if (l == null) {
        return null;
      }
      parts.add(l);
    }
    Linear a = parts.getFirst();
    Linear b = parts.getLast();
    // 64-bit and double only: narrower results might saturate.
    CellType t = i.type().band(0).type();
    if (t != CellType.INT64
        && t != CellType.FLOAT64
        && !(a.factors.isEmpty() && b.factors.isEmpty())
        && t != CellType.INT32) {
      return null;
    }
    try {
      return switch (i.function().name() + parts.size()) {
        case "+2" -> sum(a, b, 1);
        case "-2" -> sum(a, b, -1);
        case "-1" -> sum(new Linear(0, Map.of()), a, -1);
        case "+1" -> a;
        case "*2" ->
            a.factors.isEmpty()
                ? sum(new Linear(0, Map.of()), b, a.constant)
                : b.factors.isEmpty() ? sum(new Linear(0, Map.of()), a, b.constant) : null;
        default -> null;
      };
    } catch (ArithmeticException overflow) {
      return null;
    }
  }

  private static Linear sum(Linear a, Linear b, long times) {
    Map<ArrayExpr.Variable, Long> f = new HashMap<>(a.factors);
    b.factors.forEach((v, x) -> f.merge(v, Math.multiplyExact(x, times), Math::addExact));
    return new Linear(Math.addExact(a.constant, Math.multiplyExact(b.constant, times)), f);
  }

  // ---- cell functions

  private Lifted induce(ArrayExpr.Induce x, int b) {
    List<Lifted> parts = new ArrayList<>();
    for (ArrayExpr o : x.operands()) {
      parts.add(lift(o, o.type().bands().size() == 1 ? 0 : b));
    }
    List<ArrayExpr.Variable> all = union(parts);
    GridEnvelope own = x.type().domain();
    GridEnvelope domain = domain(all, own);
    List<Node> in = new ArrayList<>();
    for (Lifted l : parts) {
      in.add(l.node.isScalar() ? l.node : spread(l, all, own));
    }
    Band band = x.type().band(b);
    return new Lifted(
        x.function().name().equals("overlay")
            ? overlay(in, domain, band)
            : map(x.function(), in, domain, band),
        all);
  }

  private Node map(CellFunction f, List<Node> in, GridEnvelope domain, Band band) {
    Kernel kernel = Kernel.of(f);
    if (in.stream().allMatch(n -> n instanceof Nodes.Literal && n.isScalar())) {
      Vec[] cells = in.stream().map(n -> ((Nodes.Literal) n).value()).toArray(Vec[]::new);
      return new Nodes.Literal(band, kernel.apply(new Arena(), cells, 1, band));
    }
    return node(
        in.stream().anyMatch(this::isCostly),
        () -> new Nodes.Map(domain, band, kernel, in),
        "map",
        kernel,
        in,
        domain,
        band);
  }

  /** left overlay right = switch case (left is null, or = 0) return right default return left. */
  private Node overlay(List<Node> in, GridEnvelope domain, Band band) {
    Node left = in.get(0);
    Node right = in.get(1);
    Band truth = new Band(CellType.BOOLEAN);
    Node hole;
    if (left.band().nulls().intervals().isEmpty()) {
      Band plain = new Band(left.band().type());
      Node zero = new Nodes.Literal(plain, Vec.single(plain.type(), 0, false));
      // Cells that were never stored have the value 0.
      Node value =
          left.band().nulls().isEmpty()
              ? left
              : map(CellFunctions.get("value", 1), List.of(left), left.domain(), plain);
      hole = map(CellFunctions.get("=", 2), List.of(value, zero), left.domain(), truth);
    } else {
      hole = map(CellFunctions.get("is null", 1), List.of(left), left.domain(), truth);
    }
    left.share();
    return choose(domain, band, List.of(hole), List.of(right, left));
  }

  private Lifted choose(ArrayExpr.Switch x, int b) {
    List<Lifted> conditions = new ArrayList<>();
    List<Lifted> values = new ArrayList<>();
    boolean certain = true;
    for (ArrayExpr.Case c : x.cases()) {
      Lifted on = lift(c.condition(), 0);
      if (certain && on.node instanceof Nodes.Literal l && on.node.isScalar()) {
        // A constant condition: the case is the answer, or does not exist.
        if (!l.value().isNull() && l.value().getLong(0) != 0 && conditions.isEmpty()) {
          Lifted v = lift(c.value(), b);
          Node n = spread(v, v.variables, x.type().domain());
          return new Lifted(converted(n, x.type().band(b)), v.variables);
        }
        if (l.value().isNull() || l.value().getLong(0) == 0) {
          continue;
        }
      }
      conditions.add(on);
      values.add(lift(c.value(), b));
    }
    values.add(lift(x.otherwise(), b));
    if (conditions.isEmpty()) {
      Lifted v = values.getFirst();
      Node n = spread(v, v.variables, x.type().domain());
      return new Lifted(converted(n, x.type().band(b)), v.variables);
    }
    List<Lifted> parts = new ArrayList<>(conditions);
    parts.addAll(values);
    List<ArrayExpr.Variable> all = union(parts);
    GridEnvelope own = x.type().domain();
    List<Node> on = new ArrayList<>();
    for (Lifted c : conditions) {
      on.add(c.node.isScalar() ? c.node : spread(c, all, own));
    }
    List<Node> of = new ArrayList<>();
    for (Lifted v : values) {
      of.add(v.node.isScalar() ? v.node : spread(v, all, own));
    }
    return new Lifted(choose(domain(all, own), x.type().band(b), on, of), all);
  }

  private Node choose(GridEnvelope domain, Band band, List<Node> conditions, List<Node> values) {
    if (conditions.size() > Nodes.Choose.MOST) {
      int n = Nodes.Choose.MOST;
      Node rest =
          choose(
              domain,
              band,
              conditions.subList(n, conditions.size()),
              values.subList(n, values.size()));
      List<Node> first = new ArrayList<>(values.subList(0, n));
      first.add(rest);
      return choose(domain, band, conditions.subList(0, n), first);
    }
    return node(
        conditions.stream().anyMatch(this::isCostly) || values.stream().anyMatch(this::isCostly),
        () -> new Nodes.Choose(domain, band, conditions, values),
        "switch",
        domain,
        band,
        conditions,
        values);
  }

  // ---- condensers

  private Lifted condense(ArrayExpr.Condense x, int b) {
    enter(x.variables());
    Lifted using = lift(x.using(), b);
    List<Lifted> parts = new ArrayList<>(List.of(using));
    x.where().ifPresent(w -> parts.add(lift(w, 0)));
    List<ArrayExpr.Variable> outer = without(union(parts), x.variables());
    List<ArrayExpr.Variable> all = new ArrayList<>(outer);
    all.addAll(x.variables());
    GridEnvelope own = x.using().type().domain();
    Node cells = spread(using, all, own);
    if (x.where().isPresent()) {
      Node is = spread(parts.getLast(), all, own);
      Node unmasked = cells;
      cells =
          node(
              isCostly(unmasked) || isCostly(is),
              () -> new Nodes.Masked(unmasked, is, true),
              "where",
              unmasked,
              is);
    }
    return new Lifted(
        fold(x.condenser(), cells, outer.size(), all.size(), x.type().band(b)), outer);
  }

  // ---- scale and sort

  private Lifted scale(ArrayExpr.Scale x, int b) {
    ArrayExpr.Interpolation near = ArrayExpr.Interpolation.NEAREST;
    if (x.interpolation() == near && x.target().cells() < x.input().type().domain().cells()) {
      // Cell by cell functions of chosen cells, not cells chosen from a computed array.
      switch (x.input()) {
        case ArrayExpr.Induce i -> {
          ArrayExpr[] operands =
              i.operands().stream().map(o -> scaled(o, x)).toArray(ArrayExpr[]::new);
          return lift(ArrayExpr.Induce.of(i.function(), operands), b);
        }
        case ArrayExpr.Cast c -> {
          return lift(new ArrayExpr.Cast(scaled(c.input(), x), c.to()), b);
        }
        case ArrayExpr.SelectBands s -> {
          return lift(new ArrayExpr.SelectBands(scaled(s.input(), x), s.bands()), b);
        }
        case ArrayExpr.MakeBands m -> {
          return lift(
              ArrayExpr.MakeBands.of(m.operands().stream().map(o -> scaled(o, x)).toList()), b);
        }
        case ArrayExpr.Switch s -> {
          List<ArrayExpr.Case> cases =
              s.cases().stream()
                  .map(c -> new ArrayExpr.Case(scaled(c.condition(), x), scaled(c.value(), x)))
                  .toList();
          return lift(ArrayExpr.Switch.of(cases, scaled(s.otherwise(), x)), b);
        }
        case ArrayExpr.Mask m -> {
          return lift(new ArrayExpr.Mask(scaled(m.input(), x), scaled(m.mask(), x)), b);
        }
        default -> {}
      }
    }
    Lifted in = lift(x.input(), b);
    GridEnvelope target = domain(in.variables, x.target());
    // The axes of variables come first; they stay as they are.
    List<ArrayExpr.Extent> extents =
        new ArrayList<>(ArrayExpr.Extent.whole(in.node.domain()).subList(0, in.variables.size()));
    extents.addAll(x.extents());
    if (in.node.domain().equals(target)
        && extents.equals(ArrayExpr.Extent.whole(in.node.domain()))) {
      return in;
    }
    return new Lifted(
        x.interpolation() == near
            ? node(
                isCostly(in.node),
                () -> new Views.Nearest(in.node, target, extents),
                "scale",
                in.node,
                target,
                extents)
            : node(
                true,
                () -> new Resampling.Scaled(in.node, target, x.interpolation(), extents),
                "scale",
                in.node,
                target,
                x.interpolation(),
                extents),
        in.variables);
  }

  private Lifted resample(ArrayExpr.Resample x, int b) {
    Lifted in = lift(x.input(), b);
    int v = in.variables.size();
    GridEnvelope domain = domain(in.variables, x.type().domain());
    return new Lifted(
        node(
            true,
            () ->
                new Warped(
                    in.node, domain, v + x.rows(), v + x.columns(), x.mesh(), x.interpolation()),
            "resample",
            in.node,
            x.rows(),
            x.columns(),
            x.mesh(),
            x.interpolation()),
        in.variables);
  }

  /** The operand scaled in the same way: one expression, however often it is an operand. */
  private ArrayExpr scaled(ArrayExpr e, ArrayExpr.Scale like) {
    if (e.type().isScalar()) {
      return e;
    }
    return scaled
        .computeIfAbsent(e, x -> new HashMap<>())
        .computeIfAbsent(
            List.of(like.target(), like.extents()),
            x -> new ArrayExpr.Scale(e, like.target(), like.interpolation(), like.extents()));
  }

  private Lifted sort(ArrayExpr.Sort x, int b) {
    Lifted in = lift(x.input(), b);
    Lifted keys = lift(x.keys(), 0);
    if (keys.variables.isEmpty()) {
      return new Lifted(
          node(
              true,
              () ->
                  new Views.Sorted(
                      in.node, in.variables.size() + x.axis(), keys.node, x.descending()),
              "sort",
              in.node,
              keys.node,
              x.axis(),
              x.descending()),
          in.variables);
    }
    List<ArrayExpr.Variable> all = union(List.of(in, keys));
    Node order = new Views.Order(keys.node, x.descending());
    int[] positionAxes = new int[keys.variables.size() + 1];
    for (int i = 0; i < keys.variables.size(); i++) {
      positionAxes[i] = indexOf(all, keys.variables.get(i));
    }
    positionAxes[keys.variables.size()] = all.size() + x.axis();
    return new Lifted(gather(in, all, x.type().domain(), order, positionAxes, x.axis()), all);
  }
}
