/**
 * JSON as plain values: the one place where JSON text is read and written. Door: {@link
 * org.tessera.coverage.json.Json}. Knows nothing of what the values mean.
 */
package org.tessera.coverage.json;
