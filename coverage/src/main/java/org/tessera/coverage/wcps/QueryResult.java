package org.tessera.coverage.wcps;

import org.tessera.coverage.format.CoverageFormat;

/** One result of a query, ready to be written; what the user can have done wrong is behind it. */
public sealed interface QueryResult {
  /** Such as {@code text/plain} or {@code image/png}. */
  String mediaType();

  /** A value, a description, or nothing where the condition of the query does not hold. */
  record Text(String mediaType, String text) implements QueryResult {}

  /**
   * An encoded coverage.
   *
   * @param name file name with extension
   */
  record Encoding(String mediaType, String name, CoverageFormat.Encoder encoder)
      implements QueryResult {}
}
