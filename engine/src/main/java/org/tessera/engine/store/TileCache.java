package org.tessera.engine.store;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Decoded tiles, blocks of tiles and pages of manifests, kept for the next query within a budget of
 * bytes on the heap; shared by all queries and all versions of all arrays (a tile that an update
 * left alone stays cached). What is asked for by several threads at the same moment is made once,
 * and nothing is locked while it is made. An entry that was used twice outlives those used once, so
 * that one pass over a large array does not wash out what others need. Thread-safe.
 */
public final class TileCache {
  /** Part of the budget for entries that were used more than once. */
  private static final double KEPT = 0.8;

  /** What a value is worth is known only by its place in the store: blobs never change. */
  record Key(String blob, long offset, int block) {
    /** For what was made of a whole chunk. */
    static final int WHOLE = -1;

    /** For the table of a chunk's blocks. */
    static final int HEAD = -2;

    /** For the statistics of cells that are not in the store. */
    static final int STATISTICS = -3;
  }

  private static final class Slot {
    final CompletableFuture<Object> value = new CompletableFuture<>();
    long weight;
  }

  private final long capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Slot> young = new LinkedHashMap<>(256, 0.75f, true);
  private final Map<Key, Slot> kept = new LinkedHashMap<>(256, 0.75f, true);
  private long youngBytes;
  private long keptBytes;
  private long hits;
  private long misses;

  /** A cache that holds up to {@code capacity} bytes; 0 keeps nothing. */
  public TileCache(long capacity) {
    this.capacity = capacity;
  }

  /** Bytes that it may hold. */
  public long capacity() {
    return capacity;
  }

  /** Bytes that it holds now. */
  public long bytes() {
    lock.lock();
    try {
      return youngBytes + keptBytes;
    } finally {
      lock.unlock();
    }
  }

  /** How often something was found, since the start. */
  public long hits() {
    lock.lock();
    try {
      return hits;
    } finally {
      lock.unlock();
    }
  }

  /** How often something had to be made, since the start. */
  public long misses() {
    lock.lock();
    try {
      return misses;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets everything. */
  public void clear() {
    lock.lock();
    try {
      young.clear();
      kept.clear();
      youngBytes = 0;
      keptBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  /** The value if it is there and ready, else null. */
  <T> T peek(Key key, Class<T> type) {
    Slot slot;
    lock.lock();
    try {
      slot = find(key);
      if (slot == null || !slot.value.isDone() || slot.value.isCompletedExceptionally()) {
        return null;
      }
      hits++;
    } finally {
      lock.unlock();
    }
    return type.cast(slot.value.join());
  }

  /**
   * The value of a key, made by {@code load} if it is not there.
   *
   * @param weigh bytes that the value takes
   */
  <T> T get(Key key, Class<T> type, Supplier<T> load, ToLongFunction<T> weigh) {
    Slot slot;
    boolean mine = false;
    lock.lock();
    try {
      slot = find(key);
      if (slot == null) {
        slot = new Slot();
        young.put(key, slot);
        mine = true;
        misses++;
      } else {
        hits++;
      }
    } finally {
      lock.unlock();
    }
    return mine ? make(key, slot, load, weigh) : await(slot, type);
  }

  private <T> T make(Key key, Slot slot, Supplier<T> load, ToLongFunction<T> weigh) {
    T value;
    try {
      value = load.get();
    } catch (RuntimeException | Error e) {
      lock.lock();
      try {
        young.remove(key, slot);
        kept.remove(key, slot);
      } finally {
        lock.unlock();
      }
      slot.value.completeExceptionally(e);
      throw e;
    }
    slot.value.complete(value);
    settle(key, slot, weigh.applyAsLong(value));
    return value;
  }

  private static <T> T await(Slot slot, Class<T> type) {
    try {
      return type.cast(slot.value.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Finds a slot and moves it to where it belongs after one more use. */
  private Slot find(Key key) {
    Slot slot = kept.get(key);
    if (slot == null) {
      slot = young.get(key);
      if (slot != null && slot.weight > 0) {
        young.remove(key);
        youngBytes -= slot.weight;
        kept.put(key, slot);
        keptBytes += slot.weight;
        demote();
      }
    }
    return slot;
  }

  private void settle(Key key, Slot slot, long weight) {
    lock.lock();
    try {
      if (young.get(key) != slot) {
        return;
      }
      if (weight > capacity / 4) {
        young.remove(key);
        return;
      }
      slot.weight = weight;
      youngBytes += weight;
      evict();
    } finally {
      lock.unlock();
    }
  }

  private void demote() {
    Iterator<Map.Entry<Key, Slot>> eldest = kept.entrySet().iterator();
    while (keptBytes > capacity * KEPT && eldest.hasNext()) {
      Map.Entry<Key, Slot> entry = eldest.next();
      eldest.remove();
      Slot slot = entry.getValue();
      keptBytes -= slot.weight;
      young.put(entry.getKey(), slot);
      youngBytes += slot.weight;
    }
  }

  private void evict() {
    Iterator<Map.Entry<Key, Slot>> eldest = young.entrySet().iterator();
    while (youngBytes + keptBytes > capacity && eldest.hasNext()) {
      Slot slot = eldest.next().getValue();
      // A slot without weight is still being made.
      if (slot.weight > 0) {
        eldest.remove();
        youngBytes -= slot.weight;
      }
    }
  }
}
