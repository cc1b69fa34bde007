package org.tessera.coverage.format;

import java.math.BigDecimal;
import org.tessera.engine.array.Cells;

/**
 * Numbers as text: the shortest digits that give the same number again. Coordinates, and cells in
 * XML (whose numbers are those of XML Schema: {@code INF}, {@code 1.0E10}) and in text formats
 * (whose are those of most languages: {@code Infinity}, {@code 1e10}).
 */
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

  /** Appends a cell that is not null; booleans as the texts given, complex as {@code (re,im)}. */
  static void append(StringBuilder out, Cells cells, int i, String yes, String no) {
    switch (cells.type().kind()) {
      case BOOLEAN -> out.append(cells.getLong(i) != 0 ? yes : no);
      case INTEGER -> out.append(cells.getLong(i));
      case FLOAT -> append(out, cells, cells.getDouble(i));
      case COMPLEX -> {
        out.append('(');
        append(out, cells, cells.getDouble(i));
        out.append(',');
        append(out, cells, cells.getImaginary(i));
        out.append(')');
      }
    }
  }

  private static void append(StringBuilder out, Cells cells, double value) {
    switch (cells.type().storage()) {
      case FLOAT -> out.append(plain(value, Float.toString((float) value)));
      case DOUBLE -> out.append(plain(value, Double.toString(value)));
      case BYTE, SHORT, INT, LONG -> out.append((long) value);
    }
  }

  /** Java's digits without a useless fraction, and without an exponent for usual magnitudes. */
  static String plain(double value, String digits) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == 0) {
      return "0";
    }
    double magnitude = Math.abs(value);
    if (magnitude >= 1e15 || magnitude < 1e-5) {
      return digits.replace(".0E", "e").replace('E', 'e');
    }
    if (digits.endsWith(".0")) {
      return digits.substring(0, digits.length() - 2);
    }
    if (digits.indexOf('E') < 0) {
      return digits;
    }
    String plain = new BigDecimal(digits).toPlainString();
    return plain.endsWith(".0") ? plain.substring(0, plain.length() - 2) : plain;
  }
}
