package org.tessera.ejb.catalog;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one version of a coverage.
 *
 * @param number from 1; each change gives the next one
 * @param name given by an administrator
 * @param made when it became the current version
 * @param replaced when the next one took its place; empty for the current one
 * @param change how it came to be, such as UpdateCoverage
 * @param arrayVersion key of its cells
 */
public record CoverageVersion(
    long number,
    Optional<String> name,
    Instant made,
    Optional<Instant> replaced,
    Change change,
    String arrayVersion) {
  /**
   * What made a version.
   *
   * @param cause the operation
   * @param by who asked for it
   */
  public record Change(String cause, String by) {
    public Change {
      cause = cut(cause);
      by = cut(by);
    }

    private static String cut(String text) {
      return text.substring(0, Math.min(text.length(), 255));
    }
  }
}
