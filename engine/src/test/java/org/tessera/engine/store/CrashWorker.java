package org.tessera.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * Updates an array for ever, until it is killed; see {@link CrashTest}. Version k holds {@code k *
 * 100000 + offset} in every cell. The file {@code pointer} plays the catalogue: the keys of the
 * current version and the one before, replaced by renaming.
 */
final class CrashWorker {
  static final GridEnvelope DOMAIN = GridEnvelope.ofSize(3, 50, 50);

  private CrashWorker() {}

  /** What the pointer says: keys and numbers of the current version and the one before. */
  record Pointer(String key, int number, String oldKey, int oldNumber) {
    static Pointer read(Path folder) throws IOException {
      List<String> lines = Files.readAllLines(folder.resolve("pointer"));
      return new Pointer(
          lines.get(0),
          Integer.parseInt(lines.get(1)),
          lines.get(2),
          Integer.parseInt(lines.get(3)));
    }

    void write(Path folder) throws IOException {
      Path next = folder.resolve("pointer.next");
      Files.write(
          next, List.of(key, Integer.toString(number), oldKey, Integer.toString(oldNumber)));
      Files.move(next, folder.resolve("pointer"), StandardCopyOption.ATOMIC_MOVE);
    }

    Set<String> keys() {
      return new HashSet<>(List.of(key, oldKey));
    }
  }

  static ArrayStore store(Path folder) {
    return new ArrayStore(new FileTileStore(folder.resolve("store")), new TileCache(0));
  }

  static ArrayVersion first(ArrayStore store) {
    try (ArrayWriter writer =
        store.create(List.of(new Band(CellType.INT32)), 3, Tiling.of(1, 20, 20))) {
      writer.write(cells(0));
      return writer.commit();
    }
  }

  static Tile cells(int number) {
    Cells cells = Cells.allocate(CellType.INT32, DOMAIN.cellsAsInt());
    for (int i = 0; i < cells.length(); i++) {
      cells.ints()[i] = number * 100000 + i;
    }
    return new Tile(DOMAIN, List.of(cells));
  }

  /** Throws if a version cannot be read or is not wholly what it should be. */
  static void check(ArrayVersion version, int number) {
    long seen = 0;
    for (StoredTile tile : version.tiles(DOMAIN)) {
      int[] got = version.read(tile, tile.box(), 0).band(0).ints();
      int i = 0;
      GridEnvelope box = tile.box();
      for (long t = box.low(0); t <= box.high(0); t++) {
        for (long y = box.low(1); y <= box.high(1); y++) {
          for (long x = box.low(2); x <= box.high(2); x++) {
            long expected = number * 100000L + DOMAIN.offset(t, y, x);
            if (got[i] != expected) {
              throw new AssertionError(
                  "version " + number + " has " + got[i] + " instead of " + expected);
            }
            i++;
          }
        }
      }
      seen += i;
    }
    if (seen != DOMAIN.cells()) {
      throw new AssertionError("version " + number + " has " + seen + " cells");
    }
  }

  /** Arguments: the folder. Prints a line after the first update. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    ArrayStore store = store(folder);
    Pointer pointer = Pointer.read(folder);
    for (int update = 0; ; update++) {
      int number = pointer.number() + 1;
      try (ArrayWriter writer = store.update(store.open(pointer.key()))) {
        Tile all = cells(number);
        if (number % 2 == 0) {
          writer.write(all);
        } else {
          // Row by row, so that tiles are put together from parts.
          for (int row = 0; row < 150; row++) {
            GridEnvelope box =
                GridEnvelope.of(
                    new long[] {row / 50, row % 50, 0}, new long[] {row / 50, row % 50, 49});
            Cells cells = Cells.allocate(CellType.INT32, 50);
            System.arraycopy(all.band(0).ints(), row * 50, cells.ints(), 0, 50);
            writer.write(new Tile(box, List.of(cells)));
          }
        }
        ArrayVersion made = writer.commit();
        pointer = new Pointer(made.key(), number, pointer.key(), pointer.number());
        pointer.write(folder);
      }
      if (number % 3 == 0) {
        store.collectGarbage(pointer.keys(), Duration.ZERO);
      }
      if (update == 0) {
        System.out.println("working");
      }
    }
  }
}
