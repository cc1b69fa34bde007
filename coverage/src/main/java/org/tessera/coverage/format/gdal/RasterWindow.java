package org.tessera.coverage.format.gdal;

/**
 * A part of a raster: columns {@code x} to {@code x + width - 1}, rows {@code y} to {@code y +
 * height - 1}, counted from 0 at the upper left as the file has it.
 */
public record RasterWindow(int x, int y, int width, int height) {
  public RasterWindow {
    if (x < 0 || y < 0 || width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "no window: " + x + ", " + y + ", " + width + " x " + height);
    }
  }

  /** The whole raster. */
  public static RasterWindow of(RasterInfo info) {
    return new RasterWindow(0, 0, info.width(), info.height());
  }
}
