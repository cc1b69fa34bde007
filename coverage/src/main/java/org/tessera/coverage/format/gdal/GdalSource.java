package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A file to read.
 *
 * @param name an absolute path, or GDAL's name of a part of a file ({@code
 *     NETCDF:"/data/a.nc":temperature}, {@code /vsigzip//data/a.tif.gz}), as far as the pool's
 *     {@link PathPolicy} allows it
 * @param drivers short names of GDAL's drivers to try; empty: all that the pool allows
 * @param openOptions GDAL's open options
 */
public record GdalSource(String name, List<String> drivers, Map<String, String> openOptions) {
  public GdalSource {
    drivers = List.copyOf(drivers);
    openOptions = Map.copyOf(openOptions);
  }

  /** A file without further wishes. */
  public static GdalSource of(String name) {
    return new GdalSource(name, List.of(), Map.of());
  }
}
