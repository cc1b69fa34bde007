package org.tessera.coverage.expr;

import java.util.Optional;
import org.tessera.coverage.model.Coverage;
import org.tessera.engine.array.ArraySource;

/** Where the compiler finds stored coverages by name: the catalogue, or a map in tests. */
@FunctionalInterface
public interface CoverageSource {
  /**
   * The current version of a coverage with its cells, pinned; empty if there is none of that id.
   */
  Optional<Stored> find(String id);

  /**
   * A coverage and its cells; {@code cells.type()} equals {@code coverage.arrayType()} up to the
   * tiles that are missing.
   */
  record Stored(Coverage coverage, ArraySource cells) {}
}
