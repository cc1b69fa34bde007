package org.tessera.engine.eval;

import java.util.Arrays;
import java.util.List;
import org.tessera.engine.algebra.ArrayExpr.Interpolation;
import org.tessera.engine.algebra.WarpMesh;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/** Two axes at the places of a mesh, row by row; the others stay. */
final class Warped extends Node {
  /** What lies less than this before a border lies on it. */
  private static final double SNAP = 1e-8;

  private final Node input;
  private final int rows;
  private final int columns;
  private final WarpMesh mesh;
  private final Interpolation how;

  Warped(Node input, GridEnvelope domain, int rows, int columns, WarpMesh mesh, Interpolation how) {
    super(domain, input.band());
    this.input = input;
    this.rows = rows;
    this.columns = columns;
    this.mesh = mesh;
    this.how = how;
  }

  private GridEnvelope plane(GridEnvelope box) {
    return box.permute(new int[] {rows, columns});
  }

  /** The input cells near the places of a box; null if there are none. */
  private GridEnvelope source(GridEnvelope box) {
    WarpMesh.Span span = mesh.span(plane(box));
    if (span == null) {
      return null;
    }
    GridEnvelope y = around(box, rows, span.top(), span.bottom(), span.height());
    return y == null ? null : around(y, columns, span.left(), span.right(), span.width());
  }

  private GridEnvelope around(GridEnvelope box, int axis, double least, double most, double size) {
    GridEnvelope d = input.domain();
    double by = Taps.reach(how, size) + SNAP;
    double low = Math.max((double) d.low(axis), Math.floor(least - by));
    double high = Math.min((double) d.high(axis), Math.floor(most + by));
    return low > high ? null : box.with(axis, (long) low, (long) high);
  }

  @Override
  Vec compute(Work work, GridEnvelope box) {
    int n = box.cellsAsInt();
    GridEnvelope from = source(box);
    if (from == null) {
      return Kernel.outside(band());
    }
    if (n > 1 && Views.tooWide(work, (double) from.cells(), n)) {
      boolean across = box.size(rows) < box.size(columns);
      int axis = across ? columns : rows;
      return Views.inHalves(this, work, box, box.size(axis) > 1 ? axis : Boxes.longest(box));
    }
    work.run().arrayLength("the source of one resampled cell", from.cells());
    Vec v = input.eval(work, from);
    work.run().check();
    Vec cells = v.single() ? spread(v, from) : v;
    Block block = new Block(work, cells, from, box);
    if (how == Interpolation.NEAREST) {
      block.nearest();
    } else if (!block.sums()) {
      block.sampled();
    }
    work.arena().release(v);
    return Vec.of(band().type(), block.out, n, Bits.orNull(block.nulls));
  }

  /** A single cell as all cells of a box. */
  private static Vec spread(Vec v, GridEnvelope from) {
    int n = from.cellsAsInt();
    Object all = Arena.allocate(v.type().storage(), n * v.type().components());
    Strided.fill(v, all, 0, n);
    return Vec.of(v.type(), all, n, v.isNull() ? Bits.all(n) : null);
  }

  @Override
  void need(Needs needs, GridEnvelope box) {
    GridEnvelope from = source(box);
    if (from != null) {
      needs.ask(input, from);
    }
  }

  @Override
  List<Node> inputs() {
    return List.of(input);
  }

  /** A block under way. */
  private final class Block {
    private final Work work;
    private final Vec v;
    private final GridEnvelope from;
    private final GridEnvelope plane;
    private final int n;
    private final Object out;
    private final long[] nulls;
    private final Vec fill;
    private final int across;
    private final int[] stride;
    private final int[] step;
    private final int[] sources;
    private final int[] targets;
    private final double[] y;
    private final double[] x;

    Block(Work work, Vec v, GridEnvelope from, GridEnvelope box) {
      this.work = work;
      this.v = v;
      this.from = from;
      this.plane = plane(box);
      this.n = box.cellsAsInt();
      this.out = work.arena().take(band().type(), n);
      this.nulls = Bits.none(n);
      this.fill = Kernel.outside(band());
      this.across = Math.toIntExact(plane.size(1));
      this.stride = Strided.strides(from);
      this.step = Strided.strides(box);
      int others = n / plane.cellsAsInt();
      this.sources = new int[others];
      this.targets = new int[others];
      int[] at = new int[box.dimension()];
      for (int i = 0; i < others; i++) {
        for (int a = 0; a < at.length; a++) {
          sources[i] += at[a] * stride[a];
          targets[i] += at[a] * step[a];
        }
        for (int a = at.length - 1; a >= 0; a--) {
          if (a == rows || a == columns) {
            continue;
          }
          if (++at[a] < box.size(a)) {
            break;
          }
          at[a] = 0;
        }
      }
      this.y = new double[across];
      this.x = new double[across];
    }

    /** Whether a place lies within the input, and if so what it is counted from the source. */
    private boolean inside(int c) {
      double py = y[c] + SNAP;
      double px = x[c] + SNAP;
      GridEnvelope d = input.domain();
      return py >= d.low(rows)
          && py < d.high(rows) + 1.0
          && px >= d.low(columns)
          && px < d.high(columns) + 1.0;
    }

    private int target(int row) {
      return row * step[rows];
    }

    // ---- nearest

    void nearest() {
      int[] offset = new int[across];
      GridEnvelope d = input.domain();
      double top = d.low(rows) - SNAP;
      double bottom = d.high(rows) + 1.0 - SNAP;
      double left = d.low(columns) - SNAP;
      double right = d.high(columns) + 1.0 - SNAP;
      double y0 = from.low(rows) - SNAP;
      double x0 = from.low(columns) - SNAP;
      int sy = stride[rows];
      int sx = stride[columns];
      for (int r = 0; r < plane.size(0); r++) {
        mesh.row(plane.low(0) + r, plane.low(1), across, y, x, null, null);
        boolean all = true;
        for (int c = 0; c < across; c++) {
          boolean in = y[c] >= top && y[c] < bottom && x[c] >= left && x[c] < right;
          all &= in;
          offset[c] = in ? ((int) (y[c] - y0)) * sy + ((int) (x[c] - x0)) * sx : -1;
        }
        for (int o = 0; o < sources.length; o++) {
          pick(offset, sources[o], target(r) + targets[o], all);
        }
      }
    }

    private void pick(int[] offset, int source, int target, boolean all) {
      int c = v.type().components();
      int by = step[columns];
      if (!all || v.nulls() != null || c > 1) {
        for (int i = 0; i < across; i++) {
          int to = target + i * by;
          if (offset[i] < 0) {
            outside(to);
            continue;
          }
          int k = source + offset[i];
          System.arraycopy(v.array(), v.at() + k * c, out, to * c, c);
          if (v.nulls() != null && Bits.get(v.nulls(), k)) {
            nulls[to >> 6] |= 1L << to;
          }
        }
        return;
      }
      int at = v.at() + source;
      switch (v.array()) {
        case byte[] a -> {
          byte[] b = (byte[]) out;
          for (int i = 0; i < across; i++) {
            b[target + i * by] = a[at + offset[i]];
          }
        }
        case short[] a -> {
          short[] b = (short[]) out;
          for (int i = 0; i < across; i++) {
            b[target + i * by] = a[at + offset[i]];
          }
        }
        case int[] a -> {
          int[] b = (int[]) out;
          for (int i = 0; i < across; i++) {
            b[target + i * by] = a[at + offset[i]];
          }
        }
        case long[] a -> {
          long[] b = (long[]) out;
          for (int i = 0; i < across; i++) {
            b[target + i * by] = a[at + offset[i]];
          }
        }
        case float[] a -> {
          float[] b = (float[]) out;
          for (int i = 0; i < across; i++) {
            b[target + i * by] = a[at + offset[i]];
          }
        }
        case double[] a -> {
          double[] b = (double[]) out;
          for (int i = 0; i < across; i++) {
            b[target + i * by] = a[at + offset[i]];
          }
        }
        default -> throw new IllegalStateException("cells are kept in a primitive array");
      }
    }

    private void outside(int to) {
      Strided.fill(fill, out, to, 1);
      if (fill.isNull()) {
        nulls[to >> 6] |= 1L << to;
      }
    }

    // ---- all else

    /** Cell by cell, for whatever method and type. */
    void sampled() {
      double[] height = new double[across];
      double[] width = new double[across];
      Sampler sampler = new Sampler(how, v, out, nulls, fill);
      Taps ty = Taps.one();
      Taps tx = Taps.one();
      for (int r = 0; r < plane.size(0); r++) {
        mesh.row(plane.low(0) + r, plane.low(1), across, y, x, height, width);
        for (int c = 0; c < across; c++) {
          int to = target(r) + c * step[columns];
          boolean in = inside(c);
          if (in) {
            set(ty, rows, y[c], height[c]);
            set(tx, columns, x[c], width[c]);
          }
          for (int o = 0; o < sources.length; o++) {
            if (!in) {
              sampler.outside(to + targets[o]);
            } else if (rows < columns) {
              sampler.set(to + targets[o], sources[o], ty, stride[rows], tx, stride[columns]);
            } else {
              sampler.set(to + targets[o], sources[o], tx, stride[columns], ty, stride[rows]);
            }
          }
        }
      }
    }

    /** Taps along an axis, counted from the source's low border on. */
    private void set(Taps taps, int axis, double place, double size) {
      GridEnvelope d = input.domain();
      double low = d.low(axis);
      taps.at(
          how,
          Math.clamp(place, low, d.high(axis) + 1.0) - from.low(axis),
          size,
          d.low(axis) - from.low(axis),
          d.high(axis) - from.low(axis));
    }

    /** Weighted sums of numbers without a null; false if they are not such. */
    boolean sums() {
      CellType type = v.type();
      boolean fits = type.isFloat() || (Kernel.whole(type) && type.bytes() <= 2);
      boolean linear = how == Interpolation.LINEAR;
      if (!fits
          || type.isComplex()
          || v.nulls() != null
          || !(linear || how == Interpolation.CUBIC || how == Interpolation.AVERAGE)) {
        return false;
      }
      int m = from.cellsAsInt();
      double[] cells = (double[]) work.arena().take(CellType.Storage.DOUBLE, m);
      Widening.toDoubles(type, v.array(), v.at(), cells, m);
      double[] sums = (double[]) work.arena().take(CellType.Storage.DOUBLE, n);
      double[] height = new double[across];
      double[] width = new double[across];
      Taps ty = Taps.one();
      Taps tx = Taps.one();
      for (int r = 0; r < plane.size(0); r++) {
        mesh.row(plane.low(0) + r, plane.low(1), across, y, x, height, width);
        for (int c = 0; c < across; c++) {
          int to = target(r) + c * step[columns];
          if (!inside(c)) {
            for (int t : targets) {
              sums[to + t] = 0;
              outside(to + t);
            }
            continue;
          }
          if (linear && height[c] <= Taps.COARSER && width[c] <= Taps.COARSER) {
            bilinear(cells, y[c], x[c], sums, to);
            continue;
          }
          set(ty, rows, y[c], height[c]);
          set(tx, columns, x[c], width[c]);
          for (int o = 0; o < targets.length; o++) {
            sums[to + targets[o]] = sum(cells, sources[o], ty, tx);
          }
        }
      }
      boolean finite = finish(sums);
      work.arena().release(cells);
      work.arena().release(sums);
      return finite;
    }

    private void bilinear(double[] cells, double py, double px, double[] sums, int to) {
      double cy = py - 0.5 - from.low(rows);
      double cx = px - 0.5 - from.low(columns);
      int j = (int) Math.floor(cy);
      int i = (int) Math.floor(cx);
      double v = cy - j;
      double u = cx - i;
      int lastRow = (int) from.size(rows) - 1;
      int lastColumn = (int) from.size(columns) - 1;
      int above = Math.clamp(j, 0, lastRow) * stride[rows];
      int below = Math.clamp(j + 1, 0, lastRow) * stride[rows];
      int left = Math.clamp(i, 0, lastColumn) * stride[columns];
      int right = Math.clamp(i + 1, 0, lastColumn) * stride[columns];
      for (int o = 0; o < targets.length; o++) {
        int s = sources[o];
        double a = cells[s + above + left];
        double b = cells[s + below + left];
        double first = a + u * (cells[s + above + right] - a);
        double second = b + u * (cells[s + below + right] - b);
        sums[to + targets[o]] = first + v * (second - first);
      }
    }

    private double sum(double[] cells, int at, Taps ty, Taps tx) {
      double sum = 0;
      double total = 0;
      for (int j = 0; j < ty.start(1); j++) {
        int row = at + (int) ty.index(j) * stride[rows];
        double line = 0;
        double weights = 0;
        for (int i = 0; i < tx.start(1); i++) {
          double w = tx.weight(i);
          line += w * cells[row + (int) tx.index(i) * stride[columns]];
          weights += w;
        }
        sum += ty.weight(j) * line;
        total += ty.weight(j) * weights;
      }
      return sum / total;
    }

    /** False where infinite cells or NaN need a closer look. */
    private boolean finish(double[] sums) {
      CellType type = v.type();
      if (Kernel.whole(type)) {
        for (int i = 0; i < n; i++) {
          sums[i] = Sampler.rounded(sums[i]);
        }
      } else {
        double sum = 0;
        for (int i = 0; i < n; i++) {
          sum += sums[i] * 0;
        }
        if (sum != 0) {
          Arrays.fill(nulls, 0);
          return false;
        }
      }
      Narrowing.fromDoubles(sums, type, out, n);
      if (fill.isNull()) {
        for (int i = Bits.next(nulls, 0); i >= 0; i = Bits.next(nulls, i + 1)) {
          Strided.fill(fill, out, i, 1);
        }
      }
      return true;
    }
  }
}
