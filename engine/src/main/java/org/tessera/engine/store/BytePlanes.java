package org.tessera.engine.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.tessera.engine.array.CellType;

/**
 * Takes the elements of a primitive array apart into planes (all first bytes, all second bytes,
 * ...; the least significant first) and puts them together again. The bytes of one plane are alike,
 * so they compress well.
 */
final class BytePlanes {
  private BytePlanes() {}

  /**
   * Writes the planes of {@code n} elements from {@code from}, one after the other, {@code n} bytes
   * each.
   *
   * @param words scratch space of at least {@code n} ints (for float) or longs (for double)
   */
  static void split(
      CellType.Storage storage, Object array, int from, int n, byte[] planes, Words words) {
    switch (storage) {
      case BYTE -> System.arraycopy((byte[]) array, from, planes, 0, n);
      case SHORT -> {
        short[] a = (short[]) array;
        for (int i = 0; i < n; i++) {
          planes[i] = (byte) a[from + i];
        }
        for (int i = 0; i < n; i++) {
          planes[n + i] = (byte) (a[from + i] >> 8);
        }
      }
      case INT -> splitInts((int[]) array, from, n, planes);
      case FLOAT -> {
        MemorySegment.copy(
            MemorySegment.ofArray((float[]) array),
            ValueLayout.JAVA_INT,
            4L * from,
            words.ints,
            0,
            n);
        splitInts(words.ints, 0, n, planes);
      }
      case LONG -> splitLongs((long[]) array, from, n, planes);
      case DOUBLE -> {
        MemorySegment.copy(
            MemorySegment.ofArray((double[]) array),
            ValueLayout.JAVA_LONG,
            8L * from,
            words.longs,
            0,
            n);
        splitLongs(words.longs, 0, n, planes);
      }
    }
  }

  /** Scratch arrays for a block. */
  static final class Words {
    final int[] ints = new int[TileCodec.BLOCK_BYTES / 4];
    final long[] longs = new long[TileCodec.BLOCK_BYTES / 8];
  }

  /**
   * The reverse of {@link #split}. Plane {@code p} starts at {@code at[p]} of {@code source[p]}.
   */
  static void join(
      CellType.Storage storage,
      byte[][] source,
      int[] at,
      Object array,
      int to,
      int n,
      Words words) {
    switch (storage) {
      case BYTE -> System.arraycopy(source[0], at[0], (byte[]) array, to, n);
      case SHORT -> joinShorts(source[0], at[0], source[1], at[1], (short[]) array, to, n);
      case INT -> joinInts(source, at, 0, (int[]) array, to, n);
      case FLOAT -> {
        joinInts(source, at, 0, words.ints, 0, n);
        MemorySegment.copy(
            words.ints,
            0,
            MemorySegment.ofArray((float[]) array),
            ValueLayout.JAVA_INT,
            4L * to,
            n);
      }
      case LONG -> joinLongs(source, at, (long[]) array, to, n);
      case DOUBLE -> {
        joinLongs(source, at, words.longs, 0, n);
        MemorySegment.copy(
            words.longs,
            0,
            MemorySegment.ofArray((double[]) array),
            ValueLayout.JAVA_LONG,
            8L * to,
            n);
      }
    }
  }

  private static void splitInts(int[] a, int from, int n, byte[] planes) {
    for (int p = 0; p < 4; p++) {
      int shift = 8 * p;
      int base = p * n;
      for (int i = 0; i < n; i++) {
        planes[base + i] = (byte) (a[from + i] >> shift);
      }
    }
  }

  private static void splitLongs(long[] a, int from, int n, byte[] planes) {
    for (int p = 0; p < 8; p++) {
      int shift = 8 * p;
      int base = p * n;
      for (int i = 0; i < n; i++) {
        planes[base + i] = (byte) (a[from + i] >> shift);
      }
    }
  }

  private static void joinShorts(byte[] s0, int a0, byte[] s1, int a1, short[] a, int to, int n) {
    for (int i = 0; i < n; i++) {
      a[to + i] = (short) ((s0[a0 + i] & 0xFF) | (s1[a1 + i] << 8));
    }
  }

  private static void joinInts(byte[][] source, int[] at, int first, int[] a, int to, int n) {
    byte[] s0 = source[first];
    byte[] s1 = source[first + 1];
    byte[] s2 = source[first + 2];
    byte[] s3 = source[first + 3];
    int a0 = at[first];
    int a1 = at[first + 1];
    int a2 = at[first + 2];
    int a3 = at[first + 3];
    for (int i = 0; i < n; i++) {
      a[to + i] =
          (s0[a0 + i] & 0xFF)
              | (s1[a1 + i] & 0xFF) << 8
              | (s2[a2 + i] & 0xFF) << 16
              | s3[a3 + i] << 24;
    }
  }

  private static void joinLongs(byte[][] source, int[] at, long[] a, int to, int n) {
    for (int i = 0; i < n; i++) {
      int low =
          (source[0][at[0] + i] & 0xFF)
              | (source[1][at[1] + i] & 0xFF) << 8
              | (source[2][at[2] + i] & 0xFF) << 16
              | source[3][at[3] + i] << 24;
      int high =
          (source[4][at[4] + i] & 0xFF)
              | (source[5][at[5] + i] & 0xFF) << 8
              | (source[6][at[6] + i] & 0xFF) << 16
              | source[7][at[7] + i] << 24;
      a[to + i] = (low & 0xFFFF_FFFFL) | (long) high << 32;
    }
  }
}
