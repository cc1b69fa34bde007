package org.tessera.coverage.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Axis.IndexAxis;
import org.tessera.coverage.model.Axis.IrregularAxis;
import org.tessera.coverage.model.Axis.RegularAxis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.CellType;

/**
 * A coverage of at most two dimensions laid out as a picture.
 *
 * @param cells dimensions (y, x), rows from north to south; one dimension or none become one row
 * @param width cells in x
 * @param height cells in y
 * @param placement where it lies, if its axes say so
 * @param crs of the placement; empty if it has none of this Earth
 */
record Raster(
    ArrayExpr cells, int width, int height, Optional<Placement> placement, Optional<Crs> crs) {

  /**
   * Outer corner of the first cell, and steps per cell, in the order east, north: {@code x = x0 +
   * column * dx}, {@code y = y0 + row * dy}; dy is negative where north is up.
   */
  record Placement(double x0, double dx, double y0, double dy) {}

  /**
   * @throws OwsException {@code InvalidRequest} for more than two dimensions, or more cells in a
   *     row or column than pictures can have
   */
  static Raster of(EncodeRequest request, EncodeOptions options, CrsResolver resolver) {
    DomainSet domain = request.domain();
    if (domain.axes().size() > 2) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "A picture has two dimensions; the coverage has "
              + domain.axes().size()
              + ": "
              + domain.axes().stream().map(Axis::label).toList());
    }
    if (domain.axes().isEmpty()) {
      return new Raster(
          request.cells(), 1, 1, optionPlacement(options, 1, 1), optionCrs(options, resolver));
    }
    Map<String, CrsAxis> kinds = resolver.axes(domain);
    List<Axis> grid = domain.gridAxes();
    Axis x;
    Axis y;
    boolean transposed = options.value("transpose").isPresent();
    if (grid.size() == 1) {
      boolean upright = kind(kinds, grid.getFirst()) == CrsAxis.Kind.Y;
      x = upright ? null : grid.getFirst();
      y = upright ? grid.getFirst() : null;
    } else {
      Axis first = grid.get(0);
      Axis second = grid.get(1);
      boolean map = kind(kinds, first) == CrsAxis.Kind.Y && kind(kinds, second) == CrsAxis.Kind.X;
      // Asked to transpose, clients name the array's order: second across, first down.
      boolean swap = transposed || map;
      x = swap ? second : first;
      y = swap ? first : second;
    }
    List<Integer> order = new ArrayList<>();
    ArrayExpr cells = request.cells();
    if (y != null && kind(kinds, y) == CrsAxis.Kind.Y && rises(y)) {
      cells = new ArrayExpr.Flip(cells, domain.indexOf(y.label()));
    }
    if (x != null && kind(kinds, x) == CrsAxis.Kind.X && !rises(x)) {
      cells = new ArrayExpr.Flip(cells, domain.indexOf(x.label()));
    }
    if (y != null) {
      order.add(domain.indexOf(y.label()));
    }
    if (x != null) {
      order.add(domain.indexOf(x.label()));
    }
    cells = Grids.permuted(cells, order);
    int width = size(x);
    int height = size(y);
    Optional<Placement> placement = optionPlacement(options, width, height);
    if (placement.isEmpty() && x != null && y != null) {
      placement = placement(x, y, kinds);
    }
    Optional<Crs> crs = optionCrs(options, resolver);
    if (crs.isEmpty() && x != null && y != null && placement.isPresent() && isMap(kinds, x, y)) {
      crs = resolver.resolve(x.crs()).horizontal();
    }
    return new Raster(cells, width, height, placement, crs);
  }

  private static CrsAxis.Kind kind(Map<String, CrsAxis> kinds, Axis axis) {
    CrsAxis a = kinds.get(axis.label());
    return a == null ? CrsAxis.Kind.OTHER : a.kind();
  }

  private static boolean isMap(Map<String, CrsAxis> kinds, Axis x, Axis y) {
    CrsAxis.Kind a = kind(kinds, x);
    CrsAxis.Kind b = kind(kinds, y);
    return (a == CrsAxis.Kind.X && b == CrsAxis.Kind.Y)
        || (a == CrsAxis.Kind.Y && b == CrsAxis.Kind.X);
  }

  private static int size(Axis axis) {
    if (axis == null) {
      return 1;
    }
    if (axis.size() > Integer.MAX_VALUE) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          axis.label(),
          "A picture can have at most " + Integer.MAX_VALUE + " cells on axis " + axis.label());
    }
    return (int) axis.size();
  }

  private static boolean rises(Axis axis) {
    return switch (axis) {
      case IndexAxis a -> true;
      case RegularAxis a -> a.resolution().signum() > 0;
      case IrregularAxis a -> a.coordinates().getFirst().compareTo(a.coordinates().getLast()) <= 0;
    };
  }

  /** Maps, and grids of an index CRS with coordinates of their own, have a place. */
  private static Optional<Placement> placement(Axis x, Axis y, Map<String, CrsAxis> kinds) {
    boolean map = kind(kinds, x) == CrsAxis.Kind.X && kind(kinds, y) == CrsAxis.Kind.Y;
    boolean swapped = kind(kinds, x) == CrsAxis.Kind.Y && kind(kinds, y) == CrsAxis.Kind.X;
    boolean index = kind(kinds, x) == CrsAxis.Kind.INDEX && kind(kinds, y) == CrsAxis.Kind.INDEX;
    if (!(x instanceof RegularAxis rx) || !(y instanceof RegularAxis ry) || !(map || index)) {
      if (swapped && x instanceof RegularAxis && y instanceof RegularAxis) {
        // Transposed: the bounds of the axes as they lie in the picture.
        return Optional.of(spread(x, y));
      }
      return Optional.empty();
    }
    double dx = rx.resolution().doubleValue();
    double dy = ry.resolution().doubleValue();
    double left = map || dx > 0 ? rx.lower().doubleValue() : rx.upper().doubleValue();
    double top = map || dy < 0 ? ry.upper().doubleValue() : ry.lower().doubleValue();
    return Optional.of(new Placement(left, map ? Math.abs(dx) : dx, top, map ? -Math.abs(dy) : dy));
  }

  private static Placement spread(Axis x, Axis y) {
    double dx = x.upper().subtract(x.lower()).doubleValue() / x.size();
    double dy = y.upper().subtract(y.lower()).doubleValue() / y.size();
    return new Placement(x.lower().doubleValue(), dx, y.upper().doubleValue(), -dy);
  }

  private static Optional<Placement> optionPlacement(EncodeOptions options, int width, int height) {
    if (!(options.object("georeference").get("bbox") instanceof Map<?, ?> box)) {
      return Optional.empty();
    }
    double xmin = number(box, "xmin");
    double xmax = number(box, "xmax");
    double ymin = number(box, "ymin");
    double ymax = number(box, "ymax");
    return Optional.of(new Placement(xmin, (xmax - xmin) / width, ymax, (ymin - ymax) / height));
  }

  private static double number(Map<?, ?> box, String key) {
    try {
      return Double.parseDouble(String.valueOf(box.get(key)));
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          key,
          "geoReference.bbox needs the number '" + key + "', found '" + box.get(key) + "'",
          e);
    }
  }

  private static Optional<Crs> optionCrs(EncodeOptions options, CrsResolver resolver) {
    Object crs = options.object("georeference").get("crs");
    return crs == null ? Optional.empty() : resolver.resolve(String.valueOf(crs)).horizontal();
  }

  /** Value for "no data" of the first band: the option, else the first null value. */
  static Optional<Double> nodata(EncodeOptions options, List<RangeField> range) {
    List<Double> given = options.nodata();
    if (!given.isEmpty()) {
      return Optional.of(given.getFirst());
    }
    return range.isEmpty() || range.getFirst().nils().isEmpty()
        ? Optional.empty()
        : Optional.of(NilValues.nullSet(range.getFirst().nils()).fill());
  }

  /** The same cells with all bands of one type that holds the values of each. */
  static ArrayExpr oneType(ArrayExpr cells) {
    List<CellType> types = cells.type().bands().stream().map(b -> b.type()).distinct().toList();
    if (types.size() == 1) {
      return cells;
    }
    CellType common = types.stream().reduce(Raster::common).orElseThrow();
    List<ArrayExpr> bands = new ArrayList<>();
    for (int b = 0; b < cells.type().bands().size(); b++) {
      bands.add(new ArrayExpr.Cast(new ArrayExpr.SelectBands(cells, List.of(b)), common));
    }
    return ArrayExpr.MakeBands.of(bands);
  }

  private static CellType common(CellType a, CellType b) {
    if (a == b) {
      return a;
    }
    if (a.isComplex() || b.isComplex()) {
      return CellType.COMPLEX128;
    }
    if (a.isFloat() || b.isFloat()) {
      boolean single = fitsFloat(a) && fitsFloat(b);
      return single ? CellType.FLOAT32 : CellType.FLOAT64;
    }
    for (CellType t :
        List.of(
            CellType.UINT8,
            CellType.INT8,
            CellType.UINT16,
            CellType.INT16,
            CellType.INT32,
            CellType.UINT32)) {
      if (t.min() <= Math.min(a.min(), b.min()) && t.max() >= Math.max(a.max(), b.max())) {
        return t;
      }
    }
    return CellType.INT64;
  }

  private static boolean fitsFloat(CellType t) {
    return t == CellType.FLOAT32 || (!t.isFloat() && t.bytes() <= 2);
  }

  /** Which of (row, column) each dimension of the cells is. */
  int[] places() {
    return switch (cells.type().domain().dimension()) {
      case 0 -> new int[0];
      case 1 -> new int[] {height > 1 ? 0 : 1};
      default -> new int[] {0, 1};
    };
  }
}
