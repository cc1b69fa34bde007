package org.tessera.engine.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;

/** Blobs on the heap, for arrays that need not outlive the process. */
public final class MemoryTileStore implements TileStore {
  private static final class Stored {
    final byte[] bytes;
    final Instant at = Instant.now();

    Stored(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final ConcurrentMap<String, Stored> blobs = new ConcurrentHashMap<>();

  @Override
  public void put(String key, List<ByteBuffer> parts) {
    BlobKey.check(key);
    int size = 0;
    for (ByteBuffer part : parts) {
      size = Math.addExact(size, part.remaining());
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    for (ByteBuffer part : parts) {
      all.put(part.duplicate());
    }
    if (blobs.putIfAbsent(key, new Stored(all.array())) != null) {
      throw new EngineException(Code.STORAGE_FAILED, "blob " + key + " exists");
    }
  }

  @Override
  public void get(String key, long offset, byte[] target, int from, int length) {
    Stored blob = blobs.get(BlobKey.check(key));
    if (blob == null) {
      throw new EngineException(Code.STORAGE_FAILED, "there is no blob " + key);
    }
    if (offset < 0 || length < 0 || offset > blob.bytes.length - length) {
      throw new EngineException(
          Code.STORAGE_FAILED,
          "blob " + key + " has " + blob.bytes.length + " bytes, not " + (offset + length));
    }
    System.arraycopy(blob.bytes, (int) offset, target, from, length);
  }

  @Override
  public long size(String key) {
    Stored blob = blobs.get(BlobKey.check(key));
    return blob == null ? -1 : blob.bytes.length;
  }

  @Override
  public void delete(String key) {
    blobs.remove(BlobKey.check(key));
  }

  @Override
  public void list(Consumer<Blob> sink) {
    blobs.forEach((key, blob) -> sink.accept(new Blob(key, blob.bytes.length, blob.at)));
  }
}
