package org.tessera.coverage.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.format.gdal.BandSpec;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.GeoTransform;
import org.tessera.coverage.format.gdal.RasterSpec;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.eval.Evaluation;

/**
 * A picture format that a GDAL worker writes. Cell types that the format does not have are rounded
 * and clamped to 8 bits. The option {@code formatParameters} holds GDAL's creation options.
 */
final class GdalRasterFormat implements CoverageFormat {
  private static final Set<GdalType> BYTES = EnumSet.of(GdalType.UINT8);
  private static final Set<GdalType> ALL = EnumSet.allOf(GdalType.class);

  private final GdalWorkers workers;
  private final CrsResolver crs;
  private final String driver;
  private final String mediaType;
  private final List<String> names;
  private final String extension;
  private final Set<GdalType> types;

  /** Whether the file itself has room for a place on the Earth, nodata and metadata. */
  private final boolean geographic;

  private GdalRasterFormat(
      GdalWorkers workers,
      CrsResolver crs,
      String driver,
      String mediaType,
      List<String> names,
      String extension,
      Set<GdalType> types,
      boolean geographic) {
    this.workers = workers;
    this.crs = crs;
    this.driver = driver;
    this.mediaType = mediaType;
    this.names = names;
    this.extension = extension;
    this.types = types;
    this.geographic = geographic;
  }

  /** GeoTIFF for all creation options, JPEG, JPEG 2000, BMP, GIF, WebP, FITS. */
  static List<CoverageFormat> all(GdalWorkers workers, CrsResolver crs) {
    Set<GdalType> jpeg2000 =
        EnumSet.of(
            GdalType.UINT8, GdalType.INT16, GdalType.UINT16, GdalType.INT32, GdalType.UINT32);
    Set<GdalType> fits =
        EnumSet.of(
            GdalType.UINT8, GdalType.INT16, GdalType.INT32, GdalType.FLOAT32, GdalType.FLOAT64);
    return List.of(
        new GdalRasterFormat(
            workers, crs, "GTiff", "image/tiff", List.of("tiff"), "tiff", ALL, true),
        new GdalRasterFormat(
            workers, crs, "JPEG", "image/jpeg", List.of("jpeg", "jpg"), "jpeg", BYTES, false),
        new GdalRasterFormat(
            workers,
            crs,
            "JP2OpenJPEG",
            "image/jp2",
            List.of("jp2", "jpeg2000", "jp2openjpeg"),
            "jp2",
            jpeg2000,
            true),
        new GdalRasterFormat(workers, crs, "BMP", "image/bmp", List.of("bmp"), "bmp", BYTES, false),
        new GdalRasterFormat(workers, crs, "GIF", "image/gif", List.of("gif"), "gif", BYTES, false),
        new GdalRasterFormat(
            workers, crs, "WEBP", "image/webp", List.of("webp"), "webp", BYTES, false),
        new GdalRasterFormat(
            workers, crs, "FITS", "application/fits", List.of("fits"), "fits", fits, false));
  }

  @Override
  public String mediaType() {
    return mediaType;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public String extension() {
    return extension;
  }

  @Override
  public Encoder prepare(EncodeRequest given) {
    EncodeOptions options = EncodeOptions.parse(given.options()).knownTo(mediaType, known());
    EncodeRequest request =
        ColorMap.of(options).map(m -> m.coloured(given, channels())).orElse(given);
    Raster laid = Raster.of(request, options, crs);
    Raster raster =
        new Raster(
            inColour(Raster.oneType(laid.cells())),
            laid.width(),
            laid.height(),
            laid.placement(),
            laid.crs());
    GdalType own = GdalType.of(raster.cells().type().band(0).type());
    GdalType type = types.contains(own) ? own : GdalType.UINT8;
    int bands = raster.cells().type().bands().size();
    Double nodata = geographic ? Raster.nodata(options, request.range()).orElse(null) : null;
    List<BandSpec> specs = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      String name = geographic && b < request.range().size() ? request.range().get(b).name() : null;
      specs.add(BandSpec.of(name, nodata));
    }
    Map<String, String> metadata =
        geographic ? CoverageMetadata.of(request.metadata(), options).global() : Map.of();
    GeoTransform place =
        geographic
            ? raster
                .placement()
                .map(p -> GeoTransform.of(p.x0(), p.dx(), p.y0(), p.dy()))
                .orElse(null)
            : null;
    RasterSpec spec =
        new RasterSpec(
            driver,
            type,
            raster.width(),
            raster.height(),
            specs,
            place == null ? null : raster.crs().map(this::forGdal).orElse(null),
            place,
            metadata,
            creationOptions(options));
    Evaluation evaluation = request.evaluator().prepare(raster.cells(), request.limits());
    List<GdalType> bandTypes = Collections.nCopies(bands, type);
    int[] places = raster.places();
    return out -> {
      try {
        workers.writeRaster(
            spec, (start, count) -> Slabs.read(evaluation, start, count, places, bandTypes), out);
      } catch (GdalException e) {
        throw Slabs.told(e, names.getFirst());
      }
    };
  }

  /** Bands of a picture in colours: with alpha where the format has that. */
  private int channels() {
    return switch (driver) {
      case "GTiff", "WEBP", "JP2OpenJPEG" -> 4;
      case "JPEG", "BMP" -> 3;
      default ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              "colorMap",
              mediaType + " has no colours of a colorMap; image/png and image/tiff have");
    };
  }

  /** WebP knows no grey: one band is written as three alike. */
  private ArrayExpr inColour(ArrayExpr cells) {
    return driver.equals("WEBP") && cells.type().bands().size() == 1
        ? ArrayExpr.MakeBands.of(List.of(cells, cells, cells))
        : cells;
  }

  /** The creation options of the driver. */
  private List<String> known() {
    return switch (driver) {
      case "GTiff" -> TiffFormat.OPTIONS;
      case "JPEG" -> List.of("QUALITY", "PROGRESSIVE", "ARITHMETIC", "COMMENT");
      case "JP2OpenJPEG" ->
          List.of(
              "CODEC",
              "QUALITY",
              "REVERSIBLE",
              "RESOLUTIONS",
              "BLOCKXSIZE",
              "BLOCKYSIZE",
              "PROGRESSION",
              "SOP",
              "EPH",
              "YCBCR420",
              "YCC",
              "NBITS",
              "PRECINCTS",
              "TILEPARTS",
              "GMLJP2",
              "GeoJP2");
      case "WEBP" -> List.of("QUALITY", "LOSSLESS", "PRESET");
      case "GIF" -> List.of("INTERLACING");
      default -> List.of();
    };
  }

  private Map<String, String> creationOptions(EncodeOptions options) {
    Map<String, String> given = options.formatParameters();
    if (!driver.equals("GTiff")) {
      given.remove("INTERLEAVE");
    }
    if (driver.equals("JP2OpenJPEG")) {
      // Else the driver goes by the name of its scratch file and writes a bare code stream.
      given.putIfAbsent("CODEC", "JP2");
    }
    return given;
  }

  private String forGdal(Crs system) {
    return forGdal(crs, system);
  }

  /**
   * A name that GDAL understands: the EPSG code, else well-known text; null for systems that have
   * neither.
   */
  static String forGdal(CrsResolver resolver, Crs system) {
    OptionalInt code = resolver.epsgCode(system);
    if (code.isPresent()) {
      return "EPSG:" + code.getAsInt();
    }
    try {
      return resolver.wkt(system, CrsResolver.WktVersion.WKT2);
    } catch (OwsException e) {
      // Grid systems have no text; the file then has no system.
      return null;
    }
  }
}
