package org.tessera.ejb.catalog;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.tessera.coverage.model.CoordinateChunk;

/**
 * Chunks of coordinates as rows that versions of a coverage share. A chunk that some entry in
 * memory holds is not read again: rows do not change, and ids are not used twice.
 */
final class CoordinateRows {
  /** Rows that are read at a time. */
  private static final int READ = 200;

  private final EntityManager em;
  private final Map<Long, WeakReference<CoordinateChunk>> known = new ConcurrentHashMap<>();

  CoordinateRows(EntityManager em) {
    this.em = em;
  }

  static List<Long> ids(String text) {
    return text == null || text.isBlank()
        ? List.of()
        : Arrays.stream(text.strip().split(" ", -1)).map(Long::valueOf).toList();
  }

  private static String text(List<Long> ids) {
    return ids.isEmpty()
        ? null
        : ids.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  /** The chunks of ids as {@link #store} gave them; none for null. */
  List<CoordinateChunk> load(String text) {
    List<Long> ids = ids(text);
    Map<Long, CoordinateChunk> found = new HashMap<>();
    List<Long> missing = new ArrayList<>();
    for (Long id : ids) {
      WeakReference<CoordinateChunk> reference = known.get(id);
      CoordinateChunk chunk = reference == null ? null : reference.get();
      if (chunk == null) {
        missing.add(id);
      } else {
        found.put(id, chunk);
      }
    }
    for (int from = 0; from < missing.size(); from += READ) {
      List<Long> some = missing.subList(from, Math.min(missing.size(), from + READ));
      for (CoordinatesEntity row :
          em.createQuery("select c from Coordinates c where c.id in :ids", CoordinatesEntity.class)
              .setParameter("ids", some)
              .getResultList()) {
        CoordinateChunk chunk = row.toChunk();
        known.put(row.id(), new WeakReference<>(chunk));
        found.put(row.id(), chunk);
        em.detach(row);
      }
    }
    List<CoordinateChunk> chunks = new ArrayList<>(ids.size());
    for (Long id : ids) {
      CoordinateChunk chunk = found.get(id);
      if (chunk == null) {
        throw new IllegalStateException("there is no row " + id + " of coordinates");
      }
      chunks.add(chunk);
    }
    return chunks;
  }

  /**
   * Makes rows of chunks that have none.
   *
   * @param coverage that the rows belong to
   * @param before ids of rows of the same coverage, some of which may hold these chunks
   * @return ids for {@link #load}; null for no chunks
   */
  String store(long coverage, String before, List<CoordinateChunk> chunks) {
    List<Long> oldIds = ids(before);
    List<CoordinateChunk> old = load(before);
    Map<CoordinateChunk, Long> byContent = new HashMap<>();
    List<Long> ids = new ArrayList<>(chunks.size());
    List<CoordinatesEntity> made = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      CoordinateChunk chunk = chunks.get(i);
      if (i < old.size() && old.get(i).equals(chunk)) {
        ids.add(oldIds.get(i));
        continue;
      }
      if (byContent.isEmpty()) {
        for (int k = 0; k < old.size(); k++) {
          byContent.put(old.get(k), oldIds.get(k));
        }
      }
      Long id = byContent.get(chunk);
      if (id == null) {
        CoordinatesEntity row = new CoordinatesEntity(coverage, chunk);
        em.persist(row);
        made.add(row);
        id = row.id();
        known.put(id, new WeakReference<>(chunk));
        byContent.put(chunk, id);
      }
      ids.add(id);
    }
    if (!made.isEmpty()) {
      em.flush();
      made.forEach(em::detach);
    }
    return text(ids);
  }

  /** Removes the rows that no version of their coverage needs. */
  void removeUnused() {
    known.values().removeIf(reference -> reference.get() == null);
    for (Long coverage :
        em.createQuery("select distinct c.coverage from Coordinates c", Long.class)
            .getResultList()) {
      // Nobody changes the coverage, or keeps a version of it, meanwhile.
      CoverageEntity owner =
          em.find(CoverageEntity.class, coverage, LockModeType.PESSIMISTIC_WRITE);
      if (owner == null) {
        continue;
      }
      Set<Long> needed = new HashSet<>(owner.chunks());
      em.createQuery(
              "select s.chunks from State s where s.coverage = :id and s.chunks is not null",
              String.class)
          .setParameter("id", coverage)
          .getResultList()
          .forEach(text -> needed.addAll(ids(text)));
      List<Long> unused =
          new ArrayList<>(
              em.createQuery("select c.id from Coordinates c where c.coverage = :id", Long.class)
                  .setParameter("id", coverage)
                  .getResultList());
      unused.removeAll(needed);
      for (int from = 0; from < unused.size(); from += READ) {
        em.createQuery("delete from Coordinates c where c.id in :ids")
            .setParameter("ids", unused.subList(from, Math.min(unused.size(), from + READ)))
            .executeUpdate();
      }
    }
  }
}
