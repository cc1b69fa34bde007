package org.tessera.ejb.catalog;

import org.tessera.coverage.model.Coverage;

/**
 * A coverage as it stood in the catalogue at one moment.
 *
 * @param revision to be given back with an update, which is refused if another was first
 */
public record CatalogEntry(Coverage coverage, long revision) {}
