package org.tessera.ejb.catalog;

import org.tessera.coverage.model.Coverage;

/**
 * A coverage as it stood in the catalogue at one moment.
 *
 * @param coverage its id is without a version
 * @param revision to be given back with an update, which is refused if another was first
 * @param version number of this version
 */
public record CatalogEntry(Coverage coverage, long revision, long version) {}
