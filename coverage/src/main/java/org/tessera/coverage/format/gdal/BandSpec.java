package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A band to write. What a format has no place for is left out silently.
 *
 * @param noData null for none
 * @param color GDAL's colour interpretation ({@code Red}, {@code Palette}, ...); null for the
 *     driver's own choice
 * @param palette the colour table, an entry being 0xAARRGGBB; empty for none
 * @param description the band's name; null for none
 * @param unit null for none
 * @param scale null for none
 * @param offset null for none
 * @param metadata of the default domain
 */
public record BandSpec(
    Double noData,
    String color,
    List<Integer> palette,
    String description,
    String unit,
    Double scale,
    Double offset,
    Map<String, String> metadata) {
  public BandSpec {
    palette = List.copyOf(palette);
  }

  /** A band with a name and perhaps a nodata value (null for none). */
  public static BandSpec of(String description, Double noData) {
    return new BandSpec(noData, null, List.of(), description, null, null, null, Map.of());
  }
}
