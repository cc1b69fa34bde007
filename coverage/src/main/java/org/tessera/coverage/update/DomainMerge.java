package org.tessera.coverage.update;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coordinates;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.array.GridEnvelope;

/**
 * Where the cells of a part go in a coverage.
 *
 * @param domain the coverage's domain set afterwards: it may have grown in any direction
 * @param shifts moves of present cells that make room for new coefficients, to be done in this
 *     order before anything is written
 * @param placements per axis of the coverage, in array order
 */
public record DomainMerge(DomainSet domain, List<Shift> shifts, List<Placement> placements) {
  /**
   * Coordinates of irregular axes that differ by at most this part of them are the same. Of days
   * since 1600 this is less than half a millisecond until the year 4700.
   */
  private static final BigDecimal SAME = new BigDecimal("5e-15");

  /** Regular grids may be off by this part of a cell: files write their origin with few digits. */
  private static final BigDecimal MISALIGNED = new BigDecimal("0.01");

  /** Resolutions may differ by this part. */
  private static final BigDecimal RESOLUTION = new BigDecimal("1e-4");

  /** All cells from index {@code from} on along an axis move up by {@code by}. */
  public record Shift(int axis, long from, long by) {}

  /**
   * How the part's cells along one axis lie in the coverage.
   *
   * @param label of the axis
   * @param indices the coverage's grid index of each of the part's cells, rising; one entry if the
   *     part lacks the axis
   */
  public record Placement(String label, List<Run> indices) {
    public Placement {
      indices = List.copyOf(indices);
    }
  }

  /**
   * {@code size} cells from the part's {@code offset} (from 0) on go to {@code target} and
   * following indices.
   */
  public record Run(long offset, long target, long size) {}

  public DomainMerge {
    shifts = List.copyOf(shifts);
    placements = List.copyOf(placements);
  }

  /** What an axis that the part does not have is cut at, by the request. */
  @FunctionalInterface
  public interface SlicePoint {
    /** The coordinate on the axis; empty if the request does not say. */
    Optional<BigDecimal> of(Axis axis);
  }

  /** A part of a coverage that is being made: it goes just where it is. */
  public static DomainMerge initial(DomainSet domain) {
    return new DomainMerge(
        domain,
        List.of(),
        domain.axes().stream()
            .map(a -> new Placement(a.label(), List.of(new Run(0, a.low(), a.size()))))
            .toList());
  }

  /**
   * Merges a part into a coverage's domain.
   *
   * @param part domain of the part; its axes are a subset of the target's, by label
   * @throws OwsException {@code InconsistentChange} if the part's grid does not fit, naming axis
   *     and numbers
   */
  public static DomainMerge of(DomainSet target, DomainSet part, SlicePoint slices) {
    for (Axis a : part.axes()) {
      if (target.axis(a.label()).isEmpty()) {
        throw inconsistent(
            a.label(),
            "the coverage has no axis '" + a.label() + "', its axes are " + target.crsOrder());
      }
    }
    List<Axis> axes = new ArrayList<>();
    List<Shift> shifts = new ArrayList<>();
    List<Placement> placements = new ArrayList<>();
    for (int i = 0; i < target.dimension(); i++) {
      Axis axis = target.axes().get(i);
      Optional<Axis> added = part.axis(axis.label());
      switch (axis) {
        case Axis.IndexAxis index -> axes.add(mergeIndex(index, added, slices, placements));
        case Axis.RegularAxis regular -> axes.add(mergeRegular(regular, added, slices, placements));
        case Axis.IrregularAxis irregular ->
            axes.add(mergeIrregular(i, irregular, added, slices, placements, shifts));
      }
    }
    return new DomainMerge(
        new DomainSet(target.crs(), axes, target.crsOrder()), shifts, placements);
  }

  /**
   * The same for a part that holds only its first cells along some axes; its others stay as they
   * are, or null where they are new.
   *
   * @param counts number of cells by axis label; an axis that is not named has all
   */
  public DomainMerge limitedTo(Map<String, Long> counts) {
    List<Placement> limited = new ArrayList<>();
    for (Placement p : placements) {
      long left = counts.getOrDefault(p.label(), Long.MAX_VALUE);
      List<Run> runs = new ArrayList<>();
      for (Run run : p.indices()) {
        if (left > 0) {
          runs.add(new Run(run.offset(), run.target(), Math.min(left, run.size())));
          left -= run.size();
        }
      }
      limited.add(new Placement(p.label(), runs));
    }
    return new DomainMerge(domain, shifts, limited);
  }

  /**
   * The target boxes (in array order) that the part's cells go to, each with the offset of its
   * first cell in the part.
   */
  public List<Box> boxes() {
    List<Box> boxes = new ArrayList<>();
    boxes(0, new ArrayList<>(), boxes);
    return boxes;
  }

  private void boxes(int axis, List<Run> chosen, List<Box> boxes) {
    if (axis == placements.size()) {
      int n = chosen.size();
      long[] low = new long[n];
      long[] high = new long[n];
      long[] offset = new long[n];
      for (int i = 0; i < n; i++) {
        low[i] = chosen.get(i).target();
        high[i] = low[i] + chosen.get(i).size() - 1;
        offset[i] = chosen.get(i).offset();
      }
      boxes.add(new Box(GridEnvelope.of(low, high), offset));
      return;
    }
    for (Run run : placements.get(axis).indices()) {
      chosen.add(run);
      boxes(axis + 1, chosen, boxes);
      chosen.removeLast();
    }
  }

  /** A box of the coverage's grid and the offset per axis of its low corner in the part. */
  @SuppressWarnings("ArrayRecordComponent") // made and read here only, never compared
  public record Box(GridEnvelope target, long[] offset) {}

  private static Axis mergeIndex(
      Axis.IndexAxis axis, Optional<Axis> added, SlicePoint slices, List<Placement> placements) {
    long low;
    long high;
    if (added.isPresent()) {
      low = added.get().low();
      high = added.get().high();
    } else {
      low = slicePoint(axis, slices).setScale(0, RoundingMode.FLOOR).longValueExact();
      high = low;
    }
    placements.add(new Placement(axis.label(), List.of(new Run(0, low, high - low + 1))));
    return new Axis.IndexAxis(
        axis.label(),
        axis.uom(),
        axis.crs(),
        Math.min(low, axis.low()),
        Math.max(high, axis.high()),
        axis.gridRank());
  }

  private static Axis mergeRegular(
      Axis.RegularAxis axis, Optional<Axis> added, SlicePoint slices, List<Placement> placements) {
    BigDecimal origin;
    long size;
    if (added.isPresent()) {
      if (added.get() instanceof Axis.RegularAxis r) {
        checkResolution(axis, r);
        origin = r.origin();
      } else if (added.get() instanceof Axis.IrregularAxis r && r.size() == 1) {
        origin = r.coordinates().getFirst();
      } else if (added.get() instanceof Axis.IndexAxis r
          && axis.resolution().compareTo(BigDecimal.ONE) == 0) {
        origin = BigDecimal.valueOf(r.low());
      } else {
        throw inconsistent(
            axis.label(), "the coverage's axis is regular, that of the new part is not");
      }
      size = added.get().size();
    } else {
      origin = slicePoint(axis, slices);
      size = 1;
    }
    BigDecimal steps =
        origin.subtract(axis.origin()).divide(axis.resolution(), MathContext.DECIMAL64);
    BigDecimal whole = steps.setScale(0, RoundingMode.HALF_EVEN);
    if (added.isPresent() && steps.subtract(whole).abs().compareTo(MISALIGNED) > 0) {
      throw inconsistent(
          axis.label(),
          "the grids are not aligned: the new part begins at "
              + origin.toPlainString()
              + ", which is "
              + steps.round(new MathContext(8)).toPlainString()
              + " cells from the coverage's origin "
              + axis.origin().toPlainString());
    }
    long low = Math.addExact(axis.low(), whole.longValueExact());
    placements.add(new Placement(axis.label(), List.of(new Run(0, low, size))));
    long newLow = Math.min(low, axis.low());
    return new Axis.RegularAxis(
        axis.label(),
        axis.uom(),
        axis.crs(),
        newLow,
        Math.max(low + size - 1, axis.high()),
        axis.gridRank(),
        axis.point(newLow),
        axis.resolution());
  }

  private static void checkResolution(Axis.RegularAxis axis, Axis.RegularAxis added) {
    BigDecimal off = added.resolution().subtract(axis.resolution()).abs();
    if (added.size() > 1 && off.compareTo(axis.resolution().abs().multiply(RESOLUTION)) > 0) {
      throw inconsistent(
          axis.label(),
          "the coverage's resolution is "
              + axis.resolution().toPlainString()
              + ", that of the new part is "
              + added.resolution().toPlainString());
    }
  }

  private static Axis mergeIrregular(
      int number,
      Axis.IrregularAxis axis,
      Optional<Axis> added,
      SlicePoint slices,
      List<Placement> placements,
      List<Shift> shifts) {
    Coordinates old = axis.coordinates();
    List<BigDecimal> fresh =
        added.map(DomainMerge::points).orElseGet(() -> List.of(slicePoint(axis, slices)));
    boolean falling = old.size() > 1 ? old.getFirst().compareTo(old.getLast()) > 0 : falling(fresh);
    if (fresh.size() > 1 && falling(fresh) != falling) {
      throw inconsistent(
          axis.label(), "coordinates of the new part run against those of the coverage");
    }
    List<Integer> before = new ArrayList<>();
    List<BigDecimal> points = new ArrayList<>();
    List<Integer> places = new ArrayList<>(fresh.size());
    long first = 0;
    long inserted = 0;
    int o = 0;
    List<Shift> moves = new ArrayList<>();
    for (BigDecimal point : fresh) {
      o = firstNotBefore(old, o, point, falling);
      places.add(o + points.size());
      if (o < old.size() && order(old.get(o), point, falling) == 0) {
        o++;
      } else {
        before.add(o);
        points.add(point);
        if (o == 0) {
          first++;
        } else if (o < old.size()) {
          if (!moves.isEmpty() && moves.getLast().from() == axis.low() + o) {
            Shift last = moves.removeLast();
            moves.add(new Shift(number, last.from(), last.by() + 1));
          } else {
            moves.add(new Shift(number, axis.low() + o, 1));
          }
          inserted++;
        }
      }
    }
    if (inserted > 0) {
      // The last one first, so that the indices of the others hold still.
      shifts.addAll(moves.reversed());
    }
    long newLow = axis.low() - first;
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      long target = newLow + places.get(i);
      if (!runs.isEmpty() && runs.getLast().target() + runs.getLast().size() == target) {
        Run last = runs.removeLast();
        runs.add(new Run(last.offset(), last.target(), last.size() + 1));
      } else {
        runs.add(new Run(i, target, 1));
      }
    }
    placements.add(new Placement(axis.label(), runs));
    return new Axis.IrregularAxis(
        axis.label(), axis.uom(), axis.crs(), newLow, axis.gridRank(), old.with(before, points));
  }

  /**
   * The first place from {@code from} on whose coordinate does not come before the point: steps
   * that double, then halves, since parts mostly come in the order of the axis.
   */
  private static int firstNotBefore(Coordinates old, int from, BigDecimal point, boolean falling) {
    int n = old.size();
    if (from >= n || order(old.get(n - 1), point, falling) < 0) {
      return n;
    }
    int low = from;
    int high = from;
    for (int step = 1; high < n - 1 && order(old.get(high), point, falling) < 0; step *= 2) {
      low = high + 1;
      high = Math.min(n - 1, high + step);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (order(old.get(middle), point, falling) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static boolean falling(List<BigDecimal> points) {
    return points.size() > 1 && points.getFirst().compareTo(points.getLast()) > 0;
  }

  private static List<BigDecimal> points(Axis axis) {
    return switch (axis) {
      case Axis.IrregularAxis a -> a.coordinates();
      case Axis.RegularAxis a ->
          java.util.stream.LongStream.rangeClosed(a.low(), a.high()).mapToObj(a::point).toList();
      case Axis.IndexAxis a ->
          java.util.stream.LongStream.rangeClosed(a.low(), a.high())
              .mapToObj(BigDecimal::valueOf)
              .toList();
    };
  }

  private static int order(BigDecimal a, BigDecimal b, boolean falling) {
    BigDecimal difference = a.subtract(b);
    if (difference.abs().compareTo(a.abs().max(b.abs()).multiply(SAME)) <= 0) {
      return 0;
    }
    return falling ? -difference.signum() : difference.signum();
  }

  private static BigDecimal slicePoint(Axis axis, SlicePoint slices) {
    return slices
        .of(axis)
        .orElseThrow(
            () ->
                inconsistent(
                    axis.label(),
                    "the new part has no such axis, and the request does not say by subset where on it to put it"));
  }

  private static OwsException inconsistent(String axis, String message) {
    return new OwsException(
        OwsErrorCode.INCONSISTENT_CHANGE, axis, "Axis '" + axis + "': " + message + ".");
  }
}
