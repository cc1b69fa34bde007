package org.tessera.engine.eval;

import java.util.Arrays;
import org.tessera.engine.algebra.ArrayExpr.Extent;
import org.tessera.engine.algebra.ArrayExpr.Interpolation;

/**
 * Source cells of each of a row of target cells along one axis, and their weights: those of target
 * cell i are from {@code start(i)} to before {@code start(i + 1)}.
 */
final class Taps {
  private static final double EDGE = 1e-10;

  private final int[] start;
  private long[] index;
  private double[] weight;
  private int used;

  /** Kernels of LINEAR and CUBIC are widened where a new cell covers more old ones than this. */
  static final double COARSER = 1.05;

  private Taps(int count) {
    start = new int[count + 1];
    index = new long[4 * count];
    weight = new double[4 * count];
  }

  /** Of one target cell, to be set by {@link #at} again and again. */
  static Taps one() {
    return new Taps(1);
  }

  /**
   * How far from the place of a cell its source cells may lie, in cells.
   *
   * @param extent how many source cells it covers
   */
  static double reach(Interpolation how, double extent) {
    return switch (how) {
      case NEAREST -> 0;
      case LINEAR -> Math.max(1, extent) + 1;
      case CUBIC -> 2 * Math.max(1, extent) + 1;
      case AVERAGE, MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE ->
          Math.max(1, extent) / 2;
    };
  }

  /**
   * Of scaling: target cells {@code first} to {@code first + count - 1} of m onto an extent of n
   * source cells from {@code low} on.
   */
  static Taps scaled(
      Interpolation how, Extent extent, long first, int count, long n, long m, long low) {
    Taps taps = new Taps(count);
    double covered = (double) extent.size() / m / extent.unit();
    for (int i = 0; i < count; i++) {
      long k = first + i;
      if (how == Interpolation.LINEAR || how == Interpolation.CUBIC) {
        double place = (extent.start() + (k + 0.5) * extent.size() / m) / extent.unit();
        if (covered > 1) {
          taps.wide(how, Math.clamp(place, 0, (double) n), covered, 0, n - 1, low);
        } else {
          taps.interpolate(how, place, 0, n - 1, low);
        }
      } else {
        taps.cover(extent, k, n, m, low);
      }
      taps.start[i + 1] = taps.used;
    }
    return taps;
  }

  /**
   * The source cells that target cell k covers; those beyond the border only if all of them are.
   */
  private void cover(Extent extent, long k, long n, long m, long low) {
    // All counted in parts of a cell, so that they are whole numbers.
    long cell = Math.multiplyExact(extent.unit(), m);
    long begin =
        Math.addExact(Math.multiplyExact(extent.start(), m), Math.multiplyExact(k, extent.size()));
    long end = Math.addExact(begin, extent.size());
    long from = Math.clamp(Math.floorDiv(begin, cell), 0, n - 1);
    long to = Math.clamp(Math.floorDiv(end - 1, cell), from, n - 1);
    long all = Math.max(1, Math.min(end, (to + 1) * cell) - Math.max(begin, from * cell));
    for (long s = from; s <= to; s++) {
      long covered = Math.min((s + 1) * cell, end) - Math.max(s * cell, begin);
      add(low + s, from == to ? 1 : (double) covered / all);
    }
  }

  /**
   * Makes these the taps of one cell at a place (cell i is from i to i + 1) within source cells
   * {@code low} to {@code high}, that covers {@code extent} cells.
   */
  void at(Interpolation how, double place, double extent, long low, long high) {
    used = 0;
    if (how == Interpolation.LINEAR || how == Interpolation.CUBIC) {
      if (extent > COARSER) {
        wide(how, place, extent, low, high, 0);
      } else {
        interpolate(how, place, low, high, 0);
      }
    } else {
      double half = Math.max(1, extent) / 2;
      double from = place - half;
      double to = place + half;
      // Borders that are met but for rounding are met.
      long least = Math.max(low, (long) Math.floor(from + EDGE));
      long most = Math.min(high, (long) Math.ceil(to - EDGE) - 1);
      for (long s = least; s <= most; s++) {
        add(s, Math.min(s + 1.0, to) - Math.max((double) s, from));
      }
    }
    start[1] = used;
  }

  /** Neighbours of a place between cell centres; beyond the border its cell stands for them. */
  private void interpolate(Interpolation how, double place, long low, long high, long offset) {
    double c = place - 0.5;
    long f = (long) Math.floor(c);
    double x = c - f;
    if (how == Interpolation.LINEAR) {
      add(offset + Math.clamp(f, low, high), 1 - x);
      add(offset + Math.clamp(f + 1, low, high), x);
    } else {
      add(offset + Math.clamp(f - 1, low, high), ((-0.5 * x + 1) * x - 0.5) * x);
      add(offset + Math.clamp(f, low, high), (1.5 * x - 2.5) * x * x + 1);
      add(offset + Math.clamp(f + 1, low, high), ((-1.5 * x + 2) * x + 0.5) * x);
      add(offset + Math.clamp(f + 2, low, high), (0.5 * x - 0.5) * x * x);
    }
  }

  /** The kernel widened by the cells covered; what lies beyond the border is left aside. */
  private void wide(
      Interpolation how, double place, double extent, long low, long high, long offset) {
    double c = place - 0.5;
    // A cell that is met but for rounding has no weight.
    double radius = (how == Interpolation.LINEAR ? extent : 2 * extent) - EDGE;
    long from = Math.max(low, (long) Math.ceil(c - radius));
    long to = Math.min(high, (long) Math.floor(c + radius));
    int first = used;
    double total = 0;
    for (long s = from; s <= to; s++) {
      double d = Math.abs(s - c) / extent;
      double w;
      if (how == Interpolation.LINEAR) {
        w = 1 - d;
      } else if (d <= 1) {
        w = (1.5 * d - 2.5) * d * d + 1;
      } else {
        w = ((-0.5 * d + 2.5) * d - 4) * d + 2;
      }
      add(offset + s, w);
      total += w;
    }
    for (int i = first; i < used; i++) {
      weight[i] /= total;
    }
  }

  private void add(long source, double w) {
    if (used == index.length) {
      index = Arrays.copyOf(index, 2 * used);
      weight = Arrays.copyOf(weight, 2 * used);
    }
    index[used] = source;
    weight[used++] = w;
  }

  int start(int i) {
    return start[i];
  }

  int count() {
    return start.length - 1;
  }

  long index(int tap) {
    return index[tap];
  }

  double weight(int tap) {
    return weight[tap];
  }

  long low() {
    long low = Long.MAX_VALUE;
    for (int i = 0; i < used; i++) {
      low = Math.min(low, index[i]);
    }
    return low;
  }

  long high() {
    long high = Long.MIN_VALUE;
    for (int i = 0; i < used; i++) {
      high = Math.max(high, index[i]);
    }
    return high;
  }

  /** Whether each target cell is one source cell, in order: nothing is to be done on this axis. */
  boolean isIdentity() {
    for (int i = 0; i < count(); i++) {
      int whole = -1;
      for (int t = start[i]; t < start[i + 1]; t++) {
        if (weight[t] != 0) {
          if (whole >= 0 || weight[t] != 1) {
            return false;
          }
          whole = t;
        }
      }
      if (whole < 0 || index[whole] != index[0] + i || used != count()) {
        return false;
      }
    }
    return true;
  }
}
