package org.tessera.coverage.format.gdal;

/**
 * A grid in a CRS, for reprojection.
 *
 * @param crs WKT, {@code EPSG:n}, or what else GDAL takes; x is east in any case
 */
public record WarpGrid(String crs, GeoTransform geoTransform, int width, int height) {}
