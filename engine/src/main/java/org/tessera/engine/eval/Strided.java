package org.tessera.engine.eval;

import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/** Copies of n-dimensional regions between arrays; strides are in cells. */
final class Strided {
  private Strided() {}

  /** Row-major strides of a box, in cells. */
  static int[] strides(GridEnvelope box) {
    int[] s = new int[box.dimension()];
    int stride = 1;
    for (int i = s.length - 1; i >= 0; i--) {
      s[i] = stride;
      stride = Math.multiplyExact(stride, Math.toIntExact(box.size(i)));
    }
    return s;
  }

  static int[] sizes(GridEnvelope box) {
    int[] s = new int[box.dimension()];
    for (int i = 0; i < s.length; i++) {
      s[i] = Math.toIntExact(box.size(i));
    }
    return s;
  }

  /**
   * Copies the cells of {@code part} (in both boxes) and their null bits from one block to another.
   *
   * @param to null to copy the null bits alone
   * @param toNulls cleared where the source is not null; may be null when the source has none
   */
  static void paste(
      Vec from,
      GridEnvelope fromBox,
      Object to,
      long[] toNulls,
      GridEnvelope toBox,
      GridEnvelope part) {
    if (from.single()) {
      copy(
          from,
          0,
          new int[part.dimension()],
          to,
          toNulls,
          (int) toBox.offset(part.low()),
          strides(toBox),
          sizes(part));
    } else {
      copy(
          from,
          (int) fromBox.offset(part.low()),
          strides(fromBox),
          to,
          toNulls,
          (int) toBox.offset(part.low()),
          strides(toBox),
          sizes(part));
    }
  }

  /** Copies cell by cell along strides, axes merged where that can be. */
  static void copy(
      Vec from,
      int fromAt,
      int[] fromStride,
      Object to,
      long[] toNulls,
      int toAt,
      int[] toStride,
      int[] size) {
    int dim = 0;
    int[] n = new int[size.length + 1];
    int[] fs = new int[size.length + 1];
    int[] ts = new int[size.length + 1];
    for (int i = 0; i < size.length; i++) {
      if (size[i] == 1) {
        continue;
      }
      if (dim > 0
          && fs[dim - 1] == fromStride[i] * size[i]
          && ts[dim - 1] == toStride[i] * size[i]) {
        n[dim - 1] *= size[i];
        fs[dim - 1] = fromStride[i];
        ts[dim - 1] = toStride[i];
      } else {
        n[dim] = size[i];
        fs[dim] = fromStride[i];
        ts[dim] = toStride[i];
        dim++;
      }
    }
    if (dim == 0) {
      n[0] = 1;
      dim = 1;
    }
    int c = from.type().components();
    int inner = dim - 1;
    int[] at = new int[inner];
    int f = fromAt;
    int t = toAt;
    while (true) {
      if (to != null) {
        run(
            from.type(),
            from.array(),
            from.at() + f * c,
            fs[inner],
            to,
            t * c,
            ts[inner],
            n[inner]);
      }
      if (toNulls != null) {
        nullRun(from, f, fs[inner], toNulls, t, ts[inner], n[inner]);
      }
      int axis = inner - 1;
      while (axis >= 0) {
        f += fs[axis];
        t += ts[axis];
        if (++at[axis] < n[axis]) {
          break;
        }
        f -= fs[axis] * n[axis];
        t -= ts[axis] * n[axis];
        at[axis] = 0;
        axis--;
      }
      if (axis < 0) {
        return;
      }
    }
  }

  private static void nullRun(Vec from, int f, int fs, long[] toNulls, int t, int ts, int n) {
    long[] bits = from.nulls();
    if (bits == null) {
      if (ts == 1) {
        clear(toNulls, t, n);
      } else {
        for (int i = 0; i < n; i++) {
          clear(toNulls, t + i * ts, 1);
        }
      }
    } else if (fs == 1 && ts == 1) {
      Bits.copy(bits, f, toNulls, t, n);
    } else {
      for (int i = 0; i < n; i++) {
        int k = t + i * ts;
        if (Bits.get(bits, f + i * fs)) {
          toNulls[k >> 6] |= 1L << k;
        } else {
          toNulls[k >> 6] &= ~(1L << k);
        }
      }
    }
  }

  private static void clear(long[] bits, int at, int n) {
    for (int i = at; i < at + n; ) {
      if ((i & 63) == 0 && at + n - i >= 64) {
        bits[i >> 6] = 0;
        i += 64;
      } else {
        bits[i >> 6] &= ~(1L << i);
        i++;
      }
    }
  }

  /** One run; {@code f} and {@code t} are elements, strides cells. */
  private static void run(
      CellType type, Object from, int f, int fs, Object to, int t, int ts, int n) {
    int c = type.components();
    if (fs == 1 && ts == 1) {
      System.arraycopy(from, f, to, t, n * c);
      return;
    }
    for (int k = 0; k < c; k++) {
      int a = f + k;
      int b = t + k;
      int p = fs * c;
      int q = ts * c;
      switch (type.storage()) {
        case BYTE -> {
          byte[] x = (byte[]) from;
          byte[] y = (byte[]) to;
          if (p == 0 && q == 1) {
            java.util.Arrays.fill(y, b, b + n, x[a]);
          } else {
            for (int i = 0; i < n; i++) {
              y[b + i * q] = x[a + i * p];
            }
          }
        }
        case SHORT -> {
          short[] x = (short[]) from;
          short[] y = (short[]) to;
          if (p == 0 && q == 1) {
            java.util.Arrays.fill(y, b, b + n, x[a]);
          } else {
            for (int i = 0; i < n; i++) {
              y[b + i * q] = x[a + i * p];
            }
          }
        }
        case INT -> {
          int[] x = (int[]) from;
          int[] y = (int[]) to;
          if (p == 0 && q == 1) {
            java.util.Arrays.fill(y, b, b + n, x[a]);
          } else {
            for (int i = 0; i < n; i++) {
              y[b + i * q] = x[a + i * p];
            }
          }
        }
        case LONG -> {
          long[] x = (long[]) from;
          long[] y = (long[]) to;
          if (p == 0 && q == 1) {
            java.util.Arrays.fill(y, b, b + n, x[a]);
          } else {
            for (int i = 0; i < n; i++) {
              y[b + i * q] = x[a + i * p];
            }
          }
        }
        case FLOAT -> {
          float[] x = (float[]) from;
          float[] y = (float[]) to;
          if (p == 0 && q == 1) {
            java.util.Arrays.fill(y, b, b + n, x[a]);
          } else {
            for (int i = 0; i < n; i++) {
              y[b + i * q] = x[a + i * p];
            }
          }
        }
        case DOUBLE -> {
          double[] x = (double[]) from;
          double[] y = (double[]) to;
          if (p == 0 && q == 1) {
            java.util.Arrays.fill(y, b, b + n, x[a]);
          } else {
            for (int i = 0; i < n; i++) {
              y[b + i * q] = x[a + i * p];
            }
          }
        }
      }
    }
  }

  /** n cells of one value into an array. */
  static void fill(Vec single, Object to, int at, int n) {
    run(single.type(), single.array(), single.at(), 0, to, at * single.type().components(), 1, n);
  }
}
