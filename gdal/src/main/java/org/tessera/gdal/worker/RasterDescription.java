package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.CFunction;
import org.tessera.gdal.binding.GdalLibrary;

/** Everything about a raster file but its cells. */
final class RasterDescription {
  private final GdalLibrary gdal;
  private final SpatialReferences references;

  RasterDescription(GdalLibrary gdal, SpatialReferences references) {
    this.gdal = gdal;
    this.references = references;
  }

  /**
   * Describes a file.
   *
   * @param driver short name of the driver that reads it
   */
  Map<String, Object> of(MemorySegment dataset, String driver) {
    Map<String, Object> result = layoutOf(dataset, driver);
    try (Arena arena = Arena.ofConfined()) {
      result.put("crs", references.describe(gdal.spatialRef.pointer(dataset)));
      MemorySegment transform = arena.allocate(ValueLayout.JAVA_DOUBLE, 6);
      result.put(
          "geoTransform",
          gdal.geoTransform.integer(dataset, transform) == 0
              ? transform.toArray(ValueLayout.JAVA_DOUBLE)
              : null);
      int gcpCount = gdal.gcpCount.integer(dataset);
      result.put("gcpCount", gcpCount);
      result.put(
          "gcpCrs",
          gcpCount == 0 ? null : references.describe(gdal.gcpSpatialRef.pointer(dataset)));
      result.put("metadata", metadata(arena, dataset));
      result.put("files", gdal.takeTexts(gdal.fileList.pointer(dataset)));
      List<Object> bands = new ArrayList<>();
      for (MemorySegment band : bands(dataset)) {
        bands.add(band(arena, band));
      }
      result.put("bands", bands);
    }
    return result;
  }

  /**
   * What is needed to read the file's cells: its size, and of the bands type, blocks, null value
   * and packing. To find out the CRS takes libgdal forty times as long.
   */
  Map<String, Object> layoutOf(MemorySegment dataset, String driver) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("driver", driver);
    result.put("width", gdal.rasterXSize.integer(dataset));
    result.put("height", gdal.rasterYSize.integer(dataset));
    try (Arena arena = Arena.ofConfined()) {
      List<Object> bands = new ArrayList<>();
      for (MemorySegment band : bands(dataset)) {
        bands.add(layout(arena, band));
      }
      result.put("bands", bands);
    }
    return result;
  }

  private List<MemorySegment> bands(MemorySegment dataset) {
    List<MemorySegment> result = new ArrayList<>();
    int count = gdal.rasterCount.integer(dataset);
    for (int i = 1; i <= count; i++) {
      result.add(
          gdal.check(gdal.rasterBand.pointer(dataset, i), "band " + i + " cannot be opened"));
    }
    return result;
  }

  private Map<String, Object> layout(Arena arena, MemorySegment band) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("type", type(gdal, band).name());
    result.put("noData", noData(arena, band));
    result.put("scale", optional(arena, gdal.scale, band));
    result.put("offset", optional(arena, gdal.offset, band));
    MemorySegment block = arena.allocate(ValueLayout.JAVA_INT, 2);
    gdal.blockSize.call(band, block, block.asSlice(4));
    result.put(
        "block",
        new long[] {
          block.getAtIndex(ValueLayout.JAVA_INT, 0), block.getAtIndex(ValueLayout.JAVA_INT, 1)
        });
    return result;
  }

  private Map<String, Object> band(Arena arena, MemorySegment band) {
    Map<String, Object> result = layout(arena, band);
    result.put("color", gdal.colorInterpretationName.text(gdal.colorInterpretation.integer(band)));
    result.put("palette", palette(band));
    result.put("description", gdal.description.text(band));
    result.put("unit", gdal.unit.text(band));
    result.put("metadata", metadata(arena, band));
    result.put("maskFlags", gdal.maskFlags.integer(band));
    int overviews = gdal.overviewCount.integer(band);
    long[] sizes = new long[2 * overviews];
    for (int i = 0; i < overviews; i++) {
      MemorySegment overview = gdal.overview.pointer(band, i);
      if (overview.address() != 0) {
        sizes[2 * i] = gdal.bandXSize.integer(overview);
        sizes[2 * i + 1] = gdal.bandYSize.integer(overview);
      }
    }
    result.put("overviews", sizes);
    return result;
  }

  /** The band's cell type; GDAL before 3.7 tells a signed byte only by a metadata item. */
  static GdalType type(GdalLibrary gdal, MemorySegment band) {
    GdalType type = GdalType.ofCode(gdal.bandType.integer(band));
    if (type != GdalType.UINT8) {
      return type;
    }
    try (Arena arena = Arena.ofConfined()) {
      String pixelType =
          gdal.metadataItem.text(
              band, arena.allocateFrom("PIXELTYPE"), arena.allocateFrom("IMAGE_STRUCTURE"));
      return "SIGNEDBYTE".equals(pixelType) ? GdalType.INT8 : GdalType.UINT8;
    }
  }

  private Object noData(Arena arena, MemorySegment band) {
    MemorySegment has = arena.allocate(ValueLayout.JAVA_INT);
    GdalType type = GdalType.ofCode(gdal.bandType.integer(band));
    Object value =
        switch (type) {
          case INT64 -> gdal.noDataInt64.integer64(band, has);
          case UINT64 -> gdal.noDataUInt64.integer64(band, has);
          default -> gdal.noData.real(band, has);
        };
    return has.get(ValueLayout.JAVA_INT, 0) == 0 ? null : value;
  }

  private static Object optional(Arena arena, CFunction function, MemorySegment band) {
    MemorySegment has = arena.allocate(ValueLayout.JAVA_INT);
    double value = function.real(band, has);
    return has.get(ValueLayout.JAVA_INT, 0) == 0 ? null : value;
  }

  /** Four numbers (red, green, blue, alpha) for each entry; null for no colour table. */
  private long[] palette(MemorySegment band) {
    MemorySegment table = gdal.colorTable.pointer(band);
    if (table.address() == 0) {
      return null;
    }
    int count = gdal.colorEntryCount.integer(table);
    long[] result = new long[4 * count];
    for (int i = 0; i < count; i++) {
      MemorySegment entry = GdalLibrary.memory(gdal.colorEntry.pointer(table, i), 8);
      for (int c = 0; c < 4; c++) {
        result[4 * i + c] = entry.getAtIndex(ValueLayout.JAVA_SHORT, c);
      }
    }
    return result;
  }

  /** Metadata of every domain; the default domain has the empty name. */
  private Map<String, Object> metadata(Arena arena, MemorySegment object) {
    Map<String, Object> result = new LinkedHashMap<>();
    for (String domain : gdal.takeTexts(gdal.metadataDomains.pointer(object))) {
      Map<String, String> items =
          GdalLibrary.entries(
              GdalLibrary.texts(
                  gdal.metadata.pointer(
                      object, domain.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(domain))));
      if (!items.isEmpty()) {
        result.put(domain, items);
      }
    }
    return result;
  }
}
