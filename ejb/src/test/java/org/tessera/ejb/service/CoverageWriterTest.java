package org.tessera.ejb.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.update.DomainMerge;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.ArrayStore;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.MemoryTileStore;
import org.tessera.engine.store.TileCache;
import org.tessera.engine.store.Tiling;

class CoverageWriterTest {
  private final ArrayStore arrays = new ArrayStore(new MemoryTileStore(), new TileCache(1 << 20));

  private static RangeField field(String name, CellType type, String... nils) {
    return new RangeField(
        name,
        type,
        name,
        "",
        "",
        "1",
        List.of(nils).stream().map(n -> new NilValue(n, "")).toList());
  }

  private static DomainSet line(long low, long high) {
    return new DomainSet(
        "crs", List.of(new Axis.IndexAxis("i", "1", "crs", low, high, 0)), List.of("i"));
  }

  private static Coverage coverage(DomainSet domain, RangeField... fields) {
    return new Coverage("c", domain, List.of(fields), "", "", "");
  }

  private static Tile floats(GridEnvelope box, float... values) {
    return new Tile(box, List.of(Cells.wrap(CellType.FLOAT32, values, null)));
  }

  private static CoverageWriter.Job job(
      CoverageWriter.Part part, DomainMerge merge, GridEnvelope present) {
    return new CoverageWriter.Job(() -> new CoverageWriter.Opened(part, Map.of()), merge, present);
  }

  private ArrayVersion insert(Coverage coverage, Tile cells) {
    Tiling tiling = Tiling.standard(coverage.arrayType().bands(), coverage.domain().gridEnvelope());
    try (ArrayWriter writer =
        arrays.create(coverage.arrayType().bands(), coverage.domain().dimension(), tiling)) {
      CoverageWriter.write(
          writer,
          List.of(
              job(
                  CoverageWriter.of(cells, coverage.domain(), coverage.domain()),
                  DomainMerge.initial(coverage.domain()),
                  null)),
          Optional.empty(),
          coverage,
          CoverageWriter.bandsOf(coverage, List.of()),
          tiling);
      return writer.commit(coverage.domain().gridEnvelope());
    }
  }

  /** Writes a part over a version. */
  private ArrayVersion update(ArrayVersion base, Coverage coverage, DomainSet part, Tile cells) {
    return update(base, coverage, part, cells, Optional.empty());
  }

  private ArrayVersion update(
      ArrayVersion base,
      Coverage coverage,
      DomainSet part,
      Tile cells,
      Optional<CoverageWriter.Part> mask) {
    DomainMerge merge = DomainMerge.of(coverage.domain(), part, axis -> Optional.empty());
    try (ArrayWriter writer = arrays.update(base)) {
      CoverageWriter.write(
          writer,
          List.of(
              job(
                  CoverageWriter.of(cells, part, coverage.domain()),
                  merge,
                  coverage.domain().gridEnvelope())),
          mask,
          coverage,
          CoverageWriter.bandsOf(coverage, List.of()),
          base.tiling());
      return writer.commit(merge.domain().gridEnvelope());
    }
  }

  /** The only tile's cells of the first band. */
  private static Cells cells(ArrayVersion version) {
    List<StoredTile> tiles = version.tiles(version.type().domain());
    assertEquals(1, tiles.size());
    return version.read(tiles.getFirst(), version.type().domain(), 0).band(0);
  }

  /** Parts of which the first takes longest to open: they are read meanwhile, not written. */
  @Test
  void laterPartsOverwriteEarlierOnesHoweverFastTheyAreRead() {
    Coverage coverage = coverage(line(0, 1), field("v", CellType.FLOAT32));
    GridEnvelope box = coverage.domain().gridEnvelope();
    CountDownLatch othersOpened = new CountDownLatch(2);
    List<CoverageWriter.Job> jobs = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      int value = i;
      jobs.add(
          new CoverageWriter.Job(
              () -> {
                awaitOthers(value == 0, othersOpened);
                return new CoverageWriter.Opened(
                    CoverageWriter.of(
                        floats(box, value, -value), coverage.domain(), coverage.domain()),
                    Map.of());
              },
              DomainMerge.initial(coverage.domain()),
              box));
    }
    ArrayVersion base = insert(coverage, floats(box, 7, 7));
    try (ArrayWriter writer = arrays.update(base)) {
      CoverageWriter.write(writer, jobs, Optional.empty(), coverage, new int[] {0}, base.tiling());
      assertArrayEquals(new float[] {8, -8}, cells(writer.commit(box)).floats());
    }
  }

  private static void awaitOthers(boolean first, CountDownLatch others) {
    if (!first) {
      others.countDown();
      return;
    }
    try {
      assertTrue(others.await(20, TimeUnit.SECONDS), "nothing is read ahead");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatAPartFailsWithIsThrown() {
    Coverage coverage = coverage(line(0, 1), field("v", CellType.FLOAT32));
    ArrayVersion base = insert(coverage, floats(coverage.domain().gridEnvelope(), 7, 7));
    CoverageWriter.Job broken =
        new CoverageWriter.Job(
            () -> {
              throw new OwsException(OwsErrorCode.INVALID_PARAMETER_VALUE, "f", "no such file");
            },
            DomainMerge.initial(coverage.domain()),
            null);
    try (ArrayWriter writer = arrays.update(base)) {
      OwsException e =
          assertThrows(
              OwsException.class,
              () ->
                  CoverageWriter.write(
                      writer,
                      List.of(broken),
                      Optional.empty(),
                      coverage,
                      new int[] {0},
                      base.tiling()));
      assertEquals("no such file", e.getMessage());
    }
  }

  @Test
  void cellsThatAreNullAsFloatsLeaveOldCellsAlone() {
    // No double is the float next to -9999.9; the nulls of a part are those floats.
    Coverage coverage = coverage(line(0, 3), field("v", CellType.FLOAT32, "-9999.9", "7"));
    GridEnvelope box = coverage.domain().gridEnvelope();
    ArrayVersion first = insert(coverage, floats(box, 1, 2, 3, 4));
    ArrayVersion second = update(first, coverage, line(0, 3), floats(box, -9999.9f, 20, 7, 40));
    assertArrayEquals(new float[] {1, 20, 3, 40}, cells(second).floats());
  }

  @Test
  void intervalsOfNullsAndNanLeaveOldCellsAlone() {
    Coverage coverage = coverage(line(0, 3), field("v", CellType.FLOAT32, "-0.3:-0.1", "NaN"));
    GridEnvelope box = coverage.domain().gridEnvelope();
    ArrayVersion first = insert(coverage, floats(box, 1, 2, 3, 4));
    ArrayVersion second =
        update(first, coverage, line(0, 3), floats(box, -0.3f, -0.1f, Float.NaN, -0.05f));
    assertArrayEquals(new float[] {1, 2, 3, -0.05f}, cells(second).floats());
  }

  @Test
  void aMaskAndNullsTogetherLeaveOldCellsAlone() {
    Coverage coverage = coverage(line(0, 3), field("v", CellType.FLOAT32, "-9999.9"));
    GridEnvelope box = coverage.domain().gridEnvelope();
    ArrayVersion first = insert(coverage, floats(box, 1, 2, 3, 4));
    CoverageWriter.Part mask =
        CoverageWriter.of(floats(box, 1, 0, 1, 1), coverage.domain(), coverage.domain());
    ArrayVersion second =
        update(first, coverage, line(0, 3), floats(box, 10, 20, -9999.9f, 40), Optional.of(mask));
    assertArrayEquals(new float[] {10, 2, 3, 40}, cells(second).floats());
  }

  @Test
  void nullCellsAreWrittenWhereNothingWas() {
    Coverage coverage = coverage(line(0, 1), field("v", CellType.FLOAT32, "-9999.9"));
    ArrayVersion first = insert(coverage, floats(coverage.domain().gridEnvelope(), 1, 2));
    ArrayVersion second =
        update(first, coverage, line(2, 3), floats(GridEnvelope.ofSize(2), -9999.9f, 5));
    Cells cells = cells(second);
    assertArrayEquals(new float[] {1, 2, -9999.9f, 5}, cells.floats());
    assertTrue(cells.isNull(2));
  }

  @Test
  void aPartWithItsAxesInAnotherOrderIsTurned() {
    Axis lat =
        new Axis.RegularAxis("Lat", "d", "c", 0, 1, 0, new BigDecimal("1.5"), BigDecimal.ONE);
    Axis lon =
        new Axis.RegularAxis("Long", "d", "c", 0, 2, 1, new BigDecimal("0.5"), BigDecimal.ONE);
    DomainSet target = new DomainSet("c", List.of(lat, lon), List.of("Lat", "Long"));
    DomainSet part = new DomainSet("c", List.of(lon, lat), List.of("Lat", "Long"));
    CoverageWriter.Part turned =
        CoverageWriter.of(floats(part.gridEnvelope(), 11, 21, 12, 22, 13, 23), part, target);
    assertArrayEquals(
        new float[] {11, 12, 13, 21, 22, 23},
        turned.read(new long[] {0, 0}, target.gridEnvelope()).band(0).floats());
    assertArrayEquals(
        new float[] {22, 23},
        turned
            .read(new long[] {1, 1}, GridEnvelope.of(new long[] {5, 5}, new long[] {5, 6}))
            .band(0)
            .floats());
  }

  @Test
  void piecesAreOfWholeTilesAndFitIntoMemory() {
    GridEnvelope box = GridEnvelope.of(new long[] {0, 3, -5}, new long[] {99, 1000, 2000});
    List<GridEnvelope> pieces = CoverageWriter.pieces(box, 4, Tiling.of(1, 256, 256));
    long cells = 0;
    for (GridEnvelope piece : pieces) {
      assertTrue(piece.cells() * 4 <= 32L << 20, piece::toString);
      cells += piece.cells();
      for (GridEnvelope other : pieces) {
        assertTrue(piece.equals(other) || !piece.intersects(other), piece::toString);
      }
      for (int axis = 0; axis < 3; axis++) {
        assertTrue(
            piece.low(axis) == box.low(axis)
                || piece.low(axis) % Tiling.of(1, 256, 256).edge(axis) == 0,
            piece::toString);
      }
    }
    assertEquals(box.cells(), cells);
  }

  @Test
  void inlineNumbersBecomeTheTypesOfTheFields() {
    GridEnvelope box = GridEnvelope.ofSize(3);
    Tile numbers =
        new Tile(box, List.of(Cells.wrap(CellType.FLOAT64, new double[] {-1, 7.9, 300}, null)));
    assertArrayEquals(
        new byte[] {0, 7, (byte) 255},
        CoverageWriter.cast(numbers, List.of(field("v", CellType.UINT8))).band(0).bytes());
    OwsException e =
        assertThrows(
            OwsException.class,
            () -> CoverageWriter.cast(numbers, List.of(field("v", CellType.COMPLEX64))));
    assertEquals(OwsErrorCode.INCONSISTENT_CHANGE, e.code());
  }

  @Test
  void fieldsAreFoundByNameInTheOrderNamed() {
    Coverage coverage =
        coverage(line(0, 0), field("a", CellType.UINT8), field("b", CellType.UINT8));
    assertArrayEquals(new int[] {0, 1}, CoverageWriter.bandsOf(coverage, List.of()));
    assertArrayEquals(new int[] {1, 0}, CoverageWriter.bandsOf(coverage, List.of("b", "a")));
    OwsException e =
        assertThrows(OwsException.class, () -> CoverageWriter.bandsOf(coverage, List.of("a", "z")));
    assertEquals(OwsErrorCode.NO_SUCH_FIELD, e.code());
  }
}
