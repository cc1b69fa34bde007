package org.tessera.coverage.crs;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Axis.IndexAxis;
import org.tessera.coverage.model.Axis.IrregularAxis;
import org.tessera.coverage.model.Axis.RegularAxis;
import org.tessera.coverage.model.Coordinates;

/**
 * Coordinates to grid indices along one axis, and back (features.md rows 1.4 to 1.7). All errors
 * are {@code InvalidSubsetting} with the axis as locator. Thread-safe.
 */
public final class GridMapping {
  /** Coordinates nearer than this part of a cell are on its border. */
  private static final BigDecimal SNAP = new BigDecimal("1e-7");

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private final CrsResolver crs;
  private final SubsettingRule rule;

  public GridMapping(CrsResolver crs, SubsettingRule rule) {
    this.crs = crs;
    this.rule = rule;
  }

  /** The setting in force. */
  public SubsettingRule rule() {
    return rule;
  }

  /**
   * What a trim leaves of an axis.
   *
   * @param low least grid index, inclusive, within the axis' bounds
   * @param high greatest grid index, inclusive
   * @param axis the axis with these bounds
   */
  public record Trimmed(long low, long high, Axis axis) {}

  /**
   * A coordinate as read from text.
   *
   * @param low the number on the axis; of a date the start of the day, month or year
   * @param high the same, but of a date the last millisecond
   */
  public record Coordinate(BigDecimal low, BigDecimal high) {
    public static Coordinate of(BigDecimal number) {
      return new Coordinate(number, number);
    }
  }

  /** The time scale of a time axis; empty for other axes. */
  public Optional<TimeScale> timeScale(Axis axis) {
    return isGrid(axis) ? Optional.empty() : crs.resolve(axis.crs()).time();
  }

  /**
   * Reads a coordinate: a number in the axis' unit, with or without quotes, or on a time axis an
   * ISO 8601 time of its calendar (see {@link TimeText}).
   */
  public Coordinate coordinate(Axis axis, String text) {
    String t = TimeText.unquote(text);
    BigDecimal number = number(t);
    if (number != null) {
      return Coordinate.of(number);
    }
    Optional<TimeScale> scale = timeScale(axis);
    if (scale.isPresent()) {
      TimeCalendar calendar = scale.get().calendar();
      Optional<TimeText> time = TimeText.parse(t, calendar);
      if (time.isPresent()) {
        return new Coordinate(
            scale.get().number(time.get().start()), scale.get().number(time.get().end()));
      }
      throw invalid(
          axis,
          "'"
              + shortened(text)
              + "' is neither an ISO 8601 time"
              + (calendar == TimeCalendar.PROLEPTIC_GREGORIAN
                  ? ""
                  : " of the calendar " + calendar.cfName())
              + " nor a number for axis '"
              + axis.label()
              + "'.");
    }
    throw invalid(
        axis, "'" + shortened(text) + "' is not a number for axis '" + axis.label() + "'.");
  }

  /**
   * A coordinate as text: times of time axes in ISO 8601 in quotes ({@code
   * "2008-01-01T02:01:20.000Z"}), others as plain numbers.
   */
  public String text(Axis axis, BigDecimal coordinate) {
    Optional<TimeScale> scale = timeScale(axis);
    if (scale.isPresent()) {
      try {
        return "\"" + scale.get().text(coordinate) + "\"";
      } catch (DateTimeException | ArithmeticException e) {
        // Beyond what a calendar can say: the number will have to do.
        return coordinate.toString();
      }
    }
    return TimeScale.plain(coordinate).toPlainString();
  }

  /**
   * A trim.
   *
   * @param lower coordinate as text; {@code *} for the axis' own bound
   * @param upper as {@code lower}; of a date its last millisecond counts
   */
  public Trimmed trim(Axis axis, String lower, String upper) {
    BigDecimal lo = open(lower) ? axis.lower() : coordinate(axis, lower).low();
    Coordinate to = open(upper) ? Coordinate.of(axis.upper()) : coordinate(axis, upper);
    // To the peer whose rule that is a date is its first instant also where a trim ends.
    BigDecimal hi = rule == SubsettingRule.GDAL ? to.low() : to.high();
    return trim(axis, lo, hi, shown(axis, lower, lo), shown(axis, upper, hi));
  }

  /** A trim between two numbers on the axis, both part of it. */
  public Trimmed trim(Axis axis, BigDecimal lower, BigDecimal upper) {
    return trim(axis, lower, upper, text(axis, lower), text(axis, upper));
  }

  /**
   * A trim that may reach beyond the axis, as extend and scale need it; irregular axes end where
   * they end. Cells are counted from the low end of the axis under both rules.
   */
  public Trimmed trimBeyond(Axis axis, BigDecimal lower, BigDecimal upper) {
    if (!(axis instanceof RegularAxis a) || lower.compareTo(upper) > 0) {
      return trim(axis, lower, upper);
    }
    boolean rising = a.resolution().signum() > 0;
    BigInteger first = floor(cellsFromLow(a, rising ? lower : upper));
    BigInteger last;
    if (gdal(a)) {
      BigDecimal length =
          snap(upper.subtract(lower).divide(a.resolution().abs(), MathContext.DECIMAL128));
      last = first.add(floor(snap(length.add(HALF))).max(BigInteger.ONE)).subtract(BigInteger.ONE);
    } else {
      last = floor(cellsFromLow(a, rising ? upper : lower)).max(first);
    }
    long low = first.longValueExact() + a.low();
    long high = last.longValueExact() + a.low();
    return new Trimmed(low, high, withBounds(a, low, high));
  }

  /**
   * The cells whose points lie in a period of time, whatever the rule: of periods that follow one
   * another each cell is in one.
   *
   * @param end not part of the period
   */
  public Trimmed within(Axis axis, Instant start, Instant end) {
    TimeScale scale =
        timeScale(axis)
            .orElseThrow(
                () ->
                    invalid(axis, "Axis '" + axis.label() + "' is no time axis, found a period."));
    BigDecimal tolerance = scale.tolerance();
    BigDecimal from = scale.number(start).subtract(tolerance);
    BigDecimal to = scale.number(end).subtract(tolerance);
    long low = axis.low();
    long high = axis.high();
    if (axis instanceof RegularAxis a) {
      BigDecimal x = from.subtract(a.origin()).divide(a.resolution(), MathContext.DECIMAL128);
      BigDecimal y = to.subtract(a.origin()).divide(a.resolution(), MathContext.DECIMAL128);
      boolean rising = a.resolution().signum() > 0;
      // Points from x to before y, or after y to x where times fall.
      BigInteger first =
          rising
              ? x.setScale(0, RoundingMode.CEILING).toBigInteger()
              : floor(y).add(BigInteger.ONE);
      BigInteger last =
          rising
              ? y.setScale(0, RoundingMode.CEILING).toBigInteger().subtract(BigInteger.ONE)
              : floor(x);
      BigInteger most = BigInteger.valueOf(axis.size());
      low = axis.low() + first.max(BigInteger.ZERO).min(most).longValueExact();
      high = axis.low() + last.max(BigInteger.valueOf(-1)).min(most).longValueExact();
      high = Math.min(high, axis.high());
    } else {
      if (axis instanceof IrregularAxis a) {
        Optional<Coordinates.Span> span = a.coordinates().within(from, to);
        low = span.map(x -> a.low() + x.first()).orElse(axis.high() + 1);
        high = span.map(x -> a.low() + x.last()).orElse(axis.high());
      }
      while (low <= high && !isWithin(coordinateOf(axis, low), from, to)) {
        low++;
      }
      while (high >= low && !isWithin(coordinateOf(axis, high), from, to)) {
        high--;
      }
    }
    if (low > high) {
      throw invalid(
          axis,
          "axis '"
              + axis.label()
              + "' has no point from "
              + text(axis, scale.number(start))
              + " to before "
              + text(axis, scale.number(end))
              + "; it reaches from "
              + text(axis, axis.lower())
              + " to "
              + text(axis, axis.upper())
              + ".");
    }
    return new Trimmed(low, high, withBounds(axis, low, high));
  }

  private static boolean isWithin(BigDecimal at, BigDecimal from, BigDecimal to) {
    return at.compareTo(from) >= 0 && at.compareTo(to) < 0;
  }

  /** The grid index of a slice; {@code *} is an error. */
  public long slice(Axis axis, String at) {
    if (open(at)) {
      throw invalid(axis, "Invalid slicing coordinate '*' for axis '" + axis.label() + "'.");
    }
    return slice(axis, coordinate(axis, at).low(), at.strip());
  }

  /** The grid index of a slice at a number on the axis. */
  public long slice(Axis axis, BigDecimal at) {
    return slice(axis, at, text(axis, at));
  }

  /**
   * A trim by grid index (CRS:1), both bounds inclusive.
   *
   * @param low null for the axis' own bound
   * @param high null for the axis' own bound
   */
  public Trimmed trimGrid(Axis axis, Long low, Long high) {
    long lo = low == null ? axis.low() : low;
    long hi = high == null ? axis.high() : high;
    if (lo > hi) {
      throw upsideDown(axis, Long.toString(lo), Long.toString(hi));
    }
    if (lo < axis.low() || hi > axis.high()) {
      throw invalid(
          axis,
          "trimming '"
              + lo
              + ":"
              + hi
              + "' is not within coverage's grid bounds '"
              + axis.low()
              + ":"
              + axis.high()
              + "' for axis '"
              + axis.label()
              + "'.");
    }
    Axis kept = withBounds(axis, lo, hi);
    boolean whole = low == null && high == null;
    return new Trimmed(lo, hi, whole ? kept : counted(kept));
  }

  /**
   * By the rule gdal an axis that was cut by grid index tells the border of the last cell as its
   * far bound, as if indices were points.
   */
  public Axis counted(Axis axis) {
    if (rule != SubsettingRule.GDAL || !(axis instanceof RegularAxis a)) {
      return axis;
    }
    BigDecimal half = a.resolution().multiply(HALF);
    BigDecimal first = a.origin().subtract(half);
    BigDecimal last = a.point(a.high()).subtract(half);
    return asked(a, first.min(last), first.max(last));
  }

  private static Axis asked(Axis axis, BigDecimal lower, BigDecimal upper) {
    if (lower.compareTo(axis.lower()) == 0 && upper.compareTo(axis.upper()) == 0) {
      return axis;
    }
    Optional<Axis.Asked> asked = Optional.of(new Axis.Asked(lower, upper));
    return switch (axis) {
      case IndexAxis a -> a;
      case RegularAxis a ->
          new RegularAxis(
              a.label(),
              a.uom(),
              a.crs(),
              a.low(),
              a.high(),
              a.gridRank(),
              a.origin(),
              a.resolution(),
              asked);
      case IrregularAxis a ->
          new IrregularAxis(
              a.label(), a.uom(), a.crs(), a.low(), a.gridRank(), a.coordinates(), asked);
    };
  }

  /** Checks a slice by grid index (CRS:1). */
  public long sliceGrid(Axis axis, long at) {
    if (at < axis.low() || at > axis.high()) {
      throw invalid(
          axis,
          "slicing '"
              + at
              + "' is not within coverage's grid bounds '"
              + axis.low()
              + ":"
              + axis.high()
              + "' for axis '"
              + axis.label()
              + "'.");
    }
    return at;
  }

  /** The axis cut down to indices {@code low} to {@code high}, which it has. */
  public static Axis withBounds(Axis axis, long low, long high) {
    return switch (axis) {
      case IndexAxis a -> new IndexAxis(a.label(), a.uom(), a.crs(), low, high, a.gridRank());
      case RegularAxis a ->
          new RegularAxis(
              a.label(), a.uom(), a.crs(), low, high, a.gridRank(), a.point(low), a.resolution());
      case IrregularAxis a ->
          new IrregularAxis(
              a.label(),
              a.uom(),
              a.crs(),
              low,
              a.gridRank(),
              a.coordinates()
                  .subList(Math.toIntExact(low - a.low()), Math.toIntExact(high - a.low() + 1)));
    };
  }

  /** The coordinate of a grid index: the point of the cell. */
  public static BigDecimal coordinateOf(Axis axis, long index) {
    return switch (axis) {
      case IndexAxis a -> BigDecimal.valueOf(index);
      case RegularAxis a -> a.point(index);
      case IrregularAxis a -> a.coordinates().get(Math.toIntExact(index - a.low()));
    };
  }

  private Trimmed trim(Axis axis, BigDecimal lo, BigDecimal hi, String loText, String hiText) {
    if (lo.compareTo(hi) > 0) {
      throw upsideDown(axis, loText, hiText);
    }
    if (hi.compareTo(axis.lower()) < 0 || lo.compareTo(axis.upper()) > 0) {
      BigDecimal tolerance = tolerance(axis);
      if (hi.compareTo(axis.lower().subtract(tolerance)) < 0
          || lo.compareTo(axis.upper().add(tolerance)) > 0) {
        throw outside(axis, "trimming '" + loText + ":" + hiText + "'");
      }
    }
    long[] range =
        switch (axis) {
          case IndexAxis a -> indexRange(a, lo, hi, loText, hiText);
          case RegularAxis a -> gdal(a) ? gdalRange(a, lo, hi) : footprintRange(a, lo, hi);
          case IrregularAxis a -> irregularRange(a, lo, hi, loText, hiText);
        };
    Axis kept = withBounds(axis, range[0], range[1]);
    if (rule == SubsettingRule.GDAL) {
      kept =
          axis instanceof RegularAxis a && gdal(a)
              ? gdalAsked(a, kept, lo, hi)
              : asked(kept, lo, hi);
    }
    return new Trimmed(range[0], range[1], kept);
  }

  private long slice(Axis axis, BigDecimal at, String text) {
    BigDecimal tolerance = tolerance(axis);
    if (at.compareTo(axis.lower().subtract(tolerance)) < 0
        || at.compareTo(axis.upper().add(tolerance)) > 0) {
      throw outside(axis, "slicing '" + text + "'");
    }
    switch (axis) {
      case IndexAxis a -> {
        return clamp(a, at.setScale(0, RoundingMode.FLOOR).toBigInteger());
      }
      case RegularAxis a -> {
        // On a border between two cells the one of the greater coordinate is taken; the rule gdal
        // counts from the end of the axis and takes the one of the lower index.
        BigDecimal cells = cellsFromLow(a, at);
        boolean rising = a.resolution().signum() > 0 && !gdal(a);
        return clamp(a, rising ? floor(cells) : ceilCells(cells));
      }
      case IrregularAxis a -> {
        int nearest = a.coordinates().nearest(at);
        if (a.coordinates().get(nearest).subtract(at).abs().compareTo(tolerance) <= 0) {
          return a.low() + nearest;
        }
        throw invalid(
            axis,
            "slicing coordinate '"
                + text
                + "' does not exist in the list of coefficients of irregular axis: "
                + axis.label()
                + ".");
      }
    }
  }

  private static boolean isGrid(Axis axis) {
    return axis.crs().isBlank() || axis.crs().equals("CRS:1");
  }

  /** Grid systems and horizontal systems have the rule of the setting; time and height have not. */
  private boolean gdal(Axis axis) {
    if (rule == SubsettingRule.FOOTPRINT) {
      return false;
    }
    if (isGrid(axis)) {
      return true;
    }
    Crs.Kind kind = crs.resolve(axis.crs()).kind();
    return kind != Crs.Kind.TIME && kind != Crs.Kind.VERTICAL;
  }

  private long[] indexRange(
      IndexAxis axis, BigDecimal lo, BigDecimal hi, String loText, String hiText) {
    BigInteger low = lo.setScale(0, RoundingMode.CEILING).toBigInteger();
    BigInteger high = floor(hi);
    if (low.compareTo(high) > 0) {
      throw invalid(
          axis,
          "trimming '"
              + loText
              + ":"
              + hiText
              + "' does not contain any grid point of axis '"
              + axis.label()
              + "'.");
    }
    return new long[] {clamp(axis, low), clamp(axis, high)};
  }

  /**
   * How many cells a coordinate lies from the border of the cell at {@code low}, in direction of
   * growing index; snapped to a whole number when it is one but for rounding.
   */
  private static BigDecimal cellsFromLow(RegularAxis axis, BigDecimal at) {
    BigDecimal half = axis.resolution().multiply(HALF);
    BigDecimal cells =
        at.subtract(axis.origin().subtract(half)).divide(axis.resolution(), MathContext.DECIMAL128);
    return snap(cells);
  }

  private static BigDecimal snap(BigDecimal cells) {
    BigDecimal whole = cells.setScale(0, RoundingMode.HALF_EVEN);
    return cells.subtract(whole).abs().compareTo(SNAP) < 0 ? whole : cells;
  }

  private static long[] footprintRange(RegularAxis axis, BigDecimal lo, BigDecimal hi) {
    // Footprints are right-open in the coordinate. Where coordinates fall with the index, a
    // footprint is open at the side of the lower index instead.
    long first;
    long last;
    if (axis.resolution().signum() > 0) {
      first = clamp(axis, floor(cellsFromLow(axis, lo)));
      last = clamp(axis, floor(cellsFromLow(axis, hi)));
    } else {
      first = clamp(axis, ceilCells(cellsFromLow(axis, hi)));
      last = clamp(axis, ceilCells(cellsFromLow(axis, lo)));
    }
    return new long[] {first, last};
  }

  /** The cell whose footprint, open at the low index, holds the place: 0.2 and 1 give cell 0. */
  private static BigInteger ceilCells(BigDecimal cells) {
    return cells.setScale(0, RoundingMode.CEILING).toBigInteger().subtract(BigInteger.ONE);
  }

  private static long[] gdalRange(RegularAxis axis, BigDecimal lo, BigDecimal hi) {
    BigInteger cells = gdalCells(axis, lo, hi);
    if (cells.signum() == 0) {
      // What is shorter than half a cell is in the cell that holds its lower bound.
      BigDecimal at = cellsFromLow(axis, lo);
      long cell = clamp(axis, axis.resolution().signum() > 0 ? floor(at) : ceilCells(at));
      return new long[] {cell, cell};
    }
    BigDecimal start = cellsFromLow(axis, axis.resolution().signum() > 0 ? lo : hi);
    BigDecimal end = cellsFromLow(axis, axis.resolution().signum() > 0 ? hi : lo);
    if (start.compareTo(end) < 0 && floor(start).equals(ceilCells(end))) {
      // What lies within a cell is that cell.
      long cell = clamp(axis, floor(start));
      return new long[] {cell, cell};
    }
    long low = clamp(axis, gdalFirst(axis, lo, hi));
    // A bound in the last cell leaves that cell.
    BigInteger cell = BigInteger.valueOf(low).subtract(BigInteger.valueOf(axis.low()));
    return new long[] {low, clamp(axis, cell.add(cells).subtract(BigInteger.ONE))};
  }

  /** How many cells an interval is long, rounded. */
  private static BigInteger gdalCells(RegularAxis axis, BigDecimal lo, BigDecimal hi) {
    BigDecimal length =
        snap(hi.subtract(lo).divide(axis.resolution().abs(), MathContext.DECIMAL128));
    return floor(snap(length.add(HALF)));
  }

  /** The first cell that begins within the interval, counted from the low end of the axis. */
  private static BigInteger gdalFirst(RegularAxis axis, BigDecimal lo, BigDecimal hi) {
    BigDecimal start = cellsFromLow(axis, axis.resolution().signum() > 0 ? lo : hi);
    return start.setScale(0, RoundingMode.CEILING).toBigInteger();
  }

  /** The cells of {@link #gdalRange} without regard to where the axis ends. */
  private static Axis gdalAsked(RegularAxis axis, Axis kept, BigDecimal lo, BigDecimal hi) {
    BigInteger cells = gdalCells(axis, lo, hi);
    if (cells.signum() == 0) {
      return kept;
    }
    BigDecimal first =
        axis.origin()
            .add(
                axis.resolution().multiply(new BigDecimal(gdalFirst(axis, lo, hi)).subtract(HALF)));
    BigDecimal last = first.add(axis.resolution().multiply(new BigDecimal(cells)));
    return asked(kept, first.min(last), first.max(last));
  }

  private long[] irregularRange(
      IrregularAxis axis, BigDecimal lo, BigDecimal hi, String loText, String hiText) {
    BigDecimal tolerance = tolerance(axis);
    Optional<Coordinates.Span> found =
        axis.coordinates().within(lo.subtract(tolerance), hi.add(tolerance));
    if (found.isEmpty()) {
      throw invalid(
          axis,
          "trimming '"
              + loText
              + ":"
              + hiText
              + "' does not contain any coefficients of irregular axis: "
              + axis.label()
              + ".");
    }
    return new long[] {axis.low() + found.get().first(), axis.low() + found.get().last()};
  }

  private BigDecimal tolerance(Axis axis) {
    return timeScale(axis)
        .map(TimeScale::tolerance)
        .orElseGet(
            () ->
                switch (axis) {
                  case IndexAxis a -> BigDecimal.ZERO;
                  case RegularAxis a -> a.resolution().abs().multiply(SNAP);
                  case IrregularAxis a ->
                      a.lower().abs().max(a.upper().abs()).multiply(new BigDecimal("1e-10"));
                });
  }

  private static BigInteger floor(BigDecimal value) {
    return value.setScale(0, RoundingMode.FLOOR).toBigInteger();
  }

  /** Cell number (from 0 at the low end; of an index axis the index) to an index of the axis. */
  private static long clamp(Axis axis, BigInteger cell) {
    BigInteger index = axis instanceof IndexAxis ? cell : cell.add(BigInteger.valueOf(axis.low()));
    return index
        .max(BigInteger.valueOf(axis.low()))
        .min(BigInteger.valueOf(axis.high()))
        .longValueExact();
  }

  private static boolean open(String text) {
    return TimeText.unquote(text).equals("*");
  }

  private String shown(Axis axis, String text, BigDecimal value) {
    return open(text) ? text(axis, value) : shortened(text.strip());
  }

  private static String shortened(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "..." : text;
  }

  /** The number, or null if it is none; numbers beyond the range of a double are none. */
  private static BigDecimal number(String text) {
    if (text.isEmpty() || text.length() > 400) {
      return null;
    }
    char first = text.charAt(0);
    if (first != '-' && first != '+' && first != '.' && (first < '0' || first > '9')) {
      return null;
    }
    try {
      BigDecimal value = new BigDecimal(text);
      long magnitude = (long) value.precision() - value.scale();
      return Math.abs(magnitude) > 400 && value.signum() != 0 ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private OwsException outside(Axis axis, String what) {
    return invalid(
        axis,
        what
            + " is not within coverage's geo bounds '"
            + text(axis, axis.lower())
            + ":"
            + text(axis, axis.upper())
            + "' for axis '"
            + axis.label()
            + "'.");
  }

  private static OwsException upsideDown(Axis axis, String lower, String upper) {
    return invalid(
        axis,
        "lower bound '"
            + lower
            + "' must be less than or equal to upper bound '"
            + upper
            + "' for axis '"
            + axis.label()
            + "'.");
  }

  private static OwsException invalid(Axis axis, String message) {
    return new OwsException(OwsErrorCode.INVALID_SUBSETTING, axis.label(), message);
  }
}
