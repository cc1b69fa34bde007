package org.tessera.coverage.crs;

/** Which cells a subset in coordinates takes (features.md row 1.5); a setting of the server. */
public enum SubsettingRule {
  /**
   * A trim is a closed interval, applied to the cells' footprints, which are right-open; the outer
   * border belongs to the border cell (WCS Core 2.0.1 requirement 38).
   */
  FOOTPRINT,
  /**
   * As GDAL and rasdaman 10.1 count on axes of horizontal and grid systems: the cell of the lower
   * bound and then as many cells as the length of the interval, rounded. Time and height as in
   * {@link #FOOTPRINT}.
   */
  GDAL
}
