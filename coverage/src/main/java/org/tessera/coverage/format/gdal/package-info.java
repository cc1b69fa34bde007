/**
 * Foreign raster formats, read and written by GDAL in worker processes: no file, however broken,
 * can take the server down with it.
 *
 * <p>Its door is {@link org.tessera.coverage.format.gdal.GdalWorkers}. It knows files, bands,
 * arrays and their attributes as GDAL shows them; it does not know coverages, axes or CRSs. It
 * shares no class with the {@code gdal} module: it starts that module's jar and speaks its
 * protocol.
 */
package org.tessera.coverage.format.gdal;
