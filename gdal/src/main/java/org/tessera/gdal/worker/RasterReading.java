package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/** Reads a window of a raster file into the shared cells: band after band, rows top to bottom. */
final class RasterReading {
  private final GdalLibrary gdal;
  private final SharedCells cells;

  RasterReading(GdalLibrary gdal, SharedCells cells) {
    this.gdal = gdal;
    this.cells = cells;
  }

  Map<String, Object> read(MemorySegment dataset, Request request) {
    GdalType type = GdalType.of(request.text("type"));
    int x = request.int32("x");
    int y = request.int32("y");
    int width = request.int32("width");
    int height = request.int32("height");
    int[] bands = Arrays.stream(request.integers("bands")).mapToInt(Math::toIntExact).toArray();
    long rowBytes = (long) width * type.bytes();
    long bandBytes = Math.multiplyExact(rowBytes, height);
    MemorySegment target = cells.of(request, Math.multiplyExact(bandBytes, bands.length));
    checkSignedBytes(dataset, bands, type);
    try (Arena arena = Arena.ofConfined()) {
      gdal.errorReset.call();
      gdal.check(
          gdal.datasetRasterIo.integer(
              dataset,
              0,
              x,
              y,
              width,
              height,
              target,
              width,
              height,
              type.code(gdal),
              bands.length,
              arena.allocateFrom(ValueLayout.JAVA_INT, bands),
              (long) type.bytes(),
              rowBytes,
              bandBytes,
              MemorySegment.NULL),
          "the cells cannot be read");
    }
    return Map.of();
  }

  /** libgdal before 3.7 would convert signed bytes as if they were unsigned. */
  private void checkSignedBytes(MemorySegment dataset, int[] bands, GdalType type) {
    for (int band : bands) {
      MemorySegment handle =
          gdal.check(gdal.rasterBand.pointer(dataset, band), "there is no band " + band);
      GdalType stored = RasterDescription.type(gdal, handle);
      if (stored != type && (stored == GdalType.INT8 || type == GdalType.INT8)) {
        throw new GdalFailure(
            "band "
                + band
                + " holds "
                + stored
                + " and can be read as that type only, not as "
                + type);
      }
    }
  }
}
