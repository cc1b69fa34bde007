/**
 * The GDAL worker: a process of its own that reads and writes foreign raster formats through
 * libgdal, so that a file that crashes or hangs libgdal costs one request and never the server.
 *
 * <p>Its door is {@link org.tessera.gdal.GdalWorker}, the main class of {@code gdal.jar}. It knows
 * libgdal and the protocol of {@link org.tessera.gdal.worker}; it does not know coverages, the
 * server, or who may read which file (the client decides that).
 */
package org.tessera.gdal;
