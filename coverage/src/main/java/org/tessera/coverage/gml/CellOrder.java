package org.tessera.coverage.gml;

/** In which order cells follow each other, as {@code gml:coverageFunction} says it. */
public enum CellOrder {
  /** That of the tuples in GML, CSV and JSON: logical grid order, the last axis fastest. */
  TUPLES,
  /**
   * That of images: the axis to the east fastest, then the one to the north. Where a grid has Lat
   * before Long (EPSG:4326) this is {@code +2 +1}, by which GDAL's WCS driver sees that rows of the
   * image run along the second axis.
   */
  IMAGE
}
