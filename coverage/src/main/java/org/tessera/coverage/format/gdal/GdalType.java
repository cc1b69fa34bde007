package org.tessera.coverage.format.gdal;

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
}
