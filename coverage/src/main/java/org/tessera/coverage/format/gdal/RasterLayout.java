package org.tessera.coverage.format.gdal;

import java.util.List;

/**
 * What is needed to read the cells of a raster file, found out in a fraction of the time that a
 * {@link RasterInfo} takes.
 *
 * @param width in cells
 * @param height in cells
 */
public record RasterLayout(int width, int height, List<Band> bands) {
  public RasterLayout {
    bands = List.copyOf(bands);
  }

  /** A band; its components are those of {@link BandInfo}. */
  public record Band(
      GdalType type, Number noData, Double scale, Double offset, int blockWidth, int blockHeight) {}
}
