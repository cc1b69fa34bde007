package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A band of a raster file.
 *
 * @param noData the nodata value, {@link Long} for 64-bit integers and {@link Double} (NaN
 *     included) else; null for none
 * @param color GDAL's colour interpretation: {@code Gray}, {@code Red}, {@code Palette}, {@code
 *     Undefined}, ...
 * @param palette the colour table, an entry being 0xAARRGGBB; empty for none
 * @param scale physical value = cell * scale + offset; null if the file says nothing
 * @param offset see {@code scale}
 * @param description the band's name; empty for none
 * @param unit empty for none
 * @param metadata by domain (the default domain is the empty name), then by key
 * @param maskFlags GDAL's mask flags (1 all valid, 2 one mask for all bands, 4 alpha, 8 nodata)
 * @param blockWidth the natural block to read, in cells
 * @param blockHeight see {@code blockWidth}
 * @param overviews reduced versions in the file
 */
public record BandInfo(
    GdalType type,
    Number noData,
    String color,
    List<Integer> palette,
    Double scale,
    Double offset,
    String description,
    String unit,
    Map<String, Map<String, String>> metadata,
    int maskFlags,
    int blockWidth,
    int blockHeight,
    List<Size> overviews) {

  /** A size in cells. */
  public record Size(int width, int height) {}

  public BandInfo {
    palette = List.copyOf(palette);
    overviews = List.copyOf(overviews);
  }
}
