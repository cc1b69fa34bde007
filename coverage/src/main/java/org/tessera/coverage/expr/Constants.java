package org.tessera.coverage.expr;

import java.util.List;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

/** Arrays that the compiler makes itself. */
final class Constants {
  private Constants() {}

  static ArrayExpr of(GridEnvelope box, Cells cells) {
    return new ArrayExpr.Constant(ArrayType.of(box, cells.type()), new Tile(box, List.of(cells)));
  }

  /** One value of a real type. */
  static ArrayExpr scalar(CellType type, double value) {
    Cells cell = Cells.allocate(type, 1);
    cell.set(0, value, 0);
    return of(GridEnvelope.ofSize(), cell);
  }

  /** INT64 cells from index 0 on. */
  static ArrayExpr ofLongs(long[] values) {
    return of(GridEnvelope.ofSize(values.length), Cells.wrap(CellType.INT64, values, null));
  }

  static ArrayExpr ofDoubles(double[] values) {
    return of(GridEnvelope.ofSize(values.length), Cells.wrap(CellType.FLOAT64, values, null));
  }

  static ArrayExpr ofBooleans(GridEnvelope box, byte[] values) {
    return of(box, Cells.wrap(CellType.BOOLEAN, values, null));
  }

  /** Puts the one cell of {@code from} into place i of {@code to}, converted to its type. */
  static void copy(Cells from, Cells to, int i) {
    switch (to.type().storage()) {
      case BYTE -> to.bytes()[i] = (byte) from.getLong(0);
      case SHORT -> {
        if (to.type().isComplex()) {
          to.shorts()[2 * i] = (short) from.getDouble(0);
          to.shorts()[2 * i + 1] = (short) imaginary(from);
        } else {
          to.shorts()[i] = (short) from.getLong(0);
        }
      }
      case INT -> {
        if (to.type().isComplex()) {
          to.ints()[2 * i] = (int) from.getDouble(0);
          to.ints()[2 * i + 1] = (int) imaginary(from);
        } else {
          to.ints()[i] = (int) from.getLong(0);
        }
      }
      case LONG -> to.longs()[i] = from.getLong(0);
      case FLOAT -> {
        if (to.type().isComplex()) {
          to.floats()[2 * i] = (float) from.getDouble(0);
          to.floats()[2 * i + 1] = (float) imaginary(from);
        } else {
          to.floats()[i] = (float) from.getDouble(0);
        }
      }
      case DOUBLE -> {
        if (to.type().isComplex()) {
          to.doubles()[2 * i] = from.getDouble(0);
          to.doubles()[2 * i + 1] = imaginary(from);
        } else {
          to.doubles()[i] = from.getDouble(0);
        }
      }
    }
  }

  private static double imaginary(Cells from) {
    return from.type().isComplex() ? from.getImaginary(0) : 0;
  }
}
