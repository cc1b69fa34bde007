package org.tessera.engine.eval;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/** The nodes that take their cells from other places of one input. */
final class Views {
  /** A view may ask for this many times the cells that it gives; else it asks in parts. */
  private static final long WASTE = 8;

  private Views() {}

  static boolean tooWide(Work work, double input, long cells) {
    return input > Math.max(WASTE * cells, 2L * work.run().block());
  }

  static double cells(long[] low, long[] high) {
    double n = 1;
    for (int i = 0; i < low.length; i++) {
      n *= (double) high[i] - low[i] + 1;
    }
    return n;
  }

  /** The box computed in two halves. */
  static Vec inHalves(Node node, Work work, GridEnvelope box, int axis) {
    int n = box.cellsAsInt();
    Band band = node.band();
    Object out = work.arena().take(band.type(), n);
    long[] nulls = Bits.none(n);
    for (GridEnvelope half : Boxes.halves(box, axis)) {
      Vec v = node.compute(work, half);
      pasteAll(v, half, out, nulls, box);
      work.arena().release(v);
    }
    return Vec.of(band.type(), out, n, Bits.orNull(nulls));
  }

  /** Pastes a block; a single null makes all its cells null. */
  static void pasteAll(Vec v, GridEnvelope of, Object out, long[] nulls, GridEnvelope box) {
    Strided.paste(v, of, out, nulls, box, of);
  }

  /**
   * Affine: result cell r is input cell {@code offset[s] + sum of factor[s][a] * r[a]} on each
   * input axis s. Trim, slice, shift, flip, permutation, repetition along new axes, windows and
   * extension are all this. Cells from outside the input's domain are outside cells.
   */
  static final class Affine extends Node {
    private final Node input;
    private final long[] offset;
    private final long[][] factor;
    private final boolean inside;

    private Affine(Node input, GridEnvelope domain, long[] offset, long[][] factor) {
      super(domain, input.band());
      this.input = input;
      this.offset = offset;
      this.factor = factor;
      this.inside = contains(input.domain(), lows(domain), highs(domain));
    }

    /** The view; composed with the input's where that is one too, or the input itself. */
    static Node of(Node input, GridEnvelope domain, long[] offset, long[][] factor) {
      if (identity(input, domain, offset, factor)) {
        return input;
      }
      Affine view = new Affine(input, domain, offset, factor);
      if (!(input instanceof Affine inner) || !view.inside) {
        return view;
      }
      int dim = domain.dimension();
      long[] o = new long[inner.offset.length];
      long[][] f = new long[o.length][dim];
      for (int s = 0; s < o.length; s++) {
        o[s] = inner.offset[s];
        for (int k = 0; k < offset.length; k++) {
          o[s] += inner.factor[s][k] * offset[k];
          for (int a = 0; a < dim; a++) {
            f[s][a] += inner.factor[s][k] * factor[k][a];
          }
        }
      }
      return of(inner.input, domain, o, f);
    }

    private static boolean identity(
        Node input, GridEnvelope domain, long[] offset, long[][] factor) {
      if (!input.domain().equals(domain)) {
        return false;
      }
      for (int s = 0; s < offset.length; s++) {
        for (int a = 0; a < offset.length; a++) {
          if (factor[s][a] != (s == a ? 1 : 0)) {
            return false;
          }
        }
        if (offset[s] != 0) {
          return false;
        }
      }
      return true;
    }

    Node input() {
      return input;
    }

    private long[] lows(GridEnvelope box) {
      return bounds(box, true);
    }

    private long[] highs(GridEnvelope box) {
      return bounds(box, false);
    }

    private long[] bounds(GridEnvelope box, boolean low) {
      long[] r = offset.clone();
      for (int s = 0; s < r.length; s++) {
        for (int a = 0; a < box.dimension(); a++) {
          long f = factor[s][a];
          if (f != 0) {
            r[s] += f * (f > 0 == low ? box.low(a) : box.high(a));
          }
        }
      }
      return r;
    }

    private static boolean contains(GridEnvelope d, long[] low, long[] high) {
      for (int s = 0; s < low.length; s++) {
        if (low[s] < d.low(s) || high[s] > d.high(s)) {
          return false;
        }
      }
      return true;
    }

    /**
     * The input cells of a box, if the view takes each just once and none from outside; else null.
     */
    GridEnvelope image(GridEnvelope box) {
      int[] used = new int[box.dimension()];
      for (int s = 0; s < offset.length; s++) {
        int of = single(s);
        if (of == MANY || (of >= 0 && (Math.abs(factor[s][of]) != 1 || used[of]++ > 0))) {
          return null;
        }
      }
      for (int a = 0; a < used.length; a++) {
        if (used[a] == 0 && box.size(a) > 1) {
          return null;
        }
      }
      long[] low = lows(box);
      long[] high = highs(box);
      return contains(input.domain(), low, high) ? GridEnvelope.of(low, high) : null;
    }

    private static final int NONE = -1;
    private static final int MANY = -2;

    /** The one result axis that input axis s depends on, NONE or MANY. */
    private int single(int s) {
      int found = NONE;
      for (int a = 0; a < factor[s].length; a++) {
        if (factor[s][a] != 0) {
          if (found != NONE) {
            return MANY;
          }
          found = a;
        }
      }
      return found;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      long[] low = lows(box);
      long[] high = highs(box);
      GridEnvelope d = input.domain();
      if (inside || contains(d, low, high)) {
        return within(work, box, low, high);
      }
      for (int s = 0; s < low.length; s++) {
        if (high[s] < d.low(s) || low[s] > d.high(s)) {
          return Kernel.outside(band());
        }
      }
      boolean separable = true;
      for (int s = 0; s < low.length; s++) {
        separable &= single(s) != MANY;
      }
      return separable ? partly(work, box) : cellwise(work, box, low, high);
    }

    private Vec within(Work work, GridEnvelope box, long[] low, long[] high) {
      int n = box.cellsAsInt();
      if (n > 1 && tooWide(work, cells(low, high), n)) {
        return inHalves(this, work, box, Boxes.longest(box));
      }
      GridEnvelope from = GridEnvelope.of(low, high);
      Vec v = input.isScalar() ? input.scalar(work) : input.eval(work, from);
      if (v.single()) {
        return v;
      }
      int[] inStride = Strided.strides(from);
      int[] outStride = Strided.strides(box);
      int[] size = Strided.sizes(box);
      int[] stride = new int[size.length];
      int at = 0;
      for (int s = 0; s < inStride.length; s++) {
        long index = offset[s];
        for (int a = 0; a < size.length; a++) {
          stride[a] += (int) (factor[s][a] * inStride[s]);
          index += factor[s][a] * box.low(a);
        }
        at += (int) ((index - low[s]) * inStride[s]);
      }
      boolean same = at == 0 && v.length() == n;
      for (int a = 0; a < size.length; a++) {
        same &= size[a] == 1 || stride[a] == outStride[a];
      }
      if (same) {
        return v;
      }
      Object out = work.arena().take(band().type(), n);
      long[] nulls = v.nulls() == null ? null : Bits.none(n);
      Strided.copy(v, at, stride, out, nulls, 0, outStride, size);
      work.arena().release(v);
      return Vec.of(band().type(), out, n, nulls == null ? null : Bits.orNull(nulls));
    }

    /** Each input axis depends on one result axis: the cells from inside are a box. */
    private Vec partly(Work work, GridEnvelope box) {
      long[] low = box.low();
      long[] high = box.high();
      GridEnvelope d = input.domain();
      for (int s = 0; s < offset.length; s++) {
        int a = single(s);
        if (a >= 0) {
          long f = factor[s][a];
          long p = f > 0 ? d.low(s) - offset[s] : offset[s] - d.high(s);
          long q = f > 0 ? d.high(s) - offset[s] : offset[s] - d.low(s);
          low[a] = Math.max(low[a], Math.ceilDiv(p, Math.abs(f)));
          high[a] = Math.min(high[a], Math.floorDiv(q, Math.abs(f)));
        }
      }
      for (int a = 0; a < low.length; a++) {
        if (low[a] > high[a]) {
          return Kernel.outside(band());
        }
      }
      GridEnvelope part = GridEnvelope.of(low, high);
      if (part.equals(box)) {
        return within(work, box, lows(box), highs(box));
      }
      int n = box.cellsAsInt();
      Object out = work.arena().take(band().type(), n);
      Vec fill = Kernel.outside(band());
      Strided.fill(fill, out, 0, n);
      long[] nulls = fill.isNull() ? Bits.all(n) : Bits.none(n);
      Vec v = within(work, part, lows(part), highs(part));
      pasteAll(v, part, out, nulls, box);
      work.arena().release(v);
      return Vec.of(band().type(), out, n, Bits.orNull(nulls));
    }

    private Vec cellwise(Work work, GridEnvelope box, long[] low, long[] high) {
      GridEnvelope d = input.domain();
      for (int s = 0; s < low.length; s++) {
        low[s] = Math.max(low[s], d.low(s));
        high[s] = Math.min(high[s], d.high(s));
      }
      int n = box.cellsAsInt();
      if (n > 1 && tooWide(work, cells(low, high), n)) {
        return inHalves(this, work, box, Boxes.longest(box));
      }
      GridEnvelope from = GridEnvelope.of(low, high);
      Vec v = input.eval(work, from);
      Object out = work.arena().take(band().type(), n);
      Vec fill = Kernel.outside(band());
      Strided.fill(fill, out, 0, n);
      long[] nulls = fill.isNull() ? Bits.all(n) : Bits.none(n);
      long[] at = box.low();
      long[] index = new long[offset.length];
      int[] none = {};
      for (int i = 0; i < n; i++) {
        for (int s = 0; s < index.length; s++) {
          index[s] = offset[s];
          for (int a = 0; a < at.length; a++) {
            index[s] += factor[s][a] * at[a];
          }
        }
        if (from.contains(index)) {
          int k = v.single() ? 0 : (int) from.offset(index);
          Strided.copy(v, k, none, out, nulls, i, none, none);
        }
        step(at, box);
      }
      work.arena().release(v);
      return Vec.of(band().type(), out, n, Bits.orNull(nulls));
    }

    @Override
    long[][] cuts(GridEnvelope box) {
      long[] low = lows(box);
      long[] high = highs(box);
      GridEnvelope d = input.domain();
      for (int s = 0; s < low.length; s++) {
        low[s] = Math.max(low[s], d.low(s));
        high[s] = Math.min(high[s], d.high(s));
        if (low[s] > high[s]) {
          return null;
        }
      }
      long[][] of = input.cuts(GridEnvelope.of(low, high));
      if (of == null) {
        return null;
      }
      long[][] cuts = new long[box.dimension()][];
      for (int s = 0; s < of.length; s++) {
        int a = single(s);
        if (a >= 0 && of[s] != null && cuts[a] == null && Math.abs(factor[s][a]) == 1) {
          long o = offset[s];
          cuts[a] =
              factor[s][a] == 1
                  ? Arrays.stream(of[s]).map(c -> c - o).toArray()
                  : Arrays.stream(of[s]).map(c -> o - c + 1).sorted().toArray();
        }
      }
      return cuts;
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      if (input.isScalar()) {
        needs.ask(input, input.domain());
        return;
      }
      long[] low = lows(box);
      long[] high = highs(box);
      GridEnvelope d = input.domain();
      for (int s = 0; s < low.length; s++) {
        low[s] = Math.max(low[s], d.low(s));
        high[s] = Math.min(high[s], d.high(s));
        if (low[s] > high[s]) {
          return;
        }
      }
      needs.ask(input, GridEnvelope.of(low, high));
    }

    @Override
    List<Node> inputs() {
      return List.of(input);
    }
  }

  /** The next index of a box in row-major order. */
  static void step(long[] at, GridEnvelope box) {
    for (int a = at.length - 1; a >= 0; a--) {
      if (++at[a] <= box.high(a)) {
        return;
      }
      at[a] = box.low(a);
    }
  }

  /** Result cell r is the input cell whose index on each axis is looked up from r's alone. */
  abstract static class Lookup extends Node {
    private final Node input;

    Lookup(Node input, GridEnvelope domain) {
      super(domain, input.band());
      this.input = input;
    }

    final Node input() {
      return input;
    }

    /** Input indices for the box's indices on an axis; all within the input's domain. */
    abstract long[] indices(Work work, GridEnvelope box, int axis);

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int dim = box.dimension();
      int n = box.cellsAsInt();
      long[] low = new long[dim];
      long[] high = new long[dim];
      int[][] index = new int[dim][];
      for (int a = 0; a < dim; a++) {
        long[] at = indices(work, box, a);
        long least = LongStream.of(at).min().orElseThrow();
        low[a] = least;
        high[a] = LongStream.of(at).max().orElseThrow();
        index[a] =
            LongStream.of(at).mapToInt(x -> Math.clamp(x - least, 0, Integer.MAX_VALUE)).toArray();
      }
      if (n > 1 && tooWide(work, cells(low, high), n)) {
        return inHalves(this, work, box, Boxes.longest(box));
      }
      GridEnvelope from = GridEnvelope.of(low, high);
      Vec v = input.eval(work, from);
      if (v.single()) {
        return v;
      }
      int[] stride = Strided.strides(from);
      for (int a = 0; a < dim; a++) {
        for (int i = 0; i < index[a].length; i++) {
          index[a][i] *= stride[a];
        }
      }
      Object out = work.arena().take(band().type(), n);
      long[] nulls = v.nulls() == null ? null : Bits.none(n);
      int[] at = new int[dim];
      int run = index[dim - 1].length;
      for (int i = 0; i < n; i += run) {
        int base = 0;
        for (int a = 0; a < dim - 1; a++) {
          base += index[a][at[a]];
        }
        pick(v, base, index[dim - 1], out, i);
        if (nulls != null) {
          for (int k = 0; k < run; k++) {
            if (Bits.get(v.nulls(), base + index[dim - 1][k])) {
              nulls[(i + k) >> 6] |= 1L << (i + k);
            }
          }
        }
        for (int a = dim - 2; a >= 0 && ++at[a] == index[a].length; a--) {
          at[a] = 0;
        }
      }
      work.arena().release(v);
      return Vec.of(band().type(), out, n, nulls == null ? null : Bits.orNull(nulls));
    }

    private static void pick(Vec v, int base, int[] index, Object out, int to) {
      int c = v.type().components();
      int at = v.at() + base * c;
      int n = index.length;
      switch (v.array()) {
        case byte[] x -> {
          byte[] y = (byte[]) out;
          for (int i = 0; i < n; i++) {
            y[to + i] = x[at + index[i]];
          }
        }
        case short[] x when c == 1 -> {
          short[] y = (short[]) out;
          for (int i = 0; i < n; i++) {
            y[to + i] = x[at + index[i]];
          }
        }
        case int[] x when c == 1 -> {
          int[] y = (int[]) out;
          for (int i = 0; i < n; i++) {
            y[to + i] = x[at + index[i]];
          }
        }
        case long[] x -> {
          long[] y = (long[]) out;
          for (int i = 0; i < n; i++) {
            y[to + i] = x[at + index[i]];
          }
        }
        case float[] x when c == 1 -> {
          float[] y = (float[]) out;
          for (int i = 0; i < n; i++) {
            y[to + i] = x[at + index[i]];
          }
        }
        case double[] x when c == 1 -> {
          double[] y = (double[]) out;
          for (int i = 0; i < n; i++) {
            y[to + i] = x[at + index[i]];
          }
        }
        default -> {
          for (int i = 0; i < n; i++) {
            System.arraycopy(v.array(), at + index[i] * c, out, (to + i) * c, c);
          }
        }
      }
    }

    @Override
    List<Node> inputs() {
      return List.of(input);
    }
  }

  /** Nearest neighbour: target cell k of m takes source cell floor(k n / m) of n. */
  static final class Nearest extends Lookup {
    private final List<ArrayExpr.Extent> extents;

    Nearest(Node input, GridEnvelope target, List<ArrayExpr.Extent> extents) {
      super(input, target);
      this.extents = extents;
    }

    @Override
    long[] indices(Work work, GridEnvelope box, int axis) {
      long[] r = new long[Math.toIntExact(box.size(axis))];
      for (int i = 0; i < r.length; i++) {
        r[i] = at(box.low(axis) + i, axis);
      }
      return r;
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      long[] low = new long[box.dimension()];
      long[] high = new long[box.dimension()];
      for (int a = 0; a < low.length; a++) {
        low[a] = at(box.low(a), a);
        high[a] = at(box.high(a), a);
      }
      needs.ask(input(), GridEnvelope.of(low, high));
    }

    private long at(long index, int axis) {
      GridEnvelope from = input().domain();
      long s = source(extents.get(axis), index - domain().low(axis), domain().size(axis));
      return from.low(axis) + Math.clamp(s, 0, from.size(axis) - 1);
    }

    /**
     * The source cell, counted from 0, in which target cell k of m begins, also where the products
     * leave 64 bits. On a border between two cells of the whole input it is the one before if the
     * double nearest to n / m is less than that, as in rasdaman.
     */
    static long source(ArrayExpr.Extent e, long k, long m) {
      if (e.start() == 0
          && e.unit() == 1
          && Math.multiplyHigh(k, e.size()) == 0
          && k * e.size() >= 0) {
        long n = e.size();
        long cell = k * n / m;
        boolean border = k > 0 && cell * m == k * n;
        return border && Math.fma((double) n / m, (double) m, -(double) n) < 0 ? cell - 1 : cell;
      }
      BigInteger n = BigInteger.valueOf(m);
      BigInteger[] q =
          BigInteger.valueOf(e.start())
              .multiply(n)
              .add(BigInteger.valueOf(k).multiply(BigInteger.valueOf(e.size())))
              .divideAndRemainder(n.multiply(BigInteger.valueOf(e.unit())));
      return q[1].signum() < 0 ? q[0].longValueExact() - 1 : q[0].longValueExact();
    }
  }

  /** Slices along an axis in the order of their keys. The keys have that axis alone. */
  static final class Sorted extends Lookup {
    private final int axis;
    private final Node keys;
    private final boolean descending;
    private volatile long[] order;

    Sorted(Node input, int axis, Node keys, boolean descending) {
      super(input, input.domain());
      this.axis = axis;
      this.keys = keys;
      this.descending = descending;
    }

    @Override
    long[] indices(Work work, GridEnvelope box, int a) {
      int n = Math.toIntExact(box.size(a));
      if (a != axis) {
        return LongStream.rangeClosed(box.low(a), box.high(a)).toArray();
      }
      long[] all = order(work);
      int at = (int) (box.low(a) - domain().low(a));
      return Arrays.copyOfRange(all, at, at + n);
    }

    private long[] order(Work work) {
      long[] o = order;
      if (o == null) {
        o = compute(work);
        order = o;
      }
      return o;
    }

    private synchronized long[] compute(Work work) {
      if (order != null) {
        return order;
      }
      GridEnvelope d = keys.domain();
      int n = work.run().arrayLength("the list of sort keys", d.cells());
      Vec v = BlockEvaluation.compute(work, keys, d);
      return Arrays.stream(Order.order(v, 0, n, descending)).mapToLong(i -> d.low(0) + i).toArray();
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      GridEnvelope d = input().domain();
      needs.ask(input(), box.with(axis, d.low(axis), d.high(axis)));
      needs.ask(keys, keys.domain());
    }

    @Override
    List<Node> inputs() {
      return List.of(input(), keys);
    }
  }

  /**
   * Slices at computed positions: on one input axis the index is that of a position node, on the
   * others that of a result axis. Positions outside the domain, and null ones, give outside cells.
   */
  static final class Gather extends Node {
    private final Node input;
    private final Node position;
    private final int[] positionAxes;
    private final int[] from;

    /**
     * @param positionAxes the result axes that are the axes of the position node, in order
     * @param from for each input axis the result axis that gives its index, -1 for the position
     */
    Gather(Node input, Node position, GridEnvelope domain, int[] positionAxes, int[] from) {
      super(domain, input.band());
      this.input = input;
      this.position = position;
      this.positionAxes = positionAxes;
      this.from = from;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int n = box.cellsAsInt();
      GridEnvelope at = box.permute(positionAxes);
      Vec p = position.eval(work, at);
      boolean one = p.single() || p.length() == 1;
      int axis = 0;
      while (from[axis] >= 0) {
        axis++;
      }
      GridEnvelope d = input.domain();
      long least = Long.MAX_VALUE;
      long most = Long.MIN_VALUE;
      for (int i = 0; i < p.length(); i++) {
        long x = p.getLong(i);
        if (x >= d.low(axis)
            && x <= d.high(axis)
            && (p.nulls() == null || !Bits.get(p.nulls(), i))) {
          least = Math.min(least, x);
          most = Math.max(most, x);
        }
      }
      if (least > most) {
        work.arena().release(p);
        return Kernel.outside(band());
      }
      long[] low = new long[from.length];
      long[] high = new long[from.length];
      for (int s = 0; s < from.length; s++) {
        low[s] = s == axis ? least : box.low(from[s]);
        high[s] = s == axis ? most : box.high(from[s]);
      }
      if (!one && tooWide(work, cells(low, high), n)) {
        work.arena().release(p);
        int longest = positionAxes[0];
        for (int a : positionAxes) {
          longest = box.size(a) > box.size(longest) ? a : longest;
        }
        return inHalves(this, work, box, longest);
      }
      GridEnvelope source = GridEnvelope.of(low, high);
      Vec v = input.eval(work, source);
      if (one && v.length() == n) {
        work.arena().release(p);
        return v;
      }
      Vec out = gather(work, box, p, at, v, source, axis, least, most);
      work.arena().release(p);
      work.arena().release(v);
      return out;
    }

    private Vec gather(
        Work work,
        GridEnvelope box,
        Vec p,
        GridEnvelope at,
        Vec v,
        GridEnvelope source,
        int axis,
        long least,
        long most) {
      int n = box.cellsAsInt();
      int dim = box.dimension();
      int[] inStride = Strided.strides(source);
      int[] atStride = Strided.strides(at);
      int[] cellStep = new int[dim];
      int[] positionStep = new int[dim];
      for (int s = 0; s < from.length; s++) {
        if (from[s] >= 0) {
          cellStep[from[s]] += inStride[s];
        }
      }
      for (int k = 0; k < positionAxes.length; k++) {
        positionStep[positionAxes[k]] += atStride[k];
      }
      Object out = work.arena().take(band().type(), n);
      Vec fill = Kernel.outside(band());
      long[] nulls = Bits.none(n);
      int c = band().type().components();
      int[] index = new int[dim];
      int[] size = Strided.sizes(box);
      int cell = 0;
      int pos = 0;
      for (int i = 0; i < n; i++) {
        int q = p.single() ? 0 : pos;
        long x = p.getLong(q);
        boolean in = x >= least && x <= most && (p.nulls() == null || !Bits.get(p.nulls(), q));
        int k = in && !v.single() ? cell + (int) (x - least) * inStride[axis] : 0;
        Vec from = in ? v : fill;
        System.arraycopy(from.array(), from.at() + k * c, out, i * c, c);
        if (from.nulls() != null && Bits.get(from.nulls(), k)) {
          nulls[i >> 6] |= 1L << i;
        }
        for (int a = dim - 1; a >= 0; a--) {
          cell += cellStep[a];
          pos += positionStep[a];
          if (++index[a] < size[a]) {
            break;
          }
          cell -= cellStep[a] * size[a];
          pos -= positionStep[a] * size[a];
          index[a] = 0;
        }
      }
      return Vec.of(band().type(), out, n, Bits.orNull(nulls));
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      needs.ask(position, box.permute(positionAxes));
      GridEnvelope d = input.domain();
      long[] low = new long[from.length];
      long[] high = new long[from.length];
      for (int s = 0; s < from.length; s++) {
        low[s] = from[s] < 0 ? d.low(s) : box.low(from[s]);
        high[s] = from[s] < 0 ? d.high(s) : box.high(from[s]);
      }
      needs.ask(input, GridEnvelope.of(low, high));
    }

    @Override
    List<Node> inputs() {
      return List.of(position);
    }
  }

  /** For each cell along an axis the index of the cell that sorting would put there. */
  static final class Order extends Node {
    private final Node keys;
    private final int axis;
    private final boolean descending;

    /** The keys' axis is their last one. */
    Order(Node keys, boolean descending) {
      super(keys.domain(), new Band(CellType.INT64));
      this.keys = keys;
      this.axis = keys.domain().dimension() - 1;
      this.descending = descending;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      GridEnvelope d = keys.domain();
      GridEnvelope whole = box.with(axis, d.low(axis), d.high(axis));
      work.run().arrayLength("the list of sort keys", whole.cells());
      Vec v = keys.eval(work, whole);
      int n = box.cellsAsInt();
      int length = Math.toIntExact(d.size(axis));
      int size = Math.toIntExact(box.size(axis));
      int skip = (int) (box.low(axis) - d.low(axis));
      long[] out = (long[]) work.arena().take(CellType.Storage.LONG, n);
      for (int i = 0; i < n / size; i++) {
        int[] order = order(v, i * length, length, descending);
        for (int k = 0; k < size; k++) {
          out[i * size + k] = d.low(axis) + order[skip + k];
        }
      }
      work.arena().release(v);
      return Vec.of(CellType.INT64, out, n, null);
    }

    /** The order of n keys from cell {@code at} on: stable, null ones last. */
    static int[] order(Vec v, int at, int n, boolean descending) {
      Integer[] index = new Integer[n];
      Arrays.setAll(index, i -> i);
      Arrays.sort(
          index,
          (p, q) -> {
            int i = v.single() ? 0 : at + p;
            int j = v.single() ? 0 : at + q;
            boolean x = v.nulls() != null && Bits.get(v.nulls(), i);
            boolean y = v.nulls() != null && Bits.get(v.nulls(), j);
            if (x || y) {
              return Boolean.compare(x, y);
            }
            int c =
                Kernel.whole(v.type())
                    ? Long.compare(v.getLong(i), v.getLong(j))
                    : Double.compare(v.getDouble(i) + 0.0, v.getDouble(j) + 0.0);
            return descending ? -c : c;
          });
      return Arrays.stream(index).mapToInt(Integer::intValue).toArray();
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      GridEnvelope d = keys.domain();
      needs.ask(keys, box.with(axis, d.low(axis), d.high(axis)));
    }

    @Override
    List<Node> inputs() {
      return List.of(keys);
    }
  }
}
