package org.tessera.ejb.catalog;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.PersistenceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.request.ImportedFiles;

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

  @EJB private FileCatalog files;

  private CoordinateRows coordinates;

  @PostConstruct
  void start() {
    coordinates = new CoordinateRows(em);
  }

  private final Map<String, CatalogEntry> cache = new ConcurrentHashMap<>();

  /** Former versions as they were read, by the id of their row, which is never used again. */
  private final Map<Long, CatalogEntry> former = new ConcurrentHashMap<>();

  private static final int FORMER = 1000;

  /** Coverages that are read at a time. */
  private static final int READ = 500;

  /**
   * The coverage of that id; empty if there is none. The id may name a version, see {@link
   * VersionId}.
   *
   * @throws OwsException {@code NoSuchCoverage} if there is the coverage but not the version
   */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public Optional<CatalogEntry> find(String id) {
    if (id.indexOf('@') < 0) {
      return current(id);
    }
    VersionId version = VersionId.parse(id);
    Optional<CatalogEntry> current = current(version.coverage());
    return version.wanted() instanceof VersionId.Wanted.Current || current.isEmpty()
        ? current
        : Optional.of(version(current.get(), version.wanted()));
  }

  private Optional<CatalogEntry> current(String id) {
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
    Optional<CatalogEntry> entry = entity(id).map(e -> e.toEntry(coordinates));
    entry.ifPresent(e -> cache.put(id, e));
    return entry;
  }

  private CatalogEntry version(CatalogEntry current, VersionId.Wanted wanted) {
    String id = current.coverage().id();
    CoverageEntity coverage = entity(id).orElseThrow(() -> noSuchCoverage(id));
    CoverageVersion now = coverage.version();
    boolean isCurrent =
        switch (wanted) {
          case VersionId.Wanted.Current c -> true;
          case VersionId.Wanted.Numbered n -> n.number() == now.number();
          case VersionId.Wanted.Named n -> n.name().equals(now.name().orElse(""));
          case VersionId.Wanted.At t -> !t.time().isBefore(now.made());
        };
    if (isCurrent) {
      return current;
    }
    List<VersionEntity> rows = formerVersions(coverage);
    VersionEntity row =
        rows.stream()
            .filter(v -> matches(v.toVersion(), wanted))
            .findFirst()
            .orElseThrow(() -> noSuchVersion(id, wanted, rows, now));
    CatalogEntry known = former.get(row.id());
    CoverageVersion version = row.toVersion();
    if (known == null
        || !known.coverage().id().equals(id)
        || !known.coverage().arrayVersion().equals(version.arrayVersion())) {
      String text = em.find(StateEntity.class, row.state()).description();
      known =
          new CatalogEntry(
              StateText.read(text, id, version.arrayVersion(), coordinates::load),
              current.revision(),
              version.number());
      if (former.size() >= FORMER) {
        former.clear();
      }
      former.put(row.id(), known);
    }
    return known;
  }

  private static boolean matches(CoverageVersion version, VersionId.Wanted wanted) {
    return switch (wanted) {
      case VersionId.Wanted.Current c -> false;
      case VersionId.Wanted.Numbered n -> version.number() == n.number();
      case VersionId.Wanted.Named n -> version.name().equals(Optional.of(n.name()));
      case VersionId.Wanted.At t ->
          !t.time().isBefore(version.made()) && t.time().isBefore(version.replaced().orElseThrow());
    };
  }

  private List<VersionEntity> formerVersions(CoverageEntity coverage) {
    return em.createQuery(
            "select v from Version v where v.coverage = :id order by v.number", VersionEntity.class)
        .setParameter("id", coverage.id())
        .getResultList();
  }

  /** The versions of a coverage that are kept, oldest first; the last one is the current one. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<CoverageVersion> versions(String id) {
    CoverageEntity coverage = entity(id).orElseThrow(() -> noSuchCoverage(id));
    List<CoverageVersion> versions = new ArrayList<>();
    formerVersions(coverage).forEach(v -> versions.add(v.toVersion()));
    versions.add(coverage.version());
    return versions;
  }

  /**
   * Gives a version a name, or takes it away. A named version is kept until it is removed.
   *
   * @throws OwsException {@code NoSuchCoverage}; {@code InvalidParameterValue} if another version
   *     of the coverage has the name
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void nameVersion(String id, long number, Optional<String> name) {
    CoverageEntity coverage = entity(id).orElseThrow(() -> noSuchCoverage(id));
    em.lock(coverage, jakarta.persistence.LockModeType.PESSIMISTIC_WRITE);
    for (CoverageVersion version : versions(id)) {
      if (name.isPresent() && version.name().equals(name) && version.number() != number) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            name.get(),
            "Version "
                + version.number()
                + " of coverage '"
                + id
                + "' has the name '"
                + name.get()
                + "' already.");
      }
    }
    if (coverage.version().number() == number) {
      coverage.versionName(name.orElse(null));
    } else {
      formerVersion(coverage, number).name(name.orElse(null));
    }
    em.flush();
  }

  /**
   * Removes former versions, all of them or none.
   *
   * @throws OwsException {@code NoSuchCoverage} if one of them does not exist; {@code
   *     InvalidParameterValue} if one is the current version
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void removeVersions(String id, Set<Long> numbers) {
    CoverageEntity coverage = entity(id).orElseThrow(() -> noSuchCoverage(id));
    for (long number : numbers) {
      if (coverage.version().number() == number) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            Long.toString(number),
            "Version "
                + number
                + " is the current version of coverage '"
                + id
                + "' and cannot be removed; delete the coverage or roll it back.");
      }
      em.remove(formerVersion(coverage, number));
    }
    em.flush();
    removeUnusedStates();
  }

  private VersionEntity formerVersion(CoverageEntity coverage, long number) {
    List<VersionEntity> rows = formerVersions(coverage);
    VersionId.Wanted wanted = new VersionId.Wanted.Numbered(number);
    return rows.stream()
        .filter(v -> v.toVersion().number() == number)
        .findFirst()
        .orElseThrow(() -> noSuchVersion(coverage.name(), wanted, rows, coverage.version()));
  }

  /**
   * Removes former versions without a name: those replaced before {@code before}, and those
   * replaced before {@code settled} that were current for less than {@code step}.
   *
   * @return how many
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public int prune(Instant before, Duration step, Instant settled) {
    int count =
        em.createQuery(
                "delete from Version v where v.name is null and (v.replaced < :before"
                    + " or (v.replaced < :settled and v.replaced - v.made < :step))")
            .setParameter("before", before.toEpochMilli())
            .setParameter("settled", settled.toEpochMilli())
            .setParameter("step", step.toMillis())
            .executeUpdate();
    if (count > 0) {
      removeUnusedStates();
    }
    coordinates.removeUnused();
    return count;
  }

  private void removeUnusedStates() {
    em.createNativeQuery(
            "delete from coverage_state where not exists"
                + " (select 1 from coverage_version v where v.state_id = coverage_state.id)")
        .executeUpdate();
  }

  private static OwsException noSuchVersion(
      String id, VersionId.Wanted wanted, List<VersionEntity> kept, CoverageVersion now) {
    String what =
        switch (wanted) {
          case VersionId.Wanted.Current c -> "that version";
          case VersionId.Wanted.Numbered n -> "version " + n.number();
          case VersionId.Wanted.Named n -> "version named '" + n.name() + "'";
          case VersionId.Wanted.At t -> "version that was current at " + t.time();
        };
    String others =
        kept.isEmpty()
            ? "no former version is kept"
            : "kept are "
                + kept.stream()
                    .skip(Math.max(0, kept.size() - 20))
                    .map(v -> Long.toString(v.toVersion().number()))
                    .collect(Collectors.joining(", ", kept.size() > 20 ? "..., " : "", ""));
    return new OwsException(
        OwsErrorCode.NO_SUCH_COVERAGE,
        id,
        "Coverage '"
            + id
            + "' has no "
            + what
            + ": "
            + others
            + ", the current one is "
            + now.number()
            + " of "
            + now.made()
            + ".");
  }

  /** The ids of all coverages, in order. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public List<String> ids() {
    return em.createQuery("select c.name from Coverage c order by c.name", String.class)
        .getResultList();
  }

  /** All coverages, by id. */
  @TransactionAttribute(TransactionAttributeType.SUPPORTS)
  public List<Coverage> list() {
    List<Object[]> rows =
        em.createQuery("select c.name, c.revision from Coverage c order by c.name", Object[].class)
            .getResultList();
    List<String> unknown = new ArrayList<>();
    for (Object[] row : rows) {
      CatalogEntry known = cache.get((String) row[0]);
      if (known == null || known.revision() != (Long) row[1]) {
        unknown.add((String) row[0]);
      }
    }
    for (int from = 0; from < unknown.size(); from += READ) {
      read(unknown.subList(from, Math.min(unknown.size(), from + READ)));
    }
    List<Coverage> all = new ArrayList<>(rows.size());
    for (Object[] row : rows) {
      CatalogEntry known = cache.get((String) row[0]);
      if (known != null) {
        all.add(known.coverage());
      }
    }
    return all;
  }

  /** Reads coverages by three queries, not by three each. */
  private void read(List<String> names) {
    em.createQuery("select c from Coverage c where c.name in :names", CoverageEntity.class)
        .setParameter("names", names)
        .setHint("eclipselink.batch.type", "IN")
        .setHint("eclipselink.batch", "c.axes")
        .setHint("eclipselink.batch", "c.fields")
        .getResultList()
        .forEach(e -> cache.put(e.name(), e.toEntry(coordinates)));
  }

  /**
   * Adds a coverage; it is version 1.
   *
   * @param brought files whose cells it has
   * @throws OwsException {@code CoverageIdInUse} if the id exists, {@code FileNotClaimed} if one of
   *     the files is another importer's
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void insert(
      Coverage coverage, CoverageVersion.Change change, Optional<ImportedFiles> brought) {
    if (entity(coverage.id()).isPresent()) {
      throw inUse(coverage.id(), null);
    }
    try {
      CoverageEntity entity = new CoverageEntity(coverage, change);
      em.persist(entity);
      em.flush();
      entity.storeCoordinates(coverage.domain(), coordinates);
      em.flush();
      brought.ifPresent(
          f -> files.commit(entity.id(), coverage.id(), entity.version().number(), f));
    } catch (PersistenceException e) {
      if (isUniqueViolation(e)) {
        throw inUse(coverage.id(), e);
      }
      throw e;
    }
  }

  /**
   * A change of a coverage.
   *
   * @param id the present id
   * @param revision that of the entry that the change started from
   * @param coverage what it becomes; its id may be another one
   * @param change what makes this the next version; empty if it stays the version that it is
   * @param keep whether the version that is replaced is kept, for the time that the settings say
   * @param files what becomes of the states of imported files
   */
  public record Edit(
      String id,
      long revision,
      Coverage coverage,
      Optional<CoverageVersion.Change> change,
      boolean keep,
      FileChange files) {
    /** One that has nothing to do with imported files. */
    public Edit(
        String id,
        long revision,
        Coverage coverage,
        Optional<CoverageVersion.Change> change,
        boolean keep) {
      this(id, revision, coverage, change, keep, new FileChange.None());
    }
  }

  /** What a change of a coverage means for the files that were imported into it. */
  public sealed interface FileChange {
    /** Nothing. */
    record None() implements FileChange {}

    /** Their cells are in it from now on. */
    record Brought(ImportedFiles files) implements FileChange {}

    /** They are those of a former version again. */
    record RolledBack(long to) implements FileChange {}
  }

  /**
   * Changes coverages, all of them or none.
   *
   * @throws OwsException {@code UpdateConflict} if another update was first, {@code NoSuchCoverage}
   *     if one is gone, {@code FileNotClaimed} if a file is another importer's
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void update(List<Edit> edits) {
    for (Edit edit : edits) {
      CoverageEntity entity = entity(edit.id()).orElseThrow(() -> noSuchCoverage(edit.id()));
      if (entity.revision() != edit.revision()) {
        throw conflict(edit.id(), null);
      }
      try {
        if (edit.change().isPresent()) {
          CoverageVersion replaced = entity.version();
          if (edit.keep() || replaced.name().isPresent()) {
            keep(entity, replaced);
          }
          entity.next(replaced.number(), edit.change().get());
        }
        entity.set(edit.coverage());
        entity.storeCoordinates(edit.coverage().domain(), coordinates);
        em.flush();
        follow(edit, entity);
      } catch (OptimisticLockException e) {
        throw conflict(edit.id(), e);
      } catch (PersistenceException e) {
        if (isUniqueViolation(e)) {
          throw edit.id().equals(edit.coverage().id())
              ? conflict(edit.id(), e)
              : inUse(edit.coverage().id(), e);
        }
        throw e;
      }
    }
  }

  private void follow(Edit edit, CoverageEntity entity) {
    switch (edit.files()) {
      case FileChange.None none -> {}
      case FileChange.Brought brought ->
          files.commit(entity.id(), edit.id(), entity.version().number(), brought.files());
      case FileChange.RolledBack back ->
          files.rollBack(entity.id(), back.to(), entity.version().number());
    }
    if (!edit.id().equals(edit.coverage().id())) {
      files.rename(edit.id(), edit.coverage().id());
    }
  }

  private void keep(CoverageEntity entity, CoverageVersion replaced) {
    String text = StateText.write(entity.toEntry(coordinates).coverage(), entity.chunksOfAxes());
    String digest = StateText.digest(text);
    List<StateEntity> known =
        em.createQuery(
                "select s from State s where s.coverage = :id and s.digest = :digest",
                StateEntity.class)
            .setParameter("id", entity.id())
            .setParameter("digest", digest)
            .getResultList();
    StateEntity state;
    if (known.isEmpty()) {
      state =
          new StateEntity(
              entity.id(),
              digest,
              text,
              entity.chunks().isEmpty()
                  ? null
                  : entity.chunks().stream().map(String::valueOf).collect(Collectors.joining(" ")));
      em.persist(state);
      em.flush();
    } else {
      state = known.getFirst();
    }
    // Not before it was made, should the clock have been set back.
    Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
    Instant end = now.isAfter(replaced.made()) ? now : replaced.made();
    em.persist(new VersionEntity(entity.id(), state.id(), replaced, end));
  }

  /**
   * Removes coverages with all their versions, all of them or, if one does not exist, none; with
   * them the levels that were computed from them, unless they are in another pyramid, too.
   *
   * @return ids of all coverages that were removed
   * @throws OwsException {@code NoSuchCoverage} if there is none of an id; {@code
   *     OperationNotAllowed} if one is a source of a virtual coverage that stays
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public Set<String> deleteAll(Set<String> ids) {
    Set<String> all = new LinkedHashSet<>(ids);
    for (String id : ids) {
      CoverageEntity base = entity(id).orElseThrow(() -> noSuchCoverage(id));
      all.addAll(
          em.createQuery(
                  "select c.name from Coverage c, Pyramid p where p.key.base = :base"
                      + " and p.key.member = c.id and p.resampling is not null and not exists"
                      + " (select q from Pyramid q where q.key.member = c.id"
                      + " and q.key.base <> :base)",
                  String.class)
              .setParameter("base", base.id())
              .getResultList());
    }
    for (String id : all) {
      List<String> users = virtualsOver(id);
      users.removeAll(all);
      if (!users.isEmpty()) {
        throw new OwsException(
            OwsErrorCode.OPERATION_NOT_ALLOWED,
            id,
            "Coverage '"
                + id
                + "' is a source of the virtual coverage '"
                + String.join("', '", users)
                + "'. Delete that first, or both together.");
      }
      em.createQuery("delete from VirtualSource s where s.key.virtual = :id")
          .setParameter("id", entity(id).orElseThrow(() -> noSuchCoverage(id)).id())
          .executeUpdate();
    }
    for (String id : all) {
      CoverageEntity entity = entity(id).orElseThrow(() -> noSuchCoverage(id));
      em.createQuery("delete from Pyramid p where p.key.base = :id or p.key.member = :id")
          .setParameter("id", entity.id())
          .executeUpdate();
      em.remove(entity);
      files.forget(id);
    }
    em.flush();
    return all;
  }

  /**
   * The members of a coverage's pyramid, the older ones first.
   *
   * @throws OwsException {@code NoSuchCoverage}
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<PyramidMember> pyramid(String id) {
    CoverageEntity base = entity(id).orElseThrow(() -> noSuchCoverage(id));
    List<PyramidMember> members = new ArrayList<>();
    for (Object[] row :
        em.createQuery(
                "select c, p from Coverage c, Pyramid p"
                    + " where p.key.base = :base and p.key.member = c.id order by c.id",
                Object[].class)
            .setParameter("base", base.id())
            .getResultList()) {
      members.add(
          new PyramidMember(
              ((CoverageEntity) row[0]).toEntry(coordinates), ((PyramidEntity) row[1]).derived()));
    }
    return members;
  }

  /**
   * The members of the pyramid of one version of a coverage: none if it is not the current version
   * any more, so that nobody sees new levels of an old coverage.
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<PyramidMember> pyramid(CatalogEntry entry) {
    String id = entry.coverage().id();
    Long count =
        em.createQuery(
                "select count(p) from Pyramid p, Coverage c where p.key.base = c.id and c.name = :name",
                Long.class)
            .setParameter("name", id)
            .getSingleResult();
    if (count == 0) {
      return List.of();
    }
    List<PyramidMember> members = pyramid(id);
    // Base and members change together. The base is asked after the members: had they changed
    // meanwhile, so would it have.
    boolean current =
        em.createQuery("select c.number from Coverage c where c.name = :name", Long.class)
            .setParameter("name", id)
            .getResultList()
            .equals(List.of(entry.version()));
    return current ? members : List.of();
  }

  /**
   * Makes coverages members of another one's pyramid; those that are members stay as they are.
   *
   * @throws OwsException {@code NoSuchCoverage}
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void addToPyramid(
      String id, List<String> members, Optional<PyramidMember.Derived> derived) {
    CoverageEntity base = entity(id).orElseThrow(() -> noSuchCoverage(id));
    for (String name : members) {
      CoverageEntity member = entity(name).orElseThrow(() -> noSuchCoverage(name));
      if (member.id() == base.id()) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            name,
            "Coverage '" + name + "' cannot be a member of its own pyramid.");
      }
      PyramidKey key = new PyramidKey(base.id(), member.id());
      if (em.find(PyramidEntity.class, key) == null) {
        em.persist(new PyramidEntity(key, derived));
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
      CoverageEntity member = entity(name).orElseThrow(() -> noSuchCoverage(name));
      PyramidEntity found = em.find(PyramidEntity.class, new PyramidKey(base.id(), member.id()));
      if (found == null) {
        throw new OwsException(
            OwsErrorCode.NO_SUCH_COVERAGE,
            name,
            "Coverage '" + name + "' is no member of the pyramid of '" + id + "'.");
      }
      em.remove(found);
    }
    em.flush();
  }

  /**
   * Adds a virtual coverage, see {@link #insert}.
   *
   * @param sources later ones over earlier ones
   * @throws OwsException {@code NoSuchCoverage} if one of them does not exist
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void insertVirtual(
      Coverage coverage, List<String> sources, CoverageVersion.Change change) {
    insert(coverage, change, Optional.empty());
    long id = entity(coverage.id()).orElseThrow().id();
    for (int i = 0; i < sources.size(); i++) {
      String name = sources.get(i);
      CoverageEntity source = entity(name).orElseThrow(() -> noSuchCoverage(name));
      em.persist(new VirtualSourceEntity(new VirtualSourceKey(id, i), source.id()));
    }
    em.flush();
  }

  /** The sources of a virtual coverage, in their order; empty if it is none. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<CatalogEntry> sources(String id) {
    return em
        .createQuery(
            "select s.name from Coverage v, VirtualSource x, Coverage s where v.name = :name"
                + " and x.key.virtual = v.id and x.source = s.id order by x.key.position",
            String.class)
        .setParameter("name", id)
        .getResultList()
        .stream()
        .map(name -> current(name).orElseThrow(() -> noSuchCoverage(name)))
        .toList();
  }

  /** Ids of the virtual coverages that a coverage is a source of. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<String> virtualsOver(String id) {
    return new ArrayList<>(
        em.createQuery(
                "select distinct v.name from Coverage v, VirtualSource x, Coverage s"
                    + " where s.name = :name and x.source = s.id and x.key.virtual = v.id",
                String.class)
            .setParameter("name", id)
            .getResultList());
  }

  /**
   * Puts other array versions with the same cells in the place of some, wherever they still are.
   *
   * @param moved the new key of each, by the old one
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void repoint(Map<String, String> moved) {
    moved.forEach(
        (from, to) -> {
          // A writer that has read the row before is refused, and begins again.
          em.createQuery(
                  "update Coverage c set c.arrayVersion = :to, c.revision = c.revision + 1"
                      + " where c.arrayVersion = :from")
              .setParameter("from", from)
              .setParameter("to", to)
              .executeUpdate();
          em.createQuery("update Version v set v.arrayVersion = :to where v.arrayVersion = :from")
              .setParameter("from", from)
              .setParameter("to", to)
              .executeUpdate();
        });
  }

  /** Keys of all array versions that a version of a coverage points at. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public Set<String> liveArrayVersions() {
    // The former ones last: a version that is replaced in between must be in one of the answers.
    Set<String> live =
        new HashSet<>(
            em.createQuery("select c.arrayVersion from Coverage c", String.class).getResultList());
    live.addAll(
        em.createQuery("select v.arrayVersion from Version v", String.class).getResultList());
    // Virtual coverages have none; databases may take an empty text for no text.
    live.remove("");
    live.remove(null);
    return live;
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
