package org.tessera.gdal.worker;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * The data set of the last request stays open, because a client reads a large file in many
 * requests. A file that has changed since is opened anew.
 */
final class OpenDatasets {
  /** GDAL's flag for raster files. */
  static final int RASTER = 0x02;

  private static final int MULTIDIMENSIONAL = 0x10;
  private static final int VERBOSE_ERROR = 0x40;

  private final GdalLibrary gdal;
  private String key = "";
  private MemorySegment dataset = MemorySegment.NULL;

  OpenDatasets(GdalLibrary gdal) {
    this.gdal = gdal;
  }

  MemorySegment raster(Request request) {
    return open(request, RASTER);
  }

  MemorySegment multidimensional(Request request) {
    return open(request, MULTIDIMENSIONAL);
  }

  void close() {
    if (dataset.address() != 0) {
      gdal.close.call(dataset);
      dataset = MemorySegment.NULL;
      key = "";
    }
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
    try (Arena arena = Arena.ofConfined()) {
      dataset =
          gdal.check(
              gdal.openEx.pointer(
                  arena.allocateFrom(name),
                  flags | VERBOSE_ERROR,
                  GdalLibrary.list(arena, request.texts("drivers")),
                  GdalLibrary.options(arena, request.textMap("openOptions")),
                  MemorySegment.NULL),
              "not a file that GDAL can read");
    }
    if (gdal.driverShortName.text(gdal.datasetDriver.pointer(dataset)).equals("netCDF")) {
      requireWhole(name);
    }
    key = wanted;
    return dataset;
  }

  /** The name may be that of a part of the file ({@code NETCDF:"path":variable}). */
  private static void requireWhole(String name) {
    int quote = name.indexOf('"');
    int end = name.indexOf('"', quote + 1);
    ClassicNetcdf.requireWhole(quote >= 0 && end > quote ? name.substring(quote + 1, end) : name);
  }

  /** Size and time of change of a plain file; empty for what is none. */
  private static String stamp(String name) {
    try {
      BasicFileAttributes file = Files.readAttributes(Path.of(name), BasicFileAttributes.class);
      return file.size() + "@" + file.lastModifiedTime();
    } catch (IOException | InvalidPathException e) {
      return "";
    }
  }
}
