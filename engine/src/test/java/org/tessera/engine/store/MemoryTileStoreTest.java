package org.tessera.engine.store;

class MemoryTileStoreTest extends TileStoreContract {
  @Override
  TileStore store() {
    return new MemoryTileStore();
  }
}
