package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
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
import org.tessera.engine.algebra.WarpMesh;
import org.tessera.engine.array.GridEnvelope;

/**
 * crsTransform: the horizontal axes onto a grid in another CRS. A mesh tells the places on the old
 * grid of all new cells; what lies on other axes comes along.
 */
final class Reprojecting {
  /** Of an axis. */
  private static final int MAX_CELLS = 1 << 30;

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
    if (from.path().equals(to.path()) && isThereAlready(t, ax, ay)) {
      return c;
    }
    Grid grid = grid(t, from, to, ax, ay);
    return resampled(c, t, from, to, grid, x, y);
  }

  /**
   * Whether a grid in the target CRS is the result itself: nothing else is asked of it, and by the
   * rule gdal its cells are square and north is up.
   */
  private boolean isThereAlready(
      CoverageExpr.CrsTransform t, Axis.RegularAxis x, Axis.RegularAxis y) {
    return t.resolutions().isEmpty()
        && t.extent().isEmpty()
        && (scope.rule() != SubsettingRule.GDAL
            || x.resolution().compareTo(y.resolution().negate()) == 0);
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
    TargetGrid suggested =
        TargetGrid.suggested(
            scope.crs(),
            from,
            to,
            ax.lower().doubleValue(),
            ay.lower().doubleValue(),
            ax.upper().doubleValue(),
            ay.upper().doubleValue(),
            ax.size(),
            ay.size());
    double lowX = suggested.lowX();
    double lowY = suggested.lowY();
    double highX = suggested.highX();
    double highY = suggested.highY();
    Map<CrsAxis.Kind, Double> resolutions = resolutions(t, to, ax, ay);
    Optional<double[]> extent = extent(t, to, ax, ay);
    if (extent.isPresent()) {
      double[] e = extent.get();
      lowX = e[0];
      lowY = e[1];
      highX = e[2];
      highY = e[3];
    }
    double resolutionX = resolutions.getOrDefault(CrsAxis.Kind.X, suggested.cell());
    double resolutionY = resolutions.getOrDefault(CrsAxis.Kind.Y, suggested.cell());
    if (scope.rule() == SubsettingRule.GDAL && extent.isEmpty() && !resolutions.isEmpty()) {
      // The peer puts the borders of cells at multiples of their size (gdalwarp -tap).
      lowX = Math.floor(lowX / resolutionX) * resolutionX;
      highX = Math.ceil(highX / resolutionX) * resolutionX;
      lowY = Math.floor(lowY / resolutionY) * resolutionY;
      highY = Math.ceil(highY / resolutionY) * resolutionY;
    }
    // What is a half but for rounding is one.
    double nx = Math.max(1, Math.floor((highX - lowX) / resolutionX + 0.5 + 1e-6));
    double ny = Math.max(1, Math.floor((highY - lowY) / resolutionY + 0.5 + 1e-6));
    if (extent.isPresent()) {
      // The bounds asked for are kept where the size of the cells is ours to choose.
      resolutionX = resolutions.containsKey(CrsAxis.Kind.X) ? resolutionX : (highX - lowX) / nx;
      resolutionY = resolutions.containsKey(CrsAxis.Kind.Y) ? resolutionY : (highY - lowY) / ny;
    }
    if (Math.max(nx, ny) > MAX_CELLS) {
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

  private CompiledCoverage resampled(
      CompiledCoverage c, CoverageExpr.CrsTransform t, Crs from, Crs to, Grid g, int x, int y) {
    ArrayExpr cells =
        new ArrayExpr.Resample(
            c.cells(),
            y,
            x,
            mesh(c.domain(), from, to, g, x, y),
            Scaling.interpolation(t.interpolation().orElse("near")));
    return arranged(c, to, g, x, y, cells);
  }

  private static CompiledCoverage arranged(
      CompiledCoverage c, Crs to, Grid g, int x, int y, ArrayExpr cells) {
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
    return c.with(cells, HorizontalAxes.replace(c.domain(), x, y, to, newX, newY));
  }

  /** Where the new cells' points are on the old grid. */
  private WarpMesh mesh(DomainSet domain, Crs from, Crs to, Grid g, int x, int y) {
    int toX = Subsetting.placeOfX(to);
    int fromX = Subsetting.placeOfX(from);
    Along ax = Along.of((Axis.RegularAxis) domain.axes().get(x));
    Along ay = Along.of((Axis.RegularAxis) domain.axes().get(y));
    boolean turns =
        from.kind() == Crs.Kind.GEOGRAPHIC && from.axes().get(fromX).uom().startsWith("deg");
    Optional<Reprojection> back =
        from.path().equals(to.path())
            ? Optional.empty()
            : Optional.of(scope.crs().reprojection(to, from));
    return WarpMesh.of(
        GridEnvelope.ofSize(g.ny(), g.nx()),
        points -> {
          for (int i = 0; i < points.length; i += 2) {
            double row = points[i];
            double column = points[i + 1];
            points[i + toX] = g.lowX() + column * g.resolutionX();
            points[i + 1 - toX] = g.highY() - row * g.resolutionY();
          }
          back.ifPresent(b -> b.transform(points));
          for (int i = 0; i < points.length; i += 2) {
            double px = points[i + fromX];
            double py = points[i + 1 - fromX];
            points[i] = ay.place(py);
            points[i + 1] = ax.place(turns ? ax.turned(px) : px);
          }
        });
  }

  /** A regular axis in doubles. */
  private record Along(double low, double origin, double resolution, double middle) {
    static Along of(Axis.RegularAxis axis) {
      return new Along(
          axis.low(),
          axis.origin().doubleValue(),
          axis.resolution().doubleValue(),
          axis.lower().add(axis.upper()).doubleValue() / 2);
    }

    /** The place of a coordinate, where cell i is i to i + 1. */
    double place(double coordinate) {
      return low + (coordinate - origin) / resolution + 0.5;
    }

    /** A longitude by whole turns to within 180 degrees of the middle of the axis. */
    double turned(double longitude) {
      double away = longitude - middle;
      return Math.abs(away) <= 180 ? longitude : longitude - 360 * Math.rint(away / 360);
    }
  }

  private static OwsException invalid(String message) {
    return new OwsException(OwsErrorCode.INVALID_REQUEST, "crsTransform", message);
  }
}
