package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A raster file to write.
 *
 * @param driver GDAL's short name of the format: {@code GTiff}, {@code PNG}, {@code JPEG}, {@code
 *     JP2OpenJPEG}, ...
 * @param type the cell type of all bands
 * @param bands at least one
 * @param crs WKT, {@code EPSG:n}, or what else GDAL takes; null for none
 * @param geoTransform null for none
 * @param metadata of the default domain
 * @param options GDAL's creation options
 */
public record RasterSpec(
    String driver,
    GdalType type,
    int width,
    int height,
    List<BandSpec> bands,
    String crs,
    GeoTransform geoTransform,
    Map<String, String> metadata,
    Map<String, String> options) {
  public RasterSpec {
    bands = List.copyOf(bands);
    if (bands.isEmpty() || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "no raster: " + width + " x " + height + ", " + bands.size() + " bands");
    }
  }
}
