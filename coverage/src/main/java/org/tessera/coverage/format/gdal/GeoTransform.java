package org.tessera.coverage.format.gdal;

/**
 * Where a raster lies: x = originX + column * xPerColumn + row * xPerRow, y = originY + column *
 * yPerColumn + row * yPerRow. Whole numbers of column and row are the outer corners of cells, their
 * halves the centres; x is east also where the CRS has it second.
 */
public record GeoTransform(
    double originX,
    double xPerColumn,
    double xPerRow,
    double originY,
    double yPerColumn,
    double yPerRow) {

  /** A raster along the axes; {@code yPerRow} is negative for north up. */
  public static GeoTransform of(double originX, double xPerColumn, double originY, double yPerRow) {
    return new GeoTransform(originX, xPerColumn, 0, originY, 0, yPerRow);
  }

  /** From GDAL's six numbers; null from null. */
  static GeoTransform of(double[] numbers) {
    return numbers == null
        ? null
        : new GeoTransform(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
  }

  /** GDAL's six numbers. */
  double[] numbers() {
    return new double[] {originX, xPerColumn, xPerRow, originY, yPerColumn, yPerRow};
  }
}
