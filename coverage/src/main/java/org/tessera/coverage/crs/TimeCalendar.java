package org.tessera.coverage.crs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;

/**
 * The calendars of the CF conventions (1.8, 4.4.1): what dates there are and how they follow one
 * another. Every day has 86,400 seconds.
 *
 * <p>Times are {@link Instant}s. Those of {@linkplain #ofRealDays calendars of real days} are what
 * they say. A model year of 360 days has no place in real time: there an instant counts the
 * calendar's own days from its own 1970-01-01, and must not be mixed with instants of others. Years
 * are astronomical: there is a year 0, and -1 before it.
 */
public enum TimeCalendar {
  /** ISO 8601's. */
  PROLEPTIC_GREGORIAN("proleptic_gregorian"),
  /** Gregorian from 1582-10-15 on, Julian up to 1582-10-04, nothing between. */
  STANDARD("standard"),
  JULIAN("julian"),
  /** No 29 February. */
  NOLEAP("noleap"),
  /** A 29 February in every year. */
  ALL_LEAP("all_leap"),
  /** Twelve months of 30 days. */
  DAYS_360("360_day");

  /** A date; month and day from 1 on. */
  public record Date(int year, int month, int day) {}

  private static final long DAY = 86_400;

  /** 1582-10-15, counted from 1970-01-01. */
  private static final long REFORM = LocalDate.of(1582, 10, 15).toEpochDay();

  /** From 0000-01-01 of the Julian calendar to 1970-01-01 of the Gregorian. */
  private static final long JULIAN_DAYS = 719_530;

  private static final int MOST_YEARS = 999_999;

  private final String cfName;

  TimeCalendar(String cfName) {
    this.cfName = cfName;
  }

  /** The calendar of a name in CF's words, with its synonyms; empty if CF has none such. */
  public static Optional<TimeCalendar> of(String name) {
    return switch (name.strip().toLowerCase(Locale.ROOT)) {
      case "standard", "gregorian" -> Optional.of(STANDARD);
      case "proleptic_gregorian" -> Optional.of(PROLEPTIC_GREGORIAN);
      case "julian" -> Optional.of(JULIAN);
      case "noleap", "365_day" -> Optional.of(NOLEAP);
      case "all_leap", "366_day" -> Optional.of(ALL_LEAP);
      case "360_day" -> Optional.of(DAYS_360);
      default -> Optional.empty();
    };
  }

  /** The names there are, for messages. */
  public static String names() {
    return "standard (gregorian), proleptic_gregorian, julian, noleap (365_day), all_leap"
        + " (366_day), 360_day";
  }

  /** CF's name, the first where there are two. */
  public String cfName() {
    return cfName;
  }

  /** Whether its days are those of the world, so that its times are instants like ISO's. */
  public boolean ofRealDays() {
    return switch (this) {
      case PROLEPTIC_GREGORIAN, STANDARD, JULIAN -> true;
      case NOLEAP, ALL_LEAP, DAYS_360 -> false;
    };
  }

  /** Days of a month, of which some may be missing (October 1582 of {@link #STANDARD}). */
  public int daysInMonth(int year, int month) {
    if (month < 1 || month > 12) {
      throw new DateTimeException("there is no month " + month);
    }
    return switch (this) {
      case DAYS_360 -> 30;
      case NOLEAP -> days(month, false);
      case ALL_LEAP -> days(month, true);
      case JULIAN -> days(month, year % 4 == 0);
      case PROLEPTIC_GREGORIAN -> days(month, gregorianLeap(year));
      case STANDARD -> days(month, year > 1582 ? gregorianLeap(year) : year % 4 == 0);
    };
  }

  private static int days(int month, boolean leap) {
    return switch (month) {
      case 2 -> leap ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  private static boolean gregorianLeap(int year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /**
   * The number of a day.
   *
   * @return days since 1970-01-01; for {@linkplain #ofRealDays() real days} of ISO's 1970-01-01,
   *     else of the calendar's own
   * @throws DateTimeException if the calendar has no such date
   */
  public long day(int year, int month, int day) {
    if (Math.abs(year) > MOST_YEARS || day < 1 || day > daysInMonth(year, month)) {
      throw noSuch(year, month, day);
    }
    return switch (this) {
      case PROLEPTIC_GREGORIAN -> LocalDate.of(year, month, day).toEpochDay();
      case JULIAN -> julianDay(year, month, day);
      case STANDARD -> {
        int date = (year * 100 + month) * 100 + day;
        if (year < 1582 || date <= 1582_10_04) {
          yield julianDay(year, month, day);
        }
        if (date < 1582_10_15) {
          throw noSuch(year, month, day);
        }
        yield LocalDate.of(year, month, day).toEpochDay();
      }
      case NOLEAP -> (year - 1970) * 365L + before(month, false) + day - 1;
      case ALL_LEAP -> (year - 1970) * 366L + before(month, true) + day - 1;
      case DAYS_360 -> (year - 1970) * 360L + (month - 1) * 30L + day - 1;
    };
  }

  private DateTimeException noSuch(int year, int month, int day) {
    return new DateTimeException(
        String.format(
            Locale.ROOT, "the calendar %s has no day %04d-%02d-%02d", cfName, year, month, day));
  }

  private static long julianDay(int year, int month, int day) {
    return year * 365L
        + Math.floorDiv(year + 3L, 4)
        + before(month, year % 4 == 0)
        + day
        - 1
        - JULIAN_DAYS;
  }

  /** Days of a year before a month. */
  private static int before(int month, boolean leap) {
    int days = 0;
    for (int m = 1; m < month; m++) {
      days += days(m, leap);
    }
    return days;
  }

  /** The date of a day, as {@link #day} counts them. */
  public Date date(long day) {
    return switch (this) {
      case PROLEPTIC_GREGORIAN -> isoDate(day);
      case STANDARD -> day >= REFORM ? isoDate(day) : julianDate(day);
      case JULIAN -> julianDate(day);
      case NOLEAP -> ofYear(1970 + Math.floorDiv(day, 365), Math.floorMod(day, 365L), false);
      case ALL_LEAP -> ofYear(1970 + Math.floorDiv(day, 366), Math.floorMod(day, 366L), true);
      case DAYS_360 -> {
        long rest = Math.floorMod(day, 360L);
        yield new Date(
            Math.toIntExact(1970 + Math.floorDiv(day, 360)),
            (int) rest / 30 + 1,
            (int) rest % 30 + 1);
      }
    };
  }

  private static Date isoDate(long day) {
    LocalDate date = LocalDate.ofEpochDay(day);
    return new Date(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
  }

  private static Date julianDate(long day) {
    long since = day + JULIAN_DAYS;
    long four = Math.floorDiv(since, 1461);
    long rest = Math.floorMod(since, 1461L);
    // Of four years the first has the leap day.
    long year = rest < 366 ? 0 : (rest - 1) / 365;
    return ofYear(four * 4 + year, year == 0 ? rest : (rest - 1) % 365, year == 0);
  }

  private static Date ofYear(long year, long dayOfYear, boolean leap) {
    int rest = (int) dayOfYear;
    int month = 1;
    while (rest >= days(month, leap)) {
      rest -= days(month, leap);
      month++;
    }
    return new Date(Math.toIntExact(year), month, rest + 1);
  }

  /** The date of an instant of this calendar. */
  public Date date(Instant instant) {
    return date(Math.floorDiv(instant.getEpochSecond(), DAY));
  }

  /** The start of a day. */
  public Instant start(int year, int month, int day) {
    return Instant.ofEpochSecond(day(year, month, day) * DAY);
  }

  /** Some months later, at the same time of day; at the end of months that are too short. */
  public Instant plusMonths(Instant instant, long months) {
    Date date = date(instant);
    long month = date.year() * 12L + date.month() - 1 + months;
    int year = Math.toIntExact(Math.floorDiv(month, 12));
    int ofYear = (int) Math.floorMod(month, 12L) + 1;
    int day = Math.min(date.day(), daysInMonth(year, ofYear));
    return start(year, ofYear, day)
        .plusSeconds(Math.floorMod(instant.getEpochSecond(), DAY))
        .plusNanos(instant.getNano());
  }
}
