package org.tessera.coverage.update;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.coverage.format.gdal.BandSpec;
import org.tessera.coverage.format.gdal.CellArray;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.PathPolicy;
import org.tessera.coverage.format.gdal.RasterSpec;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.coverage.request.SourceLayout.SourceAxis;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.store.Tiling;

/** What files that coverages refer to are, and when they are not read. */
class FileReferencesTest {
  private static final List<String> AXES = List.of("y", "x");
  private static final Band BAND = new Band(CellType.UINT8);
  @TempDir static Path directory;
  @TempDir static Path elsewhere;
  static GdalWorkers workers;

  @BeforeAll
  static void open() {
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
  }

  @AfterAll
  static void close() {
    if (workers != null) {
      workers.close();
    }
  }

  /** A GeoTIFF in blocks of 16 by 32 cells, whose cell is 10 y + x + something. */
  private static Path image(String name, int something, int width, int height) throws IOException {
    RasterSpec spec =
        new RasterSpec(
            "GTiff",
            GdalType.UINT8,
            width,
            height,
            List.of(BandSpec.of("v", null)),
            null,
            null,
            Map.of(),
            Map.of("TILED", "YES", "BLOCKXSIZE", "32", "BLOCKYSIZE", "16"));
    Path file = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      workers.writeRaster(
          spec,
          (start, count) -> {
            CellArray cells = CellArray.allocate(GdalType.UINT8, count[0] * count[1]);
            for (int i = 0; i < cells.length(); i++) {
              long y = start[0] + i / count[1];
              long x = start[1] + i % count[1];
              ((byte[]) cells.values())[i] = (byte) (10 * y + x + something);
            }
            return List.of(cells);
          },
          out);
    }
    return file;
  }

  private static SourceLayout layout(boolean southUp, int width, int height) {
    return new SourceLayout(
        SourceLayout.Reader.RASTER,
        SourceLayout.FILE,
        -1,
        Optional.empty(),
        false,
        List.of("1"),
        List.of(
            new SourceAxis("y", Optional.of("y"), southUp, 0, height),
            new SourceAxis("x", Optional.of("x"), false, 0, width)),
        List.of(),
        true);
  }

  private static byte[] read(FileReferences references, String source) {
    return references.read(source, 0, new long[] {1, 2}, GridEnvelope.ofSize(2, 3), BAND).bytes();
  }

  private static String failure(FileReferences references, String source) {
    EngineException checked = assertThrows(EngineException.class, () -> references.check(source));
    EngineException read = assertThrows(EngineException.class, () -> read(references, source));
    assertEquals(EngineException.Code.SOURCE_UNAVAILABLE, checked.code());
    assertEquals(EngineException.Code.SOURCE_UNAVAILABLE, read.code());
    assertEquals(checked.getMessage(), read.getMessage());
    return checked.getMessage();
  }

  @Test
  void cellsAreThoseThatTheLayoutSays() throws IOException {
    Path file = image("read.tif", 0, 40, 20);
    FileReferences references = new FileReferences(workers);
    String northUp = FileReferences.source(file, layout(false, 40, 20), AXES);
    references.check(northUp);
    assertArrayEquals(new byte[] {12, 13, 14, 22, 23, 24}, read(references, northUp));
    String southUp = FileReferences.source(file, layout(true, 40, 20), AXES);
    // Row 1 from below is row 18.
    assertArrayEquals(
        new byte[] {(byte) 182, (byte) 183, (byte) 184, (byte) 172, (byte) 173, (byte) 174},
        read(references, southUp));
    assertEquals(file, references.file(northUp));
  }

  @Test
  void aFileThatIsNotWhatItWasIsNotRead() throws IOException {
    FileReferences references = new FileReferences(workers);
    Path file = image("changes.tif", 0, 40, 20);
    FileTime written = Files.getLastModifiedTime(file);
    String source = FileReferences.source(file, layout(false, 40, 20), AXES);
    assertEquals(source, references.renewed(source));

    byte[] before = Files.readAllBytes(file);
    Files.write(file, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
    String longer = failure(references, source);
    assertTrue(longer.contains("changes.tif") && longer.contains("has changed"), longer);
    assertTrue(longer.contains(before.length + " bytes"), longer);

    Files.write(file, before);
    Files.setLastModifiedTime(file, FileTime.fromMillis(written.toMillis() + 5000));
    assertTrue(failure(references, source).contains("last written"));

    // As it was: read again.
    Files.setLastModifiedTime(file, written);
    assertArrayEquals(new byte[] {12, 13, 14, 22, 23, 24}, read(references, source));

    // Size and time are the same, the head is not.
    byte[] other = before.clone();
    other[before.length / 2] ^= 1;
    Files.write(file, other);
    Files.setLastModifiedTime(file, written);
    EngineException e = assertThrows(EngineException.class, () -> read(references, source));
    assertTrue(e.getMessage().contains("contents"), e.getMessage());

    Files.delete(file);
    assertTrue(failure(references, source).contains("is gone"));
  }

  @Test
  void aChangedFileIsRegisteredAnewIfItStillHasTheCells() throws IOException {
    FileReferences references = new FileReferences(workers);
    Path file = image("renewed.tif", 0, 40, 20);
    String source = FileReferences.source(file, layout(false, 40, 20), AXES);
    image("renewed.tif", 5, 50, 20);
    String renewed = references.renewed(source);
    assertNotEquals(source, renewed);
    assertTrue(references.replaces(renewed, source));
    assertArrayEquals(new byte[] {17, 18, 19, 27, 28, 29}, read(references, renewed));
    image("renewed.tif", 5, 30, 20);
    EngineException e = assertThrows(EngineException.class, () -> references.renewed(source));
    assertTrue(
        e.getMessage().contains("renewed.tif") && e.getMessage().contains("dimension x"),
        e.getMessage());
    String elsewhereToo =
        FileReferences.source(image("other.tif", 0, 40, 20), layout(false, 40, 20), AXES);
    assertFalse(references.replaces(elsewhereToo, renewed));
  }

  @Test
  void aFolderOutsideOfThePolicyIsNotReadAlthoughItIsRegistered() throws IOException {
    Path file = image("moved.tif", 0, 40, 20);
    Path outside = elsewhere.resolve("moved.tif");
    Files.move(file, outside);
    String source = FileReferences.source(outside, layout(false, 40, 20), AXES);
    assertTrue(failure(new FileReferences(workers), source).contains("outside the directories"));
  }

  @Test
  void aDirectoryIsWhatAllItsFilesAre() throws IOException {
    FileReferences references = new FileReferences(workers);
    Path zarr = Files.createDirectories(directory.resolve("a.zarr/v"));
    Files.writeString(zarr.resolve("0.0"), "abc");
    String source = FileReferences.source(zarr.getParent(), layout(false, 40, 20), AXES);
    Files.writeString(zarr.resolve("0.1"), "");
    EngineException e = assertThrows(EngineException.class, () -> references.check(source));
    assertTrue(e.getMessage().contains("has changed"), e.getMessage());
  }

  @Test
  void tilesFollowTheBlocksOfTheFile() throws IOException {
    Path file = image("tiles.tif", 0, 4000, 3000);
    FileCells north = FileCells.open(workers, file.toString(), layout(false, 4000, 3000));
    GridEnvelope box = GridEnvelope.of(new long[] {100, 1000}, new long[] {3099, 4999});
    // About 1 MiB, square, of whole blocks, from the first row and column on.
    assertEquals(
        new Tiling(List.of(1024L, 1024L), List.of(100L, 1000L)),
        north.tiling(AXES, box, List.of(BAND)));
    FileCells south = FileCells.open(workers, file.toString(), layout(true, 4000, 3000));
    Tiling turned = south.tiling(AXES, box, List.of(BAND));
    // The first block of the file ends at the last row of the array.
    assertEquals(0, Math.floorMod(3100 - turned.origin().getFirst(), 16));
  }
}
