package org.tessera.importer.expression;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.crs.TimeCalendar;

/**
 * Times as the CF conventions have them (1.8, 4.4): numbers in units such as {@code days since
 * 1850-01-01}, in a calendar.
 *
 * @param epoch the time of 0, as the calendar counts it
 * @param unitMillis milliseconds of a unit; of months a month's where all are equally long, else 0
 * @param months calendar months of a unit; 0 for other units
 */
public record CfTime(Instant epoch, long unitMillis, int months, TimeCalendar calendar) {
  private static final Pattern UNITS =
      Pattern.compile("\\s*([A-Za-z_]+)\\s+since\\s+(.+?)\\s*", Pattern.CASE_INSENSITIVE);

  private static final Pattern EPOCH =
      Pattern.compile(
          "([-+]?\\d{1,6})-(\\d{1,2})-(\\d{1,2})"
              + "(?:(?:\\s+|[Tt])(\\d{1,2})(?::(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{0,9}))?)?)?)?"
              + "\\s*(?:(?:Z|z|UTC|GMT)|([-+])(\\d{1,2}):?(\\d{2})?)?");

  private static final long DAY = 86_400_000;

  /**
   * Reads units.
   *
   * @param calendar CF's name; empty for standard, which it is if nothing is said
   * @throws IllegalArgumentException saying what is wrong
   */
  public static CfTime parse(String units, String calendar) {
    String name = calendar.isBlank() ? "standard" : calendar;
    TimeCalendar of =
        TimeCalendar.of(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the calendar '" + calendar + "' is none of " + TimeCalendar.names()));
    Matcher m = UNITS.matcher(units);
    if (!m.matches()) {
      throw new IllegalArgumentException(
          "'" + units + "' are no units of time, expected such as days since 1850-01-01");
    }
    String unit = m.group(1).toLowerCase(Locale.ROOT);
    int months =
        switch (unit) {
          case "month", "months" -> 1;
          case "year", "years", "common_year", "common_years" -> 12;
          default -> 0;
        };
    long millis =
        switch (unit) {
          case "millisecond", "milliseconds", "millisec", "msec", "ms" -> 1;
          case "second", "seconds", "sec", "secs", "s" -> 1000;
          case "minute", "minutes", "min", "mins" -> 60_000;
          case "hour", "hours", "hr", "hrs", "h" -> 3_600_000;
          case "day", "days", "d" -> DAY;
          case "week", "weeks" -> 7 * DAY;
          default -> {
            if (months == 0) {
              throw new IllegalArgumentException(
                  "'" + m.group(1) + "' in '" + units + "' is no unit of time");
            }
            yield of == TimeCalendar.DAYS_360 ? 30L * months * DAY : 0;
          }
        };
    return new CfTime(epoch(m.group(2), units, of), millis, months, of);
  }

  private static Instant epoch(String text, String units, TimeCalendar calendar) {
    Matcher m = EPOCH.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("'" + text + "' in '" + units + "' is no date");
    }
    try {
      long seconds = 3600L * number(m.group(4)) + 60L * number(m.group(5)) + number(m.group(6));
      String fraction = m.group(7) == null ? "" : m.group(7);
      long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
      long shift = 60L * (60L * number(m.group(9)) + number(m.group(10)));
      return calendar
          .start(number(m.group(1)), number(m.group(2)), number(m.group(3)))
          .plusSeconds(seconds - ("-".equals(m.group(8)) ? -shift : shift))
          .plusNanos(nanos);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + units + "': " + e.getMessage(), e);
    }
  }

  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /**
   * A number as an instant of the calendar, to the nearest millisecond.
   *
   * @throws IllegalArgumentException for a part of a month where months are not equally long
   */
  public Instant instant(BigDecimal number) {
    if (unitMillis > 0) {
      long millis =
          number
              .multiply(BigDecimal.valueOf(unitMillis))
              .setScale(0, RoundingMode.HALF_EVEN)
              .longValueExact();
      return epoch.plusMillis(millis);
    }
    BigDecimal whole = number.multiply(BigDecimal.valueOf(months));
    try {
      return calendar.plusMonths(epoch, whole.longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          number.toPlainString()
              + " is no whole number of months; their lengths differ in the calendar "
              + calendar.cfName(),
          e);
    }
  }

  /** A number as a time: one of ISO's calendar where days are real, else one of its own. */
  Value value(BigDecimal number) {
    Instant at = instant(number);
    return calendar.ofRealDays()
        ? new Value.Time(LocalDateTime.ofInstant(at, ZoneOffset.UTC))
        : new Value.ModelTime(at, calendar);
  }

  /** The calendar that a name stands for, if it is none of real days. */
  public static Optional<TimeCalendar> modelCalendar(String name) {
    return TimeCalendar.of(name).filter(c -> !c.ofRealDays());
  }
}
