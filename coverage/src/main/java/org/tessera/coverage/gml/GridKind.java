package org.tessera.coverage.gml;

import java.util.List;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;

/** Which grid of GMLCOV 1.0 a domain set is written as, and so the subtype of the coverage. */
public enum GridKind {
  /** All axes are index axes: {@code gml:Grid}. */
  GRID("GridCoverage"),
  /** Every axis is equidistant: {@code gml:RectifiedGrid}. */
  RECTIFIED("RectifiedGridCoverage"),
  /** Some axis is irregular: {@code gmlrgrid:ReferenceableGridByVectors}. */
  REFERENCEABLE("ReferenceableGridCoverage");

  private final String subtype;

  GridKind(String subtype) {
    this.subtype = subtype;
  }

  /**
   * The grid that a domain set is. A part of a referenceable grid stays one, also when its
   * irregular axes were sliced away.
   */
  public static GridKind of(DomainSet domain) {
    List<Axis> axes = domain.axes();
    if (domain.referenceable()) {
      return REFERENCEABLE;
    }
    return axes.stream().allMatch(a -> a instanceof Axis.IndexAxis) ? GRID : RECTIFIED;
  }

  /** Local name of the coverage element, as in {@code wcs:CoverageSubtype}. */
  public String subtype() {
    return subtype;
  }
}
