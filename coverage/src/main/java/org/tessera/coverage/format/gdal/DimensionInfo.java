package org.tessera.coverage.format.gdal;

/**
 * A dimension of arrays.
 *
 * @param path its full name, from the root group on: {@code /time}
 * @param type {@code HORIZONTAL_X}, {@code HORIZONTAL_Y}, {@code VERTICAL}, {@code TEMPORAL},
 *     {@code PARAMETRIC} or empty
 * @param direction {@code EAST}, {@code NORTH}, {@code UP}, {@code FUTURE}, ... or empty
 * @param coordinates the full name of the array that has its coordinates; null for none
 */
public record DimensionInfo(
    String name, String path, long size, String type, String direction, String coordinates) {}
