package org.tessera.engine.eval;

/** Null masks: bit {@code i % 64} of word {@code i / 64} is set where cell i is null. */
final class Bits {
  private Bits() {}

  static long[] none(int n) {
    return new long[(n + 63) >> 6];
  }

  /** All of n bits set, the rest of the last word clear. */
  static long[] all(int n) {
    long[] bits = none(n);
    set(bits, 0, n);
    return bits;
  }

  static boolean get(long[] bits, int i) {
    return (bits[i >> 6] >>> i & 1) != 0;
  }

  static void set(long[] bits, int from, int n) {
    int i = from;
    int end = from + n;
    while (i < end) {
      int word = i >> 6;
      int count = Math.min(end, (word + 1) << 6) - i;
      bits[word] |= (count == 64 ? -1L : (1L << count) - 1) << i;
      i += count;
    }
  }

  /** Copies n bits over what is there. */
  static void copy(long[] from, int at, long[] to, int toAt, int n) {
    int done = 0;
    while (done < n) {
      int d = toAt + done;
      int count = Math.min(n - done, 64 - (d & 63));
      long mask = (count == 64 ? -1L : (1L << count) - 1) << d;
      to[d >> 6] = (to[d >> 6] & ~mask) | (word(from, at + done) << d & mask);
      done += count;
    }
  }

  /** 64 bits from bit i on; bits beyond the end are 0. */
  private static long word(long[] bits, int i) {
    int w = i >> 6;
    long low = bits[w] >>> i;
    return (i & 63) == 0 || w + 1 >= bits.length ? low : low | bits[w + 1] << -i;
  }

  /** The bits set in either; one of them may be null for none. */
  static long[] or(long[] a, long[] b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    long[] r = a.clone();
    for (int i = 0; i < r.length; i++) {
      r[i] |= b[i];
    }
    return r;
  }

  /** n bits from {@code at} on, or null when none of them is set. */
  static long[] part(long[] bits, int at, int n) {
    if (bits == null) {
      return null;
    }
    long[] r = none(n);
    copy(bits, at, r, 0, n);
    return orNull(r);
  }

  /** The first bit set at {@code from} or after it, or -1. */
  static int next(long[] bits, int from) {
    int w = from >> 6;
    if (w >= bits.length) {
      return -1;
    }
    long word = bits[w] & (-1L << from);
    while (word == 0) {
      if (++w == bits.length) {
        return -1;
      }
      word = bits[w];
    }
    return (w << 6) + Long.numberOfTrailingZeros(word);
  }

  /**
   * Writes where the set ones of n bits from {@code at} on are, in order; returns how many.
   *
   * @param at a multiple of 64
   */
  static int list(long[] bits, int at, int n, int[] to) {
    int found = 0;
    for (int w = at >> 6; w < (at + n + 63) >> 6; w++) {
      for (long word = bits[w]; word != 0; word &= word - 1) {
        to[found++] = (w << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return found;
  }

  static int count(long[] bits) {
    int n = 0;
    for (long w : bits) {
      n += Long.bitCount(w);
    }
    return n;
  }

  /** The mask itself, or null when no bit is set. */
  static long[] orNull(long[] bits) {
    for (long w : bits) {
      if (w != 0) {
        return bits;
      }
    }
    return null;
  }
}
