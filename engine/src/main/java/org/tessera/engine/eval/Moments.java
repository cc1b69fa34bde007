package org.tessera.engine.eval;

import java.math.BigInteger;
import org.tessera.engine.array.CellType;

/**
 * Sums and sums of squares of n series of real cells, for variances. Of integers both are exact, so
 * that nothing is lost however close together the values are; of floats they carry their rounding
 * errors along (about 32 digits), which leaves the variance right to the last bits unless the mean
 * is more than 10<sup>8</sup> standard deviations away from 0.
 */
final class Moments {
  private static final int LANES = 64;

  private final CellType in;
  private final int n;

  /** Sums of integers, 128 bits; {@code high} only for INT64. */
  private final long[] sum;

  private final long[] high;

  /** Sums of their squares, unsigned, 192 bits; the uppermost word only for INT64. */
  private final long[] square;

  private final long[] squareHigh;
  private final long[] squareTop;

  /** Sums of floats and of their squares, each with its error. */
  private final double[] s;

  private final double[] e;
  private final double[] q;
  private final double[] d;

  Moments(CellType in, int n) {
    this.in = in;
    this.n = n;
    boolean whole = Kernel.whole(in);
    sum = whole ? new long[n] : null;
    square = whole ? new long[n] : null;
    high = in == CellType.INT64 ? new long[n] : null;
    squareHigh = whole ? new long[n] : null;
    squareTop = in == CellType.INT64 ? new long[n] : null;
    s = whole ? null : new double[n];
    e = whole ? null : new double[n];
    q = whole ? null : new double[n];
    d = whole ? null : new double[n];
  }

  /** m adjacent cells into series o. */
  void run(Vec v, int at, int m, int o) {
    switch (in) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        long sum = 0;
        long square = 0;
        for (int i = 0; i < m; i++) {
          long x = a[at + i] & 0xFFL;
          sum += x;
          square += x * x;
        }
        addNarrow(o, sum, square);
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        long sum = 0;
        long square = 0;
        for (int i = 0; i < m; i++) {
          long x = a[at + i];
          sum += x;
          square += x * x;
        }
        addNarrow(o, sum, square);
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        long sum = 0;
        long square = 0;
        for (int i = 0; i < m; i++) {
          long x = a[at + i];
          sum += x;
          square += x * x;
        }
        addNarrow(o, sum, square);
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        long sum = 0;
        long square = 0;
        for (int i = 0; i < m; i++) {
          long x = a[at + i] & 0xFFFFL;
          sum += x;
          square += x * x;
        }
        addNarrow(o, sum, square);
      }
      case INT32, UINT32, INT64 -> {
        int cell = at - v.at();
        for (int i = 0; i < m; i++) {
          addWide(o, v.getLong(cell + i));
        }
      }
      case FLOAT32, FLOAT64 -> floats(v, at, m, o);
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(in.toString());
    }
  }

  /** m adjacent cells into as many series from o on. */
  void row(Vec v, int at, int m, int o) {
    if (sum == null) {
      for (int i = 0; i < m; i++) {
        add(o + i, v.array() instanceof float[] a ? a[at + i] : ((double[]) v.array())[at + i]);
      }
    } else if (in == CellType.INT16) {
      short[] a = (short[]) v.array();
      for (int i = 0; i < m; i++) {
        long x = a[at + i];
        sum[o + i] += x;
        square[o + i] += x * x;
      }
    } else {
      int cell = at - v.at();
      for (int i = 0; i < m; i++) {
        addWide(o + i, v.getLong(cell + i));
      }
    }
  }

  /** Of cells of at most 16 bits: the squares of a block fit 63 bits. */
  private void addNarrow(int o, long x, long xx) {
    sum[o] += x;
    addSquare(o, xx, 0, 0);
  }

  private void addWide(int o, long x) {
    addSum(o, x, x >> 63);
    addSquare(o, x * x, Math.multiplyHigh(x, x), 0);
  }

  private void addSum(int o, long x, long up) {
    long r = sum[o] + x;
    if (high != null) {
      high[o] += up + (Long.compareUnsigned(r, x) < 0 ? 1 : 0);
    }
    sum[o] = r;
  }

  private void addSquare(int o, long low, long middle, long top) {
    long r = square[o] + low;
    long carry = Long.compareUnsigned(r, low) < 0 ? 1 : 0;
    square[o] = r;
    long h = squareHigh[o] + middle;
    long over = Long.compareUnsigned(h, middle) < 0 ? 1 : 0;
    h += carry;
    over += carry == 1 && h == 0 ? 1 : 0;
    squareHigh[o] = h;
    if (squareTop != null) {
      squareTop[o] += top + over;
    }
  }

  private void floats(Vec v, int at, int m, int o) {
    int full = m < 2 * LANES ? 0 : m - m % LANES;
    if (full > 0) {
      double[] x = new double[LANES];
      double[] ls = new double[LANES];
      double[] le = new double[LANES];
      double[] lq = new double[LANES];
      double[] ld = new double[LANES];
      for (int i = 0; i < full; i += LANES) {
        if (v.array() instanceof float[] a) {
          for (int l = 0; l < LANES; l++) {
            x[l] = a[at + i + l];
          }
        } else {
          System.arraycopy(v.array(), at + i, x, 0, LANES);
        }
        for (int l = 0; l < LANES; l++) {
          double y = x[l];
          double p = y * y;
          double old = ls[l];
          double t = old + y;
          double b = t - old;
          ls[l] = t;
          le[l] += (old - (t - b)) + (y - b);
          double was = lq[l];
          double u = was + p;
          double c = u - was;
          lq[l] = u;
          ld[l] += (was - (u - c)) + (p - c) + Math.fma(y, y, -p);
        }
      }
      for (int l = 0; l < LANES; l++) {
        join(o, ls[l], le[l], lq[l], ld[l]);
      }
    }
    for (int i = full; i < m; i++) {
      add(o, v.array() instanceof float[] a ? a[at + i] : ((double[]) v.array())[at + i]);
    }
  }

  private void add(int o, double x) {
    double p = x * x;
    join(o, x, 0, p, Math.fma(x, x, -p));
  }

  private void join(int o, double x, double dx, double p, double dp) {
    double old = s[o];
    double t = old + x;
    double b = t - old;
    s[o] = t;
    e[o] += (old - (t - b)) + (x - b) + dx;
    double was = q[o];
    double u = was + p;
    double c = u - was;
    q[o] = u;
    d[o] += (was - (u - c)) + (p - c) + dp;
  }

  void merge(Moments o) {
    for (int i = 0; i < n; i++) {
      if (sum == null) {
        join(i, o.s[i], o.e[i], o.q[i], o.d[i]);
      } else {
        addSum(i, o.sum[i], o.high == null ? 0 : o.high[i]);
        addSquare(i, o.square[i], o.squareHigh[i], o.squareTop == null ? 0 : o.squareTop[i]);
      }
    }
  }

  /** The sum of squared distances from the mean of a series, divided. */
  double variance(int i, long seen, long divisor) {
    if (sum == null) {
      return Math.max(0, scatter(i, seen)) / divisor;
    }
    boolean narrow = squareHigh[i] == 0 && high == null && square[i] >= 0;
    double scaled = narrow ? narrow(sum[i], square[i], seen) : wide(i, seen);
    return scaled / ((double) seen * divisor);
  }

  /** seen x square - sum^2, exact before it is rounded. */
  private static double narrow(long sum, long square, long seen) {
    long low = seen * square;
    long minus = sum * sum;
    long r = low - minus;
    long borrow = Long.compareUnsigned(low, minus) < 0 ? 1 : 0;
    long up = Math.multiplyHigh(seen, square) - Math.multiplyHigh(sum, sum) - borrow;
    return up == 0 && r >= 0 ? (double) r : up * 0x1p64 + unsigned(r);
  }

  private static double unsigned(long x) {
    return x >= 0 ? (double) x : (x >>> 1) * 2.0 + (x & 1);
  }

  private double wide(int i, long seen) {
    BigInteger s = BigInteger.valueOf(sum[i]);
    if (high != null) {
      s = BigInteger.valueOf(high[i]).shiftLeft(64).add(word(sum[i]));
    }
    BigInteger squares = word(square[i]).add(word(squareHigh[i]).shiftLeft(64));
    if (squareTop != null) {
      squares = squares.add(word(squareTop[i]).shiftLeft(128));
    }
    return squares.multiply(BigInteger.valueOf(seen)).subtract(s.multiply(s)).doubleValue();
  }

  private static BigInteger word(long unsigned) {
    return new BigInteger(Long.toUnsignedString(unsigned));
  }

  /** The sum of squared distances from the mean, in numbers of twice the length. */
  private double scatter(int i, long seen) {
    if (!Double.isFinite(s[i]) || !Double.isFinite(q[i])) {
      return Double.isFinite(s[i]) ? q[i] : Double.NaN;
    }
    double a = s[i] + e[i];
    double da = s[i] - a + e[i];
    double p = a * a;
    double dp = Math.fma(a, a, -p) + 2 * a * da;
    double m = p / seen;
    double dm = (Math.fma(-m, (double) seen, p) + dp) / seen;
    double old = q[i];
    double t = old - m;
    double b = t - old;
    return t + ((old - (t - b)) + (-m - b) + d[i] - dm);
  }
}
