package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * Groups, arrays, dimensions and attributes of a multidimensional file, everything but the cells.
 */
final class ArrayDescription {
  /** Groups deeper than this are not looked at. */
  static final int MAX_DEPTH = 32;

  /** Opening the raster side takes time for each band; beyond this many its types are taken. */
  private static final int MOST_IMAGES = 10_000;

  private static final int MAX_ARRAYS = 20_000;

  private static final int NUMERIC = 0;
  private static final int STRING = 1;

  private static final Map<String, String> SHOW_ALL = Map.of("SHOW_ALL", "YES");

  private final GdalLibrary gdal;
  private final SpatialReferences references;
  private String netcdfFile;
  private int arrays;

  ArrayDescription(GdalLibrary gdal, SpatialReferences references) {
    this.gdal = gdal;
    this.references = references;
  }

  Map<String, Object> of(MemorySegment dataset) {
    MemorySegment root =
        gdal.check(gdal.rootGroup.pointer(dataset), "the file has no multidimensional arrays");
    try (Arena arena = Arena.ofConfined()) {
      Map<String, Object> result = new LinkedHashMap<>();
      String driver = gdal.driverShortName.text(gdal.datasetDriver.pointer(dataset));
      result.put("driver", driver);
      netcdfFile = driver.equals("netCDF") ? gdal.description.text(dataset) : null;
      result.put("root", group(arena, root, 0));
      return result;
    } finally {
      gdal.groupRelease.call(root);
    }
  }

  private Map<String, Object> group(Arena arena, MemorySegment group, int depth) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", gdal.groupName.text(group));
    result.put("path", gdal.groupFullName.text(group));
    MemorySegment showAll = GdalLibrary.options(arena, SHOW_ALL);
    MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
    result.put(
        "attributes", attributes(gdal.groupAttributes.pointer(group, count, showAll), count));
    result.put(
        "dimensions",
        dimensions(gdal.groupDimensions.pointer(group, count, MemorySegment.NULL), count));
    List<Object> members = new ArrayList<>();
    for (String name : gdal.takeTexts(gdal.groupArrayNames.pointer(group, showAll))) {
      if (++arrays > MAX_ARRAYS) {
        throw new GdalFailure("the file has more than " + MAX_ARRAYS + " arrays");
      }
      MemorySegment array =
          gdal.groupOpenArray.pointer(group, arena.allocateFrom(name), MemorySegment.NULL);
      if (array.address() != 0) {
        try {
          members.add(array(arena, array));
        } finally {
          gdal.arrayRelease.call(array);
        }
      }
    }
    result.put("arrays", members);
    List<Object> groups = new ArrayList<>();
    for (String name : gdal.takeTexts(gdal.groupGroupNames.pointer(group, MemorySegment.NULL))) {
      MemorySegment child =
          gdal.groupOpenGroup.pointer(group, arena.allocateFrom(name), MemorySegment.NULL);
      if (child.address() != 0 && depth < MAX_DEPTH) {
        try {
          groups.add(group(arena, child, depth + 1));
        } finally {
          gdal.groupRelease.call(child);
        }
      }
    }
    result.put("groups", groups);
    return result;
  }

  private Map<String, Object> array(Arena arena, MemorySegment array) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", gdal.arrayName.text(array));
    String path = gdal.arrayFullName.text(array);
    String type = takeType(gdal.arrayDataType.pointer(array));
    MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
    List<Object> dimensions = dimensions(gdal.arrayDimensions.pointer(array, count), count);
    if (type.equals("INT16") && images(dimensions) <= MOST_IMAGES && isSignedByte(arena, path)) {
      type = "INT8";
    }
    result.put("path", path);
    result.put("type", type);
    result.put("dimensions", dimensions);
    MemorySegment showAll = GdalLibrary.options(arena, SHOW_ALL);
    List<Map<String, Object>> attributes =
        attributes(gdal.arrayAttributes.pointer(array, count, showAll), count);
    result.put("attributes", attributes);
    result.put("unit", gdal.arrayUnit.text(array));
    result.put("noData", noData(array, type, attributes));
    MemorySegment has = arena.allocate(ValueLayout.JAVA_INT);
    double scale = gdal.arrayScale.real(array, has);
    result.put("scale", has.get(ValueLayout.JAVA_INT, 0) == 0 ? null : scale);
    double offset = gdal.arrayOffset.real(array, has);
    result.put("offset", has.get(ValueLayout.JAVA_INT, 0) == 0 ? null : offset);
    result.put("coordinates", coordinateVariables(array, count));
    result.put("block", block(array, count));
    MemorySegment srs = gdal.arraySpatialRef.pointer(array);
    result.put("crs", references.describe(srs));
    if (srs.address() != 0) {
      gdal.srsDestroy.call(srs);
    }
    return result;
  }

  /** The name of a type that is ours to release: a number's, {@code TEXT}, or {@code COMPOUND}. */
  private String takeType(MemorySegment type) {
    try {
      return switch (gdal.typeClass.integer(type)) {
        case NUMERIC -> GdalType.ofCode(gdal.typeNumeric.integer(type)).name();
        case STRING -> "TEXT";
        default -> "COMPOUND";
      };
    } finally {
      gdal.typeRelease.call(type);
    }
  }

  /** Bands that the raster side of the driver makes of an array: all but its last two axes. */
  private static double images(List<Object> dimensions) {
    double images = 1;
    for (int i = 0; i < dimensions.size() - 2; i++) {
      images *= ((Number) ((Map<?, ?>) dimensions.get(i)).get("size")).doubleValue();
    }
    return images;
  }

  /**
   * libgdal before 3.7 shows netCDF's signed bytes as INT16. The raster side of the driver still
   * knows them.
   */
  private boolean isSignedByte(Arena arena, String path) {
    if (netcdfFile == null) {
      return false;
    }
    String variable = path.lastIndexOf('/') == 0 ? path.substring(1) : path;
    MemorySegment raster =
        gdal.openEx.pointer(
            arena.allocateFrom("NETCDF:\"" + netcdfFile + "\":" + variable),
            OpenDatasets.RASTER,
            GdalLibrary.list(arena, List.of("netCDF")),
            MemorySegment.NULL,
            MemorySegment.NULL);
    boolean result = false;
    if (raster.address() != 0) {
      MemorySegment band = gdal.rasterBand.pointer(raster, 1);
      result = band.address() != 0 && RasterDescription.type(gdal, band) == GdalType.INT8;
      gdal.close.call(raster);
    }
    gdal.errorReset.call();
    return result;
  }

  /**
   * The nodata value: the attribute's where there is one, because libgdal converts one that the
   * type cannot have (NaN for an integer) to zero.
   */
  private Object noData(MemorySegment array, String type, List<Map<String, Object>> attributes) {
    if (type.equals("TEXT") || type.equals("COMPOUND")) {
      return null;
    }
    GdalType cells = GdalType.of(type);
    for (String name : List.of("_FillValue", "missing_value")) {
      for (Map<String, Object> attribute : attributes) {
        if (attribute.get("name").equals(name)
            && attribute.get("values") instanceof double[] values
            && values.length > 0) {
          return cells.holds(values[0]) ? cells.exact(values[0]) : null;
        }
      }
    }
    MemorySegment raw = gdal.arrayRawNoData.pointer(array);
    if (raw.address() == 0) {
      return null;
    }
    return cells == GdalType.INT8
        ? GdalType.INT16.get(GdalLibrary.memory(raw, 2))
        : cells.get(GdalLibrary.memory(raw, cells.bytes()));
  }

  private List<Object> coordinateVariables(MemorySegment array, MemorySegment count) {
    List<Object> result = new ArrayList<>();
    MemorySegment list = gdal.arrayCoordinateVariables.pointer(array, count);
    long size = list.address() == 0 ? 0 : count.get(ValueLayout.JAVA_LONG, 0);
    for (long i = 0; i < size; i++) {
      result.add(gdal.arrayFullName.text(element(list, size, i)));
    }
    if (size > 0) {
      gdal.releaseArrays.call(list, size);
    }
    return result;
  }

  private long[] block(MemorySegment array, MemorySegment count) {
    MemorySegment sizes = gdal.arrayBlockSize.pointer(array, count);
    if (sizes.address() == 0) {
      return new long[0];
    }
    long[] result =
        GdalLibrary.memory(sizes, 8 * count.get(ValueLayout.JAVA_LONG, 0))
            .toArray(ValueLayout.JAVA_LONG);
    gdal.free.call(sizes);
    return result;
  }

  private List<Object> dimensions(MemorySegment list, MemorySegment count) {
    List<Object> result = new ArrayList<>();
    long size = list.address() == 0 ? 0 : count.get(ValueLayout.JAVA_LONG, 0);
    for (long i = 0; i < size; i++) {
      MemorySegment dimension = element(list, size, i);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", gdal.dimensionName.text(dimension));
      entry.put("path", gdal.dimensionFullName.text(dimension));
      entry.put("size", gdal.dimensionSize.integer64(dimension));
      entry.put("type", gdal.dimensionType.text(dimension));
      entry.put("direction", gdal.dimensionDirection.text(dimension));
      MemorySegment indexing = gdal.dimensionIndexing.pointer(dimension);
      if (indexing.address() != 0) {
        entry.put("coordinates", gdal.arrayFullName.text(indexing));
        gdal.arrayRelease.call(indexing);
      }
      result.add(entry);
    }
    if (size > 0) {
      gdal.releaseDimensions.call(list, size);
    }
    return result;
  }

  private List<Map<String, Object>> attributes(MemorySegment list, MemorySegment count) {
    List<Map<String, Object>> result = new ArrayList<>();
    long size = list.address() == 0 ? 0 : count.get(ValueLayout.JAVA_LONG, 0);
    for (long i = 0; i < size; i++) {
      result.add(attribute(element(list, size, i)));
    }
    if (size > 0) {
      gdal.releaseAttributes.call(list, size);
    }
    return result;
  }

  private Map<String, Object> attribute(MemorySegment attribute) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("name", gdal.attributeName.text(attribute));
    String type = takeType(gdal.attributeDataType.pointer(attribute));
    result.put("type", type);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      if (type.equals("INT64") || type.equals("UINT64")) {
        MemorySegment raw = gdal.attributeRaw.pointer(attribute, count);
        long bytes = raw.address() == 0 ? 0 : count.get(ValueLayout.JAVA_LONG, 0);
        result.put("values", GdalLibrary.memory(raw, bytes).toArray(ValueLayout.JAVA_LONG));
        if (raw.address() != 0) {
          gdal.attributeFreeRaw.call(attribute, raw, bytes);
        }
      } else if (type.equals("TEXT") || type.equals("COMPOUND")) {
        result.put("values", gdal.takeTexts(gdal.attributeStrings.pointer(attribute)));
      } else {
        MemorySegment values = gdal.attributeDoubles.pointer(attribute, count);
        long size = values.address() == 0 ? 0 : count.get(ValueLayout.JAVA_LONG, 0);
        result.put("values", GdalLibrary.memory(values, 8 * size).toArray(ValueLayout.JAVA_DOUBLE));
        if (values.address() != 0) {
          gdal.free.call(values);
        }
      }
    }
    return result;
  }

  private static MemorySegment element(MemorySegment list, long size, long index) {
    return GdalLibrary.memory(list, 8 * size).getAtIndex(ValueLayout.ADDRESS, index);
  }
}
