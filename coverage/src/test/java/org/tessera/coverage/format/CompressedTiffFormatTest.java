package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.format.gdal.RasterInfo;
import org.tessera.engine.array.CellType;

class CompressedTiffFormatTest extends GdalFormatContract {
  @Override
  CoverageFormat format() {
    return named("tiff");
  }

  @Test
  void creation_options_go_to_gdal() throws IOException {
    Samples sample =
        Samples.map(CellType.INT16)
            .nil("-9999")
            .metadata("{\"Title\": \"T\"}")
            .options("{\"formatParameters\": {\"COMPRESS\": \"DEFLATE\"}}");
    RasterInfo info = workers.rasterInfo(file(sample, "map.tif"));
    assertEquals(3, info.width());
    assertEquals(-9999.0, info.bands().getFirst().noData());
    assertEquals("T", info.metadata("").get("Title"));
    assertEquals("4326", info.crs().code());
  }

  @Test
  void metadata_reads_the_same_whoever_wrote_it() throws IOException {
    for (String options : new String[] {"", "COMPRESS=DEFLATE"}) {
      Samples sample =
          Samples.map(CellType.UINT8).metadata("{\"Title\": \"Wind & <Waves>\"}").options(options);
      RasterInfo info = workers.rasterInfo(file(sample, "named.tif"));
      assertEquals("Wind & <Waves>", info.metadata("").get("Title"), options);
    }
  }
}
