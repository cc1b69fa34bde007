package org.tessera.coverage.expr;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.tessera.coverage.model.AxisScale;
import org.tessera.coverage.model.Coverage;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArraySource;

/** Where the compiler finds stored coverages by name: the catalogue, or a map in tests. */
@FunctionalInterface
public interface CoverageSource {
  /**
   * The current version of a coverage with its cells, pinned; empty if there is none of that id.
   */
  Optional<Stored> find(String id);

  /** The ids of all coverages, to say which one was meant by a name that does not exist. */
  default List<String> ids() {
    return List.of();
  }

  /**
   * A coverage and its cells; {@code cells.type()} equals {@code coverage.arrayType()} up to the
   * tiles that are missing.
   *
   * @param levels of its pyramid, looked up when something is scaled
   */
  record Stored(Coverage coverage, ArraySource cells, Supplier<List<Level>> levels) {
    /** A coverage without a pyramid. */
    public Stored(Coverage coverage, ArraySource cells) {
      this(coverage, cells, List::of);
    }
  }

  /**
   * Cells of a coverage at lower resolution.
   *
   * @param scales per axis, in the coverage's array order
   * @param resampling how they were computed from the coverage; empty if they were not
   */
  record Level(
      ArraySource cells, List<AxisScale> scales, Optional<ArrayExpr.Interpolation> resampling) {
    public Level {
      scales = List.copyOf(scales);
    }
  }
}
