package org.tessera.ejb.catalog;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Coverage;

/**
 * The coverages that exist. A change is visible to readers when its transaction commits. Reading is
 * cheap: an entry is kept in memory and used as long as the revision in the database is the same,
 * so several servers may share one database.
 */
@Singleton
@DependsOn("SchemaMigration")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class CoverageCatalog {
  @PersistenceContext(unitName = "tessera")
  private EntityManager em;

  private final Map<String, CatalogEntry> cache = new ConcurrentHashMap<>();

  /** The coverage of that id as it is now; empty if there is none. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public Optional<CatalogEntry> find(String id) {
    List<Long> revision =
        em.createQuery("select c.revision from Coverage c where c.name = :name", Long.class)
            .setParameter("name", id)
            .getResultList();
    if (revision.isEmpty()) {
      cache.remove(id);
      return Optional.empty();
    }
    CatalogEntry known = cache.get(id);
    if (known != null && known.revision() == revision.getFirst()) {
      return Optional.of(known);
    }
    Optional<CatalogEntry> entry = entity(id).map(CoverageEntity::toEntry);
    entry.ifPresent(e -> cache.put(id, e));
    return entry;
  }

  /** All coverages, by id. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public List<Coverage> list() {
    List<Object[]> rows =
        em.createQuery("select c.name, c.revision from Coverage c order by c.name", Object[].class)
            .getResultList();
    List<Coverage> all = new ArrayList<>(rows.size());
    for (Object[] row : rows) {
      CatalogEntry known = cache.get((String) row[0]);
      if (known != null && known.revision() == (Long) row[1]) {
        all.add(known.coverage());
      } else {
        find((String) row[0]).ifPresent(e -> all.add(e.coverage()));
      }
    }
    return all;
  }

  /**
   * Adds a coverage.
   *
   * @throws OwsException {@code CoverageIdInUse} if the id exists
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void insert(Coverage coverage) {
    if (entity(coverage.id()).isPresent()) {
      throw inUse(coverage.id(), null);
    }
    try {
      em.persist(new CoverageEntity(coverage));
      em.flush();
    } catch (PersistenceException e) {
      if (isUniqueViolation(e)) {
        throw inUse(coverage.id(), e);
      }
      throw e;
    }
  }

  /**
   * Replaces a coverage; its id may change.
   *
   * @param id the present id
   * @param revision that of the entry that the change started from
   * @throws OwsException {@code UpdateConflict} if another update was first, {@code NoSuchCoverage}
   *     if it is gone
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void update(String id, long revision, Coverage coverage) {
    CoverageEntity entity = entity(id).orElseThrow(() -> noSuchCoverage(id));
    if (entity.revision() != revision) {
      throw conflict(id, null);
    }
    try {
      entity.set(coverage);
      em.lock(entity, jakarta.persistence.LockModeType.OPTIMISTIC_FORCE_INCREMENT);
      em.flush();
    } catch (OptimisticLockException e) {
      throw conflict(id, e);
    } catch (PersistenceException e) {
      if (isUniqueViolation(e)) {
        throw inUse(coverage.id(), e);
      }
      throw e;
    }
  }

  /**
   * Removes coverages, all of them or, if one does not exist, none.
   *
   * @throws OwsException {@code NoSuchCoverage} if there is none of an id
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void deleteAll(Set<String> ids) {
    for (String id : ids) {
      em.remove(entity(id).orElseThrow(() -> noSuchCoverage(id)));
    }
    em.flush();
  }

  /**
   * The members of a coverage's pyramid, in the order in which they were added.
   *
   * @throws OwsException {@code NoSuchCoverage}
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<Coverage> pyramid(String id) {
    return entity(id).orElseThrow(() -> noSuchCoverage(id)).pyramid().stream()
        .map(m -> m.toEntry().coverage())
        .toList();
  }

  /**
   * Makes coverages members of another one's pyramid; those that are members stay.
   *
   * @throws OwsException {@code NoSuchCoverage}
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void addToPyramid(String id, List<String> members) {
    CoverageEntity base = entity(id).orElseThrow(() -> noSuchCoverage(id));
    for (String name : members) {
      CoverageEntity member = entity(name).orElseThrow(() -> noSuchCoverage(name));
      if (!base.pyramid().contains(member)) {
        base.pyramid().add(member);
      }
    }
    em.flush();
  }

  /**
   * Takes coverages out of a pyramid; they stay coverages.
   *
   * @throws OwsException {@code NoSuchCoverage} if one of them is no coverage, or no member
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void removeFromPyramid(String id, List<String> members) {
    CoverageEntity base = entity(id).orElseThrow(() -> noSuchCoverage(id));
    for (String name : members) {
      if (!base.pyramid().remove(entity(name).orElseThrow(() -> noSuchCoverage(name)))) {
        throw new OwsException(
            OwsErrorCode.NO_SUCH_COVERAGE,
            name,
            "Coverage '" + name + "' is no member of the pyramid of '" + id + "'.");
      }
    }
    em.flush();
  }

  /** Keys of all array versions that a coverage points at now. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public Set<String> liveArrayVersions() {
    return new HashSet<>(
        em.createQuery("select c.arrayVersion from Coverage c", String.class).getResultList());
  }

  /** An exception that says that the id is unknown. */
  public static OwsException noSuchCoverage(String id) {
    return new OwsException(
        OwsErrorCode.NO_SUCH_COVERAGE,
        id,
        "Coverage '" + id + "' does not exist. GetCapabilities lists those that do.");
  }

  private Optional<CoverageEntity> entity(String id) {
    return em
        .createQuery("select c from Coverage c where c.name = :name", CoverageEntity.class)
        .setParameter("name", id)
        .getResultList()
        .stream()
        .findFirst();
  }

  private static boolean isUniqueViolation(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof java.sql.SQLException sql
          && sql.getSQLState() != null
          && sql.getSQLState().startsWith("23505")) {
        return true;
      }
    }
    return false;
  }

  private static OwsException inUse(String id, Throwable cause) {
    return new OwsException(
        OwsErrorCode.COVERAGE_ID_IN_USE,
        id,
        "Coverage '" + id + "' exists already. Delete it first or choose another id.",
        cause);
  }

  private static OwsException conflict(String id, Throwable cause) {
    return new OwsException(
        OwsErrorCode.UPDATE_CONFLICT,
        id,
        "Coverage '" + id + "' was changed by someone else meanwhile. Try again.",
        cause);
  }
}
