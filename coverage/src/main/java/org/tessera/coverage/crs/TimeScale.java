package org.tessera.coverage.crs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/**
 * Numbers of a time axis to instants and back: {@code number = (instant - epoch) / unit}. Instants
 * are told apart down to a millisecond; dates are those of the calendar, time is UTC without leap
 * seconds.
 *
 * @param epoch the instant of number 0, as the calendar counts them
 * @param unitMillis milliseconds of one unit, above 0
 * @param uom the unit as in {@code uomLabels}
 */
public record TimeScale(Instant epoch, long unitMillis, String uom, TimeCalendar calendar) {
  /** Enough to tell milliseconds apart in days over all years of four digits. */
  private static final int DECIMALS = 20;

  public TimeScale {
    if (unitMillis <= 0) {
      throw new IllegalArgumentException("unit of " + unitMillis + " ms");
    }
  }

  /** A scale of ISO 8601's calendar. */
  public TimeScale(Instant epoch, long unitMillis, String uom) {
    this(epoch, unitMillis, uom, TimeCalendar.PROLEPTIC_GREGORIAN);
  }

  /** The number of an instant, without zeros at its end. */
  public BigDecimal number(Instant instant) {
    BigDecimal millis =
        BigDecimal.valueOf(Math.subtractExact(instant.toEpochMilli(), epoch.toEpochMilli()));
    return plain(millis.divide(BigDecimal.valueOf(unitMillis), DECIMALS, RoundingMode.HALF_EVEN));
  }

  /**
   * The instant of a number, to the nearest millisecond.
   *
   * @throws DateTimeException if it lies outside of what instants can hold
   */
  public Instant instant(BigDecimal number) {
    BigDecimal millis = number.multiply(BigDecimal.valueOf(unitMillis));
    if (millis.precision() - millis.scale() > 18) {
      throw new DateTimeException("time " + number + " " + uom + " is out of range");
    }
    long rounded = millis.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    return Instant.ofEpochMilli(Math.addExact(epoch.toEpochMilli(), rounded));
  }

  /**
   * The number as text in the form of ISO 8601, such as {@code 2008-01-01T02:01:20.000Z}, with the
   * date that the calendar has.
   *
   * @throws DateTimeException if it lies outside of what instants can hold
   */
  public String text(BigDecimal number) {
    return text(instant(number), calendar);
  }

  /** An instant of a calendar as text, see {@link #text(BigDecimal)}. */
  public static String text(Instant instant, TimeCalendar calendar) {
    TimeCalendar.Date date = calendar.date(instant);
    boolean wide = date.year() < 0 || date.year() > 9999;
    // As a formatter does it, which takes ten times as long; axes have millions of times.
    byte[] text = new byte[24];
    digits(text, 0, 4, wide ? 0 : date.year());
    text[4] = '-';
    digits(text, 5, 2, date.month());
    text[7] = '-';
    digits(text, 8, 2, date.day());
    text[10] = 'T';
    int second = (int) Math.floorMod(instant.getEpochSecond(), 86_400L);
    digits(text, 11, 2, second / 3600);
    text[13] = ':';
    digits(text, 14, 2, second / 60 % 60);
    text[16] = ':';
    digits(text, 17, 2, second % 60);
    text[19] = '.';
    digits(text, 20, 3, instant.getNano() / 1_000_000);
    text[23] = 'Z';
    String four = new String(text, StandardCharsets.ISO_8859_1);
    return wide
        ? String.format(Locale.ROOT, date.year() < 0 ? "%05d" : "+%d", date.year())
            + four.substring(4)
        : four;
  }

  private static void digits(byte[] text, int at, int count, int number) {
    int rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /**
   * Just below a millisecond: clients know instants to the millisecond only, cut off rather than
   * rounded, while axes may have more digits.
   */
  BigDecimal tolerance() {
    return new BigDecimal("0.999")
        .divide(BigDecimal.valueOf(unitMillis), DECIMALS, RoundingMode.DOWN);
  }

  static BigDecimal plain(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }
}
