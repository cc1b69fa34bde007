package org.tessera.engine.array;

import java.util.List;

/**
 * One tile of a stored array, not yet read.
 *
 * @param number identifies it within its {@link ArraySource}
 * @param box its cells (bounds inclusive)
 * @param statistics one per band, or empty when unknown; complex bands have none (null entry never:
 *     an empty list then)
 */
public record StoredTile(long number, GridEnvelope box, List<BandStatistics> statistics) {
  public StoredTile {
    statistics = List.copyOf(statistics);
  }
}
