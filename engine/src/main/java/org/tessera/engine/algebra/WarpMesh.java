package org.tessera.engine.algebra;

import java.util.Arrays;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.GridEnvelope;

/**
 * Where the cells of a new grid of two axes, rows first, lie on two axes of an old one. Places are
 * counted in cells: cell i reaches from i to i + 1, its centre is at i + 0.5.
 *
 * <p>The new grid is cut into patches of 64 x 64 cells. In each the places are bilinear between
 * knots at which they are exact, as close together as it needs for them to be right within a 40th
 * of an old cell, and most often far better; where the transformation breaks, or has no image, each
 * cell is a knot. So a mesh takes a few bytes per thousand cells. Immutable.
 */
public final class WarpMesh {
  /**
   * By how much places between knots twice as far apart may be wrong, in old cells; those of the
   * mesh itself are wrong by about a quarter of that.
   */
  private static final double TOLERANCE = 1.0 / 16;

  private static final int PATCH = 64;
  private static final long MOST_KNOTS = 1 << 23;

  /** Places on the new grid to places on the old one. */
  @FunctionalInterface
  public interface Transform {
    /**
     * Transforms points in place.
     *
     * @param points row and column of point i are {@code points[2 i]} and {@code points[2 i + 1]};
     *     points that have no image become NaN
     */
    void places(double[] points);
  }

  /**
   * What the places of a box span.
   *
   * @param top least place along the rows
   * @param height the most that {@link #row} says of a cell's height
   */
  public record Span(
      double top, double bottom, double left, double right, double height, double width) {}

  private final GridEnvelope domain;
  private final int patchesAcross;
  private final Patch[] patches;

  private WarpMesh(GridEnvelope domain, int patchesAcross, Patch[] patches) {
    this.domain = domain;
    this.patchesAcross = patchesAcross;
    this.patches = patches;
  }

  /**
   * A mesh for all cells of a new grid.
   *
   * @param domain of the new grid: rows, columns
   * @throws EngineException LIMIT_EXCEEDED if the grid is too large or the transformation too
   *     uneven for it
   */
  public static WarpMesh of(GridEnvelope domain, Transform transform) {
    long down = Math.ceilDiv(domain.size(0), PATCH);
    long across = Math.ceilDiv(domain.size(1), PATCH);
    if (9.0 * down * across > MOST_KNOTS) {
      throw tooLarge(domain);
    }
    double[] usual = usual(domain, transform);
    Patch[] patches = new Patch[Math.toIntExact(down * across)];
    long knots = 0;
    for (int i = 0; i < patches.length; i++) {
      long row = i / across * PATCH;
      long column = i % across * PATCH;
      patches[i] =
          Patch.of(
              domain.low(0) + row,
              domain.low(1) + column,
              (int) Math.min(PATCH, domain.size(0) - row),
              (int) Math.min(PATCH, domain.size(1) - column),
              usual,
              transform);
      knots += patches[i].knots.length / 2;
      if (knots > MOST_KNOTS) {
        throw tooLarge(domain);
      }
    }
    return new WarpMesh(domain, (int) across, patches);
  }

  private static EngineException tooLarge(GridEnvelope domain) {
    return new EngineException(
        EngineException.Code.LIMIT_EXCEEDED,
        "a grid of %d x %d cells is too large for this transformation"
            .formatted(domain.size(0), domain.size(1)));
  }

  /** Height and width of the cell in the middle, for patches too narrow to tell; 1 if unknown. */
  private static double[] usual(GridEnvelope domain, Transform transform) {
    double row = domain.low(0) + domain.size(0) / 2 + 0.5;
    double column = domain.low(1) + domain.size(1) / 2 + 0.5;
    double[] p = {row - 0.5, column, row + 0.5, column, row, column - 0.5, row, column + 0.5};
    transform.places(p);
    double height = Math.hypot(p[2] - p[0], p[6] - p[4]);
    double width = Math.hypot(p[3] - p[1], p[7] - p[5]);
    return new double[] {Double.isFinite(height) ? height : 1, Double.isFinite(width) ? width : 1};
  }

  /** The new grid: rows, columns. */
  public GridEnvelope domain() {
    return domain;
  }

  /**
   * Places of the centres of some cells of a row, NaN where there is none.
   *
   * @param column of the first cell
   * @param n number of cells, within the domain
   * @param y receives the places along the rows
   * @param height receives how many old cells each covers along the rows, 0 and more; may be null,
   *     with {@code width}
   */
  public void row(
      long row, long column, int n, double[] y, double[] x, double[] height, double[] width) {
    int r = (int) (row - domain.low(0));
    for (int i = 0; i < n; ) {
      int c = (int) (column - domain.low(1)) + i;
      Patch p = patches[r / PATCH * patchesAcross + c / PATCH];
      int count = Math.min(n - i, p.columns - c % PATCH);
      p.row(r % PATCH, c % PATCH, count, y, x, i);
      if (height != null) {
        p.extents(r % PATCH, c % PATCH, count, height, width, i);
      }
      i += count;
    }
  }

  /** What the places of a box of new cells span at most; null if none has a place. */
  public Span span(GridEnvelope box) {
    double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    double[] extent = {0, 0};
    int top = (int) (box.low(0) - domain.low(0));
    int bottom = (int) (box.high(0) - domain.low(0));
    int left = (int) (box.low(1) - domain.low(1));
    int right = (int) (box.high(1) - domain.low(1));
    for (int i = top / PATCH; i <= bottom / PATCH; i++) {
      for (int j = left / PATCH; j <= right / PATCH; j++) {
        patches[i * patchesAcross + j].span(
            Math.max(0, top - i * PATCH),
            Math.min(PATCH - 1, bottom - i * PATCH),
            Math.max(0, left - j * PATCH),
            Math.min(PATCH - 1, right - j * PATCH),
            least,
            most,
            extent);
      }
    }
    return least[0] > most[0]
        ? null
        : new Span(least[0], most[0], least[1], most[1], extent[0], extent[1]);
  }

  /** Number of places that were computed exactly. */
  public long knots() {
    return Arrays.stream(patches).mapToLong(p -> p.knots.length / 2).sum();
  }

  @Override
  public String toString() {
    return "mesh " + domain + " of " + knots() + " knots";
  }

  /**
   * Cells 0 to rows - 1 and 0 to columns - 1 of a patch. Knots lie at the centres of the first and
   * the last cell and at even distances between them: {@code down + 1} rows of {@code across + 1};
   * none at all where no cell has a place.
   */
  private static final class Patch {
    /** Patches of nothing are believed to be so from so many knots an axis on. */
    private static final int ENOUGH = 8;

    private final int rows;
    private final int columns;
    private final int down;
    private final int across;
    private final double[] usual;
    private final double[] knots;

    private Patch(int rows, int columns, int down, int across, double[] usual, double[] knots) {
      this.rows = rows;
      this.columns = columns;
      this.down = down;
      this.across = across;
      this.usual = usual;
      this.knots = knots;
    }

    static Patch of(
        long row, long column, int rows, int columns, double[] usual, Transform transform) {
      Patch coarse = sample(row, column, rows, columns, 1, usual, transform);
      for (int k = 2; ; k *= 2) {
        if (coarse.isExact()) {
          return coarse.isEmpty() ? coarse.none() : coarse;
        }
        Patch fine = sample(row, column, rows, columns, k, usual, transform);
        if (coarse.isNear(fine)) {
          return fine;
        }
        if (k >= ENOUGH && fine.isEmpty()) {
          return fine.none();
        }
        coarse = fine;
      }
    }

    private static Patch sample(
        long row, long column, int rows, int columns, int k, double[] usual, Transform transform) {
      int down = Math.min(k, rows - 1);
      int across = Math.min(k, columns - 1);
      double[] knots = new double[2 * (down + 1) * (across + 1)];
      int n = 0;
      for (int i = 0; i <= down; i++) {
        for (int j = 0; j <= across; j++) {
          knots[n++] = row + 0.5 + between(i, rows, down);
          knots[n++] = column + 0.5 + between(j, columns, across);
        }
      }
      transform.places(knots);
      for (int i = 0; i < n; i += 2) {
        if (!Double.isFinite(knots[i]) || !Double.isFinite(knots[i + 1])) {
          knots[i] = Double.NaN;
          knots[i + 1] = Double.NaN;
        }
      }
      return new Patch(rows, columns, down, across, usual, knots);
    }

    /** Where knot i lies, from 0 for the first cell to cells - 1. */
    private static double between(int i, int cells, int intervals) {
      return intervals == 0 ? 0 : (double) i * (cells - 1) / intervals;
    }

    private boolean isExact() {
      return down == rows - 1 && across == columns - 1;
    }

    private boolean isEmpty() {
      return Arrays.stream(knots).allMatch(Double::isNaN);
    }

    private Patch none() {
      return new Patch(rows, columns, down, across, usual, new double[0]);
    }

    /** Whether the places between the knots are those of a finer patch, and all there. */
    private boolean isNear(Patch fine) {
      int n = 0;
      for (int i = 0; i <= fine.down; i++) {
        for (int j = 0; j <= fine.across; j++, n += 2) {
          double v = between(i, rows, fine.down);
          double u = between(j, columns, fine.across);
          // A place that is NaN is near to nothing.
          if (!(Math.abs(at(v, u, 0) - fine.knots[n]) <= TOLERANCE)
              || !(Math.abs(at(v, u, 1) - fine.knots[n + 1]) <= TOLERANCE)) {
            return false;
          }
        }
      }
      return true;
    }

    /** The place of any point of the patch, along one of the axes. */
    private double at(double row, double column, int axis) {
      double v = rows == 1 ? 0 : row * down / (rows - 1);
      double u = columns == 1 ? 0 : column * across / (columns - 1);
      int i = Math.min((int) v, Math.max(0, down - 1));
      int j = Math.min((int) u, Math.max(0, across - 1));
      double left = along(i, j, v - i, axis);
      return u == j ? left : left + (u - j) * (along(i, j + 1, v - i, axis) - left);
    }

    /** From knot (i, j) on towards knot (i + 1, j). */
    private double along(int i, int j, double part, int axis) {
      double first = knot(i, j, axis);
      return part == 0 ? first : first + part * (knot(i + 1, j, axis) - first);
    }

    private double knot(int i, int j, int axis) {
      return knots[2 * (i * (across + 1) + j) + axis];
    }

    void row(int row, int column, int n, double[] y, double[] x, int at) {
      if (knots.length == 0) {
        Arrays.fill(y, at, at + n, Double.NaN);
        Arrays.fill(x, at, at + n, Double.NaN);
        return;
      }
      // Whole numbers where each row has knots.
      int i = rows == 1 ? 0 : row * down / (rows - 1);
      double part = rows == 1 ? 0 : (double) (row * down - i * (rows - 1)) / (rows - 1);
      int end = column + n;
      if (across == columns - 1) {
        for (int c = column; c < end; c++) {
          y[at + c - column] = along(i, c, part, 0);
          x[at + c - column] = along(i, c, part, 1);
        }
        return;
      }
      int first = column;
      while (first < end) {
        int j = first == columns - 1 ? across - 1 : first * across / (columns - 1);
        int last = Math.min(end, Math.ceilDiv((j + 1) * (columns - 1), across));
        last = j == across - 1 ? end : last;
        double y0 = along(i, j, part, 0);
        double x0 = along(i, j, part, 1);
        double scale = (double) across / (columns - 1);
        double dy = (along(i, j + 1, part, 0) - y0) * scale;
        double dx = (along(i, j + 1, part, 1) - x0) * scale;
        double start = first - between(j, columns, across);
        int to = at + first - column;
        for (int c = 0; c < last - first; c++) {
          y[to + c] = y0 + (start + c) * dy;
          x[to + c] = x0 + (start + c) * dx;
        }
        first = last;
      }
    }

    void extents(int row, int column, int n, double[] height, double[] width, int at) {
      int i = interval(row, rows, down);
      int known = -1;
      double h = 1;
      double w = 1;
      for (int c = column; c < column + n; c++) {
        int j = interval(c, columns, across);
        if (j != known) {
          h = extent(i, j, 0);
          w = extent(i, j, 1);
          known = j;
        }
        height[at + c - column] = h;
        width[at + c - column] = w;
      }
    }

    /** The interval between knots that a cell lies in; the cell itself where each is a knot. */
    private int interval(int cell, int cells, int intervals) {
      return isExact() || intervals == 0
          ? cell
          : Math.min(cell * intervals / (cells - 1), intervals - 1);
    }

    /** Old cells that a new cell at knot (i, j), or between it and the next ones, covers. */
    private double extent(int i, int j, int axis) {
      if (knots.length == 0 || down == 0 || across == 0) {
        return usual[axis];
      }
      double right;
      double below;
      double a = knot(i, j, axis);
      if (isExact()) {
        right =
            slope(
                j == 0 ? Double.NaN : a - knot(i, j - 1, axis),
                j == across ? Double.NaN : knot(i, j + 1, axis) - a);
        below =
            slope(
                i == 0 ? Double.NaN : a - knot(i - 1, j, axis),
                i == down ? Double.NaN : knot(i + 1, j, axis) - a);
      } else {
        double r = knot(i, j + 1, axis) - a;
        double b = knot(i + 1, j, axis) - a;
        double opposite = knot(i + 1, j + 1, axis) - a;
        right = (opposite - b + r) / 2;
        below = (opposite - r + b) / 2;
      }
      double extent = Math.hypot(right * across / (columns - 1), below * down / (rows - 1));
      return Double.isNaN(extent) ? usual[axis] : extent;
    }

    /** Between the steps to two neighbours; at a break one of them is far away. */
    private static double slope(double before, double after) {
      double a = Math.abs(before);
      double b = Math.abs(after);
      if (Double.isNaN(a) || b < a / 2) {
        return after;
      }
      return Double.isNaN(b) || a < b / 2 ? before : (before + after) / 2;
    }

    void span(
        int top, int bottom, int left, int right, double[] least, double[] most, double[] extent) {
      if (knots.length == 0) {
        return;
      }
      int lastRow = Math.min(bottom, rows - 1);
      int lastColumn = Math.min(right, columns - 1);
      int i0 = down == 0 ? 0 : top * down / (rows - 1);
      int i1 = down == 0 ? 0 : Math.ceilDiv(lastRow * down, rows - 1);
      int j0 = across == 0 ? 0 : left * across / (columns - 1);
      int j1 = across == 0 ? 0 : Math.ceilDiv(lastColumn * across, columns - 1);
      for (int i = i0; i <= i1; i++) {
        for (int j = j0; j <= j1; j++) {
          for (int axis = 0; axis < 2; axis++) {
            double p = knot(i, j, axis);
            if (!Double.isNaN(p)) {
              least[axis] = Math.min(least[axis], p);
              most[axis] = Math.max(most[axis], p);
            }
          }
        }
      }
      int first = interval(top, rows, down);
      int last = interval(lastRow, rows, down);
      for (int i = first; i <= last; i++) {
        for (int j = interval(left, columns, across);
            j <= interval(lastColumn, columns, across);
            j++) {
          extent[0] = Math.max(extent[0], extent(i, j, 0));
          extent[1] = Math.max(extent[1], extent(i, j, 1));
        }
      }
    }
  }
}
