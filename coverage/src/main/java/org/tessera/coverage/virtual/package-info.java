/**
 * Virtual coverages: those whose cells are the cells of others, reprojected where they have another
 * CRS, computed when they are asked for.
 *
 * <p>Door: {@link org.tessera.coverage.virtual.VirtualCoverage}. To the compiler a virtual coverage
 * is a coverage like any other, over an array source that asks its sources. Knows nothing of the
 * catalogue: who the sources are it is told.
 */
package org.tessera.coverage.virtual;
