package org.tessera.coverage.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.NullSet;

/** Text of nil values to the engine's null sets. */
public final class NilValues {
  private NilValues() {}

  /** The band that a field is stored in. */
  public static Band band(RangeField field) {
    return new Band(field.type(), nullSet(field.nils()));
  }

  /**
   * Null values as intervals.
   *
   * @throws IllegalArgumentException if a text is neither a number nor {@code low:high} with {@code
   *     *} for an open end
   */
  public static NullSet nullSet(List<NilValue> nils) {
    List<NullSet.Interval> intervals = new ArrayList<>();
    for (NilValue nil : nils) {
      String text = nil.text().strip();
      int colon = text.indexOf(':');
      double low = bound(colon < 0 ? text : text.substring(0, colon), Double.NEGATIVE_INFINITY);
      double high = colon < 0 ? low : bound(text.substring(colon + 1), Double.POSITIVE_INFINITY);
      intervals.add(new NullSet.Interval(low, high));
    }
    return new NullSet(intervals);
  }

  private static double bound(String text, double open) {
    String t = text.strip().toLowerCase(Locale.ROOT);
    return switch (t) {
      case "*" -> open;
      case "nan", "nanf" -> Double.NaN;
      case "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        try {
          yield Double.parseDouble(t);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(
              "null value '" + text + "' is neither a number nor an interval low:high", e);
        }
      }
    };
  }
}
