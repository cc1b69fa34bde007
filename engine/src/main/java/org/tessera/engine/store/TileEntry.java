package org.tessera.engine.store;

import java.util.List;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.GridEnvelope;

/**
 * One tile as a manifest lists it.
 *
 * @param box its cells, within one box of the tiling
 * @param chunks one per band
 * @param statistics one per band; null for complex bands
 */
record TileEntry(GridEnvelope box, List<Chunk> chunks, List<BandStatistics> statistics) {
  /** The columns of the tile grid where it lies. */
  long[] columns(Tiling tiling) {
    return tiling.columns(box.low());
  }

  TileEntry at(GridEnvelope newBox) {
    return new TileEntry(newBox, chunks, statistics);
  }

  boolean sameAs(TileEntry other) {
    if (!box.equals(other.box)) {
      return false;
    }
    for (int b = 0; b < chunks.size(); b++) {
      if (!chunks.get(b).samePlaceAs(other.chunks.get(b))) {
        return false;
      }
    }
    return true;
  }
}
