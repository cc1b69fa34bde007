package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/**
 * Writes a raster file in slabs of rows. Drivers that can only copy a whole data set get one that
 * was written first: in memory while small, as uncompressed GeoTIFF in the scratch directory
 * otherwise.
 */
final class RasterWriting implements Writing {
  private final GdalLibrary gdal;
  private final SharedCells cells;
  private final Request request;
  private final String driverName;
  private final String file;
  private final GdalType type;
  private final int width;
  private final int height;
  private final List<Request> bands;
  private MemorySegment driver = MemorySegment.NULL;
  private MemorySegment dataset = MemorySegment.NULL;
  private boolean copied;

  RasterWriting(GdalLibrary gdal, SharedCells cells, Request request) {
    this.gdal = gdal;
    this.cells = cells;
    this.request = request;
    this.driverName = request.text("driver");
    this.file = request.text("file");
    this.type = GdalType.of(request.text("type"));
    this.width = request.int32("width");
    this.height = request.int32("height");
    this.bands = request.parts("bands");
  }

  @Override
  public Map<String, Object> begin() {
    try (Arena arena = Arena.ofConfined()) {
      setPam(arena, "NO");
      driver = driver(arena, driverName);
      boolean canCreate = can(arena, "DCAP_CREATE");
      boolean canCopy = can(arena, "DCAP_CREATECOPY");
      if (!canCreate && !canCopy) {
        throw new GdalFailure("GDAL's driver " + driverName + " cannot write");
      }
      copied = !driverName.equals("GTiff") && canCopy;
      if (!copied) {
        create(arena, driver, file, request.textMap("options"));
      } else if (cellBytes() <= request.integer("memoryBytes")) {
        create(arena, driver(arena, "MEM"), "", Map.of());
      } else {
        create(
            arena,
            driver(arena, "GTiff"),
            request.text("temporary"),
            Map.of("BIGTIFF", "IF_SAFER"));
      }
      describe(arena);
      MemorySegment block = arena.allocate(ValueLayout.JAVA_INT, 2);
      gdal.blockSize.call(gdal.rasterBand.pointer(dataset, 1), block, block.asSlice(4));
      return Map.of("blockRows", block.getAtIndex(ValueLayout.JAVA_INT, 1));
    }
  }

  private long cellBytes() {
    return Math.multiplyExact((long) width * height, (long) type.bytes() * bands.size());
  }

  private MemorySegment driver(Arena arena, String name) {
    return gdal.check(
        gdal.driverByName.pointer(arena.allocateFrom(name)),
        "GDAL has no driver " + name + " here");
  }

  private boolean can(Arena arena, String capability) {
    return gdal.metadataItem.text(driver, arena.allocateFrom(capability), MemorySegment.NULL)
        != null;
  }

  private void setPam(Arena arena, String value) {
    gdal.setConfigOption.call(
        arena.allocateFrom("GDAL_PAM_ENABLED"),
        value == null ? MemorySegment.NULL : arena.allocateFrom(value));
  }

  private void create(Arena arena, MemorySegment by, String target, Map<String, String> given) {
    Map<String, String> options = new LinkedHashMap<>(given);
    if (type.needsSignedByteMark(gdal)) {
      options.put("PIXELTYPE", "SIGNEDBYTE");
    }
    if (!copied && driverName.equals("GTiff") && isPicture()) {
      options.putIfAbsent("PHOTOMETRIC", "RGB");
    }
    gdal.errorReset.call();
    dataset =
        gdal.check(
            gdal.create.pointer(
                by,
                arena.allocateFrom(target),
                width,
                height,
                bands.size(),
                type.code(gdal),
                GdalLibrary.options(arena, options)),
            "GDAL's driver " + driverName + " cannot create such a file");
  }

  private boolean isPicture() {
    return (type == GdalType.UINT8 || type == GdalType.UINT16)
        && bands.size() >= 3
        && "Red".equals(bands.get(0).textOrNull("color"))
        && "Green".equals(bands.get(1).textOrNull("color"))
        && "Blue".equals(bands.get(2).textOrNull("color"));
  }

  /** What a format has no place for is left out, so these return codes do not matter. */
  private void describe(Arena arena) {
    String crs = request.textOrNull("crs");
    if (crs != null) {
      MemorySegment srs = new SpatialReferences(gdal).parse(arena, crs);
      var unused = gdal.setSpatialRef.integer(dataset, srs);
      gdal.srsDestroy.call(srs);
    }
    if (request.has("geoTransform")) {
      var unused =
          gdal.setGeoTransform.integer(
              dataset, arena.allocateFrom(ValueLayout.JAVA_DOUBLE, request.reals("geoTransform")));
    }
    setMetadata(arena, dataset, request.textMap("metadata"));
    for (int i = 0; i < bands.size(); i++) {
      describe(arena, gdal.rasterBand.pointer(dataset, i + 1), bands.get(i));
    }
  }

  private void setMetadata(Arena arena, MemorySegment object, Map<String, String> metadata) {
    if (!metadata.isEmpty()) {
      var unused =
          gdal.setMetadata.integer(
              object, GdalLibrary.options(arena, metadata), MemorySegment.NULL);
    }
  }

  private void describe(Arena arena, MemorySegment band, Request given) {
    if (given.has("noData")) {
      var unused = gdal.setNoData.integer(band, given.real("noData"));
    }
    if (given.has("description")) {
      gdal.setDescription.call(band, arena.allocateFrom(given.text("description")));
    }
    if (given.has("unit")) {
      var unused = gdal.setUnit.integer(band, arena.allocateFrom(given.text("unit")));
    }
    if (given.has("scale")) {
      var unused = gdal.setScale.integer(band, given.real("scale"));
    }
    if (given.has("offset")) {
      var unused = gdal.setOffset.integer(band, given.real("offset"));
    }
    if (given.has("color")) {
      int color = gdal.colorInterpretationByName.integer(arena.allocateFrom(given.text("color")));
      var unused = gdal.setColorInterpretation.integer(band, color);
    }
    if (given.has("palette")) {
      setPalette(arena, band, given.integers("palette"));
    }
    setMetadata(arena, band, given.textMap("metadata"));
  }

  private void setPalette(Arena arena, MemorySegment band, long[] palette) {
    MemorySegment table = gdal.createColorTable.pointer(1);
    MemorySegment entry = arena.allocate(8);
    for (int i = 0; i < palette.length / 4; i++) {
      for (int c = 0; c < 4; c++) {
        entry.setAtIndex(ValueLayout.JAVA_SHORT, c, (short) palette[4 * i + c]);
      }
      gdal.setColorEntry.call(table, i, entry);
    }
    var unused = gdal.setColorTable.integer(band, table);
    gdal.destroyColorTable.call(table);
  }

  @Override
  public Map<String, Object> write(Request slab) {
    int column = slab.int32("x");
    int row = slab.int32("start");
    int columns = slab.int32("width");
    int rows = slab.int32("count");
    long rowBytes = (long) columns * type.bytes();
    long bandBytes = Math.multiplyExact(rowBytes, rows);
    MemorySegment source = cells.of(slab, Math.multiplyExact(bandBytes, bands.size()));
    try (Arena arena = Arena.ofConfined()) {
      gdal.errorReset.call();
      gdal.check(
          gdal.datasetRasterIo.integer(
              dataset,
              1,
              column,
              row,
              columns,
              rows,
              source,
              columns,
              rows,
              type.code(gdal),
              bands.size(),
              arena.allocateFrom(
                  ValueLayout.JAVA_INT, IntStream.rangeClosed(1, bands.size()).toArray()),
              (long) type.bytes(),
              rowBytes,
              bandBytes,
              MemorySegment.NULL),
          "the cells cannot be written");
    }
    return Map.of();
  }

  @Override
  public void finish() {
    gdal.errorReset.call();
    if (copied) {
      copy();
    }
    closeDataset();
    gdal.checkNoError("the file cannot be written");
  }

  private void copy() {
    gdal.flushCache.call(dataset);
    gdal.checkNoError("the cells cannot be written");
    try (Arena arena = Arena.ofConfined()) {
      Map<String, String> options = new LinkedHashMap<>(request.textMap("options"));
      if (type.needsSignedByteMark(gdal)) {
        options.putIfAbsent("PIXELTYPE", "SIGNEDBYTE");
      }
      MemorySegment copy =
          gdal.check(
              gdal.createCopy.pointer(
                  driver,
                  arena.allocateFrom(file),
                  dataset,
                  0,
                  GdalLibrary.options(arena, options),
                  MemorySegment.NULL,
                  MemorySegment.NULL),
              "GDAL's driver " + driverName + " cannot write such a file");
      gdal.close.call(copy);
    }
    gdal.checkNoError("the file cannot be written");
  }

  private void closeDataset() {
    if (dataset.address() != 0) {
      gdal.close.call(dataset);
      dataset = MemorySegment.NULL;
    }
  }

  @Override
  public void close() {
    closeDataset();
    try (Arena arena = Arena.ofConfined()) {
      setPam(arena, null);
    }
  }
}
