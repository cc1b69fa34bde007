package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.tessera.gdal.binding.GdalLibrary;

/** Reprojects cells from one part of the shared file to another. */
final class Warping {
  private final GdalLibrary gdal;
  private final SharedCells cells;

  Warping(GdalLibrary gdal, SharedCells cells) {
    this.gdal = gdal;
    this.cells = cells;
  }

  Map<String, Object> warp(Request request) {
    GdalType type = GdalType.of(request.text("type"));
    int bands = request.int32("bands");
    Request source = request.part("source");
    Request target = request.part("target");
    long targetStart = request.integer("targetStart");
    long targetEnd = targetStart + bytes(target, type, bands);
    MemorySegment shared = cells.of(request, Math.max(bytes(source, type, bands), targetEnd));
    List<MemorySegment> open = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      gdal.errorReset.call();
      MemorySegment from = dataset(arena, open, source, type, bands, shared);
      MemorySegment to = dataset(arena, open, target, type, bands, shared.asSlice(targetStart));
      MemorySegment list = arena.allocateFrom(ValueLayout.ADDRESS, from);
      MemorySegment options =
          gdal.check(
              gdal.warpOptionsNew.pointer(
                  GdalLibrary.list(arena, arguments(request)), MemorySegment.NULL),
              "the warp options are wrong");
      try {
        gdal.check(
            gdal.warp.pointer(MemorySegment.NULL, to, 1, list, options, MemorySegment.NULL),
            "the cells cannot be reprojected");
      } finally {
        gdal.warpOptionsFree.call(options);
      }
      gdal.flushCache.call(to);
      gdal.checkNoError("the cells cannot be reprojected");
    } finally {
      open.forEach(gdal.close::call);
    }
    return Map.of();
  }

  private static List<String> arguments(Request request) {
    List<String> arguments = new ArrayList<>(List.of("-r", request.text("resampling")));
    arguments.addAll(List.of("-et", Double.toString(request.real("maxError"))));
    arguments.addAll(List.of("-wm", "64"));
    if (request.has("sourceNoData")) {
      arguments.addAll(List.of("-srcnodata", numbers(request.reals("sourceNoData"))));
      arguments.addAll(List.of("-wo", "UNIFIED_SRC_NODATA=NO"));
    }
    if (request.has("targetNoData")) {
      arguments.addAll(List.of("-dstnodata", numbers(request.reals("targetNoData"))));
      arguments.addAll(List.of("-wo", "INIT_DEST=NO_DATA"));
    } else {
      arguments.addAll(List.of("-wo", "INIT_DEST=0"));
    }
    return arguments;
  }

  private static String numbers(double[] values) {
    return DoubleStream.of(values)
        .mapToObj(value -> Double.isNaN(value) ? "nan" : Double.toString(value))
        .collect(Collectors.joining(" "));
  }

  private static long bytes(Request grid, GdalType type, int bands) {
    return Math.multiplyExact(
        Math.multiplyExact(grid.integer("width"), grid.integer("height")),
        (long) type.bytes() * bands);
  }

  /** A data set in the shared memory itself. */
  private MemorySegment dataset(
      Arena arena,
      List<MemorySegment> open,
      Request grid,
      GdalType type,
      int bands,
      MemorySegment memory) {
    int width = grid.int32("width");
    int height = grid.int32("height");
    MemorySegment driver = gdal.driverByName.pointer(arena.allocateFrom("MEM"));
    MemorySegment dataset =
        gdal.check(
            gdal.create.pointer(
                driver,
                arena.allocateFrom(""),
                width,
                height,
                0,
                type.code(gdal),
                MemorySegment.NULL),
            "no data set in memory");
    open.add(dataset);
    for (int band = 0; band < bands; band++) {
      long address = memory.address() + (long) band * width * height * type.bytes();
      gdal.check(
          gdal.addBand.integer(
              dataset,
              type.code(gdal),
              GdalLibrary.options(arena, Map.of("DATAPOINTER", "0x" + Long.toHexString(address)))),
          "no band in memory");
    }
    MemorySegment srs = new SpatialReferences(gdal).parse(arena, grid.text("crs"));
    int set = gdal.setSpatialRef.integer(dataset, srs);
    gdal.srsDestroy.call(srs);
    gdal.check(set, "no CRS");
    gdal.check(
        gdal.setGeoTransform.integer(
            dataset, arena.allocateFrom(ValueLayout.JAVA_DOUBLE, grid.reals("geoTransform"))),
        "no geotransform");
    return dataset;
  }
}
