package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.virtual.VirtualCoverage;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.runtime.ServerRuntime;

/** Virtual coverages: those whose cells are those of other coverages, as these are at the time. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class VirtualService {
  private static final System.Logger LOG = System.getLogger(VirtualService.class.getName());

  /** Sources of one virtual coverage; each costs a look at every request. */
  private static final int MOST_SOURCES = 1000;

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;

  /**
   * Makes a virtual coverage.
   *
   * @param sources ids, or regular expressions that match ids (which then are in their order);
   *     later ones over earlier ones
   * @param crs see {@link VirtualCoverage#describe}
   * @param resolution see there
   */
  public void create(
      String id,
      List<String> sources,
      Optional<String> crs,
      Optional<BigDecimal> resolution,
      Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkId(id);
    if (catalog.find(id).isPresent()) {
      throw new OwsException(
          OwsErrorCode.COVERAGE_ID_IN_USE,
          id,
          "Coverage '" + id + "' exists already. Delete it first or choose another id.");
    }
    if (sources.isEmpty() || sources.size() > MOST_SOURCES) {
      throw tooMany(sources.size());
    }
    List<Coverage> described = new ArrayList<>();
    sources.forEach(
        s -> meant(s).stream().filter(c -> !described.contains(c)).forEach(described::add));
    if (described.size() > MOST_SOURCES) {
      throw tooMany(described.size());
    }
    Coverage made = new VirtualCoverage(runtime.crs()).describe(id, described, crs, resolution);
    catalog.insertVirtual(
        made,
        described.stream().map(Coverage::id).toList(),
        new CoverageVersion.Change("virtual coverage", caller.name()));
    LOG.log(
        System.Logger.Level.INFO,
        "made virtual coverage {0} of {1} sources for {2}",
        id,
        sources.size(),
        caller.name());
  }

  private static OwsException tooMany(int sources) {
    return new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "SOURCES",
        "A virtual coverage has 1 to " + MOST_SOURCES + " sources; " + sources + " are given.");
  }

  /** The coverage of an id or, if there is none, those whose ids a regular expression matches. */
  private List<Coverage> meant(String source) {
    TransactionService.checkCurrent(source);
    Optional<CatalogEntry> one = catalog.find(source);
    if (one.isPresent()) {
      if (isVirtual(one.get().coverage())) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            source,
            "Coverage '" + source + "' is virtual itself: name its sources in its place.");
      }
      return List.of(one.get().coverage());
    }
    List<Coverage> matching = new ArrayList<>();
    if (!source.matches("[A-Za-z0-9_.]+")) {
      try {
        Pattern pattern = Pattern.compile(source);
        catalog.list().stream()
            .filter(c -> !isVirtual(c) && pattern.matcher(c.id()).matches())
            .forEach(matching::add);
      } catch (PatternSyntaxException e) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            source,
            "'" + source + "' is neither the id of a coverage nor a pattern of ids.",
            e);
      }
    }
    if (matching.isEmpty()) {
      throw CoverageCatalog.noSuchCoverage(source);
    }
    return matching;
  }

  static boolean isVirtual(Coverage coverage) {
    return coverage.arrayVersion() == null || coverage.arrayVersion().isEmpty();
  }

  /**
   * Refuses what needs cells of its own.
   *
   * @param what would be done to it
   */
  static void checkStored(Coverage coverage, String what) {
    if (isVirtual(coverage)) {
      throw new OwsException(
          OwsErrorCode.OPERATION_NOT_ALLOWED,
          coverage.id(),
          "Coverage '"
              + coverage.id()
              + "' is virtual, it has no cells of its own and cannot be "
              + what
              + ": do so with its sources.");
    }
  }

  /**
   * A virtual coverage with its cells.
   *
   * @param stored the cells of a source
   */
  public CoverageSource.Stored open(
      Coverage virtual, Function<CatalogEntry, CoverageSource.Stored> stored) {
    return new VirtualCoverage(runtime.crs())
        .open(virtual, catalog.sources(virtual.id()).stream().map(stored).toList());
  }

  /**
   * What becomes of the virtual coverages over one that changes, to be published with it. Their
   * former versions are not kept: the cells are those of the sources as they are.
   */
  public List<CoverageCatalog.Edit> follow(Coverage after, CoverageVersion.Change change) {
    List<CoverageCatalog.Edit> edits = new ArrayList<>();
    for (String id : catalog.virtualsOver(after.id())) {
      CatalogEntry entry = catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
      List<Coverage> sources =
          catalog.sources(id).stream()
              .map(s -> s.coverage().id().equals(after.id()) ? after : s.coverage())
              .toList();
      Coverage now = new VirtualCoverage(runtime.crs()).follow(entry.coverage(), sources);
      if (!now.domain().equals(entry.coverage().domain())) {
        CoverageVersion.Change follows =
            new CoverageVersion.Change(change.cause() + " of " + after.id(), change.by());
        edits.add(new CoverageCatalog.Edit(id, entry.revision(), now, Optional.of(follows), false));
      }
    }
    return edits;
  }
}
