package org.tessera.coverage.model;

import java.util.List;
import org.tessera.engine.array.ArrayType;

/**
 * A coverage (CIS 1.1): a domain set, a range type, metadata, and the key of the array version that
 * holds its cells.
 *
 * @param id unique in the server; an NCName
 * @param range the fields, at least one
 * @param metadata free-form, XML element(s) or JSON text as given at import; empty if none
 * @param nativeFormat media type that the coverage came from, as given in DescribeCoverage
 * @param arrayVersion key of the stored array version, opened by the array store; empty for a
 *     coverage that is computed
 */
public record Coverage(
    String id,
    DomainSet domain,
    List<RangeField> range,
    String metadata,
    String nativeFormat,
    String arrayVersion) {
  public Coverage {
    range = List.copyOf(range);
    if (range.isEmpty()) {
      throw new IllegalArgumentException("coverage " + id + " has no field");
    }
  }

  /** Index of a field by name, or -1. */
  public int fieldIndex(String name) {
    for (int i = 0; i < range.size(); i++) {
      if (range.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The type of the array that holds the cells: the grid box in array order, and a band per field
   * with its null values.
   */
  public ArrayType arrayType() {
    return new ArrayType(domain.gridEnvelope(), range.stream().map(NilValues::band).toList());
  }
}
