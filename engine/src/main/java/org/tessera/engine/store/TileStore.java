package org.tessera.engine.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Immutable blobs of bytes by key. A key is 1 to 120 characters of {@code A-Z a-z 0-9 . _ -}, not
 * starting with a dot. Thread-safe; nothing is locked while bytes are read. Every failure is an
 * {@link org.tessera.engine.EngineException} with code {@code STORAGE_FAILED} whose message names
 * the key.
 */
public interface TileStore {
  /**
   * Stores a blob, the concatenation of the parts (from position to limit; left unchanged). When
   * this returns, the blob survives a crash of process and machine; before that, it is not visible
   * at all. Fails if the key exists.
   */
  void put(String key, List<ByteBuffer> parts);

  /**
   * Copies {@code length} bytes from {@code offset} of a blob into {@code target} at {@code from}.
   * Fails if there is no such blob or it ends before.
   */
  void get(String key, long offset, byte[] target, int from, int length);

  /** The {@code length} bytes from {@code offset} of a blob. */
  default byte[] get(String key, long offset, int length) {
    byte[] bytes = new byte[length];
    get(key, offset, bytes, 0, length);
    return bytes;
  }

  /** Size of a blob in bytes, or -1 if there is none. */
  long size(String key);

  /** Removes a blob; does nothing if there is none. */
  void delete(String key);

  /**
   * Passes every blob to the sink, in no particular order; those put or deleted meanwhile or not.
   */
  void list(Consumer<Blob> sink);

  /**
   * What {@link #list} tells of a blob.
   *
   * @param bytes its size
   * @param stored when it was put
   */
  record Blob(String key, long bytes, Instant stored) {}
}
