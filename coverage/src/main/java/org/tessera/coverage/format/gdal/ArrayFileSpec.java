package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A multidimensional file to write.
 *
 * @param driver GDAL's short name of the format: {@code netCDF}
 * @param variables coordinates first. Those that are streamed all have the same dimensions
 * @param attributes of the file itself: {@code Conventions}, {@code title}, ...
 * @param crs WKT, {@code EPSG:n}, or what else GDAL takes; null for none
 * @param options GDAL's creation options: {@code FORMAT=NC4}, ...
 */
public record ArrayFileSpec(
    String driver,
    List<DimensionSpec> dimensions,
    List<VariableSpec> variables,
    List<Attribute> attributes,
    String crs,
    Map<String, String> options) {
  public ArrayFileSpec {
    dimensions = List.copyOf(dimensions);
    variables = List.copyOf(variables);
    attributes = List.copyOf(attributes);
  }
}
