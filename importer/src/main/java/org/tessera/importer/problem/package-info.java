/**
 * The one exception for everything that the user of the importer can put right. Door: {@link
 * org.tessera.importer.problem.ImportException}. Knows nothing else.
 */
package org.tessera.importer.problem;
