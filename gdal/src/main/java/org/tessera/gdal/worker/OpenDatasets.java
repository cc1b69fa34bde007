package org.tessera.gdal.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * The data set of the last request stays open, because a client reads a large file in many
 * requests. A file that has changed since is opened anew.
 *
 * <p>Two options are this worker's own, not GDAL's: with {@value #WARP_CRS} the data set is a view
 * of the file in that CRS, on a grid of the extent and resolution that GDAL suggests, by what
 * georeference the file has (a geotransform, geolocation arrays, ground control points); {@value
 * #RESAMPLING} says how its cells are chosen, {@value #RESOLUTION} how large they are: then the
 * corners of the grid are multiples of it.
 *
 * <p>Of a GRIB file whose grid libgdal places wrongly ({@link GribGrid}) the data set is a view
 * that has the same cells in the right place.
 */
final class OpenDatasets {
  static final String WARP_CRS = "TESSERA_WARP_CRS";
  static final String RESAMPLING = "TESSERA_RESAMPLING";
  static final String RESOLUTION = "TESSERA_WARP_RESOLUTION";

  /** GDAL's names of resampling methods, by their code; empty ones do not exist. */
  private static final List<String> METHODS =
      List.of(
          "near",
          "bilinear",
          "cubic",
          "cubicspline",
          "lanczos",
          "average",
          "mode",
          "",
          "max",
          "min",
          "med",
          "q1",
          "q3",
          "sum",
          "rms");

  /** GDAL's flag for raster files. */
  static final int RASTER = 0x02;

  private static final int MULTIDIMENSIONAL = 0x10;
  private static final int TRANSFORM = 6;

  /** A data field of an HDF-EOS5 swath, as libgdal names it. */
  private static final Pattern SWATH_FIELD =
      Pattern.compile("(HDF5:\"[^\"]+\"://HDFEOS/SWATHS/[^/]+/)Data_Fields/[^/]+");

  private static final int VERBOSE_ERROR = 0x40;

  private final GdalLibrary gdal;
  private final MemorySegment viewDriver;
  private String key = "";

  /** What is open: a view before what it is a view of; the file itself is the last. */
  private final Deque<MemorySegment> open = new ArrayDeque<>();

  private String driver = "";

  /**
   * Nothing is open yet.
   *
   * @param viewDriver libgdal's VRT driver, which reads no files of users
   */
  OpenDatasets(GdalLibrary gdal, MemorySegment viewDriver) {
    this.gdal = gdal;
    this.viewDriver = viewDriver;
  }

  MemorySegment raster(Request request) {
    return open(request, RASTER);
  }

  MemorySegment multidimensional(Request request) {
    return open(request, MULTIDIMENSIONAL);
  }

  /** Short name of the driver that reads the file of the last request. */
  String driver() {
    return driver;
  }

  void close() {
    while (!open.isEmpty()) {
      gdal.close.call(open.pop());
    }
    key = "";
  }

  private MemorySegment open(Request request, int flags) {
    String name = request.text("name");
    String wanted =
        flags
            + "|"
            + name
            + "|"
            + request.texts("drivers")
            + "|"
            + request.textMap("openOptions")
            + "|"
            + stamp(name);
    if (wanted.equals(key)) {
      return open.peek();
    }
    close();
    gdal.errorReset.call();
    Map<String, String> options = new LinkedHashMap<>(request.textMap("openOptions"));
    String warp = options.remove(WARP_CRS);
    String method = options.remove(RESAMPLING);
    String resolution = options.remove(RESOLUTION);
    options.remove(ReducedGrib.KEYS_OPTION);
    try (Arena arena = Arena.ofConfined()) {
      open.push(
          gdal.check(
              gdal.openEx.pointer(
                  arena.allocateFrom(name),
                  flags | VERBOSE_ERROR,
                  GdalLibrary.list(arena, request.texts("drivers")),
                  GdalLibrary.options(arena, options),
                  MemorySegment.NULL),
              "not a file that GDAL can read"));
    }
    driver = gdal.driverShortName.text(gdal.datasetDriver.pointer(open.peek()));
    if (driver.equals("netCDF")) {
      requireWhole(name);
    }
    if (driver.equals("GRIB") && flags == RASTER) {
      place(name);
    }
    if (warp != null && driver.equals("HDF5Image")) {
      locate(name);
    }
    if (warp != null) {
      String resampling = method == null ? "near" : method;
      open.push(
          resolution == null
              ? view(open.peek(), warp, resampling)
              : view(open.peek(), warp, resampling, resolution));
    }
    key = wanted;
    return open.peek();
  }

  /** Puts a view over a GRIB file that libgdal places wrongly. */
  private void place(String name) {
    Optional<GribGrid> grid = GribGrid.of(gdal, name);
    if (grid.isEmpty()) {
      return;
    }
    if (grid.get().reduced()) {
      throw new GdalFailure(name + " is a grib file, but no raster dataset: rows differ in length");
    }
    Optional<String> unreadable = grid.get().unreadable();
    if (unreadable.isPresent()) {
      throw new GdalFailure(name + ": " + unreadable.get());
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment file = open.peek();
      MemorySegment transform = arena.allocate(ValueLayout.JAVA_DOUBLE, TRANSFORM);
      if (gdal.geoTransform.integer(file, transform) != 0) {
        return;
      }
      double[] given = transform.toArray(ValueLayout.JAVA_DOUBLE);
      double[] right = grid.get().geoTransform(given);
      if (Arrays.equals(given, right)) {
        return;
      }
      open.push(copy(arena, file));
      MemorySegment.copy(right, 0, transform, ValueLayout.JAVA_DOUBLE, 0, right.length);
      gdal.check(gdal.setGeoTransform.integer(open.peek(), transform), "no geotransform");
    }
  }

  /**
   * Puts a view over a field of an HDF-EOS5 swath that has the arrays of longitudes and latitudes,
   * which libgdal before 3.7 does not look for.
   */
  private void locate(String name) {
    Matcher field = SWATH_FIELD.matcher(name);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment domain = arena.allocateFrom("GEOLOCATION");
      if (!field.matches() || gdal.metadata.pointer(open.peek(), domain).address() != 0) {
        return;
      }
      String places = field.group(1) + "Geolocation_Fields/";
      Map<String, String> located = new LinkedHashMap<>();
      located.put("SRS", new SpatialReferences(gdal).wkt("EPSG:4326"));
      located.put("X_DATASET", places + "Longitude");
      located.put("X_BAND", "1");
      located.put("Y_DATASET", places + "Latitude");
      located.put("Y_BAND", "1");
      located.put("PIXEL_OFFSET", "0");
      located.put("LINE_OFFSET", "0");
      located.put("PIXEL_STEP", "1");
      located.put("LINE_STEP", "1");
      located.put("GEOREFERENCING_CONVENTION", "PIXEL_CENTER");
      open.push(copy(arena, open.peek()));
      gdal.check(
          gdal.setMetadata.integer(open.peek(), GdalLibrary.options(arena, located), domain),
          "no geolocation");
    }
  }

  private MemorySegment copy(Arena arena, MemorySegment source) {
    return gdal.check(
        gdal.createCopy.pointer(
            viewDriver,
            arena.allocateFrom(""),
            source,
            0,
            MemorySegment.NULL,
            MemorySegment.NULL,
            MemorySegment.NULL),
        "a view of the file cannot be made");
  }

  private MemorySegment view(MemorySegment source, String crs, String method) {
    int code = METHODS.indexOf(method);
    if (code < 0 || method.isEmpty()) {
      throw new GdalFailure("there is no resampling method '" + method + "'");
    }
    try (Arena arena = Arena.ofConfined()) {
      boolean located =
          gdal.metadata.pointer(source, arena.allocateFrom("GEOLOCATION")).address() != 0;
      return gdal.check(
          gdal.warpedView.pointer(
              source,
              MemorySegment.NULL,
              arena.allocateFrom(new SpatialReferences(gdal).wkt(crs)),
              code,
              0.0,
              MemorySegment.NULL,
              located
                  ? GdalLibrary.options(arena, Map.of("SRC_METHOD", "GEOLOC_ARRAY"))
                  : MemorySegment.NULL),
          "the file cannot be reprojected to " + crs);
    }
  }

  private MemorySegment view(MemorySegment source, String crs, String method, String resolution) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-of", "VRT", "-et", "0", "-ovr", "NONE", "-r", method, "-tap", "-tr"));
    arguments.addAll(List.of(resolution, resolution));
    arguments.addAll(List.of("-t_srs", new SpatialReferences(gdal).wkt(crs)));
    try (Arena arena = Arena.ofConfined()) {
      if (gdal.metadata.pointer(source, arena.allocateFrom("GEOLOCATION")).address() != 0) {
        arguments.add("-geoloc");
      }
      MemorySegment options =
          gdal.check(
              gdal.warpOptionsNew.pointer(GdalLibrary.list(arena, arguments), MemorySegment.NULL),
              "the warp options are wrong");
      // libgdal looks the driver up by its name; no file is opened meanwhile.
      boolean hidden = gdal.driverByName.pointer(arena.allocateFrom("VRT")).address() == 0;
      if (hidden) {
        var unused = gdal.registerDriver.integer(viewDriver);
      }
      try {
        return gdal.check(
            gdal.warp.pointer(
                arena.allocateFrom(""),
                MemorySegment.NULL,
                1,
                arena.allocateFrom(ValueLayout.ADDRESS, source),
                options,
                MemorySegment.NULL),
            "the file cannot be reprojected to " + crs);
      } finally {
        gdal.warpOptionsFree.call(options);
        if (hidden) {
          gdal.deregisterDriver.call(viewDriver);
        }
      }
    }
  }

  /** The name may be that of a part of the file ({@code NETCDF:"path":variable}). */
  private static void requireWhole(String name) {
    int quote = name.indexOf('"');
    int end = name.indexOf('"', quote + 1);
    ClassicNetcdf.requireWhole(quote >= 0 && end > quote ? name.substring(quote + 1, end) : name);
  }

  /** Size and time of change of a plain file; empty for what is none. */
  static String stamp(String name) {
    try {
      BasicFileAttributes file = Files.readAttributes(Path.of(name), BasicFileAttributes.class);
      return file.size() + "@" + file.lastModifiedTime();
    } catch (IOException | InvalidPathException e) {
      return "";
    }
  }
}
