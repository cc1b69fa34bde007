package org.tessera.coverage.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.ArrayFileSpec;
import org.tessera.coverage.format.gdal.Attribute;
import org.tessera.coverage.format.gdal.CellArray;
import org.tessera.coverage.format.gdal.DimensionSpec;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.PathPolicy;
import org.tessera.coverage.format.gdal.VariableSpec;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.coverage.request.SourceLayout.FixedDimension;
import org.tessera.coverage.request.SourceLayout.SourceAxis;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;

class FileCellsTest {
  @TempDir static Path directory;
  static GdalWorkers workers;
  static Path image;
  static Path cube;

  @BeforeAll
  static void makeTheFiles() throws IOException {
    workers =
        GdalWorkers.open(
            GdalWorkers.Settings.standard(
                directory.resolve("scratch"), PathPolicy.under(List.of(directory))));
    try {
      var unused = workers.drivers();
    } catch (GdalException e) {
      workers.close();
      if (e.getMessage().contains("libgdal32")) {
        Assumptions.abort(e.getMessage());
      }
      throw e;
    }
    image =
        Files.writeString(
            directory.resolve("image.asc"),
            """
            ncols 3
            nrows 2
            xllcorner 0
            yllcorner 0
            cellsize 1
            NODATA_value -9999
            11 12 13
            21 22 -9999
            """);
    cube = directory.resolve("cube.nc");
    // The value of a cell is 100 t + 10 y + x.
    CellArray cells = CellArray.allocate(GdalType.INT16, 24);
    for (int i = 0; i < 24; i++) {
      ((short[]) cells.values())[i] = (short) (100 * (i / 12) + 10 * (i / 4 % 3) + i % 4);
    }
    ArrayFileSpec spec =
        new ArrayFileSpec(
            "netCDF",
            List.of(
                new DimensionSpec("t", 2, "TEMPORAL", null),
                new DimensionSpec("y", 3, "HORIZONTAL_Y", "NORTH"),
                new DimensionSpec("x", 4, "HORIZONTAL_X", "EAST")),
            List.of(
                VariableSpec.streamed(
                    "v",
                    List.of("t", "y", "x"),
                    GdalType.INT16,
                    -1.0,
                    "1",
                    List.of(Attribute.of("scale_factor", 0.5), Attribute.of("add_offset", 1.0)),
                    true)),
            List.of(),
            null,
            Map.of("FORMAT", "NC4"));
    try (OutputStream out = Files.newOutputStream(cube)) {
      workers.writeArrays(spec, (start, count) -> List.of(cells), out);
    }
  }

  @AfterAll
  static void close() {
    if (workers != null) {
      workers.close();
    }
  }

  private static SourceAxis axis(String label, boolean reversed, long start, long count) {
    return new SourceAxis(label, Optional.of(label), reversed, start, count);
  }

  private static SourceLayout cubeLayout(boolean unpack, FixedDimension fixed, SourceAxis... axes) {
    return new SourceLayout(
        SourceLayout.Reader.ARRAYS,
        SourceLayout.FILE,
        -1,
        Optional.empty(),
        unpack,
        List.of("v"),
        List.of(axes),
        fixed == null ? List.of() : List.of(fixed));
  }

  private static Cells read(
      Path file, SourceLayout layout, List<String> labels, long[] offset, Band band, long... size) {
    return FileCells.open(workers, file.toString(), layout)
        .read(labels, offset, GridEnvelope.ofSize(size), List.of(band))
        .band(0);
  }

  @Test
  void aPlainImageHasRowsOnTheLastAxisButOneAndColumnsOnTheLast() {
    SourceLayout layout = FileCells.imageLayout(workers, image.toString(), List.of("t", "y", "x"));
    assertEquals(3, layout.axis("x").orElseThrow().count());
    assertEquals(2, layout.axis("y").orElseThrow().count());
    assertEquals(
        List.of(CellType.INT32), FileCells.open(workers, image.toString(), layout).types());
    Cells cells =
        read(image, layout, List.of("t", "y", "x"), new long[3], new Band(CellType.INT32), 1, 2, 3);
    assertArrayEquals(new int[] {11, 12, 13, 21, 22, -9999}, cells.ints());
  }

  @Test
  void cellsAreReadFromAnOffsetAndSaturateInANarrowerType() {
    SourceLayout layout = FileCells.imageLayout(workers, image.toString(), List.of("y", "x"));
    Cells cells =
        read(image, layout, List.of("y", "x"), new long[] {1, 1}, new Band(CellType.UINT8), 1, 2);
    assertArrayEquals(new byte[] {22, 0}, cells.bytes());
  }

  private static Path resource(String name) throws IOException {
    Path file = directory.resolve(name);
    try (InputStream in = FileCellsTest.class.getResourceAsStream(name)) {
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private static SourceLayout regridded(String crs, String resampling, long rows, long columns) {
    return new SourceLayout(
        SourceLayout.Reader.RASTER,
        SourceLayout.FILE,
        -1,
        Optional.of(new SourceLayout.Regrid(Optional.ofNullable(crs), resampling)),
        false,
        List.of("1"),
        List.of(axis("y", false, 0, rows), axis("x", false, 0, columns)),
        List.of());
  }

  @Test
  void anImageWithGroundControlPointsIsReadOnTheGridThatTheySpan() throws IOException {
    // 8 x 8 cells of one degree from 10 E, 50 N on, with the values 1 to 64.
    SourceLayout layout = regridded("EPSG:4326", "near", 8, 8);
    Cells cells =
        read(
            resource("gcps.tif"),
            layout,
            List.of("y", "x"),
            new long[] {2, 3},
            new Band(CellType.UINT8),
            2,
            2);
    assertArrayEquals(new byte[] {20, 21, 28, 29}, cells.bytes());
    assertEquals(layout, SourceLayout.parse(layout.toJson()));
  }

  @Test
  void rowsOfAReducedGridGetAsManyCellsAsTheLongest() throws IOException {
    // Of row r the point p has the value (7 r + p) modulo 251; row 0 has 20 points, row 32 has 128.
    Path file = resource("reduced.grib");
    Band band = new Band(CellType.FLOAT64);
    FileCells near;
    try {
      near = FileCells.open(workers, file.toString(), regridded(null, "near", 64, 128));
    } catch (GdalException e) {
      Assumptions.assumeFalse(e.getMessage().contains("libeccodes0"), e.getMessage());
      throw e;
    }
    List<String> labels = List.of("y", "x");
    double[] first =
        near.read(labels, new long[2], GridEnvelope.ofSize(1, 128), List.of(band))
            .band(0)
            .doubles();
    for (int i = 0; i < 128; i++) {
      assertEquals((int) Math.floor(i * 20 / 128.0 + 0.5) % 20, first[i], "column " + i);
    }
    double[] widest =
        near.read(labels, new long[] {32, 4}, GridEnvelope.ofSize(1, 2), List.of(band))
            .band(0)
            .doubles();
    assertArrayEquals(new double[] {228, 229}, widest);
    double[] between =
        read(file, regridded(null, "bilinear", 64, 128), labels, new long[2], band, 1, 4).doubles();
    assertArrayEquals(new double[] {0, 0.15625, 0.3125, 0.46875}, between, 1e-12);
  }

  @Test
  void dimensionsOfAFileAreTurnedIntoArrayOrder() {
    SourceLayout layout =
        cubeLayout(
            false, new FixedDimension("t", 1), axis("x", false, 1, 3), axis("y", true, 0, 3));
    // Array order x, y; y reversed: file rows 2, 1, 0.
    Cells cells =
        read(cube, layout, List.of("x", "y"), new long[2], new Band(CellType.INT16), 3, 3);
    assertArrayEquals(new short[] {121, 111, 101, 122, 112, 102, 123, 113, 103}, cells.shorts());
    // The second half of a reversed axis is the first of the file.
    Cells end =
        read(cube, layout, List.of("x", "y"), new long[] {0, 2}, new Band(CellType.INT16), 1, 1);
    assertArrayEquals(new short[] {101}, end.shorts());
  }

  @Test
  void packedValuesAreUnpackedAndAbsentOnesGetTheNullValue() {
    SourceLayout layout =
        cubeLayout(
            true, new FixedDimension("t", 0), axis("y", false, 0, 1), axis("x", false, 0, 4));
    FileCells file = FileCells.open(workers, cube.toString(), layout);
    assertEquals(List.of(CellType.FLOAT32), file.types());
    Cells cells =
        file.read(
                List.of("y", "x"),
                new long[2],
                GridEnvelope.ofSize(1, 4),
                List.of(new Band(CellType.FLOAT32, NullSet.of(-9999))))
            .band(0);
    assertArrayEquals(new float[] {1, 1.5f, 2, 2.5f}, cells.floats());
  }

  @Test
  void whatTheFileDoesNotHaveIsNamed() {
    OwsException band =
        assertThrows(
            OwsException.class,
            () ->
                FileCells.open(
                    workers,
                    cube.toString(),
                    new SourceLayout(
                        SourceLayout.Reader.ARRAYS,
                        SourceLayout.FILE,
                        -1,
                        Optional.empty(),
                        false,
                        List.of("nothing"),
                        List.of(),
                        List.of())));
    assertEquals(OwsErrorCode.INCONSISTENT_CHANGE, band.code());
    assertTrue(band.getMessage().contains("nothing"), band.getMessage());
    OwsException cells =
        assertThrows(
            OwsException.class,
            () ->
                FileCells.open(
                    workers, cube.toString(), cubeLayout(false, null, axis("x", false, 2, 3))));
    assertTrue(cells.getMessage().contains("its size is 4"), cells.getMessage());
    SourceLayout layout = FileCells.imageLayout(workers, image.toString(), List.of("y", "x"));
    OwsException type =
        assertThrows(
            OwsException.class,
            () ->
                read(
                    image,
                    layout,
                    List.of("y", "x"),
                    new long[2],
                    new Band(CellType.COMPLEX64),
                    2,
                    3));
    assertEquals(OwsErrorCode.INCONSISTENT_CHANGE, type.code());
  }
}
