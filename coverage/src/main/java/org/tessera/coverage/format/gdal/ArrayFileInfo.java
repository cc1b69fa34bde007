package org.tessera.coverage.format.gdal;

/**
 * A multidimensional file, everything but its cells.
 *
 * @param driver GDAL's short name of the format
 */
public record ArrayFileInfo(String driver, GroupInfo root) {}
