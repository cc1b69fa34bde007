package org.tessera.importer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NoBandTest {
  @Test
  void subdatasets_are_listed_with_how_to_name_one() {
    String said =
        GdalSourceFiles.noBand(
            "/d/a.hdf",
            Map.of(
                "SUBDATASET_1_NAME", "HDF4_SDS:UNKNOWN:\"/d/a.hdf\":0",
                "SUBDATASET_1_DESC", "[458x24] Lat (16-bit integer)",
                "SUBDATASET_2_NAME", "HDF4_SDS:UNKNOWN:\"/d/a.hdf\":3",
                "SUBDATASET_2_DESC", "[458x24] Lon (16-bit integer)"));
    assertTrue(said.startsWith("/d/a.hdf: the file has no image of its own, but 2 subdatasets;"));
    assertTrue(said.contains("such as HDF4_SDS:UNKNOWN:\\\"/d/a.hdf\\\":0 (as JSON"), said);
    assertTrue(
        said.endsWith("\n  HDF4_SDS:UNKNOWN:\"/d/a.hdf\":3 ([458x24] Lon (16-bit integer))"), said);
  }

  @Test
  void a_file_without_anything_is_told() {
    assertEquals(
        "/d/a.hdf: the file has no image: GDAL finds no band in it",
        GdalSourceFiles.noBand("/d/a.hdf", Map.of()));
  }
}
