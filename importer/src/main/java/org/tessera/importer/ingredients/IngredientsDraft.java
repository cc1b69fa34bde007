package org.tessera.importer.ingredients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.importer.expression.CfTime;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.ArrayFile;
import org.tessera.importer.source.ArrayFile.ArrayVariable;
import org.tessera.importer.source.RasterFile;
import org.tessera.importer.source.SourceFiles;

/**
 * Ingredients made from looking at files: a beginning that imports, for a person to look at. What
 * is taken for granted is what CF says of names and units, and what the georeference says.
 */
public final class IngredientsDraft {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> ARRAY_DRIVERS =
      Set.of("netCDF", "HDF5", "HDF4", "Zarr", "HDF4Image", "HDF5Image");
  private static final Pattern DATE =
      Pattern.compile("^(.*?)((?:19|20)\\d{2})[-_]?(\\d{2})[-_]?(\\d{2})(.*)$");
  private static final Pattern SINCE = Pattern.compile("(?i)\\s*(\\w+?)s?\\s+since\\s+(.*)");

  /** Steps of an axis may differ by this part of one and still be called equal. */
  private static final long DAY_MILLIS = 86_400_000;

  private static final BigDecimal EQUAL_STEPS = new BigDecimal("0.01");

  private final List<Path> files;
  private final SourceFiles source;

  private IngredientsDraft(List<Path> files, SourceFiles source) {
    this.files = files.stream().map(p -> p.toAbsolutePath().normalize()).toList();
    this.source = source;
  }

  /**
   * The ingredients as JSON text.
   *
   * @throws ImportException if GDAL cannot read the first file, or it has nothing to import
   */
  public static String of(List<Path> files, SourceFiles source) {
    return new IngredientsDraft(files, source).text();
  }

  private String text() {
    String first = files.getFirst().toString();
    ObjectNode out = JSON.createObjectNode();
    out.putObject("config").put("automated", true);
    ObjectNode input = out.putObject("input");
    input.put("coverage_id", id(files.getFirst()));
    ArrayNode paths = input.putArray("paths");
    files.forEach(f -> paths.add(f.toString()));
    ObjectNode recipe = out.putObject("recipe");
    Optional<ArrayFile> arrays = arrays(first);
    if (arrays.isPresent()) {
      arrayFile(arrays.get(), recipe);
    } else {
      RasterFile raster = source.raster(first);
      if (raster.driver().equals("GRIB")) {
        grib(raster, recipe);
      } else {
        image(raster, recipe, out.withObject("/config"));
      }
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(out);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a text cannot fail to be written", e);
    }
  }

  private Optional<ArrayFile> arrays(String dataset) {
    try {
      ArrayFile file = source.arrays(dataset);
      return ARRAY_DRIVERS.contains(file.driver()) ? Optional.of(file) : Optional.empty();
    } catch (ImportException e) {
      return Optional.empty();
    }
  }

  private static String id(Path file) {
    String name = String.valueOf(file.getFileName()).replaceAll("\\.[A-Za-z0-9]+$", "");
    String id = name.replaceAll("[^A-Za-z0-9_]+", "_");
    return id.matches("[A-Za-z_].*") ? id : "c_" + id;
  }

  // ---- images

  private void image(RasterFile raster, ObjectNode recipe, ObjectNode config) {
    boolean skewed = raster.transform(2).signum() != 0 || raster.transform(4).signum() != 0;
    if (raster.transform().isEmpty() && raster.groundControlPoints() > 0) {
      regrid(recipe, "EPSG/0/4326");
    } else if (skewed && raster.hasCrs()) {
      regrid(recipe, "EPSG/0/" + raster.epsg().orElse(4326));
    } else if (raster.epsg().isEmpty()) {
      boolean degrees =
          raster.transform().isPresent()
              && raster.minX().abs().compareTo(BigDecimal.valueOf(360)) <= 0
              && raster.minY().abs().compareTo(BigDecimal.valueOf(91)) <= 0;
      config.put("default_crs", degrees ? "EPSG/0/4326" : "OGC/0/Index2D");
    }
    ObjectNode options = recipe.withObject("/options");
    Set<String> days = new HashSet<>();
    Matcher m = null;
    for (Path f : files) {
      m = DATE.matcher(String.valueOf(f.getFileName()));
      if (m.matches()) {
        days.add(m.group(2) + m.group(3) + m.group(4));
      }
    }
    if (days.size() == files.size() && m != null && m.matches()) {
      recipe.put("name", "time_series_irregular");
      options.put("time_crs", "OGC/0/AnsiDate");
      String between = m.group(0).substring(m.end(2), m.start(3));
      ObjectNode parameter = options.putObject("time_parameter");
      parameter
          .putObject("filename")
          .put("regex", ".*?((?:19|20)[0-9]{2}" + between + "[0-9]{2}" + between + "[0-9]{2}).*")
          .put("group", "1");
      parameter.put("datetime_format", "YYYY" + between + "MM" + between + "DD");
    } else {
      recipe.put("name", "map_mosaic");
    }
  }

  /** A name that queries can use. */
  private static String fieldName(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
    return plain.matches("[A-Za-z_].*") ? plain : "v_" + plain;
  }

  private static void regrid(ObjectNode recipe, String crs) {
    recipe.withObject("/options").putObject("regrid").put("crs", crs).put("resampling", "near");
  }

  // ---- GRIB

  private static void grib(RasterFile raster, ObjectNode recipe) {
    recipe.put("name", "general_coverage");
    if (!raster.latLong()) {
      regrid(recipe, "EPSG/0/4326");
    } else if (raster.regrid().isPresent()) {
      recipe.withObject("/options").putObject("regrid").put("resampling", "near");
    }
    ObjectNode coverage = recipe.withObject("/options").putObject("coverage");
    Set<String> elements = new LinkedHashSet<>();
    Set<String> levels = new LinkedHashSet<>();
    Set<String> members = new LinkedHashSet<>();
    for (RasterFile.Band b : raster.bands()) {
      members.add(b.metadata().getOrDefault(RasterFile.GRIB_KEY + "number", "0"));
      elements.add(b.metadata().getOrDefault("GRIB_ELEMENT", "band1"));
      levels.add(b.metadata().getOrDefault("GRIB_SHORT_NAME", ""));
    }
    boolean level = levels.size() > 1;
    boolean member = members.size() > 1;
    coverage.put(
        "crs",
        "OGC/0/AnsiDate@"
            + (member ? "OGC/0/Index1D?axis-label=\"member\"@" : "")
            + (level ? "OGC/0/Index1D?axis-label=\"level\"@" : "")
            + "EPSG/0/4326");
    ObjectNode slicer = coverage.putObject("slicer");
    slicer.put("type", "grib").put("pixelIsPoint", true);
    ArrayNode bands = slicer.putArray("bands");
    for (String e : elements) {
      bands.addObject().put("identifier", e).put("name", fieldName(e));
    }
    ObjectNode axes = slicer.putObject("axes");
    axes.putObject("ansi")
        .put("min", "grib_datetime(${grib:validityDate}, ${grib:validityTime})")
        .put("irregular", true)
        .put("dataBound", false);
    if (member) {
      axes.putObject("member")
          .put("min", "${grib:number}")
          .put("irregular", true)
          .put("dataBound", false);
    }
    if (level) {
      axes.putObject("level")
          .put("min", "${grib:level}")
          .put("irregular", true)
          .put("dataBound", false);
    }
    axes.putObject("Lat")
        .put("min", "${grib:latitudeOfLastGridPointInDegrees}")
        .put("max", "${grib:latitudeOfFirstGridPointInDegrees}")
        .put("resolution", "-${grib:jDirectionIncrementInDegrees}");
    axes.putObject("Long")
        .put("min", "${grib:longitudeOfFirstGridPointInDegrees}")
        .put("max", "${grib:longitudeOfLastGridPointInDegrees}")
        .put("resolution", "${grib:iDirectionIncrementInDegrees}");
  }

  // ---- variables

  private void arrayFile(ArrayFile file, ObjectNode recipe) {
    Set<String> bounds =
        file.variables().values().stream()
            .flatMap(
                v ->
                    Stream.of("bounds", "coordinates", "ancillary_variables", "grid_mapping")
                        .map(k -> v.attributes().getOrDefault(k, "")))
            .flatMap(t -> Arrays.stream(t.split("\\s+")))
            .collect(Collectors.toSet());
    Map<List<String>, List<ArrayVariable>> groups = new LinkedHashMap<>();
    for (ArrayVariable v : file.variables().values()) {
      boolean data =
          v.type().isPresent()
              && !v.dimensions().isEmpty()
              && !v.dimensions().equals(List.of(v.name()))
              && !bounds.contains(v.name());
      if (data) {
        groups.computeIfAbsent(v.dimensions(), k -> new ArrayList<>()).add(v);
      }
    }
    List<String> dimensions =
        groups.keySet().stream()
            .max(
                Comparator.<List<String>>comparingInt(List::size)
                    .thenComparingInt(d -> groups.get(d).size()))
            .orElseThrow(
                () ->
                    new ImportException(
                        file.dataset()
                            + ": there is no array of cells in the file"
                            + (file.variables().isEmpty()
                                ? " (tables, such as HDF4's Vdata, are none)"
                                : "; it has " + file.variables().keySet())));
    List<ArrayVariable> variables = groups.get(dimensions);
    recipe.put("name", "general_coverage");
    ObjectNode coverage = recipe.putObject("options").putObject("coverage");
    List<String> crs = new ArrayList<>();
    coverage.put("crs", "");
    coverage.putObject("metadata").put("type", "xml").put("global", "auto");
    ObjectNode slicer = coverage.putObject("slicer");
    slicer.put("type", "netcdf").put("pixelIsPoint", true);
    ArrayNode bands = slicer.putArray("bands");
    for (ArrayVariable v : variables) {
      ObjectNode band = bands.addObject();
      band.put("identifier", v.name()).put("name", fieldName(v.name()));
      if (!v.unit().isBlank()) {
        band.put("uomCode", v.unit());
      }
    }
    ObjectNode axes = slicer.putObject("axes");
    Optional<String> lat = find(file, dimensions, "lat", "degrees_north", "degree_north");
    Optional<String> lon = find(file, dimensions, "lon", "degrees_east", "degree_east");
    boolean map = lat.isPresent() && lon.isPresent();
    for (String d : dimensions) {
      if (map && (d.equals(lat.get()) || d.equals(lon.get()))) {
        continue;
      }
      crs.add(other(file, d, axes));
    }
    if (map) {
      crs.add("EPSG/0/4326");
      axis(file, lat.get(), axes.putObject("Lat"));
      axis(file, lon.get(), axes.putObject("Long"));
    }
    // Grid order is that of the file, whatever the order of the CRS.
    Map<String, Integer> place = new LinkedHashMap<>();
    for (int i = 0; i < dimensions.size(); i++) {
      place.put(label(dimensions.get(i), lat, lon, map), i);
    }
    axes.properties()
        .forEach(e -> ((ObjectNode) e.getValue()).put("gridOrder", place.get(e.getKey())));
    coverage.put("crs", String.join("@", crs));
  }

  private static String label(String d, Optional<String> lat, Optional<String> lon, boolean map) {
    if (map && d.equals(lat.orElse(""))) {
      return "Lat";
    }
    return map && d.equals(lon.orElse("")) ? "Long" : d.replaceAll("[^A-Za-z0-9_]", "_");
  }

  private static Optional<String> find(
      ArrayFile file, List<String> dimensions, String name, String... units) {
    for (String d : dimensions) {
      ArrayVariable v = file.variables().get(d);
      if (v != null) {
        String unit = v.attributes().getOrDefault("units", v.unit());
        boolean byUnit = List.of(units).contains(unit);
        if (byUnit || d.toLowerCase(Locale.ROOT).startsWith(name)) {
          return Optional.of(d);
        }
      }
    }
    return Optional.empty();
  }

  /** An axis that is none of the map; gives its CRS. */
  private String other(ArrayFile file, String d, ObjectNode axes) {
    String label = d.replaceAll("[^A-Za-z0-9_]", "_");
    ObjectNode axis = axes.putObject(label);
    ArrayVariable v = file.variables().get(d);
    String unit = v == null ? "" : v.attributes().getOrDefault("units", v.unit());
    Matcher since = SINCE.matcher(unit);
    if (since.matches()) {
      String calendar = v.attributes().getOrDefault("calendar", "");
      Optional<CfTime> cf = times(unit, calendar);
      if (cf.isPresent()) {
        times(file, v, d, cf.get(), axis);
        return isNearlyIso(cf.get().calendar())
            ? "OGC/0/AnsiDate?axis-label=\"" + label + "\""
            : "OGC/0/Temporal?epoch=\"%s\"&uom=\"d\"&label=\"%s\"&calendar=\"%s\""
                .formatted(
                    TimeScale.text(cf.get().epoch(), cf.get().calendar()).substring(0, 10),
                    label,
                    cf.get().calendar().cfName());
      }
    }
    axis(file, d, axis);
    return "OGC/0/Index1D?axis-label=\"" + label + "\"";
  }

  private void axis(ArrayFile file, String d, ObjectNode axis) {
    String min = "${netcdf:variable:" + d + ":min}";
    String max = "${netcdf:variable:" + d + ":max}";
    boolean known = file.variables().containsKey(d) && monotonic(file, d);
    if (!known && file.variables().containsKey(d)) {
      min = "0";
      max = "${netcdf:dimension:" + d + "} - 1";
    }
    if (known && !equalSteps(file, d)) {
      axis.put("min", min)
          .put("max", max)
          .put("directPositions", "${netcdf:variable:" + d + "}")
          .put("irregular", true);
    } else {
      axis.put("min", min)
          .put("max", max)
          .put("resolution", known ? "${netcdf:variable:" + d + ":resolution}" : "1");
    }
  }

  /** Whether the values of a variable rise or fall throughout, so that they can be coordinates. */
  private boolean monotonic(ArrayFile file, String variable) {
    List<BigDecimal> c = source.values(file.dataset(), variable);
    if (c.size() != file.dimensions().getOrDefault(variable, -1L)) {
      return false;
    }
    for (int i = 1; i < c.size(); i++) {
      if (c.get(i).compareTo(c.get(i - 1)) * c.get(1).compareTo(c.get(0)) <= 0) {
        return false;
      }
    }
    return true;
  }

  private boolean equalSteps(ArrayFile file, String variable) {
    List<BigDecimal> c = source.values(file.dataset(), variable);
    if (c.size() < 3) {
      return true;
    }
    BigDecimal step =
        c.getLast()
            .subtract(c.getFirst())
            .divide(BigDecimal.valueOf(c.size() - 1L), MathContext.DECIMAL64);
    for (int i = 1; i < c.size(); i++) {
      BigDecimal off = c.get(i).subtract(c.get(i - 1)).subtract(step).abs();
      if (off.compareTo(step.abs().multiply(EQUAL_STEPS)) > 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether dates of ISO's calendar have the same names, at least since 1582. */
  private static boolean isNearlyIso(TimeCalendar calendar) {
    return calendar == TimeCalendar.PROLEPTIC_GREGORIAN || calendar == TimeCalendar.STANDARD;
  }

  private static Optional<CfTime> times(String units, String calendar) {
    try {
      return Optional.of(CfTime.parse(units, calendar));
    } catch (IllegalArgumentException e) {
      // Something else since something: numbers without further meaning.
      return Optional.empty();
    }
  }

  private void times(ArrayFile file, ArrayVariable v, String d, CfTime cf, ObjectNode axis) {
    String calendar =
        v.attributes().containsKey("calendar") ? ", ${netcdf:variable:" + d + ":calendar}" : "";
    String of =
        "cf_datetime(${netcdf:variable:" + d + "%s}, ${netcdf:variable:" + d + ":units}" + calendar;
    axis.put("min", of.formatted(":min") + ")").put("max", of.formatted(":max") + ")");
    List<BigDecimal> c = source.values(file.dataset(), d);
    // In a year of 360 days, or 365, months or days are a grid; files may leave some out, though.
    if (!isNearlyIso(cf.calendar())
        && c.size() > 1
        && equalSteps(file, d)
        && cf.unitMillis() == DAY_MILLIS) {
      axis.put("resolution", "${netcdf:variable:" + d + ":resolution}");
    } else {
      axis.put("directPositions", of.formatted("") + ")").put("irregular", true);
    }
  }
}
