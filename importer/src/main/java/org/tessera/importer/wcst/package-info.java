/**
 * WCS-T requests of an import (OGC 13-057r1): GML documents of slices, and a client that sends
 * them. Door: {@link org.tessera.importer.wcst.WcstClient}. Knows no files and no recipes.
 */
package org.tessera.importer.wcst;
