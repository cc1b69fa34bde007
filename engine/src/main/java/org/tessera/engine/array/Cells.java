package org.tessera.engine.array;

import java.util.Objects;

/**
 * The cells of one band: one primitive Java array of the type's {@link CellType.Storage}, in
 * row-major order (last axis fastest), and which of them are null. Unsigned types use the signed
 * array of the same width; complex cells take two elements (re, im).
 *
 * <p>The arrays are shared, not copied: whoever holds a {@code Cells} that it did not make must not
 * write to it.
 */
public final class Cells {
  private final CellType type;
  private final Object array;
  private final int length;
  private final long[] nulls;

  private Cells(CellType type, Object array, int length, long[] nulls) {
    this.type = type;
    this.array = array;
    this.length = length;
    this.nulls = nulls;
  }

  /** New zeroed cells, none null. */
  public static Cells allocate(CellType type, int length) {
    int n = Math.multiplyExact(length, type.components());
    Object array =
        switch (type.storage()) {
          case BYTE -> new byte[n];
          case SHORT -> new short[n];
          case INT -> new int[n];
          case LONG -> new long[n];
          case FLOAT -> new float[n];
          case DOUBLE -> new double[n];
        };
    return new Cells(type, array, length, null);
  }

  /**
   * Wraps an array without copying.
   *
   * @param array a Java array of the type's storage with {@code components} elements a cell
   * @param nulls bit {@code i % 64} of word {@code i / 64} set: cell i is null; or null when no
   *     cell is
   */
  public static Cells wrap(CellType type, Object array, long[] nulls) {
    int elements = java.lang.reflect.Array.getLength(array);
    Class<?> wanted =
        switch (type.storage()) {
          case BYTE -> byte[].class;
          case SHORT -> short[].class;
          case INT -> int[].class;
          case LONG -> long[].class;
          case FLOAT -> float[].class;
          case DOUBLE -> double[].class;
        };
    if (array.getClass() != wanted) {
      throw new IllegalArgumentException(
          type
              + " cells need "
              + wanted.getSimpleName()
              + ", not "
              + array.getClass().getSimpleName());
    }
    return new Cells(type, array, elements / type.components(), nulls);
  }

  /** The same cells with another null mask (or null for none). */
  public Cells withNulls(long[] mask) {
    return new Cells(type, array, length, mask);
  }

  public CellType type() {
    return type;
  }

  /** Number of cells. */
  public int length() {
    return length;
  }

  /** The Java array itself. */
  public Object array() {
    return array;
  }

  public byte[] bytes() {
    return (byte[]) array;
  }

  public short[] shorts() {
    return (short[]) array;
  }

  public int[] ints() {
    return (int[]) array;
  }

  public long[] longs() {
    return (long[]) array;
  }

  public float[] floats() {
    return (float[]) array;
  }

  public double[] doubles() {
    return (double[]) array;
  }

  /** The null mask (see {@link #wrap}), or null when no cell is null. */
  public long[] nulls() {
    return nulls;
  }

  public boolean isNull(int cell) {
    return nulls != null && (nulls[cell >> 6] >>> cell & 1) != 0;
  }

  /**
   * Value of a real cell (the real part of a complex one), unsigned types as their unsigned value.
   * 64-bit integers may be rounded.
   */
  public double getDouble(int cell) {
    int i = type.components() == 2 ? 2 * cell : cell;
    return element(i);
  }

  /** Imaginary part of a complex cell; 0 for other types. */
  public double getImaginary(int cell) {
    return type.components() == 2 ? element(2 * cell + 1) : 0;
  }

  private double element(int i) {
    return switch (type.storage()) {
      case BYTE -> type == CellType.INT8 ? bytes()[i] : bytes()[i] & 0xFF;
      case SHORT -> type == CellType.UINT16 ? shorts()[i] & 0xFFFF : shorts()[i];
      case INT -> type == CellType.UINT32 ? Integer.toUnsignedLong(ints()[i]) : ints()[i];
      case LONG -> longs()[i];
      case FLOAT -> floats()[i];
      case DOUBLE -> doubles()[i];
    };
  }

  /** Value of an integer or boolean cell, exactly; a float is truncated as by a Java cast. */
  public long getLong(int cell) {
    return type.storage() == CellType.Storage.LONG ? longs()[cell] : (long) getDouble(cell);
  }

  /**
   * Sets a cell of an array that the caller made: truncated towards zero and saturated at the
   * bounds of integer types; of boolean cells everything but 0 is true. The imaginary part is for
   * complex cells only.
   */
  public void set(int cell, double real, double imaginary) {
    int i = cell * type.components();
    setElement(i, real);
    if (type.components() == 2) {
      setElement(i + 1, imaginary);
    }
  }

  private void setElement(int i, double value) {
    boolean floating =
        type.storage() == CellType.Storage.FLOAT || type.storage() == CellType.Storage.DOUBLE;
    long whole =
        type == CellType.BOOLEAN
            ? (value != 0 ? 1 : 0)
            : floating ? 0 : Math.max(type.min(), Math.min(type.max(), (long) value));
    switch (type.storage()) {
      case BYTE -> bytes()[i] = (byte) whole;
      case SHORT -> shorts()[i] = (short) whole;
      case INT -> ints()[i] = (int) whole;
      case LONG -> longs()[i] = whole;
      case FLOAT -> floats()[i] = (float) value;
      case DOUBLE -> doubles()[i] = value;
    }
  }

  @Override
  public String toString() {
    return type + "[" + length + "]";
  }

  /** Equal type, values (bit by bit) and null mask. */
  @Override
  public boolean equals(Object o) {
    if (!(o instanceof Cells other) || type != other.type || length != other.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (isNull(i) != other.isNull(i)) {
        return false;
      }
    }
    return Objects.deepEquals(array, other.array);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, length);
  }
}
