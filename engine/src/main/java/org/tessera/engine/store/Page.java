package org.tessera.engine.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/**
 * Up to {@value #CAPACITY} tiles of a manifest in the row-major order of their columns in the tile
 * grid, as columns of numbers. Immutable.
 */
final class Page {
  static final int CAPACITY = 4096;

  /** Numbers that a page keeps of each band of a tile. */
  private static final int PER_BAND = 11;

  /**
   * Number of the blob; -1 for inline chunks; for references -2 - n, where n is that of the name
   * that stands for a blob.
   */
  private static final int BLOB = 0;

  private static final int ELSEWHERE = -2;
  private static final int OFFSET = 1;
  private static final int LENGTH = 2;
  private static final int COUNT = 3;
  private static final int NULLS = 4;
  private static final int NANS = 5;
  private static final int MIN = 6;
  private static final int MAX = 7;
  private static final int SUM = 8;
  private static final int EXACT_SUM = 9;

  /** 0: no statistics, 1: sum is a double, 2: sum is exact. */
  private static final int KIND = 10;

  private final int dimension;
  private final int bands;
  private final int size;
  private final String[] blobs;
  private final String[] sources;
  private final byte[] inline;

  /** Column {@code 2 i} and {@code 2 i + 1} are low and high of axis i, then those of the bands. */
  private final long[][] columns;

  private Page(
      int dimension,
      int bands,
      int size,
      String[] blobs,
      String[] sources,
      byte[] inline,
      long[][] columns) {
    this.dimension = dimension;
    this.bands = bands;
    this.size = size;
    this.blobs = blobs;
    this.sources = sources;
    this.inline = inline;
    this.columns = columns;
  }

  /** A page of these tiles, which are in order. */
  static Page of(int dimension, int bands, List<TileEntry> tiles) {
    int size = tiles.size();
    long[][] columns = new long[2 * dimension + PER_BAND * bands][size];
    Map<String, Integer> blobs = new LinkedHashMap<>();
    Map<String, Integer> sources = new LinkedHashMap<>();
    ByteArrayOutputStream inline = new ByteArrayOutputStream();
    for (int t = 0; t < size; t++) {
      TileEntry tile = tiles.get(t);
      for (int i = 0; i < dimension; i++) {
        columns[2 * i][t] = tile.box().low(i);
        columns[2 * i + 1][t] = tile.box().high(i);
      }
      for (int b = 0; b < bands; b++) {
        int base = 2 * dimension + PER_BAND * b;
        Chunk chunk = tile.chunks().get(b);
        columns[base + LENGTH][t] = chunk.length();
        if (chunk.isInline()) {
          columns[base + BLOB][t] = -1;
          columns[base + OFFSET][t] = inline.size();
          inline.writeBytes(chunk.bytes());
        } else if (chunk.isElsewhere()) {
          byte[] references =
              chunk.references().encode(s -> sources.computeIfAbsent(s, k -> sources.size()));
          long name = blobs.computeIfAbsent(chunk.blob(), k -> blobs.size());
          columns[base + BLOB][t] = ELSEWHERE - name;
          columns[base + OFFSET][t] = inline.size();
          columns[base + LENGTH][t] = (long) Long.BYTES + references.length;
          inline.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(chunk.offset()).array());
          inline.writeBytes(references);
        } else {
          columns[base + BLOB][t] = blobs.computeIfAbsent(chunk.blob(), k -> blobs.size());
          columns[base + OFFSET][t] = chunk.offset();
        }
        BandStatistics s = tile.statistics().get(b);
        if (s != null) {
          columns[base + COUNT][t] = s.count();
          columns[base + NULLS][t] = s.nulls();
          columns[base + NANS][t] = s.nans();
          columns[base + MIN][t] = Double.doubleToRawLongBits(s.min());
          columns[base + MAX][t] = Double.doubleToRawLongBits(s.max());
          columns[base + SUM][t] = s.sumIsExact() ? 0 : Double.doubleToRawLongBits(s.sum());
          columns[base + EXACT_SUM][t] = s.exactSum();
          columns[base + KIND][t] = s.sumIsExact() ? 2 : 1;
        }
      }
    }
    return new Page(
        dimension,
        bands,
        size,
        blobs.keySet().toArray(String[]::new),
        sources.keySet().toArray(String[]::new),
        inline.toByteArray(),
        columns);
  }

  int size() {
    return size;
  }

  /** Bytes on the heap, about. */
  long weight() {
    long texts = 0;
    for (String source : sources) {
      texts += 64 + source.length();
    }
    return 8L * size * columns.length + inline.length + 64L * blobs.length + texts + 256;
  }

  /**
   * Cells that the tiles hold in the band without null values that has least; all of the tiles'
   * boxes if every band has null values.
   */
  long covered(List<Band> of) {
    long covered = 0;
    for (int t = 0; t < size; t++) {
      long missing = 0;
      for (int b = 0; b < bands; b++) {
        if (PendingTile.mayHaveGaps(of.get(b))) {
          Chunk chunk = chunk(t, b);
          missing =
              Math.max(
                  missing,
                  chunk.isElsewhere()
                      ? box(t).cells() - chunk.references().covered()
                      : columns[2 * dimension + PER_BAND * b + NULLS][t]);
        }
      }
      covered += box(t).cells() - missing;
    }
    return covered;
  }

  /** Bytes of the tiles' chunks. */
  long storedBytes() {
    long bytes = 0;
    for (int b = 0; b < bands; b++) {
      for (long length : columns[2 * dimension + PER_BAND * b + LENGTH]) {
        bytes += length;
      }
    }
    return bytes;
  }

  /** The least box that holds all tiles. */
  GridEnvelope bounds() {
    long[] low = new long[dimension];
    long[] high = new long[dimension];
    for (int i = 0; i < dimension; i++) {
      long least = Long.MAX_VALUE;
      long greatest = Long.MIN_VALUE;
      for (int t = 0; t < size; t++) {
        least = Math.min(least, columns[2 * i][t]);
        greatest = Math.max(greatest, columns[2 * i + 1][t]);
      }
      low[i] = least;
      high[i] = greatest;
    }
    return GridEnvelope.of(low, high);
  }

  long[] low(int tile) {
    long[] low = new long[dimension];
    for (int i = 0; i < dimension; i++) {
      low[i] = columns[2 * i][tile];
    }
    return low;
  }

  GridEnvelope box(int tile) {
    long[] high = new long[dimension];
    for (int i = 0; i < dimension; i++) {
      high[i] = columns[2 * i + 1][tile];
    }
    return GridEnvelope.of(low(tile), high);
  }

  Chunk chunk(int tile, int band) {
    int base = 2 * dimension + PER_BAND * band;
    int blob = (int) columns[base + BLOB][tile];
    long offset = columns[base + OFFSET][tile];
    int length = (int) columns[base + LENGTH][tile];
    if (blob <= ELSEWHERE) {
      long number = ByteBuffer.wrap(inline).getLong((int) offset);
      int from = (int) offset + Long.BYTES;
      References references =
          References.decode(inline, from, length - Long.BYTES, dimension, s -> sources[s]);
      return Chunk.elsewhere(blobs[ELSEWHERE - blob], number, references);
    }
    if (blob < 0) {
      return Chunk.inline(
          java.util.Arrays.copyOfRange(inline, (int) offset, (int) offset + length));
    }
    return Chunk.at(blobs[blob], offset, length);
  }

  /** Statistics of a band, or null if there are none. */
  BandStatistics statistics(int tile, int band) {
    int base = 2 * dimension + PER_BAND * band;
    long kind = columns[base + KIND][tile];
    if (kind == 0) {
      return null;
    }
    long exactSum = columns[base + EXACT_SUM][tile];
    return new BandStatistics(
        columns[base + COUNT][tile],
        columns[base + NULLS][tile],
        columns[base + NANS][tile],
        Double.longBitsToDouble(columns[base + MIN][tile]),
        Double.longBitsToDouble(columns[base + MAX][tile]),
        kind == 2 ? (double) exactSum : Double.longBitsToDouble(columns[base + SUM][tile]),
        exactSum,
        kind == 2);
  }

  TileEntry entry(int tile) {
    List<Chunk> chunks = new ArrayList<>(bands);
    List<BandStatistics> statistics = new ArrayList<>(bands);
    for (int b = 0; b < bands; b++) {
      chunks.add(chunk(tile, b));
      statistics.add(statistics(tile, b));
    }
    return new TileEntry(box(tile), chunks, statistics);
  }

  /** The tile at these columns of the tile grid, or -1. */
  int find(Tiling tiling, long[] wanted) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = 0;
      for (int i = 0; i < dimension && order == 0; i++) {
        order = Long.compare(tiling.column(i, columns[2 * i][middle]), wanted[i]);
      }
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Passes the tiles that share a cell with the box, in order. */
  void intersecting(GridEnvelope box, IntConsumer sink) {
    tile:
    for (int t = 0; t < size; t++) {
      for (int i = 0; i < dimension; i++) {
        if (columns[2 * i][t] > box.high(i) || columns[2 * i + 1][t] < box.low(i)) {
          continue tile;
        }
      }
      sink.accept(t);
    }
  }

  /** Where cells are outside of the store; empty if there are no such. */
  List<String> sources() {
    return List.of(sources);
  }

  /** Adds the blobs that the tiles need, and the names that stand for blobs of references. */
  void addBlobs(Set<String> to) {
    to.addAll(List.of(blobs));
  }

  byte[] encode(TileCodec codec) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(size);
      out.writeInt(blobs.length);
      for (String blob : blobs) {
        out.writeUTF(blob);
      }
      out.writeInt(inline.length);
      out.write(inline);
      for (long[] column : columns) {
        long[] steps = new long[size];
        long last = 0;
        for (int t = 0; t < size; t++) {
          steps[t] = column[t] - last;
          last = column[t];
        }
        byte[] chunk = codec.encode(CellType.INT64, steps, size, 0);
        out.writeInt(chunk.length);
        out.write(chunk);
      }
      for (String source : sources) {
        byte[] text = source.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
      }
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "cannot write a page", e);
    }
    return Manifest.pack(bytes.toByteArray());
  }

  static Page decode(byte[] packed, int dimension, int bands, TileCodec codec) {
    byte[] bytes = Manifest.unpack(packed, 0, packed.length);
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int size = in.readInt();
      String[] blobs = new String[in.readInt()];
      for (int i = 0; i < blobs.length; i++) {
        blobs[i] = in.readUTF();
      }
      byte[] inline = in.readNBytes(in.readInt());
      long[][] columns = new long[2 * dimension + PER_BAND * bands][size];
      for (long[] column : columns) {
        codec.decode(in.readNBytes(in.readInt()), CellType.INT64, column, size);
        for (int t = 1; t < size; t++) {
          column[t] += column[t - 1];
        }
      }
      List<String> sources = new ArrayList<>();
      while (in.available() > 0) {
        sources.add(new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8));
      }
      return new Page(
          dimension, bands, size, blobs, sources.toArray(String[]::new), inline, columns);
    } catch (IOException e) {
      throw new EngineException(Code.STORAGE_FAILED, "a page ends early", e);
    }
  }

  /** The pages of these tiles, which are in order. */
  static List<Page> cut(int dimension, int bands, List<TileEntry> tiles, boolean last) {
    List<Page> pages = new ArrayList<>();
    int n = tiles.size();
    if (n == 0) {
      return pages;
    }
    // At the end full pages and a rest, so that appending fills pages; elsewhere equal parts.
    int parts = (n + CAPACITY - 1) / CAPACITY;
    int step = last ? CAPACITY : (n + parts - 1) / parts;
    for (int from = 0; from < n; from += step) {
      pages.add(of(dimension, bands, tiles.subList(from, Math.min(n, from + step))));
    }
    return pages;
  }

  /** The entries of all tiles. */
  void addEntries(Collection<TileEntry> to) {
    for (int t = 0; t < size; t++) {
      to.add(entry(t));
    }
  }
}
