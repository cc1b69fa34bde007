/**
 * Every operation as a record, with its checks. Door: the request records themselves; {@link
 * org.tessera.coverage.request.SourceLayout} is how an importer tells the server to read a file.
 * Knows no HTTP and no XML.
 */
package org.tessera.coverage.request;
