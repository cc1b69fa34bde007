package org.tessera.engine.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;

/**
 * The root of an array version: its type, its tiling, and where the pages with its tiles are. Pages
 * that an update does not change are shared by the old version and the new one.
 *
 * @param key the blob that holds it
 * @param pages in the row-major order of their tiles' columns in the tile grid
 */
record Manifest(String key, ArrayType type, Tiling tiling, List<PageRef> pages) {
  private static final byte[] MAGIC = "TESSERA\1".getBytes(StandardCharsets.ISO_8859_1);

  /** Root offset (8 bytes), root length (4), zero (4), magic (8). */
  private static final int FOOTER = 24;

  /**
   * A page in the store.
   *
   * @param tiles number of its tiles
   * @param storedBytes bytes of its tiles
   * @param bounds the least box that holds its tiles
   * @param first low corner of its first tile
   * @param covered see {@link Page#covered}; {@link #UNKNOWN} in manifests that do not say
   */
  record PageRef(
      String blob,
      long offset,
      int length,
      int tiles,
      long storedBytes,
      GridEnvelope bounds,
      List<Long> first,
      long covered) {
    private PageRef holding(long cells) {
      return new PageRef(blob, offset, length, tiles, storedBytes, bounds, first, cells);
    }
  }

  private static final long UNKNOWN = -1;

  Manifest {
    pages = List.copyOf(pages);
  }

  long tileCount() {
    return pages.stream().mapToLong(PageRef::tiles).sum();
  }

  long storedBytes() {
    return pages.stream().mapToLong(PageRef::storedBytes).sum();
  }

  /** Whether cells of the domain were never stored, as far as the manifest knows. */
  boolean hasGaps() {
    long covered = 0;
    for (PageRef page : pages) {
      if (page.covered() == UNKNOWN) {
        return false;
      }
      covered += page.covered();
    }
    return covered < type.domain().cells();
  }

  /** The page that holds, or would hold, the tile at these columns of the grid; -1 if none. */
  int pageOf(long[] columns) {
    int low = 0;
    int high = pages.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (compareFirst(middle, columns) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private int compareFirst(int page, long[] columns) {
    List<Long> first = pages.get(page).first();
    for (int i = 0; i < columns.length; i++) {
      int order = Long.compare(tiling.column(i, first.get(i)), columns[i]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Collects pages and writes them and a root into one blob. */
  static final class Builder {
    private final String key;
    private final TileCodec codec;
    private final List<Band> bands;
    private final List<PageRef> refs = new ArrayList<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private long offset;

    Builder(String key, TileCodec codec, List<Band> bands) {
      this.key = key;
      this.codec = codec;
      this.bands = bands;
      append(MAGIC);
    }

    /** A page that an older manifest has written. */
    void add(PageRef known) {
      refs.add(known);
    }

    void add(Page page) {
      byte[] bytes = page.encode(codec);
      List<Long> first = Arrays.stream(page.low(0)).boxed().toList();
      refs.add(
          new PageRef(
              key,
              offset,
              bytes.length,
              page.size(),
              page.storedBytes(),
              page.bounds(),
              first,
              page.covered(bands)));
      append(bytes);
    }

    Manifest write(ArrayType type, Tiling tiling, TileStore store) {
      Manifest manifest = new Manifest(key, type, tiling, refs);
      byte[] root = pack(manifest.encode());
      long at = offset;
      append(root);
      ByteBuffer footer = ByteBuffer.allocate(FOOTER);
      footer.putLong(at).putInt(root.length).putInt(0).put(MAGIC).flip();
      parts.add(footer);
      store.put(key, parts);
      return manifest;
    }

    private void append(byte[] bytes) {
      parts.add(ByteBuffer.wrap(bytes));
      offset += bytes.length;
    }
  }

  static Manifest read(String key, TileStore store) {
    long size = store.size(key);
    if (size < 0) {
      throw new EngineException(Code.STORAGE_FAILED, "there is no array version " + key);
    }
    if (size < MAGIC.length + FOOTER) {
      throw damaged(key, "its blob has " + size + " bytes", null);
    }
    ByteBuffer footer = ByteBuffer.wrap(store.get(key, size - FOOTER, FOOTER));
    long at = footer.getLong();
    int length = footer.getInt();
    footer.getInt();
    byte[] magic = new byte[MAGIC.length];
    footer.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw damaged(key, "it is no manifest of format 1", null);
    }
    if (at < MAGIC.length || length < 0 || at + length + FOOTER != size) {
      throw damaged(key, "its footer points to " + at, null);
    }
    try {
      return decode(key, unpack(store.get(key, at, length), 0, length));
    } catch (IOException | IllegalArgumentException e) {
      throw damaged(key, "its root cannot be read", e);
    }
  }

  private static EngineException damaged(String key, String why, Throwable cause) {
    return new EngineException(
        Code.STORAGE_FAILED, "array version " + key + " is damaged: " + why, cause);
  }

  private byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(type.dimension());
      write(out, type.domain());
      out.writeInt(type.bands().size());
      for (Band band : type.bands()) {
        out.writeUTF(band.type().name());
        out.writeInt(band.nulls().intervals().size());
        for (NullSet.Interval interval : band.nulls().intervals()) {
          out.writeDouble(interval.low());
          out.writeDouble(interval.high());
        }
      }
      for (int i = 0; i < type.dimension(); i++) {
        out.writeLong(tiling.edges().get(i));
        out.writeLong(tiling.origin().get(i));
      }
      out.writeInt(pages.size());
      for (PageRef page : pages) {
        out.writeUTF(page.blob().equals(key) ? "" : page.blob());
        out.writeLong(page.offset());
        out.writeInt(page.length());
        out.writeInt(page.tiles());
        out.writeLong(page.storedBytes());
        write(out, page.bounds());
        for (long low : page.first()) {
          out.writeLong(low);
        }
      }
      for (PageRef page : pages) {
        out.writeLong(page.covered());
      }
    } catch (IOException e) {
      throw damaged(key, "it cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static Manifest decode(String key, byte[] root) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(root))) {
      int dimension = in.readInt();
      GridEnvelope domain = readBox(in, dimension);
      List<Band> bands = new ArrayList<>();
      for (int b = in.readInt(); b > 0; b--) {
        CellType type = CellType.valueOf(in.readUTF());
        List<NullSet.Interval> nulls = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
          nulls.add(new NullSet.Interval(in.readDouble(), in.readDouble()));
        }
        bands.add(new Band(type, new NullSet(nulls)));
      }
      List<Long> edges = new ArrayList<>();
      List<Long> origin = new ArrayList<>();
      for (int i = 0; i < dimension; i++) {
        edges.add(in.readLong());
        origin.add(in.readLong());
      }
      List<PageRef> pages = new ArrayList<>();
      for (int p = in.readInt(); p > 0; p--) {
        String blob = in.readUTF();
        long offset = in.readLong();
        int length = in.readInt();
        int tiles = in.readInt();
        long storedBytes = in.readLong();
        GridEnvelope bounds = readBox(in, dimension);
        List<Long> first = new ArrayList<>();
        for (int i = 0; i < dimension; i++) {
          first.add(in.readLong());
        }
        pages.add(
            new PageRef(
                blob.isEmpty() ? key : blob,
                offset,
                length,
                tiles,
                storedBytes,
                bounds,
                first,
                UNKNOWN));
      }
      if (in.available() > 0) {
        for (int p = 0; p < pages.size(); p++) {
          pages.set(p, pages.get(p).holding(in.readLong()));
        }
      }
      return new Manifest(key, new ArrayType(domain, bands), new Tiling(edges, origin), pages);
    }
  }

  private static void write(DataOutputStream out, GridEnvelope box) throws IOException {
    for (int i = 0; i < box.dimension(); i++) {
      out.writeLong(box.low(i));
      out.writeLong(box.high(i));
    }
  }

  private static GridEnvelope readBox(DataInputStream in, int dimension) throws IOException {
    long[] low = new long[dimension];
    long[] high = new long[dimension];
    for (int i = 0; i < dimension; i++) {
      low[i] = in.readLong();
      high[i] = in.readLong();
    }
    return GridEnvelope.of(low, high);
  }

  /** Compressed, with length and checksum in front. */
  static byte[] pack(byte[] bytes) {
    byte[] packed = Zstd.compress(bytes, 3);
    return ByteBuffer.allocate(8 + packed.length)
        .putInt(bytes.length)
        .putInt(crc(packed, 0, packed.length))
        .put(packed)
        .array();
  }

  /** The reverse of {@link #pack}. */
  static byte[] unpack(byte[] packed, int from, int length) {
    if (length < 8) {
      throw new EngineException(Code.STORAGE_FAILED, "damaged: a list of tiles is cut off");
    }
    ByteBuffer head = ByteBuffer.wrap(packed, from, 8);
    int size = head.getInt();
    if (head.getInt() != crc(packed, from + 8, length - 8)) {
      throw new EngineException(Code.STORAGE_FAILED, "damaged: checksum of a list of tiles");
    }
    byte[] bytes = new byte[size];
    try {
      Zstd.decompressByteArray(bytes, 0, size, packed, from + 8, length - 8);
    } catch (ZstdException e) {
      throw new EngineException(Code.STORAGE_FAILED, "damaged: a list of tiles", e);
    }
    return bytes;
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
