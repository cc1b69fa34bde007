package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tessera.coverage.model.Coverage;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.engine.EngineException;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;

/** The files in which cells of coverages are that refer to them in place of a copy. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class SourceService {
  private static final System.Logger LOG = System.getLogger(SourceService.class.getName());

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private PyramidService pyramids;

  /**
   * A file that a coverage refers to.
   *
   * @param problem why it cannot be read as it was registered; empty if it can
   */
  public record SourceFile(String file, Optional<String> problem) {}

  /** The files that a coverage (or a version of it) refers to, by name; empty if it is a copy. */
  public List<SourceFile> list(String id) {
    Map<String, Optional<String>> files = new TreeMap<>();
    Coverage coverage = find(id).coverage();
    VirtualService.checkStored(coverage, "asked for its files");
    for (String source : runtime.cells(coverage).sources()) {
      files.merge(
          runtime.references().file(source).toString(),
          problem(source),
          (a, b) -> a.isPresent() ? a : b);
    }
    return files.entrySet().stream().map(e -> new SourceFile(e.getKey(), e.getValue())).toList();
  }

  private Optional<String> problem(String source) {
    try {
      runtime.references().check(source);
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Registers anew the files that have changed: the next version of the coverage has their cells as
   * they are now. Former versions cannot be read any more where they refer to them.
   *
   * @return the files, by name; nothing is done if there is none
   * @throws EngineException {@code SOURCE_UNAVAILABLE} if a file is gone, or has not the bands and
   *     dimensions any more that the coverage needs
   */
  public Set<String> refresh(String id, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkCurrent(id);
    CatalogEntry entry = find(id);
    Coverage now = entry.coverage();
    VirtualService.checkStored(now, "registered anew");
    ArrayVersion cells = runtime.cells(now);
    Map<String, String> renewed = new HashMap<>();
    Set<String> files = new TreeSet<>();
    for (String source : cells.sources()) {
      String fresh = runtime.references().renewed(source);
      if (!fresh.equals(source)) {
        renewed.put(source, fresh);
        files.add(runtime.references().file(source).toString());
      }
    }
    if (renewed.isEmpty()) {
      return files;
    }
    try (ArrayWriter writer = runtime.arrays().update(cells)) {
      writer.replaceSources(renewed);
      ArrayVersion version = writer.commit(cells.type().domain());
      Coverage updated =
          new Coverage(
              id, now.domain(), now.range(), now.metadata(), now.nativeFormat(), version.key());
      CoverageVersion.Change change =
          new CoverageVersion.Change("refresh of " + files.size() + " files", caller.name());
      List<CoverageCatalog.Edit> edits = new ArrayList<>();
      edits.add(
          new CoverageCatalog.Edit(
              id,
              entry.revision(),
              updated,
              Optional.of(change),
              runtime.settings().versions().any()));
      edits.addAll(pyramids.follow(now, updated, Optional.empty(), change));
      catalog.update(edits);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "registered {0} files of coverage {1} anew for {2}",
        files.size(),
        id,
        caller.name());
    return files;
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }
}
