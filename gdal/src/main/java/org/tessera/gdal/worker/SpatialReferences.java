package org.tessera.gdal.worker;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tessera.gdal.binding.GdalLibrary;

/** CRSs: from libgdal's objects to text and back. */
final class SpatialReferences {
  /**
   * Confidence, in percent, from which a CRS without a code counts as the EPSG one that it looks
   * like.
   */
  private static final int SURE = 90;

  private static final int TRADITIONAL_GIS_ORDER = 0;

  private static final int MAX_REMEMBERED = 256;

  private final GdalLibrary gdal;

  /**
   * Codes found for CRSs without one, by WKT; the search through PROJ's database takes long. Empty
   * for none.
   */
  private final Map<String, String> found = new LinkedHashMap<>();

  SpatialReferences(GdalLibrary gdal) {
    this.gdal = gdal;
  }

  /** WKT 2 (2019), authority and code if there is one, and GDAL's axis mapping; null for no CRS. */
  Map<String, Object> describe(MemorySegment srs) {
    if (srs.address() == 0) {
      return null;
    }
    Map<String, Object> result = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      result.put("wkt", wkt(arena, srs, "WKT2_2019"));
      result.put("wkt1", wkt(arena, srs, "WKT1_GDAL"));
      result.put("name", gdal.srsName.text(srs));
      result.put("geographic", gdal.srsIsGeographic.integer(srs) != 0);
      MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment mapping = gdal.srsAxisMapping.pointer(srs, count);
      long[] axes = new long[mapping.address() == 0 ? 0 : count.get(ValueLayout.JAVA_INT, 0)];
      for (int i = 0; i < axes.length; i++) {
        axes[i] = GdalLibrary.memory(mapping, 4L * axes.length).getAtIndex(ValueLayout.JAVA_INT, i);
      }
      result.put("axisMapping", axes);
      String authority = gdal.srsAuthorityName.text(srs, MemorySegment.NULL);
      String code = gdal.srsAuthorityCode.text(srs, MemorySegment.NULL);
      if (authority == null || code == null) {
        String match = remembered(arena, srs, String.valueOf(result.get("wkt")));
        authority = match.isEmpty() ? null : "EPSG";
        code = match.isEmpty() ? null : match;
      }
      result.put("authority", authority);
      result.put("code", code);
      gdal.errorReset.call();
    }
    return result;
  }

  /** The WKT of a CRS that {@link #parse} understands. */
  String wkt(String text) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment srs = parse(arena, text);
      try {
        return wkt(arena, srs, "WKT2_2019");
      } finally {
        gdal.srsDestroy.call(srs);
      }
    }
  }

  private String wkt(Arena arena, MemorySegment srs, String format) {
    MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
    int code =
        gdal.srsExportToWkt.integer(
            srs, out, GdalLibrary.options(arena, Map.of("FORMAT", format, "MULTILINE", "NO")));
    MemorySegment text = out.get(ValueLayout.ADDRESS, 0);
    String result = code == 0 ? GdalLibrary.text(text) : null;
    if (text.address() != 0) {
      gdal.free.call(text);
    }
    return result;
  }

  private String remembered(Arena arena, MemorySegment srs, String wkt) {
    if (found.size() >= MAX_REMEMBERED) {
      found.clear();
    }
    return found.computeIfAbsent(
        wkt,
        key -> {
          String match = bestMatch(arena, srs);
          return match == null ? "" : match;
        });
  }

  /** The EPSG code of the CRS that this one surely is; null if there is none. */
  private String bestMatch(Arena arena, MemorySegment srs) {
    MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
    MemorySegment confidences = arena.allocate(ValueLayout.ADDRESS);
    MemorySegment matches =
        gdal.srsFindMatches.pointer(srs, MemorySegment.NULL, count, confidences);
    if (matches.address() == 0) {
      return null;
    }
    String code = null;
    if (count.get(ValueLayout.JAVA_INT, 0) > 0) {
      int confidence =
          GdalLibrary.memory(confidences.get(ValueLayout.ADDRESS, 0), 4)
              .get(ValueLayout.JAVA_INT, 0);
      MemorySegment match = GdalLibrary.memory(matches, 8).get(ValueLayout.ADDRESS, 0);
      if (confidence >= SURE
          && "EPSG".equals(gdal.srsAuthorityName.text(match, MemorySegment.NULL))) {
        code = gdal.srsAuthorityCode.text(match, MemorySegment.NULL);
      }
    }
    gdal.srsFreeArray.call(matches);
    MemorySegment array = confidences.get(ValueLayout.ADDRESS, 0);
    if (array.address() != 0) {
      gdal.free.call(array);
    }
    return code;
  }

  /**
   * A CRS from WKT, {@code EPSG:n} or what else GDAL takes, with x (east) first; to be destroyed by
   * the caller.
   */
  MemorySegment parse(Arena arena, String text) {
    MemorySegment srs = gdal.srsNew.pointer(MemorySegment.NULL);
    int code = gdal.srsSetFromUserInput.integer(srs, arena.allocateFrom(text));
    if (code != 0) {
      gdal.srsDestroy.call(srs);
      throw gdal.failure("GDAL does not understand the CRS " + text);
    }
    gdal.srsSetAxisMappingStrategy.call(srs, TRADITIONAL_GIS_ORDER);
    return srs;
  }
}
