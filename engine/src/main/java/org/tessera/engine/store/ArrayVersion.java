package org.tessera.engine.store;

import java.util.List;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/** One immutable version of a stored array. Thread-safe; need not be closed. */
public final class ArrayVersion implements ArraySource {
  ArrayVersion() {}

  /** What the catalogue keeps: {@link ArrayStore#open} with it gives this version again. */
  public String key() {
    return Pending.yet();
  }

  @Override
  public String identity() {
    return key();
  }

  @Override
  public ArrayType type() {
    return Pending.yet();
  }

  public Tiling tiling() {
    return Pending.yet();
  }

  /** Number of tiles. */
  public long tileCount() {
    return Pending.yet();
  }

  /** Bytes that the tiles take in the store, compressed. */
  public long storedBytes() {
    return Pending.yet();
  }

  @Override
  public List<StoredTile> tiles(GridEnvelope box) {
    return Pending.yet();
  }

  @Override
  public Tile read(StoredTile tile, GridEnvelope box, int... bands) {
    return Pending.yet();
  }
}
