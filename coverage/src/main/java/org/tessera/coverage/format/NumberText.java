package org.tessera.coverage.format;

import java.math.BigDecimal;
import org.tessera.engine.array.Cells;

/** Cells as text: the shortest digits that give the same number of the cell's type. */
final class NumberText {
  private NumberText() {}

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
