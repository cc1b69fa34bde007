package org.tessera.engine.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.tessera.engine.array.Band;

/**
 * The door to stored arrays: makes writers and opens versions. A version is known by its key, which
 * the catalogue keeps; a version whose key nobody keeps is removed by {@link #collectGarbage}.
 * Thread-safe.
 */
public final class ArrayStore {
  private final TileStore tiles;
  private final TileCache cache;

  public ArrayStore(TileStore tiles, TileCache cache) {
    this.tiles = tiles;
    this.cache = cache;
  }

  TileStore tiles() {
    return tiles;
  }

  TileCache cache() {
    return cache;
  }

  /** A writer of a new array. Edges of the tiling that are unlimited are chosen by the store. */
  public ArrayWriter create(List<Band> bands, int dimension, Tiling tiling) {
    return Pending.yet();
  }

  /** A writer of a further version of an array. */
  public ArrayWriter update(ArrayVersion base) {
    return Pending.yet();
  }

  /** The version of this key. Reads little: the list of tiles is read as it is needed. */
  public ArrayVersion open(String key) {
    return Pending.yet();
  }

  /**
   * Removes the blobs that no live version needs. Blobs stay if they are younger than {@code
   * grace}, if they became unneeded less than {@code grace} ago as far as this store has seen, or
   * if an open writer or a version still in use in this process needs them. If a live version
   * cannot be read, nothing is removed and its failure is thrown.
   *
   * @param liveKeys the keys of all versions that must stay, those of <em>every</em> catalogue that
   *     shares the tile store
   */
  public Garbage collectGarbage(Set<String> liveKeys, Duration grace) {
    return Pending.yet();
  }

  /** What a collection removed. */
  public record Garbage(int blobs, long bytes) {}
}
