package org.tessera.coverage.format;

import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;

/** Scalar results of WCPS as text (OGC 08-068 7.1.4; the forms that existing clients know). */
public final class ScalarText {
  private ScalarText() {}

  /**
   * The text of a 0-dimensional tile (or of the first cell of another): integers as such, floats
   * with at least one digit after the point ({@code 40.03}, {@code 169.0}), booleans {@code t} and
   * {@code f}, complex numbers {@code (2,5)}, several bands {@code { 0.0, 169.0, 78.0 }}. A null
   * cell is written as its value.
   */
  public static String format(Tile tile) {
    if (tile.bands().size() == 1) {
      return format(tile.band(0));
    }
    StringBuilder text = new StringBuilder("{ ");
    for (int b = 0; b < tile.bands().size(); b++) {
      text.append(b == 0 ? "" : ", ").append(format(tile.band(b)));
    }
    return text.append(" }").toString();
  }

  private static String format(Cells cells) {
    StringBuilder text = new StringBuilder();
    NumberText.append(text, cells, 0, "t", "f");
    if (cells.type().isFloat() && text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))) {
      text.append(".0");
    }
    return text.toString();
  }
}
