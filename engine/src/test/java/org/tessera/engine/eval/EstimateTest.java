package org.tessera.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.ArrayStore;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.MemoryTileStore;
import org.tessera.engine.store.TileCache;
import org.tessera.engine.store.Tiling;

/**
 * What is said beforehand, against what happened: 4 x 600 x 600 cells in tiles of 1 x 256 x 256.
 */
class EstimateTest {
  private final Evaluator evaluator = Evaluators.create(2, true);
  private final TileCache cache = new TileCache(64 << 20);
  private ArrayVersion array;

  @BeforeEach
  void store() {
    ArrayStore store = new ArrayStore(new MemoryTileStore(), cache);
    GridEnvelope box = GridEnvelope.ofSize(4, 600, 600);
    Random random = new Random(1);
    Cells cells = Cells.allocate(CellType.INT16, box.cellsAsInt());
    for (int i = 0; i < cells.length(); i++) {
      cells.shorts()[i] = (short) random.nextInt(1000);
    }
    try (ArrayWriter w =
        store.create(List.of(new Band(CellType.INT16)), 3, Tiling.of(1, 256, 256))) {
      w.write(new Tile(box, List.of(cells)));
      array = w.commit();
    }
    cache.clear();
  }

  @AfterEach
  void close() {
    evaluator.close();
  }

  /** Tiles: 3 x 3 of each of 4 layers, 128 KiB (4 blocks) a whole one. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 599, 599, 36",
    "0, 0, 255, 255, 4",
    "100, 100, 100, 100, 4",
    "250, 250, 260, 260, 16",
    "0, 300, 599, 300, 12",
    "10, 0, 12, 599, 12",
  })
  void ofSubsetsItIsExact(long x0, long y0, long x1, long y1, long tiles) {
    GridEnvelope box = GridEnvelope.of(new long[] {0, x0, y0}, new long[] {3, x1, y1});
    ArrayExpr trim = new ArrayExpr.Trim(new ArrayExpr.ArrayRef(array), box);
    ArrayExpr more =
        ArrayExpr.Induce.of(CellFunctions.get("+", 2), trim, ArrayExpr.scalar(CellType.INT16, 1));
    Evaluation evaluation = evaluator.prepare(more, Limits.NONE);
    Estimate before = evaluation.estimate();
    cache.clear();
    evaluation.stream(tile -> {});
    Spent after = evaluation.spent();
    assertEquals(tiles, before.reads().tiles());
    assertEquals(tiles, after.tiles());
    assertEquals(before.reads().bytes(), after.bytes());
    assertEquals(before.cells(), after.cells() + 1, "all but the scalar");
    assertEquals(box.cells() * 4, before.outputBytes());
  }

  @Test
  void aPixelDoesNotCostATile() {
    ArrayExpr pixel =
        new ArrayExpr.Trim(
            new ArrayExpr.ArrayRef(array),
            GridEnvelope.of(new long[] {0, 9, 9}, new long[] {0, 9, 9}));
    long one = evaluator.prepare(pixel, Limits.NONE).estimate().reads().bytes();
    ArrayExpr tile =
        new ArrayExpr.Trim(
            new ArrayExpr.ArrayRef(array),
            GridEnvelope.of(new long[] {0, 0, 0}, new long[] {0, 255, 255}));
    long whole = evaluator.prepare(tile, Limits.NONE).estimate().reads().bytes();
    assertTrue(one * 3.5 < whole, one + " of " + whole);
  }

  @Test
  void tilesAnsweredFromStatisticsAreSkipped() {
    GridEnvelope box = GridEnvelope.of(new long[] {0, 0, 0}, new long[] {3, 300, 599});
    ArrayExpr half = new ArrayExpr.Trim(new ArrayExpr.ArrayRef(array), box);
    Evaluation max =
        evaluator.prepare(ArrayExpr.Reduce.of(Condensers.get("max"), half), Limits.NONE);
    assertEquals(12, max.estimate().reads().tiles());
    assertEquals(12, max.estimate().reads().skipped());
    max.read(GridEnvelope.scalar());
    assertEquals(12, max.spent().tiles());
  }

  @Test
  void whatNeedsTooMuchIsRefusedBeforeWork() {
    Limits limits = new Limits(1 << 30, 1 << 30, Duration.ofSeconds(5), 1 << 20, 1 << 30, 1L << 40);
    ArrayExpr all = new ArrayExpr.ArrayRef(array);
    EngineException e = assertThrows(EngineException.class, () -> evaluator.prepare(all, limits));
    assertEquals(EngineException.Code.LIMIT_EXCEEDED, e.code());
    assertEquals(
        "the request reads about 2880000 bytes of cells; the limit is 1048576", e.getMessage());
    assertFalse(evaluator.allows(all, limits));
    GridEnvelope box = GridEnvelope.of(new long[] {0, 0, 0}, new long[] {1, 300, 599});
    assertTrue(evaluator.allows(new ArrayExpr.Trim(all, box), limits));
  }
}
