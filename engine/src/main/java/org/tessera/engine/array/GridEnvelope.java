package org.tessera.engine.array;

import java.util.Arrays;
import java.util.Optional;

/**
 * A box of cells in an n-dimensional integer grid (ISO 19123 grid envelope). Both {@code low} and
 * {@code high} are <em>inclusive</em>; every axis holds at least one cell. A 0-dimensional envelope
 * is the domain of a scalar and holds exactly one cell. Immutable.
 */
public final class GridEnvelope {
  private static final GridEnvelope SCALAR = new GridEnvelope(new long[0], new long[0]);

  private final long[] low;
  private final long[] high;

  private GridEnvelope(long[] low, long[] high) {
    this.low = low;
    this.high = high;
  }

  /** The domain of a scalar: no axes, one cell. */
  public static GridEnvelope scalar() {
    return SCALAR;
  }

  /**
   * The box from {@code low} to {@code high}, both inclusive.
   *
   * @throws IllegalArgumentException if the lengths differ or a low is above its high
   */
  public static GridEnvelope of(long[] low, long[] high) {
    if (low.length != high.length) {
      throw new IllegalArgumentException(
          "low has " + low.length + " axes but high has " + high.length);
    }
    for (int i = 0; i < low.length; i++) {
      if (low[i] > high[i]) {
        throw new IllegalArgumentException(
            "axis " + i + ": low " + low[i] + " is above high " + high[i]);
      }
      Math.addExact(Math.subtractExact(high[i], low[i]), 1);
    }
    return low.length == 0 ? SCALAR : new GridEnvelope(low.clone(), high.clone());
  }

  /** The box from 0 to {@code size - 1} on each axis. */
  public static GridEnvelope ofSize(long... sizes) {
    long[] high = new long[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      high[i] = sizes[i] - 1;
    }
    return of(new long[sizes.length], high);
  }

  /** Number of axes; 0 for a scalar. */
  public int dimension() {
    return low.length;
  }

  /** Least index on an axis, inclusive. */
  public long low(int axis) {
    return low[axis];
  }

  /** Greatest index on an axis, inclusive. */
  public long high(int axis) {
    return high[axis];
  }

  /** Number of cells along an axis, at least 1. */
  public long size(int axis) {
    return high[axis] - low[axis] + 1;
  }

  /** The low corner, a copy. */
  public long[] low() {
    return low.clone();
  }

  /** The high corner (inclusive), a copy. */
  public long[] high() {
    return high.clone();
  }

  /** The sizes of all axes, a copy. */
  public long[] sizes() {
    long[] sizes = new long[low.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = size(i);
    }
    return sizes;
  }

  /** Number of cells in the box; {@link Long#MAX_VALUE} when there are more than that. */
  public long cells() {
    long cells = 1;
    for (int i = 0; i < low.length; i++) {
      if (Math.multiplyHigh(cells, size(i)) != 0 || cells * size(i) < 0) {
        return Long.MAX_VALUE;
      }
      cells *= size(i);
    }
    return cells;
  }

  /**
   * Number of cells as an array length. Throws {@link ArithmeticException} above {@link
   * Integer#MAX_VALUE}.
   */
  public int cellsAsInt() {
    return Math.toIntExact(cells());
  }

  /** True if the cell lies within. */
  public boolean contains(long... index) {
    for (int i = 0; i < low.length; i++) {
      if (index[i] < low[i] || index[i] > high[i]) {
        return false;
      }
    }
    return true;
  }

  /** True if all of the other box lies within. */
  public boolean contains(GridEnvelope other) {
    return contains(other.low) && contains(other.high);
  }

  /** True if the boxes share a cell. */
  public boolean intersects(GridEnvelope other) {
    for (int i = 0; i < low.length; i++) {
      if (low[i] > other.high[i] || high[i] < other.low[i]) {
        return false;
      }
    }
    return true;
  }

  /** The cells in both boxes, or empty if there are none. */
  public Optional<GridEnvelope> intersection(GridEnvelope other) {
    if (!intersects(other)) {
      return Optional.empty();
    }
    long[] l = low.clone();
    long[] h = high.clone();
    for (int i = 0; i < l.length; i++) {
      l[i] = Math.max(l[i], other.low[i]);
      h[i] = Math.min(h[i], other.high[i]);
    }
    return Optional.of(of(l, h));
  }

  /** The least box that holds both. */
  public GridEnvelope union(GridEnvelope other) {
    long[] l = low.clone();
    long[] h = high.clone();
    for (int i = 0; i < l.length; i++) {
      l[i] = Math.min(l[i], other.low[i]);
      h[i] = Math.max(h[i], other.high[i]);
    }
    return of(l, h);
  }

  /** This box moved by an offset per axis. */
  public GridEnvelope translate(long... offset) {
    long[] l = low.clone();
    long[] h = high.clone();
    for (int i = 0; i < l.length; i++) {
      l[i] = Math.addExact(l[i], offset[i]);
      h[i] = Math.addExact(h[i], offset[i]);
    }
    return of(l, h);
  }

  /** This box without one axis. */
  public GridEnvelope without(int axis) {
    long[] l = new long[low.length - 1];
    long[] h = new long[low.length - 1];
    for (int i = 0, k = 0; i < low.length; i++) {
      if (i != axis) {
        l[k] = low[i];
        h[k++] = high[i];
      }
    }
    return of(l, h);
  }

  /** This box with the bounds of one axis replaced (inclusive). */
  public GridEnvelope with(int axis, long newLow, long newHigh) {
    long[] l = low.clone();
    long[] h = high.clone();
    l[axis] = newLow;
    h[axis] = newHigh;
    return of(l, h);
  }

  /** This box with one more axis put before position {@code axis} (inclusive bounds). */
  public GridEnvelope insert(int axis, long newLow, long newHigh) {
    long[] l = new long[low.length + 1];
    long[] h = new long[low.length + 1];
    for (int i = 0, k = 0; i < l.length; i++) {
      l[i] = i == axis ? newLow : low[k];
      h[i] = i == axis ? newHigh : high[k++];
    }
    return of(l, h);
  }

  /** Axis {@code i} of the result is axis {@code order[i]} of this box. */
  public GridEnvelope permute(int... order) {
    long[] l = new long[order.length];
    long[] h = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      l[i] = low[order[i]];
      h[i] = high[order[i]];
    }
    return of(l, h);
  }

  /**
   * Row-major offset of a cell from the low corner (last axis fastest); the cell must lie within.
   */
  public long offset(long... index) {
    long offset = 0;
    for (int i = 0; i < low.length; i++) {
      offset = offset * size(i) + (index[i] - low[i]);
    }
    return offset;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof GridEnvelope other
        && Arrays.equals(low, other.low)
        && Arrays.equals(high, other.high);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
  }

  /** As {@code [0:9,5:7]}, both bounds inclusive. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < low.length; i++) {
      text.append(i == 0 ? "" : ",").append(low[i]).append(':').append(high[i]);
    }
    return text.append(']').toString();
  }
}
