package org.tessera.coverage.format.gdal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** n-dimensional files: what is written is read again, and others see it, too. */
class ArrayRoundTripTest {
  @TempDir static Path directory;
  static GdalWorkers workers;

  @BeforeAll
  static void openPool() {
    workers = TestPool.open(directory);
  }

  @AfterAll
  static void closePool() {
    if (workers != null) {
      workers.close();
    }
  }

  /** time (3) x lat (2) x lon (4). */
  private static ArrayFileSpec cube(List<VariableSpec> data, String crs) {
    List<VariableSpec> variables = new ArrayList<>();
    variables.add(
        VariableSpec.coordinates(
            "time",
            "days since 2000-01-01",
            List.of(0.0, 1.0, 31.5),
            List.of(Attribute.of("standard_name", "time"), Attribute.of("axis", "T"))));
    variables.add(
        VariableSpec.coordinates(
            "lat",
            "degrees_north",
            List.of(50.5, 49.5),
            List.of(Attribute.of("standard_name", "latitude"))));
    variables.add(
        VariableSpec.coordinates(
            "lon",
            "degrees_east",
            List.of(10.0, 11.0, 12.0, 13.0),
            List.of(Attribute.of("standard_name", "longitude"))));
    variables.addAll(data);
    return new ArrayFileSpec(
        "netCDF",
        List.of(
            new DimensionSpec("time", 3, "TEMPORAL", null),
            new DimensionSpec("lat", 2, "HORIZONTAL_Y", "NORTH"),
            new DimensionSpec("lon", 4, "HORIZONTAL_X", "EAST")),
        variables,
        List.of(
            Attribute.of("title", "Täst"),
            Attribute.of("numbers", GdalType.INT32, List.of(1.0, 2.0, 3.0)),
            Attribute.of("version", 1.5)),
        crs,
        Map.of("FORMAT", "NC4"));
  }

  private static Path write(GdalWorkers pool, ArrayFileSpec spec, List<CellArray> cells)
      throws IOException {
    Path file = Files.createTempFile(directory, "cube", ".nc");
    try (OutputStream out = Files.newOutputStream(file)) {
      pool.writeArrays(
          spec,
          (start, count) -> {
            assertArrayEquals(new long[] {0, 0, 0}, start);
            assertArrayEquals(new long[] {3, 2, 4}, count);
            return cells;
          },
          out);
    }
    return file;
  }

  private static CellArray counting(GdalType type, int cells) {
    CellArray result = CellArray.allocate(type, cells);
    for (int i = 0; i < cells; i++) {
      switch (result.values()) {
        case byte[] array -> array[i] = (byte) (i * 11);
        case short[] array -> array[i] = (short) (i * 2731);
        case int[] array -> array[i] = i * 178956970;
        case long[] array -> array[i] = i * 768614336404564650L;
        case float[] array -> array[i] = i / 3f;
        case double[] array -> array[i] = i / 3.0;
        default -> throw new AssertionError();
      }
    }
    return result;
  }

  @Test
  void aCubeOfTwoBandsIsReadAgain() throws IOException {
    CellArray temperature = counting(GdalType.FLOAT32, 24);
    CellArray quality = counting(GdalType.INT16, 24);
    ArrayFileSpec spec =
        cube(
            List.of(
                VariableSpec.streamed(
                    "temperature",
                    List.of("time", "lat", "lon"),
                    GdalType.FLOAT32,
                    -9999.0,
                    "K",
                    List.of(Attribute.of("long_name", "air temperature")),
                    true),
                VariableSpec.streamed(
                    "quality",
                    List.of("time", "lat", "lon"),
                    GdalType.INT16,
                    -1L,
                    null,
                    List.of(),
                    true)),
            "EPSG:4326");
    Path file = write(workers, spec, List.of(temperature, quality));
    GdalSource source = GdalSource.of(file.toString());
    GroupInfo root = workers.arrayInfo(source).root();
    assertEquals("Täst", root.attribute("title").orElseThrow().text());
    assertEquals("1, 2, 3", root.attribute("numbers").orElseThrow().text());
    assertEquals("1.5", root.attribute("version").orElseThrow().text());
    ArrayInfo array = root.array("temperature").orElseThrow();
    assertEquals(GdalType.FLOAT32, array.type());
    assertEquals("K", array.unit());
    assertEquals(-9999.0, array.noData());
    assertEquals("air temperature", array.attribute("long_name").orElseThrow().text());
    assertEquals(
        List.of("time", "lat", "lon"),
        array.dimensions().stream().map(DimensionInfo::name).toList());
    assertArrayEquals(new long[] {3, 2, 4}, array.shape());
    assertEquals("4326", array.crs().code());
    assertArrayEquals(
        (float[]) temperature.values(), (float[]) workers.readArray(source, array).values());
    ArrayInfo second = root.array("/quality").orElseThrow();
    assertEquals(-1.0, second.noData());
    assertArrayEquals(
        (short[]) quality.values(), (short[]) workers.readArray(source, second).values());
    ArrayInfo time = root.array("time").orElseThrow();
    assertEquals("days since 2000-01-01", time.unit());
    assertArrayEquals(
        new double[] {0, 1, 31.5}, (double[]) workers.readArray(source, time).values());
    CellArray slab =
        workers.readArray(
            source, array, new long[] {2, 1, 3}, new long[] {2, 1, 2}, new long[] {-2, 1, -2});
    float[] all = (float[]) temperature.values();
    assertArrayEquals(new float[] {all[23], all[21], all[7], all[5]}, (float[]) slab.values());
  }

  @ParameterizedTest
  @EnumSource(
      value = GdalType.class,
      names = {"CINT16", "CINT32", "CFLOAT32", "CFLOAT64"},
      mode = EnumSource.Mode.EXCLUDE)
  void netcdfKeepsEveryRealType(GdalType type) throws IOException {
    CellArray cells = counting(type, 24);
    ArrayFileSpec spec =
        cube(
            List.of(
                VariableSpec.streamed(
                    "v", List.of("time", "lat", "lon"), type, 1L, null, List.of(), false)),
            null);
    Path file = write(workers, spec, List.of(cells));
    GdalSource source = GdalSource.of(file.toString());
    ArrayInfo array = workers.arrayInfo(source).root().array("v").orElseThrow();
    assertEquals(type, array.type());
    assertEquals(1, array.noData().intValue());
    assertNull(array.crs());
    CellArray read = workers.readArray(source, array);
    for (int i = 0; i < 24; i++) {
      assertEquals(cells.number(i), read.number(i), "cell " + i);
    }
  }

  @Test
  void ncdumpSeesWhatWasWritten() throws IOException, InterruptedException {
    ArrayFileSpec spec =
        cube(
            List.of(
                new VariableSpec(
                    "label",
                    List.of("time"),
                    new VariableSpec.Text(),
                    null,
                    null,
                    List.of(),
                    new VariableSpec.Texts(List.of("a", "b", "ü")),
                    false,
                    Map.of()),
                new VariableSpec(
                    "v",
                    List.of("time", "lat", "lon"),
                    new VariableSpec.Numeric(GdalType.INT16),
                    -1L,
                    "m",
                    List.of(),
                    null,
                    true,
                    Map.of("COMPRESS", "DEFLATE", "ZLEVEL", "1"))),
            "EPSG:4326");
    Path file = write(workers, spec, List.of(counting(GdalType.INT16, 24)));
    GdalSource source = GdalSource.of(file.toString());
    ArrayInfo label = workers.arrayInfo(source).root().array("label").orElseThrow();
    assertTrue(label.isText());
    assertEquals(
        List.of("a", "b", "ü"),
        workers.readTexts(source, label, new long[] {0}, new long[] {3}, new long[] {1}));
    Process ncdump;
    try {
      ncdump = new ProcessBuilder("ncdump", file.toString()).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort("ncdump is not installed");
      return;
    }
    String text = new String(ncdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, ncdump.waitFor(), text);
    for (String line :
        List.of(
            "time = 3 ;",
            "lon = 4 ;",
            "double time(time) ;",
            "time:units = \"days since 2000-01-01\" ;",
            "short v(time, lat, lon) ;",
            "v:units = \"m\" ;",
            "v:_FillValue = -1s ;",
            "grid_mapping_name = \"latitude_longitude\" ;",
            ":title = \"Täst\" ;",
            ":version = 1.5 ;",
            "time = 0, 1, 31.5 ;",
            "0, 2731, 5462, 8193,")) {
      assertTrue(text.contains(line), () -> line + " is not in\n" + text);
    }
  }

  @Test
  void aCubeLargerThanTheSharedMemoryPassesInPieces() throws IOException {
    GdalWorkers.Settings small = TestPool.settings(directory).withCellsLimit(1 << 20);
    try (GdalWorkers pool = TestPool.open(small)) {
      int n = 100;
      ArrayFileSpec spec =
          new ArrayFileSpec(
              "netCDF",
              List.of(
                  new DimensionSpec("a", 3, null, null),
                  new DimensionSpec("b", n, null, null),
                  new DimensionSpec("c", 4000, null, null)),
              List.of(
                  VariableSpec.streamed(
                      "v", List.of("a", "b", "c"), GdalType.INT32, null, null, List.of(), false)),
              List.of(),
              null,
              Map.of());
      Path file = Files.createTempFile(directory, "large", ".nc");
      List<Long> slabs = new ArrayList<>();
      try (OutputStream out = Files.newOutputStream(file)) {
        pool.writeArrays(
            spec,
            (start, count) -> {
              CellArray cells = CellArray.allocate(GdalType.INT32, count[0] * count[1] * count[2]);
              slabs.add((long) cells.length());
              int first = (int) ((start[0] * n + start[1]) * 4000 + start[2]);
              for (int i = 0; i < cells.length(); i++) {
                ((int[]) cells.values())[i] = first + i;
              }
              return List.of(cells);
            },
            out);
      }
      assertTrue(slabs.size() == 6, slabs.toString());
      GdalSource source = GdalSource.of(file.toString());
      ArrayInfo array = pool.arrayInfo(source).root().array("v").orElseThrow();
      int[] read = (int[]) pool.readArray(source, array).values();
      assertEquals(3 * n * 4000, read.length);
      for (int i = 0; i < read.length; i++) {
        assertEquals(i, read[i]);
      }
    }
  }

  @Test
  void netcdfClassicIsDescribed() {
    Path file = Path.of("/work/shared/data/netcdf/basin_mask.nc");
    Assumptions.assumeTrue(Files.exists(file), file + " is not here");
    GdalSource source = GdalSource.of(file.toString());
    ArrayInfo basin = workers.arrayInfo(source).root().array("basin").orElseThrow();
    assertEquals(GdalType.INT8, basin.type());
    assertEquals(-100.0, basin.noData());
    assertArrayEquals(new long[] {33, 180, 360}, basin.shape());
    assertEquals("/Z", basin.dimensions().getFirst().coordinates());
    byte[] cells = (byte[]) workers.readArray(source, basin).values();
    long sum = 0;
    for (byte cell : cells) {
      sum += cell;
    }
    assertEquals(-91132117, sum);
  }

  @Test
  void everyArrayOfHdf4GribAndZarrIsReadUnderThePathThatItIsListedWith() {
    Path data = Path.of("/work/shared/data");
    Assumptions.assumeTrue(Files.exists(data), data + " is not here");
    for (String name :
        List.of("hdf4/grid_1_2d.hdf", "grib/regular_ll_sfc.grib", "zarr/cube-1-250-250.zarr")) {
      GdalSource source = GdalSource.of(data.resolve(name).toString());
      List<ArrayInfo> arrays = workers.arrayInfo(source).root().allArrays().toList();
      assertTrue(arrays.size() >= 3, name);
      for (ArrayInfo array : arrays) {
        long cells = 1;
        for (long extent : array.shape()) {
          cells *= extent;
        }
        assertEquals(cells, workers.readArray(source, array).length(), name + array.path());
      }
    }
  }
}
