package org.tessera.engine.store;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.LongSupplier;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * Speed of the store, by hand: {@code java ... StoreBenchmark FOLDER [SLICES]}, where
 * FOLDER/cube.raw holds 2048 x 2048 int16 slices as bench/make_data.py makes them (without it:
 * noise on a slope).
 */
final class StoreBenchmark {
  private static final int SIDE = 2048;
  private static final int ROW = SIDE;

  private StoreBenchmark() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    codec("int16 noise on a slope", CellType.INT16, slope());
    if (Files.exists(folder.resolve("cube.raw"))) {
      codec("int16 cube", CellType.INT16, load(folder.resolve("cube.raw"), CellType.INT16));
      codec("uint8 rgb", CellType.UINT8, load(folder.resolve("rgb.raw"), CellType.UINT8));
      codec("float32 field", CellType.FLOAT32, load(folder.resolve("float.raw"), CellType.FLOAT32));
    }
    array(folder, args.length > 1 ? Integer.parseInt(args[1]) : 64);
    manifest();
  }

  private static Cells slope() {
    Cells cells = Cells.allocate(CellType.INT16, SIDE * SIDE);
    Random random = new Random(1);
    for (int i = 0; i < cells.length(); i++) {
      cells.shorts()[i] = (short) (i / 40000.0 + random.nextGaussian() * 4);
    }
    return cells;
  }

  private static Cells load(Path file, CellType type) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    Cells cells = Cells.allocate(type, SIDE * SIDE);
    switch (type.storage()) {
      case BYTE -> bytes.get(cells.bytes());
      case SHORT -> bytes.asShortBuffer().get(cells.shorts());
      case INT -> bytes.asIntBuffer().get(cells.ints());
      case LONG -> bytes.asLongBuffer().get(cells.longs());
      case FLOAT -> bytes.asFloatBuffer().get(cells.floats());
      case DOUBLE -> bytes.asDoubleBuffer().get(cells.doubles());
    }
    return cells;
  }

  /**
   * Least of many runs, in nanoseconds of this thread's processor time (the machine may be busy).
   */
  private static long best(int runs, LongSupplier work) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < runs; i++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      if (work.getAsLong() == 42) {
        System.out.print("");
      }
      best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }
    return best;
  }

  private static void print(String format, Object... args) {
    System.out.println(String.format(Locale.ROOT, format, args));
  }

  private static void codec(String name, CellType type, Cells cells) {
    TileCodec codec = new TileCodec(1);
    int n = 1 << 20;
    double bytes = (double) n * type.bytes();
    byte[] chunk = codec.encode(type, cells.array(), n, ROW);
    Cells back = Cells.allocate(type, n);
    long encode = best(300, () -> codec.encode(type, cells.array(), n, ROW).length);
    long decode =
        best(
            600,
            () -> {
              codec.decode(chunk, type, back.array(), n);
              return n;
            });
    NullSet nulls = NullSet.of(-9999);
    long mask =
        best(
            600,
            () -> {
              long[] m = NullMask.of(type, cells.array(), n, nulls);
              return m == null ? 0 : m.length;
            });
    long[] m = NullMask.of(type, cells.array(), n, nulls);
    long statistics = best(300, () -> StatisticsKernel.of(type, cells.array(), n, m).count());
    print(
        "%-24s ratio %.2f, encode %.2f GB/s, decode %.2f GB/s, mask %.2f GB/s, statistics %.2f GB/s",
        name,
        bytes / chunk.length,
        bytes / encode,
        bytes / decode,
        bytes / mask,
        bytes / statistics);
  }

  private static void array(Path folder, int slices) throws IOException {
    Cells cells =
        Files.exists(folder.resolve("cube.raw"))
            ? load(folder.resolve("cube.raw"), CellType.INT16)
            : slope();
    Path files = Files.createTempDirectory(folder, "store");
    ArrayStore store = new ArrayStore(new FileTileStore(files), new TileCache(0));
    List<Band> bands = List.of(new Band(CellType.INT16, NullSet.of(-9999)));
    GridEnvelope domain = GridEnvelope.ofSize(slices, SIDE, SIDE);
    long start = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    String key;
    try (ArrayWriter writer =
        store.create(bands, 3, Tiling.standard(bands, domain.with(0, 0, 0)))) {
      for (int t = 0; t < slices; t++) {
        writer.write(new Tile(domain.with(0, t, t), List.of(cells)));
      }
      ArrayVersion version = writer.commit();
      key = version.key();
      long nanos =
          ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() - start;
      print(
          "write %d slices, fsync: %.2f GB/s per core (processor time of all threads), %d tiles, %d MB stored",
          slices,
          2.0 * SIDE * SIDE * slices / nanos,
          version.tileCount(),
          version.storedBytes() >> 20);
    }
    ArrayVersion version = store.open(key);
    long decode = best(8, () -> readAll(version, domain));
    print("read all tiles, one thread, no cache: %.2f GB/s", 2.0 * domain.cells() / decode);
    Random random = new Random(3);
    ArrayVersion small = new ArrayStore(new FileTileStore(files), new TileCache(2 << 20)).open(key);
    long pixel = best(400, () -> series(small, slices, random));
    print(
        "one pixel x %d dates, one thread, only the manifest cached: %.3f ms", slices, pixel / 1e6);
    ArrayVersion cached =
        new ArrayStore(new FileTileStore(files), new TileCache(1L << 30)).open(key);
    print(
        "read all, first time: %.2f GB/s",
        2.0 * domain.cells() / best(1, () -> readAll(cached, domain)));
    print("read all, cached: %.3f ms", best(20, () -> readAll(cached, domain)) / 1e6);
    print(
        "one pixel x %d dates, cached: %.3f ms",
        slices, best(200, () -> series(cached, slices, random)) / 1e6);
    long open =
        best(
            20,
            () -> new ArrayStore(new FileTileStore(files), new TileCache(0)).open(key).tileCount());
    print("open: %.3f ms", open / 1e6);
    try (var all = Files.walk(files)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static long readAll(ArrayVersion version, GridEnvelope box) {
    long sum = 0;
    for (StoredTile tile : version.tiles(box)) {
      sum += version.read(tile, tile.box(), 0).band(0).shorts()[0];
    }
    return sum;
  }

  private static long series(ArrayVersion version, int slices, Random random) {
    long y = random.nextInt(SIDE);
    long x = random.nextInt(SIDE);
    GridEnvelope box = GridEnvelope.of(new long[] {0, y, x}, new long[] {slices - 1, y, x});
    long sum = 0;
    for (StoredTile tile : version.tiles(box)) {
      GridEnvelope part = tile.box().intersection(box).orElseThrow();
      sum += version.read(tile, part, 0).band(0).shorts()[0];
    }
    return sum;
  }

  private static void manifest() {
    MemoryTileStore blobs = new MemoryTileStore();
    ArrayStore store = new ArrayStore(blobs, new TileCache(1L << 30));
    List<Band> bands = List.of(new Band(CellType.INT16));
    String key;
    long start = System.nanoTime();
    try (ArrayWriter writer = store.create(bands, 3, Tiling.of(1, 4, 4))) {
      Cells cells = Cells.allocate(CellType.INT16, 400 * 400);
      Random random = new Random(1);
      for (int t = 0; t < 100; t++) {
        for (int i = 0; i < cells.length(); i++) {
          cells.shorts()[i] = (short) random.nextInt();
        }
        writer.write(
            new Tile(
                GridEnvelope.of(new long[] {t, 0, 0}, new long[] {t, 399, 399}), List.of(cells)));
      }
      key = writer.commit().key();
    }
    print("10^6 tiles written in %.0f ms", (System.nanoTime() - start) / 1e6);
    List<TileStore.Blob> all = new ArrayList<>();
    blobs.list(all::add);
    print("manifest of 10^6 tiles: %d kB", blobs.size(key) >> 10);
    long open = best(20, () -> new ArrayStore(blobs, new TileCache(0)).open(key).tileCount());
    print("open of 10^6 tiles: %.3f ms", open / 1e6);
    GridEnvelope one = GridEnvelope.of(new long[] {50, 200, 200}, new long[] {50, 201, 201});
    print(
        "open and find one tile: %.3f ms",
        best(20, () -> new ArrayStore(blobs, new TileCache(0)).open(key).tiles(one).size()) / 1e6);
    ArrayVersion version = new ArrayStore(blobs, new TileCache(1L << 30)).open(key);
    GridEnvelope line = GridEnvelope.of(new long[] {0, 200, 200}, new long[] {99, 201, 201});
    long first =
        best(8, () -> new ArrayStore(blobs, new TileCache(0)).open(key).tiles(line).size());
    print("open and find 100 of 10^6 tiles: %.3f ms", first / 1e6);
    print("100 of 10^6 tiles, again: %.3f ms", best(50, () -> version.tiles(line).size()) / 1e6);
    GridEnvelope everything = version.type().domain();
    print("all 10^6 tiles: %.1f ms", best(5, () -> version.tiles(everything).size()) / 1e6);
    long append =
        best(
            5,
            () -> {
              try (ArrayWriter writer = store.update(version)) {
                writer.write(
                    new Tile(
                        GridEnvelope.of(new long[] {100, 0, 0}, new long[] {100, 3, 3}),
                        List.of(Cells.allocate(CellType.INT16, 16))));
                return writer.commit().tileCount();
              }
            });
    print("append a tile to 10^6: %.3f ms", append / 1e6);
  }
}
