package org.tessera.engine.array;

import java.util.List;

/**
 * The cell values of a band that mean "no data": closed intervals, in the order given. An interval
 * may be a single value, open to one side by an infinite bound, or (NaN, NaN), which matches NaN.
 * For complex cells the real part is looked at.
 *
 * @param gaps whether cells may be null without having a null value: those that were never stored
 */
public record NullSet(List<Interval> intervals, boolean gaps) {
  /** No cell is null. */
  public static final NullSet NONE = new NullSet(List.of());

  /** No value is null, but cells that were never stored are. */
  public static final NullSet GAPS = new NullSet(List.of(), true);

  /** These values are null, and no other cell. */
  public NullSet(List<Interval> intervals) {
    this(intervals, false);
  }

  /** A closed interval of values; both NaN for the value NaN. */
  public record Interval(double low, double high) {
    public Interval {
      if (Double.isNaN(low) != Double.isNaN(high) || low > high) {
        throw new IllegalArgumentException("null interval with low " + low + " above high " + high);
      }
    }

    boolean contains(double value) {
      return (value >= low && value <= high) || (Double.isNaN(low) && Double.isNaN(value));
    }
  }

  public NullSet {
    intervals = List.copyOf(intervals);
  }

  /** The set of the given single values. */
  public static NullSet of(double... values) {
    List<Interval> list = new java.util.ArrayList<>();
    for (double v : values) {
      list.add(new Interval(v, v));
    }
    return new NullSet(list);
  }

  /** True if no cell can be null. */
  public boolean isEmpty() {
    return intervals.isEmpty() && !gaps;
  }

  /**
   * True if a value is in the set. Cells of 32-bit floats are rounded, so ask {@link NullMask} of
   * cells: the float next to -9999.9 is not -9999.9 but means it.
   */
  public boolean contains(double value) {
    for (Interval i : intervals) {
      if (i.contains(value)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The value to write where there is no data: the first finite bound (or NaN) of the first
   * interval; 0 when the set is empty.
   */
  public double fill() {
    if (intervals.isEmpty()) {
      return 0;
    }
    Interval first = intervals.getFirst();
    return Double.isInfinite(first.low()) ? first.high() : first.low();
  }

  /** What is null in either set, this one's values first. */
  public NullSet union(NullSet other) {
    if (other.isEmpty() || equals(other)) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    List<Interval> all = new java.util.ArrayList<>(intervals);
    for (Interval i : other.intervals) {
      if (!all.contains(i)) {
        all.add(i);
      }
    }
    return new NullSet(all, gaps || other.gaps);
  }
}
