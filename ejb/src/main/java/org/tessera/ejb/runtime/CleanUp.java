package org.tessera.ejb.runtime;

import jakarta.ejb.EJB;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.engine.EngineException;
import org.tessera.engine.store.ArrayStore;

/**
 * Lets go of former versions of coverages whose time is over, and removes array versions that no
 * version of a coverage points at any more, some time after they became unreferenced.
 */
@Singleton
public class CleanUp {
  private static final System.Logger LOG = System.getLogger(CleanUp.class.getName());

  /**
   * Readers that opened a version keep it; writers that have not committed yet are younger than
   * this.
   */
  private static final Duration GRACE = Duration.ofHours(1);

  /** Files of tiles are copied when less than this share of them is needed. */
  private static final double SPARSE = 0.5;

  /** When a version that was current for a short time only may go. */
  private static final Duration SETTLED = Duration.ofHours(1);

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;

  @Schedule(hour = "*", minute = "*/30", persistent = false)
  @Lock(LockType.WRITE)
  @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
  public void collect() {
    try {
      Instant now = Instant.now();
      Settings.Versions versions = runtime.settings().versions();
      int pruned = catalog.prune(now.minus(versions.keep()), versions.step(), now.minus(SETTLED));
      if (pruned > 0) {
        LOG.log(System.Logger.Level.INFO, "let go of {0} former versions", pruned);
      }
      compact();
      Set<String> live = catalog.liveArrayVersions();
      runtime.keepOnly(live);
      ArrayStore.Garbage garbage = runtime.arrays().collectGarbage(live, GRACE);
      if (garbage.blobs() > 0) {
        LOG.log(
            System.Logger.Level.INFO,
            "removed {0} unreferenced blobs, {1} bytes",
            garbage.blobs(),
            garbage.bytes());
      }
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.ERROR, "clean-up failed, nothing was removed", e);
    }
  }

  /** Copies what is needed out of files that are mostly not needed any more. */
  private void compact() {
    try (ArrayStore.Compaction compaction =
        runtime.arrays().compact(catalog.liveArrayVersions(), SPARSE)) {
      if (!compaction.moved().isEmpty()) {
        catalog.repoint(compaction.moved());
        LOG.log(
            System.Logger.Level.INFO,
            "copied {0} bytes of tiles out of sparse files, for {1} versions",
            compaction.bytes(),
            compaction.moved().size());
      }
    }
  }
}
