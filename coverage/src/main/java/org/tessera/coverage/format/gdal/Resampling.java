package org.tessera.coverage.format.gdal;

import java.util.Locale;

/** How GDAL finds the value of a new cell. */
public enum Resampling {
  NEAR,
  BILINEAR,
  CUBIC,
  CUBICSPLINE,
  LANCZOS,
  AVERAGE,
  RMS,
  MODE,
  MIN,
  MAX,
  MED,
  Q1,
  Q3,
  SUM;

  /** GDAL's name of it. */
  public String gdalName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
