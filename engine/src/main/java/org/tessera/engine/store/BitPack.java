package org.tessera.engine.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.tessera.engine.array.CellType;

/**
 * Packs a block of integers into as many bits as their range, or the range of their differences
 * from the row above, needs. Elements are laid out in rows of {@code lanes}; each lane is a stream
 * of bits of its own, and the streams are interleaved by 32-bit words, so that unpacking is a few
 * plain loops over a row that the compiler vectorises: some five times faster than entropy coding,
 * at about the same size for noisy imagery.
 *
 * <p>Layout, little-endian: one int of kind (8 bits), 0 or 1 for differences (8), width in bits
 * (16); int lanes; int base; with differences the first row as it is; then the words, those of the
 * same number of all lanes together.
 */
final class BitPack {
  /** First byte of a packed block. */
  static final byte KIND = 3;

  private static final int HEAD = 12;
  private static final int LEAST_LANES = 64;
  private static final int USUAL_LANES = 1024;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  // The compiler vectorises a loop over several arrays of one type only if it uses the same index
  // for
  // all of them: hence rows are copied to the beginning of arrays of their own.
  private final int[] values = new int[TileCodec.BLOCK_BYTES];
  private final int[] row = new int[TileCodec.BLOCK_BYTES / 2];
  private final int[] above = new int[TileCodec.BLOCK_BYTES];
  private final int[] steps = new int[TileCodec.BLOCK_BYTES];
  private final int[] words = new int[TileCodec.BLOCK_BYTES / 2];
  private final int[] nextWords = new int[TileCodec.BLOCK_BYTES / 2];

  /** True for the types that can be packed. */
  static boolean fits(CellType type) {
    return switch (type.storage()) {
      case BYTE, SHORT, INT -> true;
      case LONG, FLOAT, DOUBLE -> false;
    };
  }

  /** What is packed. */
  enum Way {
    VALUES,
    DIFFERENCES,
    /** What takes fewer bits; to look at both takes twice the time. */
    BEST
  }

  /** The way in which the block at a place was packed. */
  static Way wayOf(byte[] out, int at) {
    return out[at + 1] == 1 ? Way.DIFFERENCES : Way.VALUES;
  }

  /**
   * Packs elements of an array if that takes at most {@code limit} bytes.
   *
   * @param rowLength elements in a row of the tile
   * @return the bytes written at {@code at}, or -1 if they would be more
   */
  int encode(
      CellType type,
      Object array,
      int from,
      int n,
      int rowLength,
      Way way,
      byte[] out,
      int at,
      int limit) {
    int lanes =
        rowLength >= LEAST_LANES && rowLength <= n / 2 ? rowLength : Math.min(USUAL_LANES, n / 16);
    if (lanes < LEAST_LANES) {
      return -1;
    }
    int rows = (n + lanes - 1) / lanes;
    widen(type, array, from, n);
    int bytes = type.storage().bytes();
    long size = Long.MAX_VALUE;
    int base = 0;
    int width = 0;
    if (way != Way.DIFFERENCES) {
      range(values, 0, n, lanes);
      base = least(words, lanes);
      width = Integer.SIZE - Integer.numberOfLeadingZeros(greatest(nextWords, lanes) - base);
      size = HEAD + 4L * lanes * wordsOf(rows, width);
    }
    boolean differences = false;
    if (way != Way.VALUES) {
      System.arraycopy(values, 0, above, lanes, n - lanes);
      subtract(steps, values, above, lanes, n);
      range(steps, lanes, n, lanes);
      int least = least(words, lanes);
      int stepWidth =
          Integer.SIZE - Integer.numberOfLeadingZeros(greatest(nextWords, lanes) - least);
      long stepSize = HEAD + (long) lanes * bytes + 4L * lanes * wordsOf(rows - 1, stepWidth);
      if (stepSize < size) {
        differences = true;
        size = stepSize;
        base = least;
        width = stepWidth;
      }
    }
    if (size > limit) {
      return -1;
    }
    INT.set(out, at, KIND | (differences ? 1 << 8 : 0) | width << 16);
    INT.set(out, at + 4, lanes);
    INT.set(out, at + 8, base);
    int next = at + HEAD;
    int first = 0;
    if (differences) {
      for (int i = 0; i < lanes; i++) {
        for (int p = 0; p < bytes; p++) {
          out[next++] = (byte) (values[i] >> (8 * p));
        }
      }
      first = 1;
    }
    if (width > 0) {
      next = writeRows(differences ? steps : values, first, n, lanes, width, base, out, next);
    }
    return next - at;
  }

  private int writeRows(
      int[] numbers, int first, int n, int lanes, int width, int base, byte[] out, int at) {
    MemorySegment target = MemorySegment.ofArray(out);
    int next = at;
    int shift = 0;
    Arrays.fill(words, 0, lanes, 0);
    for (int start = first * lanes; start < n; start += lanes) {
      int m = Math.min(lanes, n - start);
      System.arraycopy(numbers, start, row, 0, m);
      addShifted(words, row, m, base, shift);
      shift += width;
      if (shift >= 32) {
        MemorySegment.copy(words, 0, target, WORD, next, lanes);
        next += 4 * lanes;
        shift -= 32;
        Arrays.fill(words, 0, lanes, 0);
        if (shift > 0) {
          setHigh(words, row, m, base, width - shift);
        }
      }
    }
    if (shift > 0) {
      MemorySegment.copy(words, 0, target, WORD, next, lanes);
      next += 4 * lanes;
    }
    return next;
  }

  /**
   * Puts the least and greatest numbers of each lane into {@code words} and {@code nextWords}: a
   * loop over lanes is vectorised, one that finds a single least number is not.
   */
  private void range(int[] numbers, int from, int n, int lanes) {
    System.arraycopy(numbers, from, words, 0, lanes);
    System.arraycopy(numbers, from, nextWords, 0, lanes);
    for (int start = from + lanes; start < n; start += lanes) {
      int m = Math.min(lanes, n - start);
      System.arraycopy(numbers, start, row, 0, m);
      lower(words, row, m);
      raise(nextWords, row, m);
    }
  }

  private static void lower(int[] least, int[] row, int m) {
    for (int i = 0; i < m; i++) {
      least[i] = Math.min(least[i], row[i]);
    }
  }

  private static void raise(int[] greatest, int[] row, int m) {
    for (int i = 0; i < m; i++) {
      greatest[i] = Math.max(greatest[i], row[i]);
    }
  }

  private static int least(int[] a, int m) {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < m; i++) {
      least = Math.min(least, a[i]);
    }
    return least;
  }

  private static int greatest(int[] a, int m) {
    int greatest = Integer.MIN_VALUE;
    for (int i = 0; i < m; i++) {
      greatest = Math.max(greatest, a[i]);
    }
    return greatest;
  }

  private static void subtract(int[] result, int[] a, int[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      result[i] = a[i] - b[i];
    }
  }

  private static void addShifted(int[] words, int[] row, int m, int base, int shift) {
    for (int i = 0; i < m; i++) {
      words[i] |= (row[i] - base) << shift;
    }
  }

  private static void setHigh(int[] words, int[] row, int m, int base, int shift) {
    for (int i = 0; i < m; i++) {
      words[i] = (row[i] - base) >>> shift;
    }
  }

  private static int wordsOf(int rows, int width) {
    return (rows * width + 31) >> 5;
  }

  /**
   * The reverse of {@link #encode}; {@code length} bytes are there.
   *
   * @return false if the block is not what it should be
   */
  boolean decode(byte[] bytes, int at, int length, CellType type, Object target, int to, int n) {
    if (length < HEAD) {
      return false;
    }
    int head = (int) INT.get(bytes, at);
    boolean differences = (head >>> 8 & 0xFF) == 1;
    int width = head >>> 16;
    int lanes = (int) INT.get(bytes, at + 4);
    int base = (int) INT.get(bytes, at + 8);
    if (width > 32 || lanes < LEAST_LANES || lanes > n || !fits(type)) {
      return false;
    }
    int rows = (n + lanes - 1) / lanes;
    int first = differences ? 1 : 0;
    int size = type.storage().bytes();
    int next = at + HEAD + (differences ? lanes * size : 0);
    if (length != next - at + 4 * lanes * wordsOf(rows - first, width)) {
      return false;
    }
    if (differences) {
      for (int i = 0; i < lanes; i++) {
        int x = 0;
        for (int p = 0; p < size; p++) {
          x |= (bytes[at + HEAD + i * size + p] & 0xFF) << (8 * p);
        }
        row[i] = x;
      }
      narrow(row, type, target, to, lanes);
    }
    readRows(bytes, next, first, n, lanes, width, base, differences, type, target, to);
    return true;
  }

  private void readRows(
      byte[] bytes,
      int at,
      int first,
      int n,
      int lanes,
      int width,
      int base,
      boolean differences,
      CellType type,
      Object target,
      int to) {
    MemorySegment source = MemorySegment.ofArray(bytes);
    int mask = width == 32 ? -1 : (1 << width) - 1;
    int next = at;
    int shift = 32;
    int[] current = words;
    int[] following = nextWords;
    for (int start = first * lanes; start < n; start += lanes) {
      int m = Math.min(lanes, n - start);
      if (!differences) {
        Arrays.fill(row, 0, m, 0);
      }
      if (width == 0) {
        addBase(row, m, base);
      } else {
        if (shift == 32) {
          MemorySegment.copy(source, WORD, next, current, 0, lanes);
          next += 4 * lanes;
          shift = 0;
        }
        if (shift + width <= 32) {
          addBits(row, current, m, shift, mask, base);
          shift += width;
        } else {
          MemorySegment.copy(source, WORD, next, following, 0, lanes);
          next += 4 * lanes;
          addSplitBits(row, current, following, m, shift, mask, base);
          shift += width - 32;
          int[] spare = current;
          current = following;
          following = spare;
        }
      }
      narrow(row, type, target, to + start, m);
    }
  }

  private static void addBase(int[] row, int m, int base) {
    for (int i = 0; i < m; i++) {
      row[i] += base;
    }
  }

  private static void addBits(int[] row, int[] words, int m, int shift, int mask, int base) {
    for (int i = 0; i < m; i++) {
      row[i] += base + (words[i] >>> shift & mask);
    }
  }

  private static void addSplitBits(
      int[] row, int[] words, int[] following, int m, int shift, int mask, int base) {
    int back = 32 - shift;
    for (int i = 0; i < m; i++) {
      row[i] += base + ((words[i] >>> shift | following[i] << back) & mask);
    }
  }

  private static void narrow(int[] row, CellType type, Object target, int to, int m) {
    switch (type.storage()) {
      case BYTE -> narrow(row, (byte[]) target, to, m);
      case SHORT -> narrow(row, (short[]) target, to, m);
      case INT, LONG, FLOAT, DOUBLE -> System.arraycopy(row, 0, (int[]) target, to, m);
    }
  }

  private static void narrow(int[] row, byte[] a, int to, int m) {
    for (int i = 0; i < m; i++) {
      a[to + i] = (byte) row[i];
    }
  }

  private static void narrow(int[] row, short[] a, int to, int m) {
    for (int i = 0; i < m; i++) {
      a[to + i] = (short) row[i];
    }
  }

  /** Unsigned types by their unsigned value, so that their range is small where it is. */
  private void widen(CellType type, Object array, int from, int n) {
    switch (type.storage()) {
      case BYTE -> {
        byte[] a = (byte[]) array;
        int mask = type == CellType.INT8 ? -1 : 0xFF;
        for (int i = 0; i < n; i++) {
          values[i] = a[from + i] & mask;
        }
      }
      case SHORT -> {
        short[] a = (short[]) array;
        int mask = type == CellType.UINT16 ? 0xFFFF : -1;
        for (int i = 0; i < n; i++) {
          values[i] = a[from + i] & mask;
        }
      }
      case INT, LONG, FLOAT, DOUBLE -> System.arraycopy((int[]) array, from, values, 0, n);
    }
  }
}
