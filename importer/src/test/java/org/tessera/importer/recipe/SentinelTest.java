package org.tessera.importer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.run.DescribedFiles;

class SentinelTest {
  private static final String PRODUCT =
      "S2A_MSIL2A_20211101T105211_N0301_R051_T31UFA_20211101T140418";
  private static final List<String> INSIDE =
      List.of(
          "MTD_MSIL2A.xml",
          "GRANULE/L2A_T31UFA_A033224_20211101T105445/IMG_DATA/R10m/T31UFA_20211101T105211_B02_10m.jp2",
          "GRANULE/L2A_T31UFA_A033224_20211101T105445/IMG_DATA/R10m/T31UFA_20211101T105211_TCI_10m.jp2",
          "GRANULE/L2A_T31UFA_A033224_20211101T105445/IMG_DATA/R60m/T31UFA_20211101T105211_AOT_60m.jp2");

  @TempDir private Path folder;

  private List<Ingredients> read(String input, String recipe) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("i.json"),
            "{\"input\":{" + input + "},\"recipe\":{\"name\":\"" + recipe + "\",\"options\":{}}}");
    DescribedFiles described = new DescribedFiles();
    for (String r : List.of("10m", "60m", "TCI")) {
      described.image(r + ":EPSG_32631", 600000, 5800000, 10, 2, 2);
    }
    described.image("-001.tiff", 10, 50, 0.1, 2, 2);
    described.image("-002.tiff", 10, 50, 0.1, 2, 2);
    described.located("-003.tiff", 0.00012345);
    return Ingredients.readAll(file, DerivedRecipes.standard(), described);
  }

  private static List<String> ids(List<Ingredients> all) {
    return all.stream().map(i -> i.input().coverageId()).toList();
  }

  @Test
  void names_of_sentinel_1_images_tell_the_coverage() throws IOException {
    for (String name :
        List.of(
            "s1a-ew2-slc-hh-20190816t051823-20190816t051903-028590-033bd9-002.tiff",
            "s1a-ew5-slc-hh-20190822t051822-20190816t051905-028590-033bd9-001.tiff",
            "s1b-iw-grd-vv-20190816t172148-20190816t172213-017614-021234-001.tiff")) {
      Files.createFile(folder.resolve(name));
    }
    String input = "\"coverage_id\":\"S1_${modebeam}_${polarisation}\",\"paths\":[\"*.tiff\"]";
    List<Ingredients> all = read(input, "sentinel1");
    assertEquals(List.of("S1_EW_HH", "S1_IW_VV"), ids(all));
    assertEquals(2, all.getFirst().input().paths().size());
    assertEquals(List.of("S1_IW_VV"), ids(read(input + ",\"product\":\"GRD\"", "sentinel1")));
    ImportException e =
        assertThrows(
            ImportException.class, () -> read(input + ",\"polarisations\":[\"VH\"]", "sentinel1"));
    assertTrue(e.getMessage().contains("there are SLC EW HH, GRD IW VV"), e.getMessage());
  }

  @Test
  void sentinel_1_images_in_folders_and_zip_files_are_put_on_one_grid() throws IOException {
    String product = "S1B_IW_GRDH_1SDV_20190816T172148_20190816T172213_017614_021234_0001";
    String image = "s1b-iw-grd-vv-20190816t172148-20190816t172213-017614-021234-003.tiff";
    Path safe = folder.resolve(product + ".SAFE");
    Files.createDirectories(safe.resolve("measurement"));
    Files.createDirectories(safe.resolve("annotation/calibration"));
    Files.createFile(safe.resolve("measurement").resolve(image));
    Files.createFile(safe.resolve("annotation/calibration/calibration-x.xml"));
    Files.createFile(safe.resolve("manifest.safe"));
    Path zip = folder.resolve(product.replace("_0001", "_0002") + ".zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry(product + ".SAFE/measurement/" + image));
      out.closeEntry();
    }
    String input = "\"coverage_id\":\"S1_${modebeam}_${polarisation}\",\"paths\":[\"S1B*\"]";
    List<Ingredients> all = read(input, "sentinel1");
    assertEquals(List.of("S1_IW_VV"), ids(all));
    assertEquals(
        List.of(
            safe + "/measurement/" + image,
            "/vsizip/" + zip + "/" + product + ".SAFE/measurement/" + image),
        all.getFirst().input().paths());
    assertEquals(
        Map.of(
            "TESSERA_WARP_CRS", "EPSG:4326",
            "TESSERA_RESAMPLING", "near",
            "TESSERA_WARP_RESOLUTION", "0.000123"),
        all.getFirst().options().regrid().openOptions());
  }

  @Test
  void a_safe_folder_is_a_coverage_for_each_resolution() throws IOException {
    for (String name : INSIDE) {
      Path file = folder.resolve(PRODUCT + ".SAFE").resolve(name);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    String input =
        "\"coverage_id\":\"S2_${crsCode}_${resolution}_${level}\",\"paths\":[\"*.SAFE\"]";
    List<Ingredients> all = read(input, "sentinel2");
    assertEquals(List.of("S2_32631_10m_L2A", "S2_32631_60m_L2A", "S2_32631_TCI_L2A"), ids(all));
    assertEquals(
        List.of("SENTINEL2_L2A:" + folder + "/" + PRODUCT + ".SAFE/MTD_MSIL2A.xml:60m:EPSG_32631"),
        all.get(1).input().paths());
    assertEquals(
        List.of("S2_32631_60m_L2A"), ids(read(input + ",\"resolutions\":[\"60m\"]", "sentinel2")));
    assertThrows(ImportException.class, () -> read(input + ",\"crss\":[\"32632\"]", "sentinel2"));
  }

  @Test
  void a_zip_file_is_read_as_it_is() throws IOException {
    Path zip = folder.resolve(PRODUCT + ".zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : INSIDE) {
        out.putNextEntry(new ZipEntry(PRODUCT + ".SAFE/" + name));
        out.closeEntry();
      }
    }
    List<Ingredients> all =
        read(
            "\"coverage_id\":\"c_${resolution}\",\"paths\":[\"*.zip\"],\"resolutions\":[\"10m\"]",
            "sentinel2");
    assertEquals(
        List.of(
            "SENTINEL2_L2A:/vsizip/" + zip + "/" + PRODUCT + ".SAFE/MTD_MSIL2A.xml:10m:EPSG_32631"),
        all.getFirst().input().paths());
  }
}
