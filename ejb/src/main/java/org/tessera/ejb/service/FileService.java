package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.FileCatalog;
import org.tessera.ejb.catalog.FileState;

/**
 * What importers ask and tell about files: which are imported, which they take on, which failed.
 * That a file is imported is told with the transaction that brings it, see {@link
 * org.tessera.coverage.request.ImportedFiles}.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class FileService {
  /** How often a claim is tried when others claim the same files at the same moment. */
  private static final int ATTEMPTS = 8;

  private static final int MOST_FILES = 10_000;
  private static final long LONGEST_LEASE_SECONDS = 3600;

  @EJB private FileCatalog files;
  @EJB private CoverageCatalog catalog;

  /**
   * All files of a coverage, which need not exist yet.
   *
   * @param exists whether it does
   */
  public record Listed(boolean exists, List<FileState> files) {}

  /** See {@link FileCatalog#list}. */
  public Listed list(String coverage) {
    TransactionService.checkId(coverage);
    return new Listed(catalog.find(coverage).isPresent(), files.list(coverage));
  }

  /** See {@link FileCatalog#claim}. */
  public FileCatalog.Claims claim(
      String coverage,
      String importer,
      long leaseSeconds,
      List<FileState.Found> found,
      Set<String> dead,
      Caller caller) {
    check(coverage, importer, found.size(), caller);
    return again(() -> files.claim(coverage, importer, lease(leaseSeconds), found, dead));
  }

  /** See {@link FileCatalog#renew}. */
  public void renew(String coverage, String importer, long leaseSeconds, Caller caller) {
    check(coverage, importer, 0, caller);
    files.renew(coverage, importer, lease(leaseSeconds));
  }

  /** See {@link FileCatalog#release}. */
  public void release(String coverage, String importer, Caller caller) {
    check(coverage, importer, 0, caller);
    files.release(coverage, importer);
  }

  /** See {@link FileCatalog#fail}. */
  public void fail(String coverage, String importer, Map<String, String> reasons, Caller caller) {
    check(coverage, importer, reasons.size(), caller);
    again(
        () -> {
          files.fail(coverage, importer, reasons);
          return true;
        });
  }

  /** See {@link FileCatalog#adopt}. */
  public boolean adopt(
      String coverage, String importer, List<FileState.Found> found, Caller caller) {
    check(coverage, importer, 0, caller);
    return files.adopt(coverage, importer, found);
  }

  /** See {@link FileCatalog#touch}. */
  public void touch(String coverage, List<FileState.Found> found, Caller caller) {
    check(coverage, "", found.size(), caller);
    files.touch(coverage, found);
  }

  /** Databases refuse one of two who write the same row at once. */
  private static <T> T again(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return work.get();
      } catch (EJBException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        try {
          Thread.sleep(ThreadLocalRandom.current().nextLong(20L * attempt) + 1);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw e;
        }
      }
    }
  }

  private static Duration lease(long seconds) {
    if (seconds < 1 || seconds > LONGEST_LEASE_SECONDS) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "LEASE",
          "A lease lasts 1 to " + LONGEST_LEASE_SECONDS + " seconds, not " + seconds + ".");
    }
    return Duration.ofSeconds(seconds);
  }

  private static void check(String coverage, String importer, int count, Caller caller) {
    caller.require(Caller.Role.WRITER);
    TransactionService.checkId(coverage);
    if (importer.length() > 255) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "IMPORTER",
          "The name of an importer has at most 255 characters.");
    }
    if (count > MOST_FILES) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          "FILES",
          "A request names at most " + MOST_FILES + " files, this one " + count + ".");
    }
  }
}
