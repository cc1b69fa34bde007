package org.tessera.coverage.model;

import java.util.List;
import org.tessera.engine.array.CellType;

/**
 * One field (band) of the range type.
 *
 * @param name as used for range subsetting
 * @param type type of its cells
 * @param label human-readable name, may be empty
 * @param description may be empty
 * @param definition URI of what is measured, may be empty
 * @param uom unit of measure code (UCUM), {@code 10^0} if there is none
 * @param nils null values, in order; the first is used to fill
 */
public record RangeField(
    String name,
    CellType type,
    String label,
    String description,
    String definition,
    String uom,
    List<NilValue> nils) {
  public RangeField {
    nils = List.copyOf(nils);
  }
}
