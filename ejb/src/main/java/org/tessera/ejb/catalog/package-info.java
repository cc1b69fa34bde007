/**
 * The catalogue of coverages in the database. Door: {@link
 * org.tessera.ejb.catalog.CoverageCatalog}, which takes and gives {@code coverage.model} only; the
 * entities do not leave this package. Knows nothing of cells but the key of their version.
 */
package org.tessera.ejb.catalog;
