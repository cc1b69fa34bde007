package org.tessera.coverage.format.gdal;

/**
 * A dimension to write.
 *
 * @param type as in {@link DimensionInfo}; null for none. With a CRS, the driver needs {@code
 *     HORIZONTAL_X} and {@code HORIZONTAL_Y}
 * @param direction as in {@link DimensionInfo}; null for none
 */
public record DimensionSpec(String name, long size, String type, String direction) {}
