package org.tessera.engine.array;

import java.util.List;

/**
 * A stored, immutable array that can be read by box. Tiles do not overlap; cells of the domain that
 * no tile holds are null if the band has null values (their value is {@link NullSet#fill()}) and 0
 * otherwise. Thread-safe.
 */
public interface ArraySource {
  /**
   * Identifies this version of this array for caches: equal identity means equal cells for ever.
   */
  String identity();

  ArrayType type();

  /** The tiles that share a cell with the box, in a stable order. Costs no reading of cells. */
  List<StoredTile> tiles(GridEnvelope box);

  /**
   * Decodes the part of a tile that lies in {@code box} (which must lie within the tile's box) for
   * the given bands. An implementation may read only the blocks that it needs. The null mask is set
   * by the band's {@link NullSet}.
   */
  Tile read(StoredTile tile, GridEnvelope box, int... bands);
}
