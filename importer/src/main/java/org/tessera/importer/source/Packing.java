package org.tessera.importer.source;

import java.util.Optional;

/** How values are packed in a file: value = cell * factor + offset (CF conventions, 8.1). */
public record Packing(double factor, double offset) {
  /**
   * What a file says.
   *
   * @param factor null for none
   * @param offset null for none
   * @return empty if cells are the values
   */
  public static Optional<Packing> of(Double factor, Double offset) {
    Packing p = new Packing(factor == null ? 1 : factor, offset == null ? 0 : offset);
    return p.factor == 1 && p.offset == 0 ? Optional.empty() : Optional.of(p);
  }

  @Override
  public String toString() {
    return "scale_factor " + factor + ", add_offset " + offset;
  }
}
