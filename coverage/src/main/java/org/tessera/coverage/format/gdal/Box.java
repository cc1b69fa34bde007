package org.tessera.coverage.format.gdal;

import java.util.ArrayList;
import java.util.List;

/** A box of cells: first index and number of indices of each dimension, slowest first. */
final class Box {
  private final long[] start;
  private final long[] count;

  Box(long[] start, long[] count) {
    this.start = start;
    this.count = count;
  }

  /** First indices; not to be changed. */
  long[] start() {
    return start;
  }

  /** Numbers of indices; not to be changed. */
  long[] count() {
    return count;
  }

  long cells() {
    long cells = 1;
    for (long extent : count) {
      cells = Math.multiplyExact(cells, extent);
    }
    return cells;
  }

  /**
   * Cuts a shape into boxes that need at most {@code limit} bytes each, in row-major order, each a
   * contiguous run of cells of the shape: all dimensions but one are whole (the faster ones) or one
   * index thick (the slower ones).
   *
   * @param align the extent of the slowest dimension is a multiple of this where the limit allows
   *     it
   */
  static List<Box> pieces(long[] shape, long cellBytes, long limit, long align) {
    int cut = 0;
    long below = cellBytes;
    for (int d = shape.length - 1; d >= 0; d--) {
      if (below * shape[d] > limit) {
        cut = d;
        break;
      }
      below *= shape[d];
    }
    List<Box> result = new ArrayList<>();
    if (shape.length == 0 || below == bytes(shape, cellBytes)) {
      result.add(new Box(new long[shape.length], shape.clone()));
      return result;
    }
    long thickness = Math.max(1, limit / below);
    if (cut == 0 && thickness > align) {
      thickness -= thickness % align;
    }
    add(result, shape, new long[shape.length], 0, cut, thickness);
    return result;
  }

  private static long bytes(long[] shape, long cellBytes) {
    long bytes = cellBytes;
    for (long extent : shape) {
      bytes = Math.multiplyExact(bytes, extent);
    }
    return bytes;
  }

  private static void add(
      List<Box> result, long[] shape, long[] start, int d, int cut, long thickness) {
    if (d < cut) {
      for (long i = 0; i < shape[d]; i++) {
        start[d] = i;
        add(result, shape, start, d + 1, cut, thickness);
      }
      start[d] = 0;
      return;
    }
    for (long i = 0; i < shape[cut]; i += thickness) {
      long[] from = start.clone();
      long[] count = shape.clone();
      for (int e = 0; e < cut; e++) {
        count[e] = 1;
      }
      from[cut] = i;
      count[cut] = Math.min(thickness, shape[cut] - i);
      result.add(new Box(from, count));
    }
  }
}
