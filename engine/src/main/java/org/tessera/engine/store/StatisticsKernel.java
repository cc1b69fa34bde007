package org.tessera.engine.store;

import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;

/**
 * Statistics of a buffer of cells. Works through the buffer in runs that fit the first-level cache:
 * cells that are not null are widened into a small array of long or double, and plain loops over it
 * do the rest. Integer sums are exact; sums of floats are added up with compensation between runs.
 */
final class StatisticsKernel {
  private static final int RUN = 1024;

  private long count;
  private long nans;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;
  private double sum;
  private double compensation;
  private long exact;
  private boolean isExact = true;

  private StatisticsKernel() {}

  /**
   * Statistics of all cells, or null for complex types.
   *
   * @param mask their null mask, or null if none is null
   */
  static BandStatistics of(CellType type, Object array, int cells, long[] mask) {
    if (type.isComplex()) {
      return null;
    }
    StatisticsKernel kernel = new StatisticsKernel();
    if (type.isFloat()) {
      kernel.floats(type, array, cells, mask);
    } else {
      kernel.integers(type, array, cells, mask);
    }
    long nulls = 0;
    if (mask != null) {
      for (long word : mask) {
        nulls += Long.bitCount(word);
      }
    }
    return kernel.result(type, nulls);
  }

  private BandStatistics result(CellType type, long nulls) {
    if (type.isFloat()) {
      boolean any = count > nans;
      return new BandStatistics(
          count,
          nulls,
          nans,
          any ? min : Double.NaN,
          any ? max : Double.NaN,
          nans > 0 ? Double.NaN : finish(),
          0,
          false);
    }
    return new BandStatistics(
        count,
        nulls,
        0,
        count > 0 ? (double) least : Double.NaN,
        count > 0 ? (double) greatest : Double.NaN,
        isExact ? (double) exact : finish(),
        isExact ? exact : 0,
        isExact);
  }

  private double finish() {
    // An infinite sum makes the compensation NaN.
    return Double.isFinite(sum) ? sum + compensation : sum;
  }

  private void integers(CellType type, Object array, int cells, long[] mask) {
    long[] run = new long[RUN];
    for (int from = 0; from < cells; from += RUN) {
      int n = Math.min(RUN, cells - from);
      widen(type, array, from, n, run);
      if (mask != null) {
        int kept = 0;
        for (int i = 0; i < n; i += 64) {
          kept = keep(run, i, Math.min(n, i + 64), mask[(from + i) >> 6], kept);
        }
        n = kept;
      }
      long lo = Long.MAX_VALUE;
      long hi = Long.MIN_VALUE;
      for (int i = 0; i < n; i++) {
        lo = Math.min(lo, run[i]);
        hi = Math.max(hi, run[i]);
      }
      least = Math.min(least, lo);
      greatest = Math.max(greatest, hi);
      count += n;
      if (n > 0) {
        addExactly(run, n, lo, hi);
      }
    }
  }

  /** Moves those numbers to {@code to} that are not null; most often all are none or all are. */
  private static int keep(long[] run, int from, int end, long nulls, int to) {
    int kept = to;
    if (nulls == 0) {
      if (kept != from) {
        System.arraycopy(run, from, run, kept, end - from);
      }
      return kept + end - from;
    }
    for (int i = from; i < end; i++) {
      run[kept] = run[i];
      kept += (int) (~nulls >>> i) & 1;
    }
    return kept;
  }

  private void addExactly(long[] run, int n, long lo, long hi) {
    if (lo >= Long.MIN_VALUE / RUN && hi <= Long.MAX_VALUE / RUN) {
      long s = 0;
      for (int i = 0; i < n; i++) {
        s += run[i];
      }
      add((double) s);
      long total = exact + s;
      isExact &= ((exact ^ total) & (s ^ total)) >= 0;
      exact = total;
    } else {
      for (int i = 0; i < n; i++) {
        add((double) run[i]);
        long total = exact + run[i];
        isExact &= ((exact ^ total) & (run[i] ^ total)) >= 0;
        exact = total;
      }
    }
  }

  private void floats(CellType type, Object array, int cells, long[] mask) {
    double[] run = new double[RUN];
    for (int from = 0; from < cells; from += RUN) {
      int n = Math.min(RUN, cells - from);
      if (type.storage() == CellType.Storage.FLOAT) {
        float[] a = (float[]) array;
        for (int i = 0; i < n; i++) {
          run[i] = a[from + i];
        }
      } else {
        System.arraycopy((double[]) array, from, run, 0, n);
      }
      if (mask != null) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
          run[kept] = run[i];
          kept += (int) (~mask[(from + i) >> 6] >>> (from + i)) & 1;
        }
        n = kept;
      }
      count += n;
      addDoubles(run, n);
    }
  }

  private void addDoubles(double[] run, int n) {
    double lo = min;
    double hi = max;
    int notANumber = 0;
    for (int i = 0; i < n; i++) {
      double x = run[i];
      lo = x < lo ? x : lo;
      hi = x > hi ? x : hi;
      notANumber += Double.isNaN(x) ? 1 : 0;
    }
    min = lo;
    max = hi;
    nans += notANumber;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += run[i];
      s1 += run[i + 1];
      s2 += run[i + 2];
      s3 += run[i + 3];
    }
    for (; i < n; i++) {
      s0 += run[i];
    }
    add((s0 + s1) + (s2 + s3));
  }

  /** Neumaier's compensated addition. */
  private void add(double x) {
    double total = sum + x;
    compensation += Math.abs(sum) >= Math.abs(x) ? (sum - total) + x : (x - total) + sum;
    sum = total;
  }

  private static void widen(CellType type, Object array, int from, int n, long[] run) {
    switch (type.storage()) {
      case BYTE -> {
        byte[] a = (byte[]) array;
        if (type == CellType.INT8) {
          for (int i = 0; i < n; i++) {
            run[i] = a[from + i];
          }
        } else {
          for (int i = 0; i < n; i++) {
            run[i] = a[from + i] & 0xFF;
          }
        }
      }
      case SHORT -> {
        short[] a = (short[]) array;
        if (type == CellType.UINT16) {
          for (int i = 0; i < n; i++) {
            run[i] = a[from + i] & 0xFFFF;
          }
        } else {
          for (int i = 0; i < n; i++) {
            run[i] = a[from + i];
          }
        }
      }
      case INT -> {
        int[] a = (int[]) array;
        if (type == CellType.UINT32) {
          for (int i = 0; i < n; i++) {
            run[i] = a[from + i] & 0xFFFF_FFFFL;
          }
        } else {
          for (int i = 0; i < n; i++) {
            run[i] = a[from + i];
          }
        }
      }
      case LONG, FLOAT, DOUBLE -> System.arraycopy((long[]) array, from, run, 0, n);
    }
  }
}
