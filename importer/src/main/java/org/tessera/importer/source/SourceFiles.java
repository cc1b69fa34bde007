package org.tessera.importer.source;

import java.math.BigDecimal;
import java.util.List;

/** Looks at files without reading their cells. */
public interface SourceFiles extends AutoCloseable {
  /**
   * A file as an image of bands.
   *
   * @param dataset path or GDAL name
   * @throws org.tessera.importer.problem.ImportException if GDAL cannot open it as such
   */
  RasterFile raster(String dataset);

  /** A file as variables over dimensions, as {@link #raster}. */
  ArrayFile arrays(String dataset);

  /**
   * All values of a variable, slowest dimension first; numbers that are no finite ones are left
   * out.
   */
  List<BigDecimal> values(String dataset, String variable);

  /** Files will be looked at: whatever takes its time may begin. */
  default void prepare() {}

  @Override
  void close();
}
