package org.tessera.coverage.crs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ISO 8601 times as clients write them: {@code 2012}, {@code 2012-01}, {@code 2012-01-05}, {@code
 * 2012-01-05T13}, {@code ...T13:05:00.123Z}, {@code ...T13-0500}, {@code ...+07:00}. A date without
 * a time of day is an interval. Without a zone the time is UTC. The same with the dates of another
 * calendar, such as {@code 2012-02-30}.
 *
 * @param start first instant
 * @param end last instant (to the millisecond), inclusive; equal to the start for a time of day
 */
public record TimeText(Instant start, Instant end) {
  private static final Pattern ISO =
      Pattern.compile(
          "([+-]?\\d{4,6})(?:-(\\d{2})(?:-(\\d{2}))?)?"
              + "(?:[Tt ](\\d{2})(?::?(\\d{2})(?::?(\\d{2})(?:[.,](\\d{1,9}))?)?)?)?"
              + "\\s*(?:([Zz])|([+-])(\\d{2}):?(\\d{2})?)?");

  /** The time, or empty if the text is no ISO 8601 time. Quotes around it do not matter. */
  public static Optional<TimeText> parse(String text) {
    return parse(text, TimeCalendar.PROLEPTIC_GREGORIAN);
  }

  /** As {@link #parse(String)} with the dates of a calendar, and its instants. */
  public static Optional<TimeText> parse(String text, TimeCalendar calendar) {
    String t = unquote(text);
    Matcher m = ISO.matcher(t);
    if (t.length() > 40 || !m.matches()) {
      return Optional.empty();
    }
    try {
      int year = Integer.parseInt(m.group(1));
      boolean timeOfDay = m.group(4) != null;
      if (timeOfDay && m.group(3) == null) {
        return Optional.empty();
      }
      Instant start = calendar.start(year, number(m.group(2), 1), number(m.group(3), 1));
      Instant end;
      if (timeOfDay) {
        // 24:00 is the start of the next day.
        long seconds =
            3600L * limited(m.group(4), 24)
                + 60L * limited(m.group(5), 59)
                + limited(m.group(6), 60);
        String fraction = m.group(7) == null ? "" : m.group(7);
        long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
        start = start.plusSeconds(seconds).plusNanos(nanos);
        end = start;
      } else {
        end =
            (m.group(3) != null
                    ? start.plusSeconds(86_400)
                    : calendar.plusMonths(start, m.group(2) == null ? 12 : 1))
                .minusNanos(1_000_000);
      }
      ZoneOffset zone = ZoneOffset.UTC;
      if (m.group(9) != null) {
        int sign = m.group(9).equals("-") ? -1 : 1;
        zone =
            ZoneOffset.ofHoursMinutes(sign * number(m.group(10), 0), sign * number(m.group(11), 0));
      }
      long shift = zone.getTotalSeconds();
      return Optional.of(new TimeText(start.minusSeconds(shift), end.minusSeconds(shift)));
    } catch (DateTimeException | ArithmeticException e) {
      // Month 13, 30 February and the like: no time.
      return Optional.empty();
    }
  }

  private static int number(String digits, int otherwise) {
    return digits == null ? otherwise : Integer.parseInt(digits);
  }

  private static int limited(String digits, int max) {
    int value = number(digits, 0);
    if (value > max) {
      throw new DateTimeException(digits + " is above " + max);
    }
    return value;
  }

  static String unquote(String text) {
    String t = text.strip();
    boolean quoted =
        t.length() >= 2
            && (t.charAt(0) == '"' || t.charAt(0) == '\'')
            && t.charAt(t.length() - 1) == t.charAt(0);
    return quoted ? t.substring(1, t.length() - 1).strip() : t;
  }
}
