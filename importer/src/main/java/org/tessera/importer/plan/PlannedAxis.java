package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.plan.PlanCrs.Kind;
import org.tessera.importer.plan.PlanCrs.PlanAxis;
import org.tessera.importer.problem.ImportException;

/**
 * One axis of one slice.
 *
 * @param form bounds, resolution, coordinates
 * @param dimension dimension of the file along it
 * @param reversed whether the file runs against the axis
 * @param read cells that the file gives, from the axis' first on; mostly all
 * @param gridOrder place in the grid as the ingredients say
 * @param lower as the ingredients give it, without the half cells around points
 * @param upper as {@code lower}
 */
record PlannedAxis(
    PlanAxis axis,
    Form form,
    Optional<String> dimension,
    boolean reversed,
    long read,
    Optional<Integer> gridOrder,
    BigDecimal lower,
    BigDecimal upper) {

  /** Where the cells of an axis lie. */
  sealed interface Form {
    long size();

    /** From the border of the first cell on; the resolution is negative when coordinates fall. */
    record Regular(BigDecimal border, BigDecimal resolution, long size) implements Form {}

    record Irregular(List<BigDecimal> coordinates) implements Form {
      public Irregular {
        coordinates = List.copyOf(coordinates);
      }

      @Override
      public long size() {
        return coordinates.size();
      }
    }

    /** Grid indices without georeference, both inclusive. */
    record Index(long low, long high) implements Form {
      @Override
      public long size() {
        return high - low + 1;
      }
    }
  }

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** An axis of equal cells between two borders. */
  static PlannedAxis regular(
      PlanAxis axis,
      BigDecimal lower,
      BigDecimal upper,
      BigDecimal resolution,
      long size,
      Optional<String> dimension,
      boolean reversed) {
    return new PlannedAxis(
        axis,
        new Form.Regular(resolution.signum() > 0 ? lower : upper, resolution, size),
        dimension,
        reversed,
        size,
        Optional.empty(),
        lower,
        upper);
  }

  /** An axis with one point in this slice. */
  static PlannedAxis point(PlanAxis axis, BigDecimal coordinate) {
    return new PlannedAxis(
        axis,
        new Form.Irregular(List.of(coordinate)),
        Optional.empty(),
        false,
        1,
        Optional.empty(),
        coordinate,
        coordinate);
  }

  /** The same with other bounds and number of cells, for a reduced version of the file. */
  PlannedAxis reduced(long size) {
    return switch (form) {
      case Form.Regular r ->
          new PlannedAxis(
              axis,
              new Form.Regular(
                  r.border(),
                  r.resolution()
                      .multiply(BigDecimal.valueOf(r.size()))
                      .divide(BigDecimal.valueOf(size), MathContext.DECIMAL128),
                  size),
              dimension,
              reversed,
              size,
              gridOrder,
              lower,
              upper);
      case Form.Irregular i -> this;
      case Form.Index i ->
          new PlannedAxis(
              axis,
              new Form.Index(i.low(), i.low() + size - 1),
              dimension,
              reversed,
              size,
              gridOrder,
              lower,
              upper);
    };
  }

  PlannedAxis withBounds(BigDecimal newLower, BigDecimal newUpper) {
    return new PlannedAxis(axis, form, dimension, reversed, read, gridOrder, newLower, newUpper);
  }

  PlannedAxis inGridOrder(Optional<Integer> place) {
    return new PlannedAxis(axis, form, dimension, reversed, read, place, lower, upper);
  }

  PlannedAxis withForm(Form newForm) {
    return new PlannedAxis(axis, newForm, dimension, reversed, read, gridOrder, lower, upper);
  }

  /** The same with only its first cells in the file. */
  PlannedAxis reading(long cells) {
    return new PlannedAxis(axis, form, dimension, reversed, cells, gridOrder, lower, upper);
  }

  private Axis toModel(int rank) {
    return switch (form) {
      case Form.Regular r ->
          new Axis.RegularAxis(
              axis.label(),
              axis.uom(),
              axis.crs(),
              0,
              r.size() - 1,
              rank,
              PlanCrs.strip(r.border().add(r.resolution().divide(TWO))),
              PlanCrs.strip(r.resolution()));
      case Form.Irregular i ->
          new Axis.IrregularAxis(axis.label(), axis.uom(), axis.crs(), 0, rank, i.coordinates());
      case Form.Index i ->
          new Axis.IndexAxis(axis.label(), axis.uom(), axis.crs(), i.low(), i.high(), rank);
    };
  }

  private SourceLayout.SourceAxis toSource() {
    return dimension.isEmpty()
        ? SourceLayout.SourceAxis.absent(axis.label())
        : new SourceLayout.SourceAxis(axis.label(), dimension, reversed, 0, read);
  }

  /**
   * The domain of a slice.
   *
   * @param axes in CRS order
   * @param defaultOrder the axes in grid order as far as the ingredients do not say otherwise
   */
  static DomainSet domain(String crs, List<PlannedAxis> axes, List<PlannedAxis> defaultOrder) {
    List<PlannedAxis> order = new ArrayList<>(defaultOrder);
    order.sort(Comparator.comparingInt(a -> a.gridOrder().orElse(defaultOrder.indexOf(a))));
    List<Axis> model = new ArrayList<>();
    for (PlannedAxis a : order) {
      model.add(a.toModel(order.indexOf(a)));
    }
    // Array order: what is neither Y nor X first, then Y, then X.
    List<Axis> array = new ArrayList<>(model);
    array.sort(Comparator.comparingInt(a -> stage(axes, a.label())));
    return new DomainSet(crs, array, axes.stream().map(a -> a.axis().label()).toList());
  }

  private static int stage(List<PlannedAxis> axes, String label) {
    Kind kind =
        axes.stream()
            .filter(a -> a.axis().label().equals(label))
            .findFirst()
            .orElseThrow()
            .axis()
            .kind();
    return kind == Kind.X ? 2 : kind == Kind.Y ? 1 : 0;
  }

  static List<SourceLayout.SourceAxis> sources(List<PlannedAxis> axes) {
    return axes.stream().map(PlannedAxis::toSource).toList();
  }

  static List<String[]> places(List<PlannedAxis> axes) {
    return axes.stream()
        .map(a -> new String[] {a.axis().text(a.lower()), a.axis().text(a.upper())})
        .toList();
  }

  private static final BigDecimal QUARTER_TURN = BigDecimal.valueOf(90);
  private static final BigDecimal TWO_TURNS = BigDecimal.valueOf(720);

  /**
   * Checks that coordinates are possible on an axis in degrees of an EPSG system: latitudes within
   * a quarter of a turn and a cell, longitudes within two turns. Others are not looked at.
   *
   * @throws ImportException with what was found and what is possible
   */
  void checkPossible() {
    boolean geographic = axis.crs().contains("/EPSG/") && axis.uom().startsWith("deg");
    if (!geographic || (axis.kind() != PlanCrs.Kind.X && axis.kind() != PlanCrs.Kind.Y)) {
      return;
    }
    // Positions of an irregular axis are points; the borders of their cells are not known.
    BigDecimal cell =
        form instanceof Form.Regular r ? r.resolution().abs().min(QUARTER_TURN) : BigDecimal.ONE;
    boolean latitude = axis.kind() == PlanCrs.Kind.Y;
    BigDecimal most = latitude ? QUARTER_TURN.add(cell) : TWO_TURNS;
    if (lower.compareTo(most.negate()) < 0 || upper.compareTo(most) > 0) {
      BigDecimal shown = latitude ? QUARTER_TURN : TWO_TURNS;
      throw new ImportException(
          "axis "
              + axis.label()
              + " goes from "
              + PlanCrs.strip(lower).toPlainString()
              + " to "
              + PlanCrs.strip(upper).toPlainString()
              + ", but in "
              + axis.crs().replaceFirst(".*/crs/", "")
              + " it is in degrees and can go from -"
              + shown
              + " to "
              + shown
              + "; give the CRS that the coordinates are of");
    }
  }
}
