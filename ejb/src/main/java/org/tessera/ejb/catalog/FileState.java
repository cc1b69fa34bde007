package org.tessera.ejb.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * What has become of a file that was, or is to be, imported into a coverage.
 *
 * @param path as the importer names it
 * @param reason why it failed, else empty
 * @param content what the file was when it was looked at
 * @param importer who imported it last, or tries to; empty for files that are pending
 * @param lease of a staged file, until when it is its importer's; empty for others
 * @param changed since when it has this state
 * @param version of a committed file, the version of the coverage that brought it; empty for others
 */
public record FileState(
    String path,
    State state,
    String reason,
    Content content,
    String importer,
    Optional<Instant> lease,
    Instant changed,
    Optional<Long> version) {

  /** As an importer sees them. */
  public enum State {
    /** Not in the coverage: the version that brought it was rolled back. */
    PENDING,
    /** An importer has claimed it and sends it. */
    STAGED,
    /** All its cells are in the coverage. */
    COMMITTED,
    /** Its importer, or this server, could not read it. */
    FAILED
  }

  /**
   * By what a changed file is told.
   *
   * @param bytes its length, -1 if it is no file of the importer's machine
   * @param modified milliseconds since 1970
   * @param checksum empty if unknown
   */
  public record Content(long bytes, long modified, String checksum) {
    /** Whether it is the same as far as that can be told. */
    boolean same(Content other) {
      boolean unknown = checksum.isEmpty() || other.checksum.isEmpty();
      return unknown
          ? bytes == other.bytes && modified == other.modified
          : checksum.equals(other.checksum);
    }
  }

  /** A file by its path, as an importer finds it. */
  public record Found(String path, Content content) {}
}
