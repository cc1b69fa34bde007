package org.tessera.engine.store;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;

/**
 * Puts the chunks of one writer together into blobs of some {@value #PACK_BYTES} bytes, so that
 * many small tiles cost few files and few waits for the device. A full blob is stored by a thread
 * of its own while the next one is filled; {@link #flush} waits for all. Thread-safe.
 */
final class PackWriter {
  private static final int PACK_BYTES = 16 << 20;

  /** Blobs that are being stored while another one is filled; more have to wait. */
  private static final int STORING = 2;

  private final TileStore store;
  private final String id;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> stored = new HashSet<>();
  private final Deque<Storing> storing = new ArrayDeque<>();
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

  /** A blob on its way to the store. */
  private record Storing(String key, FutureTask<Void> task) {
    /** Waits for it; what it failed with is thrown to all who wait. */
    void await() {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            task.get();
            return;
          } catch (InterruptedException e) {
            // A blob is whole or not there: the wait, in milliseconds, goes on.
            interrupted = true;
          }
        }
      } catch (ExecutionException e) {
        throw e.getCause() instanceof EngineException failure
            ? failure
            : new EngineException(Code.STORAGE_FAILED, "cannot write blob " + key, e.getCause());
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
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
      begin(full);
      awaitAllBut(STORING);
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
      begin(rest);
    }
    awaitAllBut(0);
  }

  /** Makes a chunk readable that this or another writer has written. */
  void ensureReadable(Chunk chunk) {
    boolean pending;
    lock.lock();
    try {
      pending =
          !chunk.isInline()
              && ((open != null && open.key.equals(chunk.blob()))
                  || storing.stream().anyMatch(s -> s.key().equals(chunk.blob())));
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
    List<Storing> unfinished;
    lock.lock();
    try {
      open = null;
      unfinished = List.copyOf(storing);
      storing.clear();
      keys = new HashSet<>(stored);
      stored.clear();
    } finally {
      lock.unlock();
    }
    for (Storing s : unfinished) {
      try {
        s.await();
      } catch (EngineException e) {
        System.getLogger(PackWriter.class.getName())
            .log(System.Logger.Level.DEBUG, "discarded blob {0}: {1}", s.key(), e.getMessage());
      }
    }
    keys.forEach(store::delete);
  }

  private void begin(Pack pack) {
    FutureTask<Void> task = new FutureTask<>(() -> store.put(pack.key, pack.parts), null);
    lock.lock();
    try {
      stored.add(pack.key);
      storing.add(new Storing(pack.key, task));
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("store " + pack.key).start(task);
  }

  /** Waits until at most so many blobs are on their way. One that failed stays, for all to see. */
  private void awaitAllBut(int most) {
    while (true) {
      Storing eldest;
      lock.lock();
      try {
        if (storing.size() <= most) {
          return;
        }
        eldest = storing.getFirst();
      } finally {
        lock.unlock();
      }
      eldest.await();
      lock.lock();
      try {
        storing.remove(eldest);
      } finally {
        lock.unlock();
      }
    }
  }
}
