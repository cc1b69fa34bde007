package org.tessera.engine.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Copies what is still needed out of blobs of tiles that are mostly not needed any more. Chunks are
 * copied as they are, each once however many versions share it, and so are pages.
 */
final class Compactor {
  /** Blobs of tiles below this size are left alone: there is little to win. */
  private static final long SMALL = 64 << 10;

  private final ArrayStore store;
  private final PackWriter packs;
  private final String id;

  /** Bytes of needed chunks, by blob. */
  private final Map<String, Long> live = new HashMap<>();

  private final Map<Place, Chunk> copies = new HashMap<>();
  private final Map<Manifest.PageRef, Manifest.PageRef> pages = new HashMap<>();
  private long copied;

  private record Place(String blob, long offset) {}

  /**
   * @param id starts the keys of all new blobs
   */
  Compactor(ArrayStore store, String id) {
    this.store = store;
    this.id = id;
    this.packs = new PackWriter(store.tiles(), id);
  }

  /**
   * Makes new versions of those that need sparse blobs.
   *
   * @param share blobs of which less than this share of bytes is needed are sparse
   * @return by the key of each version that was made anew, the key of the new one
   */
  Map<String, String> compact(Collection<ArrayVersion> versions, double share) {
    Set<Manifest.PageRef> seen = new HashSet<>();
    Set<Place> counted = new HashSet<>();
    for (ArrayVersion version : versions) {
      for (int p = 0; p < version.manifest().pages().size(); p++) {
        if (seen.add(version.manifest().pages().get(p))) {
          count(version.page(p), version.type().bands().size(), counted);
        }
      }
    }
    Set<String> sparse = new HashSet<>();
    live.forEach(
        (blob, bytes) -> {
          long size = store.tiles().size(blob);
          if (size >= SMALL && bytes < share * size) {
            sparse.add(blob);
          }
        });
    Map<String, String> moved = new LinkedHashMap<>();
    if (sparse.isEmpty()) {
      return moved;
    }
    for (ArrayVersion version : versions) {
      copyChunks(version, sparse);
    }
    packs.flush();
    int number = 0;
    for (ArrayVersion version : versions) {
      if (touches(version, sparse)) {
        String key = id + "." + number++ + ".manifest";
        moved.put(version.key(), rewrite(version, sparse, key).key());
      }
    }
    return moved;
  }

  private void count(Page page, int bands, Set<Place> counted) {
    for (int t = 0; t < page.size(); t++) {
      for (int b = 0; b < bands; b++) {
        Chunk chunk = page.chunk(t, b);
        if (!chunk.isInline() && counted.add(new Place(chunk.blob(), chunk.offset()))) {
          live.merge(chunk.blob(), (long) chunk.length(), Long::sum);
        }
      }
    }
  }

  private static boolean needs(Page page, Set<String> sparse) {
    Set<String> blobs = new HashSet<>();
    page.addBlobs(blobs);
    return blobs.stream().anyMatch(sparse::contains);
  }

  private static boolean touches(ArrayVersion version, Set<String> sparse) {
    for (int p = 0; p < version.manifest().pages().size(); p++) {
      if (needs(version.page(p), sparse)) {
        return true;
      }
    }
    return false;
  }

  private void copyChunks(ArrayVersion version, Set<String> sparse) {
    for (int p = 0; p < version.manifest().pages().size(); p++) {
      Page page = version.page(p);
      if (!needs(page, sparse)) {
        continue;
      }
      for (int t = 0; t < page.size(); t++) {
        for (int b = 0; b < version.type().bands().size(); b++) {
          Chunk chunk = page.chunk(t, b);
          if (!chunk.isInline() && sparse.contains(chunk.blob())) {
            copies.computeIfAbsent(
                new Place(chunk.blob(), chunk.offset()),
                place -> {
                  copied += chunk.length();
                  return packs.append(
                      store.tiles().get(place.blob(), place.offset(), chunk.length()));
                });
          }
        }
      }
    }
  }

  private Manifest rewrite(ArrayVersion version, Set<String> sparse, String key) {
    Manifest old = version.manifest();
    Manifest.Builder builder = new Manifest.Builder(key, store.codec(), old.type().bands());
    List<Manifest.PageRef> written = new ArrayList<>();
    for (int p = 0; p < old.pages().size(); p++) {
      Manifest.PageRef ref = old.pages().get(p);
      Page page = version.page(p);
      Manifest.PageRef known = pages.get(ref);
      if (known != null) {
        builder.add(known);
      } else if (needs(page, sparse)) {
        builder.add(moved(page, old));
        written.add(ref);
      } else {
        builder.add(ref);
      }
    }
    Manifest made = builder.write(old.type(), old.tiling(), store.tiles());
    int at = 0;
    for (int p = 0; p < old.pages().size(); p++) {
      if (at < written.size() && old.pages().get(p).equals(written.get(at))) {
        pages.put(written.get(at++), made.pages().get(p));
      }
    }
    return made;
  }

  private Page moved(Page page, Manifest manifest) {
    List<TileEntry> entries = new ArrayList<>();
    page.addEntries(entries);
    return Page.of(
        manifest.type().dimension(),
        manifest.type().bands().size(),
        entries.stream()
            .map(
                e ->
                    new TileEntry(
                        e.box(), e.chunks().stream().map(this::moved).toList(), e.statistics()))
            .toList());
  }

  private Chunk moved(Chunk chunk) {
    return chunk.isInline()
        ? chunk
        : copies.getOrDefault(new Place(chunk.blob(), chunk.offset()), chunk);
  }

  /** Bytes of chunks that were copied. */
  long copied() {
    return copied;
  }
}
