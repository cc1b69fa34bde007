package org.tessera.coverage.format.gdal;

import java.util.List;

/**
 * A format that the workers know.
 *
 * @param name GDAL's short name
 * @param extensions file name extensions without the dot
 * @param mediaType null if GDAL knows none
 * @param canWrite whether files of it can be written by {@link GdalWorkers#writeRaster}
 * @param multidimensional whether it has n-dimensional arrays
 */
public record DriverInfo(
    String name,
    String title,
    List<String> extensions,
    String mediaType,
    boolean canWrite,
    boolean multidimensional) {
  public DriverInfo {
    extensions = List.copyOf(extensions);
  }
}
