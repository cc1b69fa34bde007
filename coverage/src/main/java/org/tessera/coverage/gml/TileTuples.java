package org.tessera.coverage.gml;

import java.io.IOException;
import java.io.Writer;
import org.tessera.coverage.format.NumberText;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;

/**
 * Cells as the text of a tuple list, tile after tile. One for each document; not thread-safe.
 *
 * <p>Complex cells are written {@code 1.5-2i}; booleans are {@code 0} and {@code 1}; a null cell
 * has the value that it has.
 */
public final class TileTuples {
  private final Writer out;
  private final StringBuilder text = new StringBuilder(1 << 13);
  private boolean first = true;

  public TileTuples(Writer out) {
    this.out = out;
  }

  /** Appends the tuples of a tile in its own order, so its axes must be in grid order. */
  public void append(Tile tile) throws IOException {
    int cells = tile.box().cellsAsInt();
    for (int i = 0; i < cells; i++) {
      if (!first) {
        text.append(',');
      }
      first = false;
      for (int b = 0; b < tile.bands().size(); b++) {
        if (b > 0) {
          text.append(' ');
        }
        append(tile.band(b), i, text);
      }
      if (text.length() > 1 << 12) {
        flush();
      }
    }
    flush();
  }

  private void flush() throws IOException {
    out.append(text);
    text.setLength(0);
  }

  /** Appends the text of one cell. */
  public static void append(Cells cells, int cell, StringBuilder text) {
    CellType type = cells.type();
    if (type.isComplex()) {
      text.append(NumberText.of(cells.getDouble(cell)));
      String imaginary = NumberText.of(cells.getImaginary(cell));
      if (!imaginary.startsWith("-")) {
        text.append('+');
      }
      text.append(imaginary).append('i');
    } else if (!type.isFloat()) {
      text.append(cells.getLong(cell));
    } else if (type == CellType.FLOAT32) {
      text.append(NumberText.of(cells.floats()[cell]));
    } else {
      text.append(NumberText.of(cells.doubles()[cell]));
    }
  }
}
