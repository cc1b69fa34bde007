package org.tessera.coverage.format.gdal;

import java.util.List;

/**
 * A CRS as GDAL knows it.
 *
 * @param wkt WKT 2 (2019) on one line; null if GDAL cannot write it so
 * @param wkt1 WKT 1 as GDAL writes it; null if it cannot
 * @param authority the authority of the code, {@code EPSG} mostly; null if the CRS has no code and
 *     is surely like no EPSG one
 * @param code the code; null if {@code authority} is
 * @param geographic whether its axes are latitude and longitude
 * @param axisMapping for the file's x, y (and z) the number of the CRS's axis, from 1, negative if
 *     reversed: [2, 1] for EPSG:4326. Geotransform and cells are x (east) first in any case
 */
public record CrsInfo(
    String wkt,
    String wkt1,
    String name,
    String authority,
    String code,
    boolean geographic,
    List<Integer> axisMapping) {
  public CrsInfo {
    axisMapping = List.copyOf(axisMapping);
  }
}
