/**
 * Ingredients files (those of wcst_import) as records. Door: {@link
 * org.tessera.importer.ingredients.Ingredients#read}. Checks keys and types and names the key that
 * is wrong; knows nothing of files and servers, and leaves expressions as text.
 */
package org.tessera.importer.ingredients;
