/**
 * The importer: ingredients files (those of wcst_import) are read, files looked at, slices planned,
 * and WCS-T requests sent. In this package itself: how it refuses, {@link
 * org.tessera.importer.ImportException}; the program is in {@code command}. Knows the server only
 * through HTTP.
 */
package org.tessera.importer;
