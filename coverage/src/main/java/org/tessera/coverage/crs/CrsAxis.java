package org.tessera.coverage.crs;

/**
 * One axis of a CRS.
 *
 * @param label abbreviation, such as Lat, Long, E, N, X, ansi, i; as the axis-label parameter says
 *     if there is one
 * @param uom unit of measure as in {@code uomLabels}: degree, metre, d, s, GridSpacing, ...
 * @param direction direction of growing coordinates in the words of GML: north, east, south, west,
 *     up, down, future, indexedAxisPositive, or other words of the CRS
 */
public record CrsAxis(String label, String uom, String direction, Kind kind) {
  /** What an axis measures. */
  public enum Kind {
    /** Longitude, easting: the axis that runs to the right on a map. */
    X,
    /** Latitude, northing: the axis that runs up on a map. */
    Y,
    TIME,
    VERTICAL,
    /** Of an index CRS: the coordinate has no meaning outside of the grid. */
    INDEX,
    OTHER
  }

  CrsAxis withLabel(String newLabel) {
    return new CrsAxis(newLabel, uom, direction, kind);
  }
}
