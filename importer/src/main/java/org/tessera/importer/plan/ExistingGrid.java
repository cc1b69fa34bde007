package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.tessera.importer.plan.PlanCrs.PlanAxis;

/**
 * The grid of the coverage that files are added to, as far as it is there already.
 *
 * @param axes by label, as written in its description: the first cell's centre and the step to the
 *     next; irregular axes are missing
 */
public record ExistingGrid(Map<String, String[]> axes) {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  /** Nothing is there. */
  public static final ExistingGrid NONE = new ExistingGrid(Map.of());

  public ExistingGrid {
    axes = Map.copyOf(axes);
  }

  /** The border before the first cell of a regular axis, if it runs the same way. */
  Optional<BigDecimal> border(PlanAxis axis, BigDecimal resolution) {
    String[] a = axes.get(axis.label());
    if (a == null) {
      return Optional.empty();
    }
    BigDecimal step = new BigDecimal(a[1]);
    if (step.signum() != resolution.signum()) {
      return Optional.empty();
    }
    return Optional.of(new BigDecimal(a[0]).subtract(step.divide(TWO)));
  }
}
