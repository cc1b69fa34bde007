package org.tessera.engine.array;

import java.util.List;

/**
 * The cells of a box, one {@link Cells} per band, row-major with the last axis fastest. Used for
 * stored tiles, for blocks of a result and for scalars (0-dimensional box, one cell).
 */
public record Tile(GridEnvelope box, List<Cells> bands) {
  public Tile {
    bands = List.copyOf(bands);
    int n = box.cellsAsInt();
    for (Cells c : bands) {
      if (c.length() != n) {
        throw new IllegalArgumentException(
            "box " + box + " has " + n + " cells but a band has " + c.length());
      }
    }
  }

  public Cells band(int i) {
    return bands.get(i);
  }
}
