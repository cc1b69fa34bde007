/**
 * What the importer needs to know of a file: size, georeference, bands, variables, attributes.
 * Door: {@link org.tessera.importer.source.SourceFiles}, which asks GDAL worker processes. Knows
 * nothing of recipes.
 */
package org.tessera.importer.source;
