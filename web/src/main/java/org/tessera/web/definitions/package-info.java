/**
 * The CRS resolver below this application's own address ({@code /rasdaman/def}), for clients that
 * expect it there; {@code def.war} offers the same at {@code /def}. Door: {@link
 * org.tessera.web.definitions.DefinitionsServlet}. What is answered is known by {@link
 * org.tessera.coverage.crs.Definitions}; this package knows no definition.
 */
package org.tessera.web.definitions;
