package org.tessera.gdal.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * The data set of the last request stays open, because a client reads a large file in many
 * requests. A file that has changed since is opened anew.
 *
 * <p>Two options are this worker's own, not GDAL's: with {@value #WARP_CRS} the data set is a view
 * of the file in that CRS, on a grid of the extent and resolution that GDAL suggests, by what
 * georeference the file has (a geotransform, geolocation arrays, ground control points); {@value
 * #RESAMPLING} says how its cells are chosen.
 */
final class OpenDatasets {
  static final String WARP_CRS = "TESSERA_WARP_CRS";
  static final String RESAMPLING = "TESSERA_RESAMPLING";

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
  private static final int VERBOSE_ERROR = 0x40;

  private final GdalLibrary gdal;
  private String key = "";
  private MemorySegment dataset = MemorySegment.NULL;

  /** The file itself where {@link #dataset} is a view of it. */
  private MemorySegment source = MemorySegment.NULL;

  private String driver = "";

  OpenDatasets(GdalLibrary gdal) {
    this.gdal = gdal;
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
    for (MemorySegment open : List.of(dataset, source)) {
      if (open.address() != 0) {
        gdal.close.call(open);
      }
    }
    dataset = MemorySegment.NULL;
    source = MemorySegment.NULL;
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
      return dataset;
    }
    close();
    gdal.errorReset.call();
    Map<String, String> options = new LinkedHashMap<>(request.textMap("openOptions"));
    String warp = options.remove(WARP_CRS);
    String method = options.remove(RESAMPLING);
    try (Arena arena = Arena.ofConfined()) {
      dataset =
          gdal.check(
              gdal.openEx.pointer(
                  arena.allocateFrom(name),
                  flags | VERBOSE_ERROR,
                  GdalLibrary.list(arena, request.texts("drivers")),
                  GdalLibrary.options(arena, options),
                  MemorySegment.NULL),
              "not a file that GDAL can read");
    }
    driver = gdal.driverShortName.text(gdal.datasetDriver.pointer(dataset));
    if (driver.equals("netCDF")) {
      requireWhole(name);
    }
    if (warp != null) {
      source = dataset;
      dataset = MemorySegment.NULL;
      dataset = view(warp, method == null ? "near" : method);
    }
    key = wanted;
    return dataset;
  }

  private MemorySegment view(String crs, String method) {
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
