package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Coverage;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.catalog.VersionId;
import org.tessera.ejb.runtime.ServerRuntime;

/**
 * Former versions of coverages: they are listed, named, rolled back to and removed here. Reading
 * one is reading a coverage whose id says which, see {@link VersionId}.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class VersionService {
  private static final System.Logger LOG = System.getLogger(VersionService.class.getName());

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private PyramidService pyramids;
  @EJB private VirtualService virtuals;

  /**
   * A version in a list.
   *
   * @param bytes that its tiles take in the store, compressed; versions share those that did not
   *     change
   */
  public record Listed(CoverageVersion version, long bytes) {}

  /** The versions of a coverage that are kept, oldest first; the last one is the current one. */
  public List<Listed> list(String id) {
    TransactionService.checkCurrent(id);
    return catalog.versions(id).stream().map(v -> new Listed(v, bytes(v))).toList();
  }

  /** Virtual coverages have no cells of their own. */
  private long bytes(CoverageVersion version) {
    String key = version.arrayVersion();
    return key == null || key.isEmpty() ? 0 : runtime.arrays().open(key).storedBytes();
  }

  /**
   * Names a version, which is then kept until it is removed; without a name, takes its name away.
   *
   * @param version number, name or time, as after the @ of an id
   */
  public void name(String id, String version, Optional<String> name, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkCurrent(id);
    name.filter(n -> !VersionId.isName(n))
        .ifPresent(
            n -> {
              throw new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  "NAME",
                  "'"
                      + n
                      + "' cannot name a version: expected a letter or _, then letters, digits"
                      + " and _.");
            });
    catalog.nameVersion(id, number(id, version), name);
  }

  /**
   * Makes a coverage again what it was: a new version with the cells, axes, fields and metadata of
   * the former one. Nothing is copied, and nothing is lost: it can be undone the same way.
   *
   * @return number of the new version
   */
  public long rollBack(String id, String version, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkCurrent(id);
    CatalogEntry now = find(id);
    CatalogEntry former = find(id + "@" + version);
    if (former.version() == now.version()) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "VERSION",
          "Version " + now.version() + " is the current version of coverage '" + id + "' already.");
    }
    Coverage back = former.coverage();
    CoverageVersion.Change change =
        new CoverageVersion.Change("rollback to " + former.version(), caller.name());
    List<CoverageCatalog.Edit> edits = new ArrayList<>();
    edits.add(
        new CoverageCatalog.Edit(
            id,
            now.revision(),
            back,
            Optional.of(change),
            runtime.settings().versions().any(),
            new CoverageCatalog.FileChange.RolledBack(former.version())));
    edits.addAll(pyramids.follow(now.coverage(), back, Optional.empty(), change));
    edits.addAll(virtuals.follow(back, change));
    catalog.update(edits);
    LOG.log(
        System.Logger.Level.INFO,
        "rolled coverage {0} back to version {1} for {2}",
        id,
        former.version(),
        caller.name());
    return now.version() + 1;
  }

  /** Removes former versions, all or none; the space of their tiles returns with the clean-up. */
  public void remove(String id, List<String> versions, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkCurrent(id);
    Set<Long> numbers = new LinkedHashSet<>();
    versions.forEach(v -> numbers.add(number(id, v)));
    if (numbers.isEmpty()) {
      throw new OwsException(
          OwsErrorCode.MISSING_PARAMETER_VALUE,
          "VERSIONS",
          "Missing required parameter: VERSIONS, one version or several separated by commas.");
    }
    catalog.removeVersions(id, numbers);
    LOG.log(
        System.Logger.Level.INFO,
        "removed versions {0} of coverage {1} for {2}",
        numbers,
        id,
        caller.name());
  }

  private long number(String id, String version) {
    return find(id + "@" + version).version();
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
