package org.tessera.coverage.virtual;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.Reprojection;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.HorizontalAxes;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.AxisScale;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.update.DomainMerge;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.GridEnvelope;

/**
 * A source in the grid of a virtual coverage: which of its cells each of the virtual one's is, the
 * nearest one. Where both have the same CRS, each axis is looked up by itself; else both horizontal
 * axes together.
 */
final class Member {
  static final int NONE = -1;

  private final Coverage coverage;
  private final ArraySource cells;
  private final List<AxisScale> scales;
  private final DomainSet grid;

  /** Per axis of the virtual coverage the axis of the source. */
  private final int[] axis;

  /** Per axis of the virtual coverage where the source's cells are; null for horizontal axes. */
  private final List<List<DomainMerge.Run>> runs;

  private final Optional<int[]> horizontal;
  private final Optional<int[]> sourceHorizontal;
  private final Reprojection back;
  private final int toX;
  private final int fromX;
  private final GridEnvelope footprint;

  private Member(
      CrsResolver resolver,
      DomainSet grid,
      Coverage coverage,
      ArraySource cells,
      List<AxisScale> scales) {
    this.coverage = coverage;
    this.cells = cells;
    this.scales = scales;
    this.grid = grid;
    this.horizontal = VirtualCoverage.horizontal(resolver, grid);
    this.sourceHorizontal = VirtualCoverage.horizontal(resolver, coverage.domain());
    DomainMerge merge = VirtualCoverage.merged(resolver, grid, coverage.domain());
    this.axis = new int[grid.dimension()];
    this.runs = new ArrayList<>();
    for (int i = 0; i < axis.length; i++) {
      boolean onGround =
          horizontal.isPresent() && (horizontal.get()[0] == i || horizontal.get()[1] == i);
      int which = onGround && horizontal.get()[0] == i ? 0 : 1;
      axis[i] =
          onGround
              ? sourceHorizontal.orElseThrow()[which]
              : coverage.domain().indexOf(grid.axes().get(i).label());
      runs.add(onGround ? null : merge.placements().get(i).indices());
    }
    Crs to = horizontal.map(h -> resolver.resolve(grid.axes().get(h[0]).crs())).orElse(null);
    Crs from =
        sourceHorizontal
            .map(h -> resolver.resolve(coverage.domain().axes().get(h[0]).crs()))
            .orElse(null);
    boolean reprojected = to != null && !to.path().equals(from.path());
    this.back = reprojected ? resolver.reprojection(to, from) : null;
    this.toX = reprojected ? HorizontalAxes.placeOfX(to) : 0;
    this.fromX = reprojected ? HorizontalAxes.placeOfX(from) : 0;
    this.footprint = footprint(reprojected ? resolver.reprojection(from, to) : null);
  }

  /** A source at its full resolution. */
  static Member of(CrsResolver resolver, DomainSet grid, CoverageSource.Stored source) {
    List<AxisScale> same =
        source.coverage().domain().axes().stream().map(a -> new AxisScale(1, 0, 1)).toList();
    return new Member(resolver, grid, source.coverage(), source.cells(), same);
  }

  /**
   * A source at the coarsest resolution of its pyramid that is not coarser than the grid; empty if
   * there is none.
   */
  static Optional<Member> reduced(
      CrsResolver resolver, DomainSet grid, CoverageSource.Stored source, Member full) {
    CoverageSource.Level best = null;
    double gain = 1;
    for (CoverageSource.Level level : source.levels().get()) {
      double product = 1;
      boolean fits = true;
      for (int i = 0; i < full.axis.length && fits; i++) {
        AxisScale s = level.scales().get(full.axis[i]);
        fits = full.runs.get(i) == null ? s.factor() <= full.ratio(grid, i) : s.isShift();
        product *= s.factor();
      }
      if (fits && product > gain) {
        best = level;
        gain = product;
      }
    }
    return best == null
        ? Optional.empty()
        : Optional.of(new Member(resolver, grid, source.coverage(), best.cells(), best.scales()));
  }

  /** Cells of the source that one of a coarser grid covers along an axis, with some slack. */
  private double ratio(DomainSet coarser, int i) {
    double cellsOfCoarser =
        (double) footprint.size(i) * coarser.axes().get(i).size() / grid.axes().get(i).size();
    return coverage.domain().axes().get(axis[i]).size() / cellsOfCoarser * 1.1;
  }

  /** Along an axis, how many cells of the source at full resolution one of its grid's is. */
  double ratio(int i) {
    return (double) coverage.domain().axes().get(axis[i]).size() / footprint.size(i);
  }

  ArraySource cells() {
    return cells;
  }

  /** The least box of the grid that holds all of the source. */
  GridEnvelope footprint() {
    return footprint;
  }

  private GridEnvelope footprint(Reprojection forth) {
    long[] low = new long[axis.length];
    long[] high = new long[axis.length];
    for (int i = 0; i < axis.length; i++) {
      if (runs.get(i) != null) {
        List<DomainMerge.Run> r = runs.get(i);
        low[i] = r.getFirst().target();
        high[i] = r.getLast().target() + r.getLast().size() - 1;
      }
    }
    if (horizontal.isPresent()) {
      Axis x = coverage.domain().axes().get(sourceHorizontal.orElseThrow()[0]);
      Axis y = coverage.domain().axes().get(sourceHorizontal.get()[1]);
      double[] box = {
        x.lower().doubleValue(),
        y.lower().doubleValue(),
        x.upper().doubleValue(),
        y.upper().doubleValue()
      };
      if (forth != null) {
        double[] lower = new double[2];
        double[] upper = new double[2];
        lower[fromX] = box[0];
        lower[1 - fromX] = box[1];
        upper[fromX] = box[2];
        upper[1 - fromX] = box[3];
        double[] to = forth.transformBox(lower, upper);
        box = new double[] {to[toX], to[1 - toX], to[toX + 2], to[3 - toX]};
      }
      for (int which = 0; which < 2; which++) {
        int i = horizontal.get()[which];
        Axis.RegularAxis a = (Axis.RegularAxis) grid.axes().get(i);
        double p = place(a, box[which]);
        double q = place(a, box[which + 2]);
        low[i] = clamp((long) Math.floor(Math.min(p, q)), a);
        high[i] = Math.max(low[i], clamp((long) Math.ceil(Math.max(p, q)) - 1, a));
      }
    }
    return GridEnvelope.of(low, high);
  }

  private static long clamp(long index, Axis axis) {
    return Math.max(axis.low(), Math.min(axis.high(), index));
  }

  /** The place of a coordinate, where cell i reaches from i to i + 1. */
  private static double place(Axis.RegularAxis axis, double coordinate) {
    double r = axis.resolution().doubleValue();
    double place = axis.low() + (coordinate - axis.origin().doubleValue()) / r + 0.5;
    double snapped = Math.rint(place * 1e6) / 1e6;
    return Math.abs(place - snapped) < 1e-9 ? snapped : place;
  }

  /**
   * Which cells of the source make a box of the grid.
   *
   * @param box cells of the source that are needed; null if there are none
   * @param from for each cell of the box, row-major, its place in the source's box, or {@link
   *     #NONE}
   */
  @SuppressWarnings("ArrayRecordComponent") // made and read here only, never compared
  record Selection(GridEnvelope box, int[] from) {
    static final Selection EMPTY = new Selection(null, new int[0]);
  }

  /** The cells of the source that make a box; its part of the source must fit into memory. */
  Selection select(GridEnvelope box) {
    Indices at = indices(box);
    return at == null ? Selection.EMPTY : new Selection(at.bounds, at.places(box));
  }

  /** The cells of the source that a box needs; empty if none. */
  Optional<GridEnvelope> bounds(GridEnvelope box) {
    if (!footprint.intersects(box)) {
      return Optional.empty();
    }
    Indices at = indices(box);
    return at == null ? Optional.empty() : Optional.of(at.bounds);
  }

  /** Indices of the source for each index of a box, {@link Long#MIN_VALUE} where there is none. */
  private final class Indices {
    /** Per axis of the grid; for reprojected axes of both together, rows of Y. */
    private final long[][] of = new long[axis.length][];

    private final GridEnvelope bounds;

    Indices(GridEnvelope box) {
      GridEnvelope all = cells.type().domain();
      GridEnvelope found = all;
      if (back != null) {
        reproject(box);
      }
      for (int i = 0; i < axis.length; i++) {
        if (of[i] == null) {
          of[i] = runs.get(i) == null ? along(i, box) : listed(i, box);
        }
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (long index : of[i]) {
          if (index != Long.MIN_VALUE) {
            least = Math.min(least, index);
            greatest = Math.max(greatest, index);
          }
        }
        if (least > greatest) {
          found = null;
          break;
        }
        found = found.with(axis[i], least, greatest);
      }
      bounds = found;
    }

    /** Indices on an axis that lies on one of the source. */
    private long[] along(int i, GridEnvelope box) {
      Axis.RegularAxis to = (Axis.RegularAxis) grid.axes().get(i);
      Axis.RegularAxis from = (Axis.RegularAxis) coverage.domain().axes().get(axis[i]);
      long[] indices = new long[(int) box.size(i)];
      for (int k = 0; k < indices.length; k++) {
        BigDecimal point = to.point(box.low(i) + k);
        indices[k] = index(i, place(from, point.doubleValue()));
      }
      return indices;
    }

    private long[] listed(int i, GridEnvelope box) {
      long[] indices = new long[(int) box.size(i)];
      Arrays.fill(indices, Long.MIN_VALUE);
      long low = coverage.domain().axes().get(axis[i]).low();
      for (DomainMerge.Run run : runs.get(i)) {
        long from = Math.max(run.target(), box.low(i));
        long to = Math.min(run.target() + run.size() - 1, box.high(i));
        for (long target = from; target <= to; target++) {
          long base = low + run.offset() + target - run.target();
          indices[(int) (target - box.low(i))] = index(i, (double) base);
        }
      }
      return indices;
    }

    /** The index in the cells at hand of a place of the source at full resolution. */
    private long index(int i, double place) {
      Axis base = coverage.domain().axes().get(axis[i]);
      if (!(place >= base.low() && place < base.high() + 1)) {
        return Long.MIN_VALUE;
      }
      AxisScale s = scales.get(axis[i]);
      long index = (long) Math.floor((s.numerator() * place + s.offset()) / s.denominator());
      GridEnvelope all = cells.type().domain();
      return index < all.low(axis[i]) || index > all.high(axis[i]) ? Long.MIN_VALUE : index;
    }

    private void reproject(GridEnvelope box) {
      int x = horizontal.orElseThrow()[0];
      int y = horizontal.get()[1];
      Axis.RegularAxis ax = (Axis.RegularAxis) grid.axes().get(x);
      Axis.RegularAxis ay = (Axis.RegularAxis) grid.axes().get(y);
      Axis.RegularAxis sx = (Axis.RegularAxis) coverage.domain().axes().get(axis[x]);
      Axis.RegularAxis sy = (Axis.RegularAxis) coverage.domain().axes().get(axis[y]);
      int nx = (int) box.size(x);
      int ny = (int) box.size(y);
      of[x] = new long[nx * ny];
      of[y] = new long[nx * ny];
      double[] row = new double[2 * nx];
      for (int j = 0; j < ny; j++) {
        double cy = ay.point(box.low(y) + j).doubleValue();
        for (int k = 0; k < nx; k++) {
          row[2 * k + toX] =
              ax.origin().doubleValue()
                  + (box.low(x) + k - ax.low()) * ax.resolution().doubleValue();
          row[2 * k + 1 - toX] = cy;
        }
        back.transform(row);
        for (int k = 0; k < nx; k++) {
          long ix = index(x, place(sx, row[2 * k + fromX]));
          long iy = index(y, place(sy, row[2 * k + 1 - fromX]));
          boolean none = ix == Long.MIN_VALUE || iy == Long.MIN_VALUE;
          of[x][j * nx + k] = none ? Long.MIN_VALUE : ix;
          of[y][j * nx + k] = none ? Long.MIN_VALUE : iy;
        }
      }
    }

    /** For each cell of the box its place in the bounds. */
    int[] places(GridEnvelope box) {
      long[] stride = new long[axis.length];
      long step = 1;
      for (int i = axis.length - 1; i >= 0; i--) {
        stride[i] = step;
        step *= bounds.size(i);
      }
      int[] places = new int[box.cellsAsInt()];
      int[] at = new int[axis.length];
      int x = back == null ? -1 : horizontal.orElseThrow()[0];
      int y = back == null ? -1 : horizontal.orElseThrow()[1];
      for (int cell = 0; cell < places.length; cell++) {
        long place = 0;
        for (int i = 0; i < axis.length; i++) {
          int k = i == x || i == y ? at[y] * (int) box.size(x) + at[x] : at[i];
          long index = of[i][k];
          if (index == Long.MIN_VALUE) {
            place = NONE;
            break;
          }
          place += (index - bounds.low(axis[i])) * stride[axis[i]];
        }
        places[cell] = (int) place;
        for (int i = axis.length - 1; i >= 0 && ++at[i] == box.size(i); i--) {
          at[i] = 0;
        }
      }
      return places;
    }
  }

  private Indices indices(GridEnvelope box) {
    Indices at = new Indices(box);
    return at.bounds == null ? null : at;
  }
}
