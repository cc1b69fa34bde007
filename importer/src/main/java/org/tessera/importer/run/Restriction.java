package org.tessera.importer.run;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeText;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.ImportPlan;
import org.tessera.importer.plan.Slice;
import org.tessera.importer.problem.ImportException;

/** {@code config.slice_restriction}: slices that do not lie in a box are left out. */
final class Restriction {
  private static final String KEY = "'config.slice_restriction'";

  private Restriction() {}

  /**
   * A plan of those slices that lie wholly in the box.
   *
   * @param intervals one for each axis in the order of the CRS; none for all of it
   * @throws ImportException if their number is not that of the axes, or a bound is neither number
   *     nor time as its axis has them
   */
  static ImportPlan within(List<Ingredients.Interval> intervals, ImportPlan plan) {
    if (intervals.isEmpty() || plan.slices().isEmpty()) {
      return plan;
    }
    List<String> axes = plan.slices().getFirst().domain().crsOrder();
    if (intervals.size() != axes.size()) {
      throw new ImportException(
          KEY
              + " has "
              + intervals.size()
              + " intervals, but the axes are "
              + String.join(", ", axes)
              + ": one for each is expected, in this order");
    }
    List<Slice> inside = plan.slices().stream().filter(s -> within(intervals, axes, s)).toList();
    List<String> notes = new ArrayList<>(plan.notes());
    int outside = plan.slices().size() - inside.size();
    if (outside > 0) {
      notes.add(
          outside
              + " of "
              + plan.slices().size()
              + " slices do not lie in "
              + KEY
              + " and are left out");
    }
    return new ImportPlan(
        plan.coverageId(),
        plan.fields(),
        plan.metadata(),
        plan.xml(),
        plan.mediaType(),
        inside,
        plan.problems(),
        notes);
  }

  private static boolean within(
      List<Ingredients.Interval> intervals, List<String> axes, Slice slice) {
    for (int i = 0; i < axes.size(); i++) {
      String[] place = slice.place().get(i);
      String axis = axes.get(i);
      TimeCalendar calendar = calendar(slice, axis);
      boolean above = below(intervals.get(i).low(), Optional.of(place[0]), false, axis, calendar);
      boolean under = below(Optional.of(place[1]), intervals.get(i).high(), true, axis, calendar);
      if (!above || !under) {
        return false;
      }
    }
    return true;
  }

  private static TimeCalendar calendar(Slice slice, String label) {
    String crs = slice.domain().axis(label).orElseThrow().crs();
    return crs.contains("&calendar=")
        ? new CrsResolver().resolve(crs).time().orElseThrow().calendar()
        : TimeCalendar.PROLEPTIC_GREGORIAN;
  }

  /** Whether a bound is at most another; what is not bounded always is. */
  private static boolean below(
      Optional<String> low,
      Optional<String> high,
      boolean end,
      String axis,
      TimeCalendar calendar) {
    if (low.isEmpty() || high.isEmpty()) {
      return true;
    }
    String a = bare(low.get());
    String b = bare(high.get());
    try {
      Optional<BigDecimal> x = number(a);
      Optional<BigDecimal> y = number(b);
      if (x.isPresent() && y.isPresent()) {
        return x.get().compareTo(y.get()) <= 0;
      }
      return !time(a, false, calendar).isAfter(time(b, end, calendar));
    } catch (DateTimeException e) {
      throw new ImportException(
          KEY + ": '" + a + "' and '" + b + "' of axis " + axis + " cannot be compared", e);
    }
  }

  private static String bare(String text) {
    return text.strip().replaceAll("^\"|\"$", "");
  }

  private static Optional<BigDecimal> number(String text) {
    return text.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?")
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  /** A time of ISO 8601, of any precision, with the dates of the axis' calendar. */
  private static Instant time(String text, boolean end, TimeCalendar calendar) {
    TimeText time =
        TimeText.parse(text, calendar)
            .orElseThrow(() -> new DateTimeException("'" + text + "' is no time"));
    return end ? time.end() : time.start();
  }
}
