package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * Writes an n-dimensional file (netCDF-4) through GDAL's multidimensional API: dimensions and their
 * coordinates at once, the data variables slab by slab.
 */
final class ArrayWriting implements Writing {
  private final GdalLibrary gdal;
  private final SharedCells cells;
  private final Request request;
  private final Map<String, MemorySegment> dimensions = new LinkedHashMap<>();
  private final Map<String, MemorySegment> variables = new LinkedHashMap<>();
  private final Map<String, GdalType> types = new LinkedHashMap<>();

  /** What {@link #close} has to release, last made first. */
  private final Deque<Runnable> releases = new ArrayDeque<>();

  ArrayWriting(GdalLibrary gdal, SharedCells cells, Request request) {
    this.gdal = gdal;
    this.cells = cells;
    this.request = request;
  }

  @Override
  public Map<String, Object> begin() {
    try (Arena arena = Arena.ofConfined()) {
      String driverName = request.text("driver");
      MemorySegment driver =
          gdal.check(
              gdal.driverByName.pointer(arena.allocateFrom(driverName)),
              "GDAL has no driver " + driverName + " here");
      gdal.errorReset.call();
      MemorySegment dataset =
          gdal.check(
              gdal.createMultiDimensional.pointer(
                  driver,
                  arena.allocateFrom(request.text("file")),
                  MemorySegment.NULL,
                  GdalLibrary.options(arena, request.textMap("options"))),
              "GDAL's driver " + driverName + " cannot create a multidimensional file");
      releases.push(() -> gdal.close.call(dataset));
      MemorySegment root = gdal.check(gdal.rootGroup.pointer(dataset), "no root group");
      releases.push(() -> gdal.groupRelease.call(root));
      for (Request dimension : request.parts("dimensions")) {
        createDimension(arena, root, dimension);
      }
      MemorySegment srs = MemorySegment.NULL;
      if (request.has("crs")) {
        srs = new SpatialReferences(gdal).parse(arena, request.text("crs"));
      }
      try {
        for (Request variable : request.parts("variables")) {
          createVariable(arena, root, variable, srs);
        }
      } finally {
        if (srs.address() != 0) {
          gdal.srsDestroy.call(srs);
        }
      }
      for (Request attribute : request.parts("attributes")) {
        createAttribute(arena, root, false, attribute);
      }
    }
    return Map.of();
  }

  private void createDimension(Arena arena, MemorySegment root, Request given) {
    String name = given.text("name");
    MemorySegment dimension =
        gdal.check(
            gdal.groupCreateDimension.pointer(
                root,
                arena.allocateFrom(name),
                textOrNull(arena, given, "type"),
                textOrNull(arena, given, "direction"),
                given.integer("size"),
                MemorySegment.NULL),
            "the dimension " + name + " cannot be created");
    releases.push(() -> gdal.dimensionRelease.call(dimension));
    dimensions.put(name, dimension);
  }

  private static MemorySegment textOrNull(Arena arena, Request given, String member) {
    return given.has(member) ? arena.allocateFrom(given.text(member)) : MemorySegment.NULL;
  }

  private void createVariable(Arena arena, MemorySegment root, Request given, MemorySegment srs) {
    String name = given.text("name");
    List<String> names = given.texts("dimensions");
    MemorySegment axes = arena.allocate(ValueLayout.ADDRESS, Math.max(1, names.size()));
    for (int i = 0; i < names.size(); i++) {
      MemorySegment dimension = dimensions.get(names.get(i));
      if (dimension == null) {
        throw new GdalFailure("the variable " + name + " has an unknown dimension " + names.get(i));
      }
      axes.setAtIndex(ValueLayout.ADDRESS, i, dimension);
    }
    boolean isText = given.text("type").equals("TEXT");
    GdalType type = isText ? null : GdalType.of(given.text("type"));
    Map<String, String> options = new LinkedHashMap<>(given.textMap("options"));
    if (type == GdalType.INT8) {
      options.put("NC_TYPE", "NC_BYTE");
    }
    MemorySegment dataType =
        isText ? gdal.typeCreateString.pointer(0L) : gdal.typeCreate.pointer(type.code(gdal));
    MemorySegment array =
        gdal.groupCreateArray.pointer(
            root,
            arena.allocateFrom(name),
            (long) names.size(),
            axes,
            dataType,
            GdalLibrary.options(arena, options));
    gdal.typeRelease.call(dataType);
    gdal.check(array, "the variable " + name + " cannot be created");
    releases.push(() -> gdal.arrayRelease.call(array));
    variables.put(name, array);
    if (type != null) {
      types.put(name, type);
    }
    if (given.has("noData") && type != null) {
      MemorySegment value = arena.allocate(16, 8);
      type.put(value, given.members().get("noData"));
      require(
          gdal.arraySetRawNoData.integer(array, value),
          "the fill value of " + name + " cannot be set");
    }
    if (given.has("unit")) {
      require(
          gdal.arraySetUnit.integer(array, arena.allocateFrom(given.text("unit"))),
          "the unit of " + name + " cannot be set");
    }
    if (given.has("crs") && srs.address() != 0) {
      require(gdal.arraySetSpatialRef.integer(array, srs), "the CRS of " + name + " cannot be set");
    }
    for (Request attribute : given.parts("attributes")) {
      createAttribute(arena, array, true, attribute);
    }
    if (names.size() == 1 && names.getFirst().equals(name)) {
      // The return code only says whether the driver needs to be told; netCDF knows by the name.
      var unused = gdal.dimensionSetIndexing.integer(dimensions.get(name), array);
    }
    if (given.has("values")) {
      writeValues(arena, array, name, names, given.members().get("values"));
    }
  }

  private void writeValues(
      Arena arena, MemorySegment array, String name, List<String> names, Object values) {
    long[] counts = new long[Math.max(1, names.size())];
    counts[0] = 1;
    for (int i = 0; i < names.size(); i++) {
      counts[i] = gdal.dimensionSize.integer64(dimensions.get(names.get(i)));
    }
    MemorySegment buffer;
    MemorySegment dataType;
    switch (values) {
      case long[] numbers -> {
        buffer = arena.allocateFrom(ValueLayout.JAVA_LONG, numbers);
        dataType = gdal.typeCreate.pointer(GdalType.INT64.code(gdal));
      }
      case double[] numbers -> {
        buffer = arena.allocateFrom(ValueLayout.JAVA_DOUBLE, numbers);
        dataType = gdal.typeCreate.pointer(GdalType.FLOAT64.code(gdal));
      }
      case List<?> texts -> {
        buffer = arena.allocate(ValueLayout.ADDRESS, texts.size());
        for (int i = 0; i < texts.size(); i++) {
          buffer.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom((String) texts.get(i)));
        }
        dataType = gdal.typeCreateString.pointer(0L);
      }
      default -> throw new GdalFailure("the values of " + name + " are neither numbers nor texts");
    }
    long elements = 1;
    for (long count : counts) {
      elements = Math.multiplyExact(elements, count);
    }
    if (buffer.byteSize() != elements * 8) {
      gdal.typeRelease.call(dataType);
      throw new GdalFailure(
          "the variable "
              + name
              + " has "
              + buffer.byteSize() / 8
              + " values for "
              + elements
              + " cells");
    }
    transfer(arena, array, name, new long[counts.length], counts, dataType, buffer);
  }

  private void createAttribute(Arena arena, MemorySegment owner, boolean onArray, Request given) {
    String name = given.text("name");
    Object values = given.members().get("values");
    boolean isText = given.text("type").equals("TEXT");
    GdalType type = isText ? null : GdalType.of(given.text("type"));
    int size =
        switch (values) {
          case long[] numbers -> numbers.length;
          case double[] numbers -> numbers.length;
          case List<?> texts -> texts.size();
          case null, default -> throw new GdalFailure("the attribute " + name + " has no values");
        };
    MemorySegment sizes = arena.allocateFrom(ValueLayout.JAVA_LONG, (long) size);
    long rank = size == 1 ? 0 : 1;
    MemorySegment dataType =
        isText ? gdal.typeCreateString.pointer(0L) : gdal.typeCreate.pointer(type.code(gdal));
    MemorySegment attribute =
        (onArray ? gdal.arrayCreateAttribute : gdal.groupCreateAttribute)
            .pointer(owner, arena.allocateFrom(name), rank, sizes, dataType, MemorySegment.NULL);
    gdal.typeRelease.call(dataType);
    gdal.check(attribute, "the attribute " + name + " cannot be created");
    try {
      int done;
      if (isText) {
        List<String> texts = new ArrayList<>();
        ((List<?>) values).forEach(text -> texts.add((String) text));
        done =
            size == 1
                ? gdal.attributeWriteString.integer(attribute, arena.allocateFrom(texts.getFirst()))
                : gdal.attributeWriteStrings.integer(attribute, GdalLibrary.list(arena, texts));
      } else {
        long bytes = (long) type.bytes() * size;
        MemorySegment raw = arena.allocate(Math.max(8, bytes), 8);
        for (int i = 0; i < size; i++) {
          Object value =
              values instanceof long[] numbers
                  ? (Object) numbers[i]
                  : (Object) ((double[]) values)[i];
          type.put(raw.asSlice((long) i * type.bytes()), value);
        }
        done = gdal.attributeWriteRaw.integer(attribute, raw, bytes);
      }
      require(done, "the attribute " + name + " cannot be written");
    } finally {
      gdal.attributeRelease.call(attribute);
    }
  }

  @Override
  public Map<String, Object> write(Request slab) {
    String name = slab.text("variable");
    MemorySegment array = variables.get(name);
    GdalType type = types.get(name);
    if (array == null || type == null) {
      throw new GdalFailure("there is no variable " + name);
    }
    long[] start = slab.integers("start");
    long[] count = slab.integers("count");
    long bytes = type.bytes();
    for (long extent : count) {
      bytes = Math.multiplyExact(bytes, extent);
    }
    MemorySegment source = cells.of(slab, bytes);
    try (Arena arena = Arena.ofConfined()) {
      gdal.errorReset.call();
      transfer(arena, array, name, start, count, gdal.typeCreate.pointer(type.code(gdal)), source);
    }
    return Map.of();
  }

  /** Writes and releases the type. */
  private void transfer(
      Arena arena,
      MemorySegment array,
      String name,
      long[] start,
      long[] count,
      MemorySegment dataType,
      MemorySegment source) {
    int done =
        gdal.arrayWrite.integer(
            array,
            arena.allocateFrom(ValueLayout.JAVA_LONG, start),
            arena.allocateFrom(ValueLayout.JAVA_LONG, count),
            MemorySegment.NULL,
            MemorySegment.NULL,
            dataType,
            source,
            MemorySegment.NULL,
            0L);
    gdal.typeRelease.call(dataType);
    require(done, "the cells of " + name + " cannot be written");
  }

  private void require(int done, String otherwise) {
    if (done == 0) {
      throw gdal.failure(otherwise);
    }
  }

  @Override
  public void finish() {
    gdal.errorReset.call();
    close();
    gdal.checkNoError("the file cannot be written");
  }

  @Override
  public void close() {
    while (!releases.isEmpty()) {
      releases.pop().run();
    }
  }
}
