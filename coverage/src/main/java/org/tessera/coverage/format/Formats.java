package org.tessera.coverage.format;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.format.gdal.GdalWorkers;

/** The formats that a server writes. Immutable. */
public final class Formats {
  private final Map<String, CoverageFormat> byName = new LinkedHashMap<>();
  private final List<CoverageFormat> all;

  /**
   * The given formats; an earlier one wins where names are the same.
   *
   * @see #standard
   */
  public Formats(List<CoverageFormat> formats) {
    all = List.copyOf(formats);
    for (CoverageFormat format : all) {
      byName.putIfAbsent(format.mediaType().toLowerCase(Locale.ROOT), format);
      for (String name : format.names()) {
        byName.putIfAbsent(name.toLowerCase(Locale.ROOT), format);
      }
    }
  }

  /**
   * The usual formats: GeoTIFF, PNG, CSV, JSON, DEM, written here; JPEG, netCDF, JPEG 2000, BMP,
   * GIF, WebP, FITS and GeoTIFF with creation options by GDAL's workers; then the further ones.
   *
   * @param workers null if there are none; then only the former and the further ones are offered
   */
  public static Formats standard(
      CrsResolver crs, GdalWorkers workers, List<CoverageFormat> further) {
    List<CoverageFormat> formats = new ArrayList<>();
    List<CoverageFormat> gdal = workers == null ? List.of() : GdalRasterFormat.all(workers, crs);
    formats.add(
        new TiffFormat(
            crs, gdal.stream().filter(f -> f.mediaType().equals("image/tiff")).findFirst()));
    formats.add(new PngFormat(crs));
    gdal.stream().filter(f -> !f.mediaType().equals("image/tiff")).forEach(formats::add);
    if (workers != null) {
      formats.add(new NetcdfFormat(workers, crs));
    }
    formats.add(NestedTextFormat.csv(crs));
    formats.add(NestedTextFormat.json(crs));
    formats.add(new DemFormat());
    formats.addAll(further);
    return new Formats(formats);
  }

  /** The text formats alone, CSV, JSON and DEM: they need no workers. */
  public static Formats text(CrsResolver crs) {
    return new Formats(
        List.of(NestedTextFormat.csv(crs), NestedTextFormat.json(crs), new DemFormat()));
  }

  /** All media types, in the order for capabilities, none twice. */
  public List<String> mediaTypes() {
    return all.stream().map(CoverageFormat::mediaType).distinct().toList();
  }

  /** All media types and short names, in lower case. */
  public Set<String> names() {
    return Set.copyOf(byName.keySet());
  }

  /** A format by media type or short name, whatever the case; empty if there is none. */
  public Optional<CoverageFormat> find(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    CoverageFormat found = byName.get(wanted);
    if (found == null && wanted.indexOf(';') > 0) {
      // Parameters such as application=geotiff or subtype="gml/3.2" do not change the format.
      found = byName.get(wanted.substring(0, wanted.indexOf(';')).strip());
    }
    if (found == null && wanted.indexOf('+') > 0 && wanted.indexOf('/') < 0) {
      // gml+xml
      found = byName.get(wanted.substring(0, wanted.indexOf('+')));
    }
    return Optional.ofNullable(found);
  }

  /**
   * A format by media type or short name.
   *
   * @throws OwsException {@code InvalidParameterValue} if there is none
   */
  public CoverageFormat get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new OwsException(
                    OwsErrorCode.INVALID_PARAMETER_VALUE,
                    "format",
                    "Format '"
                        + name
                        + "' is not supported; the formats are "
                        + String.join(", ", mediaTypes())));
  }
}
