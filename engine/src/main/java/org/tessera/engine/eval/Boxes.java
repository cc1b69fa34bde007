package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.tessera.engine.array.GridEnvelope;

/** Cuts boxes into boxes: into units of work along tile borders, and units into blocks. */
final class Boxes {
  private static final long LARGE_UNIT = 1 << 22;
  private static final long MANY_UNITS = 1 << 15;

  private Boxes() {}

  /**
   * The box as units of work in row-major order of their grid. They depend on nothing but the
   * arguments, so that sums are added up in the same order whatever the number of threads.
   *
   * @param cuts per axis the indices at which tiles begin, ascending; null for no preference
   * @param small cells that a unit has at least, where the box has as many
   */
  static List<GridEnvelope> units(GridEnvelope box, long[][] cuts, long small) {
    int dim = box.dimension();
    long cells = box.cells();
    if (dim == 0 || cells <= small) {
      return List.of(box);
    }
    long least = Math.max(small, cells / MANY_UNITS);
    long[][] starts = new long[dim][];
    for (int a = 0; a < dim; a++) {
      starts[a] = cuts == null ? new long[0] : within(cuts[a], box.low(a), box.high(a));
    }
    while (cells / product(starts) < least && product(starts) > 1) {
      int most = 0;
      for (int a = 1; a < dim; a++) {
        most = starts[a].length > starts[most].length ? a : most;
      }
      long[] half = new long[starts[most].length / 2];
      for (int i = 0; i < half.length; i++) {
        half[i] = starts[most][2 * i + 1];
      }
      starts[most] = half;
    }
    List<GridEnvelope> units = new ArrayList<>();
    int[] at = new int[dim];
    while (true) {
      long[] low = new long[dim];
      long[] high = new long[dim];
      for (int a = 0; a < dim; a++) {
        low[a] = at[a] == 0 ? box.low(a) : starts[a][at[a] - 1];
        high[a] = at[a] == starts[a].length ? box.high(a) : starts[a][at[a]] - 1;
      }
      long most = cuts == null ? Math.max(least, Math.min(LARGE_UNIT, cells / 64)) : LARGE_UNIT;
      split(GridEnvelope.of(low, high), Math.max(most, least), units);
      int axis = dim - 1;
      while (axis >= 0 && ++at[axis] > starts[axis].length) {
        at[axis--] = 0;
      }
      if (axis < 0) {
        return units;
      }
    }
  }

  private static long[] within(long[] starts, long low, long high) {
    return starts == null
        ? new long[0]
        : Arrays.stream(starts).filter(s -> s > low && s <= high).toArray();
  }

  private static double product(long[][] starts) {
    double n = 1;
    for (long[] s : starts) {
      n *= s.length + 1;
    }
    return n;
  }

  private static void split(GridEnvelope box, long most, List<GridEnvelope> into) {
    if (box.cells() <= most) {
      into.add(box);
      return;
    }
    int axis = 0;
    while (box.size(axis) == 1) {
      axis++;
    }
    for (GridEnvelope half : halves(box, axis)) {
      split(half, most, into);
    }
  }

  /** Two boxes, cut in the middle of an axis of at least two cells. */
  static List<GridEnvelope> halves(GridEnvelope box, int axis) {
    long middle = box.low(axis) + box.size(axis) / 2;
    return List.of(
        box.with(axis, box.low(axis), middle - 1), box.with(axis, middle, box.high(axis)));
  }

  /** The axis with the most cells. */
  static int longest(GridEnvelope box) {
    int axis = 0;
    for (int a = 1; a < box.dimension(); a++) {
      axis = box.size(a) > box.size(axis) ? a : axis;
    }
    return axis;
  }

  /** The box as boxes of at most so many cells, in row-major order, contiguous in it. */
  static void blocks(GridEnvelope box, long cells, Consumer<GridEnvelope> each) {
    int dim = box.dimension();
    if (dim == 0 || box.cells() <= cells) {
      each.accept(box);
      return;
    }
    // Whole extents of the last axes, a range of one axis, single indices of the first ones.
    long inner = 1;
    int axis = dim - 1;
    while (axis > 0 && inner * box.size(axis) <= cells) {
      inner *= box.size(axis);
      axis--;
    }
    long rows = Math.max(1, cells / inner);
    long[] low = box.low();
    long[] high = box.high();
    for (int a = 0; a < axis; a++) {
      high[a] = low[a];
    }
    while (true) {
      for (long r = box.low(axis); r <= box.high(axis); r += rows) {
        low[axis] = r;
        high[axis] = Math.min(box.high(axis), r + rows - 1);
        each.accept(GridEnvelope.of(low, high));
      }
      int a = axis - 1;
      while (a >= 0 && ++low[a] > box.high(a)) {
        low[a] = box.low(a);
        high[a] = low[a];
        a--;
      }
      if (a < 0) {
        return;
      }
      high[a] = low[a];
    }
  }
}
