package org.tessera.engine.array;

/**
 * The type of one band's cells. Buffers are Java arrays of the {@link Storage}; complex cells are
 * (re, im) pairs, interleaved.
 */
public enum CellType {
  /** One byte, 0 or 1. */
  BOOLEAN(Kind.BOOLEAN, Storage.BYTE, 1, 0, 1),
  INT8(Kind.INTEGER, Storage.BYTE, 1, Byte.MIN_VALUE, Byte.MAX_VALUE),
  UINT8(Kind.INTEGER, Storage.BYTE, 1, 0, 0xFF),
  INT16(Kind.INTEGER, Storage.SHORT, 1, Short.MIN_VALUE, Short.MAX_VALUE),
  UINT16(Kind.INTEGER, Storage.SHORT, 1, 0, 0xFFFF),
  INT32(Kind.INTEGER, Storage.INT, 1, Integer.MIN_VALUE, Integer.MAX_VALUE),
  UINT32(Kind.INTEGER, Storage.INT, 1, 0, 0xFFFF_FFFFL),
  INT64(Kind.INTEGER, Storage.LONG, 1, Long.MIN_VALUE, Long.MAX_VALUE),
  FLOAT32(Kind.FLOAT, Storage.FLOAT, 1, 0, 0),
  FLOAT64(Kind.FLOAT, Storage.DOUBLE, 1, 0, 0),
  /** Pairs of 16-bit signed integers. */
  CINT16(Kind.COMPLEX, Storage.SHORT, 2, Short.MIN_VALUE, Short.MAX_VALUE),
  /** Pairs of 32-bit signed integers. */
  CINT32(Kind.COMPLEX, Storage.INT, 2, Integer.MIN_VALUE, Integer.MAX_VALUE),
  /** Pairs of floats. */
  COMPLEX64(Kind.COMPLEX, Storage.FLOAT, 2, 0, 0),
  /** Pairs of doubles. */
  COMPLEX128(Kind.COMPLEX, Storage.DOUBLE, 2, 0, 0);

  /** What can be computed with cells of a type. */
  public enum Kind {
    BOOLEAN,
    INTEGER,
    FLOAT,
    COMPLEX
  }

  /** The Java array type of a buffer. */
  public enum Storage {
    BYTE(1),
    SHORT(2),
    INT(4),
    LONG(8),
    FLOAT(4),
    DOUBLE(8);

    private final int bytes;

    Storage(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one array element. */
    public int bytes() {
      return bytes;
    }
  }

  private final Kind kind;
  private final Storage storage;
  private final int components;
  private final long min;
  private final long max;

  CellType(Kind kind, Storage storage, int components, long min, long max) {
    this.kind = kind;
    this.storage = storage;
    this.components = components;
    this.min = min;
    this.max = max;
  }

  public Kind kind() {
    return kind;
  }

  public Storage storage() {
    return storage;
  }

  /** Array elements per cell: 2 for complex types, else 1. */
  public int components() {
    return components;
  }

  /** Bytes per cell. */
  public int bytes() {
    return storage.bytes() * components;
  }

  /** Least value of an integer (or boolean) type; meaningless for floats. */
  public long min() {
    return min;
  }

  /** Greatest value of an integer (or boolean) type; meaningless for floats. */
  public long max() {
    return max;
  }

  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  public boolean isFloat() {
    return kind == Kind.FLOAT;
  }

  public boolean isComplex() {
    return kind == Kind.COMPLEX;
  }
}
