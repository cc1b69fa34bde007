package org.tessera.engine.eval;

import java.util.Arrays;
import org.tessera.engine.algebra.ArrayExpr.Interpolation;
import org.tessera.engine.array.CellType;

/** One resampled cell after another, from any source cells with weights. For one thread. */
final class Sampler {
  private final Interpolation how;
  private final Vec v;
  private final CellType type;
  private final Object out;
  private final long[] nulls;
  private final Vec fill;
  private double[] values = new double[16];
  private double[] weights = new double[16];
  private double[] imaginary;
  private int[] where = new int[16];
  private int found;

  /**
   * @param v the source cells
   * @param out receives the result cells, {@code nulls} which of them are null
   */
  Sampler(Interpolation how, Vec v, Object out, long[] nulls, Vec fill) {
    this.how = how;
    this.v = v;
    this.type = v.type();
    this.out = out;
    this.nulls = nulls;
    this.fill = fill;
    this.imaginary = type.isComplex() ? new double[16] : null;
  }

  /**
   * Sets result cell i from all combinations of source cells along the axes.
   *
   * @param taps of each axis
   * @param cell which target cell of each axis' taps is meant
   * @param stride source cells from one to the next along each axis
   * @param low source index of the first source cell on each axis
   */
  void set(int i, Taps[] taps, int[] cell, int[] stride, long[] low) {
    found = 0;
    int dim = taps.length;
    int[] tap = new int[dim];
    for (int a = 0; a < dim; a++) {
      tap[a] = taps[a].start(cell[a]);
      if (tap[a] == taps[a].start(cell[a] + 1)) {
        outside(i);
        return;
      }
    }
    while (true) {
      int k = 0;
      double w = 1;
      for (int a = 0; a < dim; a++) {
        k += (int) (taps[a].index(tap[a]) - low[a]) * stride[a];
        w *= taps[a].weight(tap[a]);
      }
      add(k, w);
      int a = dim - 1;
      while (a >= 0 && ++tap[a] == taps[a].start(cell[a] + 1)) {
        tap[a] = taps[a].start(cell[a]);
        a--;
      }
      if (a < 0) {
        break;
      }
    }
    finish(i);
  }

  /**
   * Sets result cell i from source cells on two axes, counted from cell {@code at} on.
   *
   * @param outerStride source cells from one to the next along the axis of {@code outer}
   */
  void set(int i, int at, Taps outer, int outerStride, Taps inner, int innerStride) {
    found = 0;
    for (int j = 0; j < outer.start(1); j++) {
      int row = at + (int) outer.index(j) * outerStride;
      for (int k = 0; k < inner.start(1); k++) {
        add(row + (int) inner.index(k) * innerStride, outer.weight(j) * inner.weight(k));
      }
    }
    finish(i);
  }

  private void finish(int i) {
    if (found == 0) {
      outside(i);
    } else {
      store(i);
    }
  }

  /** Result cell i has no source. */
  void outside(int i) {
    Strided.fill(fill, out, i, 1);
    if (fill.isNull()) {
      nulls[i >> 6] |= 1L << i;
    }
  }

  private void add(int k, double w) {
    if (w == 0 || (v.nulls() != null && Bits.get(v.nulls(), k))) {
      return;
    }
    if (found == values.length) {
      values = Arrays.copyOf(values, 2 * found);
      weights = Arrays.copyOf(weights, 2 * found);
      where = Arrays.copyOf(where, 2 * found);
      imaginary = imaginary == null ? null : Arrays.copyOf(imaginary, 2 * found);
    }
    values[found] = v.getDouble(k);
    weights[found] = w;
    where[found] = k;
    if (imaginary != null) {
      imaginary[found] = v.getImaginary(k);
    }
    found++;
  }

  private void store(int i) {
    int c = type.components();
    switch (how) {
      case LINEAR, CUBIC, AVERAGE -> {
        if (alike()) {
          System.arraycopy(v.array(), v.at() + where[0] * c, out, i * c, c);
          return;
        }
        double re = 0;
        double im = 0;
        double total = 0;
        for (int k = 0; k < found; k++) {
          re += weights[k] * values[k];
          im += imaginary == null ? 0 : weights[k] * imaginary[k];
          total += weights[k];
        }
        re /= total;
        if (type.isComplex()) {
          Kernel.putComplex(type, out, i, re, im / total);
        } else {
          Narrowing.put(type, out, i, Kernel.whole(type) ? rounded(re) : re);
        }
      }
      case NEAREST, MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE -> {
        if (found > 64 && imaginary == null) {
          double wanted = wanted();
          int k = 0;
          while (Double.compare(values[k] + 0.0, wanted) != 0) {
            k++;
          }
          System.arraycopy(v.array(), v.at() + where[k], out, i, 1);
          return;
        }
        // Stable by value, so that equal real parts keep their order.
        for (int k = 1; k < found; k++) {
          double x = values[k];
          int w = where[k];
          int j = k - 1;
          while (j >= 0 && Double.compare(values[j] + 0.0, x + 0.0) > 0) {
            values[j + 1] = values[j];
            where[j + 1] = where[j];
            j--;
          }
          values[j + 1] = x;
          where[j + 1] = w;
        }
        int at = rank(values, found);
        System.arraycopy(v.array(), v.at() + where[at] * c, out, i * c, c);
      }
    }
  }

  /** Half up; what is a half but for the order of additions is one. */
  static double rounded(double x) {
    return Math.floor(x + (0.5 + 1e-9));
  }

  /** Cells that are all alike give that value: of infinite ones the weighted sum would be NaN. */
  private boolean alike() {
    for (int k = 1; k < found; k++) {
      if (values[k] != values[0] || (imaginary != null && imaginary[k] != imaginary[0])) {
        return false;
      }
    }
    return true;
  }

  /** The value looked for, of many. */
  private double wanted() {
    double[] sorted = new double[found];
    for (int k = 0; k < found; k++) {
      sorted[k] = values[k] + 0.0;
    }
    Arrays.sort(sorted);
    return sorted[rank(sorted, found)];
  }

  /** Where the value looked for is among the sorted ones. */
  private int rank(double[] sorted, int n) {
    int last = n - 1;
    return switch (how) {
      case MINIMUM -> 0;
      case MAXIMUM -> last;
      case MEDIAN -> last / 2;
      case FIRST_QUARTILE -> last / 4;
      case THIRD_QUARTILE -> (3 * n - 1) / 4;
      case NEAREST, LINEAR, CUBIC, AVERAGE, MODE -> mode(sorted, n);
    };
  }

  private static int mode(double[] sorted, int n) {
    int best = 0;
    int most = 0;
    for (int i = 0; i < n; ) {
      int j = i;
      while (j < n && Double.compare(sorted[j] + 0.0, sorted[i] + 0.0) == 0) {
        j++;
      }
      if (j - i > most) {
        most = j - i;
        best = i;
      }
      i = j;
    }
    return best;
  }
}
