package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/** Tiles whose cells are outside of the store read as if they had been copied. */
class ReferencesTest {
  /** 9 is the fill value, 8 another null value that a copy would keep. */
  private static final NullSet NULLS =
      new NullSet(List.of(new NullSet.Interval(9, 9), new NullSet.Interval(8, 8)));

  private static final List<Band> BANDS =
      List.of(new Band(CellType.UINT8, NULLS), new Band(CellType.INT16, NULLS));

  private static final Limits LIMITS =
      new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofMinutes(1));

  /** Cells that follow from the name of the source, its form (after #), band and place. */
  private static final class Outside implements ReferencedCells {
    final AtomicInteger reads = new AtomicInteger();
    final Set<String> gone = new HashSet<>();

    @Override
    public Cells read(String source, int number, long[] offset, GridEnvelope box, Band band) {
      check(source);
      reads.incrementAndGet();
      Cells cells = Cells.allocate(band.type(), box.cellsAsInt());
      long[] at = box.low();
      for (int i = 0; i < cells.length(); i++) {
        long value = source.hashCode() + 31L * number;
        for (int a = 0; a < at.length; a++) {
          value = value * 17 + offset[a] + at[a] - box.low(a);
        }
        cells.set(i, Math.floorMod((value * 2654435761L) >> 7, 10), 0);
        for (int a = at.length - 1; a >= 0 && ++at[a] > box.high(a); a--) {
          at[a] = box.low(a);
        }
      }
      return cells;
    }

    @Override
    public void check(String source) {
      if (gone.contains(source)) {
        throw new EngineException(Code.SOURCE_UNAVAILABLE, source + " is gone");
      }
    }

    @Override
    public boolean replaces(String source, String older) {
      return !source.equals(older) && name(source).equals(name(older));
    }

    private static String name(String source) {
      return source.replaceAll("#.*", "");
    }
  }

  private final Outside outside = new Outside();
  private final TileStore blobs = new MemoryTileStore();
  private final ArrayStore store = newStore();
  private final Evaluator evaluator = Evaluators.create(1, true);

  private ArrayStore newStore() {
    return new ArrayStore(blobs, new TileCache(1 << 20), outside);
  }

  private void assertSameCells(ArrayVersion expected, ArrayVersion actual, String message) {
    GridEnvelope all = expected.type().domain();
    assertEquals(all, actual.type().domain(), message);
    Tile e = whole(expected);
    Tile a = whole(actual);
    for (int b = 0; b < BANDS.size(); b++) {
      for (int i = 0; i < e.band(b).length(); i++) {
        assertEquals(
            e.band(b).getLong(i), a.band(b).getLong(i), message + ", band " + b + " cell " + i);
      }
      assertArrayEquals(e.band(b).nulls(), a.band(b).nulls(), message);
    }
  }

  private Tile whole(ArrayVersion version) {
    return evaluator.prepare(new ArrayExpr.ArrayRef(version), LIMITS).read(version.type().domain());
  }

  @AfterEach
  void close() {
    evaluator.close();
  }

  private Tile cells(String source, long[] offset, GridEnvelope box, int... numbers) {
    List<Cells> cells = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      cells.add(outside.read(source, i, offset, box, BANDS.get(numbers[i])));
    }
    return new Tile(box, cells);
  }

  @Test
  void anySequenceOfUpdatesGivesTheCellsOfACopy() {
    for (int seed = 0; seed < 120; seed++) {
      Random random = new Random(seed);
      Tiling tiling = new Tiling(List.of(2L, 5L, 4L), List.of(0L, random.nextLong(5), 1L));
      ArrayVersion copy = null;
      ArrayVersion referred = null;
      for (int version = 0; version < 3; version++) {
        try (ArrayWriter a = copy == null ? store.create(BANDS, 3, tiling) : store.update(copy);
            ArrayWriter b =
                referred == null ? store.create(BANDS, 3, tiling) : store.update(referred)) {
          if (copy != null && random.nextInt(3) == 0) {
            int axis = random.nextInt(3);
            long from = copy.type().domain().low(axis) + random.nextInt(3);
            long by = random.nextLong(1, 4);
            a.shift(axis, from, by);
            b.shift(axis, from, by);
          }
          for (int step = 1 + random.nextInt(4); step > 0; step--) {
            write(a, b, random);
          }
          GridEnvelope domain = a.domain();
          if (random.nextInt(4) == 0 && domain.size(2) > 3) {
            domain = domain.with(2, domain.low(2) + 1, domain.high(2) - 1);
          }
          copy = a.commit(domain);
          referred = b.commit(domain);
        }
        assertSameCells(copy, referred, "seed " + seed + " version " + version);
        // As another server reads it, after a compaction.
        ArrayStore other = newStore();
        try (ArrayStore.Compaction c = other.compact(Set.of(copy.key(), referred.key()), 1)) {
          String key = c.moved().getOrDefault(referred.key(), referred.key());
          assertSameCells(copy, other.open(key), "seed " + seed + ", compacted");
        }
      }
    }
  }

  private void write(ArrayWriter a, ArrayWriter b, Random random) {
    long[] low = {random.nextInt(4), random.nextInt(12), random.nextInt(12)};
    long[] high = {
      low[0] + random.nextInt(2), low[1] + random.nextInt(9), low[2] + random.nextInt(9)
    };
    GridEnvelope box = GridEnvelope.of(low, high);
    String source = "s" + random.nextInt(1000);
    long[] offset = {random.nextInt(5), random.nextInt(5), random.nextInt(5)};
    boolean masked = random.nextBoolean();
    int[] numbers =
        switch (random.nextInt(4)) {
          case 0 -> new int[] {1};
          case 1 -> new int[] {1, 0};
          default -> new int[] {0, 1};
        };
    Tile cells = cells(source, offset, box, numbers);
    if (masked) {
      a.writeMasked(cells, numbers);
    } else {
      a.write(cells, numbers);
    }
    if (random.nextInt(5) > 0) {
      b.refer(source, offset, box, masked, numbers);
    } else if (masked) {
      b.writeMasked(cells, numbers);
    } else {
      b.write(cells, numbers);
    }
  }

  private static GridEnvelope box(long y0, long x0, long y1, long x1) {
    return GridEnvelope.of(new long[] {y0, x0}, new long[] {y1, x1});
  }

  @Test
  void nothingIsReadOrCopiedUntilCellsAreAskedFor() {
    try (ArrayWriter writer = store.create(BANDS, 2, Tiling.of(100, 100))) {
      writer.refer("east", new long[] {0, 0}, box(0, 0, 999, 999), false);
      // The border lies within a tile, and the second file over the first one.
      writer.refer("west", new long[] {0, 0}, box(0, 950, 999, 1949), true);
      ArrayVersion version = writer.commit();
      assertEquals(0, outside.reads.get());
      assertEquals(Set.of("east", "west"), version.sources());
      assertEquals(200, version.tileCount());
      assertTrue(version.storedBytes() < 200 * 2 * 200, version.storedBytes() + " bytes");
      long inBlobs = blobs.size(version.key());
      assertTrue(inBlobs < 20_000, inBlobs + " bytes for 200 tiles");
      version.read(version.tiles(box(5, 5, 5, 5)).getFirst(), box(5, 5, 5, 5), 0);
      assertEquals(1, outside.reads.get());
    }
  }

  @Test
  void anOrdinaryUpdateCopiesOnlyTheTilesThatItTouches() {
    ArrayVersion first;
    try (ArrayWriter writer = store.create(BANDS, 2, Tiling.of(10, 10))) {
      writer.refer("a", new long[] {0, 0}, box(0, 0, 99, 99), false);
      first = writer.commit();
    }
    try (ArrayWriter writer = store.update(first)) {
      Tile change = cells("b", new long[] {0, 0}, box(3, 3, 4, 4), 0, 1);
      outside.reads.set(0);
      writer.write(change);
      ArrayVersion second = writer.commit();
      assertEquals(Set.of("a"), second.sources());
      assertEquals(2, outside.reads.get(), "two bands of one tile");
    }
  }

  @Test
  void aSourceThatIsGoneIsToldBeforeAnyCellIsDelivered() {
    ArrayVersion version;
    try (ArrayWriter writer = store.create(BANDS, 2, Tiling.of(10, 10))) {
      writer.refer("a", new long[] {0, 0}, box(0, 0, 9, 24), false);
      writer.refer("b", new long[] {0, 0}, box(0, 25, 9, 49), false);
      version = writer.commit();
    }
    outside.gone.add("b");
    ArrayExpr all = new ArrayExpr.ArrayRef(version);
    EngineException e = assertThrows(EngineException.class, () -> evaluator.prepare(all, LIMITS));
    assertEquals(Code.SOURCE_UNAVAILABLE, e.code());
    assertEquals("b is gone", e.getMessage());
    // The rest can be read.
    evaluator.prepare(new ArrayExpr.Trim(all, box(0, 0, 9, 19)), LIMITS).read(box(0, 0, 9, 19));
  }

  @Test
  void aNewFormOfASourceTakesThePlaceOfTheOldOne() {
    try (ArrayWriter writer = store.create(BANDS, 2, Tiling.of(10, 10))) {
      writer.refer("a#1", new long[] {0, 0}, box(0, 0, 9, 24), false);
      ArrayVersion first = writer.commit();
      try (ArrayWriter again = store.update(first)) {
        // Although null cells of an update leave alone what is there.
        again.refer("a#2", new long[] {0, 0}, box(0, 0, 9, 24), true);
        assertEquals(Set.of("a#2"), again.commit().sources());
      }
      try (ArrayWriter renewed = store.update(first)) {
        renewed.replaceSources(Map.of("a#1", "a#3"));
        ArrayVersion third = renewed.commit();
        assertEquals(Set.of("a#3"), third.sources());
        Tile read = third.read(third.tiles(box(0, 0, 0, 0)).getFirst(), box(0, 0, 9, 9), 0);
        Cells expected =
            outside.read("a#3", 0, new long[] {0, 0}, box(0, 0, 9, 9), BANDS.getFirst());
        assertArrayEquals(expected.bytes(), read.band(0).bytes());
      }
    }
  }

  @Test
  void statisticsAreKnownOnceATileHasBeenRead() {
    try (ArrayWriter writer = store.create(BANDS, 2, Tiling.of(10, 10))) {
      writer.refer("a", new long[] {0, 0}, box(0, 0, 9, 9), false);
      ArrayVersion version = writer.commit();
      assertTrue(version.tiles(box(0, 0, 9, 9)).getFirst().statistics().isEmpty());
      version.read(version.tiles(box(0, 0, 9, 9)).getFirst(), box(2, 2, 2, 2));
      var statistics = version.tiles(box(0, 0, 9, 9)).getFirst().statistics();
      assertEquals(100, statistics.getFirst().count() + statistics.getFirst().nulls());
    }
  }

  @Test
  void garbageCollectionKeepsReferences() {
    String key;
    try (ArrayWriter writer = store.create(BANDS, 2, Tiling.of(10, 10))) {
      writer.refer("a", new long[] {0, 0}, box(0, 0, 9, 9), false);
      key = writer.commit().key();
    }
    ArrayStore.Garbage garbage = newStore().collectGarbage(Set.of(key), Duration.ZERO);
    assertEquals(0, garbage.blobs());
    assertEquals(Set.of("a"), newStore().open(key).sources());
  }
}
