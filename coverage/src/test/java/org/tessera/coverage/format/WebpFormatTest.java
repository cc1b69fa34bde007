package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.tessera.engine.array.CellType;

class WebpFormatTest extends GdalFormatContract {
  @Override
  CoverageFormat format() {
    return named("webp");
  }

  @Test
  void one_band_is_written_as_three_alike() throws IOException {
    assertEquals(
        3, workers.rasterInfo(file(Samples.map(CellType.UINT8), "grey.webp")).bands().size());
    assertEquals(3, workers.rasterInfo(file(rgb(), "rgb.webp")).bands().size());
  }
}
