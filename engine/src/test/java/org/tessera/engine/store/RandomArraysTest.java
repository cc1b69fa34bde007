package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Array;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/** Random arrays, tilings, writes and shifts against a plain map from cell to value. */
class RandomArraysTest {
  private static final List<CellType> TYPES = List.of(CellType.values());

  /** The array as it should be: per band, the elements of each written cell. */
  private static final class Reference {
    final List<Map<List<Long>, List<Object>>> bands = new ArrayList<>();

    Reference(int bands) {
      for (int b = 0; b < bands; b++) {
        this.bands.add(new HashMap<>());
      }
    }

    /** Whether a cell was written in any band. */
    boolean holds(List<Long> cell) {
      return bands.stream().anyMatch(b -> b.containsKey(cell));
    }

    Reference copy() {
      Reference copy = new Reference(bands.size());
      for (int b = 0; b < bands.size(); b++) {
        copy.bands.get(b).putAll(bands.get(b));
      }
      return copy;
    }

    void shift(int axis, long from, long by) {
      for (int b = 0; b < bands.size(); b++) {
        Map<List<Long>, List<Object>> moved = new HashMap<>();
        bands
            .get(b)
            .forEach(
                (cell, value) -> {
                  long at = cell.get(axis);
                  if (at >= from) {
                    List<Long> c = new ArrayList<>(cell);
                    c.set(axis, at + by);
                    moved.put(c, value);
                  } else if (by > 0 || at < from + by) {
                    moved.put(cell, value);
                  }
                });
        bands.set(b, moved);
      }
    }

    void restrict(GridEnvelope domain) {
      bands.forEach(
          m -> m.keySet().removeIf(c -> !domain.contains(c.stream().mapToLong(x -> x).toArray())));
    }
  }

  @Property(tries = 400)
  void aStoredArrayEqualsAPlainOne(@ForAll long seed) {
    Random random = new Random(seed);
    int dimension = random.nextInt(4);
    List<Band> bands = new ArrayList<>();
    for (int b = 1 + random.nextInt(3); b > 0; b--) {
      bands.add(new Band(TYPES.get(random.nextInt(TYPES.size())), nulls(random)));
    }
    long[] edges = new long[dimension];
    for (int i = 0; i < dimension; i++) {
      edges[i] = random.nextInt(8) == 0 ? Tiling.UNLIMITED : 1 + random.nextInt(5);
    }
    MemoryTileStore blobs = new MemoryTileStore();
    TileCache cache = new TileCache(random.nextInt(3) * 4096L);
    ArrayStore store = new ArrayStore(blobs, cache, random.nextInt(3) * 300L);
    Reference reference = new Reference(bands.size());
    ArrayVersion version = null;
    Map<String, Reference> history = new HashMap<>();
    for (int round = 1 + random.nextInt(3); round > 0; round--) {
      try (ArrayWriter writer =
          version == null
              ? store.create(bands, dimension, Tiling.of(edges))
              : store.update(version)) {
        if (version != null && dimension > 0 && random.nextBoolean()) {
          shift(random, version, writer, reference);
        }
        for (int writes = 1 + random.nextInt(4); writes > 0; writes--) {
          write(random, bands, dimension, writer, reference);
        }
        GridEnvelope domain = writer.domain();
        for (int i = 0; i < dimension; i++) {
          if (random.nextInt(4) == 0) {
            long middle = (domain.low(i) + domain.high(i)) / 2;
            domain = domain.with(i, domain.low(i) - random.nextInt(2), middle);
          }
        }
        reference.restrict(domain);
        version = writer.commit(domain);
        assertEquals(domain, version.type().domain());
      }
      history.put(version.key(), reference.copy());
      if (random.nextBoolean()) {
        // As after a restart.
        store = new ArrayStore(blobs, cache, 300);
        version = store.open(version.key());
      }
    }
    for (Map.Entry<String, Reference> old : history.entrySet()) {
      check(random, store.open(old.getKey()), old.getValue());
    }
    store = new ArrayStore(blobs, new TileCache(0), 300);
    store.collectGarbage(Set.of(version.key()), Duration.ZERO);
    check(random, store.open(version.key()), reference);
  }

  private static void shift(
      Random random, ArrayVersion version, ArrayWriter writer, Reference reference) {
    GridEnvelope domain = version.type().domain();
    int axis = random.nextInt(domain.dimension());
    long size = domain.size(axis);
    if (random.nextBoolean() || size == 1) {
      long from = domain.low(axis) + random.nextInt((int) size + 1);
      int by = 1 + random.nextInt(6);
      writer.shift(axis, from, by);
      reference.shift(axis, from, by);
    } else {
      int by = -1 - random.nextInt((int) size - 1);
      long from = domain.low(axis) - by + random.nextInt((int) size + by + 1);
      writer.shift(axis, from, by);
      reference.shift(axis, from, by);
    }
  }

  private static NullSet nulls(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> NullSet.of(3);
      case 1 -> NullSet.of(Double.NaN, 1);
      case 2 -> new NullSet(List.of(new NullSet.Interval(2, 4)));
      default -> NullSet.NONE;
    };
  }

  private static GridEnvelope box(Random random, int dimension) {
    long[] low = new long[dimension];
    long[] high = new long[dimension];
    for (int i = 0; i < dimension; i++) {
      low[i] = random.nextLong(-4, 8);
      high[i] = low[i] + random.nextInt(9);
    }
    return GridEnvelope.of(low, high);
  }

  private static void write(
      Random random, List<Band> bands, int dimension, ArrayWriter writer, Reference reference) {
    GridEnvelope box = box(random, dimension);
    int[] numbers = {};
    if (random.nextInt(3) == 0) {
      numbers = new int[] {random.nextInt(bands.size())};
    }
    boolean masked = random.nextInt(3) == 0;
    List<Cells> cells = new ArrayList<>();
    boolean constant = random.nextInt(5) == 0;
    for (int i = 0; i < (numbers.length == 0 ? bands.size() : 1); i++) {
      Band band = bands.get(numbers.length == 0 ? i : numbers[i]);
      Cells c = Cells.allocate(band.type(), box.cellsAsInt());
      int n = Array.getLength(c.array());
      for (int k = 0; k < n; k++) {
        set(c.array(), k, band.type(), constant ? 3 : random.nextInt(20));
      }
      if (masked && random.nextBoolean()) {
        long[] mask = new long[(c.length() + 63) / 64];
        for (int k = 0; k < c.length(); k++) {
          mask[k / 64] |= (long) random.nextInt(2) << k;
        }
        c = c.withNulls(mask);
      }
      cells.add(c);
    }
    Tile part = new Tile(box, cells);
    if (masked) {
      writer.writeMasked(part, numbers);
    } else {
      writer.write(part, numbers);
    }
    for (int i = 0; i < cells.size(); i++) {
      Band band = bands.get(numbers.length == 0 ? i : numbers[i]);
      Map<List<Long>, List<Object>> target =
          reference.bands.get(numbers.length == 0 ? i : numbers[i]);
      Cells c = cells.get(i);
      int[] k = {0};
      forEach(
          box,
          cell -> {
            int at = k[0]++;
            boolean isNull = c.nulls() != null ? c.isNull(at) : isNull(band, c.getDouble(at));
            if (!(masked && isNull)) {
              target.put(cell, elements(c, at));
            }
          });
    }
  }

  private static boolean isNull(Band band, double value) {
    return band.nulls().contains(value);
  }

  private static List<Object> elements(Cells c, int at) {
    int unit = c.type().components();
    List<Object> elements = new ArrayList<>();
    for (int u = 0; u < unit; u++) {
      Object x = Array.get(c.array(), at * unit + u);
      elements.add(x instanceof Float f ? Float.floatToRawIntBits(f) : x);
    }
    return elements;
  }

  private static void set(Object array, int k, CellType type, int v) {
    switch (type.storage()) {
      case BYTE -> ((byte[]) array)[k] = (byte) (type == CellType.BOOLEAN ? v & 1 : v * 17);
      case SHORT -> ((short[]) array)[k] = (short) (v < 6 ? v : v * 1999);
      case INT -> ((int[]) array)[k] = v < 6 ? v : v * 199999999;
      case LONG -> ((long[]) array)[k] = v < 6 ? v : v * 1999999999999999999L;
      case FLOAT -> ((float[]) array)[k] = v == 7 ? Float.NaN : v == 8 ? -0f : v < 6 ? v : v * 0.3f;
      case DOUBLE ->
          ((double[]) array)[k] =
              v == 7 ? Double.NaN : v == 8 ? Double.NEGATIVE_INFINITY : v < 6 ? v : v * 0.3;
    }
  }

  private static void forEach(GridEnvelope box, java.util.function.Consumer<List<Long>> sink) {
    long[] at = box.low();
    int axis;
    do {
      sink.accept(Arrays.stream(at).boxed().toList());
      axis = at.length - 1;
      while (axis >= 0 && ++at[axis] > box.high(axis)) {
        at[axis] = box.low(axis);
        axis--;
      }
    } while (axis >= 0);
  }

  private static List<List<Long>> cells(GridEnvelope box) {
    List<List<Long>> cells = new ArrayList<>();
    forEach(box, cells::add);
    return cells;
  }

  private static void check(Random random, ArrayVersion version, Reference reference) {
    ArrayType type = version.type();
    GridEnvelope domain = type.domain();
    List<StoredTile> all = version.tiles(domain);
    assertEquals(version.tileCount(), all.size());
    for (StoredTile a : all) {
      assertTrue(domain.contains(a.box()), "tile in domain");
      for (StoredTile b : all) {
        assertFalse(a.number() != b.number() && a.box().intersects(b.box()), "tiles overlap");
      }
      checkStatistics(version, a);
    }
    boolean complete = cells(domain).stream().allMatch(reference::holds);
    boolean complex = type.bands().stream().anyMatch(b -> b.type().isComplex());
    for (Band band : type.bands()) {
      boolean can = band.nulls().intervals().isEmpty();
      assertTrue(complete || complex || band.nulls().gaps() == can, () -> "gaps of " + type);
    }
    for (int k = 0; k < 3; k++) {
      long[] low = domain.low();
      long[] high = domain.high();
      for (int i = 0; k > 0 && i < low.length; i++) {
        low[i] += random.nextInt((int) domain.size(i));
        high[i] = low[i] + random.nextInt((int) (domain.high(i) - low[i] + 1));
      }
      checkBox(version, reference, GridEnvelope.of(low, high), all);
    }
  }

  private static void checkBox(
      ArrayVersion version, Reference reference, GridEnvelope box, List<StoredTile> all) {
    List<StoredTile> tiles = version.tiles(box);
    assertEquals(all.stream().filter(t -> t.box().intersects(box)).toList(), tiles);
    int bands = version.type().bands().size();
    for (int b = 0; b < bands; b++) {
      Band band = version.type().band(b);
      boolean gaps = band.nulls().intervals().isEmpty() && !band.type().isComplex();
      Map<List<Long>, List<Object>> expected = reference.bands.get(b);
      Map<List<Long>, List<Object>> got = new HashMap<>();
      for (StoredTile tile : tiles) {
        GridEnvelope part = tile.box().intersection(box).orElseThrow();
        Tile read = version.read(tile, part, b);
        Cells c = read.band(0);
        int[] k = {0};
        forEach(
            part,
            cell -> {
              int at = k[0]++;
              got.put(cell, elements(c, at));
              // A cell that was written in other bands only may count as stored in this one.
              boolean free = gaps && reference.holds(cell) && !expected.containsKey(cell);
              boolean missing = gaps && !reference.holds(cell);
              if (!free) {
                assertEquals(
                    isNull(band, c.getDouble(at)) || missing,
                    c.isNull(at),
                    "mask at " + cell + " of " + band + " " + c.getDouble(at));
              }
            });
      }
      Cells fill = Cells.allocate(band.type(), 1);
      ChunkReader.fill(band, fill.array());
      List<Object> empty = elements(fill, 0);
      forEach(
          box,
          cell -> {
            List<Object> want = expected.get(cell);
            List<Object> have = got.getOrDefault(cell, empty);
            assertEquals(want == null ? empty : want, have, () -> "cell " + cell);
          });
    }
  }

  private static void checkStatistics(ArrayVersion version, StoredTile tile) {
    boolean complex = version.type().bands().stream().anyMatch(b -> b.type().isComplex());
    assertEquals(complex ? 0 : version.type().bands().size(), tile.statistics().size());
    Tile read = version.read(tile, tile.box());
    for (int b = 0; b < tile.statistics().size(); b++) {
      BandStatistics s = tile.statistics().get(b);
      Cells c = read.band(b);
      long nulls = 0;
      long nans = 0;
      double min = Double.POSITIVE_INFINITY;
      double max = Double.NEGATIVE_INFINITY;
      java.math.BigInteger sum = java.math.BigInteger.ZERO;
      for (int i = 0; i < c.length(); i++) {
        if (c.isNull(i)) {
          nulls++;
        } else if (Double.isNaN(c.getDouble(i))) {
          nans++;
        } else {
          min = Math.min(min, c.getDouble(i));
          max = Math.max(max, c.getDouble(i));
          sum = sum.add(java.math.BigInteger.valueOf(c.getLong(i)));
        }
      }
      boolean any = c.length() - nulls - nans > 0;
      assertEquals(nulls, s.nulls());
      assertEquals(nans, s.nans());
      assertEquals(c.length() - nulls, s.count());
      assertEquals(any ? min + 0.0 : Double.NaN, s.min() + 0.0);
      assertEquals(any ? max + 0.0 : Double.NaN, s.max() + 0.0);
      if (s.sumIsExact()) {
        assertEquals(sum, java.math.BigInteger.valueOf(s.exactSum()));
      }
    }
  }
}
