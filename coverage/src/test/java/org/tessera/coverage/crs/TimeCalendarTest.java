package org.tessera.coverage.crs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimeCalendarTest {
  /** As cftime 1.6 says: num2date(n, "days since 1970-01-01", calendar). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proleptic_gregorian | -141428 1582-10-14, -141427 1582-10-15, -719162 1-1-1, 60 1970-3-2",
        "standard | -141428 1582-10-4, -141427 1582-10-15, -719162 1-1-3, 100000 2243-10-17",
        "gregorian | -1 1969-12-31, 0 1970-1-1, 59 1970-3-1, 365 1971-1-1",
        "julian | -1 1969-12-31, -141428 1582-10-17, -719162 1-1-16, 100000 2243-10-15",
        "noleap | 59 1970-3-1, 365 1971-1-1, -141428 1582-7-12, 100000 2243-12-22",
        "365_day | 0 1970-1-1, -719162 -1-9-11",
        "all_leap | 59 1970-2-29, 365 1970-12-31, -141428 1583-8-2, 100000 2243-3-23",
        "366_day | 366 1971-1-1, -719162 5-1-29",
        "360_day | 59 1970-2-30, 60 1970-3-1, -1 1969-12-30, -719162 -28-4-29, 100000 2247-10-11",
      })
  void days_have_the_dates_that_cftime_gives_them(String name, String days) {
    TimeCalendar calendar = TimeCalendar.of(name).orElseThrow();
    long first = calendar.day(1970, 1, 1);
    for (String day : days.split(", ", -1)) {
      String number = day.substring(0, day.indexOf(' '));
      TimeCalendar.Date date = calendar.date(first + Long.parseLong(number));
      assertEquals(
          day,
          number + " " + date.year() + "-" + date.month() + "-" + date.day(),
          calendar::cfName);
    }
  }

  @ParameterizedTest
  @EnumSource
  void each_day_has_a_date_and_each_date_its_day(TimeCalendar calendar) {
    for (long day = -750_000; day < 30_000; day += 1) {
      TimeCalendar.Date d = calendar.date(day);
      assertEquals(day, calendar.day(d.year(), d.month(), d.day()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "360_day, 2001, 2, 31",
    "360_day, 2001, 1, 31",
    "noleap, 2004, 2, 29",
    "all_leap, 2001, 2, 30",
    "standard, 1582, 10, 5",
    "standard, 1582, 10, 14",
    "standard, 1900, 2, 29",
    "julian, 1901, 2, 29",
    "proleptic_gregorian, 1500, 2, 29",
    "360_day, 2001, 13, 1",
    "360_day, 2001, 0, 1",
  })
  void dates_that_do_not_exist_are_refused(String name, int year, int month, int day) {
    TimeCalendar calendar = TimeCalendar.of(name).orElseThrow();
    assertThrows(DateTimeException.class, () -> calendar.day(year, month, day));
  }

  @Test
  void real_days_are_the_same_in_each_calendar_that_has_them() {
    long day = TimeCalendar.PROLEPTIC_GREGORIAN.day(1500, 3, 10);
    assertEquals(day, TimeCalendar.JULIAN.day(1500, 2, 29));
    assertEquals(day, TimeCalendar.STANDARD.day(1500, 2, 29));
  }

  @Test
  void axes_are_named_with_their_calendar_and_have_its_dates() {
    Crs crs =
        new CrsResolver()
            .resolve(
                "OGC/0/Temporal?epoch=\"1850-01-01\"&uom=\"d\"&label=\"t\"&calendar=\"360_DAY\"");
    assertEquals(
        "/crs/OGC/0/Temporal?epoch=\"1850-01-01\"&uom=\"d\"&label=\"t\"&calendar=\"360_day\"",
        crs.path());
    TimeScale scale = crs.time().orElseThrow();
    assertEquals("2000-02-30T12:00:00.000Z", scale.text(new BigDecimal("54059.5")));
    TimeText february = TimeText.parse("2000-02", scale.calendar()).orElseThrow();
    assertEquals("54030", scale.number(february.start()).toString());
    assertEquals("2000-02-30T23:59:59.999Z", TimeScale.text(february.end(), scale.calendar()));
    assertTrue(TimeText.parse("2000-02-31", scale.calendar()).isEmpty());
  }

  @Test
  void months_later_is_the_same_day_or_the_last_one() {
    Instant start = TimeCalendar.NOLEAP.start(2004, 1, 31).plusSeconds(5);
    assertEquals(
        TimeCalendar.NOLEAP.start(2004, 2, 28).plusSeconds(5),
        TimeCalendar.NOLEAP.plusMonths(start, 1));
    assertEquals(
        TimeCalendar.DAYS_360.start(1999, 2, 30),
        TimeCalendar.DAYS_360.plusMonths(TimeCalendar.DAYS_360.start(2000, 2, 30), -12));
  }
}
