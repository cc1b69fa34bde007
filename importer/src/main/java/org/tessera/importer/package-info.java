/**
 * The import command: ingredients files (those of wcst_import) are read, files looked at, slices
 * planned, and WCS-T requests sent. Door: {@link org.tessera.importer.Main}. Knows the server only
 * through HTTP.
 */
package org.tessera.importer;
