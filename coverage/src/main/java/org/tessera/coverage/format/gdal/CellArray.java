package org.tessera.coverage.format.gdal;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import org.tessera.engine.array.Cells;

/**
 * Cells of one band or array, row-major, in a primitive array: {@code byte[]} (8 bits), {@code
 * short[]} (16), {@code int[]} (32), {@code long[]} (64), {@code float[]}, {@code double[]}.
 * Unsigned types keep their bits; complex ones have two elements a cell, real part first.
 *
 * @param values the array itself, not a copy
 */
public record CellArray(GdalType type, Object values) {

  public CellArray {
    if (values.getClass() != arrayClass(type)) {
      throw new IllegalArgumentException(
          type + " cells do not lie in a " + values.getClass().getSimpleName());
    }
  }

  /**
   * Zeroes.
   *
   * @throws IllegalArgumentException for more cells than an array can hold
   */
  public static CellArray allocate(GdalType type, long cells) {
    long elements = type.isComplex() ? Math.multiplyExact(cells, 2) : cells;
    if (elements < 0 || elements > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          cells + " cells of " + type + " do not fit into one array");
    }
    int size = (int) elements;
    return new CellArray(
        type,
        switch (type) {
          case UINT8, INT8 -> new byte[size];
          case UINT16, INT16, CINT16 -> new short[size];
          case UINT32, INT32, CINT32 -> new int[size];
          case UINT64, INT64 -> new long[size];
          case FLOAT32, CFLOAT32 -> new float[size];
          case FLOAT64, CFLOAT64 -> new double[size];
        });
  }

  private static Class<?> arrayClass(GdalType type) {
    return switch (type) {
      case UINT8, INT8 -> byte[].class;
      case UINT16, INT16, CINT16 -> short[].class;
      case UINT32, INT32, CINT32 -> int[].class;
      case UINT64, INT64 -> long[].class;
      case FLOAT32, CFLOAT32 -> float[].class;
      case FLOAT64, CFLOAT64 -> double[].class;
    };
  }

  private static ValueLayout layout(GdalType type) {
    return switch (type) {
      case UINT8, INT8 -> ValueLayout.JAVA_BYTE;
      case UINT16, INT16, CINT16 -> ValueLayout.JAVA_SHORT_UNALIGNED;
      case UINT32, INT32, CINT32 -> ValueLayout.JAVA_INT_UNALIGNED;
      case UINT64, INT64 -> ValueLayout.JAVA_LONG_UNALIGNED;
      case FLOAT32, CFLOAT32 -> ValueLayout.JAVA_FLOAT_UNALIGNED;
      case FLOAT64, CFLOAT64 -> ValueLayout.JAVA_DOUBLE_UNALIGNED;
    };
  }

  /** The number of cells. */
  public int length() {
    int elements = Array.getLength(values);
    return type.isComplex() ? elements / 2 : elements;
  }

  /**
   * A cell as a number: unsigned types as such, the real part of complex ones; 64-bit integers lose
   * what a double cannot hold.
   */
  public double number(int cell) {
    return switch (type) {
      case UINT8 -> ((byte[]) values)[cell] & 0xff;
      case INT8 -> ((byte[]) values)[cell];
      case UINT16 -> ((short[]) values)[cell] & 0xffff;
      case INT16 -> ((short[]) values)[cell];
      case UINT32 -> ((int[]) values)[cell] & 0xffffffffL;
      case INT32 -> ((int[]) values)[cell];
      case INT64 -> ((long[]) values)[cell];
      case UINT64 -> unsigned(((long[]) values)[cell]);
      case FLOAT32 -> ((float[]) values)[cell];
      case FLOAT64 -> ((double[]) values)[cell];
      case CINT16 -> ((short[]) values)[2 * cell];
      case CINT32 -> ((int[]) values)[2 * cell];
      case CFLOAT32 -> ((float[]) values)[2 * cell];
      case CFLOAT64 -> ((double[]) values)[2 * cell];
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  /** The engine's cells in the same array, none null; UINT64 converted to FLOAT64. */
  public Cells toCells() {
    if (type != GdalType.UINT64) {
      return Cells.wrap(type.cellType(), values, null);
    }
    double[] converted = new double[length()];
    for (int i = 0; i < converted.length; i++) {
      converted[i] = number(i);
    }
    return Cells.wrap(type.cellType(), converted, null);
  }

  /** The engine's cells, in the same array; null masks do not pass. */
  public static CellArray of(Cells cells) {
    return new CellArray(GdalType.of(cells.type()), cells.array());
  }

  /** Takes {@code cells} cells out of shared memory. */
  void copyFrom(MemorySegment source, long sourceByte, int firstCell, int cells) {
    int factor = type.isComplex() ? 2 : 1;
    MemorySegment.copy(
        source, layout(type), sourceByte, values, firstCell * factor, cells * factor);
  }

  /** Puts all cells into shared memory. */
  void copyTo(MemorySegment target, long targetByte) {
    int elements = Array.getLength(values);
    MemorySegment.copy(values, 0, target, layout(type), targetByte, elements);
  }
}
