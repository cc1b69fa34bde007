package org.tessera.ejb.catalog;

import java.util.List;
import java.util.Optional;
import org.tessera.coverage.model.Coverage;

/**
 * A coverage of lower resolution that may stand in for another one.
 *
 * @param entry the member as it stands
 * @param derived how its cells were computed from the other coverage; empty if they were not
 */
public record PyramidMember(CatalogEntry entry, Optional<Derived> derived) {
  /**
   * How a member is computed.
   *
   * @param resampling short name of a method: near, average, mode, min, max, cubic, ...
   * @param factors how many cells become one, per axis in the coverage's array order; at least 1
   */
  public record Derived(String resampling, List<Double> factors) {
    public Derived {
      factors = List.copyOf(factors);
    }
  }

  public Coverage coverage() {
    return entry.coverage();
  }
}
