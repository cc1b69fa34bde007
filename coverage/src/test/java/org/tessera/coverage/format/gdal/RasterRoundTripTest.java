package org.tessera.coverage.format.gdal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link GdalWorkers} writes, it reads again. */
class RasterRoundTripTest {
  @TempDir static Path directory;
  static GdalWorkers workers;

  @BeforeAll
  static void openPool() {
    workers = TestPool.open(directory);
  }

  @AfterAll
  static void nothingIsLeftBehind() throws IOException {
    if (workers != null) {
      workers.close();
      try (Stream<Path> left = Files.list(directory.resolve("scratch"))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  /** Cell i of a band is i * 7 + band, with extreme values where the type has them. */
  private static CellArray sample(GdalType type, int cells, int band) {
    CellArray result = CellArray.allocate(type, cells);
    int elements = type.isComplex() ? 2 * cells : cells;
    for (int i = 0; i < elements; i++) {
      int value = i * 7 + band;
      switch (result.values()) {
        case byte[] array -> array[i] = (byte) value;
        case short[] array -> array[i] = (short) (value * 257 + 0x8000);
        case int[] array -> array[i] = value * 0x01010101;
        case long[] array -> array[i] = value * 0x0101010101010101L;
        case float[] array -> array[i] = value == 7 ? Float.NaN : value / 3f;
        case double[] array -> array[i] = value == 7 ? Double.NEGATIVE_INFINITY : value / 3.0;
        default -> throw new AssertionError();
      }
    }
    return result;
  }

  private static Path write(RasterSpec spec, List<CellArray> bands) throws IOException {
    Path file = Files.createTempFile(directory, "written", ".dat");
    int width = spec.width();
    try (OutputStream out = Files.newOutputStream(file)) {
      workers.writeRaster(
          spec,
          (start, count) -> {
            List<CellArray> slab = new ArrayList<>();
            for (CellArray band : bands) {
              slab.add(part(band, width, start, count));
            }
            return slab;
          },
          out);
    }
    return file;
  }

  /** A box out of a whole 2-D band. */
  private static CellArray part(CellArray whole, int width, long[] start, long[] count) {
    CellArray result = CellArray.allocate(whole.type(), count[0] * count[1]);
    int factor = whole.type().isComplex() ? 2 : 1;
    for (int row = 0; row < count[0]; row++) {
      int from = (int) ((start[0] + row) * width + start[1]) * factor;
      int length = (int) count[1] * factor;
      System.arraycopy(whole.values(), from, result.values(), row * length, length);
    }
    return result;
  }

  private static RasterSpec spec(String driver, GdalType type, int width, int height, int bands) {
    List<BandSpec> specs = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      specs.add(BandSpec.of("b" + b, null));
    }
    return new RasterSpec(
        driver,
        type,
        width,
        height,
        specs,
        "EPSG:4326",
        GeoTransform.of(110.5, 0.25, -10, -0.25),
        Map.of(),
        Map.of());
  }

  private static void assertSameCells(CellArray expected, CellArray actual) {
    assertEquals(expected.type(), actual.type());
    switch (expected.values()) {
      case byte[] array -> assertArrayEquals(array, (byte[]) actual.values());
      case short[] array -> assertArrayEquals(array, (short[]) actual.values());
      case int[] array -> assertArrayEquals(array, (int[]) actual.values());
      case long[] array -> assertArrayEquals(array, (long[]) actual.values());
      case float[] array -> assertArrayEquals(array, (float[]) actual.values());
      case double[] array -> assertArrayEquals(array, (double[]) actual.values());
      default -> throw new AssertionError();
    }
  }

  @ParameterizedTest
  @EnumSource(GdalType.class)
  void geoTiffKeepsEveryType(GdalType type) throws IOException {
    List<CellArray> bands = List.of(sample(type, 15, 0), sample(type, 15, 1));
    Path file = write(spec("GTiff", type, 5, 3, 2), bands);
    GdalSource source = GdalSource.of(file.toString());
    RasterInfo info = workers.rasterInfo(source);
    assertEquals("GTiff", info.driver());
    assertEquals(List.of("b0", "b1"), info.bands().stream().map(BandInfo::description).toList());
    assertEquals("4326", info.crs().code());
    assertEquals(List.of(2, 1), info.crs().axisMapping());
    assertEquals(GeoTransform.of(110.5, 0.25, -10, -0.25), info.geoTransform());
    List<CellArray> read = workers.readRaster(source, info, RasterWindow.of(info));
    assertSameCells(bands.get(0), read.get(0));
    assertSameCells(bands.get(1), read.get(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PNG", "JP2OpenJPEG", "BMP", "GIF", "WEBP", "HDF4Image", "netCDF", "COG"})
  void losslessFormatsKeepBytes(String driver) throws IOException {
    int bands = driver.equals("GIF") || driver.equals("netCDF") ? 1 : 3;
    List<CellArray> cells = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      cells.add(sample(GdalType.UINT8, 64 * 32, b));
    }
    Map<String, String> options =
        switch (driver) {
          case "JP2OpenJPEG" -> Map.of("QUALITY", "100", "REVERSIBLE", "YES", "YCBCR420", "NO");
          case "WEBP" -> Map.of("LOSSLESS", "YES");
          default -> Map.of();
        };
    RasterSpec plain = spec(driver, GdalType.UINT8, 64, 32, bands);
    Path file =
        write(
            new RasterSpec(
                driver,
                plain.type(),
                64,
                32,
                plain.bands(),
                plain.crs(),
                plain.geoTransform(),
                Map.of(),
                options),
            cells);
    GdalSource source = GdalSource.of(file.toString());
    RasterInfo info = workers.rasterInfo(source);
    List<CellArray> read = workers.readRaster(source, info, RasterWindow.of(info));
    for (int b = 0; b < bands; b++) {
      assertSameCells(cells.get(b), read.get(b));
    }
  }

  @Test
  void jpegIsClose() throws IOException {
    CellArray cells = CellArray.allocate(GdalType.UINT8, 64 * 64);
    for (int i = 0; i < 64 * 64; i++) {
      ((byte[]) cells.values())[i] = (byte) (i % 64 * 4);
    }
    Path file = write(spec("JPEG", GdalType.UINT8, 64, 64, 1), List.of(cells));
    GdalSource source = GdalSource.of(file.toString());
    RasterInfo info = workers.rasterInfo(source);
    assertEquals("JPEG", info.driver());
    CellArray read = workers.readRaster(source, info, RasterWindow.of(info)).getFirst();
    for (int i = 0; i < 64 * 64; i++) {
      assertEquals(cells.number(i), read.number(i), 16, "cell " + i);
    }
  }

  @Test
  void nodataPaletteUnitScaleAndMetadataAreKept() throws IOException {
    List<Integer> palette = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      palette.add(0xff000000 | i << 16 | (255 - i));
    }
    RasterSpec spec =
        new RasterSpec(
            "GTiff",
            GdalType.UINT8,
            4,
            2,
            List.of(
                new BandSpec(
                    9.0, "Palette", palette, "red", "m", 0.5, 10.0, Map.of("colour", "warm"))),
            "EPSG:32633",
            GeoTransform.of(500000, 10, 0, -10),
            Map.of("TIFFTAG_SOFTWARE", "Tessera", "a key", "with = signs"),
            Map.of("COMPRESS", "DEFLATE"));
    Path file = write(spec, List.of(sample(GdalType.UINT8, 8, 0)));
    RasterInfo info = workers.rasterInfo(GdalSource.of(file.toString()));
    BandInfo band = info.bands().getFirst();
    assertEquals(9.0, band.noData());
    assertEquals("Palette", band.color());
    palette.set(9, palette.get(9) & 0xffffff); // GDAL makes the nodata value's colour transparent
    assertEquals(palette, band.palette());
    assertEquals("m", band.unit());
    assertEquals(0.5, band.scale());
    assertEquals(10.0, band.offset());
    assertEquals(Map.of("colour", "warm"), band.metadata().get(""));
    assertEquals("Tessera", info.metadata("").get("TIFFTAG_SOFTWARE"));
    assertEquals("with = signs", info.metadata("").get("a key"));
    assertEquals("DEFLATE", info.metadata("IMAGE_STRUCTURE").get("COMPRESSION"));
    assertEquals("EPSG", info.crs().authority());
    assertEquals("32633", info.crs().code());
  }

  @Test
  void aRasterLargerThanTheSharedMemoryPassesInPieces() throws IOException {
    GdalWorkers.Settings small = TestPool.settings(directory).withCellsLimit(1 << 20);
    try (GdalWorkers pool = TestPool.open(small)) {
      int width = 3000;
      int height = 1100;
      RasterSpec spec = spec("GTiff", GdalType.INT32, width, height, 2);
      Path file = Files.createTempFile(directory, "large", ".tif");
      List<Long> slabCells = new ArrayList<>();
      try (OutputStream out = Files.newOutputStream(file)) {
        pool.writeRaster(
            spec,
            (start, count) -> {
              slabCells.add(count[0] * count[1]);
              List<CellArray> slab = new ArrayList<>();
              for (int b = 0; b < 2; b++) {
                CellArray cells = CellArray.allocate(GdalType.INT32, count[0] * count[1]);
                for (int i = 0; i < cells.length(); i++) {
                  ((int[]) cells.values())[i] = (int) (start[0] * width + i) * (b + 1);
                }
                slab.add(cells);
              }
              return slab;
            },
            out);
      }
      assertTrue(
          slabCells.size() > 20 && slabCells.getFirst() * 8 <= 1 << 20, slabCells.toString());
      GdalSource source = GdalSource.of(file.toString());
      RasterInfo info = pool.rasterInfo(source);
      CellArray second =
          pool.readRaster(source, RasterWindow.of(info), new int[] {2}, GdalType.INT32).getFirst();
      for (int i = 0; i < width * height; i++) {
        assertEquals(2 * i, ((int[]) second.values())[i]);
      }
      CellArray window =
          pool.readRaster(source, new RasterWindow(10, 20, 2, 2), new int[] {1}, GdalType.FLOAT64)
              .getFirst();
      assertArrayEquals(new double[] {60010, 60011, 63010, 63011}, (double[]) window.values());
    }
  }

  @Test
  void aRowLargerThanTheSharedMemoryPassesInPieces() throws IOException {
    GdalWorkers.Settings small = TestPool.settings(directory).withCellsLimit(1 << 20);
    try (GdalWorkers pool = TestPool.open(small)) {
      int width = 400_000;
      Path file = Files.createTempFile(directory, "wide", ".tif");
      try (OutputStream out = Files.newOutputStream(file)) {
        pool.writeRaster(
            spec("GTiff", GdalType.FLOAT64, width, 2, 1),
            (start, count) -> {
              CellArray cells = CellArray.allocate(GdalType.FLOAT64, count[0] * count[1]);
              for (int i = 0; i < cells.length(); i++) {
                ((double[]) cells.values())[i] = start[0] * width + start[1] + i;
              }
              return List.of(cells);
            },
            out);
      }
      GdalSource source = GdalSource.of(file.toString());
      RasterInfo info = pool.rasterInfo(source);
      double[] read =
          (double[]) pool.readRaster(source, info, RasterWindow.of(info)).getFirst().values();
      for (int i = 0; i < 2 * width; i++) {
        assertEquals(i, read[i]);
      }
    }
  }

  @Test
  void aDriverThatCannotWriteTheTypeSaysSo() {
    RasterSpec spec = spec("PNG", GdalType.FLOAT64, 4, 2, 7);
    List<CellArray> bands = new ArrayList<>();
    for (int b = 0; b < 7; b++) {
      bands.add(sample(GdalType.FLOAT64, 8, b));
    }
    GdalException e = assertThrows(GdalException.class, () -> write(spec, bands));
    assertEquals(GdalException.Kind.FAILED, e.kind());
    assertTrue(e.getMessage().startsWith("writing a PNG file failed: "), e.getMessage());
  }

  @Test
  void anUnknownDriverSaysSo() {
    GdalException e =
        assertThrows(
            GdalException.class,
            () ->
                write(
                    spec("Nonsense", GdalType.UINT8, 1, 1, 1),
                    List.of(sample(GdalType.UINT8, 1, 0))));
    assertTrue(e.getMessage().contains("no driver Nonsense"), e.getMessage());
  }

  @Test
  void aFaultOfTheCallerLeavesThePoolUsable() throws IOException {
    RasterSpec spec = spec("GTiff", GdalType.UINT8, 4, 2, 1);
    assertThrows(
        IllegalStateException.class,
        () ->
            workers.writeRaster(
                spec,
                (start, count) -> {
                  throw new IllegalStateException("no cells");
                },
                OutputStream.nullOutputStream()));
    assertTrue(Files.size(write(spec, List.of(sample(GdalType.UINT8, 8, 0)))) > 8);
  }

  @Test
  void theFormatsAreListed() {
    List<DriverInfo> drivers = workers.drivers();
    DriverInfo tiff =
        drivers.stream().filter(driver -> driver.name().equals("GTiff")).findFirst().orElseThrow();
    assertEquals("image/tiff", tiff.mediaType());
    assertEquals(List.of("tif", "tiff"), tiff.extensions());
    assertTrue(tiff.canWrite());
    assertTrue(drivers.stream().noneMatch(driver -> driver.name().equals("VRT")));
    assertTrue(drivers.stream().noneMatch(driver -> driver.name().equals("WMS")));
  }

  @Test
  void cellsAreReprojected() {
    // 2 x 2 cells of 10 degrees; the same grid in EPSG:3857 by its bounds' projections.
    CellArray cells = CellArray.allocate(GdalType.INT16, 4);
    System.arraycopy(new short[] {1, 2, 3, 4}, 0, cells.values(), 0, 4);
    double tenDegrees = 1113194.9079327357;
    WarpSpec spec =
        new WarpSpec(
            new WarpGrid("EPSG:4326", GeoTransform.of(0, 10, 10, -10), 2, 2),
            new WarpGrid(
                "EPSG:3857",
                GeoTransform.of(-tenDegrees, tenDegrees, tenDegrees, -tenDegrees),
                4,
                2),
            Resampling.NEAR,
            List.of(-1.0),
            List.of(-1.0),
            0);
    CellArray warped = workers.warp(spec, List.of(cells)).getFirst();
    assertArrayEquals(new short[] {-1, 1, 2, -1, -1, 3, 4, -1}, (short[]) warped.values());
  }

  @Test
  void filesAreReadWhileAFileIsWrittenWhateverTheNumberOfWorkers() throws IOException {
    Path file =
        write(spec("GTiff", GdalType.UINT8, 4, 2, 1), List.of(sample(GdalType.UINT8, 8, 3)));
    GdalSource source = GdalSource.of(file.toString());
    try (GdalWorkers one = TestPool.open(TestPool.settings(directory).withMaxWorkers(1))) {
      RasterInfo info = one.rasterInfo(source);
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      one.writeRaster(
          spec("PNG", GdalType.UINT8, 4, 2, 1),
          (start, count) -> one.readRaster(source, info, RasterWindow.of(info)),
          copy);
      assertEquals("PNG", new String(copy.toByteArray(), 1, 3, StandardCharsets.US_ASCII));
    }
  }
}
