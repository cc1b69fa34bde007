package org.tessera.ejb.service;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Supplier;
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
  private static final long PIECE = 16L << 20;

  /** Pieces that are read while one is written, and their bytes. */
  private static final int AHEAD = 4;

  private static final long AHEAD_BYTES = 2 * PIECE;

  private CoverageWriter() {}

  /**
   * Reads a box of a part: its first cell per axis, counted from 0 in the part, and where the cells
   * go.
   */
  @FunctionalInterface
  interface Part {
    Tile read(long[] offset, GridEnvelope target);

    /** The source that the coverage refers to in place of a copy, see {@link ArrayWriter#refer}. */
    default Optional<String> source() {
      return Optional.empty();
    }
  }

  /** A part whose cells lie in a file and stay there. */
  static Part of(FileCells file, DomainSet target, List<RangeField> fields, String source) {
    Part read = of(file, target, fields);
    return new Part() {
      @Override
      public Tile read(long[] offset, GridEnvelope box) {
        return read.read(offset, box);
      }

      @Override
      public Optional<String> source() {
        return Optional.of(source);
      }
    };
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
   * A part that is ready to be read.
   *
   * @param counts cells along axes of which it has not all, see {@link DomainMerge#limitedTo}
   */
  record Opened(Part part, Map<String, Long> counts) {}

  /**
   * A part to be written.
   *
   * @param open called when its turn has nearly come, by another thread
   * @param present the domain that holds cells already; outside of it nothing can be overwritten
   */
  record Job(Supplier<Opened> open, DomainMerge merge, GridEnvelope present) {}

  /**
   * Cells of a part, and where they go; the mask is null where there is none, the cells are where
   * the array shall refer to them.
   */
  private record Piece(DomainMerge.Box box, Tile cells, Cells mask) {}

  /** What was read first of a part, and what is still to be read. */
  private record Begun(Opened opened, List<DomainMerge.Box> rest, Optional<Piece> first) {}

  /**
   * Writes parts, one after the other; the cells of the next ones are read meanwhile.
   *
   * @param bands indices of the array's bands that the parts' are, in order
   * @param mask one band on the part's cells: where it is 0, cells stay as they are
   */
  static void write(
      ArrayWriter writer,
      List<Job> jobs,
      Optional<Part> mask,
      Coverage coverage,
      int[] bands,
      Tiling tiling) {
    new Writing(writer, mask, bands(coverage.range()), bands, tiling).write(jobs);
  }

  /** One call of {@link #write}. */
  private static final class Writing {
    private final ArrayWriter writer;
    private final Optional<Part> mask;
    private final List<Band> types;
    private final int[] bands;
    private final int bytesPerCell;
    private final Tiling tiling;

    Writing(ArrayWriter writer, Optional<Part> mask, List<Band> types, int[] bands, Tiling tiling) {
      this.writer = writer;
      this.mask = mask;
      this.types = types;
      this.bands = bands;
      this.bytesPerCell = Arrays.stream(bands).map(b -> types.get(b).type().bytes()).sum();
      this.tiling = tiling;
    }

    void write(List<Job> jobs) {
      // Only the first part may need room between slices that are there.
      for (DomainMerge.Shift shift : jobs.getFirst().merge().shifts()) {
        writer.shift(shift.axis(), shift.from(), shift.by());
      }
      Deque<Job> owners = new ArrayDeque<>();
      try (ReadAhead<Begun> ahead = new ReadAhead<>(AHEAD, AHEAD_BYTES)) {
        for (Job job : jobs) {
          List<DomainMerge.Box> expected = pieces(job.merge());
          if (expected.isEmpty()) {
            continue;
          }
          long size = bytes(expected.getFirst());
          makeRoom(size, ahead, owners);
          owners.add(job);
          Future<Begun> first = ahead.begin(() -> begin(job), size);
          if (expected.size() > 1) {
            Begun begun = ReadAhead.await(first);
            for (DomainMerge.Box box : begun.rest()) {
              makeRoom(bytes(box), ahead, owners);
              owners.add(job);
              var unused =
                  ahead.begin(
                      () ->
                          new Begun(
                              begun.opened(),
                              List.of(),
                              Optional.of(read(begun.opened().part(), box))),
                      bytes(box));
            }
          }
        }
        while (!ahead.isEmpty()) {
          put(owners.removeFirst(), ahead.take());
        }
      }
    }

    private void makeRoom(long size, ReadAhead<Begun> ahead, Deque<Job> owners) {
      while (!ahead.hasRoomFor(size)) {
        put(owners.removeFirst(), ahead.take());
      }
    }

    private long bytes(DomainMerge.Box box) {
      return box.target().cells() * bytesPerCell;
    }

    private List<DomainMerge.Box> pieces(DomainMerge merge) {
      List<DomainMerge.Box> result = new ArrayList<>();
      for (DomainMerge.Box box : merge.boxes()) {
        for (GridEnvelope piece : CoverageWriter.pieces(box.target(), bytesPerCell, tiling)) {
          long[] offset = box.offset().clone();
          for (int i = 0; i < offset.length; i++) {
            offset[i] += piece.low(i) - box.target().low(i);
          }
          result.add(new DomainMerge.Box(piece, offset));
        }
      }
      return result;
    }

    private Begun begin(Job job) {
      Opened opened = job.open().get();
      List<DomainMerge.Box> pieces = pieces(job.merge().limitedTo(opened.counts()));
      return pieces.isEmpty()
          ? new Begun(opened, List.of(), Optional.empty())
          : new Begun(
              opened,
              pieces.subList(1, pieces.size()),
              Optional.of(read(opened.part(), pieces.getFirst())));
    }

    private Piece read(Part part, DomainMerge.Box box) {
      if (part.source().isPresent() && mask.isEmpty()) {
        return new Piece(box, null, null);
      }
      return new Piece(
          box,
          part.read(box.offset(), box.target()),
          mask.map(m -> m.read(box.offset(), box.target()).band(0)).orElse(null));
    }

    private void put(Job job, Begun begun) {
      if (begun.first().isEmpty()) {
        return;
      }
      Piece piece = begun.first().get();
      GridEnvelope target = piece.box().target();
      boolean keepsOld =
          job.present() != null
              && job.present().intersects(target)
              && Arrays.stream(bands).anyMatch(b -> !types.get(b).nulls().isEmpty());
      if (piece.cells() == null) {
        String source = begun.opened().part().source().orElseThrow();
        writer.refer(source, piece.box().offset(), target, keepsOld, bands);
      } else if (piece.mask() != null) {
        writer.writeMasked(chosen(masked(piece.cells(), bands, types), piece.mask()), bands);
      } else if (keepsOld) {
        writer.writeMasked(masked(piece.cells(), bands, types), bands);
      } else {
        writer.write(piece.cells(), bands);
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
