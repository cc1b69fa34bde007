package org.tessera.engine.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;

/** A tile that is being put together from parts, all bands. */
final class PendingTile {
  private final List<Band> bands;
  private final GridEnvelope limit;
  private final Object[] arrays;

  /** Not 0 where a cell was written; null if all bands have null values to tell that. */
  private byte[] present;

  private GridEnvelope room;
  private GridEnvelope box;
  private long written;

  /**
   * @param limit its place in the tile grid; the tile does not grow beyond it
   * @param box where its first cells will be
   */
  PendingTile(List<Band> bands, GridEnvelope limit, GridEnvelope box) {
    this.bands = bands;
    this.limit = limit;
    this.box = box;
    this.room = box;
    this.arrays = new Object[bands.size()];
    for (int b = 0; b < arrays.length; b++) {
      arrays[b] = empty(b, box);
    }
    if (bands.stream().anyMatch(PendingTile::mayHaveGaps)) {
      present = new byte[box.cellsAsInt()];
    }
  }

  /** Whether cells of a band that were never written are to be known as such. */
  static boolean mayHaveGaps(Band band) {
    return band.nulls().intervals().isEmpty() && !band.type().isComplex();
  }

  /** The least box that holds what was written. */
  GridEnvelope box() {
    return box;
  }

  long bytes() {
    long perCell = bands.stream().mapToLong(b -> b.type().bytes()).sum();
    return (perCell + (present == null ? 0 : 1)) * room.cells();
  }

  /** True if every cell seems to have been written: as many as the tile can have. */
  boolean looksComplete() {
    return written >= limit.cells() && box.equals(limit);
  }

  /** Copies cells of one band. */
  void put(int band, Object source, GridEnvelope sourceBox, GridEnvelope part) {
    reach(part);
    BoxCopy.copy(source, sourceBox, arrays[band], room, part, bands.get(band).type().components());
  }

  /** Copies cells of one band where the mask of the source has no null. */
  void putMasked(int band, Cells source, long[] mask, GridEnvelope sourceBox, GridEnvelope part) {
    reach(part);
    int unit = bands.get(band).type().components();
    BoxCopy.runs(
        sourceBox,
        room,
        part,
        (from, to, length) -> {
          int i = 0;
          while (i < length) {
            while (i < length && Masks.isSet(mask, from + i)) {
              i++;
            }
            int start = i;
            while (i < length && !Masks.isSet(mask, from + i)) {
              i++;
            }
            System.arraycopy(
                source.array(),
                (from + start) * unit,
                arrays[band],
                (to + start) * unit,
                (i - start) * unit);
          }
        });
  }

  /**
   * Notes which cells of a part were written.
   *
   * @param missing the null mask of those that were not; null if all were
   * @param clears whether cells that were not written now are missing even if they were there
   */
  void mark(GridEnvelope part, long[] missing, GridEnvelope maskBox, boolean clears) {
    if (present == null) {
      return;
    }
    reach(part);
    BoxCopy.runs(
        maskBox,
        room,
        part,
        (from, to, length) -> {
          if (missing == null) {
            Arrays.fill(present, to, to + length, (byte) 1);
            return;
          }
          for (int i = 0; i < length; i++) {
            if (!Masks.isSet(missing, from + i)) {
              present[to + i] = 1;
            } else if (clears) {
              present[to + i] = 0;
            }
          }
        });
  }

  /** The null mask of cells of {@link #box} that were never written; null if there are none. */
  long[] missing() {
    if (present == null) {
      return null;
    }
    byte[] here = present;
    if (!room.equals(box)) {
      here = new byte[box.cellsAsInt()];
      BoxCopy.copy(present, room, here, box, box, 1);
    }
    long[] mask = null;
    for (int i = 0; i < here.length; i++) {
      if (here[i] == 0) {
        mask = mask == null ? new long[(here.length + 63) >> 6] : mask;
        mask[i >> 6] |= 1L << i;
      }
    }
    return mask;
  }

  /** Notes that all bands of so many cells were written. */
  void count(long cells) {
    written += cells;
  }

  /** The cells of one band of {@link #box}. */
  Object cells(int band) {
    if (room.equals(box)) {
      return arrays[band];
    }
    Object cells = empty(band, box);
    BoxCopy.copy(arrays[band], room, cells, box, box, bands.get(band).type().components());
    return cells;
  }

  private void reach(GridEnvelope part) {
    if (box.contains(part)) {
      return;
    }
    box = box.union(part);
    if (room.contains(box)) {
      return;
    }
    // Grow by doubling, so that a tile made of many strips is copied a few times only.
    GridEnvelope larger = room.union(box);
    for (int i = 0; i < box.dimension(); i++) {
      if (larger.high(i) > room.high(i)) {
        long high = Math.min(limit.high(i), larger.high(i) + room.size(i));
        larger = larger.with(i, larger.low(i), high);
      }
      if (larger.low(i) < room.low(i)) {
        long low = Math.max(limit.low(i), larger.low(i) - room.size(i));
        larger = larger.with(i, low, larger.high(i));
      }
    }
    for (int b = 0; b < arrays.length; b++) {
      Object grown = empty(b, larger);
      BoxCopy.copy(arrays[b], room, grown, larger, room, bands.get(b).type().components());
      arrays[b] = grown;
    }
    if (present != null) {
      byte[] grown = new byte[larger.cellsAsInt()];
      BoxCopy.copy(present, room, grown, larger, room, 1);
      present = grown;
    }
    room = larger;
  }

  private Object empty(int band, GridEnvelope of) {
    Object array = Cells.allocate(bands.get(band).type(), of.cellsAsInt()).array();
    ChunkReader.fill(bands.get(band), array);
    return array;
  }

  /** Reads of bit masks. */
  static final class Masks {
    private Masks() {}

    static boolean isSet(long[] mask, int i) {
      return (mask[i >> 6] >>> i & 1) != 0;
    }

    /** True if all bits of a box are set. */
    static boolean allSet(long[] mask, GridEnvelope maskBox, GridEnvelope box) {
      List<Boolean> clear = new ArrayList<>();
      BoxCopy.runs(
          maskBox,
          box,
          box,
          (from, to, length) -> {
            for (int i = from; clear.isEmpty() && i < from + length; i++) {
              if (!isSet(mask, i)) {
                clear.add(true);
              }
            }
          });
      return clear.isEmpty();
    }
  }
}
