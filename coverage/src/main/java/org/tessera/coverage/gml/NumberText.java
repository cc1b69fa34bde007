package org.tessera.coverage.gml;

import java.math.BigDecimal;

/** Numbers as text: exact, as short as possible, without an exponent where that is readable. */
public final class NumberText {
  /** Longer than this a plain text is not readable; any double that is a coordinate is shorter. */
  private static final int LONGEST_PLAIN = 40;

  private NumberText() {}

  /** A coordinate: all its digits, no trailing zeros, {@code 1E+300} only where it must be. */
  public static String of(BigDecimal number) {
    if (number.signum() == 0) {
      return "0";
    }
    BigDecimal stripped = number.stripTrailingZeros();
    int length = stripped.precision() + Math.abs(stripped.scale());
    return length > LONGEST_PLAIN ? stripped.toString() : stripped.toPlainString();
  }

  /**
   * The shortest text that reads back as the same double; {@code NaN}, {@code INF}, {@code -INF}.
   */
  public static String of(double number) {
    long whole = (long) number;
    if (whole == number && Math.abs(whole) < 1_000_000_000_000_000L) {
      return Long.toString(whole);
    }
    return special(number, Double.toString(number));
  }

  /** As {@link #of(double)} for a float: 0.1f is {@code 0.1}. */
  public static String of(float number) {
    long whole = (long) number;
    if (whole == number && Math.abs(whole) < 1_000_000_000L) {
      return Long.toString(whole);
    }
    return special(number, Float.toString(number));
  }

  private static String special(double number, String text) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "INF" : "-INF";
    }
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
