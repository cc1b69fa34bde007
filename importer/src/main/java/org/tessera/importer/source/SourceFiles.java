package org.tessera.importer.source;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.request.SourceLayout;

/** Looks at files without reading their cells. */
public interface SourceFiles extends AutoCloseable {
  /**
   * A file as an image of bands.
   *
   * @param dataset path or GDAL name
   * @param regrid with a CRS: the file reprojected to that; without: how the rows of a GRIB file on
   *     a reduced grid are made equally long, if it is one
   * @throws org.tessera.importer.problem.ImportException if GDAL cannot open it as such
   */
  RasterFile raster(String dataset, SourceLayout.Regrid regrid);

  /** As {@link #raster(String, SourceLayout.Regrid)}, the file as it is. */
  default RasterFile raster(String dataset) {
    return raster(dataset, new SourceLayout.Regrid(Optional.empty(), "near"));
  }

  /** A file as variables over dimensions, as {@link #raster}. */
  ArrayFile arrays(String dataset);

  /**
   * All values of a variable, slowest dimension first; numbers that are no finite ones are left
   * out.
   */
  List<BigDecimal> values(String dataset, String variable);

  /**
   * Files will be asked about, in this order and the same of each: they may be looked at ahead.
   * Those of an earlier call are so no more.
   */
  default void expect(List<String> datasets) {}

  /** Files will be looked at: whatever takes its time may begin. */
  default void prepare() {}

  @Override
  void close();
}
