package org.tessera.coverage.format.gdal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Turns the records that describe files to write into requests of the protocol. */
final class WriteRequests {
  private WriteRequests() {}

  static Map<String, Object> raster(RasterSpec spec) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("op", "createRaster");
    request.put("driver", spec.driver());
    request.put("type", spec.type().name());
    request.put("width", spec.width());
    request.put("height", spec.height());
    request.put("bands", spec.bands().stream().map(WriteRequests::band).toList());
    request.put("crs", spec.crs());
    request.put("geoTransform", spec.geoTransform() == null ? null : spec.geoTransform().numbers());
    request.put("metadata", spec.metadata());
    request.put("options", spec.options());
    return request;
  }

  private static Map<String, Object> band(BandSpec band) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("noData", band.noData());
    result.put("color", band.color());
    if (!band.palette().isEmpty()) {
      result.put(
          "palette",
          band.palette().stream()
              .flatMapToLong(
                  argb -> LongStream.of(argb >> 16 & 255, argb >> 8 & 255, argb & 255, argb >>> 24))
              .toArray());
    }
    result.put("description", band.description());
    result.put("unit", band.unit());
    result.put("scale", band.scale());
    result.put("offset", band.offset());
    result.put("metadata", band.metadata());
    return result;
  }

  static Map<String, Object> arrays(ArrayFileSpec spec) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("op", "createArrays");
    request.put("driver", spec.driver());
    request.put("options", spec.options());
    List<Object> dimensions = new ArrayList<>();
    for (DimensionSpec dimension : spec.dimensions()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", dimension.name());
      entry.put("size", dimension.size());
      entry.put("type", dimension.type());
      entry.put("direction", dimension.direction());
      dimensions.add(entry);
    }
    request.put("dimensions", dimensions);
    request.put("variables", spec.variables().stream().map(WriteRequests::variable).toList());
    request.put("attributes", attributes(spec.attributes()));
    request.put("crs", spec.crs());
    return request;
  }

  private static Map<String, Object> variable(VariableSpec variable) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("name", variable.name());
    entry.put("dimensions", variable.dimensions());
    entry.put(
        "type",
        switch (variable.type()) {
          case VariableSpec.Numeric(GdalType type) -> type.name();
          case VariableSpec.Text() -> "TEXT";
        });
    entry.put("noData", number(variable.noData()));
    entry.put("unit", variable.unit());
    entry.put("attributes", attributes(variable.attributes()));
    entry.put("options", variable.options());
    entry.put("crs", variable.georeferenced() ? true : null);
    entry.put(
        "values",
        switch (variable.values()) {
          case null -> null;
          case VariableSpec.Integers(List<Long> values) ->
              values.stream().mapToLong(Long::longValue).toArray();
          case VariableSpec.Reals(List<Double> values) ->
              values.stream().mapToDouble(Double::doubleValue).toArray();
          case VariableSpec.Texts(List<String> values) -> values;
        });
    return entry;
  }

  /** As the protocol has numbers: {@link Long} or {@link Double}. */
  private static Number number(Number number) {
    return switch (number) {
      case null -> null;
      case Float real -> Double.valueOf(real.doubleValue());
      case Double real -> real;
      default -> Long.valueOf(number.longValue());
    };
  }

  private static List<Object> attributes(List<Attribute> attributes) {
    List<Object> result = new ArrayList<>();
    for (Attribute attribute : attributes) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", attribute.name());
      switch (attribute.value()) {
        case Attribute.Texts(List<String> texts) -> {
          entry.put("type", "TEXT");
          entry.put("values", texts);
        }
        case Attribute.Numbers(GdalType type, List<Number> numbers) -> {
          entry.put("type", type.name());
          entry.put(
              "values",
              type == GdalType.INT64 || type == GdalType.UINT64
                  ? numbers.stream().mapToLong(Number::longValue).toArray()
                  : numbers.stream().mapToDouble(Number::doubleValue).toArray());
        }
      }
      result.add(entry);
    }
    return result;
  }

  /** The cell type of a variable whose cells are streamed. */
  static GdalType cells(VariableSpec variable) {
    return switch (variable.type()) {
      case VariableSpec.Numeric(GdalType type) -> type;
      case VariableSpec.Text() ->
          throw new IllegalArgumentException(variable.name() + ": texts are not streamed");
    };
  }

  /** The extents that all streamed variables have; empty if there is none. */
  static long[] commonShape(ArrayFileSpec spec, List<VariableSpec> streamed) {
    if (streamed.isEmpty()) {
      return new long[0];
    }
    List<String> names = streamed.getFirst().dimensions();
    for (VariableSpec variable : streamed) {
      if (!variable.dimensions().equals(names)) {
        throw new IllegalArgumentException(
            variable.name() + " has other dimensions than " + streamed.getFirst().name());
      }
    }
    Map<String, Long> sizes = new LinkedHashMap<>();
    spec.dimensions().forEach(dimension -> sizes.put(dimension.name(), dimension.size()));
    return names.stream()
        .mapToLong(
            name -> {
              Long size = sizes.get(name);
              if (size == null) {
                throw new IllegalArgumentException("there is no dimension " + name);
              }
              return size;
            })
        .toArray();
  }

  static Map<String, Object> warp(WarpSpec spec, GdalType type, int bands) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("op", "warp");
    request.put("type", type.name());
    request.put("bands", bands);
    request.put("source", grid(spec.source()));
    request.put("target", grid(spec.target()));
    request.put("resampling", spec.resampling().gdalName());
    request.put("maxError", spec.maxError());
    if (!spec.sourceNoData().isEmpty()) {
      request.put(
          "sourceNoData", spec.sourceNoData().stream().mapToDouble(Double::doubleValue).toArray());
    }
    if (!spec.targetNoData().isEmpty()) {
      request.put(
          "targetNoData", spec.targetNoData().stream().mapToDouble(Double::doubleValue).toArray());
    }
    return request;
  }

  private static Map<String, Object> grid(WarpGrid grid) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("crs", grid.crs());
    result.put("geoTransform", grid.geoTransform().numbers());
    result.put("width", grid.width());
    result.put("height", grid.height());
    return result;
  }
}
