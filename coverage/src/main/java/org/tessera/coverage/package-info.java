/**
 * The geo side. In this package itself: how it refuses, and what it says of misspelt names ({@link
 * org.tessera.coverage.NearNames}). The door is {@link org.tessera.coverage.OwsException}, the one
 * exception of all services, with an {@link org.tessera.coverage.OwsErrorCode} that knows its HTTP
 * status. Knows nothing of how a report is written, and nothing of the packages below it, which all
 * know it.
 */
package org.tessera.coverage;
