/**
 * The door {@code /ows}: reads WCS requests by KVP and XML into {@link
 * org.tessera.coverage.request.OwsRequest}s, has the services answer them, and writes answers and
 * exception reports. Bytes to values and back; no decisions about coverages.
 */
package org.tessera.web.ows;
