package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * Shapes to cells: polygons filled by scan lines, lines by Bresenham's algorithm in n dimensions.
 */
final class PolygonFill {
  private PolygonFill() {}

  /**
   * Sets the cells of a mask that lie in a polygon (even-odd rule over its rings) or are touched by
   * its border.
   *
   * @param mask over the box lowA:highA, lowB:highB, row by row of a
   * @param rings vertices (a, b) on the grid, where cell i reaches from i to i + 1
   */
  static void fill(
      byte[] mask, long lowA, long highA, long lowB, long highB, List<double[][]> rings) {
    int width = (int) (highB - lowB + 1);
    int edges = rings.stream().mapToInt(r -> r.length).sum();
    double[] crossings = new double[edges];
    for (long a = lowA; a <= highA; a++) {
      // Cells are judged by the vertex of their index, as the vertices are put onto cells first.
      double line = a;
      int n = 0;
      for (double[][] ring : rings) {
        for (int i = 0; i < ring.length; i++) {
          double[] p = ring[i];
          double[] q = ring[(i + 1) % ring.length];
          double pa = Math.floor(p[0]);
          double qa = Math.floor(q[0]);
          if ((pa <= line) != (qa <= line)) {
            double pb = Math.floor(p[1]);
            double qb = Math.floor(q[1]);
            crossings[n++] = pb + (line - pa) / (qa - pa) * (qb - pb);
          }
        }
      }
      Arrays.sort(crossings, 0, n);
      int row = (int) ((a - lowA) * width);
      for (int i = 0; i + 1 < n; i += 2) {
        long from = Math.max(lowB, (long) Math.ceil(crossings[i]));
        long to = Math.min(highB, (long) Math.floor(crossings[i + 1]));
        for (long b = from; b <= to; b++) {
          mask[row + (int) (b - lowB)] = 1;
        }
      }
    }
    for (double[][] ring : rings) {
      border(mask, lowA, highA, lowB, highB, ring);
    }
  }

  private static void border(
      byte[] mask, long lowA, long highA, long lowB, long highB, double[][] ring) {
    int width = (int) (highB - lowB + 1);
    List<long[]> path = new ArrayList<>();
    for (int i = 0; i <= ring.length; i++) {
      double[] p = ring[i % ring.length];
      long[] cell = {(long) Math.floor(p[0]), (long) Math.floor(p[1])};
      if (i == 0) {
        path.add(cell);
      } else {
        line(path, cell, false);
      }
    }
    for (long[] p : path) {
      if (p[0] >= lowA && p[0] <= highA && p[1] >= lowB && p[1] <= highB) {
        mask[(int) ((p[0] - lowA) * width + p[1] - lowB)] = 1;
      }
    }
  }

  /** Adds the cells from the last of a path (not included) to another cell (included). */
  static void line(List<long[]> path, long[] to, boolean stays) {
    long[] from = path.getLast();
    int n = from.length;
    long steps = 0;
    for (int d = 0; d < n; d++) {
      steps = Math.max(steps, Math.abs(to[d] - from[d]));
    }
    if (steps > 50_000_000) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE, "clip", "The line has " + steps + " cells.");
    }
    long[] error = new long[n];
    long[] at = from.clone();
    // Halfway between two cells a line in the plane stays; the border of an area, and a line
    // through more dimensions, goes on.
    Arrays.fill(error, stays ? (steps - 1) / 2 : steps / 2);
    for (long s = 0; s < steps; s++) {
      for (int d = 0; d < n; d++) {
        error[d] += Math.abs(to[d] - from[d]);
        if (error[d] >= steps) {
          error[d] -= steps;
          at[d] += Long.signum(to[d] - from[d]);
        }
      }
      path.add(at.clone());
    }
  }
}
