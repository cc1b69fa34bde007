package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.format.gdal.RasterInfo;
import org.tessera.engine.array.CellType;

class Jpeg2000FormatTest extends GdalFormatContract {
  @Override
  CoverageFormat format() {
    return named("image/jp2");
  }

  @Test
  void the_place_is_kept() throws IOException {
    RasterInfo info = workers.rasterInfo(file(Samples.map(CellType.UINT16), "map.jp2"));
    assertEquals(3, info.width());
    assertEquals(6.5, info.geoTransform().originX(), 1e-9);
    assertEquals(52.5, info.geoTransform().originY(), 1e-9);
  }
}
