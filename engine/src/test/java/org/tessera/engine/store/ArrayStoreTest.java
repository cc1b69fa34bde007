package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

class ArrayStoreTest {
  private static final List<Band> SHORTS = List.of(new Band(CellType.INT16));

  /** Counts what is read. */
  private static final class CountingStore implements TileStore {
    final TileStore inner = new MemoryTileStore();
    final AtomicInteger gets = new AtomicInteger();
    final AtomicInteger bytes = new AtomicInteger();
    volatile long millisOfGet;

    @Override
    public void put(String key, List<ByteBuffer> parts) {
      inner.put(key, parts);
    }

    @Override
    public void get(String key, long offset, byte[] target, int from, int length) {
      gets.incrementAndGet();
      bytes.addAndGet(length);
      LockSupport.parkNanos(millisOfGet * 1_000_000);
      inner.get(key, offset, target, from, length);
    }

    @Override
    public long size(String key) {
      return inner.size(key);
    }

    @Override
    public void delete(String key) {
      inner.delete(key);
    }

    @Override
    public void list(Consumer<Blob> sink) {
      inner.list(sink);
    }
  }

  private static Tile shorts(GridEnvelope box, int... values) {
    Cells cells = Cells.allocate(CellType.INT16, box.cellsAsInt());
    for (int i = 0; i < cells.length(); i++) {
      cells.shorts()[i] = (short) values[i % values.length];
    }
    return new Tile(box, List.of(cells));
  }

  private static Tile noise(GridEnvelope box, int seed) {
    Random random = new Random(seed);
    return shorts(box, IntStream.range(0, box.cellsAsInt()).map(i -> random.nextInt()).toArray());
  }

  private static GridEnvelope box(long... bounds) {
    long[] low = new long[bounds.length / 2];
    long[] high = new long[bounds.length / 2];
    for (int i = 0; i < low.length; i++) {
      low[i] = bounds[2 * i];
      high[i] = bounds[2 * i + 1];
    }
    return GridEnvelope.of(low, high);
  }

  private static int count(TileStore blobs) {
    List<TileStore.Blob> all = new ArrayList<>();
    blobs.list(all::add);
    return all.size();
  }

  /** All cells of a one-band array of shorts, 0 where there is no tile. */
  private static short[] cells(ArrayVersion version) {
    GridEnvelope domain = version.type().domain();
    short[] all = new short[domain.cellsAsInt()];
    for (StoredTile tile : version.tiles(domain)) {
      Tile read = version.read(tile, tile.box(), 0);
      BoxCopy.copy(read.band(0).array(), tile.box(), all, domain, tile.box(), 1);
    }
    return all;
  }

  @Test
  void aScalarCanBeStored() {
    ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(1000));
    try (ArrayWriter writer = store.create(SHORTS, 0, Tiling.of())) {
      writer.write(shorts(GridEnvelope.scalar(), 7));
      assertArrayEquals(new short[] {7}, cells(writer.commit()));
    }
  }

  @Test
  void anEmptyVersionWithADomainHasNoTiles() {
    ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(1000));
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(4))) {
      assertThrows(IllegalStateException.class, writer::commit);
      ArrayVersion version = writer.commit(box(0, 9));
      assertEquals(0, version.tileCount());
      assertEquals(List.of(), version.tiles(box(0, 9)));
    }
  }

  @Test
  void aSliceInsertedInTheMiddleMovesThinTilesWithoutReadingThem() {
    CountingStore blobs = new CountingStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    ArrayVersion base;
    try (ArrayWriter writer = store.create(SHORTS, 2, Tiling.of(1, 100))) {
      writer.write(noise(box(0, 3, 0, 99), 1));
      base = writer.commit();
    }
    short[] before = cells(base);
    blobs.bytes.set(0);
    ArrayVersion after;
    try (ArrayWriter writer = store.update(base)) {
      writer.shift(0, 2, 1);
      writer.write(shorts(box(2, 2, 0, 99), 5));
      after = writer.commit();
    }
    assertTrue(blobs.bytes.get() < 1000, "only the list of tiles was read: " + blobs.bytes);
    short[] expected = new short[500];
    System.arraycopy(before, 0, expected, 0, 200);
    Arrays.fill(expected, 200, 300, (short) 5);
    System.arraycopy(before, 200, expected, 300, 200);
    assertArrayEquals(expected, cells(after));
    assertArrayEquals(before, cells(base));
  }

  @Test
  void oneBandIsWrittenAndReadWithoutTouchingTheOther() {
    CountingStore blobs = new CountingStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    List<Band> two = List.of(new Band(CellType.INT16), new Band(CellType.INT16));
    ArrayVersion version;
    GridEnvelope box = box(0, 9999);
    try (ArrayWriter writer = store.create(two, 1, Tiling.of(10000))) {
      writer.write(noise(box, 1), 1);
      writer.write(noise(box, 2), 0);
      version = writer.commit();
    }
    blobs.bytes.set(0);
    StoredTile tile = version.tiles(box).getFirst();
    assertEquals(noise(box, 1).band(0), version.read(tile, box, 1).band(0));
    assertTrue(blobs.bytes.get() < 22000, "bytes read: " + blobs.bytes);
    assertEquals(noise(box, 2).band(0), version.read(tile, box).band(0));
  }

  @Test
  void onePixelReadsOneBlock() {
    CountingStore blobs = new CountingStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(1 << 20));
    GridEnvelope box = box(0, 1023, 0, 1023);
    ArrayVersion version;
    try (ArrayWriter writer = store.create(SHORTS, 2, Tiling.of(1024, 1024))) {
      writer.write(noise(box, 1));
      version = writer.commit();
    }
    StoredTile tile = version.tiles(box).getFirst();
    blobs.bytes.set(0);
    Tile pixel = version.read(tile, box(700, 700, 300, 300), 0);
    assertEquals(noise(box, 1).band(0).shorts()[700 * 1024 + 300], pixel.band(0).shorts()[0]);
    assertTrue(blobs.bytes.get() < 40000, "bytes read: " + blobs.bytes);
    blobs.gets.set(0);
    version.read(tile, box(701, 701, 0, 1023), 0);
    assertEquals(0, blobs.gets.get(), "the block was kept");
  }

  @Test
  void closingWithoutCommitRemovesWhatWasWritten() {
    MemoryTileStore blobs = new MemoryTileStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0), 0);
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(1000))) {
      writer.write(noise(box(0, 499), 1));
      writer.write(noise(box(500, 600), 1));
      assertEquals(1, count(blobs));
    }
    assertEquals(0, count(blobs));
  }

  @Test
  void garbageCollectionSparesOpenWritersLiveVersionsAndTheYoung() {
    MemoryTileStore blobs = new MemoryTileStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    ArrayVersion one;
    ArrayVersion two;
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(1000))) {
      writer.write(noise(box(0, 1999), 1));
      one = writer.commit();
    }
    try (ArrayWriter writer = store.update(one)) {
      writer.write(noise(box(0, 999), 2));
      two = writer.commit();
    }
    ArrayWriter open = store.create(SHORTS, 1, Tiling.of(1000));
    open.write(noise(box(0, 999), 3));
    ArrayVersion unpublished = open.commit();
    assertEquals(6, count(blobs));
    // As a store in a process that starts anew, with a writer at work.
    ArrayStore other = new ArrayStore(blobs, new TileCache(0));
    assertEquals(0, other.collectGarbage(Set.of(two.key()), Duration.ofHours(1)).blobs());
    assertEquals(0, store.collectGarbage(Set.of(two.key()), Duration.ZERO).blobs(), "in use here");
    // The second version still needs the pack of the first, not its manifest.
    assertEquals(3, other.collectGarbage(Set.of(two.key()), Duration.ZERO).blobs());
    assertEquals(3, count(blobs));
    assertArrayEquals(cells(two), cells(other.open(two.key())));
    assertThrows(EngineException.class, () -> other.open(one.key()));
    assertThrows(EngineException.class, () -> other.open(unpublished.key()));
    open.close();
  }

  private static long bytes(TileStore blobs) {
    long[] sum = new long[1];
    blobs.list(b -> sum[0] += b.bytes());
    return sum[0];
  }

  @Test
  void spaceGrowsWithTheTilesThatChangedAndReturnsWhenVersionsGo() {
    MemoryTileStore blobs = new MemoryTileStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    // 100 tiles of 20 kB each of noise, in one blob.
    ArrayVersion first;
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(10_000))) {
      writer.write(noise(box(0, 999_999), 1));
      first = writer.commit();
    }
    long whole = bytes(blobs);
    assertTrue(whole > 2_000_000, "bytes: " + whole);
    // 9 of 10 tiles are written anew, in 9 versions of 10 tiles each.
    List<String> keys = new ArrayList<>(List.of(first.key()));
    ArrayVersion last = first;
    for (int v = 0; v < 9; v++) {
      long before = bytes(blobs);
      try (ArrayWriter writer = store.update(last)) {
        writer.write(noise(box(v * 100_000L, v * 100_000L + 99_999), 2 + v));
        last = writer.commit();
      }
      long grown = bytes(blobs) - before;
      assertTrue(grown > 200_000 && grown < 230_000, "bytes: " + grown);
      keys.add(last.key());
    }
    short[] expected = cells(last);
    String middle = keys.get(5);
    short[] expectedMiddle = cells(store.open(middle));

    // Only the fifth and the last version stay: nothing can go but manifests, since each blob is
    // needed in part.
    ArrayStore later = new ArrayStore(blobs, new TileCache(0));
    Set<String> live = Set.of(middle, last.key());
    later.collectGarbage(live, Duration.ZERO);
    assertTrue(bytes(blobs) > 1.8 * whole, "bytes: " + bytes(blobs));

    // The blob of the first version holds 50 tiles that the fifth needs: too many for a third.
    try (ArrayStore.Compaction none = later.compact(live, 0.3)) {
      assertTrue(none.moved().isEmpty());
    }
    // Only the last version stays: of 100 tiles of the first one it needs 10.
    live = Set.of(last.key());
    String moved;
    try (ArrayStore.Compaction compaction = later.compact(live, 0.5)) {
      assertEquals(live, compaction.moved().keySet());
      assertTrue(compaction.bytes() < 210_000, "bytes: " + compaction.bytes());
      moved = compaction.moved().get(last.key());
      assertEquals(0, later.collectGarbage(live, Duration.ZERO).blobs(), "not published yet");
    }
    ArrayStore after = new ArrayStore(blobs, new TileCache(0));
    after.collectGarbage(Set.of(moved), Duration.ZERO);
    assertTrue(bytes(blobs) < 1.03 * whole, "bytes: " + bytes(blobs) + " of " + whole);
    assertArrayEquals(expected, cells(after.open(moved)));
    assertTrue(expectedMiddle.length > 0);
    try (ArrayStore.Compaction again = after.compact(Set.of(moved), 0.5)) {
      assertTrue(again.moved().isEmpty());
    }
  }

  @Test
  void versionsThatShareTilesShareTheCopies() {
    MemoryTileStore blobs = new MemoryTileStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    List<String> keys = new ArrayList<>();
    ArrayVersion version;
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(10_000))) {
      writer.write(noise(box(0, 999_999), 1));
      version = writer.commit();
    }
    try (ArrayWriter writer = store.update(version)) {
      writer.write(noise(box(0, 799_999), 2));
      version = writer.commit();
    }
    keys.add(version.key());
    try (ArrayWriter writer = store.update(version)) {
      writer.write(noise(box(0, 9999), 3));
      version = writer.commit();
    }
    keys.add(version.key());
    List<short[]> expected = keys.stream().map(k -> cells(store.open(k))).toList();

    ArrayStore later = new ArrayStore(blobs, new TileCache(0));
    List<String> moved;
    try (ArrayStore.Compaction compaction = later.compact(Set.copyOf(keys), 0.5)) {
      // The last 20 tiles of the first version, once.
      assertTrue(
          compaction.bytes() > 390_000 && compaction.bytes() < 410_000,
          "bytes: " + compaction.bytes());
      moved = keys.stream().map(compaction.moved()::get).toList();
    }
    ArrayStore after = new ArrayStore(blobs, new TileCache(0));
    after.collectGarbage(Set.copyOf(moved), Duration.ZERO);
    for (int i = 0; i < keys.size(); i++) {
      assertArrayEquals(expected.get(i), cells(after.open(moved.get(i))));
    }
    assertTrue(bytes(blobs) < 2_150_000, "bytes: " + bytes(blobs));
  }

  @Test
  void nothingIsCollectedIfALiveVersionIsMissing() {
    MemoryTileStore blobs = new MemoryTileStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(1000))) {
      writer.write(noise(box(0, 999), 1));
      writer.commit();
    }
    ArrayStore other = new ArrayStore(blobs, new TileCache(0));
    assertThrows(EngineException.class, () -> other.collectGarbage(Set.of("gone"), Duration.ZERO));
    assertEquals(2, count(blobs));
  }

  @Test
  void writersOfDifferentTilesBothSucceedByRebasing() {
    ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(0));
    ArrayVersion base;
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(4))) {
      writer.write(shorts(box(0, 11), 1));
      base = writer.commit();
    }
    try (ArrayWriter a = store.update(base);
        ArrayWriter b = store.update(base);
        ArrayWriter c = store.update(base)) {
      a.write(shorts(box(0, 1), 2));
      b.write(shorts(box(6, 13), 3));
      c.write(shorts(box(3, 3), 4));
      ArrayVersion published = a.commit();
      b.commit();
      b.rebase(published);
      ArrayVersion merged = b.commit();
      assertArrayEquals(new short[] {2, 2, 1, 1, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3}, cells(merged));
      EngineException e = assertThrows(EngineException.class, () -> c.rebase(merged));
      assertEquals(Code.CONFLICT, e.code());
      assertTrue(e.getMessage().contains("[0:3]"), e.getMessage());
    }
  }

  @Test
  void cellsNullInTheMaskAreStoredAsTheFillValue() {
    ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(0));
    Band band = new Band(CellType.INT16, NullSet.of(-1));
    try (ArrayWriter writer = store.create(List.of(band), 1, Tiling.of(4))) {
      Tile part = shorts(box(0, 3), 1, 2, 3, 4);
      writer.write(new Tile(part.box(), List.of(part.band(0).withNulls(new long[] {0b0110}))));
      ArrayVersion version = writer.commit();
      assertArrayEquals(new short[] {1, -1, -1, 4}, cells(version));
      assertEquals(2, version.tiles(box(0, 3)).getFirst().statistics().getFirst().nulls());
    }
  }

  @Test
  void partsOfTheWrongKindAreRefused() {
    ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(0));
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(4))) {
      Tile ints = new Tile(box(0, 3), List.of(Cells.allocate(CellType.INT32, 4)));
      for (Tile wrong : List.of(ints, shorts(box(0, 3, 0, 3), 1))) {
        EngineException e = assertThrows(EngineException.class, () -> writer.write(wrong));
        assertEquals(Code.INVALID_EXPRESSION, e.code());
      }
      assertThrows(EngineException.class, () -> writer.write(shorts(box(0, 3), 1), 1));
    }
  }

  @Test
  void aDamagedTileIsNamed(@TempDir Path folder) throws IOException {
    ArrayStore store = new ArrayStore(new FileTileStore(folder), new TileCache(0));
    String key;
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(1000))) {
      writer.write(noise(box(0, 999), 1));
      writer.write(noise(box(1000, 1999), 1));
      key = writer.commit().key();
    }
    Path pack;
    try (var files = Files.walk(folder)) {
      pack = files.filter(f -> f.toString().endsWith(".tiles")).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(pack);
    bytes[bytes.length - 100]++;
    Files.write(pack, bytes);
    ArrayVersion version = new ArrayStore(new FileTileStore(folder), new TileCache(0)).open(key);
    List<StoredTile> tiles = version.tiles(box(0, 1999));
    version.read(tiles.get(0), tiles.get(0).box(), 0);
    EngineException e =
        assertThrows(
            EngineException.class, () -> version.read(tiles.get(1), tiles.get(1).box(), 0));
    assertEquals(Code.STORAGE_FAILED, e.code());
    assertTrue(e.getMessage().contains("tile [1000:1999]"), e.getMessage());
  }

  @Test
  void anAppendToManyTilesRewritesOnePage() {
    CountingStore blobs = new CountingStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(0));
    ArrayVersion base;
    try (ArrayWriter writer = store.create(SHORTS, 1, Tiling.of(1))) {
      writer.write(noise(box(0, 9999), 1));
      base = writer.commit();
    }
    try (ArrayWriter writer = store.update(base)) {
      writer.write(shorts(box(10000, 10000), 9));
      ArrayVersion after = writer.commit();
      assertEquals(10001, after.tileCount());
      assertEquals(base.manifest().pages().subList(0, 2), after.manifest().pages().subList(0, 2));
      assertTrue(blobs.size(after.key()) < blobs.size(base.key()) / 3);
      assertEquals(9, cells(after)[10000]);
      assertEquals(1, after.tiles(box(5000, 5000)).size());
    }
  }

  @Test
  void theCacheMakesEqualWorkOnceAndStaysWithinItsBudget() {
    TileCache cache = new TileCache(1000);
    AtomicInteger made = new AtomicInteger();
    TileCache.Key key = new TileCache.Key("a", 0, 0);
    List<Object> values =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(
                i ->
                    cache.get(
                        key,
                        Object.class,
                        () -> {
                          made.incrementAndGet();
                          return new Object();
                        },
                        v -> 100))
            .toList();
    assertEquals(1, made.get());
    values.forEach(v -> assertSame(values.getFirst(), v));
    for (int i = 1; i < 100; i++) {
      cache.get(new TileCache.Key("a", i, 0), Integer.class, () -> 7, v -> 100);
      assertTrue(cache.bytes() <= 1000);
    }
    assertSame(values.getFirst(), cache.peek(key, Object.class), "used twice: kept");
    assertThrows(
        IllegalStateException.class,
        () ->
            cache.get(
                new TileCache.Key("b", 0, 0),
                Integer.class,
                () -> {
                  throw new IllegalStateException("no");
                },
                v -> 1));
    assertEquals(
        3, cache.get(new TileCache.Key("b", 0, 0), Integer.class, () -> 3, v -> 1).intValue());
  }

  /** Whole tiles, parts of them and the lists of tiles: as many reads as one thread needs. */
  @Test
  void whatEightThreadsAskForAtTheSameMomentIsReadAndDecodedOnce() throws Exception {
    CountingStore blobs = new CountingStore();
    String key;
    try (ArrayWriter writer =
        new ArrayStore(blobs, new TileCache(0)).create(SHORTS, 2, Tiling.of(256, 256))) {
      writer.write(noise(box(0, 511, 0, 511), 1));
      key = writer.commit().key();
    }
    blobs.gets.set(0);
    short[] expected = cells(new ArrayStore(blobs, new TileCache(1 << 24)).open(key));
    int alone = blobs.gets.getAndSet(0);
    blobs.millisOfGet = 20;
    ArrayStore shared = new ArrayStore(blobs, new TileCache(1 << 24));
    CyclicBarrier together = new CyclicBarrier(8);
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<short[]>> answers =
          threads.invokeAll(
              Collections.nCopies(
                  8,
                  () -> {
                    together.await();
                    return cells(shared.open(key));
                  }));
      for (Future<short[]> answer : answers) {
        assertArrayEquals(expected, answer.get());
      }
    }
    // The root of a manifest is read by whoever opens it: it has two small parts.
    int opened = blobs.gets.get() - alone;
    assertTrue(opened <= 7 * 2, "read " + opened + " times more often than one thread");
    assertEquals(5, shared.cache().misses(), "one list of tiles, four tiles");
  }

  @Test
  void standardTilingsAreAboutTwoMebibytesAndSquare() {
    assertEquals(Tiling.of(1, 1024, 1024), Tiling.standard(SHORTS, box(0, 0, 0, 2047, 0, 2047)));
    List<Band> floats = List.of(new Band(CellType.FLOAT32));
    assertEquals(Tiling.of(512, 1024), Tiling.standard(floats, box(0, 0, 0, 0)));
    assertEquals(Tiling.of(4, 128, 256), Tiling.standard(SHORTS, box(0, 11, 0, 89, 0, 179)));
    assertEquals(Tiling.of(1 << 20), Tiling.standard(SHORTS, box(0, 5)));
    assertEquals(Tiling.of(), Tiling.standard(SHORTS, GridEnvelope.scalar()));
  }

  @Test
  void unlimitedEdgesAreChosenBySize() {
    assertEquals(Tiling.of(1, 1000, 1048), Tiling.of(1, 1000, 0).resolve(SHORTS, 0));
    assertEquals(Tiling.of(1024, 1024), Tiling.of(0, 0).resolve(SHORTS, 2 << 20));
    assertTrue(Tiling.of(1, 100000, 100000).resolve(SHORTS, 0).edge(1) < 10000);
  }
}
