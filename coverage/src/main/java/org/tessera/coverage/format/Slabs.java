package org.tessera.coverage.format;

import java.util.ArrayList;
import java.util.List;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.CellArray;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;

/** Cells on their way to a GDAL worker, and its failures on the way back. */
final class Slabs {
  private Slabs() {}

  /**
   * The cells of a box of a file.
   *
   * @param start first index of each of the file's dimensions, from 0
   * @param count number of indices of each
   * @param places which dimension of the file each axis of the array is; the file may have more, of
   *     size 1
   * @param types of the bands in the file
   */
  static List<CellArray> read(
      Evaluation evaluation, long[] start, long[] count, int[] places, List<GdalType> types) {
    long[] low = evaluation.type().domain().low();
    long[] high = new long[low.length];
    for (int d = 0; d < low.length; d++) {
      low[d] += start[places[d]];
      high[d] = low[d] + count[places[d]] - 1;
    }
    Tile tile = evaluation.read(GridEnvelope.of(low, high));
    List<CellArray> arrays = new ArrayList<>();
    for (int b = 0; b < types.size(); b++) {
      arrays.add(converted(tile.band(b), types.get(b)));
    }
    return arrays;
  }

  /** The cells as they are, or rounded and clamped to 8 bits. */
  private static CellArray converted(Cells cells, GdalType type) {
    if (GdalType.of(cells.type()) == type) {
      return CellArray.of(cells);
    }
    if (type != GdalType.UINT8) {
      throw new IllegalArgumentException(cells.type() + " cells are not written as " + type);
    }
    byte[] bytes = new byte[cells.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.clamp((long) Math.floor(cells.getDouble(i) + 0.5), 0, 255);
    }
    return new CellArray(type, bytes);
  }

  static OwsException told(GdalException e, String format) {
    OwsErrorCode code =
        switch (e.kind()) {
          case TIMED_OUT -> OwsErrorCode.TIME_LIMIT_EXCEEDED;
          case CRASHED -> OwsErrorCode.INTERNAL_ERROR;
          case FAILED, REFUSED -> OwsErrorCode.INVALID_REQUEST;
        };
    return new OwsException(
        code, format, "Encoding in " + format + " failed: " + e.getMessage(), e);
  }
}
