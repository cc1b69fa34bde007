package org.tessera.engine.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts the chunks of one writer together into blobs of some {@value #PACK_BYTES} bytes, so that
 * many small tiles cost few files and few waits for the device. Thread-safe.
 */
final class PackWriter {
  private static final int PACK_BYTES = 16 << 20;

  private final TileStore store;
  private final String id;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> stored = new HashSet<>();
  private Pack open;
  private int count;

  private static final class Pack {
    final String key;
    final List<ByteBuffer> parts = new ArrayList<>();
    long bytes;

    Pack(String key) {
      this.key = key;
    }
  }

  /**
   * @param id starts the keys of all blobs
   */
  PackWriter(TileStore store, String id) {
    this.store = store;
    this.id = id;
  }

  /** Adds a chunk; its bytes are durable after {@link #flush} only. */
  Chunk append(byte[] bytes) {
    if (bytes.length <= Chunk.INLINE) {
      return Chunk.inline(bytes);
    }
    Pack full = null;
    Chunk chunk;
    lock.lock();
    try {
      if (open == null) {
        open = new Pack(id + "." + count++ + ".tiles");
      }
      chunk = Chunk.at(open.key, open.bytes, bytes.length);
      open.parts.add(ByteBuffer.wrap(bytes));
      open.bytes += bytes.length;
      if (open.bytes >= PACK_BYTES) {
        full = open;
        open = null;
      }
    } finally {
      lock.unlock();
    }
    if (full != null) {
      put(full);
    }
    return chunk;
  }

  /** Makes durable what was added (by calls that have returned). */
  void flush() {
    Pack rest;
    lock.lock();
    try {
      rest = open;
      open = null;
    } finally {
      lock.unlock();
    }
    if (rest != null) {
      put(rest);
    }
  }

  /** Makes a chunk readable that this or another writer has written. */
  void ensureReadable(Chunk chunk) {
    boolean pending;
    lock.lock();
    try {
      pending = open != null && !chunk.isInline() && open.key.equals(chunk.blob());
    } finally {
      lock.unlock();
    }
    if (pending) {
      flush();
    }
  }

  /** Removes all that was stored. */
  void discard() {
    Set<String> keys;
    lock.lock();
    try {
      open = null;
      keys = new HashSet<>(stored);
      stored.clear();
    } finally {
      lock.unlock();
    }
    keys.forEach(store::delete);
  }

  private void put(Pack pack) {
    store.put(pack.key, pack.parts);
    lock.lock();
    try {
      stored.add(pack.key);
    } finally {
      lock.unlock();
    }
  }
}
