package org.tessera.engine.store;

/** Decoded cells kept for the next query, within a budget of bytes. */
public final class TileCache {
  private final long capacity;

  public TileCache(long capacity) {
    this.capacity = capacity;
  }

  /** Bytes that it may hold. */
  public long capacity() {
    return capacity;
  }
}
