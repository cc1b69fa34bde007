/**
 * The CRS resolver over HTTP: {@code def.war}, reachable at {@code /def}. Door: {@link
 * org.tessera.secore.ResolverServlet}. What is answered is known by {@link
 * org.tessera.coverage.crs.Definitions}; this package knows requests, responses and exception
 * reports, and no definition.
 */
package org.tessera.secore;
