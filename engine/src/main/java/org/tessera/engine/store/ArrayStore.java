package org.tessera.engine.store;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;

/**
 * The door to stored arrays: makes writers and opens versions. A version is known by its key, which
 * the catalogue keeps; a version whose key nobody keeps is removed by {@link #collectGarbage}.
 * Thread-safe.
 */
public final class ArrayStore {
  private static final int COMPRESSION_LEVEL = 1;
  private static final long WRITER_BUDGET = 256L << 20;

  private final TileStore tiles;
  private final TileCache cache;
  private final long writerBudget;
  private final TileCodec codec = new TileCodec(COMPRESSION_LEVEL);
  private final ChunkReader reader;

  /** Ids of the writers in use: blobs whose keys start with one are no garbage. */
  private final Set<String> writers = ConcurrentHashMap.newKeySet();

  /** Versions that someone may still read. */
  private final Map<String, WeakReference<ArrayVersion>> versions = new ConcurrentHashMap<>();

  /** When a blob was first seen to be unneeded. */
  private final Map<String, Instant> unneededSince = new ConcurrentHashMap<>();

  /**
   * @param cache for decoded tiles; may be shared with other stores
   */
  public ArrayStore(TileStore tiles, TileCache cache) {
    this(tiles, cache, ReferencedCells.none());
  }

  /**
   * @param cache for decoded tiles; may be shared with other stores
   * @param referenced reads cells that versions refer to without holding them
   */
  public ArrayStore(TileStore tiles, TileCache cache, ReferencedCells referenced) {
    this(tiles, cache, Math.min(WRITER_BUDGET, Runtime.getRuntime().maxMemory() / 8), referenced);
  }

  /**
   * @param writerBudget bytes of unfinished tiles that a writer keeps in memory
   */
  ArrayStore(TileStore tiles, TileCache cache, long writerBudget) {
    this(tiles, cache, writerBudget, ReferencedCells.none());
  }

  private ArrayStore(
      TileStore tiles, TileCache cache, long writerBudget, ReferencedCells referenced) {
    this.tiles = tiles;
    this.writerBudget = writerBudget;
    this.cache = cache;
    this.reader = new ChunkReader(tiles, cache, codec, referenced);
  }

  /**
   * A writer of a new array.
   *
   * @param dimension number of axes; 0 for a scalar
   * @param tiling of as many axes; unlimited edges are chosen such that tiles get the standard size
   */
  public ArrayWriter create(List<Band> bands, int dimension, Tiling tiling) {
    if (bands.isEmpty()) {
      throw new IllegalArgumentException("an array has at least one band");
    }
    if (tiling.dimension() != dimension) {
      throw new EngineException(
          Code.INVALID_EXPRESSION,
          "a tiling of " + tiling.dimension() + " axes for an array of " + dimension);
    }
    return writer(bands, dimension, tiling.resolve(bands, 0), null);
  }

  /** A writer of a further version of an array. */
  public ArrayWriter update(ArrayVersion base) {
    ArrayType type = base.manifest().type();
    return writer(type.bands(), type.dimension(), base.tiling(), base);
  }

  private ArrayWriter writer(List<Band> bands, int dimension, Tiling tiling, ArrayVersion base) {
    String id = newId();
    writers.add(id);
    return new ArrayWriter(this, id, bands, dimension, tiling, base, writerBudget);
  }

  /**
   * The version of this key. Reads little: the list of tiles is read as it is needed.
   *
   * @throws EngineException STORAGE_FAILED if there is none, or it is damaged
   */
  public ArrayVersion open(String key) {
    WeakReference<ArrayVersion> known = versions.get(key);
    ArrayVersion version = known == null ? null : known.get();
    return version != null ? version : remember(Manifest.read(key, tiles));
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
    // In this order: who begins to write later has no blob in the list, and who ends later counts
    // as writing.
    Set<String> writing = Set.copyOf(writers);
    List<TileStore.Blob> blobs = new ArrayList<>();
    tiles.list(blobs::add);
    Set<String> needed = needed(liveKeys);
    Instant now = Instant.now();
    unneededSince.keySet().removeAll(needed);
    int count = 0;
    long bytes = 0;
    for (TileStore.Blob blob : blobs) {
      if (needed.contains(blob.key()) || isOf(writing, blob.key())) {
        continue;
      }
      Instant since = unneededSince.computeIfAbsent(blob.key(), k -> now);
      boolean old = !blob.stored().plus(grace).isAfter(now);
      if (old && !since.plus(grace).isAfter(now)) {
        tiles.delete(blob.key());
        unneededSince.remove(blob.key());
        count++;
        bytes += blob.bytes();
      }
    }
    return new Garbage(count, bytes);
  }

  /**
   * Gives back space within blobs: tiles are written in blobs of some 16 MiB, which stay as long as
   * one of their tiles is needed. Where less than {@code share} of a blob's bytes is needed by the
   * live versions, these are copied, as they are, and the versions that need them get new keys. The
   * catalogue puts the new keys in place of the old ones and then closes the compaction; the next
   * {@link #collectGarbage} removes the old blobs.
   *
   * @param liveKeys as in {@link #collectGarbage}
   * @param share between 0 and 1
   */
  public Compaction compact(Set<String> liveKeys, double share) {
    String id = newId();
    writers.add(id);
    try {
      Compactor compactor = new Compactor(this, id);
      Map<String, String> moved =
          compactor.compact(liveKeys.stream().sorted().map(this::open).toList(), share);
      return new Compaction(this, id, moved, compactor.copied());
    } catch (RuntimeException e) {
      writers.remove(id);
      throw e;
    }
  }

  /**
   * New versions that hold the same cells in less space.
   *
   * @param moved the key of each, by that of the version that it replaces
   * @param bytes of tiles that were copied for it
   */
  public record Compaction(ArrayStore store, String id, Map<String, String> moved, long bytes)
      implements AutoCloseable {
    public Compaction {
      moved = Map.copyOf(moved);
    }

    /** From now on the new versions are garbage unless they are live. */
    @Override
    public void close() {
      store.closed(id);
    }
  }

  private static String newId() {
    return Long.toHexString(System.currentTimeMillis())
        + "-"
        + UUID.randomUUID().toString().replace("-", "");
  }

  private Set<String> needed(Set<String> liveKeys) {
    Set<String> needed = new HashSet<>();
    Set<Manifest.PageRef> seen = new HashSet<>();
    for (String key : liveKeys) {
      addBlobs(open(key).manifest(), seen, needed);
    }
    versions.values().removeIf(reference -> reference.get() == null);
    for (WeakReference<ArrayVersion> reference : versions.values()) {
      ArrayVersion version = reference.get();
      if (version != null) {
        addBlobs(version.manifest(), seen, needed);
      }
    }
    return needed;
  }

  private void addBlobs(Manifest manifest, Set<Manifest.PageRef> seen, Set<String> needed) {
    needed.add(manifest.key());
    for (int p = 0; p < manifest.pages().size(); p++) {
      Manifest.PageRef ref = manifest.pages().get(p);
      if (seen.add(ref)) {
        needed.add(ref.blob());
        reader.page(manifest, p).addBlobs(needed);
      }
    }
  }

  private static boolean isOf(Set<String> writing, String key) {
    int dot = key.indexOf('.');
    return dot > 0 && writing.contains(key.substring(0, dot));
  }

  /** What a collection removed. */
  public record Garbage(int blobs, long bytes) {}

  ArrayVersion committed(Manifest manifest) {
    return remember(manifest);
  }

  private ArrayVersion remember(Manifest manifest) {
    ArrayVersion made = new ArrayVersion(manifest, reader);
    WeakReference<ArrayVersion> kept =
        versions.compute(
            manifest.key(),
            (key, known) ->
                known != null && known.get() != null ? known : new WeakReference<>(made));
    ArrayVersion version = kept.get();
    return version == null ? made : version;
  }

  void closed(String writer) {
    writers.remove(writer);
  }

  TileStore tiles() {
    return tiles;
  }

  TileCodec codec() {
    return codec;
  }

  ChunkReader reader() {
    return reader;
  }

  /** The cache of decoded tiles. */
  public TileCache cache() {
    return cache;
  }
}
