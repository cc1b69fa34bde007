/**
 * What WCS-T does to a coverage, apart from the catalogue: {@link
 * org.tessera.coverage.update.DomainMerge} finds out where the cells of a document go in a coverage
 * and how its domain grows; {@link org.tessera.coverage.update.FileCells} brings cells from a file
 * into the order of the array, piece by piece. Knows no database and no protocol.
 */
package org.tessera.coverage.update;
