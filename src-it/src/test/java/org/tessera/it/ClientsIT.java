package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** What GDAL, OWSLib and netCDF's ncdump, as Debian has them, make of the server's answers. */
@ExtendWith(TesseraServer.Provider.class)
@TestInstance(Lifecycle.PER_CLASS)
class ClientsIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private final TesseraServer server;
  private Path folder;

  ClientsIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeAll
  void importTheDemo() throws IOException {
    server.needDemo();
    folder = Files.createDirectories(server.data().resolve("clients"));
  }

  @Test
  void gdalReadsACoverageThroughItsWcsDriver() throws IOException {
    need("gdalinfo");
    // GDAL keeps what it learns of a server under HOME.
    String output =
        success(
            "env",
            "HOME=" + folder,
            "gdalinfo",
            "WCS:" + server.ows() + "?version=2.0.1&coverage=etopo");
    assertTrue(output.contains("Size is 1081, 540"), output);
    assertTrue(output.contains("WGS 84"), output);
    String height =
        success(
            "env",
            "HOME=" + folder,
            "gdallocationinfo",
            "-valonly",
            "-geoloc",
            "WCS:" + server.ows() + "?version=2.0.1&coverage=etopo",
            "85.1666667",
            "28.8333333");
    assertEquals(6228.8125, Double.parseDouble(height.strip().lines().reduce((a, b) -> b).get()));
  }

  /**
   * A GeoTIFF in EPSG:4326 by the recipe map_mosaic: tuples of such coverages come column by
   * column, and GDAL must see all the same that rows of the image run along the longitude.
   */
  @Test
  void gdalSeesWidthAndHeightOfAMosaic() throws IOException {
    need("gdalinfo");
    need("gdal_translate");
    Path image = folder.resolve("mosaic.tif");
    Path text = folder.resolve("mosaic.asc");
    Files.writeString(
        text, "ncols 4\nnrows 2\nxllcorner 10\nyllcorner 50\ncellsize 0.5\n1 2 3 4\n5 6 7 8\n");
    success("gdal_translate", "-q", "-a_srs", "EPSG:4326", text.toString(), image.toString());
    Path ingredients =
        Files.writeString(
            folder.resolve("mosaic.json"),
            """
            { "config": { "service_url": "%s" }, "input": { "coverage_id": "clients_mosaic", "paths": ["mosaic.tif"] },
              "recipe": { "name": "map_mosaic", "options": {} } }
            """
                .formatted(server.ows()));
    TesseraServer.Output imported =
        server.tessera("import", List.of(ingredients.toString()), LIMIT);
    assertEquals(0, imported.exit(), imported::text);
    String name = "WCS:" + server.ows() + "?version=2.0.1&coverage=clients_mosaic";
    String output = success("env", "HOME=" + folder, "gdalinfo", name);
    assertTrue(output.contains("Size is 4, 2"), output);
    assertTrue(output.contains("Upper Left  (  10.0000000,  51.0000000)"), output);
    String value =
        success(
            "env",
            "HOME=" + folder,
            "gdallocationinfo",
            "-valonly",
            "-geoloc",
            name,
            "11.25",
            "50.75");
    assertEquals(3.0, Double.parseDouble(value.strip().lines().reduce((a, b) -> b).get()));
  }

  @Test
  void gdalReadsPartsOfACoverageByItsOwnRuleOfSubsets() throws IOException {
    need("gdalinfo");
    Path part = folder.resolve("part.tif");
    success(
        "env",
        "HOME=" + folder,
        "gdal_translate",
        "-projwin",
        "340",
        "60",
        "375",
        "30",
        "WCS:" + server.ows() + "?version=2.0.1&subsetting=gdal&coverage=etopo",
        part.toString());
    assertTrue(success("gdalinfo", part.toString()).contains("Size is 105, 90"));
  }

  @Test
  void geoTiffHasThePlaceAndTheCells() throws IOException, InterruptedException {
    need("gdalinfo");
    Path file =
        save(
            "alps.tif",
            server.ows(
                "service=WCS",
                "version=2.0.1",
                "request=GetCoverage",
                "coverageId=etopo",
                "subset=Lat(40,50)",
                "subset=Long(360,380)",
                "format=image/tiff"));
    String output = success("gdalinfo", "-stats", file.toString());
    assertTrue(output.contains("Driver: GTiff"), output);
    assertTrue(output.contains("Type=Float32"), output);
    assertTrue(output.contains("WGS 84"), output);
  }

  @Test
  void netCdfKeepsTimeAndFields() throws IOException, InterruptedException {
    need("ncdump");
    Path file =
        save(
            "sea.nc",
            server.ows(
                "service=WCS",
                "version=2.0.1",
                "request=GetCoverage",
                "coverageId=coads",
                "subset=Lat(-30,30)",
                "format=application/netcdf"));
    String output = success("ncdump", "-h", file.toString());
    for (String name : List.of("sst", "airt", "slp")) {
      assertTrue(output.contains("float " + name + "("), output);
    }
    assertTrue(output.contains("ansi = 12"), output);
    assertTrue(output.contains("_FillValue"), output);
  }

  @Test
  void owslibListsDescribesAndFetches() throws IOException {
    need("/usr/bin/python3");
    Assumptions.assumeTrue(
        TesseraServer.run(List.of("/usr/bin/python3", "-c", "import owslib"), LIMIT).exit() == 0,
        "python3-owslib is not installed");
    String program =
        """
        import sys
        from owslib.wcs import WebCoverageService
        wcs = WebCoverageService(sys.argv[1], version='2.0.1')
        print(sorted(c for c in wcs.contents if c in ('coads', 'etopo', 'levitus')))
        coverage = wcs.contents['coads']
        print(coverage.grid.axislabels, coverage.grid.highlimits)
        answer = wcs.getCoverage(identifier=['etopo'], format='image/tiff',
                                 subsets=[('Lat', 40, 50), ('Long', 360, 380)])
        print(answer.read()[:2])
        """;
    String output =
        success("/usr/bin/python3", "-c", program, server.ows() + "?service=WCS&version=2.0.1");
    assertTrue(output.contains("['coads', 'etopo', 'levitus']"), output);
    assertTrue(output.contains("b'II'") || output.contains("b'MM'"), output);
  }

  private Path save(String name, HttpResponse<byte[]> answer) throws IOException {
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    return Files.write(folder.resolve(name), answer.body());
  }

  private static String success(String... command) throws IOException {
    TesseraServer.Output output = TesseraServer.run(List.of(command), LIMIT);
    assertEquals(0, output.exit(), () -> String.join(" ", command) + "\n" + output.text());
    return output.text();
  }

  /**
   * Skips a test whose client is missing, except in CI, where {@code tessera test} has installed
   * it.
   */
  private static void need(String program) throws IOException {
    List<String> which = new ArrayList<>(List.of("sh", "-c", "command -v " + program));
    boolean there = TesseraServer.run(which, LIMIT).exit() == 0;
    if (System.getenv("CI") != null) {
      assertTrue(there, program + " is missing");
    }
    Assumptions.assumeTrue(there, program + " is not installed");
  }
}
