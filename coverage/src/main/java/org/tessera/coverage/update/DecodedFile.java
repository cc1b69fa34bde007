package org.tessera.coverage.update;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.format.gdal.BandInfo;
import org.tessera.coverage.format.gdal.CellArray;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalSource;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.GeoTransform;
import org.tessera.coverage.format.gdal.RasterInfo;
import org.tessera.coverage.format.gdal.RasterWindow;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * A raster file that came with a query, as a coverage ({@code decode($1)}): two axes, those of its
 * CRS if it has one with an EPSG code and lies along them, else the index axes i (columns) and j
 * (rows); fields band1, band2, ... with the file's nodata values. Cells are read when they are
 * needed, piece by piece.
 */
public final class DecodedFile implements ArraySource {
  /** Side of the pieces that are read at once, in cells. */
  private static final int PIECE = 1024;

  private final GdalWorkers workers;
  private final GdalSource file;
  private final RasterInfo info;
  private final ArrayType type;

  private DecodedFile(GdalWorkers workers, GdalSource file, RasterInfo info, ArrayType type) {
    this.workers = workers;
    this.file = file;
    this.info = info;
    this.type = type;
  }

  /**
   * The coverage that a file holds.
   *
   * @param crsBase of the URIs of its CRS, as in {@link org.tessera.coverage.expr.Scope#crsBase()}
   * @param part the number by which the query names it
   * @throws OwsException {@code InvalidRequest} if the file is no raster
   */
  public static CoverageSource.Stored open(
      GdalWorkers workers, CrsResolver crs, String crsBase, Path path, int part) {
    GdalSource file = GdalSource.of(path.toString());
    RasterInfo info;
    try {
      info = workers.rasterInfo(file);
    } catch (GdalException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "$" + part,
          "The file for $" + part + " cannot be read: " + e.getMessage(),
          e);
    }
    if (info.bands().isEmpty()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "$" + part,
          "The file for $" + part + " holds no raster with bands.");
    }
    List<RangeField> range = new ArrayList<>();
    for (BandInfo b : info.bands()) {
      List<NilValue> nils =
          b.noData() == null ? List.of() : List.of(new NilValue(plain(b.noData()), ""));
      String name = "band" + (range.size() + 1);
      range.add(new RangeField(name, b.type().cellType(), name, b.description(), "", "10^0", nils));
    }
    Coverage coverage =
        new Coverage("decoded_" + part, domain(crs, crsBase, info), range, "", "image/tiff", "");
    return new CoverageSource.Stored(
        coverage, new DecodedFile(workers, file, info, coverage.arrayType()));
  }

  private static String plain(Number value) {
    double d = value.doubleValue();
    return value instanceof Long || d != Math.rint(d) || Math.abs(d) > 1e15
        ? value.toString()
        : Long.toString((long) d);
  }

  private static DomainSet domain(CrsResolver resolver, String crsBase, RasterInfo info) {
    GeoTransform t = info.geoTransform();
    boolean along = t != null && t.xPerRow() == 0 && t.yPerColumn() == 0;
    Optional<Crs> crs =
        along && info.crs() != null && "EPSG".equals(info.crs().authority())
            ? horizontal(resolver, info.crs().code())
            : Optional.empty();
    long columns = info.width();
    long rows = info.height();
    if (crs.isEmpty()) {
      String index = crsBase + "/crs/OGC/0/Index2D";
      return new DomainSet(
          index,
          List.of(
              new Axis.IndexAxis("j", "GridSpacing", index, 0, rows - 1, 1),
              new Axis.IndexAxis("i", "GridSpacing", index, 0, columns - 1, 0)),
          List.of("i", "j"));
    }
    String uri = crs.get().uri(crsBase);
    CrsAxis x = axis(crs.get(), CrsAxis.Kind.X);
    CrsAxis y = axis(crs.get(), CrsAxis.Kind.Y);
    return new DomainSet(
        uri,
        List.of(
            regular(y, uri, rows, 1, t.originY(), t.yPerRow()),
            regular(x, uri, columns, 0, t.originX(), t.xPerColumn())),
        crs.get().axes().stream().map(CrsAxis::label).toList());
  }

  private static Optional<Crs> horizontal(CrsResolver resolver, String code) {
    try {
      return resolver.resolve("EPSG:" + code).horizontal();
    } catch (OwsException unknown) {
      return Optional.empty();
    }
  }

  private static CrsAxis axis(Crs crs, CrsAxis.Kind kind) {
    return crs.axes().stream().filter(a -> a.kind() == kind).findFirst().orElseThrow();
  }

  private static Axis regular(
      CrsAxis axis, String crs, long cells, int rank, double border, double step) {
    BigDecimal resolution = BigDecimal.valueOf(step);
    return new Axis.RegularAxis(
        axis.label(),
        axis.uom(),
        crs,
        0,
        cells - 1,
        rank,
        BigDecimal.valueOf(border).add(resolution.divide(BigDecimal.TWO)),
        resolution);
  }

  @Override
  public String identity() {
    return file.name();
  }

  @Override
  public ArrayType type() {
    return type;
  }

  @Override
  public List<StoredTile> tiles(GridEnvelope box) {
    List<StoredTile> tiles = new ArrayList<>();
    long across = (info.width() + PIECE - 1L) / PIECE;
    for (long row = Math.max(0, box.low(0)) / PIECE; row * PIECE <= box.high(0); row++) {
      for (long column = Math.max(0, box.low(1)) / PIECE; column * PIECE <= box.high(1); column++) {
        GridEnvelope piece =
            GridEnvelope.of(
                new long[] {row * PIECE, column * PIECE},
                new long[] {
                  Math.min(info.height(), (row + 1) * PIECE) - 1,
                  Math.min(info.width(), (column + 1) * PIECE) - 1
                });
        if (piece.intersects(type.domain()) && piece.intersects(box)) {
          tiles.add(new StoredTile(row * across + column, piece, List.of()));
        }
      }
    }
    return tiles;
  }

  @Override
  public Tile read(StoredTile tile, GridEnvelope box, int... bands) {
    RasterWindow window =
        new RasterWindow((int) box.low(1), (int) box.low(0), (int) box.size(1), (int) box.size(0));
    List<Cells> cells = new ArrayList<>();
    for (int b : bands) {
      CellArray read =
          workers
              .readRaster(file, window, new int[] {b + 1}, info.bands().get(b).type())
              .getFirst();
      cells.add(masked(read.toCells(), type.band(b).nulls()));
    }
    return new Tile(box, cells);
  }

  private static Cells masked(Cells cells, NullSet nulls) {
    if (nulls.isEmpty()) {
      return cells;
    }
    long[] mask = new long[(cells.length() + 63) / 64];
    for (int i = 0; i < cells.length(); i++) {
      if (nulls.contains(cells.getDouble(i))) {
        mask[i / 64] |= 1L << (i % 64);
      }
    }
    return Arrays.stream(mask).allMatch(w -> w == 0) ? cells : cells.withNulls(mask);
  }
}
