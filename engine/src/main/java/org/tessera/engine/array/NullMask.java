package org.tessera.engine.array;

/**
 * Null masks by a band's null set: bit {@code i % 64} of word {@code i / 64} set means cell i is
 * null. Of complex cells the real part decides. Bounds of a null interval are rounded to the type
 * of the cells first, so that a float cell holding the float next to -9999.9 is null where -9999.9
 * is.
 */
public final class NullMask {
  /** Cells that are looked at together, in the hope that none is null. */
  private static final int LOOK = 1024;

  private NullMask() {}

  /** The mask of cells by their values, whatever mask they have; null if none is null. */
  public static long[] of(Cells cells, NullSet nulls) {
    return of(cells.type(), cells.array(), cells.length(), nulls);
  }

  /** The mask of all cells of a primitive array, or null if none is null. */
  public static long[] of(CellType type, Object array, int cells, NullSet nulls) {
    if (nulls.intervals().isEmpty() || cells == 0) {
      return null;
    }
    long[] mask = new long[(cells + 63) >> 6];
    for (NullSet.Interval interval : nulls.intervals()) {
      add(type, array, cells, interval, mask);
    }
    for (long word : mask) {
      if (word != 0) {
        return mask;
      }
    }
    return null;
  }

  /** The mask in which every cell is null. */
  public static long[] all(int cells) {
    long[] mask = new long[(cells + 63) >> 6];
    java.util.Arrays.fill(mask, -1L);
    if ((cells & 63) != 0) {
      mask[mask.length - 1] = (1L << (cells & 63)) - 1;
    }
    return mask;
  }

  /** Copies n bits from {@code at} on over what is there. */
  public static void copy(long[] from, int at, long[] to, int toAt, int n) {
    int done = 0;
    while (done < n) {
      int d = toAt + done;
      int count = Math.min(n - done, 64 - (d & 63));
      long mask = (count == 64 ? -1L : (1L << count) - 1) << d;
      int s = at + done;
      int w = s >> 6;
      long bits = from[w] >>> s;
      if ((s & 63) != 0 && w + 1 < from.length) {
        bits |= from[w + 1] << -s;
      }
      to[d >> 6] = (to[d >> 6] & ~mask) | ((bits << d) & mask);
      done += count;
    }
  }

  private static void add(
      CellType type, Object array, int cells, NullSet.Interval interval, long[] mask) {
    int step = type.components();
    switch (type.storage()) {
      case FLOAT -> addFloats((float[]) array, cells, step, interval, mask);
      case DOUBLE -> addDoubles((double[]) array, cells, step, interval, mask);
      case BYTE, SHORT, INT, LONG -> {
        if (Double.isNaN(interval.low())) {
          return;
        }
        double least = Math.ceil(interval.low());
        double greatest = Math.floor(interval.high());
        if (least > greatest || least > (double) type.max() || greatest < (double) type.min()) {
          return;
        }
        long low = Math.max((long) least, type.min());
        long high = Math.min((long) greatest, type.max());
        // x is in the interval when x - low, as unsigned number of the type's width, is at most
        // high - low: one comparison, signed and unsigned types alike.
        switch (type.storage()) {
          case BYTE -> addBytes((byte[]) array, cells, (int) low, (int) (high - low), mask);
          case SHORT ->
              addShorts((short[]) array, cells, step, (int) low, (int) (high - low), mask);
          case INT -> addInts((int[]) array, cells, step, (int) low, (int) (high - low), mask);
          case LONG, FLOAT, DOUBLE -> addLongs((long[]) array, cells, low, high, mask);
        }
      }
    }
  }

  /** Whether none of some cells is in an interval. With longs from the load on it is vectorised. */
  private static boolean none(short[] a, int from, long low, long span) {
    long others = 0;
    for (int i = from; i < from + LOOK; i++) {
      others += (span - ((a[i] - low) & 0xFFFFL)) >>> 63;
    }
    return others == LOOK;
  }

  private static boolean none(byte[] a, int from, long low, long span) {
    long others = 0;
    for (int i = from; i < from + LOOK; i++) {
      others += (span - ((a[i] - low) & 0xFFL)) >>> 63;
    }
    return others == LOOK;
  }

  private static void addBytes(byte[] a, int cells, int low, int span, long[] mask) {
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      if (from % LOOK == 0 && from + LOOK <= cells && none(a, from, low, span)) {
        w += LOOK / 64 - 1;
        continue;
      }
      int n = Math.min(64, cells - from);
      long bits = 0;
      for (int k = 0; k < n; k++) {
        bits |= (((a[from + k] - low) & 0xFF) <= span ? 1L : 0L) << k;
      }
      mask[w] |= bits;
    }
  }

  private static void addShorts(short[] a, int cells, int step, int low, int span, long[] mask) {
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      if (from % LOOK == 0 && step == 1 && from + LOOK <= cells && none(a, from, low, span)) {
        w += LOOK / 64 - 1;
        continue;
      }
      int n = Math.min(64, cells - from);
      long bits = 0;
      if (step == 1) {
        for (int k = 0; k < n; k++) {
          bits |= (((a[from + k] - low) & 0xFFFF) <= span ? 1L : 0L) << k;
        }
      } else {
        for (int k = 0; k < n; k++) {
          bits |= (((a[(from + k) * step] - low) & 0xFFFF) <= span ? 1L : 0L) << k;
        }
      }
      mask[w] |= bits;
    }
  }

  private static void addInts(int[] a, int cells, int step, int low, int span, long[] mask) {
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      int n = Math.min(64, cells - from);
      long bits = 0;
      for (int k = 0; k < n; k++) {
        bits |= (Integer.compareUnsigned(a[(from + k) * step] - low, span) <= 0 ? 1L : 0L) << k;
      }
      mask[w] |= bits;
    }
  }

  private static void addLongs(long[] a, int cells, long low, long high, long[] mask) {
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      int n = Math.min(64, cells - from);
      long bits = 0;
      for (int k = 0; k < n; k++) {
        long x = a[from + k];
        bits |= (x >= low && x <= high ? 1L : 0L) << k;
      }
      mask[w] |= bits;
    }
  }

  private static void addFloats(
      float[] a, int cells, int step, NullSet.Interval interval, long[] mask) {
    float low = (float) interval.low();
    float high = (float) interval.high();
    boolean nan = Double.isNaN(interval.low());
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      int n = Math.min(64, cells - from);
      long bits = 0;
      if (nan) {
        for (int k = 0; k < n; k++) {
          bits |= (Float.isNaN(a[(from + k) * step]) ? 1L : 0L) << k;
        }
      } else {
        for (int k = 0; k < n; k++) {
          float x = a[(from + k) * step];
          bits |= (x >= low && x <= high ? 1L : 0L) << k;
        }
      }
      mask[w] |= bits;
    }
  }

  private static void addDoubles(
      double[] a, int cells, int step, NullSet.Interval interval, long[] mask) {
    double low = interval.low();
    double high = interval.high();
    boolean nan = Double.isNaN(low);
    for (int w = 0; w < mask.length; w++) {
      int from = w << 6;
      int n = Math.min(64, cells - from);
      long bits = 0;
      for (int k = 0; k < n; k++) {
        double x = a[(from + k) * step];
        bits |= ((x >= low && x <= high) || (nan && Double.isNaN(x)) ? 1L : 0L) << k;
      }
      mask[w] |= bits;
    }
  }
}
