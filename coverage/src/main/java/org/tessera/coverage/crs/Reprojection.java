package org.tessera.coverage.crs;

/**
 * Coordinates of one horizontal CRS to those of another, in the authority's axis order on both
 * sides (EPSG:4326: latitude, longitude). Thread-safe.
 */
public interface Reprojection {
  /**
   * Transforms points in place.
   *
   * @param points coordinate pairs, interleaved: point i is {@code points[2 i], points[2 i + 1]}.
   *     Points that have no image become NaN
   */
  void transform(double[] points);

  /**
   * The smallest box that holds the image of a box: edges are curved, so it is more than the image
   * of the corners.
   *
   * @param lower lower corner, two coordinates
   * @param upper upper corner
   * @return lower and upper corner: {lower0, lower1, upper0, upper1}
   * @throws org.tessera.coverage.OwsException {@code InvalidSubsetting} if the box has no image
   */
  double[] transformBox(double[] lower, double[] upper);
}
