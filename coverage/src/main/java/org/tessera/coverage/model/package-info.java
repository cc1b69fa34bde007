/**
 * Coverages as values (OGC 09-146, CIS 1.1): identifier, domain set, range type, metadata. Door:
 * {@link org.tessera.coverage.model.Coverage}. Coordinates are plain numbers on the axis; times are
 * numbers too (days, seconds), their text forms live in {@code coverage.crs}. Knows no XML, no CRS
 * library, no storage; the cells are named by a version key only.
 */
package org.tessera.coverage.model;
