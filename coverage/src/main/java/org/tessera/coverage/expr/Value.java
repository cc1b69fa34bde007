package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.model.Axis;

/** What an expression means while it is compiled. */
sealed interface Value {
  /**
   * A coverage or a single value.
   *
   * @param number the exact value, if it is a real number known already
   */
  record Cells(CompiledCoverage coverage, Optional<BigDecimal> number) implements Value {
    Cells(CompiledCoverage coverage) {
      this(coverage, Optional.empty());
    }
  }

  /**
   * Text.
   *
   * @param time whether it is a time, which is written in quotes
   */
  record Text(String text, boolean time) implements Value {
    Text(String text) {
      this(text, false);
    }
  }

  /** The extent of one axis; {@code grid} if in grid indices. */
  record Interval(Axis axis, BigDecimal lower, BigDecimal upper, boolean grid) implements Value {}

  /**
   * What a variable that runs over the calendar stands for: the times from {@code start} to before
   * {@code end}, as the calendar counts them.
   */
  record Period(Instant start, Instant end, TimeCalendar calendar) implements Value {
    /** The start as text. */
    String from() {
      return text(start);
    }

    /** The last millisecond as text. */
    String to() {
      return text(end.minusMillis(1));
    }

    private String text(Instant instant) {
      return calendar == TimeCalendar.PROLEPTIC_GREGORIAN
          ? instant.toString()
          : TimeScale.text(instant, calendar);
    }
  }

  /** The extent of a coverage, in grid order or (geo) in CRS order. */
  record Extent(List<Interval> intervals, boolean grid) implements Value {}

  /** Value of a let: subsets to be used later. */
  record Subsets(List<DimensionSubset> subsets) implements Value {}

  /** Value of a let: a shape to be used later. */
  record Geometry(Shape shape) implements Value {}
}
