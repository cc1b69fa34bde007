package org.tessera.engine.store;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.CellType;

/**
 * Turns the cells of one band of one tile into a <em>chunk</em> of bytes and back; the layout is in
 * the package's documentation. A chunk consists of blocks of {@value #BLOCK_BYTES} bytes of cells
 * that can be decoded one by one. Thread-safe; keeps compression contexts for reuse.
 */
final class TileCodec {
  /** Bytes of cells in a block before compression. */
  static final int BLOCK_BYTES = 32 << 10;

  /** First byte of a chunk: blocks follow. */
  static final byte BLOCKS = 0;

  /** First byte of a chunk: all cells have the one value that follows. */
  static final byte CONSTANT = 1;

  /** First byte of a chunk: a null mask, then a chunk of the cells. */
  static final byte GAPS = 2;

  /**
   * Where packed bits won over zstd, they are taken for the blocks that follow as long as these
   * take about as many; both are tried again every so many blocks. Most of the time goes to zstd.
   */
  private static final int SAMPLED = 16;

  private static final int CHUNK_HEAD = 4;
  private static final int ENTRY = 8;

  private static final byte PLANE_RAW = 0;
  private static final byte PLANE_ZSTD = 1;
  private static final byte PLANE_CONSTANT = 2;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** What one thread needs to work on one chunk. */
  private static final class Workspace {
    final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
    final ZstdCompressCtx compressor = new ZstdCompressCtx();
    final byte[] planes = new byte[BLOCK_BYTES];
    final byte[] packed = new byte[(int) Zstd.compressBound(BLOCK_BYTES)];
    byte[] chunk = new byte[0];
    final byte[][] source = new byte[8][];
    final int[] at = new int[8];
    final BytePlanes.Words words = new BytePlanes.Words();
    final BitPack bits = new BitPack();
    final CRC32C crc = new CRC32C();

    Workspace(int level) {
      compressor.setLevel(level).setContentSize(false).setChecksum(false).setDictID(false);
    }
  }

  private final int level;
  private final ConcurrentLinkedQueue<Workspace> idle = new ConcurrentLinkedQueue<>();

  /**
   * @param level compression level of zstd, 1 (fast) to 19
   */
  TileCodec(int level) {
    this.level = level;
  }

  /** Array elements in a block. */
  static int blockElements(CellType type) {
    return BLOCK_BYTES / type.storage().bytes();
  }

  /** Number of blocks of a chunk with this many array elements. */
  static int blocks(CellType type, int elements) {
    return (elements + blockElements(type) - 1) / blockElements(type);
  }

  /** Bytes at the start of a chunk that tell where its blocks are. */
  static int headBytes(CellType type, int elements) {
    return CHUNK_HEAD + ENTRY * blocks(type, elements);
  }

  /**
   * The chunk of the first {@code elements} elements of a primitive array.
   *
   * @param row elements along the last axis; cells one row apart may be alike
   */
  byte[] encode(CellType type, Object array, int elements, int row) {
    Workspace w = borrow();
    try {
      byte[] constant = constant(w, type, array, elements);
      return constant != null ? constant : encodeBlocks(w, type, array, elements, row);
    } finally {
      idle.add(w);
    }
  }

  /**
   * The chunk of cells of which some were never written.
   *
   * @param missing the null mask that tells which
   */
  byte[] encodeWithGaps(CellType type, Object array, int cells, int row, long[] missing) {
    byte[] mask = encode(CellType.INT64, missing, missing.length, 0);
    byte[] rest = encode(type, array, cells, row);
    byte[] chunk = new byte[CHUNK_HEAD + 4 + mask.length + rest.length];
    chunk[0] = GAPS;
    INT.set(chunk, CHUNK_HEAD, mask.length);
    System.arraycopy(mask, 0, chunk, CHUNK_HEAD + 4, mask.length);
    System.arraycopy(rest, 0, chunk, CHUNK_HEAD + 4 + mask.length, rest.length);
    return chunk;
  }

  /**
   * The reverse of {@link #encodeWithGaps}: fills the array and gives the null mask.
   *
   * @throws EngineException STORAGE_FAILED if the chunk is damaged
   */
  long[] decodeWithGaps(byte[] chunk, CellType type, Object array, int cells) {
    int from = CHUNK_HEAD + 4;
    int length = chunk.length < from ? -1 : (int) INT.get(chunk, CHUNK_HEAD);
    if (length < 0 || chunk[0] != GAPS || length > chunk.length - from) {
      throw new EngineException(Code.STORAGE_FAILED, "damaged: no list of missing cells");
    }
    long[] missing = new long[(cells + 63) >> 6];
    decode(Arrays.copyOfRange(chunk, from, from + length), CellType.INT64, missing, missing.length);
    decode(Arrays.copyOfRange(chunk, from + length, chunk.length), type, array, cells);
    return missing;
  }

  private static byte[] constant(Workspace w, CellType type, Object array, int elements) {
    int unit = type.components();
    // Equal to itself moved by one cell means all cells are equal; mismatch() is vectorised.
    boolean same =
        switch (type.storage()) {
          case BYTE -> {
            byte[] a = (byte[]) array;
            yield Arrays.mismatch(a, 0, elements - unit, a, unit, elements) < 0;
          }
          case SHORT -> {
            short[] a = (short[]) array;
            yield Arrays.mismatch(a, 0, elements - unit, a, unit, elements) < 0;
          }
          case INT -> {
            int[] a = (int[]) array;
            yield Arrays.mismatch(a, 0, elements - unit, a, unit, elements) < 0;
          }
          case LONG -> {
            long[] a = (long[]) array;
            yield Arrays.mismatch(a, 0, elements - unit, a, unit, elements) < 0;
          }
          case FLOAT -> {
            float[] a = (float[]) array;
            yield sameBits(a, elements, unit);
          }
          case DOUBLE -> {
            double[] a = (double[]) array;
            yield sameBits(a, elements, unit);
          }
        };
    if (!same) {
      return null;
    }
    int bytes = type.bytes();
    byte[] chunk = new byte[CHUNK_HEAD + bytes + 4];
    chunk[0] = CONSTANT;
    int size = type.storage().bytes();
    BytePlanes.split(type.storage(), array, 0, unit, w.planes, w.words);
    for (int c = 0; c < unit; c++) {
      for (int p = 0; p < size; p++) {
        chunk[CHUNK_HEAD + c * size + p] = w.planes[p * unit + c];
      }
    }
    INT.set(chunk, CHUNK_HEAD + bytes, crc(w, chunk, CHUNK_HEAD, bytes));
    return chunk;
  }

  private static boolean sameBits(float[] a, int elements, int unit) {
    for (int i = unit; i < elements; i++) {
      if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(a[i - unit])) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameBits(double[] a, int elements, int unit) {
    for (int i = unit; i < elements; i++) {
      if (Double.doubleToRawLongBits(a[i]) != Double.doubleToRawLongBits(a[i - unit])) {
        return false;
      }
    }
    return true;
  }

  private static byte[] encodeBlocks(
      Workspace w, CellType type, Object array, int elements, int row) {
    int blocks = blocks(type, elements);
    int head = headBytes(type, elements);
    int size = type.storage().bytes();
    int worst = head + elements * size + blocks * size * 4;
    if (w.chunk.length < worst) {
      w.chunk = new byte[worst];
    }
    byte[] out = w.chunk;
    Arrays.fill(out, 0, CHUNK_HEAD, (byte) 0);
    out[0] = BLOCKS;
    int at = head;
    // What the last block that was done both ways may take when its bits are packed; 0 if zstd won.
    double limit = 0;
    BitPack.Way way = BitPack.Way.BEST;
    for (int b = 0; b < blocks; b++) {
      int from = b * blockElements(type);
      int n = Math.min(blockElements(type), elements - from);
      int start = at;
      if (limit > 0 && b % SAMPLED != 0) {
        int most = (int) (limit * n);
        int packed = w.bits.encode(type, array, from, n, row, way, out, start, most);
        // Much fewer bits: other cells than those of the sample, which zstd may know how to pack.
        at = packed < limit * n / 2 ? start : start + packed;
      }
      if (at == start) {
        BytePlanes.split(type.storage(), array, from, n, w.planes, w.words);
        for (int p = 0; p < size; p++) {
          at = encodePlane(w, p * n, n, out, at);
        }
        limit = 0;
        if (BitPack.fits(type)) {
          // Bits are unpacked several times faster than zstd's symbols: worth some more of them.
          int most = Math.min(n * size, (at - start) / 4 * 5);
          int packed = w.bits.encode(type, array, from, n, row, BitPack.Way.BEST, out, start, most);
          if (packed >= 0) {
            way = BitPack.wayOf(out, start);
            at = start + packed;
            limit = (double) most / n;
          }
        }
      }
      INT.set(out, CHUNK_HEAD + ENTRY * b, at - start);
      INT.set(out, CHUNK_HEAD + ENTRY * b + 4, crc(w, out, start, at - start));
    }
    return Arrays.copyOf(out, at);
  }

  private static int encodePlane(Workspace w, int from, int n, byte[] out, int at) {
    byte[] planes = w.planes;
    if (Arrays.mismatch(planes, from, from + n - 1, planes, from + 1, from + n) < 0) {
      INT.set(out, at, PLANE_CONSTANT | (planes[from] & 0xFF) << 8);
      return at + 4;
    }
    int packed = w.compressor.compressByteArray(w.packed, 0, w.packed.length, planes, from, n);
    // What saves less than a sixteenth is not worth the time to unpack it.
    if (packed < n - (n >> 4)) {
      INT.set(out, at, PLANE_ZSTD | packed << 8);
      System.arraycopy(w.packed, 0, out, at + 4, packed);
      return at + 4 + packed;
    }
    INT.set(out, at, PLANE_RAW | n << 8);
    System.arraycopy(planes, from, out, at + 4, n);
    return at + 4 + n;
  }

  /** Where the blocks of a chunk are. */
  static final class Directory {
    /** Block b is from {@code start[b]} to {@code start[b + 1]} of the chunk. */
    final int[] start;

    private final int[] crc;

    private Directory(int[] start, int[] crc) {
      this.start = start;
      this.crc = crc;
    }
  }

  /** Reads the head of a chunk that is not constant. */
  static Directory directory(byte[] head, CellType type, int elements) {
    int blocks = blocks(type, elements);
    if (head.length < headBytes(type, elements) || head[0] != BLOCKS) {
      throw damaged("a chunk of " + head.length + " bytes has no table of " + blocks + " blocks");
    }
    int[] start = new int[blocks + 1];
    int[] crc = new int[blocks];
    start[0] = headBytes(type, elements);
    for (int b = 0; b < blocks; b++) {
      int length = (int) INT.get(head, CHUNK_HEAD + ENTRY * b);
      if (length < 0 || length > 2 * BLOCK_BYTES) {
        throw damaged("block " + b + " has a length of " + length);
      }
      start[b + 1] = start[b] + length;
      crc[b] = (int) INT.get(head, CHUNK_HEAD + ENTRY * b + 4);
    }
    return new Directory(start, crc);
  }

  /** Decodes a whole chunk into the first {@code elements} elements of an array. */
  void decode(byte[] chunk, CellType type, Object target, int elements) {
    if (chunk.length > 0 && chunk[0] == CONSTANT) {
      decodeConstant(chunk, type, target, elements);
      return;
    }
    Directory directory = directory(chunk, type, elements);
    if (directory.start[directory.start.length - 1] != chunk.length) {
      throw damaged("a chunk of " + chunk.length + " bytes has blocks of other lengths");
    }
    for (int b = 0; b + 1 < directory.start.length; b++) {
      int from = b * blockElements(type);
      int n = Math.min(blockElements(type), elements - from);
      decodeBlock(chunk, directory.start[b], directory, b, type, target, from, n);
    }
  }

  /** Decodes a constant chunk; {@code from} is the first element to set. */
  void decodeConstant(byte[] chunk, CellType type, Object target, int elements) {
    int bytes = type.bytes();
    if (chunk.length != CHUNK_HEAD + bytes + 4 || chunk[0] != CONSTANT) {
      throw damaged("a constant chunk has " + chunk.length + " bytes");
    }
    CRC32C crc = new CRC32C();
    crc.update(chunk, CHUNK_HEAD, bytes);
    if ((int) crc.getValue() != (int) INT.get(chunk, CHUNK_HEAD + bytes)) {
      throw damaged("checksum of the value of a constant chunk");
    }
    int size = type.storage().bytes();
    long[] value = new long[type.components()];
    for (int c = 0; c < value.length; c++) {
      for (int p = size - 1; p >= 0; p--) {
        value[c] = value[c] << 8 | (chunk[CHUNK_HEAD + c * size + p] & 0xFF);
      }
    }
    fill(type, target, elements, value);
  }

  private static void fill(CellType type, Object target, int elements, long[] value) {
    int step = value.length;
    for (int c = 0; c < step; c++) {
      long v = value[c];
      switch (type.storage()) {
        case BYTE -> Arrays.fill((byte[]) target, 0, elements, (byte) v);
        case SHORT -> {
          short[] a = (short[]) target;
          for (int i = c; i < elements; i += step) {
            a[i] = (short) v;
          }
        }
        case INT -> {
          int[] a = (int[]) target;
          for (int i = c; i < elements; i += step) {
            a[i] = (int) v;
          }
        }
        case LONG -> Arrays.fill((long[]) target, 0, elements, v);
        case FLOAT -> {
          float[] a = (float[]) target;
          float x = Float.intBitsToFloat((int) v);
          for (int i = c; i < elements; i += step) {
            a[i] = x;
          }
        }
        case DOUBLE -> {
          double[] a = (double[]) target;
          double x = Double.longBitsToDouble(v);
          for (int i = c; i < elements; i += step) {
            a[i] = x;
          }
        }
      }
    }
  }

  /**
   * Decodes one block.
   *
   * @param bytes holds the block from {@code at} on
   * @param b its number
   * @param to where in the target its first element goes
   * @param n its elements
   */
  void decodeBlock(
      byte[] bytes,
      int at,
      Directory directory,
      int b,
      CellType type,
      Object target,
      int to,
      int n) {
    int length = directory.start[b + 1] - directory.start[b];
    if (at + length > bytes.length) {
      throw damaged("block " + b + " ends early");
    }
    Workspace w = borrow();
    try {
      if (crc(w, bytes, at, length) != directory.crc[b]) {
        throw damaged("checksum of block " + b);
      }
      if (bytes[at] == BitPack.KIND) {
        if (!w.bits.decode(bytes, at, length, type, target, to, n)) {
          throw damaged("block " + b + " is packed in no known way");
        }
        return;
      }
      int size = type.storage().bytes();
      int next = at;
      for (int p = 0; p < size; p++) {
        int word = (int) INT.get(bytes, next);
        int rest = word >>> 8;
        next += 4;
        switch ((byte) word) {
          case PLANE_RAW -> {
            w.source[p] = bytes;
            w.at[p] = next;
            next += rest;
          }
          case PLANE_CONSTANT -> {
            Arrays.fill(w.planes, p * n, p * n + n, (byte) rest);
            w.source[p] = w.planes;
            w.at[p] = p * n;
          }
          case PLANE_ZSTD -> {
            int got = w.decompressor.decompressByteArray(w.planes, p * n, n, bytes, next, rest);
            if (got != n) {
              throw damaged("block " + b + " has " + got + " cells, not " + n);
            }
            w.source[p] = w.planes;
            w.at[p] = p * n;
            next += rest;
          }
          default -> throw damaged("block " + b + " has a plane of unknown kind " + (byte) word);
        }
      }
      BytePlanes.join(type.storage(), w.source, w.at, target, to, n, w.words);
    } catch (ZstdException | IndexOutOfBoundsException e) {
      throw new EngineException(Code.STORAGE_FAILED, "block " + b + " cannot be decoded", e);
    } finally {
      idle.add(w);
    }
  }

  private static EngineException damaged(String what) {
    return new EngineException(Code.STORAGE_FAILED, "damaged: " + what);
  }

  private static int crc(Workspace w, byte[] bytes, int from, int length) {
    w.crc.reset();
    w.crc.update(bytes, from, length);
    return (int) w.crc.getValue();
  }

  private Workspace borrow() {
    Workspace w = idle.poll();
    return w != null ? w : new Workspace(level);
  }
}
