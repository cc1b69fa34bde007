package org.tessera.importer.expression;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.tessera.coverage.crs.TimeCalendar;

/**
 * Texts of times: ISO 8601, the formats of ingredients files ({@code YYYYMMDD:HHmm}, {@code
 * YYYY-MM-DDTHH:mm:ss.SSS}) and those of strptime ({@code %Y%m%d}). All times are UTC; offsets in
 * the text are converted.
 */
public final class TimeFormat {
  private static final List<String> TOKENS =
      List.of(
          "YYYY", "YY", "MMMM", "MMM", "MM", "M", "DDDD", "DDD", "DD", "D", "Do", "HH", "H", "hh",
          "h", "mm", "m", "ss", "s", "ZZ", "Z", "A", "a", "X");

  private TimeFormat() {}

  /** Milliseconds and Z: {@code 2008-01-01T02:01:20.000Z}. */
  public static String iso(LocalDateTime time) {
    LocalDateTime t = time.plusNanos(500_000);
    return String.format(
        Locale.ROOT,
        "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
        t.getYear(),
        t.getMonthValue(),
        t.getDayOfMonth(),
        t.getHour(),
        t.getMinute(),
        t.getSecond(),
        t.getNano() / 1_000_000);
  }

  /**
   * Reads ISO 8601: date of any precision, time of any precision with a fraction, offset.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static LocalDateTime parseIso(String text) {
    return utc(parseIso(text, TimeCalendar.PROLEPTIC_GREGORIAN));
  }

  private static LocalDateTime utc(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  /** As {@link #parseIso(String)} with the dates of a calendar. */
  public static Instant parseIso(String text, TimeCalendar calendar) {
    Scan s = new Scan(text.strip().replace("\"", ""));
    try {
      int sign = s.skip('-') ? -1 : 1;
      int year = sign * s.digits(4, 4);
      boolean dashes = s.skip('-');
      int month = s.more() && s.digit() ? s.digits(2, 2) : 1;
      if (dashes) {
        s.skip('-');
      }
      int day = s.more() && s.digit() ? s.digits(2, 2) : 1;
      Instant time = calendar.start(year, month, day);
      if (s.more() && (s.skip('T') || s.skip('t') || s.skip(' '))) {
        int hour = s.digits(1, 2);
        s.skip(':');
        int minute = s.more() && s.digit() ? s.digits(2, 2) : 0;
        s.skip(':');
        int second = s.more() && s.digit() ? s.digits(2, 2) : 0;
        int nano = s.skip('.') || s.skip(',') ? s.fraction() : 0;
        time = time.plusNanos(LocalTime.of(hour, minute, second, nano).toNanoOfDay());
        s.skip(' ');
        time = time.minusSeconds(s.offset());
      }
      if (s.more()) {
        throw s.wrong("the end");
      }
      return time;
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no date or time: " + e.getMessage(), e);
    }
  }

  /** Whether a text can be read as ISO 8601 date or time. */
  public static boolean isIso(String text) {
    try {
      parseIso(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Reads a time by a format of tokens YYYY YY MMMM MMM MM M DDDD (day of year) DD D HH H hh h mm m
   * ss s S.. (fraction) A (am/pm) Z ZZ (offset) X (seconds since 1970); {@code [text]} and all else
   * is literal. {@code auto} means ISO 8601.
   *
   * @throws IllegalArgumentException naming the place where text and format part
   */
  public static LocalDateTime parse(String text, String format) {
    return utc(parse(text, format, TimeCalendar.PROLEPTIC_GREGORIAN));
  }

  /**
   * As {@link #parse(String, String)} with the dates of a calendar. The format may also be units as
   * CF has them, such as {@code days since 1850-01-01}; the text then is a number.
   */
  public static Instant parse(String text, String format, TimeCalendar calendar) {
    if (format.equals("auto")) {
      return parseIso(text, calendar);
    }
    if (format.contains(" since ")) {
      return CfTime.parse(format, calendar.cfName()).instant(Value.of(text).asNumber());
    }
    List<String> tokens = format.contains("%") ? percentTokens(format) : tokens(format);
    String stripped = text.strip();
    try {
      return read(stripped, format, tokens, calendar);
    } catch (IllegalArgumentException e) {
      // Words before the time do not matter, as in A_2004-12-31.
      int start = firstDigit(stripped);
      if (start == 0 || start == stripped.length() || !format.startsWith("Y")) {
        throw e;
      }
      return read(stripped.substring(start), format, tokens, calendar);
    }
  }

  private static int firstDigit(String text) {
    int i = 0;
    while (i < text.length() && !Character.isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  /** Writes a time by a strftime format; unknown directives are an error. */
  static String strftime(LocalDateTime t, String format) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i == format.length()) {
        out.append(c);
        continue;
      }
      char d = format.charAt(i++);
      switch (d) {
        case 'Y' -> out.append(String.format(Locale.ROOT, "%04d", t.getYear()));
        case 'y' -> out.append(String.format(Locale.ROOT, "%02d", t.getYear() % 100));
        case 'm' -> out.append(String.format(Locale.ROOT, "%02d", t.getMonthValue()));
        case 'd' -> out.append(String.format(Locale.ROOT, "%02d", t.getDayOfMonth()));
        case 'H' -> out.append(String.format(Locale.ROOT, "%02d", t.getHour()));
        case 'M' -> out.append(String.format(Locale.ROOT, "%02d", t.getMinute()));
        case 'S' -> out.append(String.format(Locale.ROOT, "%02d", t.getSecond()));
        case 'f' -> out.append(String.format(Locale.ROOT, "%06d", t.getNano() / 1000));
        case 'j' -> out.append(String.format(Locale.ROOT, "%03d", t.getDayOfYear()));
        case 'b' -> out.append(t.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH));
        case 'B' -> out.append(t.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
        case 'Z' -> out.append("UTC");
        case 'z' -> out.append("+0000");
        case '%' -> out.append('%');
        default -> throw new IllegalArgumentException("strftime: unknown directive %" + d);
      }
    }
    return out.toString();
  }

  /** The tokens of a format by their place in it; literals are single characters. */
  private static List<String> tokens(String format) {
    List<String> out = new java.util.ArrayList<>();
    int i = 0;
    while (i < format.length()) {
      if (format.charAt(i) == '[' && format.indexOf(']', i) > 0) {
        int end = format.indexOf(']', i);
        for (int k = i + 1; k < end; k++) {
          out.add("'" + format.charAt(k));
        }
        i = end + 1;
        continue;
      }
      if (format.charAt(i) == 'S') {
        int end = i;
        while (end < format.length() && format.charAt(end) == 'S') {
          end++;
        }
        out.add("S");
        i = end;
        continue;
      }
      String token = null;
      for (String t : TOKENS) {
        if (format.startsWith(t, i) && (token == null || t.length() > token.length())) {
          token = t;
        }
      }
      out.add(token == null ? "'" + format.charAt(i) : token);
      i += token == null ? 1 : token.length();
    }
    return out;
  }

  private static List<String> percentTokens(String format) {
    Map<Character, String> known = new TreeMap<>();
    known.put('Y', "YYYY");
    known.put('y', "YY");
    known.put('m', "MM");
    known.put('d', "DD");
    known.put('j', "DDDD");
    known.put('H', "HH");
    known.put('I', "hh");
    known.put('M', "mm");
    known.put('S', "ss");
    known.put('f', "S");
    known.put('b', "MMM");
    known.put('B', "MMMM");
    known.put('p', "A");
    known.put('z', "Z");
    known.put('%', "'%");
    List<String> out = new java.util.ArrayList<>();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%') {
        out.add("'" + c);
        continue;
      }
      String token = i < format.length() ? known.get(format.charAt(i++)) : null;
      if (token == null) {
        throw new IllegalArgumentException(
            "time format '" + format + "': unknown directive before character " + (i + 1));
      }
      out.add(token);
    }
    return out;
  }

  private static Instant read(
      String text, String format, List<String> tokens, TimeCalendar calendar) {
    Scan s = new Scan(text.strip());
    int year = 1;
    int month = 1;
    int day = 1;
    int dayOfYear = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int nano = 0;
    int half = -1;
    long offset = 0;
    try {
      for (String token : tokens) {
        switch (token) {
          case "YYYY" -> year = s.digits(4, 4);
          case "YY" -> {
            int two = s.digits(2, 2);
            year = two + (two > 68 ? 1900 : 2000);
          }
          case "MMMM" -> month = s.month(TextStyle.FULL);
          case "MMM" -> month = s.month(TextStyle.SHORT);
          case "MM" -> month = s.digits(2, 2);
          case "M" -> month = s.digits(1, 2);
          case "DDDD" -> dayOfYear = s.digits(3, 3);
          case "DDD" -> dayOfYear = s.digits(1, 3);
          case "DD" -> day = s.digits(2, 2);
          case "D" -> day = s.digits(1, 2);
          case "Do" -> {
            day = s.digits(1, 2);
            s.at += 2;
          }
          case "HH", "hh" -> hour = s.digits(2, 2);
          case "H", "h" -> hour = s.digits(1, 2);
          case "mm" -> minute = s.digits(2, 2);
          case "m" -> minute = s.digits(1, 2);
          case "ss" -> second = s.digits(2, 2);
          case "s" -> second = s.digits(1, 2);
          case "S" -> nano = s.fraction();
          case "A", "a" -> half = s.half();
          case "Z", "ZZ" -> offset = s.offset();
          case "X" -> {
            return Instant.ofEpochSecond(s.number());
          }
          default -> {
            if (!s.skip(token.charAt(1))) {
              throw s.wrong("'" + token.charAt(1) + "'");
            }
          }
        }
      }
      if (s.more()) {
        throw s.wrong("the end");
      }
      if (half >= 0) {
        hour = hour % 12 + 12 * half;
      }
      Instant start =
          dayOfYear > 0 ? ofYear(year, dayOfYear, calendar) : calendar.start(year, month, day);
      return start
          .plusNanos(LocalTime.of(hour, minute, second, nano).toNanoOfDay())
          .minusSeconds(offset);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no time in the format '" + format + "': " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not in the time format '" + format + "': " + e.getMessage(), e);
    }
  }

  private static Instant ofYear(int year, int dayOfYear, TimeCalendar calendar) {
    Instant start = calendar.start(year, 1, 1).plusSeconds((dayOfYear - 1) * 86_400L);
    if (!start.isBefore(calendar.start(year + 1, 1, 1))) {
      throw new DateTimeException("the year " + year + " has no day " + dayOfYear);
    }
    return start;
  }

  /** A place in a text. */
  private static final class Scan {
    private final String text;
    private int at;

    Scan(String text) {
      this.text = text;
    }

    boolean more() {
      return at < text.length();
    }

    boolean digit() {
      return more() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    boolean skip(char c) {
      if (more() && text.charAt(at) == c) {
        at++;
        return true;
      }
      return false;
    }

    int digits(int least, int most) {
      int start = at;
      while (digit() && at - start < most) {
        at++;
      }
      if (at - start < least) {
        at = start;
        throw wrong(least + " digits");
      }
      return Integer.parseInt(text, start, at, 10);
    }

    long number() {
      int start = at;
      skip('-');
      while (digit()) {
        at++;
      }
      if (at == start || at - start > 15) {
        throw wrong("a number of seconds");
      }
      return Long.parseLong(text, start, at, 10);
    }

    int fraction() {
      int start = at;
      while (digit()) {
        at++;
      }
      if (at == start) {
        throw wrong("digits of a fraction of a second");
      }
      return new BigDecimal("0." + text.substring(start, at))
          .movePointRight(9)
          .setScale(0, java.math.RoundingMode.DOWN)
          .intValueExact();
    }

    int half() {
      String two = text.substring(at, Math.min(text.length(), at + 2)).toLowerCase(Locale.ROOT);
      if (!two.equals("am") && !two.equals("pm")) {
        throw wrong("am or pm");
      }
      at += 2;
      return two.equals("pm") ? 1 : 0;
    }

    int month(TextStyle style) {
      for (java.time.Month m : java.time.Month.values()) {
        String name = m.getDisplayName(style, Locale.ENGLISH);
        if (text.regionMatches(true, at, name, 0, name.length())) {
          at += name.length();
          return m.getValue();
        }
      }
      throw wrong("the English name of a month");
    }

    /** Seconds that the time in the text is ahead of UTC. */
    long offset() {
      if (!more() || skip('Z') || skip('z')) {
        return 0;
      }
      int sign = skip('+') ? 1 : skip('-') ? -1 : 0;
      if (sign == 0) {
        throw wrong("Z or an offset such as +01:00");
      }
      int hours = digits(2, 2);
      skip(':');
      int minutes = digit() ? digits(2, 2) : 0;
      return sign * (hours * 60L + minutes) * 60;
    }

    IllegalArgumentException wrong(String expected) {
      return new IllegalArgumentException(
          "'" + text + "', character " + (at + 1) + ": expected " + expected);
    }
  }
}
