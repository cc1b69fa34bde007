/**
 * Validation of XML against the published OGC schemas, without a network.
 *
 * <p>Door: {@link org.tessera.schemas.OgcSchemas}. The generated classes live in {@code
 * net.opengis.*} packages of this module and are made at build. Knows nothing of coverages, servers
 * or requests.
 */
package org.tessera.schemas;
