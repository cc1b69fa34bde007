package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.Reprojection;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.expr.CoverageExpr.AxisValue;
import org.tessera.coverage.expr.CoverageExpr.Target;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;

/**
 * crsTransform: the horizontal axes onto a grid in another CRS. The places on the old grid of all
 * new cells are computed at once; the cells are then gathered by index, so that what lies on other
 * axes comes along.
 */
final class Reprojecting {
  private static final long MAX_CELLS = 100_000_000;

  private final CoverageCompiler compiler;
  private final Scope scope;

  Reprojecting(CoverageCompiler compiler, Scope scope) {
    this.compiler = compiler;
    this.scope = scope;
  }

  /** The new horizontal grid: borders (not points) in the target CRS. */
  private record Grid(
      double lowX, double highY, double resolutionX, double resolutionY, int nx, int ny) {}

  CompiledCoverage transform(CompiledCoverage c, CoverageExpr.CrsTransform t) {
    for (CoverageExpr.AxisCrs a : t.axisCrs()) {
      Domains.indexOf(c.domain(), a.axis());
    }
    Crs to = target(t);
    Map<String, CrsAxis> kinds = scope.crs().axes(c.domain());
    int x = -1;
    int y = -1;
    for (int i = 0; i < c.domain().dimension(); i++) {
      CrsAxis.Kind kind = kinds.get(c.domain().axes().get(i).label()).kind();
      x = kind == CrsAxis.Kind.X ? i : x;
      y = kind == CrsAxis.Kind.Y ? i : y;
    }
    if (x < 0
        || y < 0
        || !(c.domain().axes().get(x) instanceof Axis.RegularAxis ax)
        || !(c.domain().axes().get(y) instanceof Axis.RegularAxis ay)) {
      throw invalid("crsTransform needs both horizontal axes of a coverage.");
    }
    Crs from = scope.crs().resolve(ax.crs());
    Grid grid = grid(t, from, to, ax, ay);
    return gathered(c, t, from, to, grid, x, y);
  }

  private Crs target(CoverageExpr.CrsTransform t) {
    String name = t.crs().orElseGet(() -> t.axisCrs().getFirst().crs());
    Crs to;
    try {
      to = scope.crs().resolve(name);
    } catch (OwsException e) {
      if (e.code() == OwsErrorCode.INVALID_CRS) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST,
            name,
            "CRS authority code is not valid. Given: " + name,
            e);
      }
      throw e;
    }
    for (CoverageExpr.AxisCrs a : t.axisCrs()) {
      if (!scope.crs().resolve(a.crs()).path().equals(to.path())) {
        throw invalid("Both axes must be transformed to the same CRS.");
      }
    }
    return to.horizontal().orElseThrow(() -> invalid("CRS '" + name + "' has no horizontal axes."));
  }

  // ---- grid

  private Grid grid(
      CoverageExpr.CrsTransform t, Crs from, Crs to, Axis.RegularAxis ax, Axis.RegularAxis ay) {
    int fromX = Subsetting.placeOfX(from);
    int toX = Subsetting.placeOfX(to);
    double[] lower = new double[2];
    double[] upper = new double[2];
    lower[fromX] = ax.lower().doubleValue();
    upper[fromX] = ax.upper().doubleValue();
    lower[1 - fromX] = ay.lower().doubleValue();
    upper[1 - fromX] = ay.upper().doubleValue();
    double[] box =
        from.path().equals(to.path())
            ? new double[] {lower[0], lower[1], upper[0], upper[1]}
            : scope.crs().reprojection(from, to).transformBox(lower, upper);
    double lowX = box[toX];
    double highX = box[toX + 2];
    double lowY = box[1 - toX];
    double highY = box[3 - toX];
    Map<CrsAxis.Kind, Double> resolutions = resolutions(t, to, ax, ay);
    // As many cells along the diagonal as before, square (GDALSuggestedWarpOutput).
    double square =
        Math.hypot(highX - lowX, highY - lowY) / Math.hypot((double) ax.size(), (double) ay.size());
    Optional<double[]> extent = extent(t, to, ax, ay);
    if (extent.isPresent()) {
      double[] e = extent.get();
      lowX = e[0];
      lowY = e[1];
      highX = e[2];
      highY = e[3];
    }
    double resolutionX = resolutions.getOrDefault(CrsAxis.Kind.X, square);
    double resolutionY = resolutions.getOrDefault(CrsAxis.Kind.Y, square);
    // What is a half but for rounding is one.
    double nx = Math.max(1, Math.floor((highX - lowX) / resolutionX + 0.5 + 1e-6));
    double ny = Math.max(1, Math.floor((highY - lowY) / resolutionY + 0.5 + 1e-6));
    if (scope.rule() == SubsettingRule.GDAL && extent.isEmpty() && !resolutions.isEmpty()) {
      // The peer adds a cell to the left and one at the top.
      nx++;
      ny++;
      lowX -= resolutionX;
      highY += resolutionY;
    }
    if (nx * ny > MAX_CELLS) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          "crsTransform",
          "The transformed coverage would have %.0f x %.0f cells.".formatted(nx, ny));
    }
    return new Grid(lowX, highY, resolutionX, resolutionY, (int) nx, (int) ny);
  }

  private Map<CrsAxis.Kind, Double> resolutions(
      CoverageExpr.CrsTransform t, Crs to, Axis ax, Axis ay) {
    Map<CrsAxis.Kind, Double> resolutions = new LinkedHashMap<>();
    for (AxisValue v : t.resolutions()) {
      double r = compiler.number(v.value()).abs().doubleValue();
      if (r == 0) {
        throw invalid("Target resolution for axis " + v.axis() + " must be a non-zero number.");
      }
      resolutions.put(kind(v.axis(), to, ax, ay), r);
    }
    return resolutions;
  }

  /** X or Y for a label of the source or the target. */
  private static CrsAxis.Kind kind(String label, Crs to, Axis ax, Axis ay) {
    for (CrsAxis a : to.axes()) {
      if (same(a.label(), label)) {
        return a.kind();
      }
    }
    if (same(ax.label(), label)) {
      return CrsAxis.Kind.X;
    }
    if (same(ay.label(), label)) {
      return CrsAxis.Kind.Y;
    }
    throw new OwsException(
        OwsErrorCode.INVALID_AXIS_LABEL,
        label,
        "Axis label '" + label + "' is none of the horizontal axes.");
  }

  private static boolean same(String a, String b) {
    return a.equals(b)
        || (a.equals("Lon") && b.equals("Long"))
        || (a.equals("Long") && b.equals("Lon"));
  }

  /** Lower X, lower Y, upper X, upper Y in the target CRS, if given. */
  private Optional<double[]> extent(CoverageExpr.CrsTransform t, Crs to, Axis ax, Axis ay) {
    if (t.extent().isEmpty()) {
      return Optional.empty();
    }
    double[] box = new double[4];
    switch (t.extent().get()) {
      case Target.Like like -> {
        if (!(compiler.value(like.domain()) instanceof Value.Extent x)) {
          throw invalid("The target extent must be the domain of a coverage.");
        }
        for (Value.Interval i : x.intervals()) {
          int place = targetKind(i.axis().label(), to) == CrsAxis.Kind.X ? 0 : 1;
          box[place] = i.lower().doubleValue();
          box[place + 2] = i.upper().doubleValue();
        }
      }
      case Target.Intervals intervals -> {
        for (DimensionSubset s : intervals.intervals()) {
          if (!(s instanceof DimensionSubset.DimensionTrim trim)) {
            throw invalid("The target extent needs a lower and an upper bound per axis.");
          }
          int place = kind(trim.axis(), to, ax, ay) == CrsAxis.Kind.X ? 0 : 1;
          box[place] = compiler.number(trim.lower()).doubleValue();
          box[place + 2] = compiler.number(trim.upper()).doubleValue();
        }
      }
      case Target.Factor f -> throw invalid("The target extent must be in braces.");
      case Target.Factors f -> throw invalid("The target extent needs two bounds per axis.");
      case Target.Sizes f -> throw invalid("The target extent needs two bounds per axis.");
      case Target.Extents f -> throw invalid("The target extent must be in braces.");
    }
    if (!(box[0] < box[2]) || !(box[1] < box[3])) {
      throw new OwsException(
          OwsErrorCode.INVALID_SUBSETTING, "crsTransform", "The target extent is upside down.");
    }
    return Optional.of(box);
  }

  private static CrsAxis.Kind targetKind(String label, Crs to) {
    return to.axes().stream()
        .filter(a -> same(a.label(), label))
        .map(CrsAxis::kind)
        .findFirst()
        .orElseThrow(
            () ->
                new OwsException(
                    OwsErrorCode.INVALID_AXIS_LABEL,
                    label,
                    "Axis label '" + label + "' does not exist in the target CRS."));
  }

  // ---- cells

  private CompiledCoverage gathered(
      CompiledCoverage c, CoverageExpr.CrsTransform t, Crs from, Crs to, Grid g, int x, int y) {
    double[][] places = places(c.domain(), from, to, g, x, y);
    int[] taps = taps(t.interpolation().orElse("near"));
    GridEnvelope box = c.cells().type().domain();
    // One cell of border on each side stands for all that lies outside.
    GridEnvelope bordered =
        box.with(x, box.low(x) - 1, box.high(x) + 1).with(y, box.low(y) - 1, box.high(y) + 1);
    ArrayExpr source = new ArrayExpr.Extend(c.cells(), bordered);
    ArrayExpr.Variable vy = new ArrayExpr.Variable(-201, "new y", 0, g.ny() - 1L);
    ArrayExpr.Variable vx = new ArrayExpr.Variable(-202, "new x", 0, g.nx() - 1L);
    ArrayExpr nearest =
        pick(
            source,
            x,
            y,
            at(g, places[0], 0.5, 0, box, x, vy, vx),
            at(g, places[1], 0.5, 0, box, y, vy, vx));
    ArrayExpr cells = nearest;
    if (taps.length > 1) {
      cells = interpolated(source, g, places, taps, box, x, y, vy, vx);
      List<ArrayExpr> bands = new ArrayList<>();
      for (int b = 0; b < c.range().size(); b++) {
        Band band = c.cells().type().band(b);
        ArrayExpr one =
            c.range().size() == 1 ? cells : new ArrayExpr.SelectBands(cells, List.of(b));
        if (band.type().isInteger()) {
          one = ArrayExpr.Induce.of(CellFunctions.get("round", 1), one);
        }
        bands.add(new ArrayExpr.Cast(one, band.type()));
      }
      cells = bands.size() == 1 ? bands.getFirst() : ArrayExpr.MakeBands.of(bands);
    }
    ArrayExpr all = new ArrayExpr.Construct(List.of(vy, vx), cells);
    return arranged(c, to, g, x, y, all);
  }

  /** The axes that are not reprojected first, then y, then x. */
  private static CompiledCoverage arranged(
      CompiledCoverage c, Crs to, Grid g, int x, int y, ArrayExpr all) {
    int n = c.domain().dimension();
    List<Integer> order = new ArrayList<>();
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (i != x && i != y) {
        order.add(2 + order.size());
        axes.add(c.domain().axes().get(i));
      }
    }
    order.add(0);
    order.add(1);
    ArrayExpr cells = n == 2 ? all : new ArrayExpr.Permute(all, order);
    int toX = Subsetting.placeOfX(to);
    Axis oldX = c.domain().axes().get(x);
    Axis oldY = c.domain().axes().get(y);
    String base = oldX.crs().substring(0, Math.max(0, oldX.crs().indexOf("/crs/")));
    String uri = to.uri(base);
    CrsAxis cx = to.axes().get(toX);
    CrsAxis cy = to.axes().get(1 - toX);
    BigDecimal rx = BigDecimal.valueOf(g.resolutionX());
    BigDecimal ry = BigDecimal.valueOf(g.resolutionY());
    Axis newY =
        new Axis.RegularAxis(
            cy.label(),
            cy.uom(),
            uri,
            0,
            g.ny() - 1L,
            oldY.gridRank(),
            BigDecimal.valueOf(g.highY()).subtract(ry.divide(BigDecimal.TWO)),
            ry.negate());
    Axis newX =
        new Axis.RegularAxis(
            cx.label(),
            cx.uom(),
            uri,
            0,
            g.nx() - 1L,
            oldX.gridRank(),
            BigDecimal.valueOf(g.lowX()).add(rx.divide(BigDecimal.TWO)),
            rx);
    axes.add(newY);
    axes.add(newX);
    List<String> crsOrder = new ArrayList<>();
    List<String> components = new ArrayList<>();
    for (Axis old : c.domain().crsAxes()) {
      boolean horizontal = old == oldX || old == oldY;
      String crs = horizontal ? uri : old.crs();
      if (!components.contains(crs)) {
        components.add(crs);
        if (horizontal) {
          to.axes().forEach(a -> crsOrder.add(a.label()));
        }
      }
      if (!horizontal) {
        crsOrder.add(old.label());
      }
    }
    return c.with(cells, new DomainSet(Domains.compound(components), axes, crsOrder));
  }

  /** Places (x, then y) of the new cells' points on the old grid, where cell i is i to i + 1. */
  private double[][] places(DomainSet domain, Crs from, Crs to, Grid g, int x, int y) {
    int n = Math.multiplyExact(g.nx(), g.ny());
    double[][] places = new double[2][n];
    int toX = Subsetting.placeOfX(to);
    int fromX = Subsetting.placeOfX(from);
    Axis.RegularAxis ax = (Axis.RegularAxis) domain.axes().get(x);
    Axis.RegularAxis ay = (Axis.RegularAxis) domain.axes().get(y);
    boolean same = from.path().equals(to.path());
    Reprojection back = same ? null : scope.crs().reprojection(to, from);
    double[] row = new double[2 * g.nx()];
    for (int j = 0; j < g.ny(); j++) {
      for (int i = 0; i < g.nx(); i++) {
        row[2 * i + toX] = g.lowX() + (i + 0.5) * g.resolutionX();
        row[2 * i + 1 - toX] = g.highY() - (j + 0.5) * g.resolutionY();
      }
      if (back != null) {
        back.transform(row);
      }
      for (int i = 0; i < g.nx(); i++) {
        places[0][j * g.nx() + i] = place(ax, row[2 * i + fromX]);
        places[1][j * g.nx() + i] = place(ay, row[2 * i + 1 - fromX]);
      }
    }
    return places;
  }

  private static double place(Axis.RegularAxis axis, double coordinate) {
    double r = axis.resolution().doubleValue();
    double place = axis.low() + (coordinate - axis.origin().doubleValue()) / r + 0.5;
    double snapped = Math.rint(place * 1e6) / 1e6;
    return Math.abs(place - snapped) < 1e-9 ? snapped : place;
  }

  /** Which neighbours count, relative to the cell below the place. */
  private static int[] taps(String interpolation) {
    return switch (Scaling.interpolation(interpolation)) {
      case NEAREST -> new int[] {0};
      case LINEAR -> new int[] {0, 1};
      case CUBIC -> new int[] {-1, 0, 1, 2};
      case AVERAGE, MODE, MINIMUM, MAXIMUM, MEDIAN, FIRST_QUARTILE, THIRD_QUARTILE ->
          throw new OwsException(
              OwsErrorCode.INTERPOLATION_METHOD_NOT_SUPPORTED,
              interpolation,
              "crsTransform interpolates by near, bilinear, cubic; not by "
                  + interpolation.toLowerCase(Locale.ROOT)
                  + ".");
    };
  }

  private static ArrayExpr pick(ArrayExpr source, int x, int y, ArrayExpr atX, ArrayExpr atY) {
    return x > y
        ? new ArrayExpr.Slice(new ArrayExpr.Slice(source, x, atX), y, atY)
        : new ArrayExpr.Slice(new ArrayExpr.Slice(source, y, atY), x, atX);
  }

  /**
   * Table of indices of an axis: floor(place - 0.5 + centre) + tap, the border where that is
   * outside. {@code centre} 0.5 gives the cell that holds the place.
   */
  private static ArrayExpr at(
      Grid g,
      double[] places,
      double centre,
      int tap,
      GridEnvelope box,
      int axis,
      ArrayExpr.Variable vy,
      ArrayExpr.Variable vx) {
    long[] table = new long[places.length];
    for (int i = 0; i < table.length; i++) {
      double p = places[i];
      boolean outside = !(p >= box.low(axis) && p < box.high(axis) + 1.0);
      long index = (long) Math.floor(p - 0.5 + centre) + tap;
      // At the edge of the grid the border cell stands for its missing neighbours.
      table[i] =
          outside ? box.low(axis) - 1 : Math.max(box.low(axis), Math.min(box.high(axis), index));
    }
    ArrayExpr constant =
        Constants.of(GridEnvelope.ofSize(g.ny(), g.nx()), Cells.wrap(CellType.INT64, table, null));
    return new ArrayExpr.Slice(new ArrayExpr.Slice(constant, 0, vy), 0, vx);
  }

  private static ArrayExpr interpolated(
      ArrayExpr source,
      Grid g,
      double[][] places,
      int[] taps,
      GridEnvelope box,
      int x,
      int y,
      ArrayExpr.Variable vy,
      ArrayExpr.Variable vx) {
    ArrayExpr sum = null;
    for (int ty : taps) {
      ArrayExpr atY = at(g, places[1], 0, ty, box, y, vy, vx);
      ArrayExpr weightY = weight(g, places[1], ty, taps.length, vy, vx);
      for (int tx : taps) {
        ArrayExpr atX = at(g, places[0], 0, tx, box, x, vy, vx);
        ArrayExpr weightX = weight(g, places[0], tx, taps.length, vy, vx);
        ArrayExpr part = times(times(pick(source, x, y, atX, atY), weightX), weightY);
        sum = sum == null ? part : ArrayExpr.Induce.of(CellFunctions.get("+", 2), sum, part);
      }
    }
    return sum;
  }

  private static ArrayExpr times(ArrayExpr a, ArrayExpr b) {
    return ArrayExpr.Induce.of(CellFunctions.get("*", 2), a, b);
  }

  private static ArrayExpr weight(
      Grid g, double[] places, int tap, int taps, ArrayExpr.Variable vy, ArrayExpr.Variable vx) {
    double[] table = new double[places.length];
    for (int i = 0; i < table.length; i++) {
      double f = places[i] - 0.5 - Math.floor(places[i] - 0.5);
      double distance = Math.abs(f - tap);
      table[i] = taps == 2 ? Math.max(0, 1 - distance) : cubic(distance);
    }
    ArrayExpr constant =
        Constants.of(
            GridEnvelope.ofSize(g.ny(), g.nx()), Cells.wrap(CellType.FLOAT64, table, null));
    return new ArrayExpr.Slice(new ArrayExpr.Slice(constant, 0, vy), 0, vx);
  }

  /** The cubic convolution kernel with a = -0.5. */
  private static double cubic(double d) {
    if (d < 1) {
      return (1.5 * d - 2.5) * d * d + 1;
    }
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  }

  private static OwsException invalid(String message) {
    return new OwsException(OwsErrorCode.INVALID_REQUEST, "crsTransform", message);
  }
}
