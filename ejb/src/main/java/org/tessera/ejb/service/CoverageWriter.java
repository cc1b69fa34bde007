package org.tessera.ejb.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.update.DomainMerge;
import org.tessera.coverage.update.FileCells;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.Tiling;

/** Brings the cells of a part into an array, in pieces that fit into memory. */
final class CoverageWriter {
  /** Raw bytes of one piece. */
  private static final long PIECE = 32L << 20;

  private CoverageWriter() {}

  /**
   * Reads a box of a part: its first cell per axis, counted from 0 in the part, and where the cells
   * go.
   */
  @FunctionalInterface
  interface Part {
    Tile read(long[] offset, GridEnvelope target);
  }

  /** A part whose cells lie in a file. */
  static Part of(FileCells file, DomainSet target, List<RangeField> fields) {
    List<String> labels = target.axes().stream().map(Axis::label).toList();
    List<Band> bands = bands(fields);
    return (offset, box) -> file.read(labels, offset, box, bands);
  }

  /** A part whose cells are in memory, on its own axes (in array order). */
  static Part of(Tile cells, DomainSet part, DomainSet target) {
    int n = target.dimension();
    int[] partAxis = new int[n];
    for (int i = 0; i < n; i++) {
      partAxis[i] = part.indexOf(target.axes().get(i).label());
    }
    return (offset, box) -> {
      List<Cells> bands = new ArrayList<>();
      for (Cells source : cells.bands()) {
        bands.add(pick(source, cells.box(), partAxis, offset, box));
      }
      return new Tile(box, bands);
    };
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the same primitive type
  private static Cells pick(
      Cells source, GridEnvelope sourceBox, int[] partAxis, long[] offset, GridEnvelope box) {
    Cells result = Cells.allocate(source.type(), box.cellsAsInt());
    int components = source.type().components();
    int n = box.dimension();
    long[] at = new long[n];
    long[] index = sourceBox.low();
    for (int cell = 0; cell < result.length(); cell++) {
      for (int i = 0; i < n; i++) {
        if (partAxis[i] >= 0) {
          index[partAxis[i]] = sourceBox.low(partAxis[i]) + offset[i] + at[i];
        }
      }
      System.arraycopy(
          source.array(),
          (int) sourceBox.offset(index) * components,
          result.array(),
          cell * components,
          components);
      for (int i = n - 1; i >= 0 && ++at[i] == box.size(i); i--) {
        at[i] = 0;
      }
    }
    return result;
  }

  /** Inline cells (doubles, or the types that the document names) in the types of the fields. */
  static Tile cast(Tile cells, List<RangeField> fields) {
    List<Cells> result = new ArrayList<>();
    for (int b = 0; b < fields.size(); b++) {
      Cells from = cells.band(b);
      CellType type = fields.get(b).type();
      result.add(from.type() == type ? from : cast(from, type));
    }
    return new Tile(cells.box(), result);
  }

  private static Cells cast(Cells from, CellType type) {
    if (from.type().isComplex() != type.isComplex()) {
      throw new OwsException(
          OwsErrorCode.INCONSISTENT_CHANGE,
          null,
          "Cells of type " + from.type() + " cannot become " + type + ".");
    }
    Cells to = Cells.allocate(type, from.length());
    for (int i = 0; i < from.length(); i++) {
      to.set(i, from.getDouble(i), from.getImaginary(i));
    }
    return to;
  }

  private static List<Band> bands(List<RangeField> fields) {
    return fields.stream().map(NilValues::band).toList();
  }

  /**
   * Writes a part.
   *
   * @param present the domain that holds cells already; outside of it nothing can be overwritten
   * @param bands indices of the array's bands that the part's are, in order
   * @param mask one band on the part's cells: where it is 0, cells stay as they are
   */
  static void write(
      ArrayWriter writer,
      Part part,
      Optional<Part> mask,
      DomainMerge merge,
      GridEnvelope present,
      Coverage coverage,
      int[] bands,
      Tiling tiling) {
    List<Band> types = bands(coverage.range());
    int bytes = 0;
    boolean nulls = false;
    for (int b : bands) {
      bytes += types.get(b).type().bytes();
      nulls |= !types.get(b).nulls().isEmpty();
    }
    for (DomainMerge.Shift shift : merge.shifts()) {
      writer.shift(shift.axis(), shift.from(), shift.by());
    }
    for (DomainMerge.Box box : merge.boxes()) {
      for (GridEnvelope piece : pieces(box.target(), bytes, tiling)) {
        long[] offset = box.offset().clone();
        for (int i = 0; i < offset.length; i++) {
          offset[i] += piece.low(i) - box.target().low(i);
        }
        Tile cells = part.read(offset, piece);
        boolean overlaps = present != null && present.intersects(piece);
        if (mask.isPresent()) {
          Cells chosen = mask.get().read(offset, piece).band(0);
          writer.writeMasked(chosen(masked(cells, bands, types), chosen), bands);
        } else if (overlaps && nulls) {
          writer.writeMasked(masked(cells, bands, types), bands);
        } else {
          writer.write(cells, bands);
        }
      }
    }
  }

  /** Cells with those marked that are null: they do not replace what is there. */
  private static Tile masked(Tile cells, int[] bands, List<Band> types) {
    List<Cells> result = new ArrayList<>();
    for (int b = 0; b < bands.length; b++) {
      Cells band = cells.band(b);
      result.add(band.withNulls(NullMask.of(band, types.get(bands[b]).nulls())));
    }
    return new Tile(cells.box(), result);
  }

  /** Cells with those marked as null, too, where the mask is 0 or null. */
  private static Tile chosen(Tile cells, Cells mask) {
    long[] out = new long[(mask.length() + 63) / 64];
    for (int i = 0; i < mask.length(); i++) {
      boolean isNull = mask.nulls() != null && (mask.nulls()[i >> 6] >>> i & 1) != 0;
      if (isNull || !(mask.getDouble(i) != 0)) {
        out[i >> 6] |= 1L << i;
      }
    }
    List<Cells> result = new ArrayList<>();
    for (Cells band : cells.bands()) {
      long[] nulls = out.clone();
      for (int w = 0; band.nulls() != null && w < nulls.length; w++) {
        nulls[w] |= band.nulls()[w];
      }
      result.add(band.withNulls(nulls));
    }
    return new Tile(cells.box(), result);
  }

  /**
   * Cuts a box into pieces of at most {@link #PIECE} bytes, along the borders of tiles where
   * possible.
   */
  static List<GridEnvelope> pieces(GridEnvelope box, int bytesPerCell, Tiling tiling) {
    List<GridEnvelope> done = new ArrayList<>();
    cut(box, 0, bytesPerCell, tiling, done);
    return done;
  }

  private static void cut(
      GridEnvelope box, int axis, int bytesPerCell, Tiling tiling, List<GridEnvelope> done) {
    long bytes =
        box.cells() == Long.MAX_VALUE
            ? Long.MAX_VALUE
            : Math.multiplyExact(box.cells(), bytesPerCell);
    if (axis == box.dimension() || bytes <= PIECE) {
      done.add(box);
      return;
    }
    long perIndex = Math.max(1, bytes / box.size(axis));
    long edge = Math.max(1, tiling.edge(axis));
    long origin = tiling.origin().get(axis);
    long thickness = Math.max(1, PIECE / perIndex);
    thickness = thickness >= edge ? thickness / edge * edge : Math.min(edge, box.size(axis));
    long low = box.low(axis);
    while (low <= box.high(axis)) {
      long column = Math.floorDiv(low - origin, thickness);
      long high = Math.min(box.high(axis), origin + (column + 1) * thickness - 1);
      cut(box.with(axis, low, high), axis + 1, bytesPerCell, tiling, done);
      low = high + 1;
    }
  }

  /** Names of fields as band indices. */
  static int[] bandsOf(Coverage coverage, List<String> fields) {
    if (fields.isEmpty()) {
      int[] all = new int[coverage.range().size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = i;
      }
      return all;
    }
    return fields.stream()
        .mapToInt(
            f -> {
              int index = coverage.fieldIndex(f);
              if (index < 0) {
                throw new OwsException(
                    OwsErrorCode.NO_SUCH_FIELD,
                    f,
                    "Coverage '" + coverage.id() + "' has no field '" + f + "'.");
              }
              return index;
            })
        .toArray();
  }
}
