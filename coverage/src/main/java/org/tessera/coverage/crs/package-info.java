/**
 * Coordinate reference systems: CRS names of all spellings to {@link org.tessera.coverage.crs.Crs}
 * values, coordinates to grid indices and back, times to numbers and back, reprojection. Doors:
 * {@link org.tessera.coverage.crs.CrsResolver} and {@link org.tessera.coverage.crs.GridMapping}.
 * The only package that imports Apache SIS and GeoAPI; no type of theirs leaves it. Knows no
 * coverages as a whole, no cells, no XML of services.
 */
package org.tessera.coverage.crs;
