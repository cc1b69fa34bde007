package org.tessera.engine.eval;

import org.tessera.engine.array.CellType;

/**
 * Cells of any real type as int, long, float or double, by Java's conversions (float to integer:
 * truncated and saturated). One loop a pair of types, so that each is vectorised.
 */
final class Widening {
  private Widening() {}

  static void toInts(CellType from, Object array, int at, int[] out, int n) {
    switch (from) {
      case INT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFF);
        }
      }
      case INT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case UINT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFFFF);
        }
      }
      case INT32 -> System.arraycopy(array, at, out, 0, n);
      case UINT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) (a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) a[at + i];
        }
      }
      case FLOAT32 -> {
        float[] a = (float[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) a[at + i];
        }
      }
      case FLOAT64 -> {
        double[] a = (double[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (int) a[at + i];
        }
      }
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(from + " cells");
    }
  }

  static void toLongs(CellType from, Object array, int at, long[] out, int n) {
    switch (from) {
      case INT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFF);
        }
      }
      case INT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case UINT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFFFF);
        }
      }
      case INT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case UINT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> System.arraycopy(array, at, out, 0, n);
      case FLOAT32 -> {
        float[] a = (float[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (long) a[at + i];
        }
      }
      case FLOAT64 -> {
        double[] a = (double[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (long) a[at + i];
        }
      }
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(from + " cells");
    }
  }

  static void toFloats(CellType from, Object array, int at, float[] out, int n) {
    switch (from) {
      case INT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[at + i];
        }
      }
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) (a[at + i] & 0xFF);
        }
      }
      case INT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[at + i];
        }
      }
      case UINT16 -> {
        // Two loops: HotSpot vectorises short to float, but not with the mask in between.
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
        for (int i = 0; i < n; i++) {
          out[i] = (float) ((int) out[i] & 0xFFFF);
        }
      }
      case INT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[at + i];
        }
      }
      case UINT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) (a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[at + i];
        }
      }
      case FLOAT32 -> System.arraycopy(array, at, out, 0, n);
      case FLOAT64 -> {
        double[] a = (double[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (float) a[at + i];
        }
      }
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(from + " cells");
    }
  }

  static void toDoubles(CellType from, Object array, int at, double[] out, int n) {
    switch (from) {
      case INT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFF);
        }
      }
      case INT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case UINT16 -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (a[at + i] & 0xFFFF);
        }
      }
      case INT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case UINT32 -> {
        int[] a = (int[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (double) (a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = (double) a[at + i];
        }
      }
      case FLOAT32 -> {
        float[] a = (float[]) array;
        for (int i = 0; i < n; i++) {
          out[i] = a[at + i];
        }
      }
      case FLOAT64 -> System.arraycopy(array, at, out, 0, n);
      case CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(from + " cells");
    }
  }
}
