package org.tessera.engine.eval;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Runs of equal cells in blocks of booleans, which are 0 or 1. */
final class Runs {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Runs() {}

  /** How many of n cells from {@code at} on are true. */
  static long trues(byte[] cells, int at, int n) {
    long sum = 0;
    for (int i = at; i < at + n; i++) {
      long x = cells[i];
      sum += x;
    }
    return sum;
  }

  /** Where the run of equal cells that begins at {@code from} ends (exclusive, at most end). */
  static int end(byte[] cells, int from, int end) {
    byte value = cells[from];
    long eight = value * 0x0101010101010101L;
    int i = from + 1;
    for (; i + 8 <= end; i += 8) {
      long differ = (long) WORD.get(cells, i) ^ eight;
      if (differ != 0) {
        return i + (Long.numberOfTrailingZeros(differ) >> 3);
      }
    }
    while (i < end && cells[i] == value) {
      i++;
    }
    return i;
  }
}
