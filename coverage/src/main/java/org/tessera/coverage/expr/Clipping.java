package org.tessera.coverage.expr;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.crs.Reprojection;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/** Clip by shapes: coordinates to cells, shapes to masks and paths. */
final class Clipping {
  private final CoverageCompiler compiler;
  private final Scope scope;
  private final GridMapping mapping;

  Clipping(CoverageCompiler compiler, Scope scope, GridMapping mapping) {
    this.compiler = compiler;
    this.scope = scope;
    this.mapping = mapping;
  }

  CompiledCoverage clip(
      CompiledCoverage c, Shape shape, Optional<String> crs, boolean withCoordinates) {
    return switch (resolved(shape)) {
      case Shape.Polygon p -> polygons(c, List.of(p), crs);
      case Shape.MultiPolygon m -> polygons(c, m.polygons(), crs);
      case Shape.LineString l -> line(c, l, crs, withCoordinates);
      case Shape.Curtain k -> curtain(c, k, crs);
      case Shape.Corridor k -> corridor(c, k, crs);
      case Shape.ShapeVariable v -> throw new IllegalStateException("not resolved");
    };
  }

  private Shape resolved(Shape shape) {
    if (!(shape instanceof Shape.ShapeVariable v)) {
      return shape;
    }
    if (compiler.named(v.name(), v.position()) instanceof Value.Geometry g) {
      return resolved(g.shape());
    }
    throw new OwsException(
        OwsErrorCode.SEMANTIC_ERROR,
        "$" + v.name(),
        "Variable '$" + v.name() + "' is no shape" + v.position() + ".");
  }

  // ---- polygons

  private CompiledCoverage polygons(
      CompiledCoverage c, List<Shape.Polygon> polygons, Optional<String> crs) {
    if (c.domain().dimension() != 2) {
      throw invalid(
          "Clipping by a polygon needs a 2D coverage, given: "
              + c.domain().dimension()
              + "D coverage; a curtain clips more dimensions.");
    }
    List<Integer> axes = shapeAxes(c.domain());
    Raster raster = raster(c.domain(), axes, polygons, crs);
    return masked(c, axes, raster);
  }

  /** The axes that the coordinates of a vertex stand for, in the order of the CRS. */
  private static List<Integer> shapeAxes(DomainSet domain) {
    return domain.crsAxes().stream().map(a -> domain.axes().indexOf(a)).toList();
  }

  /** A mask over two axes, and the box in which it holds anything. */
  private record Raster(GridEnvelope box, ArrayExpr mask) {
    static Raster of(long lowA, long highA, long lowB, long highB, byte[] cells) {
      GridEnvelope box = GridEnvelope.of(new long[] {lowA, lowB}, new long[] {highA, highB});
      return new Raster(box, Constants.ofBooleans(box, cells));
    }

    long lowA() {
      return box.low(0);
    }

    long highA() {
      return box.high(0);
    }

    long lowB() {
      return box.low(1);
    }

    long highB() {
      return box.high(1);
    }

    long sizeB() {
      return box.size(1);
    }
  }

  /** Cuts down to the box of the mask and makes null what lies outside of it. */
  private static CompiledCoverage masked(CompiledCoverage c, List<Integer> axes, Raster r) {
    int a = axes.get(0);
    int b = axes.get(1);
    GridEnvelope box =
        c.cells().type().domain().with(a, r.lowA(), r.highA()).with(b, r.lowB(), r.highB());
    ArrayExpr whole = broadcast(r.mask(), List.of(a, b), box);
    List<Axis> cut = new ArrayList<>(c.domain().axes());
    cut.set(a, GridMapping.withBounds(cut.get(a), r.lowA(), r.highA()));
    cut.set(b, GridMapping.withBounds(cut.get(b), r.lowB(), r.highB()));
    return c.with(
        new ArrayExpr.Mask(new ArrayExpr.Trim(c.cells(), box), whole),
        Domains.replace(c.domain(), cut));
  }

  /** An array over some axes of a box, the same at all indices of the others. */
  private static ArrayExpr broadcast(ArrayExpr e, List<Integer> axes, GridEnvelope box) {
    List<ArrayExpr.Variable> variables = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < box.dimension(); i++) {
      if (!axes.contains(i)) {
        variables.add(new ArrayExpr.Variable(-1 - i, "along " + i, box.low(i), box.high(i)));
        order.add(i);
      }
    }
    order.addAll(axes);
    ArrayExpr all = variables.isEmpty() ? e : new ArrayExpr.Construct(variables, e);
    List<Integer> back = new ArrayList<>();
    for (int i = 0; i < box.dimension(); i++) {
      back.add(order.indexOf(i));
    }
    boolean same = true;
    for (int i = 0; i < back.size(); i++) {
      same &= back.get(i) == i;
    }
    return same ? all : new ArrayExpr.Permute(all, back);
  }

  /** A ring in the coordinates of the coverage, and the cells that it reaches over. */
  private record Loop(List<double[]> vertices, Range a, Range b) {}

  /** Cells of an axis, both inclusive. */
  private record Range(long low, long high) {}

  /** The union of polygons. */
  private Raster raster(
      DomainSet domain, List<Integer> axes, List<Shape.Polygon> polygons, Optional<String> crs) {
    Axis a = domain.axes().get(axes.get(0));
    Axis b = domain.axes().get(axes.get(1));
    List<List<Loop>> areas = new ArrayList<>();
    for (Shape.Polygon p : polygons) {
      areas.add(
          p.rings().stream()
              .map(r -> loop(a, b, geoPoints(domain, axes, r.vertices(), crs)))
              .toList());
    }
    List<Loop> loops = areas.stream().flatMap(List::stream).toList();
    long fromA = loops.stream().mapToLong(x -> x.a().low()).min().orElseThrow();
    long toA = loops.stream().mapToLong(x -> x.a().high()).max().orElseThrow();
    long fromB = loops.stream().mapToLong(x -> x.b().low()).min().orElseThrow();
    long toB = loops.stream().mapToLong(x -> x.b().high()).max().orElseThrow();
    long cells = (toA - fromA + 1) * (toB - fromB + 1);
    if (cells > Integer.MAX_VALUE / 2) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE, "clip", "The shape covers " + cells + " cells.");
    }
    byte[] mask = new byte[(int) cells];
    for (List<Loop> area : areas) {
      List<double[][]> rings = area.stream().map(l -> onGrid(a, b, l)).toList();
      if (scope.rule() == SubsettingRule.GDAL) {
        PolygonFill.fill(mask, fromA, toA, fromB, toB, rings);
      } else {
        PolygonFill.touched(mask, fromA, toA, fromB, toB, rings);
      }
    }
    return Raster.of(fromA, toA, fromB, toB, mask);
  }

  private double[][] onGrid(Axis a, Axis b, Loop loop) {
    double[][] vertices = new double[loop.vertices().size()][];
    for (int i = 0; i < vertices.length; i++) {
      double[] v = loop.vertices().get(i);
      vertices[i] =
          scope.rule() == SubsettingRule.GDAL
              ? new double[] {
                within(cell(a, v[0], loop.a()), a, loop.a()),
                within(cell(b, v[1], loop.b()), b, loop.b())
              }
              : new double[] {gridPlace(a, v[0]), gridPlace(b, v[1])};
    }
    return vertices;
  }

  /**
   * By the rule gdal a vertex beyond the coverage is moved to its border before edges are drawn.
   */
  private static long within(long cell, Axis axis, Range box) {
    return cell < axis.low() ? box.low() : cell > axis.high() ? box.high() : cell;
  }

  private Loop loop(Axis a, Axis b, double[][] points) {
    if (points.length < 3) {
      throw invalid("A polygon needs at least three vertices, found " + points.length + ".");
    }
    double[] low = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    double[] high = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (double[] v : points) {
      for (int d = 0; d < 2; d++) {
        low[d] = Math.min(low[d], v[d]);
        high[d] = Math.max(high[d], v[d]);
      }
    }
    // The box is that of a subset by the extent of the ring.
    return new Loop(
        List.of(points),
        shown(a, extent(a, low[0], high[0]), low[0], high[0]),
        shown(b, extent(b, low[1], high[1]), low[1], high[1]));
  }

  // ---- lines

  private CompiledCoverage line(
      CompiledCoverage c, Shape.LineString l, Optional<String> crs, boolean withCoordinates) {
    DomainSet domain = c.domain();
    List<Integer> axes = shapeAxes(domain);
    List<long[]> path = path(domain, axes, l.vertices(), crs);
    return along(c, axes, path, withCoordinates);
  }

  /** The cells on a line, each once at a turn, within the coverage. */
  private List<long[]> path(
      DomainSet domain, List<Integer> axes, List<Shape.Vertex> vertices, Optional<String> crs) {
    List<long[]> path = new ArrayList<>();
    for (long[] cell : cells(domain, axes, vertices, crs)) {
      if (path.isEmpty()) {
        path.add(cell);
      } else {
        PolygonFill.line(path, cell, false);
      }
    }
    return path;
  }

  /** The cells of the vertices of a line, within the coverage. */
  private List<long[]> cells(
      DomainSet domain, List<Integer> axes, List<Shape.Vertex> vertices, Optional<String> crs) {
    double[][] geo = geoPoints(domain, axes, vertices, crs);
    Range[] boxes = new Range[axes.size()];
    for (int d = 0; d < boxes.length; d++) {
      int place = d;
      double low = Arrays.stream(geo).mapToDouble(v -> v[place]).min().orElseThrow();
      double high = Arrays.stream(geo).mapToDouble(v -> v[place]).max().orElseThrow();
      Axis axis = domain.axes().get(axes.get(d));
      boxes[d] = shown(axis, extent(axis, low, high), low, high);
    }
    List<long[]> cells = new ArrayList<>();
    for (double[] vertex : geo) {
      long[] cell = new long[axes.size()];
      for (int d = 0; d < cell.length; d++) {
        Axis axis = domain.axes().get(axes.get(d));
        cell[d] = cell(axis, vertex[d], boxes[d]);
        if (cell[d] < axis.low() || cell[d] > axis.high()) {
          throw new OwsException(
              OwsErrorCode.INVALID_SUBSETTING,
              axis.label(),
              "A vertex of the line lies outside of axis '" + axis.label() + "'.");
        }
      }
      cells.add(cell);
    }
    return cells;
  }

  /** The cells at the places of a path, as a coverage of one index axis. */
  private CompiledCoverage along(
      CompiledCoverage c, List<Integer> axes, List<long[]> path, boolean withCoordinates) {
    int n = path.size();
    ArrayExpr.Variable k = new ArrayExpr.Variable(-100, "along the line", 0, n - 1);
    ArrayExpr cells = c.cells();
    List<Integer> descending = new ArrayList<>(axes);
    descending.sort((x, y) -> Integer.compare(y, x));
    for (int axis : descending) {
      long[] places = new long[n];
      for (int i = 0; i < n; i++) {
        places[i] = path.get(i)[axes.indexOf(axis)];
      }
      cells =
          new ArrayExpr.Slice(cells, axis, new ArrayExpr.Slice(Constants.ofLongs(places), 0, k));
    }
    ArrayExpr values = new ArrayExpr.Construct(List.of(k), cells);
    List<RangeField> range = new ArrayList<>(c.range());
    if (withCoordinates) {
      List<ArrayExpr> bands = new ArrayList<>();
      List<RangeField> fields = new ArrayList<>();
      for (int d = 0; d < axes.size(); d++) {
        Axis axis = c.domain().axes().get(axes.get(d));
        double[] coordinates = new double[n];
        for (int i = 0; i < n; i++) {
          coordinates[i] = coordinate(axis, path.get(i)[d]);
        }
        bands.add(Constants.ofDoubles(coordinates));
        fields.add(coordinates(axis));
      }
      bands.add(values);
      fields.addAll(range);
      values = ArrayExpr.MakeBands.of(bands);
      range = fields;
    }
    String crs = scope.crsBase() + "/crs/OGC/0/Index1D";
    Axis axis = new Axis.IndexAxis("i", "GridSpacing", crs, 0, n - 1, 0);
    return new CompiledCoverage(
        c.id(),
        values,
        new DomainSet(crs, List.of(axis), List.of("i"), c.domain().referenceable()),
        range,
        c.metadata());
  }

  /** The coordinate of a cell; by the rule gdal that of its border at the lower index. */
  private double coordinate(Axis axis, long index) {
    BigDecimal point = GridMapping.coordinateOf(axis, index);
    return axis instanceof Axis.RegularAxis a && scope.rule() == SubsettingRule.GDAL
        ? point.subtract(a.resolution().divide(BigDecimal.TWO)).doubleValue()
        : point.doubleValue();
  }

  /** The field of an axis' coordinates; that of a time axis is defined by its CRS. */
  private RangeField coordinates(Axis axis) {
    boolean time = mapping.timeScale(axis).isPresent();
    return new RangeField(
        axis.label(), CellType.FLOAT64, "", "", time ? axis.crs() : "", axis.uom(), List.of());
  }

  // ---- curtain and corridor

  private List<Integer> projection(DomainSet domain, List<String> labels) {
    List<Integer> axes = labels.stream().map(l -> Domains.indexOf(domain, l)).toList();
    if (axes.size() != 2) {
      throw invalid("A projection of two axes is needed, found " + labels + ".");
    }
    return axes;
  }

  private CompiledCoverage curtain(CompiledCoverage c, Shape.Curtain k, Optional<String> crs) {
    List<Integer> axes = projection(c.domain(), k.axes());
    return switch (resolved(k.mask())) {
      case Shape.Polygon p -> masked(c, axes, raster(c.domain(), axes, List.of(p), crs));
      case Shape.MultiPolygon m -> masked(c, axes, raster(c.domain(), axes, m.polygons(), crs));
      case Shape.LineString l -> masked(c, axes, lineRaster(c.domain(), axes, l, crs));
      case Shape.Curtain x -> throw invalid("A curtain needs a polygon or a line.");
      case Shape.Corridor x -> throw invalid("A curtain needs a polygon or a line.");
      case Shape.ShapeVariable x -> throw new IllegalStateException("not resolved");
    };
  }

  private Raster lineRaster(
      DomainSet domain, List<Integer> axes, Shape.LineString l, Optional<String> crs) {
    List<long[]> path = path(domain, axes, l.vertices(), crs);
    long[] low = path.getFirst().clone();
    long[] high = low.clone();
    for (long[] p : path) {
      for (int d = 0; d < 2; d++) {
        low[d] = Math.min(low[d], p[d]);
        high[d] = Math.max(high[d], p[d]);
      }
    }
    long width = high[1] - low[1] + 1;
    byte[] cells = new byte[Math.toIntExact((high[0] - low[0] + 1) * width)];
    for (long[] p : path) {
      cells[(int) ((p[0] - low[0]) * width + p[1] - low[1])] = 1;
    }
    return Raster.of(low[0], high[0], low[1], high[1], cells);
  }

  /**
   * The mask over two axes carried along the track: the result has an index axis along the track
   * and then the axes of the mask.
   */
  private CompiledCoverage corridor(CompiledCoverage c, Shape.Corridor k, Optional<String> crs) {
    DomainSet domain = c.domain();
    List<Integer> axes = projection(domain, k.axes());
    List<Integer> all = shapeAxes(domain);
    List<long[]> track =
        k.discrete()
            ? cells(domain, all, k.track().vertices(), crs)
            : path(domain, all, k.track().vertices(), crs);
    Raster mask =
        switch (resolved(k.mask())) {
          case Shape.Polygon p -> raster(domain, axes, List.of(p), crs);
          case Shape.LineString l -> lineRaster(domain, axes, l, crs);
          case Shape.MultiPolygon m -> throw corridorShape();
          case Shape.Curtain x -> throw corridorShape();
          case Shape.Corridor x -> throw corridorShape();
          case Shape.ShapeVariable x -> throw new IllegalStateException("not resolved");
        };
    int a = axes.get(0);
    int b = axes.get(1);
    int placeA = all.indexOf(a);
    int placeB = all.indexOf(b);
    int n = track.size();
    ArrayExpr.Variable v = new ArrayExpr.Variable(-101, "along the track", 0, n - 1);
    long[] fromA = new long[n];
    long[] fromB = new long[n];
    long sizeA = mask.highA() - mask.lowA() + 1;
    long sizeB = mask.sizeB();
    GridEnvelope box = c.cells().type().domain();
    GridEnvelope reach = box;
    for (int i = 0; i < n; i++) {
      fromA[i] = mask.lowA() + track.get(i)[placeA] - track.getFirst()[placeA];
      fromB[i] = mask.lowB() + track.get(i)[placeB] - track.getFirst()[placeB];
      reach = reach.union(reach.with(a, fromA[i], fromA[i] + sizeA - 1));
      reach = reach.union(reach.with(b, fromB[i], fromB[i] + sizeB - 1));
    }
    ArrayExpr cells = reach.equals(box) ? c.cells() : new ArrayExpr.Extend(c.cells(), reach);
    cells = new ArrayExpr.Window(cells, a, table(fromA, v), sizeA);
    cells = new ArrayExpr.Window(cells, b, table(fromB, v), sizeB);
    List<Axis> kept = new ArrayList<>();
    kept.add(domain.axes().get(a));
    kept.add(domain.axes().get(b));
    for (int axis = box.dimension() - 1; axis >= 0; axis--) {
      if (axis != a && axis != b) {
        long[] at = new long[n];
        for (int i = 0; i < n; i++) {
          at[i] = track.get(i)[all.indexOf(axis)];
        }
        cells = new ArrayExpr.Slice(cells, axis, table(at, v));
      }
    }
    if (a > b) {
      cells = new ArrayExpr.Permute(cells, List.of(1, 0));
    }
    ArrayExpr stencil = new ArrayExpr.Shift(mask.mask(), List.of(-mask.lowA(), -mask.lowB()));
    cells = new ArrayExpr.Construct(List.of(v), new ArrayExpr.Mask(cells, stencil));
    // Along the track the mask moves; its axes are shown where it is at the start.
    List<Axis> result = new ArrayList<>();
    result.add(
        new Axis.IndexAxis(
            "i", "GridSpacing", scope.crsBase() + "/crs/OGC/0/Index1D", 0, n - 1, 0));
    result.add(moved(kept.get(0), mask.lowA(), mask.highA(), 1));
    result.add(moved(kept.get(1), mask.lowB(), mask.highB(), 2));
    cells = new ArrayExpr.Shift(cells, List.of(0L, mask.lowA(), mask.lowB()));
    return c.with(cells, compiler.ofComponents(result));
  }

  /** The axis over cells that may reach beyond it; an irregular one then counts its cells. */
  private Axis moved(Axis axis, long low, long high, int rank) {
    return Domains.withRank(Domains.extended(axis, low, high), rank);
  }

  private static ArrayExpr table(long[] values, ArrayExpr.Variable v) {
    return new ArrayExpr.Slice(Constants.ofLongs(values), 0, v);
  }

  private static OwsException corridorShape() {
    return new OwsException(
        OwsErrorCode.NO_APPLICABLE_CODE,
        "clip",
        "At present, corridor clipping only supports the LineString and Polygon WKT geometry types.");
  }

  // ---- coordinates

  /** The box no wider than the cells of the vertices. */
  private static Range shown(Axis axis, GridMapping.Trimmed box, double low, double high) {
    double x = Math.floor(gridPlace(axis, low));
    double y = Math.floor(gridPlace(axis, high));
    long from = Math.max(box.low(), (long) Math.min(x, y));
    long to = Math.min(box.high(), (long) Math.max(x, y));
    return from <= to ? new Range(from, to) : new Range(box.low(), box.high());
  }

  /**
   * The cell of a vertex.
   *
   * @param box cells of the shape's extent
   */
  private long cell(Axis axis, double coordinate, Range box) {
    double place = gridPlace(axis, coordinate);
    // On a border the rule gdal takes the cell of the lower index.
    long cell =
        scope.rule() == SubsettingRule.GDAL && axis instanceof Axis.RegularAxis
            ? (long) Math.ceil(place) - 1
            : (long) Math.floor(place);
    // A vertex beyond the box by rounding is put onto its border.
    return cell == box.low() - 1 ? box.low() : cell == box.high() + 1 ? box.high() : cell;
  }

  private GridMapping.Trimmed extent(Axis axis, double low, double high) {
    try {
      // What lies beyond the coverage does not count.
      boolean within = high >= axis.lower().doubleValue() && low <= axis.upper().doubleValue();
      BigDecimal from = BigDecimal.valueOf(low);
      BigDecimal to = BigDecimal.valueOf(high);
      return axis instanceof Axis.RegularAxis && within
          ? mapping.trim(axis, from.max(axis.lower()), to.min(axis.upper()))
          : mapping.trim(axis, from, to);
    } catch (OwsException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_SUBSETTING,
          "clip",
          "The shape to clip by does not intersect the coverage: " + e.getMessage(),
          e);
    }
  }

  /** Vertices in the coordinates of the coverage. */
  private double[][] geoPoints(
      DomainSet domain, List<Integer> axes, List<Shape.Vertex> vertices, Optional<String> crs) {
    List<Shape.Vertex> separate = separate(vertices, axes.size());
    double[][] points = new double[separate.size()][];
    for (int i = 0; i < points.length; i++) {
      points[i] = geoPoint(domain, axes, separate.get(i));
    }
    crs.ifPresent(c -> reproject(domain, axes, points, c));
    return points;
  }

  /** Where a comma between two vertices was forgotten, they are still two. */
  private static List<Shape.Vertex> separate(List<Shape.Vertex> vertices, int n) {
    List<Shape.Vertex> list = new ArrayList<>();
    for (Shape.Vertex v : vertices) {
      List<CoverageExpr> all = v.coordinates();
      if (all.size() % n != 0 || all.size() > 2 * n) {
        list.add(v);
        continue;
      }
      for (int i = 0; i < all.size(); i += n) {
        list.add(new Shape.Vertex(all.subList(i, i + n)));
      }
    }
    return list;
  }

  private double[] geoPoint(DomainSet domain, List<Integer> axes, Shape.Vertex v) {
    if (v.coordinates().size() != axes.size()) {
      throw invalid(
          "A vertex of the shape has %d coordinates, the coverage (or projection) has axes %s."
              .formatted(
                  v.coordinates().size(),
                  axes.stream().map(a -> domain.axes().get(a).label()).toList()));
    }
    double[] point = new double[axes.size()];
    for (int d = 0; d < point.length; d++) {
      Axis axis = domain.axes().get(axes.get(d));
      CoverageExpr e = v.coordinates().get(d);
      if (e instanceof CoverageExpr.StringLiteral s) {
        try {
          point[d] = mapping.coordinate(axis, "\"" + s.value() + "\"").low().doubleValue();
        } catch (OwsException x) {
          throw new OwsException(OwsErrorCode.INVALID_REQUEST, axis.label(), x.getMessage(), x);
        }
      } else {
        point[d] = compiler.number(e).doubleValue();
      }
    }
    return point;
  }

  private void reproject(DomainSet domain, List<Integer> axes, double[][] points, String name) {
    Crs from = scope.crs().resolve(name);
    Map<String, CrsAxis> kinds = scope.crs().axes(domain);
    int x = -1;
    int y = -1;
    for (int d = 0; d < axes.size(); d++) {
      CrsAxis.Kind kind = kinds.get(domain.axes().get(axes.get(d)).label()).kind();
      x = kind == CrsAxis.Kind.X ? d : x;
      y = kind == CrsAxis.Kind.Y ? d : y;
    }
    if (x < 0 || y < 0) {
      throw invalid("A CRS for the shape needs both horizontal axes in it.");
    }
    Crs to = scope.crs().resolve(domain.axes().get(axes.get(x)).crs());
    if (from.path().equals(to.path())) {
      return;
    }
    // Vertices are written in the order of the given CRS's axes.
    int first = Math.min(x, y);
    int second = Math.max(x, y);
    Reprojection reprojection = scope.crs().reprojection(from, to);
    int toX = Subsetting.placeOfX(to);
    for (double[] p : points) {
      double[] pair = {p[first], p[second]};
      reprojection.transform(pair);
      if (!Double.isFinite(pair[0]) || !Double.isFinite(pair[1])) {
        throw invalid("A vertex of the shape has no image in the CRS of the coverage.");
      }
      p[x] = pair[toX];
      p[y] = pair[1 - toX];
    }
  }

  /** Place on the grid of a coordinate: index i at the lower border of cell i. */
  private static double gridPlace(Axis axis, double coordinate) {
    return switch (axis) {
      case Axis.IndexAxis a -> coordinate;
      case Axis.RegularAxis a -> {
        double resolution = a.resolution().doubleValue();
        double border = a.origin().doubleValue() - resolution / 2;
        double place = a.low() + (coordinate - border) / resolution;
        double nearest = Math.rint(place);
        place = Math.abs(place - nearest) < 1e-6 ? nearest : place;
        // The outer border belongs to the border cell.
        yield place == a.high() + 1 ? Math.nextDown(place) : place;
      }
      case Axis.IrregularAxis a -> irregularPlace(a, BigDecimal.valueOf(coordinate));
    };
  }

  /** The cell of the last point not beyond the coordinate, halves in between. */
  private static double irregularPlace(Axis.IrregularAxis axis, BigDecimal coordinate) {
    return axis.low() + axis.coordinates().nearest(coordinate) + 0.5;
  }

  private static OwsException invalid(String message) {
    return new OwsException(OwsErrorCode.INVALID_REQUEST, "clip", message);
  }
}
