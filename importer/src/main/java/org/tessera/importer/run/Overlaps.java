package org.tessera.importer.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.tessera.coverage.model.Axis;
import org.tessera.importer.plan.Slice;

/**
 * Whether slices share cells: then it matters which of them is sent first, and importers that share
 * the work keep to the order.
 */
final class Overlaps {
  private Overlaps() {}

  /** May say yes of slices that lie between each other's coordinates. */
  static boolean any(List<Slice> slices) {
    if (slices.size() < 2) {
      return false;
    }
    double[][] boxes = slices.stream().map(Overlaps::box).toArray(double[][]::new);
    int axes = boxes[0].length / 2;
    // Swept along the axis that separates them best.
    int sweep =
        IntStream.range(0, axes)
            .boxed()
            .max(
                Comparator.comparingLong(
                    a -> Arrays.stream(boxes).mapToDouble(b -> b[2 * a]).distinct().count()))
            .orElseThrow();
    Arrays.sort(boxes, Comparator.comparingDouble(b -> b[2 * sweep]));
    List<double[]> active = new ArrayList<>();
    for (double[] box : boxes) {
      active.removeIf(other -> !meet(other, box, sweep));
      if (active.stream().anyMatch(o -> IntStream.range(0, axes).allMatch(a -> meet(o, box, a)))) {
        return true;
      }
      active.add(box);
    }
    return false;
  }

  /** Cells that touch do not meet, equal points do. */
  private static boolean meet(double[] a, double[] b, int axis) {
    double lower = Math.max(a[2 * axis], b[2 * axis]);
    double upper = Math.min(a[2 * axis + 1], b[2 * axis + 1]);
    boolean point = a[2 * axis] == a[2 * axis + 1] || b[2 * axis] == b[2 * axis + 1];
    return point ? lower <= upper : lower < upper;
  }

  /** Lower and upper bound of each axis. */
  private static double[] box(Slice slice) {
    List<Axis> axes = slice.domain().axes();
    double[] box = new double[2 * axes.size()];
    for (int i = 0; i < axes.size(); i++) {
      box[2 * i] = axes.get(i).lower().doubleValue();
      box[2 * i + 1] = axes.get(i).upper().doubleValue();
    }
    return box;
  }
}
