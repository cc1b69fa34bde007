package org.tessera.engine.eval;

import java.util.Arrays;
import java.util.List;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.ArrayExpr.Interpolation;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/** The nodes that find a cell's value from several cells around its place. */
final class Resampling {
  private Resampling() {}

  /** Interpolated and aggregated scaling; axes that do not change cost nothing. */
  static final class Scaled extends Node {
    /** Source cells of a block, in blocks. */
    private static final double MOST = 16;

    private final Node input;
    private final Interpolation how;
    private final List<ArrayExpr.Extent> extents;

    Scaled(Node input, GridEnvelope target, Interpolation how, List<ArrayExpr.Extent> extents) {
      super(target, input.band());
      this.input = input;
      this.how = how;
      this.extents = extents;
    }

    private Taps taps(GridEnvelope box, int axis) {
      return Taps.scaled(
          how,
          extents.get(axis),
          box.low(axis) - domain().low(axis),
          Math.toIntExact(box.size(axis)),
          input.domain().size(axis),
          domain().size(axis),
          input.domain().low(axis));
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int dim = box.dimension();
      int n = box.cellsAsInt();
      Taps[] taps = new Taps[dim];
      long[] low = new long[dim];
      long[] high = new long[dim];
      for (int a = 0; a < dim; a++) {
        taps[a] = taps(box, a);
        low[a] = taps[a].low();
        high[a] = taps[a].high();
      }
      if (n > 1 && Views.cells(low, high) > MOST * work.run().block()) {
        return Views.inHalves(this, work, box, Boxes.longest(box));
      }
      GridEnvelope from = GridEnvelope.of(low, high);
      work.run().arrayLength("the source of one scaled cell", from.cells());
      Vec v = input.eval(work, from);
      if (v.single()) {
        return v.isNull() ? Kernel.outside(band()) : v;
      }
      work.run().check();
      Vec out =
          Separable.handles(how, v)
              ? new Separable(how, v, from, taps, box, Kernel.outside(band())).compute(work)
              : null;
      if (out == null) {
        out = cellByCell(work, v, from, taps, n);
      }
      work.arena().release(v);
      return out;
    }

    private Vec cellByCell(Work work, Vec v, GridEnvelope from, Taps[] taps, int n) {
      Object out = work.arena().take(band().type(), n);
      long[] nulls = Bits.none(n);
      Sampler sampler = new Sampler(how, v, out, nulls, Kernel.outside(band()));
      int[] stride = Strided.strides(from);
      long[] low = from.low();
      int[] cell = new int[taps.length];
      for (int i = 0; i < n; i++) {
        sampler.set(i, taps, cell, stride, low);
        for (int a = cell.length - 1; a >= 0 && ++cell[a] == taps[a].count(); a--) {
          cell[a] = 0;
        }
      }
      return Vec.of(band().type(), out, n, Bits.orNull(nulls));
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      long[] low = new long[box.dimension()];
      long[] high = new long[box.dimension()];
      for (int a = 0; a < low.length; a++) {
        low[a] = taps(box.with(a, box.low(a), box.low(a)), a).low();
        high[a] = taps(box.with(a, box.high(a), box.high(a)), a).high();
      }
      needs.ask(input, GridEnvelope.of(low, high));
    }

    @Override
    List<Node> inputs() {
      return List.of(input);
    }
  }

  /**
   * Weighted sums along one axis after the other, in loops that HotSpot vectorises: of cells
   * without nulls, and of weights too where there are nulls.
   */
  private static final class Separable {
    private final Interpolation how;
    private final Vec v;
    private final GridEnvelope from;
    private final Taps[] taps;
    private final GridEnvelope box;
    private final Vec fill;

    Separable(
        Interpolation how, Vec v, GridEnvelope from, Taps[] taps, GridEnvelope box, Vec fill) {
      this.how = how;
      this.v = v;
      this.from = from;
      this.taps = taps;
      this.box = box;
      this.fill = fill;
    }

    static boolean handles(Interpolation how, Vec v) {
      CellType t = v.type();
      // Of wide integers the order of additions might show when a half is rounded.
      boolean sums = t.isFloat() || (Kernel.whole(t) && t.bytes() <= 2);
      return switch (how) {
        case LINEAR, AVERAGE -> sums && !t.isComplex();
        // Weights of both signs may cancel where cells are missing.
        case CUBIC -> sums && !t.isComplex() && v.nulls() == null;
        case MINIMUM, MAXIMUM -> Kernel.whole(t) && t.bytes() <= 4;
        case NEAREST, MODE, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> false;
      };
    }

    /** The cells; null where infinite cells or NaN need a closer look. */
    Vec compute(Work work) {
      CellType type = v.type();
      int n = from.cellsAsInt();
      double[] cells = (double[]) work.arena().take(CellType.Storage.DOUBLE, n);
      Widening.toDoubles(type, v.array(), v.at(), cells, n);
      boolean extreme = how == Interpolation.MINIMUM || how == Interpolation.MAXIMUM;
      double[] weights = null;
      if (v.nulls() != null) {
        double neutral = neutral();
        for (int i = Bits.next(v.nulls(), 0); i >= 0; i = Bits.next(v.nulls(), i + 1)) {
          cells[i] = neutral;
        }
        if (!extreme) {
          weights = (double[]) work.arena().take(CellType.Storage.DOUBLE, n);
          Arrays.fill(weights, 0, n, 1);
          for (int i = Bits.next(v.nulls(), 0); i >= 0; i = Bits.next(v.nulls(), i + 1)) {
            weights[i] = 0;
          }
        }
      }
      double[] sums = along(work, cells);
      double[] totals = weights == null ? null : along(work, weights);
      int m = box.cellsAsInt();
      Object out = work.arena().take(type, m);
      long[] nulls = v.nulls() == null ? null : Bits.none(m);
      boolean finite = finish(sums, totals, out, nulls, m);
      work.arena().release(sums);
      if (totals != null) {
        work.arena().release(totals);
      }
      return finite ? Vec.of(type, out, m, nulls == null ? null : Bits.orNull(nulls)) : null;
    }

    private double neutral() {
      return switch (how) {
        case MINIMUM -> Double.POSITIVE_INFINITY;
        case MAXIMUM -> Double.NEGATIVE_INFINITY;
        case NEAREST, LINEAR, CUBIC, AVERAGE, MODE, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> 0;
      };
    }

    private boolean finish(double[] sums, double[] totals, Object out, long[] nulls, int m) {
      CellType type = v.type();
      if (nulls != null) {
        for (int i = 0; i < m; i++) {
          if (totals == null ? Double.isInfinite(sums[i]) : totals[i] == 0) {
            nulls[i >> 6] |= 1L << i;
            sums[i] = 0;
          } else if (totals != null) {
            sums[i] /= totals[i];
          }
        }
      }
      if (Kernel.whole(type)) {
        for (int i = 0; i < m; i++) {
          sums[i] = Sampler.rounded(sums[i]);
        }
      } else {
        double sum = 0;
        for (int i = 0; i < m; i++) {
          sum += sums[i] * 0;
        }
        if (sum != 0) {
          return false;
        }
      }
      Narrowing.fromDoubles(sums, type, out, m);
      if (nulls != null) {
        for (int i = Bits.next(nulls, 0); i >= 0; i = Bits.next(nulls, i + 1)) {
          Strided.fill(fill, out, i, 1);
        }
        if (!fill.isNull()) {
          Arrays.fill(nulls, 0);
        }
      }
      return true;
    }

    /** One axis after the other; gives the array back to the arena when it is done with it. */
    private double[] along(Work work, double[] start) {
      double[] cells = start;
      int dim = taps.length;
      int[] size = Strided.sizes(from);
      for (int a = 0; a < dim; a++) {
        if (taps[a].isIdentity()) {
          continue;
        }
        int inner = 1;
        int outer = 1;
        for (int k = 0; k < dim; k++) {
          inner *= k > a ? size[k] : 1;
          outer *= k < a ? size[k] : 1;
        }
        int count = taps[a].count();
        double[] next =
            (double[]) work.arena().take(CellType.Storage.DOUBLE, outer * count * inner);
        for (int o = 0; o < outer; o++) {
          axis(cells, o * size[a] * inner, next, o * count * inner, a, inner);
        }
        size[a] = count;
        work.arena().release(cells);
        cells = next;
      }
      return cells;
    }

    private void axis(double[] in, int at, double[] out, int to, int a, int inner) {
      Taps t = taps[a];
      long low = from.low(a);
      for (int i = 0; i < t.count(); i++) {
        int target = to + i * inner;
        boolean first = true;
        for (int k = t.start(i); k < t.start(i + 1); k++) {
          double w = t.weight(k);
          int source = at + (int) (t.index(k) - low) * inner;
          if (w == 0) {
            continue;
          }
          switch (how) {
            case MINIMUM -> least(in, source, out, target, inner, first);
            case MAXIMUM -> greatest(in, source, out, target, inner, first);
            case NEAREST, LINEAR, CUBIC, AVERAGE, MODE, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE ->
                add(in, source, w, out, target, inner, first);
          }
          first = false;
        }
      }
    }

    private static void add(
        double[] in, int at, double w, double[] out, int to, int n, boolean first) {
      if (first) {
        for (int i = 0; i < n; i++) {
          out[to + i] = w * in[at + i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          out[to + i] += w * in[at + i];
        }
      }
    }

    private static void least(double[] in, int at, double[] out, int to, int n, boolean first) {
      if (first) {
        System.arraycopy(in, at, out, to, n);
        return;
      }
      for (int i = 0; i < n; i++) {
        out[to + i] = Math.min(out[to + i], in[at + i]);
      }
    }

    private static void greatest(double[] in, int at, double[] out, int to, int n, boolean first) {
      if (first) {
        System.arraycopy(in, at, out, to, n);
        return;
      }
      for (int i = 0; i < n; i++) {
        out[to + i] = Math.max(out[to + i], in[at + i]);
      }
    }
  }
}
