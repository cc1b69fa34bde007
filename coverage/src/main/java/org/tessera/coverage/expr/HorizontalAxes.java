package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.List;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;

/** The two axes of a domain set that lie on the ground. */
public final class HorizontalAxes {
  private HorizontalAxes() {}

  /** Whether X is the first (0) or the second (1) axis of a horizontal CRS. */
  public static int placeOfX(Crs crs) {
    return Subsetting.placeOfX(crs);
  }

  /**
   * A domain set with other horizontal axes in the places of the old ones; the CRS and the order of
   * its axes change with them.
   *
   * @param x place of the old X axis in array order
   * @param y place of the old Y axis in array order
   * @param to the CRS of the new ones
   */
  public static DomainSet replace(DomainSet old, int x, int y, Crs to, Axis newX, Axis newY) {
    Axis oldX = old.axes().get(x);
    Axis oldY = old.axes().get(y);
    List<Axis> axes = new ArrayList<>(old.axes());
    axes.set(y, newY);
    axes.set(x, newX);
    if (oldX.crs().equals(newX.crs())
        && oldX.label().equals(newX.label())
        && oldY.label().equals(newY.label())) {
      return new DomainSet(old.crs(), axes, old.crsOrder());
    }
    List<String> crsOrder = new ArrayList<>();
    List<String> components = new ArrayList<>();
    for (Axis a : old.crsAxes()) {
      boolean horizontal = a == oldX || a == oldY;
      String crs = horizontal ? newX.crs() : a.crs();
      if (!components.contains(crs)) {
        components.add(crs);
        if (horizontal) {
          boolean xFirst = placeOfX(to) == 0;
          crsOrder.add(xFirst ? newX.label() : newY.label());
          crsOrder.add(xFirst ? newY.label() : newX.label());
        }
      }
      if (!horizontal) {
        crsOrder.add(a.label());
      }
    }
    return new DomainSet(Domains.compound(components), axes, crsOrder);
  }
}
