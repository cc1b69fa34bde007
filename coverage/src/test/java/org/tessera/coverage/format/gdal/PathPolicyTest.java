package org.tessera.coverage.format.gdal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of files, and names that only look like such. */
class PathPolicyTest {
  @TempDir Path directory;
  Path inside;
  Path secret;
  PathPolicy policy;

  @BeforeEach
  void makeFiles() throws IOException {
    Path root = Files.createDirectory(directory.resolve("data"));
    inside = Files.writeString(root.resolve("a b.nc"), "x");
    Files.writeString(root.resolve("c.zip"), "x");
    secret = Files.writeString(directory.resolve("secret.tif"), "x");
    Files.createSymbolicLink(root.resolve("link.tif"), secret);
    policy = PathPolicy.under(List.of(root, directory.resolve("missing")));
  }

  private void assertAllowed(String name) {
    assertEquals("", policy.refusal(name).orElse(""), name);
  }

  private void assertRefused(String name) {
    assertEquals(true, policy.refusal(name).isPresent(), name);
  }

  @Test
  void filesBelowARootAndTheirPartsAreAllowed() {
    assertAllowed(inside.toString());
    assertAllowed(inside.getParent().toString());
    assertAllowed("NETCDF:\"" + inside + "\":v");
    assertAllowed("NETCDF:" + inside + ":v");
    assertAllowed("HDF5:\"" + inside + "\"://group/v");
    assertAllowed("HDF4_SDS:UNKNOWN:\"" + inside + "\":0");
    assertAllowed("HDF4_EOS:EOS_SWATH:\"" + inside + "\":mod04:Optical_Depth");
    assertAllowed("HDF4_EOS:EOS_GRID:\"" + inside + "\":grid:temperature");
    assertAllowed("GTIFF_DIR:2:" + inside);
    assertAllowed("/vsigzip/" + inside);
    assertAllowed("/vsizip/" + inside.resolveSibling("c.zip") + "/in/it.tif");
    assertAllowed("NETCDF:\"/vsigzip/" + inside + "\":v");
  }

  @Test
  void filesElsewhereAreRefused() {
    assertRefused(secret.toString());
    assertRefused(inside.getParent() + "/../secret.tif");
    assertRefused(inside.resolveSibling("link.tif").toString());
    assertRefused("NETCDF:\"" + secret + "\":v");
    assertRefused("HDF4_EOS:EOS_SWATH:\"" + secret + "\":mod04:Optical_Depth");
    assertRefused("/vsigzip/" + secret);
    assertRefused("/vsizip/" + secret + "/x.tif");
    assertRefused("a.tif");
    assertRefused("");
    assertRefused("/etc/passwd");
    assertRefused("/dev/zero");
  }

  @Test
  void namesThatAreNoFilesAreRefused() {
    for (String name :
        List.of(
            "WMS:http://example.com/wms",
            "WCS:http://example.com/wcs",
            "<VRTDataset rasterXSize=\"1\"/>",
            "<GDAL_WMS></GDAL_WMS>",
            "http://example.com/a.tif",
            "/vsicurl/http://example.com/a.tif",
            "/vsis3/bucket/a.tif",
            "/vsistdin/",
            "/vsimem/a.tif",
            "/vsisubfile/0_10," + inside,
            "/vsizip/{" + secret + "}/a.tif",
            "/vsigzip//vsicurl/http://example.com/a.gz",
            "PG:host=localhost dbname=x",
            "PLMosaic:api_key=x",
            "vrt://" + inside,
            "DERIVED_SUBDATASET:AMPLITUDE:" + secret,
            "MEM:::DATAPOINTER=1,PIXELS=1,LINES=1",
            "ZARR:\"/vsicurl/http://example.com/a.zarr\"",
            "NETCDF:http://example.com/dap:v",
            "NETCDF:\"" + inside + "\"x:\"" + secret + "\":v",
            inside + "\n" + secret)) {
      assertRefused(name);
    }
  }

  @Test
  void remoteFilesAreAllowedWhereTheCallerSaysSo() {
    policy =
        PathPolicy.underOrRemote(
            List.of(inside.getParent()), List.of("https://example.com/data", "s3://bucket/a/"));
    assertAllowed("/vsicurl/https://example.com/data/a.tif");
    assertAllowed("/vsigzip//vsicurl/https://example.com/data/a.gz");
    assertAllowed("NETCDF:\"/vsicurl/https://example.com/data/a.nc\":v");
    assertAllowed("/vsis3/bucket/a/b.tif");
    for (String name :
        List.of(
            "http://example.com/data/a.tif",
            "/vsicurl/http://example.com/data/a.tif",
            "/vsicurl/https://example.com/a.tif",
            "/vsicurl/https://example.com/database/a.tif",
            "/vsicurl/https://example.com/data/../a.tif",
            "/vsicurl/https://example.com/data/%2e%2E/a.tif",
            "/vsicurl/https://example.com/data/x%2f..%2f../a.tif",
            "/vsicurl/https://example.com/data/..",
            "/vsicurl/https://example.com/data/..\\a.tif",
            "/vsicurl/https://example.com.evil.org/data/a.tif",
            "/vsicurl/https://example.com@evil.org/data/a.tif",
            "/vsicurl?url=https://example.com/data/a.tif",
            "/vsis3/bucket/b.tif",
            "/vsis3/bucket/a/../b.tif",
            "/vsigs/bucket/a/b.tif")) {
      assertRefused(name);
    }
  }

  @Test
  void aRefusedNameNeverReachesAWorker() {
    try (GdalWorkers workers = TestPool.open(directory)) {
      GdalException e =
          assertThrows(GdalException.class, () -> workers.rasterInfo(GdalSource.of("/etc/passwd")));
      assertEquals(GdalException.Kind.REFUSED, e.kind());
      assertEquals(
          "/etc/passwd is not read: the file lies outside the directories that may be read",
          e.getMessage());
    }
  }

  @Test
  void theKernelConfinesTheWorkerWhateverThePolicySays() throws IOException {
    Assumptions.assumeTrue(
        Integer.parseInt(System.getProperty("os.version").split("[.]", -1)[0]) >= 6,
        "this kernel may lack Landlock");
    Path root = inside.getParent();
    GdalWorkers.Settings s = TestPool.settings(directory);
    Path readable = root.resolve("t.tif");
    try (GdalWorkers workers = TestPool.open(s);
        OutputStream out = Files.newOutputStream(readable)) {
      workers.writeRaster(
          new RasterSpec(
              "GTiff",
              GdalType.UINT8,
              1,
              1,
              List.of(BandSpec.of("b", null)),
              null,
              null,
              Map.of(),
              Map.of()),
          (start, count) -> List.of(CellArray.allocate(GdalType.UINT8, 1)),
          out);
    }
    Files.copy(readable, secret, StandardCopyOption.REPLACE_EXISTING);
    PathPolicy careless =
        new PathPolicy() {
          @Override
          public Optional<String> refusal(String name) {
            return Optional.empty();
          }

          @Override
          public List<Path> roots() {
            return List.of(root);
          }
        };
    GdalWorkers.Settings confined =
        new GdalWorkers.Settings(
            s.jar(),
            s.java(),
            1,
            s.timeLimit(),
            s.memoryLimit(),
            s.scratch(),
            s.cellsLimit(),
            s.drivers(),
            false,
            careless);
    try (GdalWorkers workers = TestPool.open(confined)) {
      assertEquals(1, workers.rasterInfo(GdalSource.of(readable.toString())).width());
      GdalException e =
          assertThrows(
              GdalException.class, () -> workers.rasterInfo(GdalSource.of(secret.toString())));
      assertEquals(GdalException.Kind.FAILED, e.kind());
      assertEquals(
          "reading " + secret + " failed: " + secret + ": Permission denied", e.getMessage());
    }
  }
}
