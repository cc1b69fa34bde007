package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/** Cell types as the protocol names them, with GDAL's codes ({@code GDALDataType}). */
enum GdalType {
  UINT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  FLOAT64(7, 8),
  CINT16(8, 4),
  CINT32(9, 8),
  CFLOAT32(10, 8),
  CFLOAT64(11, 16),
  UINT64(12, 8),
  INT64(13, 8),
  /** GDAL has this type since 3.7; before, it is UINT8 with {@code PIXELTYPE=SIGNEDBYTE}. */
  INT8(14, 1);

  private final int code;
  private final int bytes;

  GdalType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  static GdalType ofCode(int code) {
    for (GdalType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new GdalFailure("cells of GDAL's type " + code + " cannot be read");
  }

  static GdalType of(String name) {
    for (GdalType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new GdalFailure("there is no cell type " + name);
  }

  int bytes() {
    return bytes;
  }

  /** GDAL's code for buffers and files of this type. */
  int code(GdalLibrary gdal) {
    return this == INT8 && !hasInt8(gdal) ? UINT8.code : code;
  }

  /** Whether files of this type are marked by {@code PIXELTYPE=SIGNEDBYTE}. */
  boolean needsSignedByteMark(GdalLibrary gdal) {
    return this == INT8 && !hasInt8(gdal);
  }

  private static boolean hasInt8(GdalLibrary gdal) {
    try (Arena arena = Arena.ofConfined()) {
      return Integer.parseInt(gdal.versionInfo.text(arena.allocateFrom("VERSION_NUM"))) >= 3070000;
    }
  }

  /** Whether a cell of this type can have this value. */
  boolean holds(double value) {
    return switch (this) {
      case UINT8 -> isWhole(value, 0, 0xff);
      case INT8 -> isWhole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case UINT16 -> isWhole(value, 0, 0xffff);
      case INT16, CINT16 -> isWhole(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case UINT32 -> isWhole(value, 0, 0xffffffffL);
      case INT32, CINT32 -> isWhole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case UINT64 -> isWhole(value, 0, 0x1p64);
      case INT64 -> isWhole(value, -0x1p63, 0x1p63);
      case FLOAT32, FLOAT64, CFLOAT32, CFLOAT64 -> true;
    };
  }

  private static boolean isWhole(double value, double min, double max) {
    return value >= min && value <= max && value == Math.rint(value);
  }

  /**
   * The value as the wire has it for this type: {@link Long} for 64-bit integers, else {@link
   * Double}.
   */
  Object exact(double value) {
    return this == INT64 || this == UINT64 ? (Object) (long) value : (Object) value;
  }

  /**
   * A value as it comes over the wire ({@link Long} or {@link Double}), as one cell of this type;
   * complex: real part.
   */
  void put(MemorySegment target, Object value) {
    Number number = (Number) value;
    switch (this) {
      case UINT8, INT8 -> target.set(ValueLayout.JAVA_BYTE, 0, number.byteValue());
      case UINT16, INT16, CINT16 ->
          target.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, number.shortValue());
      case UINT32, INT32, CINT32 ->
          target.set(ValueLayout.JAVA_INT_UNALIGNED, 0, (int) number.longValue());
      case UINT64, INT64 -> target.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number.longValue());
      case FLOAT32, CFLOAT32 ->
          target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, number.floatValue());
      case FLOAT64, CFLOAT64 ->
          target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, number.doubleValue());
    }
  }

  /**
   * One cell of this type as {@link Long} (64-bit integers) or {@link Double}; complex: real part.
   */
  Object get(MemorySegment source) {
    return switch (this) {
      case UINT8 -> (double) (source.get(ValueLayout.JAVA_BYTE, 0) & 0xff);
      case INT8 -> (double) source.get(ValueLayout.JAVA_BYTE, 0);
      case UINT16 -> (double) (source.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) & 0xffff);
      case INT16, CINT16 -> (double) source.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0);
      case UINT32 -> (double) (source.get(ValueLayout.JAVA_INT_UNALIGNED, 0) & 0xffffffffL);
      case INT32, CINT32 -> (double) source.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
      case UINT64, INT64 -> source.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
      case FLOAT32, CFLOAT32 -> (double) source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0);
      case FLOAT64, CFLOAT64 -> source.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0);
    };
  }
}
