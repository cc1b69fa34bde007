package org.tessera.engine.eval;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;

/**
 * Partial results of a condenser for n result cells. Integer sums are exact; float sums carry their
 * rounding errors along, so that the order of additions does not show.
 */
final class Accumulator {
  /** The condensers. */
  enum Kind {
    COUNT,
    SOME,
    ALL,
    SUM,
    PRODUCT,
    AVERAGE,
    MINIMUM,
    MAXIMUM,
    VAR_POP,
    VAR_SAMP,
    STDDEV_POP,
    STDDEV_SAMP;

    static Kind of(String name) {
      return switch (name) {
        case "count" -> COUNT;
        case "some" -> SOME;
        case "all" -> ALL;
        case "sum" -> SUM;
        case "product" -> PRODUCT;
        case "avg" -> AVERAGE;
        case "min" -> MINIMUM;
        case "max" -> MAXIMUM;
        case "var_pop" -> VAR_POP;
        case "var_samp" -> VAR_SAMP;
        case "stddev_pop" -> STDDEV_POP;
        case "stddev_samp" -> STDDEV_SAMP;
        default -> throw new IllegalArgumentException("no condenser " + name);
      };
    }

    boolean isTruth() {
      return this == COUNT || this == SOME || this == ALL;
    }

    boolean isMoment() {
      return this == VAR_POP || this == VAR_SAMP || this == STDDEV_POP || this == STDDEV_SAMP;
    }
  }

  private static final int LANES = 256;

  /** Rows that {@link #addRows} takes. */
  static final int ROWS = 4;

  /** Cells of a run that are copied at a time; a multiple of 64. */
  private static final int PIECE = 1 << 14;

  private final Kind kind;
  private final CellType in;
  private final int n;
  private final boolean whole;

  /** Cells that every result cell has seen, null ones included. */
  private long plain;

  /** What is to be added to that, per result cell: less the null ones. */
  private long[] extra;

  /** Truths, sums, products, minima or maxima of integers. */
  private long[] longs;

  /** What the sum of INT64 cells has beyond 64 bits. */
  private long[] high;

  /** Sums (and their errors), products, minima or maxima of floats. */
  private double[] s;

  private double[] e;

  /** The imaginary parts. */
  private double[] si;

  private double[] ei;

  /** Sums and sums of squares, for variances. */
  private final Moments moments;

  Accumulator(Kind kind, CellType in, int n) {
    this.kind = kind;
    this.in = in;
    this.n = n;
    this.whole = Kernel.whole(in);
    this.moments = kind.isMoment() ? new Moments(in, n) : null;
    if (kind.isMoment()) {
      return;
    }
    if (kind.isTruth() || whole) {
      longs = new long[n];
      switch (kind) {
        case MINIMUM -> Arrays.fill(longs, Long.MAX_VALUE);
        case MAXIMUM -> Arrays.fill(longs, Long.MIN_VALUE);
        case PRODUCT -> Arrays.fill(longs, 1);
        case SUM, AVERAGE -> high = in == CellType.INT64 ? new long[n] : null;
        case COUNT, SOME, ALL, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> {}
      }
    } else {
      s = new double[n];
      e = new double[n];
      if (in.isComplex()) {
        si = new double[n];
        ei = new double[n];
      }
      switch (kind) {
        case MINIMUM, MAXIMUM -> Arrays.fill(s, Double.NaN);
        case PRODUCT -> Arrays.fill(s, 1);
        case SUM, AVERAGE, COUNT, SOME, ALL, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> {}
      }
    }
  }

  /**
   * Takes up a block laid out as p x r x q: result cell (i, j) of p x q sees the r cells between.
   */
  void add(Work work, Vec given, int p, int r, int q) {
    if (given.single()) {
      addSingle(work, given, p, r, q);
      return;
    }
    plain += r;
    if (given.nulls() == null) {
      take(given, given.at(), p, r, q);
      return;
    }
    if (isPlainSum()) {
      take(given, given.at(), p, r, q);
      takeBack(work, given, p, r, q);
      return;
    }
    uncountNulls(given.nulls(), p, r, q);
    // A copy in which null cells change nothing; of long runs a piece at a time, which stays in the
    // processor's cache. Pieces begin at words of the mask.
    int cells = p * r * q;
    int piece = p == 1 && q == 1 ? Math.min(cells, PIECE) : cells;
    int c = in.components();
    Object copy = work.arena().take(in, piece);
    Vec v = new Vec(in, copy, 0, piece, false, null, false);
    for (int at = 0; at < cells; at += piece) {
      int m = Math.min(piece, cells - at);
      System.arraycopy(given.array(), given.at() + at * c, copy, 0, m * c);
      neutralise(copy, given.nulls(), at >> 6, (m + 63) >> 6);
      take(v, 0, p, piece == cells ? r : m, q);
    }
    work.arena().release(copy);
  }

  /** Whether this adds up integers that 64 bits hold however many there are. */
  boolean isPlainSum() {
    return whole && in != CellType.INT64 && (kind == Kind.SUM || kind == Kind.AVERAGE);
  }

  /**
   * Takes up {@value #ROWS} blocks at once, each a cell for each result cell and none of them
   * single: as {@link #add} for each of them with less traffic for the sums.
   *
   * @throws IllegalStateException if this is no {@link #isPlainSum}
   */
  void addRows(Work work, List<Vec> rows) {
    if (!isPlainSum() || rows.size() != ROWS) {
      throw new IllegalStateException();
    }
    plain += ROWS;
    Vec a = rows.get(0);
    Vec b = rows.get(1);
    Vec c = rows.get(2);
    Vec d = rows.get(3);
    long mask = mask();
    switch (a.array()) {
      case byte[] x ->
          Loops.addRows(
              x,
              a.at(),
              (byte[]) b.array(),
              b.at(),
              (byte[]) c.array(),
              c.at(),
              (byte[]) d.array(),
              d.at(),
              mask,
              longs);
      case short[] x ->
          Loops.addRows(
              x,
              a.at(),
              (short[]) b.array(),
              b.at(),
              (short[]) c.array(),
              c.at(),
              (short[]) d.array(),
              d.at(),
              mask,
              longs);
      case int[] x ->
          Loops.addRows(
              x,
              a.at(),
              (int[]) b.array(),
              b.at(),
              (int[]) c.array(),
              c.at(),
              (int[]) d.array(),
              d.at(),
              mask,
              longs);
      default -> throw new IllegalArgumentException(in.toString());
    }
    for (Vec row : rows) {
      if (row.nulls() != null) {
        takeBack(work, row, 1, 1, n);
      }
    }
  }

  /** The bits of a cell that count, sign bits included. */
  private long mask() {
    return in.min() < 0 ? -1L : (1L << (8 * in.bytes())) - 1;
  }

  /** Undoes what null cells have added to sums and counts. */
  private void takeBack(Work work, Vec v, int p, int r, int q) {
    extra = extra == null ? new long[n] : extra;
    int[] from = (int[]) work.arena().take(CellType.Storage.INT, PIECE);
    int[] to = r == 1 ? from : (int[]) work.arena().take(CellType.Storage.INT, PIECE);
    int cells = p * r * q;
    for (int piece = 0; piece < cells; piece += PIECE) {
      int found = Bits.list(v.nulls(), piece, Math.min(PIECE, cells - piece), from);
      if (r > 1) {
        // Result cell (i, j) of p x q sees the r cells between.
        for (int k = 0; k < found; k++) {
          to[k] = from[k] / (r * q) * q + from[k] % q;
        }
      }
      takeBack(v, from, to, found);
    }
    if (r > 1) {
      work.arena().release(to);
    }
    work.arena().release(from);
  }

  private void takeBack(Vec v, int[] from, int[] to, int found) {
    for (int k = 0; k < found; k++) {
      extra[to[k]]--;
    }
    long mask = mask();
    int at = v.at();
    switch (v.array()) {
      case byte[] a -> {
        for (int k = 0; k < found; k++) {
          longs[to[k]] -= a[at + from[k]] & mask;
        }
      }
      case short[] a -> {
        for (int k = 0; k < found; k++) {
          longs[to[k]] -= a[at + from[k]] & mask;
        }
      }
      case int[] a -> {
        for (int k = 0; k < found; k++) {
          longs[to[k]] -= a[at + from[k]] & mask;
        }
      }
      default -> throw new IllegalArgumentException(in.toString());
    }
  }

  private void addSingle(Work work, Vec v, int p, int r, int q) {
    if (v.isNull()) {
      return;
    }
    int cells = p * r * q;
    Object copy = work.arena().take(in, cells);
    Strided.fill(v, copy, 0, cells);
    plain += r;
    take(new Vec(in, copy, 0, cells, false, null, false), 0, p, r, q);
    work.arena().release(copy);
  }

  private void take(Vec v, int from, int p, int r, int q) {
    int c = in.components();
    if (q == 1) {
      for (int i = 0; i < p; i++) {
        run(v, from + i * r * c, r, i);
      }
    } else {
      for (int i = 0; i < p; i++) {
        for (int k = 0; k < r; k++) {
          row(v, from + (i * r + k) * q * c, q, i * q);
        }
      }
    }
  }

  private void uncountNulls(long[] nulls, int p, int r, int q) {
    extra = extra == null ? new long[n] : extra;
    if (p == 1 && q == 1) {
      extra[0] -= Bits.count(nulls);
      return;
    }
    int row = 0;
    int start = 0;
    int o = 0;
    for (int i = Bits.next(nulls, 0); i >= 0; i = Bits.next(nulls, i + 1)) {
      if (i - start >= q) {
        row = i / q;
        start = row * q;
        o = row / r * q;
      }
      extra[o + i - start]--;
    }
  }

  /** Null cells to a value that changes nothing. */
  private void neutralise(Object array, long[] nulls, int firstWord, int words) {
    double value =
        switch (kind) {
          case COUNT, SOME, ALL, SUM, AVERAGE, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> 0;
          case PRODUCT -> 1;
          case MINIMUM -> whole ? in.max() : Double.NaN;
          case MAXIMUM -> whole ? in.min() : Double.NaN;
        };
    long neutral = in == CellType.INT64 && kind == Kind.MINIMUM ? Long.MAX_VALUE : (long) value;
    Vec single = in.isComplex() ? Vec.single(in, value, false) : null;
    for (int w = 0; w < words; w++) {
      for (long word = nulls[firstWord + w]; word != 0; word &= word - 1) {
        int i = (w << 6) + Long.numberOfTrailingZeros(word);
        if (single != null) {
          Strided.fill(single, array, i, 1);
          continue;
        }
        switch (array) {
          case byte[] a -> a[i] = (byte) neutral;
          case short[] a -> a[i] = (short) neutral;
          case int[] a -> a[i] = (int) neutral;
          case long[] a -> a[i] = neutral;
          case float[] a -> a[i] = (float) value;
          case double[] a -> a[i] = value;
          default -> throw new IllegalArgumentException(in.toString());
        }
      }
    }
  }

  /** m adjacent cells into result cell o. */
  private void run(Vec v, int at, int m, int o) {
    if (moments != null) {
      moments.run(v, at, m, o);
    } else if (kind.isTruth()) {
      longs[o] += truths(v, at, m);
    } else if (in.isComplex()) {
      for (int i = 0; i < m; i++) {
        complex(v, at + 2 * i, o);
      }
    } else {
      switch (kind) {
        case SUM, AVERAGE -> {
          if (in == CellType.INT64) {
            long[] a = (long[]) v.array();
            for (int i = 0; i < m; i++) {
              addLong(o, a[at + i]);
            }
          } else if (whole) {
            longs[o] += sum(v, at, m);
          } else {
            floatSum(v, at, m, o);
          }
        }
        case MINIMUM, MAXIMUM -> extreme(v, at, m, o);
        case PRODUCT -> {
          for (int i = 0; i < m; i++) {
            multiply(v, at + i, o);
          }
        }
        case COUNT, SOME, ALL, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP ->
            throw new IllegalStateException();
      }
    }
  }

  /** m adjacent cells into as many result cells from o on. */
  private void row(Vec v, int at, int m, int o) {
    if (moments != null) {
      moments.row(v, at, m, o);
    } else if (kind.isTruth()) {
      truthRow(v, at, m, o);
    } else if (in.isComplex()) {
      for (int i = 0; i < m; i++) {
        complex(v, at + 2 * i, o + i);
      }
    } else {
      switch (kind) {
        case SUM, AVERAGE -> {
          if (in == CellType.INT64) {
            long[] a = (long[]) v.array();
            for (int i = 0; i < m; i++) {
              addLong(o + i, a[at + i]);
            }
          } else if (whole) {
            sumRow(v, at, m, o);
          } else {
            floatRow(v, at, m, o);
          }
        }
        case MINIMUM, MAXIMUM -> extremeRow(v, at, m, o);
        case PRODUCT -> {
          for (int i = 0; i < m; i++) {
            multiply(v, at + i, o + i);
          }
        }
        case COUNT, SOME, ALL, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP ->
            throw new IllegalStateException();
      }
    }
  }

  private static long truths(Vec v, int at, int m) {
    long found = 0;
    switch (v.type()) {
      case BOOLEAN -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < m; i++) {
          found += a[at + i];
        }
      }
      case INT8, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < m; i++) {
          found += a[at + i] != 0 ? 1 : 0;
        }
      }
      case INT16, UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < m; i++) {
          found += a[at + i] != 0 ? 1 : 0;
        }
      }
      case INT32, UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < m; i++) {
          found += a[at + i] != 0 ? 1 : 0;
        }
      }
      case INT64 -> {
        long[] a = (long[]) v.array();
        for (int i = 0; i < m; i++) {
          found += a[at + i] != 0 ? 1 : 0;
        }
      }
      case FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
    return found;
  }

  private void truthRow(Vec v, int at, int m, int o) {
    if (v.type() == CellType.BOOLEAN) {
      byte[] a = (byte[]) v.array();
      for (int i = 0; i < m; i++) {
        longs[o + i] += a[at + i];
      }
    } else {
      for (int i = 0; i < m; i++) {
        longs[o + i] += truths(v, at + i, 1);
      }
    }
  }

  private static long sum(Vec v, int at, int m) {
    long sum = 0;
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < m; i++) {
          sum += a[at + i] & 0xFFL;
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < m; i++) {
          sum += a[at + i];
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < m; i++) {
          sum += a[at + i];
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < m; i++) {
          sum += a[at + i] & 0xFFFFL;
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < m; i++) {
          sum += a[at + i];
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < m; i++) {
          sum += a[at + i] & 0xFFFFFFFFL;
        }
      }
      case INT64, FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
    return sum;
  }

  private void sumRow(Vec v, int at, int m, int o) {
    long[] r = longs;
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < m; i++) {
          r[o + i] += a[at + i] & 0xFFL;
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < m; i++) {
          r[o + i] += a[at + i];
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < m; i++) {
          r[o + i] += a[at + i];
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < m; i++) {
          r[o + i] += a[at + i] & 0xFFFFL;
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < m; i++) {
          r[o + i] += a[at + i];
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < m; i++) {
          r[o + i] += a[at + i] & 0xFFFFFFFFL;
        }
      }
      case INT64, FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
  }

  private void addLong(int o, long x) {
    long r = longs[o] + x;
    high[o] += (x >> 63) + (Long.compareUnsigned(r, x) < 0 ? 1 : 0);
    longs[o] = r;
  }

  /** Knuth's two-sum in lanes, which HotSpot vectorises. */
  private void floatSum(Vec v, int at, int m, int o) {
    if (m < 2 * LANES) {
      for (int i = 0; i < m; i++) {
        twoSum(o, element(v, at + i));
      }
      return;
    }
    double[] sum = new double[LANES];
    double[] err = new double[LANES];
    int full = m - m % LANES;
    if (v.array() instanceof float[] a) {
      for (int i = 0; i < full; i += LANES) {
        lanes(a, at + i, sum, err);
      }
    } else {
      double[] a = (double[]) v.array();
      for (int i = 0; i < full; i += LANES) {
        lanes(a, at + i, sum, err);
      }
    }
    for (int l = 0; l < LANES; l++) {
      twoSum(o, sum[l]);
      e[o] += err[l];
    }
    for (int i = full; i < m; i++) {
      twoSum(o, element(v, at + i));
    }
  }

  private static void lanes(double[] a, int at, double[] sum, double[] err) {
    for (int l = 0; l < LANES; l++) {
      double x = a[at + l];
      double old = sum[l];
      double t = old + x;
      double b = t - old;
      sum[l] = t;
      err[l] += (old - (t - b)) + (x - b);
    }
  }

  private static void lanes(float[] a, int at, double[] sum, double[] err) {
    for (int l = 0; l < LANES; l++) {
      double x = a[at + l];
      double old = sum[l];
      double t = old + x;
      double b = t - old;
      sum[l] = t;
      err[l] += (old - (t - b)) + (x - b);
    }
  }

  private void floatRow(Vec v, int at, int m, int o) {
    double[] sum = s;
    double[] err = e;
    if (v.array() instanceof float[] a) {
      for (int i = 0; i < m; i++) {
        double x = a[at + i];
        double old = sum[o + i];
        double t = old + x;
        double b = t - old;
        sum[o + i] = t;
        err[o + i] += (old - (t - b)) + (x - b);
      }
    } else {
      double[] a = (double[]) v.array();
      for (int i = 0; i < m; i++) {
        double x = a[at + i];
        double old = sum[o + i];
        double t = old + x;
        double b = t - old;
        sum[o + i] = t;
        err[o + i] += (old - (t - b)) + (x - b);
      }
    }
  }

  private void twoSum(int o, double x) {
    double old = s[o];
    double t = old + x;
    double b = t - old;
    s[o] = t;
    e[o] += (old - (t - b)) + (x - b);
  }

  private void twoSumImaginary(int o, double x) {
    double old = si[o];
    double t = old + x;
    double b = t - old;
    si[o] = t;
    ei[o] += (old - (t - b)) + (x - b);
  }

  private static double element(Vec v, int at) {
    return v.array() instanceof float[] a ? a[at] : ((double[]) v.array())[at];
  }

  private void complex(Vec v, int at, int o) {
    int cell = (at - v.at()) / 2;
    double re = v.getDouble(cell);
    double im = v.getImaginary(cell);
    if (kind == Kind.PRODUCT) {
      double[] z = ComplexMath.binary("*", s[o], si[o], re, im);
      s[o] = z[0];
      si[o] = z[1];
    } else {
      twoSum(o, re);
      twoSumImaginary(o, im);
    }
  }

  private void multiply(Vec v, int at, int o) {
    if (whole) {
      longs[o] = Loops.multiply(longs[o], v.getLong(at - v.at()));
    } else {
      multiply(o, element(v, at), 0);
    }
  }

  /** The product so far times (x + dx), with its rounding error. */
  private void multiply(int o, double x, double dx) {
    double p = s[o] * x;
    double err = Math.fma(s[o], x, -p) + s[o] * dx + e[o] * x;
    s[o] = p;
    e[o] = Double.isNaN(err) ? 0 : err;
  }

  private void extreme(Vec v, int at, int m, int o) {
    boolean min = kind == Kind.MINIMUM;
    if (whole) {
      longs[o] = min ? Loops.least(v, at, m, longs[o]) : Loops.greatest(v, at, m, longs[o]);
    } else {
      double best = s[o];
      for (int i = 0; i < m; i++) {
        double x = element(v, at + i);
        best = (min ? x < best : x > best) || Double.isNaN(best) ? x : best;
      }
      s[o] = best;
    }
  }

  private void extremeRow(Vec v, int at, int m, int o) {
    boolean min = kind == Kind.MINIMUM;
    if (whole && min) {
      Loops.leastRow(v, at, m, longs, o);
    } else if (whole) {
      Loops.greatestRow(v, at, m, longs, o);
    } else {
      for (int i = 0; i < m; i++) {
        double x = element(v, at + i);
        double best = s[o + i];
        s[o + i] = (min ? x < best : x > best) || Double.isNaN(best) ? x : best;
      }
    }
  }

  /**
   * Takes up a whole tile by its statistics.
   *
   * @return false if they do not say enough
   */
  boolean add(BandStatistics t) {
    if (n != 1 || in.isComplex()) {
      return false;
    }
    switch (kind) {
      case SUM, AVERAGE -> {
        if (whole && !t.sumIsExact()) {
          return false;
        }
        if (in == CellType.INT64) {
          addLong(0, t.exactSum());
        } else if (whole) {
          longs[0] += t.exactSum();
        } else {
          twoSum(0, t.nans() > 0 ? Double.NaN : t.sum());
        }
      }
      case MINIMUM, MAXIMUM -> {
        double x = kind == Kind.MINIMUM ? t.min() : t.max();
        if (whole && t.count() > 0) {
          if (Math.abs(x) > 1L << 53) {
            return false;
          }
          longs[0] =
              kind == Kind.MINIMUM ? Math.min(longs[0], (long) x) : Math.max(longs[0], (long) x);
        } else if (!whole && !Double.isNaN(x)) {
          boolean better = kind == Kind.MINIMUM ? x < s[0] : x > s[0];
          s[0] = better || Double.isNaN(s[0]) ? x : s[0];
        }
      }
      case COUNT, SOME, ALL -> {
        if (in == CellType.BOOLEAN && t.sumIsExact()) {
          longs[0] += t.exactSum();
        } else if (t.min() > 0 || t.max() < 0) {
          longs[0] += t.count();
        } else if (t.count() > 0 && !(t.min() == 0 && t.max() == 0)) {
          return false;
        }
      }
      case PRODUCT, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> {
        return false;
      }
    }
    extra = extra == null ? new long[n] : extra;
    extra[0] += t.count();
    return true;
  }

  /** Takes up cells that are all true or all false (not null). */
  void addTruths(long count, boolean truth) {
    extra = extra == null ? new long[n] : extra;
    extra[0] += count;
    longs[0] += truth ? count : 0;
  }

  /** Takes up one value (0, or a truth) that many cells have. */
  void addEqual(Vec value, long cells) {
    extra = extra == null ? new long[n] : extra;
    extra[0] += cells;
    if (kind.isTruth()) {
      longs[0] += value.getLong(0) != 0 ? cells : 0;
    } else {
      switch (kind) {
        case MINIMUM, MAXIMUM -> extreme(value, 0, 1, 0);
        case PRODUCT -> multiply(value, 0, 0);
        case SUM, AVERAGE, COUNT, SOME, ALL, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> {}
      }
    }
  }

  /** Takes up what another one saw, after what this one did. */
  void merge(Accumulator o) {
    plain += o.plain;
    if (o.extra != null) {
      extra = extra == null ? new long[n] : extra;
      for (int i = 0; i < n; i++) {
        extra[i] += o.extra[i];
      }
    }
    if (moments != null) {
      moments.merge(o.moments);
      return;
    }
    for (int i = 0; i < n; i++) {
      if (longs != null) {
        switch (kind) {
          case COUNT, SOME, ALL -> longs[i] += o.longs[i];
          case SUM, AVERAGE -> {
            if (high == null) {
              longs[i] += o.longs[i];
            } else {
              long r = longs[i] + o.longs[i];
              high[i] += o.high[i] + (Long.compareUnsigned(r, o.longs[i]) < 0 ? 1 : 0);
              longs[i] = r;
            }
          }
          case PRODUCT -> longs[i] = Loops.multiply(longs[i], o.longs[i]);
          case MINIMUM -> longs[i] = Math.min(longs[i], o.longs[i]);
          case MAXIMUM -> longs[i] = Math.max(longs[i], o.longs[i]);
          case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> {}
        }
        continue;
      }
      switch (kind) {
        case SUM, AVERAGE -> {
          twoSum(i, o.s[i]);
          e[i] += o.e[i];
          if (si != null) {
            twoSumImaginary(i, o.si[i]);
            ei[i] += o.ei[i];
          }
        }
        case PRODUCT -> {
          if (si != null) {
            double[] z = ComplexMath.binary("*", s[i], si[i], o.s[i], o.si[i]);
            s[i] = z[0];
            si[i] = z[1];
          } else {
            multiply(i, o.s[i], o.e[i]);
          }
        }
        case MINIMUM -> s[i] = o.s[i] < s[i] || Double.isNaN(s[i]) ? o.s[i] : s[i];
        case MAXIMUM -> s[i] = o.s[i] > s[i] || Double.isNaN(s[i]) ? o.s[i] : s[i];
        case COUNT, SOME, ALL, VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP -> {}
      }
    }
  }

  private long seen(int i) {
    return plain + (extra == null ? 0 : extra[i]);
  }

  /** Whether each result cell has seen a cell that is not null. */
  private boolean allSeen() {
    long least = 0;
    for (int i = 0; extra != null && i < n; i++) {
      least = Math.min(least, extra[i]);
    }
    return plain + least > 0;
  }

  /** The results. */
  Vec result(Band out) {
    CellType t = out.type();
    Object array = Arena.allocate(t.storage(), n * t.components());
    if (isPlainSum() && allSeen()) {
      if (array instanceof long[] sums) {
        System.arraycopy(longs, 0, sums, 0, n);
      } else {
        double[] averages = (double[]) array;
        for (int i = 0; i < n; i++) {
          averages[i] = longs[i] / (double) seen(i);
        }
      }
      return Vec.of(t, array, n, null);
    }
    long[] nulls = Bits.none(n);
    Vec nothing = Kernel.outside(out);
    for (int i = 0; i < n; i++) {
      long seen = seen(i);
      if (seen == 0 && !kind.isTruth()) {
        Strided.fill(nothing, array, i, 1);
        if (nothing.isNull()) {
          nulls[i >> 6] |= 1L << i;
        }
        continue;
      }
      switch (kind) {
        case COUNT -> ((long[]) array)[i] = longs[i];
        case SOME -> ((byte[]) array)[i] = (byte) (longs[i] > 0 ? 1 : 0);
        case ALL -> ((byte[]) array)[i] = (byte) (longs[i] == seen ? 1 : 0);
        case SUM, PRODUCT -> {
          if (whole) {
            ((long[]) array)[i] = high == null ? longs[i] : saturated(i);
          } else if (t.isComplex()) {
            Kernel.putComplex(t, array, i, total(s[i], e[i]), total(si[i], ei[i]));
          } else {
            Narrowing.put(t, array, i, total(s[i], e[i]));
          }
        }
        case AVERAGE -> {
          if (whole) {
            double sum = high == null ? longs[i] : exact(i).doubleValue();
            Narrowing.put(t, array, i, sum / seen);
          } else if (t.isComplex()) {
            Kernel.putComplex(t, array, i, total(s[i], e[i]) / seen, total(si[i], ei[i]) / seen);
          } else {
            Narrowing.put(t, array, i, total(s[i], e[i]) / seen);
          }
        }
        case VAR_POP, STDDEV_POP -> moment(array, nulls, nothing, i, seen, seen);
        case VAR_SAMP, STDDEV_SAMP -> moment(array, nulls, nothing, i, seen, seen - 1);
        case MINIMUM, MAXIMUM -> {
          if (t == CellType.INT64) {
            ((long[]) array)[i] = longs[i];
          } else {
            Narrowing.put(t, array, i, whole ? longs[i] : s[i]);
          }
        }
      }
    }
    return Vec.of(t, array, n, Bits.orNull(nulls));
  }

  private void moment(Object array, long[] nulls, Vec nothing, int i, long seen, long divisor) {
    double[] out = (double[]) array;
    if (divisor == 0 && nothing.isNull()) {
      Strided.fill(nothing, array, i, 1);
      nulls[i >> 6] |= 1L << i;
      return;
    }
    double v = divisor == 0 ? Double.NaN : moments.variance(i, seen, divisor);
    out[i] = kind == Kind.STDDEV_POP || kind == Kind.STDDEV_SAMP ? Math.sqrt(v) : v;
  }

  private static double total(double s, double e) {
    return Double.isFinite(s) ? s + e : s;
  }

  private BigInteger exact(int i) {
    return BigInteger.valueOf(high[i])
        .shiftLeft(64)
        .add(new BigInteger(Long.toUnsignedString(longs[i])));
  }

  private long saturated(int i) {
    return high[i] == longs[i] >> 63 ? longs[i] : high[i] < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }
}
