package org.tessera.engine.store;

import org.tessera.engine.array.GridEnvelope;

/** Copies the cells of a box from one row-major buffer to another. */
final class BoxCopy {
  /** Takes runs of elements that lie together in the source. */
  @FunctionalInterface
  interface Runs {
    /**
     * {@code length} cells from cell {@code from} of the source to cell {@code to} of the target.
     */
    void accept(int from, int to, int length);
  }

  private BoxCopy() {}

  /**
   * Copies {@code box}, which lies within both others.
   *
   * @param source a primitive array that holds the cells of {@code sourceBox}
   * @param target one of the same type for {@code targetBox}
   * @param components array elements per cell
   */
  static void copy(
      Object source,
      GridEnvelope sourceBox,
      Object target,
      GridEnvelope targetBox,
      GridEnvelope box,
      int components) {
    runs(
        sourceBox,
        targetBox,
        box,
        (from, to, length) ->
            System.arraycopy(
                source, from * components, target, to * components, length * components));
  }

  /**
   * Passes the longest runs of {@code box} that lie together in both buffers, in row-major order.
   */
  static void runs(GridEnvelope sourceBox, GridEnvelope targetBox, GridEnvelope box, Runs sink) {
    int n = box.dimension();
    // Axes from `outer` on are copied at once: all but the first of them are whole in both boxes.
    int outer = n;
    long run = 1;
    while (outer > 0) {
      outer--;
      run *= box.size(outer);
      if (box.size(outer) != sourceBox.size(outer) || box.size(outer) != targetBox.size(outer)) {
        break;
      }
    }
    int length = Math.toIntExact(run);
    long[] sourceStride = strides(sourceBox);
    long[] targetStride = strides(targetBox);
    long from = 0;
    long to = 0;
    for (int i = 0; i < n; i++) {
      from += (box.low(i) - sourceBox.low(i)) * sourceStride[i];
      to += (box.low(i) - targetBox.low(i)) * targetStride[i];
    }
    long[] at = new long[outer];
    while (true) {
      sink.accept((int) from, (int) to, length);
      int axis = outer - 1;
      while (axis >= 0) {
        from += sourceStride[axis];
        to += targetStride[axis];
        if (++at[axis] < box.size(axis)) {
          break;
        }
        from -= at[axis] * sourceStride[axis];
        to -= at[axis] * targetStride[axis];
        at[axis--] = 0;
      }
      if (axis < 0) {
        return;
      }
    }
  }

  private static long[] strides(GridEnvelope box) {
    long[] strides = new long[box.dimension()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= box.size(i);
    }
    return strides;
  }
}
