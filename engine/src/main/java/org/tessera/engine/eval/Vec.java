package org.tessera.engine.eval;

import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;

/**
 * One band of a block of cells, row-major: {@code length} cells of {@code array} from element
 * {@code at} on; or one cell that stands for all ({@code single}).
 */
final class Vec {
  private final CellType type;
  private final Object array;
  private final int at;
  private final int length;
  private final boolean single;
  private final long[] nulls;
  private final boolean own;

  Vec(CellType type, Object array, int at, int length, boolean single, long[] nulls, boolean own) {
    this.type = type;
    this.array = array;
    this.at = at;
    this.length = length;
    this.single = single;
    this.nulls = nulls;
    this.own = own;
  }

  CellType type() {
    return type;
  }

  /** A Java array of the type's storage; it may be longer than needed. */
  Object array() {
    return array;
  }

  /** First element (not cell). */
  int at() {
    return at;
  }

  /** Number of cells; 1 when single. */
  int length() {
    return length;
  }

  boolean single() {
    return single;
  }

  /** Bit i set: cell i is null; null when no cell is. */
  long[] nulls() {
    return nulls;
  }

  /** Whether whoever gets it may give the array back to the {@link Arena}. */
  boolean own() {
    return own;
  }

  static Vec of(CellType type, Object array, int length, long[] nulls) {
    return new Vec(type, array, 0, length, false, nulls, true);
  }

  static Vec of(Cells cells) {
    return new Vec(cells.type(), cells.array(), 0, cells.length(), false, cells.nulls(), false);
  }

  static Vec single(Cells cell) {
    long[] nulls = cell.isNull(0) ? new long[] {1} : null;
    return new Vec(cell.type(), cell.array(), 0, 1, true, nulls, false);
  }

  /** A single cell of a value, converted to the type. */
  static Vec single(CellType type, double value, boolean isNull) {
    Object array = Arena.allocate(type.storage(), type.components());
    Narrowing.put(type, array, 0, value);
    return new Vec(type, array, 0, 1, true, isNull ? new long[] {1} : null, false);
  }

  static Vec bool(boolean value) {
    return new Vec(CellType.BOOLEAN, new byte[] {(byte) (value ? 1 : 0)}, 0, 1, true, null, false);
  }

  boolean isNull() {
    return nulls != null;
  }

  Vec shared() {
    return own ? new Vec(type, array, at, length, single, nulls, false) : this;
  }

  Vec withNulls(long[] mask) {
    return new Vec(type, array, at, length, single, mask, own);
  }

  /** The value of a real cell (the real part of a complex one) as a double. */
  double getDouble(int cell) {
    return element(at + cell * type.components());
  }

  /** The imaginary part of a complex cell, 0 for others. */
  double getImaginary(int cell) {
    return type.components() == 2 ? element(at + 2 * cell + 1) : 0;
  }

  /** The value of an integer or boolean cell. */
  long getLong(int cell) {
    return array instanceof long[] a ? a[at + cell] : (long) element(at + cell);
  }

  private double element(int i) {
    return switch (type) {
      case BOOLEAN, UINT8 -> ((byte[]) array)[i] & 0xFF;
      case INT8 -> ((byte[]) array)[i];
      case INT16, CINT16 -> ((short[]) array)[i];
      case UINT16 -> ((short[]) array)[i] & 0xFFFF;
      case INT32, CINT32 -> ((int[]) array)[i];
      case UINT32 -> Integer.toUnsignedLong(((int[]) array)[i]);
      case INT64 -> ((long[]) array)[i];
      case FLOAT32, COMPLEX64 -> ((float[]) array)[i];
      case FLOAT64, COMPLEX128 -> ((double[]) array)[i];
    };
  }
}
