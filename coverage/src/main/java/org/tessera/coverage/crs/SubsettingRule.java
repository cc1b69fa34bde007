package org.tessera.coverage.crs;

/** Which cells a subset in coordinates takes (features.md row 1.5); a setting of the server. */
public enum SubsettingRule {
  /**
   * A trim is a closed interval, applied to the cells' footprints, which are right-open; the outer
   * border belongs to the border cell (WCS Core 2.0.1 requirement 38).
   */
  FOOTPRINT,
  /**
   * As rasdaman 10.1 answers on axes of horizontal and grid systems: the first cell (by index) that
   * begins within the interval, and as many as the rounded length of it. Time and height as in
   * {@link #FOOTPRINT}.
   */
  GDAL
}
