package org.tessera.engine.array;

import java.util.List;

/**
 * Domain (grid box, bounds inclusive; 0-dimensional for a scalar) and bands (at least one) of an
 * array.
 */
public record ArrayType(GridEnvelope domain, List<Band> bands) {
  public ArrayType {
    bands = List.copyOf(bands);
    if (bands.isEmpty()) {
      throw new IllegalArgumentException("an array has at least one band");
    }
  }

  /** A one-band type without null values. */
  public static ArrayType of(GridEnvelope domain, CellType type) {
    return new ArrayType(domain, List.of(new Band(type)));
  }

  public int dimension() {
    return domain.dimension();
  }

  public boolean isScalar() {
    return domain.dimension() == 0;
  }

  public Band band(int i) {
    return bands.get(i);
  }

  /** The same bands on another domain. */
  public ArrayType on(GridEnvelope newDomain) {
    return new ArrayType(newDomain, bands);
  }

  /** Bytes of one cell, all bands together. */
  public int bytesPerCell() {
    return bands.stream().mapToInt(b -> b.type().bytes()).sum();
  }
}
