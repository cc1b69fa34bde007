package org.tessera.engine.eval;

import org.tessera.engine.array.CellType;

/**
 * Ints, longs, floats or doubles as cells of a real type: truncated towards zero, saturated at the
 * bounds, NaN as 0; to BOOLEAN everything but 0 is 1.
 */
final class Narrowing {
  private Narrowing() {}

  /** Changes the ints on the way. */
  static void fromInts(int[] a, CellType to, Object array, int n) {
    switch (to) {
      case BOOLEAN -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) (a[i] != 0 ? 1 : 0);
        }
      }
      case INT8 -> {
        clamp(a, Byte.MIN_VALUE, Byte.MAX_VALUE, n);
        fitting(a, to, array, n);
      }
      case UINT8 -> {
        clamp(a, 0, 0xFF, n);
        fitting(a, to, array, n);
      }
      case INT16 -> {
        clamp(a, Short.MIN_VALUE, Short.MAX_VALUE, n);
        fitting(a, to, array, n);
      }
      case UINT16 -> {
        clamp(a, 0, 0xFFFF, n);
        fitting(a, to, array, n);
      }
      case INT32 -> System.arraycopy(a, 0, ((int[]) array), 0, n);
      case UINT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = Math.max(0, a[i]);
        }
      }
      case INT64 -> {
        long[] out = (long[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[i];
        }
      }
      case FLOAT32 -> {
        float[] out = (float[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[i];
        }
      }
      case FLOAT64 -> {
        double[] out = (double[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[i];
        }
      }
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(to + " cells");
    }
  }

  static void fromLongs(long[] a, CellType to, Object array, int n) {
    switch (to) {
      case BOOLEAN -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) (a[i] != 0 ? 1 : 0);
        }
      }
      case INT8 -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, a[i]));
        }
      }
      case UINT8 -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) Math.max(0, Math.min(0xFF, a[i]));
        }
      }
      case INT16 -> {
        short[] out = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, a[i]));
        }
      }
      case UINT16 -> {
        short[] out = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (short) Math.max(0, Math.min(0xFFFF, a[i]));
        }
      }
      case INT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, a[i]));
        }
      }
      case UINT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) Math.max(0, Math.min(0xFFFFFFFFL, a[i]));
        }
      }
      case INT64 -> System.arraycopy(a, 0, ((long[]) array), 0, n);
      case FLOAT32 -> {
        float[] out = (float[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[i];
        }
      }
      case FLOAT64 -> {
        double[] out = (double[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (double) a[i];
        }
      }
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(to + " cells");
    }
  }

  static void fromFloats(float[] a, CellType to, Object array, int n) {
    switch (to) {
      case BOOLEAN -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) (a[i] != 0 ? 1 : 0);
        }
      }
      case INT8, UINT8, INT16, UINT16 -> {
        int[] whole = new int[n];
        for (int i = 0; i < n; i++) {
          whole[i] = (int) a[i];
        }
        fromInts(whole, to, array, n);
      }
      case INT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) a[i];
        }
      }
      case UINT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) Math.max(0, Math.min(0xFFFFFFFFL, (long) a[i]));
        }
      }
      case INT64 -> {
        long[] out = (long[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (long) a[i];
        }
      }
      case FLOAT32 -> System.arraycopy(a, 0, ((float[]) array), 0, n);
      case FLOAT64 -> {
        double[] out = (double[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[i];
        }
      }
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(to + " cells");
    }
  }

  static void fromDoubles(double[] a, CellType to, Object array, int n) {
    switch (to) {
      case BOOLEAN -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) (a[i] != 0 ? 1 : 0);
        }
      }
      case INT8, UINT8, INT16, UINT16 -> {
        int[] whole = new int[n];
        for (int i = 0; i < n; i++) {
          whole[i] = (int) a[i];
        }
        fromInts(whole, to, array, n);
      }
      case INT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) a[i];
        }
      }
      case UINT32 -> {
        int[] out = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) Math.max(0, Math.min(0xFFFFFFFFL, (long) a[i]));
        }
      }
      case INT64 -> {
        long[] out = (long[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (long) a[i];
        }
      }
      case FLOAT32 -> {
        float[] out = (float[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[i];
        }
      }
      case FLOAT64 -> System.arraycopy(a, 0, ((double[]) array), 0, n);
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(to + " cells");
    }
  }

  /** A loop of its own: together with the narrowing HotSpot does not vectorise it. */
  private static void clamp(int[] a, int low, int high, int n) {
    for (int i = 0; i < n; i++) {
      a[i] = Math.max(low, Math.min(high, a[i]));
    }
  }

  /** Ints that are known to fit, without the test. */
  static void fitting(int[] a, CellType to, Object array, int n) {
    switch (to.storage()) {
      case BYTE -> {
        byte[] out = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (byte) a[i];
        }
      }
      case SHORT -> {
        short[] out = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (short) a[i];
        }
      }
      case INT -> System.arraycopy(a, 0, (int[]) array, 0, n);
      case LONG, FLOAT, DOUBLE -> fromInts(a, to, array, n);
    }
  }

  /** One value, converted, as element (of a complex type: as real part, the imaginary one 0). */
  static void put(CellType to, Object array, int cell, double value) {
    switch (to) {
      case CINT16 -> {
        ((short[]) array)[2 * cell] =
            (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, (int) value));
        ((short[]) array)[2 * cell + 1] = 0;
      }
      case CINT32 -> {
        ((int[]) array)[2 * cell] = (int) value;
        ((int[]) array)[2 * cell + 1] = 0;
      }
      case COMPLEX64 -> {
        ((float[]) array)[2 * cell] = (float) value;
        ((float[]) array)[2 * cell + 1] = 0;
      }
      case COMPLEX128 -> {
        ((double[]) array)[2 * cell] = value;
        ((double[]) array)[2 * cell + 1] = 0;
      }
      case BOOLEAN -> ((byte[]) array)[cell] = (byte) (value != 0 ? 1 : 0);
      case INT8, UINT8 ->
          ((byte[]) array)[cell] = (byte) Math.max(to.min(), Math.min(to.max(), (int) value));
      case INT16, UINT16 ->
          ((short[]) array)[cell] = (short) Math.max(to.min(), Math.min(to.max(), (int) value));
      case INT32, UINT32 ->
          ((int[]) array)[cell] = (int) Math.max(to.min(), Math.min(to.max(), (long) value));
      case INT64 -> ((long[]) array)[cell] = (long) value;
      case FLOAT32 -> ((float[]) array)[cell] = (float) value;
      case FLOAT64 -> ((double[]) array)[cell] = value;
    }
  }
}
