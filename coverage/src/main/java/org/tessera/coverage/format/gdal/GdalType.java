package org.tessera.coverage.format.gdal;

import org.tessera.engine.array.CellType;

/** The cell types of GDAL. Complex cells are two numbers, real part first. */
public enum GdalType {
  UINT8(1, false),
  INT8(1, false),
  UINT16(2, false),
  INT16(2, false),
  UINT32(4, false),
  INT32(4, false),
  UINT64(8, false),
  INT64(8, false),
  FLOAT32(4, false),
  FLOAT64(8, false),
  CINT16(4, true),
  CINT32(8, true),
  CFLOAT32(8, true),
  CFLOAT64(16, true);

  private final int bytes;
  private final boolean complex;

  GdalType(int bytes, boolean complex) {
    this.bytes = bytes;
    this.complex = complex;
  }

  /** The size of a cell in bytes. */
  public int bytes() {
    return bytes;
  }

  public boolean isComplex() {
    return complex;
  }

  /** The engine's type for such cells; FLOAT64 for UINT64, which the engine does not have. */
  public CellType cellType() {
    return switch (this) {
      case UINT8 -> CellType.UINT8;
      case INT8 -> CellType.INT8;
      case UINT16 -> CellType.UINT16;
      case INT16 -> CellType.INT16;
      case UINT32 -> CellType.UINT32;
      case INT32 -> CellType.INT32;
      case INT64 -> CellType.INT64;
      case UINT64, FLOAT64 -> CellType.FLOAT64;
      case FLOAT32 -> CellType.FLOAT32;
      case CINT16 -> CellType.CINT16;
      case CINT32 -> CellType.CINT32;
      case CFLOAT32 -> CellType.COMPLEX64;
      case CFLOAT64 -> CellType.COMPLEX128;
    };
  }

  /** GDAL's type for cells of the engine; UINT8 for booleans. */
  public static GdalType of(CellType type) {
    return switch (type) {
      case BOOLEAN, UINT8 -> UINT8;
      case INT8 -> INT8;
      case INT16 -> INT16;
      case UINT16 -> UINT16;
      case INT32 -> INT32;
      case UINT32 -> UINT32;
      case INT64 -> INT64;
      case FLOAT32 -> FLOAT32;
      case FLOAT64 -> FLOAT64;
      case CINT16 -> CINT16;
      case CINT32 -> CINT32;
      case COMPLEX64 -> CFLOAT32;
      case COMPLEX128 -> CFLOAT64;
    };
  }
}
