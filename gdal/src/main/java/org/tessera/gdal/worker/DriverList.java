package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.gdal.binding.GdalLibrary;

/** The raster drivers that this worker may use. */
final class DriverList {
  private final GdalLibrary gdal;

  DriverList(GdalLibrary gdal) {
    this.gdal = gdal;
  }

  Map<String, Object> list() {
    List<Object> drivers = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < gdal.driverCount.integer(); i++) {
        MemorySegment driver = gdal.driver.pointer(i);
        if (item(arena, driver, "DCAP_RASTER") == null) {
          continue;
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", gdal.driverShortName.text(driver));
        entry.put("title", gdal.driverLongName.text(driver));
        entry.put("extensions", item(arena, driver, "DMD_EXTENSIONS"));
        entry.put("mediaType", item(arena, driver, "DMD_MIMETYPE"));
        entry.put("create", item(arena, driver, "DCAP_CREATE") != null);
        entry.put("createCopy", item(arena, driver, "DCAP_CREATECOPY") != null);
        entry.put("multidimensional", item(arena, driver, "DCAP_MULTIDIM_RASTER") != null);
        drivers.add(entry);
      }
    }
    return Map.of("drivers", drivers);
  }

  private String item(Arena arena, MemorySegment driver, String key) {
    return gdal.metadataItem.text(driver, arena.allocateFrom(key), MemorySegment.NULL);
  }
}
