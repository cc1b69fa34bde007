package org.tessera.importer.run;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      boolean above = below(intervals.get(i).low(), Optional.of(place[0]), false, axes.get(i));
      boolean under = below(Optional.of(place[1]), intervals.get(i).high(), true, axes.get(i));
      if (!above || !under) {
        return false;
      }
    }
    return true;
  }

  /** Whether a bound is at most another; what is not bounded always is. */
  private static boolean below(
      Optional<String> low, Optional<String> high, boolean end, String axis) {
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
      return !time(a, false).isAfter(time(b, end));
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

  /** A time of ISO 8601, of any precision. */
  private static Instant time(String text, boolean end) {
    if (text.matches("-?[0-9]{4,}")) {
      LocalDate first = Year.parse(text).atDay(1);
      return instant(end ? first.plus(Period.ofYears(1)) : first, end);
    }
    if (text.matches("-?[0-9]{4,}-[0-9]{2}")) {
      LocalDate first = YearMonth.parse(text).atDay(1);
      return instant(end ? first.plus(Period.ofMonths(1)) : first, end);
    }
    if (!text.contains("T")) {
      LocalDate day = LocalDate.parse(text);
      return instant(end ? day.plusDays(1) : day, end);
    }
    return text.matches(".*(Z|[-+][0-9]{2}:?[0-9]{2})$")
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  /** The beginning of a day, or the last moment before it. */
  private static Instant instant(LocalDate day, boolean before) {
    Instant start = day.atStartOfDay().toInstant(ZoneOffset.UTC);
    return before ? start.minusNanos(1) : start;
  }
}
