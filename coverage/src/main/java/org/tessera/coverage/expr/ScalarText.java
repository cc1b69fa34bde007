package org.tessera.coverage.expr;

import java.util.stream.Collectors;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;

/** Single values as the text of a query's answer. */
final class ScalarText {
  private ScalarText() {}

  /** {@code 40.03}, {@code t}, {@code (2.0,5.0)}, or {@code { 0.0, 169.0 }} of several bands. */
  static String of(Tile cell) {
    if (cell.bands().size() == 1) {
      return of(cell.band(0));
    }
    return cell.bands().stream().map(ScalarText::of).collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String of(Cells c) {
    return switch (c.type().kind()) {
      case BOOLEAN -> c.getLong(0) != 0 ? "t" : "f";
      case INTEGER -> Long.toString(c.getLong(0));
      case FLOAT -> number(c, c.getDouble(0));
      case COMPLEX -> "(" + number(c, c.getDouble(0)) + "," + number(c, c.getImaginary(0)) + ")";
    };
  }

  private static String number(Cells c, double value) {
    return switch (c.type()) {
      case FLOAT32, COMPLEX64 -> Float.toString((float) value);
      case CINT16, CINT32 -> Long.toString((long) value);
      case BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, FLOAT64, COMPLEX128 ->
          Double.toString(value);
    };
  }
}
