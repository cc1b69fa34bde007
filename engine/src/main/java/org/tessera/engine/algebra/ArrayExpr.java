package org.tessera.engine.algebra;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

/**
 * An expression over arrays. Every record checks its operands when it is made (throwing {@link
 * org.tessera.engine.EngineException} with {@code INVALID_EXPRESSION}) and knows its {@link
 * #type()}, which is found then, once; an ill-typed tree cannot exist as long as the constructors
 * without a type are used. Scalars are 0-dimensional arrays; wherever operands are combined cell by
 * cell, a 0-dimensional operand is broadcast. Grid boxes have inclusive bounds.
 */
public sealed interface ArrayExpr {
  ArrayType type();

  /** A stored array. */
  record ArrayRef(ArraySource source) implements ArrayExpr {
    @Override
    public ArrayType type() {
      return source.type();
    }
  }

  /** Literal cells; a scalar when the tile is 0-dimensional. */
  record Constant(ArrayType type, Tile cells) implements ArrayExpr {}

  /**
   * An iteration variable of an enclosing {@link Construct} or {@link Condense}: a scalar INT64
   * that runs from {@code low} to {@code high}, both inclusive. Two variables are the same if their
   * ids are.
   */
  record Variable(int id, String name, long low, long high) implements ArrayExpr {
    @Override
    public ArrayType type() {
      return ArrayType.of(GridEnvelope.scalar(), CellType.INT64);
    }
  }

  /** The cells of {@code box}, which lies within the input's domain. */
  record Trim(ArrayExpr input, GridEnvelope box, ArrayType type) implements ArrayExpr {
    public Trim(ArrayExpr input, GridEnvelope box) {
      this(input, box, Typing.trim(input.type(), box));
    }
  }

  /**
   * The cells at one index of an axis, which is dropped. The position is an integer scalar; it may
   * depend on variables. At a position outside the domain cells are null if the band has null
   * values, else 0, as in {@link Extend}.
   */
  record Slice(ArrayExpr input, int axis, ArrayExpr position, ArrayType type) implements ArrayExpr {
    public Slice(ArrayExpr input, int axis, ArrayExpr position) {
      this(input, axis, position, Typing.slice(input.type(), axis, position.type()));
    }
  }

  /**
   * A trim of one axis whose place depends on variables: {@code size} cells from {@code low} on.
   * The result's axis runs from 0 to {@code size - 1}. Cells outside the input's domain as in
   * {@link Slice}.
   */
  record Window(ArrayExpr input, int axis, ArrayExpr low, long size, ArrayType type)
      implements ArrayExpr {
    public Window(ArrayExpr input, int axis, ArrayExpr low, long size) {
      this(input, axis, low, size, Typing.window(input.type(), axis, low.type(), size));
    }
  }

  /** The same cells with their domain moved by an offset per axis. */
  record Shift(ArrayExpr input, List<Long> offset, ArrayType type) implements ArrayExpr {
    public Shift {
      offset = List.copyOf(offset);
    }

    public Shift(ArrayExpr input, List<Long> offset) {
      this(input, offset, Typing.shift(input.type(), offset));
    }
  }

  /**
   * The same cells with axes in another order: axis i of the result is axis {@code order[i]} of the
   * input.
   */
  record Permute(ArrayExpr input, List<Integer> order, ArrayType type) implements ArrayExpr {
    public Permute {
      order = List.copyOf(order);
    }

    public Permute(ArrayExpr input, List<Integer> order) {
      this(input, order, Typing.permute(input.type(), order));
    }
  }

  /**
   * A cell function applied cell by cell, band by band. All non-scalar operands have the same
   * domain; operands with one band are broadcast over the bands of the others.
   */
  record Induce(CellFunction function, List<ArrayExpr> operands, ArrayType type)
      implements ArrayExpr {
    public Induce {
      operands = List.copyOf(operands);
    }

    public static Induce of(CellFunction function, ArrayExpr... operands) {
      List<ArrayExpr> list = List.of(operands);
      return new Induce(function, list, Typing.induce(function, list));
    }
  }

  /**
   * Cells converted to a type: truncation towards zero, saturating at its bounds; a null cell stays
   * null.
   */
  record Cast(ArrayExpr input, CellType to, ArrayType type) implements ArrayExpr {
    public Cast(ArrayExpr input, CellType to) {
      this(input, to, Typing.cast(input.type(), to));
    }
  }

  /** Some bands, in the order given; repeats allowed. */
  record SelectBands(ArrayExpr input, List<Integer> bands, ArrayType type) implements ArrayExpr {
    public SelectBands {
      bands = List.copyOf(bands);
    }

    public SelectBands(ArrayExpr input, List<Integer> bands) {
      this(input, bands, Typing.selectBands(input.type(), bands));
    }
  }

  /** The bands of all operands, one after the other; non-scalar operands have the same domain. */
  record MakeBands(List<ArrayExpr> operands, ArrayType type) implements ArrayExpr {
    public MakeBands {
      operands = List.copyOf(operands);
    }

    public static MakeBands of(List<ArrayExpr> operands) {
      return new MakeBands(operands, Typing.makeBands(operands));
    }
  }

  /**
   * All cells of the input reduced to one, band by band; the result is a scalar. Null cells are
   * skipped.
   */
  record Reduce(Condenser condenser, ArrayExpr input, ArrayType type) implements ArrayExpr {
    public static Reduce of(Condenser condenser, ArrayExpr input) {
      return new Reduce(
          condenser, input, Typing.reduce(condenser, input.type(), GridEnvelope.scalar()));
    }
  }

  /**
   * The general condenser (OGC 08-068 7.1.13): {@code using} for each combination of the variables'
   * values at which {@code where} is true, reduced cell by cell. The result has the domain of
   * {@code using}.
   */
  record Condense(
      Condenser condenser,
      List<Variable> variables,
      Optional<ArrayExpr> where,
      ArrayExpr using,
      ArrayType type)
      implements ArrayExpr {
    public Condense {
      variables = List.copyOf(variables);
    }

    public static Condense of(
        Condenser condenser, List<Variable> variables, Optional<ArrayExpr> where, ArrayExpr using) {
      return new Condense(
          condenser, variables, where, using, Typing.condense(condenser, where, using));
    }
  }

  /**
   * The coverage constructor (OGC 08-068 7.1.12): axis i of the result runs over the values of
   * variable i; then follow the axes of {@code values}, if it is not a scalar.
   */
  record Construct(List<Variable> variables, ArrayExpr values, ArrayType type)
      implements ArrayExpr {
    public Construct {
      variables = List.copyOf(variables);
    }

    public Construct(List<Variable> variables, ArrayExpr values) {
      this(variables, values, Typing.construct(variables, values.type()));
    }
  }

  /**
   * For each cell the value of the first case whose condition is true there, else the default.
   * Conditions are boolean with one band; non-scalar operands have the same domain. If all
   * conditions are scalar only the chosen branch is evaluated.
   */
  record Switch(List<Case> cases, ArrayExpr otherwise, ArrayType type) implements ArrayExpr {
    public Switch {
      cases = List.copyOf(cases);
    }

    public static Switch of(List<Case> cases, ArrayExpr otherwise) {
      return new Switch(cases, otherwise, Typing.switchOf(cases, otherwise));
    }
  }

  /** One case of a {@link Switch}. */
  record Case(ArrayExpr condition, ArrayExpr value) {}

  /**
   * The input on a box that may reach beyond its domain; new cells are null if the band has null
   * values, else 0.
   */
  record Extend(ArrayExpr input, GridEnvelope box, ArrayType type) implements ArrayExpr {
    public Extend(ArrayExpr input, GridEnvelope box) {
      this(input, box, Typing.onBox(input.type(), box));
    }
  }

  /**
   * The input resampled onto a grid of other size over an extent of it, most often all of it. Along
   * an axis whose extent is n source cells, with m target cells, target cell k (from 0) covers n/m
   * source cells from k n/m after the extent's start on. NEAREST takes the source cell at that
   * place, rounded down, as rasdaman does, with n/m rounded to a double. LINEAR and CUBIC
   * (Catmull-Rom) interpolate between cell centres, clamped at the border; where n/m is more than 1
   * their kernels, of 1 and 2 cells to either side, are widened by it, and cells beyond the border
   * left aside. AVERAGE weighs the covered cells by their covered part. The others look at all
   * cells covered in part; MODE takes the least of equally frequent values; MEDIAN and quartiles
   * take the value at the nearest rank, the lower one of two. Null cells are left aside. Cells that
   * are all alike give that value, infinite ones too. Integer results are rounded half up and
   * saturate. A target cell wholly beyond the input is as one at its border.
   *
   * @param extents per axis, the part of the input that the target covers
   */
  record Scale(
      ArrayExpr input,
      GridEnvelope target,
      Interpolation interpolation,
      List<Extent> extents,
      ArrayType type)
      implements ArrayExpr {
    public Scale {
      extents = List.copyOf(extents);
    }

    public Scale(
        ArrayExpr input, GridEnvelope target, Interpolation interpolation, List<Extent> extents) {
      this(
          input,
          target,
          interpolation,
          extents,
          Typing.scale(input.type(), target, extents.size()));
    }

    /** Resamples the whole input. */
    public Scale(ArrayExpr input, GridEnvelope target, Interpolation interpolation) {
      this(input, target, interpolation, Extent.whole(input.type().domain()));
    }
  }

  /**
   * A part of an axis whose borders may lie within cells: {@code size / unit} cells from {@code
   * start / unit} cells after the axis' low border on. It may reach beyond the axis.
   */
  record Extent(long start, long size, long unit) {
    public Extent {
      if (size <= 0 || unit <= 0) {
        throw new IllegalArgumentException("extent of " + size + "/" + unit + " cells");
      }
    }

    /** All of each axis of a box. */
    public static List<Extent> whole(GridEnvelope box) {
      List<Extent> extents = new ArrayList<>();
      for (int i = 0; i < box.dimension(); i++) {
        extents.add(new Extent(0, box.size(i), 1));
      }
      return extents;
    }
  }

  /**
   * The input resampled at the places of a mesh on two of its axes: reprojection. The places of the
   * mesh are on the input's axes {@code rows} and {@code columns}; in the result these have the
   * bounds of the mesh's first and second axis. All other axes stay.
   *
   * <p>A cell without a place, or with one outside the input's domain, is an outside cell, as in
   * {@link Extend}. NEAREST takes the cell that holds the place; what lies less than 1e-8 of a cell
   * before a border lies on it. LINEAR and CUBIC (Catmull-Rom) interpolate between cell centres,
   * clamped at the border; along an axis on which the new cell covers more than 1.05 old ones their
   * kernels are widened to that, cells beyond the border left aside. The others look at the cells
   * covered by a box around the place of the size that the new cell has there, at least 1 x 1.
   * AVERAGE weighs them by their covered part. All else is as in {@link Scale}.
   */
  record Resample(
      ArrayExpr input,
      int rows,
      int columns,
      WarpMesh mesh,
      Interpolation interpolation,
      ArrayType type)
      implements ArrayExpr {
    public Resample(
        ArrayExpr input, int rows, int columns, WarpMesh mesh, Interpolation interpolation) {
      this(
          input,
          rows,
          columns,
          mesh,
          interpolation,
          Typing.resample(input.type(), rows, columns, mesh.domain()));
    }
  }

  /** Order of cells along an axis reversed; the domain stays. */
  record Flip(ArrayExpr input, int axis, ArrayType type) implements ArrayExpr {
    public Flip(ArrayExpr input, int axis) {
      this(input, axis, Typing.flip(input.type(), axis));
    }
  }

  /**
   * Slices along an axis put into the order of their keys (stable). {@code keys} is a one-band
   * array over that axis alone, with the same bounds.
   */
  record Sort(ArrayExpr input, int axis, ArrayExpr keys, boolean descending, ArrayType type)
      implements ArrayExpr {
    public Sort(ArrayExpr input, int axis, ArrayExpr keys, boolean descending) {
      this(input, axis, keys, descending, Typing.sort(input.type(), axis, keys.type()));
    }
  }

  /**
   * Cells outside the mask become null (or 0 where the band has no null values). The mask is
   * boolean, one band, of the same domain.
   */
  record Mask(ArrayExpr input, ArrayExpr mask, ArrayType type) implements ArrayExpr {
    public Mask(ArrayExpr input, ArrayExpr mask) {
      this(input, mask, Typing.mask(input.type(), mask.type()));
    }
  }

  /**
   * Arrays one after the other along an axis: each begins just after the one before ends; all other
   * bounds are the same. Bands have the common types and the null values of all.
   */
  record Concat(List<ArrayExpr> parts, int axis, ArrayType type) implements ArrayExpr {
    public Concat {
      parts = List.copyOf(parts);
    }

    public static Concat of(List<ArrayExpr> parts, int axis) {
      return new Concat(parts, axis, Typing.concat(parts, axis));
    }
  }

  /** How {@link Scale} and {@link Resample} find a cell's value. */
  enum Interpolation {
    NEAREST,
    LINEAR,
    CUBIC,
    AVERAGE,
    MODE,
    MINIMUM,
    MAXIMUM,
    MEDIAN,
    FIRST_QUARTILE,
    THIRD_QUARTILE
  }

  /** A scalar of one band. */
  static Constant scalar(CellType type, double value) {
    return Typing.scalar(type, value);
  }

  /** An INT64 scalar. */
  static Constant integer(long value) {
    return Typing.integer(value);
  }
}
