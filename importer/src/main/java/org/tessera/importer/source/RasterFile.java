package org.tessera.importer.source;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.engine.array.CellType;

/**
 * An image.
 *
 * @param driver GDAL's short name of the format
 * @param transform six numbers as GDAL has them: corner x, cell width, row skew, corner y, column
 *     skew, cell height (negative when north is up); empty if the file has no georeference
 * @param regrid how its cells are put on this grid; empty: they lie on it in the file
 * @param epsg code of the CRS, empty if it has none
 * @param groundControlPoints how many places the file has coordinates for, in place of a transform
 * @param hasCrs whether the file names a CRS at all
 * @param latLong whether x and y are plain longitude and latitude as far as the file says; false
 *     for projected systems and such with a rotated pole
 * @param crsAxes axes of that CRS in the order of the authority; empty if the file does not tell
 * @param metadata of the default domain
 */
public record RasterFile(
    String dataset,
    String driver,
    int width,
    int height,
    Optional<List<BigDecimal>> transform,
    Optional<SourceLayout.Regrid> regrid,
    int groundControlPoints,
    Optional<Integer> epsg,
    boolean hasCrs,
    boolean latLong,
    List<CrsAxis> crsAxes,
    List<Band> bands,
    Map<String, String> metadata) {

  /** Stands before the keys of ecCodes among the metadata of a band that is a GRIB message. */
  public static final String GRIB_KEY = "eccodes:";

  /**
   * An axis of a CRS.
   *
   * @param label abbreviation, such as Lat, Long, E, N
   * @param uom degree, metre, or as the CRS calls it
   * @param east whether it runs along x; else along y
   */
  public record CrsAxis(String label, String uom, boolean east) {}

  /**
   * A band.
   *
   * @param noData as text, empty for none
   * @param color GDAL's colour interpretation: Gray, Red, Palette, Undefined, ...
   * @param palette entries 0xAARRGGBB, empty for none
   * @param overviews sizes (width, height) of reduced versions, largest first
   * @param packing how values become of cells; empty if they are the same
   */
  public record Band(
      CellType type,
      Optional<String> noData,
      String color,
      List<Integer> palette,
      String description,
      String unit,
      Map<String, String> metadata,
      List<int[]> overviews,
      Optional<Packing> packing) {}

  /** One of the six numbers; of a file without georeference cells are 1 wide and y falls. */
  public BigDecimal transform(int i) {
    return transform.map(t -> t.get(i)).orElse(BigDecimal.valueOf(i == 1 ? 1 : i == 5 ? 1 : 0));
  }

  public BigDecimal minX() {
    return transform(0).min(farX());
  }

  public BigDecimal maxX() {
    return transform(0).max(farX());
  }

  public BigDecimal minY() {
    return transform(3).min(farY());
  }

  public BigDecimal maxY() {
    return transform(3).max(farY());
  }

  private BigDecimal farX() {
    return transform(0).add(transform(1).multiply(BigDecimal.valueOf(width)));
  }

  private BigDecimal farY() {
    return transform(3).add(transform(5).multiply(BigDecimal.valueOf(height)));
  }
}
