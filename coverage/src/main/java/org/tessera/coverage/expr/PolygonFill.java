package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * Shapes to cells: polygons filled by scan lines, lines by Bresenham's algorithm in n dimensions.
 * Cell i of an axis reaches from i to i + 1 and does not hold its upper end.
 */
final class PolygonFill {
  private static final long MAX_STEPS = 50_000_000;

  private PolygonFill() {}

  /**
   * Sets the cells of a mask that share a point with a polygon (even-odd rule over its rings).
   *
   * @param mask over the box lowA:highA, lowB:highB, row by row of a
   * @param rings vertices (a, b)
   */
  static void touched(
      byte[] mask, long lowA, long highA, long lowB, long highB, List<double[][]> rings) {
    inside(mask, lowA, highA, lowB, highB, rings, 0.5);
    int width = (int) (highB - lowB + 1);
    for (double[][] ring : rings) {
      for (int i = 0; i < ring.length; i++) {
        double[] p = ring[i];
        double[] q = ring[(i + 1) % ring.length];
        boolean up = p[0] <= q[0];
        edge(mask, lowA, highA, lowB, highB, width, up ? p : q, up ? q : p);
      }
    }
  }

  /** Sets the cells that an edge from {@code p} to {@code q} (of no lesser a) runs through. */
  private static void edge(
      byte[] mask,
      long lowA,
      long highA,
      long lowB,
      long highB,
      int width,
      double[] p,
      double[] q) {
    double slope = p[0] == q[0] ? 0 : (q[1] - p[1]) / (q[0] - p[0]);
    long last = Math.min(highA, (long) Math.floor(q[0]));
    for (long a = Math.max(lowA, (long) Math.floor(p[0])); a <= last; a++) {
      double from = a <= p[0] ? p[1] : p[1] + slope * (a - p[0]);
      double to = a + 1 >= q[0] ? q[1] : p[1] + slope * (a + 1 - p[0]);
      long first = Math.max(lowB, (long) Math.floor(Math.min(from, to)));
      long end = Math.min(highB, (long) Math.floor(Math.max(from, to)));
      int row = (int) ((a - lowA) * width);
      for (long b = first; b <= end; b++) {
        mask[row + (int) (b - lowB)] = 1;
      }
    }
  }

  /**
   * Sets the cells of a mask as the peer of the rule gdal does: vertices are cells, an area is what
   * lies between the crossings of its rows, and Bresenham's lines around it.
   *
   * @param rings vertices (a, b), whole numbers
   */
  static void fill(
      byte[] mask, long lowA, long highA, long lowB, long highB, List<double[][]> rings) {
    inside(mask, lowA, highA, lowB, highB, rings, 0);
    int width = (int) (highB - lowB + 1);
    for (double[][] ring : rings) {
      List<long[]> path = new ArrayList<>();
      path.add(cell(ring[0]));
      for (int i = 1; i <= ring.length; i++) {
        line(path, cell(ring[i % ring.length]), true);
      }
      for (long[] p : path) {
        if (p[0] >= lowA && p[0] <= highA && p[1] >= lowB && p[1] <= highB) {
          mask[(int) ((p[0] - lowA) * width + p[1] - lowB)] = 1;
        }
      }
    }
  }

  private static long[] cell(double[] vertex) {
    return new long[] {(long) Math.floor(vertex[0]), (long) Math.floor(vertex[1])};
  }

  /** Sets the cells whose point, {@code at} into the cell on both axes, lies in a polygon. */
  private static void inside(
      byte[] mask,
      long lowA,
      long highA,
      long lowB,
      long highB,
      List<double[][]> rings,
      double at) {
    int width = (int) (highB - lowB + 1);
    int edges = rings.stream().mapToInt(r -> r.length).sum();
    int rows = (int) (highA - lowA + 1);
    // The edges that begin by a row, and those that are still there: each row looks at few.
    double[][] all = new double[edges][];
    int n = 0;
    for (double[][] ring : rings) {
      for (int i = 0; i < ring.length; i++) {
        double[] p = ring[i];
        double[] q = ring[(i + 1) % ring.length];
        if (p[0] != q[0]) {
          all[n++] =
              p[0] < q[0]
                  ? new double[] {p[0], p[1], q[0], q[1]}
                  : new double[] {q[0], q[1], p[0], p[1]};
        }
      }
    }
    Arrays.sort(all, 0, n, (x, y) -> Double.compare(x[0], y[0]));
    List<double[]> active = new ArrayList<>();
    double[] crossings = new double[n];
    int next = 0;
    for (int r = 0; r < rows; r++) {
      double line = lowA + r + at;
      while (next < n && all[next][0] <= line) {
        active.add(all[next++]);
      }
      active.removeIf(e -> e[2] <= line);
      int k = 0;
      for (double[] e : active) {
        crossings[k++] = e[1] + (line - e[0]) / (e[2] - e[0]) * (e[3] - e[1]);
      }
      Arrays.sort(crossings, 0, k);
      for (int i = 0; i + 1 < k; i += 2) {
        long from = Math.max(lowB, (long) Math.ceil(crossings[i] - at));
        long to = Math.min(highB, (long) Math.floor(crossings[i + 1] - at));
        if (from <= to) {
          int row = r * width;
          Arrays.fill(mask, row + (int) (from - lowB), row + (int) (to - lowB) + 1, (byte) 1);
        }
      }
    }
  }

  /**
   * Adds the cells from the last of a path (not included) to another cell (included). Halfway
   * between two cells a line in the plane stays, one through more dimensions goes on.
   *
   * @param border the line is drawn in direction of growing index of its longer axis, so that it is
   *     the same both ways
   */
  static void line(List<long[]> path, long[] to, boolean border) {
    long[] from = path.getLast();
    int n = from.length;
    long steps = 0;
    int longer = 0;
    for (int d = 0; d < n; d++) {
      long length = Math.abs(to[d] - from[d]);
      if (length > steps) {
        steps = length;
        longer = d;
      }
    }
    if (steps > MAX_STEPS) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE, "clip", "The line has " + steps + " cells.");
    }
    boolean stays = n == 2;
    boolean back = border && to[longer] < from[longer];
    long[] start = back ? to : from;
    long[] end = back ? from : to;
    List<long[]> cells = new ArrayList<>();
    long[] error = new long[n];
    long[] at = start.clone();
    for (int d = 0; d < n; d++) {
      boolean falls = !border && longer == 0 && end[d] < start[d];
      error[d] = stays && !falls ? (steps - 1) / 2 : steps / 2;
    }
    for (long s = 0; s < steps; s++) {
      cells.add(at.clone());
      for (int d = 0; d < n; d++) {
        error[d] += Math.abs(end[d] - start[d]);
        if (error[d] >= steps) {
          error[d] -= steps;
          at[d] += Long.signum(end[d] - start[d]);
        }
      }
    }
    if (steps == 0) {
      return;
    }
    cells.add(end.clone());
    path.addAll(back ? cells.reversed().subList(1, cells.size()) : cells.subList(1, cells.size()));
  }
}
