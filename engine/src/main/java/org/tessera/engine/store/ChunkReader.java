package org.tessera.engine.store;

import java.util.Arrays;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;

/**
 * Reads cells and pages of manifests through the cache. A read of a small part of a tile decodes
 * the blocks that hold it; a larger one decodes the tile and keeps it.
 */
final class ChunkReader {
  private final TileStore store;
  private final TileCache cache;
  private final TileCodec codec;

  ChunkReader(TileStore store, TileCache cache, TileCodec codec) {
    this.store = store;
    this.cache = cache;
    this.codec = codec;
  }

  Page page(Manifest manifest, int index) {
    Manifest.PageRef ref = manifest.pages().get(index);
    return cache.get(
        new TileCache.Key(ref.blob(), ref.offset(), TileCache.Key.WHOLE),
        Page.class,
        () ->
            Page.decode(
                store.get(ref.blob(), ref.offset(), ref.length()),
                manifest.type().dimension(),
                manifest.type().bands().size(),
                codec),
        Page::weight);
  }

  /**
   * The cells of {@code box}, which lies in the tile.
   *
   * @param statistics of this band of the tile, or null if unknown
   */
  Cells read(
      GridEnvelope tile,
      Chunk chunk,
      Band band,
      BandStatistics statistics,
      int number,
      GridEnvelope box) {
    try {
      return box.equals(tile)
          ? whole(tile, chunk, band, statistics)
          : part(tile, chunk, band, statistics, box);
    } catch (EngineException e) {
      throw new EngineException(
          e.code(),
          "band "
              + number
              + " of tile "
              + tile
              + (chunk.isInline() ? "" : " in " + chunk.blob() + " at " + chunk.offset())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private Cells whole(GridEnvelope tile, Chunk chunk, Band band, BandStatistics statistics) {
    int cells = tile.cellsAsInt();
    if (chunk.isInline()) {
      return decode(chunk.bytes(), cells, band, statistics);
    }
    return cache.get(
        key(chunk, TileCache.Key.WHOLE),
        Cells.class,
        () ->
            decode(
                store.get(chunk.blob(), chunk.offset(), chunk.length()), cells, band, statistics),
        c -> 64 + (long) c.length() * c.type().bytes() + (c.nulls() == null ? 0 : c.length() / 8));
  }

  private Cells decode(byte[] bytes, int cells, Band band, BandStatistics statistics) {
    CellType type = band.type();
    Cells decoded = Cells.allocate(type, cells);
    codec.decode(bytes, type, decoded.array(), cells * type.components());
    return masked(decoded, band, statistics);
  }

  private Cells part(
      GridEnvelope tile, Chunk chunk, Band band, BandStatistics statistics, GridEnvelope box) {
    CellType type = band.type();
    int wanted = box.cellsAsInt();
    if (chunk.isInline()) {
      Cells cells = Cells.allocate(type, wanted);
      byte[] bytes = chunk.bytes();
      if (bytes.length > 0 && bytes[0] == TileCodec.CONSTANT) {
        codec.decodeConstant(bytes, type, cells.array(), wanted * type.components());
        return masked(cells, band, statistics);
      }
      Cells all = whole(tile, chunk, band, statistics);
      BoxCopy.copy(all.array(), tile, cells.array(), box, box, type.components());
      return masked(cells, band, statistics);
    }
    Cells all = cache.peek(key(chunk, TileCache.Key.WHOLE), Cells.class);
    int elements = tile.cellsAsInt() * type.components();
    int blocks = TileCodec.blocks(type, elements);
    Cells cells = Cells.allocate(type, wanted);
    if (all == null && (blocks == 1 || 2 * blocksTouched(tile, box, type) >= blocks)) {
      all = whole(tile, chunk, band, statistics);
    }
    if (all != null) {
      BoxCopy.copy(all.array(), tile, cells.array(), box, box, type.components());
    } else {
      new BlockCopy(chunk, type, elements, cells.array()).copy(tile, box);
    }
    return masked(cells, band, statistics);
  }

  private static long blocksTouched(GridEnvelope tile, GridEnvelope box, CellType type) {
    // Exact when the box is a run of rows, else a bit too many.
    long first = tile.offset(box.low());
    long last = tile.offset(box.high());
    long perBlock = TileCodec.blockElements(type) / type.components();
    long span = last / perBlock - first / perBlock + 1;
    long rows = box.dimension() == 0 ? 1 : box.cells() / box.size(box.dimension() - 1);
    long perRow =
        box.dimension() == 0 ? 1 : (box.size(box.dimension() - 1) + perBlock - 2) / perBlock + 1;
    return Math.min(span, rows * perRow);
  }

  /** Copies runs of cells out of blocks, decoding each block once. */
  private final class BlockCopy {
    private final Chunk chunk;
    private final CellType type;
    private final int elements;
    private final Object target;
    private final int blockElements;
    private TileCodec.Directory directory;
    private int current = -1;
    private Object block;

    BlockCopy(Chunk chunk, CellType type, int elements, Object target) {
      this.chunk = chunk;
      this.type = type;
      this.elements = elements;
      this.target = target;
      this.blockElements = TileCodec.blockElements(type);
    }

    void copy(GridEnvelope tile, GridEnvelope box) {
      int unit = type.components();
      BoxCopy.runs(
          tile, box, box, (from, to, length) -> copyRun(from * unit, to * unit, length * unit));
    }

    private void copyRun(int from, int to, int length) {
      int done = 0;
      while (done < length) {
        int at = from + done;
        int b = at / blockElements;
        int inBlock = at - b * blockElements;
        int n = Math.min(length - done, blockElements - inBlock);
        if (b != current) {
          block = block(b);
          current = b;
        }
        System.arraycopy(block, inBlock, target, to + done, n);
        done += n;
      }
    }

    private Object block(int b) {
      int n = Math.min(blockElements, elements - b * blockElements);
      return cache
          .get(
              key(chunk, b),
              Cells.class,
              () -> decodeBlock(b, n),
              c -> 96 + (long) c.length() * c.type().bytes())
          .array();
    }

    private Cells decodeBlock(int b, int n) {
      if (directory == null) {
        int head = TileCodec.headBytes(type, elements);
        byte[] bytes = store.get(chunk.blob(), chunk.offset(), Math.min(head, chunk.length()));
        directory = TileCodec.directory(bytes, type, elements);
      }
      int start = directory.start[b];
      int length = directory.start[b + 1] - start;
      if (start + length > chunk.length()) {
        throw new EngineException(Code.STORAGE_FAILED, "damaged: block " + b + " ends early");
      }
      byte[] bytes = store.get(chunk.blob(), chunk.offset() + start, length);
      Cells cells = Cells.allocate(type, n / type.components());
      codec.decodeBlock(bytes, 0, directory, b, type, cells.array(), 0, n);
      return cells;
    }
  }

  private static TileCache.Key key(Chunk chunk, int block) {
    return new TileCache.Key(chunk.blob(), chunk.offset(), block);
  }

  /** Sets the null mask; what the statistics know need not be looked for. */
  private static Cells masked(Cells cells, Band band, BandStatistics statistics) {
    if (band.nulls().isEmpty() || (statistics != null && statistics.nulls() == 0)) {
      return cells;
    }
    if (statistics != null && statistics.count() == 0) {
      return cells.withNulls(NullMask.all(cells.length()));
    }
    return cells.withNulls(NullMask.of(band.type(), cells.array(), cells.length(), band.nulls()));
  }

  /**
   * Sets the cells of a new array to the fill value of a band. They stay 0 if the type cannot hold
   * it.
   */
  static void fill(Band band, Object array) {
    double value = band.nulls().fill();
    boolean integer =
        band.type().storage() != CellType.Storage.FLOAT
            && band.type().storage() != CellType.Storage.DOUBLE;
    boolean fits = value >= (double) band.type().min() && value <= (double) band.type().max();
    if (value == 0 || (integer && !fits)) {
      return;
    }
    int step = band.type().components();
    switch (band.type().storage()) {
      case BYTE -> Arrays.fill((byte[]) array, (byte) (long) value);
      case SHORT -> {
        short[] a = (short[]) array;
        for (int i = 0; i < a.length; i += step) {
          a[i] = (short) (long) value;
        }
      }
      case INT -> {
        int[] a = (int[]) array;
        for (int i = 0; i < a.length; i += step) {
          a[i] = (int) (long) value;
        }
      }
      case LONG -> Arrays.fill((long[]) array, (long) value);
      case FLOAT -> {
        float[] a = (float[]) array;
        for (int i = 0; i < a.length; i += step) {
          a[i] = (float) value;
        }
      }
      case DOUBLE -> {
        double[] a = (double[]) array;
        for (int i = 0; i < a.length; i += step) {
          a[i] = value;
        }
      }
    }
  }
}
