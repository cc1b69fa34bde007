package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A raster file, everything but its cells.
 *
 * @param driver GDAL's short name of the format
 * @param width in cells
 * @param height in cells
 * @param crs null for none
 * @param geoTransform null for none
 * @param gcpCount number of ground control points
 * @param gcpCrs their CRS; null for none
 * @param metadata by domain (the default domain is the empty name), then by key; among the domains
 *     {@code IMAGE_STRUCTURE}, {@code SUBDATASETS}, {@code RPC}. An {@code xml:} domain is one text
 *     under the empty key
 * @param files the files that make up the data set
 */
public record RasterInfo(
    String driver,
    int width,
    int height,
    List<BandInfo> bands,
    CrsInfo crs,
    GeoTransform geoTransform,
    int gcpCount,
    CrsInfo gcpCrs,
    Map<String, Map<String, String>> metadata,
    List<String> files) {
  public RasterInfo {
    bands = List.copyOf(bands);
    files = List.copyOf(files);
  }

  /** The metadata of one domain; empty for none. */
  public Map<String, String> metadata(String domain) {
    return metadata.getOrDefault(domain, Map.of());
  }
}
