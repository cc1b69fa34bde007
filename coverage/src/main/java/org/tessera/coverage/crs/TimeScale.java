package org.tessera.coverage.crs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Numbers of a time axis to instants and back: {@code number = (instant - epoch) / unit}. Instants
 * are told apart down to a millisecond; years are those of the proleptic Gregorian calendar (ISO
 * 8601), time is UTC without leap seconds.
 *
 * @param epoch the instant of number 0
 * @param unitMillis milliseconds of one unit, above 0
 * @param uom the unit as in {@code uomLabels}
 */
public record TimeScale(Instant epoch, long unitMillis, String uom) {
  /** Enough to tell milliseconds apart in days over all years of four digits. */
  private static final int DECIMALS = 20;

  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT);

  public TimeScale {
    if (unitMillis <= 0) {
      throw new IllegalArgumentException("unit of " + unitMillis + " ms");
    }
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

  /** The number as ISO 8601 text, such as {@code 2008-01-01T02:01:20.000Z}. */
  public String text(BigDecimal number) {
    Instant instant = instant(number);
    LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    if (time.getYear() < 0 || time.getYear() > 9999) {
      return TEXT.format(time);
    }
    // As the formatter does it, which takes ten times as long; axes have millions of times.
    byte[] text = new byte[24];
    digits(text, 0, 4, time.getYear());
    text[4] = '-';
    digits(text, 5, 2, time.getMonthValue());
    text[7] = '-';
    digits(text, 8, 2, time.getDayOfMonth());
    text[10] = 'T';
    digits(text, 11, 2, time.getHour());
    text[13] = ':';
    digits(text, 14, 2, time.getMinute());
    text[16] = ':';
    digits(text, 17, 2, time.getSecond());
    text[19] = '.';
    digits(text, 20, 3, time.getNano() / 1_000_000);
    text[23] = 'Z';
    return new String(text, StandardCharsets.ISO_8859_1);
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
