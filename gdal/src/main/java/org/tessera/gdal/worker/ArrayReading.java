package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * Reads a hyperslab of an n-dimensional array, packed and row-major: numbers into the shared cells,
 * texts into the answer.
 */
final class ArrayReading {
  private static final int MAX_TEXTS = 1_000_000;

  private final GdalLibrary gdal;
  private final SharedCells cells;

  ArrayReading(GdalLibrary gdal, SharedCells cells) {
    this.gdal = gdal;
    this.cells = cells;
  }

  Map<String, Object> read(MemorySegment dataset, Request request) {
    MemorySegment root =
        gdal.check(gdal.rootGroup.pointer(dataset), "the file has no multidimensional arrays");
    MemorySegment array = MemorySegment.NULL;
    try (Arena arena = Arena.ofConfined()) {
      String name = request.text("array");
      array = gdal.groupOpenArrayByPath.pointer(root, arena.allocateFrom(name), MemorySegment.NULL);
      if (array.address() == 0) {
        array = gdal.check(search(arena, root, name, 0), "there is no array " + name);
      }
      return read(arena, array, request);
    } finally {
      if (array.address() != 0) {
        gdal.arrayRelease.call(array);
      }
      gdal.groupRelease.call(root);
    }
  }

  /** Some drivers (HDF4) do not find an array by the full name that they give it themselves. */
  private MemorySegment search(Arena arena, MemorySegment group, String path, int depth) {
    for (String name : gdal.takeTexts(gdal.groupArrayNames.pointer(group, MemorySegment.NULL))) {
      if (!path.endsWith("/" + name)) {
        continue;
      }
      MemorySegment array =
          gdal.groupOpenArray.pointer(group, arena.allocateFrom(name), MemorySegment.NULL);
      if (array.address() != 0) {
        if (path.equals(gdal.arrayFullName.text(array))) {
          return array;
        }
        gdal.arrayRelease.call(array);
      }
    }
    if (depth < ArrayDescription.MAX_DEPTH) {
      for (String name : gdal.takeTexts(gdal.groupGroupNames.pointer(group, MemorySegment.NULL))) {
        MemorySegment child =
            gdal.groupOpenGroup.pointer(group, arena.allocateFrom(name), MemorySegment.NULL);
        if (child.address() != 0) {
          MemorySegment found = search(arena, child, path, depth + 1);
          gdal.groupRelease.call(child);
          if (found.address() != 0) {
            return found;
          }
        }
      }
    }
    return MemorySegment.NULL;
  }

  private Map<String, Object> read(Arena arena, MemorySegment array, Request request) {
    long[] count = request.integers("count");
    checkRank(arena, array, count.length);
    long elements = 1;
    for (long extent : count) {
      elements = Math.multiplyExact(elements, extent);
    }
    MemorySegment starts =
        arena.allocateFrom(ValueLayout.JAVA_LONG, padded(request.integers("start")));
    MemorySegment counts = arena.allocateFrom(ValueLayout.JAVA_LONG, padded(count));
    MemorySegment steps =
        arena.allocateFrom(ValueLayout.JAVA_LONG, padded(request.integers("step")));
    gdal.errorReset.call();
    String typeName = request.text("type");
    if (typeName.equals("TEXT")) {
      if (elements > MAX_TEXTS) {
        throw new GdalFailure("more than " + MAX_TEXTS + " texts at once");
      }
      MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, elements);
      MemorySegment type = gdal.typeCreateString.pointer(0L);
      try {
        transfer(array, starts, counts, steps, type, pointers);
      } finally {
        gdal.typeRelease.call(type);
      }
      return Map.of("texts", takeTexts(pointers, elements));
    }
    GdalType cellType = GdalType.of(typeName);
    MemorySegment target = cells.of(request, Math.multiplyExact(elements, cellType.bytes()));
    if (cellType.needsSignedByteMark(gdal)) {
      readSignedBytes(array, starts, counts, steps, elements, target);
      return Map.of();
    }
    MemorySegment type = gdal.typeCreate.pointer(cellType.code(gdal));
    try {
      transfer(array, starts, counts, steps, type, target);
    } finally {
      gdal.typeRelease.call(type);
    }
    return Map.of();
  }

  /** libgdal before 3.7 reads signed bytes as INT16 only. */
  private void readSignedBytes(
      MemorySegment array,
      MemorySegment starts,
      MemorySegment counts,
      MemorySegment steps,
      long elements,
      MemorySegment target) {
    MemorySegment type = gdal.typeCreate.pointer(GdalType.INT16.code(gdal));
    try (Arena wide = Arena.ofConfined()) {
      MemorySegment values = wide.allocate(ValueLayout.JAVA_SHORT, elements);
      transfer(array, starts, counts, steps, type, values);
      for (long i = 0; i < elements; i++) {
        target.set(ValueLayout.JAVA_BYTE, i, (byte) values.getAtIndex(ValueLayout.JAVA_SHORT, i));
      }
    } finally {
      gdal.typeRelease.call(type);
    }
  }

  private void checkRank(Arena arena, MemorySegment array, int rank) {
    MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
    MemorySegment dimensions = gdal.arrayDimensions.pointer(array, size);
    long actual = dimensions.address() == 0 ? 0 : size.get(ValueLayout.JAVA_LONG, 0);
    if (actual > 0) {
      gdal.releaseDimensions.call(dimensions, actual);
    }
    if (actual != rank) {
      throw new GdalFailure("the array has " + actual + " dimensions, the request " + rank);
    }
  }

  private void transfer(
      MemorySegment array,
      MemorySegment starts,
      MemorySegment counts,
      MemorySegment steps,
      MemorySegment type,
      MemorySegment target) {
    if (gdal.arrayRead.integer(
            array, starts, counts, steps, MemorySegment.NULL, type, target, MemorySegment.NULL, 0L)
        == 0) {
      throw gdal.failure("the cells cannot be read");
    }
  }

  private List<String> takeTexts(MemorySegment pointers, long size) {
    List<String> texts = new ArrayList<>();
    for (long i = 0; i < size; i++) {
      MemorySegment pointer = pointers.getAtIndex(ValueLayout.ADDRESS, i);
      texts.add(GdalLibrary.text(pointer));
      if (pointer.address() != 0) {
        gdal.free.call(pointer);
      }
    }
    return texts;
  }

  /** An array of no dimensions still needs a pointer to something. */
  private static long[] padded(long[] values) {
    return values.length == 0 ? new long[1] : values;
  }
}
