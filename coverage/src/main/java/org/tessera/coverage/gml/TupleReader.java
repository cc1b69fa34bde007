package org.tessera.coverage.gml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;

/**
 * Turns the text of a tuple list into cells. Numbers are separated by blanks and commas, whichever
 * the document says is which: the range type tells how many make a tuple.
 */
final class TupleReader {
  private final CharSequence text;
  private int at;

  TupleReader(CharSequence text) {
    this.text = text;
  }

  /**
   * The tuples as cells in array order.
   *
   * @throws OwsException WrongNumberOfPixels if there are more or fewer than the grid has cells
   */
  Tile read(Coverage coverage) {
    GridEnvelope box = coverage.domain().gridEnvelope();
    int cells;
    try {
      cells = box.cellsAsInt();
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          null,
          "A grid of this size cannot have its cells in the document.",
          e);
    }
    // Every cell takes two characters at least: a small text cannot make a huge array.
    if ((long) cells * coverage.range().size() > text.length() + 1L) {
      throw wrongNumber("fewer", cells);
    }
    List<Cells> bands = new ArrayList<>();
    coverage.range().forEach(field -> bands.add(Cells.allocate(field.type(), cells)));
    int[] sizes = new int[box.dimension()];
    int[] strides = new int[box.dimension()];
    gridOrder(coverage, sizes, strides);
    int[] index = new int[sizes.length];
    int cell = 0;
    for (int n = 0; n < cells; n++) {
      for (Cells band : bands) {
        String token = next();
        if (token == null) {
          throw wrongNumber("fewer", cells);
        }
        set(band, cell, token);
      }
      for (int i = sizes.length - 1; i >= 0; i--) {
        index[i]++;
        cell += strides[i];
        if (index[i] < sizes[i]) {
          break;
        }
        cell -= index[i] * strides[i];
        index[i] = 0;
      }
    }
    if (next() != null) {
      throw wrongNumber("more", cells);
    }
    List<Cells> masked = new ArrayList<>();
    for (int i = 0; i < bands.size(); i++) {
      masked.add(mask(bands.get(i), coverage.arrayType().band(i).nulls()));
    }
    return new Tile(box, masked);
  }

  /** Sizes of the axes in grid order, and how far apart neighbours along them are in the array. */
  private static void gridOrder(Coverage coverage, int[] sizes, int[] strides) {
    List<Axis> axes = coverage.domain().axes();
    List<Axis> grid = coverage.domain().gridAxes();
    for (int i = 0; i < grid.size(); i++) {
      sizes[i] = Math.toIntExact(grid.get(i).size());
      int stride = 1;
      for (int k = axes.size() - 1; axes.get(k) != grid.get(i); k--) {
        stride *= Math.toIntExact(axes.get(k).size());
      }
      strides[i] = stride;
    }
  }

  private static Cells mask(Cells cells, NullSet nulls) {
    return cells.withNulls(NullMask.of(cells, nulls));
  }

  private String next() {
    while (at < text.length() && separates(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return null;
    }
    int start = at;
    while (at < text.length() && !separates(text.charAt(at))) {
      at++;
    }
    return text.subSequence(start, at).toString();
  }

  private static boolean separates(char c) {
    return c == ',' || c == ' ' || c == '\n' || c == '\t' || c == '\r';
  }

  private static void set(Cells band, int cell, String token) {
    try {
      CellType type = band.type();
      if (type.isComplex()) {
        // As we write it: 1.5-2i.
        int sign = Math.max(token.lastIndexOf('+'), token.lastIndexOf('-'));
        while (sign > 0 && Character.toLowerCase(token.charAt(sign - 1)) == 'e') {
          sign = Math.max(token.lastIndexOf('+', sign - 1), token.lastIndexOf('-', sign - 1));
        }
        boolean pair = sign > 0 && token.endsWith("i");
        double re = number(pair ? token.substring(0, sign) : token);
        double im = pair ? number(token.substring(sign, token.length() - 1)) : 0;
        store(band, 2 * cell, re);
        store(band, 2 * cell + 1, im);
      } else if (type.storage() == CellType.Storage.LONG) {
        band.longs()[cell] = Long.parseLong(token);
      } else if (type == CellType.BOOLEAN) {
        band.bytes()[cell] =
            switch (token.toLowerCase(Locale.ROOT)) {
              case "true", "t", "1" -> 1;
              case "false", "f", "0" -> 0;
              default -> throw new NumberFormatException("not a truth value");
            };
      } else {
        double value = number(token);
        if (type.isInteger()
            && (value != Math.rint(value) || value < type.min() || value > type.max())) {
          throw new NumberFormatException("no value of this type");
        }
        store(band, cell, value);
      }
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "tupleList",
          "'" + token + "' is not a cell value of type " + band.type() + ".",
          e);
    }
  }

  private static double number(String token) {
    return switch (token) {
      case "NaN", "nan" -> Double.NaN;
      case "INF", "+INF" -> Double.POSITIVE_INFINITY;
      case "-INF" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(token);
    };
  }

  private static void store(Cells band, int element, double value) {
    switch (band.type().storage()) {
      case BYTE -> band.bytes()[element] = (byte) (long) value;
      case SHORT -> band.shorts()[element] = (short) (long) value;
      case INT -> band.ints()[element] = (int) (long) value;
      case LONG -> band.longs()[element] = (long) value;
      case FLOAT -> band.floats()[element] = (float) value;
      case DOUBLE -> band.doubles()[element] = value;
    }
  }

  private OwsException wrongNumber(String which, int cells) {
    return new OwsException(
        OwsErrorCode.WRONG_NUMBER_OF_PIXELS,
        "tupleList",
        "The tuple list has " + which + " tuples than the grid has cells, " + cells + ".");
  }
}
