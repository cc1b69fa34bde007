package org.tessera.ejb.catalog;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.request.ImportedFiles;

/**
 * The states of files. That a file is imported is written in the transaction that publishes its
 * cells, so the two cannot differ, whatever dies when. An importer claims files before it sends
 * them; whether it still has them is decided in that same transaction.
 */
@Singleton
@DependsOn("SchemaMigration")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class FileCatalog {
  /** Keys of one statement. */
  private static final int CHUNK = 500;

  private static final int LONGEST_REASON = 4000;
  private static final int LONGEST_PATH = 8000;

  @PersistenceContext(unitName = "tessera")
  private EntityManager em;

  /**
   * What came of a claim.
   *
   * @param granted paths of files that are the importer's now
   * @param imported paths of files that are in the coverage as they are
   * @param held paths of files that others have, each with its importer
   */
  public record Claims(List<String> granted, List<String> imported, Map<String, String> held) {}

  /** All files of a coverage that something is known of, by path. */
  @TransactionAttribute(TransactionAttributeType.REQUIRED)
  public List<FileState> list(String coverage) {
    Map<String, FileState> files = new LinkedHashMap<>();
    for (Object row :
        query(
                "select f.path, f.bytes, f.modified, f.checksum, f.importer, f.changed, f.since,"
                    + " f.until_version from coverage_file f, coverage c where f.coverage_id = c.id"
                    + " and c.name = ? order by f.path, f.since",
                coverage)
            .getResultList()) {
      Object[] r = (Object[]) row;
      boolean here = r[7] == null;
      String path = (String) r[0];
      // A later row of a file counts more, but none more than that of the current version.
      if (here || !files.containsKey(path) || files.get(path).version().isEmpty()) {
        files.put(
            path,
            new FileState(
                path,
                here ? FileState.State.COMMITTED : FileState.State.PENDING,
                "",
                content(r, 1),
                here ? (String) r[4] : "",
                Optional.empty(),
                Instant.ofEpochMilli(number(r[5])),
                here ? Optional.of(number(r[6])) : Optional.empty()));
      }
    }
    for (Object row :
        query(
                "select path, bytes, modified, checksum, state, reason, importer, lease, changed"
                    + " from coverage_file_work where coverage = ? order by path",
                coverage)
            .getResultList()) {
      Object[] r = (Object[]) row;
      FileState.State state = FileState.State.valueOf((String) r[4]);
      files.put(
          (String) r[0],
          new FileState(
              (String) r[0],
              state,
              // Databases may take an empty text for none.
              r[5] == null ? "" : (String) r[5],
              content(r, 1),
              (String) r[6],
              state == FileState.State.STAGED
                  ? Optional.of(Instant.ofEpochMilli(number(r[7])))
                  : Optional.empty(),
              Instant.ofEpochMilli(number(r[8])),
              Optional.empty()));
    }
    return List.copyOf(files.values());
  }

  /**
   * Gives files to an importer, each to one at a time. A file is free if nobody has it, if it
   * failed, if the lease of the one who has it is over, or if that one is known to be dead.
   *
   * @param dead importers that do not run any more
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public Claims claim(
      String coverage,
      String importer,
      Duration lease,
      List<FileState.Found> files,
      Set<String> dead) {
    long now = System.currentTimeMillis();
    List<String> granted = new ArrayList<>();
    List<String> imported = new ArrayList<>();
    Map<String, String> held = new LinkedHashMap<>();
    Map<String, Object[]> work = new HashMap<>();
    Set<String> keys = keys(files.stream().map(FileState.Found::path).toList()).keySet();
    Map<String, Object[]> here = present(coverage, keys);
    rows(
            "select file_key, state, importer, lease from coverage_file_work where coverage = ? and"
                + " file_key in ",
            coverage,
            keys)
        .forEach(r -> work.put((String) r[0], r));
    for (FileState.Found file : files) {
      String key = key(file.path());
      Object[] present = here.get(key);
      Object[] row = work.get(key);
      if (present != null && content(present, 1).same(file.content())) {
        imported.add(file.path());
        continue;
      }
      FileState.Content c = file.content();
      if (row == null) {
        update(
            "insert into coverage_file_work (coverage, file_key, path, bytes, modified, checksum,"
                + " state, reason, importer, lease, changed)"
                + " values (?, ?, ?, ?, ?, ?, 'STAGED', '', ?, ?, ?)",
            coverage,
            key,
            file.path(),
            c.bytes(),
            c.modified(),
            c.checksum(),
            importer,
            now + lease.toMillis(),
            now);
        granted.add(file.path());
        continue;
      }
      String owner = (String) row[2];
      boolean free =
          owner.equals(importer)
              || row[1].equals("FAILED")
              || number(row[3]) < now
              || dead.contains(owner);
      // The row may have become another's since it was read: then it is not changed here.
      int changed =
          free
              ? update(
                  "update coverage_file_work set bytes = ?, modified = ?, checksum = ?, state ="
                      + " 'STAGED', reason = '', importer = ?, lease = ?, changed = ? where coverage"
                      + " = ? and file_key = ? and importer = ? and state = ? and lease = ?",
                  c.bytes(),
                  c.modified(),
                  c.checksum(),
                  importer,
                  now + lease.toMillis(),
                  now,
                  coverage,
                  key,
                  owner,
                  row[1],
                  row[3])
              : 0;
      if (changed == 1) {
        granted.add(file.path());
      } else {
        held.put(file.path(), owner);
      }
    }
    // Since the first look another importer may have committed a file, which ends its claim. Now
    // that the claims are this importer's, no other can.
    Map<String, Object[]> since = present(coverage, keys(granted).keySet());
    for (FileState.Found file : files) {
      Object[] present = since.get(key(file.path()));
      if (present != null
          && content(present, 1).same(file.content())
          && granted.remove(file.path())) {
        update(
            "delete from coverage_file_work where coverage = ? and file_key = ?",
            coverage,
            key(file.path()));
        imported.add(file.path());
      }
    }
    return new Claims(granted, imported, held);
  }

  /** What the current version of a coverage has of files: key, bytes, time, checksum; by key. */
  private Map<String, Object[]> present(String coverage, Set<String> keys) {
    Map<String, Object[]> found = new HashMap<>();
    rows(
            "select f.file_key, f.bytes, f.modified, f.checksum from coverage_file f, coverage c"
                + " where f.coverage_id = c.id and f.until_version is null and c.name = ? and"
                + " f.file_key in ",
            coverage,
            keys)
        .forEach(r -> found.put((String) r[0], r));
    return found;
  }

  /** Prolongs all that an importer has claimed. */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void renew(String coverage, String importer, Duration lease) {
    update(
        "update coverage_file_work set lease = ? where coverage = ? and importer = ? and state ="
            + " 'STAGED'",
        System.currentTimeMillis() + lease.toMillis(),
        coverage,
        importer);
  }

  /** Gives back all that an importer has claimed and has not brought. */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void release(String coverage, String importer) {
    update(
        "delete from coverage_file_work where coverage = ? and importer = ? and state = 'STAGED'",
        coverage,
        importer);
  }

  /** Notes that files failed, each with its reason; those that another importer has are left. */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void fail(String coverage, String importer, Map<String, String> reasons) {
    long now = System.currentTimeMillis();
    Map<String, String> paths = keys(reasons.keySet());
    Map<String, Object[]> work = new HashMap<>();
    rows(
            "select file_key, state, importer, lease from coverage_file_work where coverage = ? and"
                + " file_key in ",
            coverage,
            paths.keySet())
        .forEach(r -> work.put((String) r[0], r));
    paths.forEach(
        (key, path) -> {
          Object[] row = work.get(key);
          if (row != null
              && row[1].equals("STAGED")
              && !row[2].equals(importer)
              && number(row[3]) >= now) {
            return;
          }
          update(
              "delete from coverage_file_work where coverage = ? and file_key = ?", coverage, key);
          update(
              "insert into coverage_file_work (coverage, file_key, path, bytes, modified, checksum,"
                  + " state, reason, importer, lease, changed)"
                  + " values (?, ?, ?, -1, 0, '', 'FAILED', ?, ?, 0, ?)",
              coverage,
              key,
              path,
              limited(reasons.get(path), LONGEST_REASON),
              importer,
              now);
        });
  }

  /**
   * Takes files over that were imported before states were kept here. They count as brought by the
   * current version.
   *
   * @return false, and nothing is done, if there is no such coverage, or something is known of its
   *     files already
   */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public boolean adopt(String coverage, String importer, List<FileState.Found> files) {
    List<?> found =
        query("select id, version from coverage where name = ? for update", coverage)
            .getResultList();
    if (found.isEmpty()) {
      return false;
    }
    Object[] row = (Object[]) found.getFirst();
    boolean known =
        number(
                query("select count(*) from coverage_file where coverage_id = ?", row[0])
                    .getSingleResult())
            > 0;
    if (known) {
      return false;
    }
    Map<String, FileState.Found> unique = new LinkedHashMap<>();
    files.forEach(f -> unique.put(key(f.path()), f));
    unique.forEach(
        (key, f) ->
            update(
                "insert into coverage_file (coverage_id, file_key, path, bytes, modified,"
                    + " checksum, importer, changed, since) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row[0],
                key,
                f.path(),
                f.content().bytes(),
                f.content().modified(),
                f.content().checksum(),
                importer,
                System.currentTimeMillis(),
                row[1]));
    return true;
  }

  /** Notes another time and length of files whose checksum is the same. */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public void touch(String coverage, List<FileState.Found> files) {
    for (FileState.Found f : files) {
      update(
          "update coverage_file set bytes = ?, modified = ? where file_key = ? and checksum = ? and"
              + " until_version is null and coverage_id = (select id from coverage where name = ?)",
          f.content().bytes(),
          f.content().modified(),
          key(f.path()),
          f.content().checksum(),
          coverage);
    }
  }

  /** Whether this importer has brought all these files already: its request came twice. */
  @TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
  public boolean settled(String coverage, ImportedFiles files) {
    Set<String> keys = keys(files.complete()).keySet();
    return !keys.isEmpty()
        && files.partial().isEmpty()
        && rows(
                "select file_key, importer from coverage_file_work where coverage = ? and file_key"
                    + " in ",
                coverage,
                keys)
            .noneMatch(r -> r[1].equals(files.importer()))
        && rows(
                    "select f.file_key, f.importer from coverage_file f, coverage c where"
                        + " f.coverage_id = c.id and f.until_version is null and c.name = ? and"
                        + " f.file_key in ",
                    coverage,
                    keys)
                .filter(r -> r[1].equals(files.importer()))
                .count()
            == keys.size();
  }

  /**
   * The files are in the coverage from this version on.
   *
   * @throws OwsException {@code FileNotClaimed} if the importer does not have one of them any more
   */
  @TransactionAttribute(TransactionAttributeType.MANDATORY)
  public void commit(long id, String coverage, long version, ImportedFiles files) {
    mark(coverage, version, files.importer(), files.complete());
    mark(coverage, null, files.importer(), files.partial());
    if (files.complete().isEmpty()) {
      return;
    }
    String brought = " from coverage_file_work where coverage = ? and importer = ? and version = ?";
    update(
        "update coverage_file set until_version = ? where coverage_id = ? and until_version is null"
            + " and file_key in (select file_key"
            + brought
            + ")",
        version,
        id,
        coverage,
        files.importer(),
        version);
    update(
        "insert into coverage_file (coverage_id, file_key, path, bytes, modified, checksum,"
            + " importer, changed, since) select "
            + id
            + ", file_key, path, bytes, modified, checksum, importer, "
            + System.currentTimeMillis()
            + ", version"
            + brought,
        coverage,
        files.importer(),
        version);
    update("delete" + brought, coverage, files.importer(), version);
  }

  private void mark(String coverage, Long version, String importer, List<String> paths) {
    Map<String, String> keys = keys(paths);
    int found = 0;
    for (List<String> chunk : chunks(keys.keySet())) {
      List<Object> values = new ArrayList<>();
      values.add(coverage);
      values.add(importer);
      values.addAll(chunk);
      found +=
          update(
              "update coverage_file_work set version = "
                  + version
                  + " where coverage = ? and importer = ? and state = 'STAGED' and file_key in "
                  + places(chunk.size()),
              values.toArray());
    }
    if (found != keys.size()) {
      throw new OwsException(
          OwsErrorCode.FILE_NOT_CLAIMED,
          "importedFiles",
          "The importer "
              + importer
              + " has claimed "
              + found
              + " of the "
              + keys.size()
              + " files that this request brings. Claim the others first; another importer may have"
              + " them, or have imported them.");
    }
  }

  /**
   * Files are those of a former version again.
   *
   * @param wanted the version whose files there are
   * @param version the new one that is like it
   */
  @TransactionAttribute(TransactionAttributeType.MANDATORY)
  public void rollBack(long id, long wanted, long version) {
    update(
        "update coverage_file set until_version = ? where coverage_id = ? and until_version is null"
            + " and since > ?",
        version,
        id,
        wanted);
    update(
        "insert into coverage_file (coverage_id, file_key, path, bytes, modified, checksum,"
            + " importer, changed, since) select coverage_id, file_key, path, bytes, modified,"
            + " checksum, importer, changed, "
            + version
            + " from coverage_file where coverage_id = ? and since <= ? and until_version > ?",
        id,
        wanted,
        wanted);
  }

  /** The coverage has another name. */
  @TransactionAttribute(TransactionAttributeType.MANDATORY)
  public void rename(String coverage, String newName) {
    forget(newName);
    update("update coverage_file_work set coverage = ? where coverage = ?", newName, coverage);
  }

  /** The coverage is gone; what was in it goes with its row. */
  @TransactionAttribute(TransactionAttributeType.MANDATORY)
  public void forget(String coverage) {
    update("delete from coverage_file_work where coverage = ?", coverage);
  }

  // ---- SQL

  private Query query(String sql, Object... values) {
    Query q = em.createNativeQuery(sql);
    for (int i = 0; i < values.length; i++) {
      q.setParameter(i + 1, values[i]);
    }
    return q;
  }

  private int update(String sql, Object... values) {
    return query(sql, values).executeUpdate();
  }

  /** Rows of a statement that ends with {@code in}, for any number of keys. */
  private java.util.stream.Stream<Object[]> rows(
      String sql, String coverage, Collection<String> keys) {
    List<Object[]> rows = new ArrayList<>();
    for (List<String> chunk : chunks(keys)) {
      List<Object> values = new ArrayList<>();
      values.add(coverage);
      values.addAll(chunk);
      for (Object row : query(sql + places(chunk.size()), values.toArray()).getResultList()) {
        rows.add((Object[]) row);
      }
    }
    return rows.stream();
  }

  private static List<List<String>> chunks(Collection<String> keys) {
    List<String> all = List.copyOf(keys);
    List<List<String>> chunks = new ArrayList<>();
    for (int i = 0; i < all.size(); i += CHUNK) {
      chunks.add(all.subList(i, Math.min(all.size(), i + CHUNK)));
    }
    return chunks;
  }

  private static String places(int count) {
    return "(" + String.join(", ", Collections.nCopies(count, "?")) + ")";
  }

  private static FileState.Content content(Object[] row, int at) {
    return new FileState.Content(
        number(row[at]), number(row[at + 1]), row[at + 2] == null ? "" : (String) row[at + 2]);
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }

  private static String limited(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }

  /** Paths by their keys, in order. */
  private static Map<String, String> keys(Collection<String> paths) {
    Map<String, String> keys = new LinkedHashMap<>();
    paths.forEach(p -> keys.put(key(p), p));
    return keys;
  }

  private static String key(String path) {
    if (path.isBlank() || path.length() > LONGEST_PATH) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "FILES",
          "A path has 1 to " + LONGEST_PATH + " characters, this one " + path.length() + ".");
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
