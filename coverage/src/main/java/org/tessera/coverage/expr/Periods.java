package org.tessera.coverage.expr;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.crs.TimeCalendar;

/**
 * Lengths of time on the calendar (ISO 8601: {@code P1M}, {@code P1Y}, {@code P10D}, {@code PT6H}),
 * and the periods that follow one another by them. Years are those of the axis' calendar, time is
 * UTC.
 */
record Periods(Period date, Duration time) {
  /** More periods than this are no axis that anyone reads. */
  static final int MOST = 10_000;

  private static final Pattern ISO = Pattern.compile("(P(?:\\d+[YMWD])*)((?:T(?:\\d+[HMS])+)?)");

  /** A length of time above zero; empty if the text is none. */
  static Optional<Periods> parse(String text) {
    Matcher m = ISO.matcher(text);
    if (text.length() > 40 || !m.matches()) {
      return Optional.empty();
    }
    try {
      Period date = m.group(1).equals("P") ? Period.ZERO : Period.parse(m.group(1));
      Duration time = m.group(2).isEmpty() ? Duration.ZERO : Duration.parse("P" + m.group(2));
      return date.isZero() && time.isZero()
          ? Optional.empty()
          : Optional.of(new Periods(date, time));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  /** The first day of the year, of the month, or the start of the day, whichever is stepped by. */
  Instant startOf(Instant instant, TimeCalendar calendar) {
    TimeCalendar.Date day = calendar.date(instant);
    if (date.getDays() != 0 || !time.isZero()) {
      return calendar.start(day.year(), day.month(), day.day());
    }
    return calendar.start(day.year(), date.getMonths() != 0 ? day.month() : 1, 1);
  }

  /**
   * The periods that start from {@code start} on up to {@code last}, both inclusive. Each is
   * counted from the first, so that those from the 31st on start at the end of shorter months.
   *
   * @return one more than {@link #MOST} if there are more
   * @throws DateTimeException beyond what a calendar can say
   */
  List<Value.Period> between(Instant start, Instant last, TimeCalendar calendar) {
    List<Value.Period> periods = new ArrayList<>();
    Instant from = start;
    while (!from.isAfter(last) && periods.size() <= MOST) {
      Instant next = after(start, periods.size() + 1, calendar);
      periods.add(new Value.Period(from, next, calendar));
      from = next;
    }
    return periods;
  }

  private Instant after(Instant start, int steps, TimeCalendar calendar) {
    return calendar
        .plusMonths(start, date.toTotalMonths() * steps)
        .plus(Duration.ofDays(date.get(ChronoUnit.DAYS) * steps))
        .plus(time.multipliedBy(steps));
  }
}
