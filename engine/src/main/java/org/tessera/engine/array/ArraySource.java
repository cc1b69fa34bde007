package org.tessera.engine.array;

import java.util.List;

/**
 * A stored, immutable array that can be read by box. Tiles do not overlap; cells of the domain that
 * no tile holds are null if the band's {@link NullSet} is not empty (their value is {@link
 * NullSet#fill()}) and 0 otherwise. Thread-safe.
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
   * by the band's {@link NullSet}; where that has gaps, by which cells were stored.
   */
  Tile read(StoredTile tile, GridEnvelope box, int... bands);

  /**
   * As {@link #read} of one band, but what is returned may be a run within the cells of a whole
   * tile that is in memory, so that nothing is copied.
   */
  default Run run(StoredTile tile, GridEnvelope box, int band, Reading reading) {
    return new Run(read(tile, box, band).band(0), 0);
  }

  /**
   * Bytes that {@link #run} with this region reads from the store if nothing is in memory. Exact
   * for stored arrays; others say how many bytes the cells of the box have.
   */
  default long bytes(StoredTile tile, GridEnvelope box, int band, GridEnvelope region) {
    return box.cells() * type().band(band).type().bytes();
  }

  /**
   * Makes sure, as far as that is known without reading cells, that the cells of a box can be read:
   * called before the first of them is delivered.
   *
   * @throws org.tessera.engine.EngineException {@code SOURCE_UNAVAILABLE} if the box has cells in a
   *     file that is gone or has changed
   */
  default void ensureReadable(GridEnvelope box) {}

  /**
   * Cells that lie together in a larger array.
   *
   * @param from the first one; as many follow as the box has that was asked for
   */
  record Run(Cells cells, int from) {}
}
