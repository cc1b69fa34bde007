package org.tessera.engine.store;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.Reading;

/**
 * Reads cells and pages of manifests through the cache. A read of a small part of a tile decodes
 * the blocks that hold it; a larger one decodes the tile and keeps it.
 */
final class ChunkReader {
  private final TileStore store;
  private final TileCache cache;
  private final TileCodec codec;
  private final ReferencedCells referenced;

  ChunkReader(TileStore store, TileCache cache, TileCodec codec, ReferencedCells referenced) {
    this.store = store;
    this.cache = cache;
    this.codec = codec;
    this.referenced = referenced;
  }

  ReferencedCells referenced() {
    return referenced;
  }

  /** Statistics of cells that are not in the store: known once they have been read; else null. */
  BandStatistics known(Chunk chunk) {
    return cache.peek(key(chunk, TileCache.Key.STATISTICS), BandStatistics.class);
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
    Reading reading = new Reading(box, new LongAdder());
    ArraySource.Run run = run(tile, chunk, band, statistics, number, box, reading);
    return run.cells().length() == box.cells()
        ? run.cells()
        : copy(run.cells(), run.from(), box.cellsAsInt());
  }

  /** As {@link #read}; the cells may be a run within those of a tile or block in the cache. */
  ArraySource.Run run(
      GridEnvelope tile,
      Chunk chunk,
      Band band,
      BandStatistics statistics,
      int number,
      GridEnvelope box,
      Reading reading) {
    try {
      Part part = new Part(tile, chunk, band, statistics, reading);
      return box.equals(tile) ? new ArraySource.Run(part.whole(), 0) : part.run(box);
    } catch (EngineException e) {
      if (e.code() == Code.SOURCE_UNAVAILABLE) {
        throw e;
      }
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

  /** Bytes that {@link #run} reads when nothing is in the cache. */
  long bytes(
      GridEnvelope tile,
      Chunk chunk,
      Band band,
      BandStatistics statistics,
      GridEnvelope box,
      GridEnvelope region) {
    CellType type = band.type();
    if (chunk.isInline()) {
      return 0;
    }
    if (chunk.isElsewhere()) {
      return tile.cells() * type.bytes();
    }
    if (box.equals(tile) || hasGaps(band, statistics) || wantsWhole(tile, type, box, region)) {
      return chunk.length();
    }
    int elements = tile.cellsAsInt() * type.components();
    int head = Math.min(TileCodec.headBytes(type, elements), chunk.length());
    TileCodec.Directory directory =
        TileCodec.directory(store.get(chunk.blob(), chunk.offset(), head), type, elements);
    long[] bytes = {head};
    int[] last = {-1};
    int perBlock = TileCodec.blockElements(type) / type.components();
    BoxCopy.runs(
        tile,
        box,
        box,
        (from, to, length) -> {
          for (int b = from / perBlock; b <= (from + length - 1) / perBlock; b++) {
            if (b > last[0]) {
              bytes[0] += directory.start[b + 1] - directory.start[b];
              last[0] = b;
            }
          }
        });
    return bytes[0];
  }

  /** Whether a tile is to be decoded and kept whole although only a part is asked for now. */
  private boolean wantsWhole(
      GridEnvelope tile, CellType type, GridEnvelope box, GridEnvelope region) {
    int blocks = TileCodec.blocks(type, tile.cellsAsInt() * type.components());
    // Of what fits the cache together, all that will be asked for decides, not the piece at hand.
    boolean fits = region.cells() <= cache.capacity() / 2 / type.bytes();
    GridEnvelope part = fits ? tile.intersection(region).orElse(box) : box;
    return blocks == 1 || 2 * blocksTouched(tile, part, type) >= blocks;
  }

  private static Cells copy(Cells cells, int from, int n) {
    CellType type = cells.type();
    Cells copy = Cells.allocate(type, n);
    int unit = type.components();
    System.arraycopy(cells.array(), from * unit, copy.array(), 0, n * unit);
    if (cells.nulls() == null) {
      return copy;
    }
    long[] nulls = new long[(n + 63) >> 6];
    NullMask.copy(cells.nulls(), from, nulls, 0, n);
    return copy.withNulls(nulls);
  }

  /** One band of a tile. */
  private final class Part {
    private final GridEnvelope tile;
    private final Chunk chunk;
    private final Band band;
    private final CellType type;
    private final BandStatistics statistics;
    private final Reading reading;

    Part(GridEnvelope tile, Chunk chunk, Band band, BandStatistics statistics, Reading reading) {
      this.tile = tile;
      this.chunk = chunk;
      this.band = band;
      this.type = band.type();
      this.statistics = statistics;
      this.reading = reading;
    }

    Cells whole() {
      int cells = tile.cellsAsInt();
      if (chunk.isInline()) {
        return decode(chunk.bytes(), cells);
      }
      return cache.get(
          key(chunk, TileCache.Key.WHOLE),
          Cells.class,
          () -> {
            if (chunk.isElsewhere()) {
              return fetched(cells);
            }
            reading.read(chunk.length());
            return decode(store.get(chunk.blob(), chunk.offset(), chunk.length()), cells);
          },
          ChunkReader::weight);
    }

    /** Cells that are not in the store. */
    private Cells fetched(int n) {
      Cells cells = assemble();
      reading.read((long) n * type.bytes());
      long[] mask =
          cells.nulls() != null ? cells.nulls() : NullMask.of(type, cells.array(), n, band.nulls());
      BandStatistics found = StatisticsKernel.of(type, cells.array(), n, mask);
      if (found != null) {
        var unused =
            cache.get(
                key(chunk, TileCache.Key.STATISTICS), BandStatistics.class, () -> found, s -> 128L);
      }
      return cells.withNulls(mask);
    }

    private Cells assemble() {
      List<References.Layer> layers = chunk.references().layers();
      PendingTile whole = null;
      for (References.Layer layer : layers) {
        GridEnvelope box = layer.box().translate(tile.low());
        long[] offset = layer.offset().stream().mapToLong(Long::longValue).toArray();
        Cells cells = referenced.read(layer.source(), layer.band(), offset, box, band);
        if (layers.size() == 1 && !layer.masked() && box.equals(tile)) {
          return cells;
        }
        if (whole == null) {
          whole = new PendingTile(List.of(band), tile, tile);
        }
        long[] mask =
            layer.masked() ? NullMask.of(type, cells.array(), cells.length(), band.nulls()) : null;
        if (mask == null) {
          whole.put(0, cells.array(), box, box);
        } else {
          whole.putMasked(0, cells, mask, box, box);
        }
        whole.mark(box, mask, box, false);
      }
      if (whole == null) {
        whole = new PendingTile(List.of(band), tile, tile);
      }
      return Cells.wrap(type, whole.cells(0), whole.missing());
    }

    private Cells decode(byte[] bytes, int cells) {
      Cells decoded = Cells.allocate(type, cells);
      if (hasGaps(band, statistics)) {
        return decoded.withNulls(codec.decodeWithGaps(bytes, type, decoded.array(), cells));
      }
      codec.decode(bytes, type, decoded.array(), cells * type.components());
      return masked(decoded, band, statistics);
    }

    ArraySource.Run run(GridEnvelope box) {
      int wanted = box.cellsAsInt();
      if (chunk.isInline() && chunk.bytes().length > 0 && chunk.bytes()[0] == TileCodec.CONSTANT) {
        Cells cells = Cells.allocate(type, wanted);
        codec.decodeConstant(chunk.bytes(), type, cells.array(), wanted * type.components());
        return new ArraySource.Run(masked(cells, band, statistics), 0);
      }
      Cells all =
          chunk.isInline() || chunk.isElsewhere()
              ? whole()
              : cache.peek(key(chunk, TileCache.Key.WHOLE), Cells.class);
      if (all == null
          && (hasGaps(band, statistics) || wantsWhole(tile, type, box, reading.region()))) {
        all = whole();
      }
      long first = tile.offset(box.low());
      boolean together = tile.offset(box.high()) - first == wanted - 1;
      if (all != null && together) {
        return new ArraySource.Run(all, (int) first);
      }
      if (all == null) {
        BlockCopy blocks = new BlockCopy(this, wanted);
        int perBlock = blocks.blockElements / type.components();
        if (together && first / perBlock == (first + wanted - 1) / perBlock) {
          int b = (int) (first / perBlock);
          return new ArraySource.Run(blocks.block(b), (int) first - b * perBlock);
        }
        return new ArraySource.Run(blocks.copy(box), 0);
      }
      Cells cells = Cells.allocate(type, wanted);
      BoxCopy.copy(all.array(), tile, cells.array(), box, box, type.components());
      if (all.nulls() == null) {
        return new ArraySource.Run(cells, 0);
      }
      long[] nulls = new long[(wanted + 63) >> 6];
      long[] from = all.nulls();
      BoxCopy.runs(tile, box, box, (at, to, length) -> NullMask.copy(from, at, nulls, to, length));
      return new ArraySource.Run(cells.withNulls(nulls), 0);
    }
  }

  private static long weight(Cells c) {
    return 96 + (long) c.length() * c.type().bytes() + (c.nulls() == null ? 0 : c.length() / 8);
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
    private final Part part;
    private final CellType type;
    private final int elements;
    private final Cells target;
    private final int blockElements;
    private int current = -1;
    private Cells block;
    private long[] nulls;

    BlockCopy(Part part, int wanted) {
      this.part = part;
      this.type = part.type;
      this.elements = part.tile.cellsAsInt() * type.components();
      this.target = Cells.allocate(type, wanted);
      this.blockElements = TileCodec.blockElements(type);
    }

    Cells copy(GridEnvelope box) {
      BoxCopy.runs(part.tile, box, box, this::copyRun);
      return target.withNulls(nulls);
    }

    private void copyRun(int from, int to, int length) {
      int unit = type.components();
      int perBlock = blockElements / unit;
      int done = 0;
      while (done < length) {
        int at = from + done;
        int b = at / perBlock;
        int inBlock = at - b * perBlock;
        int n = Math.min(length - done, perBlock - inBlock);
        if (b != current) {
          block = block(b);
          current = b;
        }
        System.arraycopy(
            block.array(), inBlock * unit, target.array(), (to + done) * unit, n * unit);
        if (block.nulls() != null) {
          nulls = nulls == null ? new long[(target.length() + 63) >> 6] : nulls;
          NullMask.copy(block.nulls(), inBlock, nulls, to + done, n);
        }
        done += n;
      }
    }

    Cells block(int b) {
      int n = Math.min(blockElements, elements - b * blockElements);
      return cache.get(
          key(part.chunk, b), Cells.class, () -> decodeBlock(b, n), ChunkReader::weight);
    }

    private TileCodec.Directory readDirectory() {
      Chunk chunk = part.chunk;
      int head = Math.min(TileCodec.headBytes(type, elements), chunk.length());
      part.reading.read(head);
      return TileCodec.directory(store.get(chunk.blob(), chunk.offset(), head), type, elements);
    }

    private Cells decodeBlock(int b, int n) {
      Chunk chunk = part.chunk;
      TileCodec.Directory directory =
          cache.get(
              key(chunk, TileCache.Key.HEAD),
              TileCodec.Directory.class,
              this::readDirectory,
              d -> 64 + 8L * d.start.length);
      int start = directory.start[b];
      int length = directory.start[b + 1] - start;
      if (start + length > chunk.length()) {
        throw new EngineException(Code.STORAGE_FAILED, "damaged: block " + b + " ends early");
      }
      part.reading.read(length);
      byte[] bytes = store.get(chunk.blob(), chunk.offset() + start, length);
      Cells cells = Cells.allocate(type, n / type.components());
      codec.decodeBlock(bytes, 0, directory, b, type, cells.array(), 0, n);
      return masked(cells, part.band, part.statistics);
    }
  }

  private static TileCache.Key key(Chunk chunk, int block) {
    return new TileCache.Key(chunk.blob(), chunk.offset(), block);
  }

  /** Whether the chunk of a tile tells which of its cells were never written. */
  private static boolean hasGaps(Band band, BandStatistics statistics) {
    return statistics != null && statistics.nulls() > 0 && band.nulls().intervals().isEmpty();
  }

  /** Sets the null mask; what the statistics know need not be looked for. */
  private static Cells masked(Cells cells, Band band, BandStatistics statistics) {
    if (band.nulls().intervals().isEmpty() || (statistics != null && statistics.nulls() == 0)) {
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
