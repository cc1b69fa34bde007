package org.tessera.importer.plan;

import java.util.List;
import java.util.Set;
import org.tessera.importer.plan.PlanCrs.Kind;
import org.tessera.importer.plan.PlanCrs.PlanAxis;

/** Axes of EPSG systems in the order of the authority. */
final class EpsgAxes {
  /** Projected systems whose first axis runs north, called X and Y by the authority. */
  private static final Set<Integer> NORTH_FIRST_XY = Set.of(31466, 31467, 31468, 31469, 3034, 3035);

  private static final Set<Integer> XY = Set.of(3857, 3826, 3825, 2154, 3031, 3413, 3995, 54009);

  private EpsgAxes() {}

  static List<PlanAxis> of(int code, String uri) {
    if (isGeographic(code)) {
      return List.of(
          new PlanAxis("Lat", "degree", uri, Kind.Y), new PlanAxis("Long", "degree", uri, Kind.X));
    }
    if (NORTH_FIRST_XY.contains(code)) {
      String first = code == 3034 || code == 3035 ? "N" : "X";
      String second = code == 3034 || code == 3035 ? "E" : "Y";
      return List.of(
          new PlanAxis(first, "metre", uri, Kind.Y), new PlanAxis(second, "metre", uri, Kind.X));
    }
    boolean xy = XY.contains(code);
    return List.of(
        new PlanAxis(xy ? "X" : "E", "metre", uri, Kind.X),
        new PlanAxis(xy ? "Y" : "N", "metre", uri, Kind.Y));
  }

  /** The two-dimensional geographic systems lie in these ranges of codes. */
  private static boolean isGeographic(int code) {
    return (code >= 4001 && code <= 4999 && code != 4087 && code != 4088)
        || (code >= 6311 && code <= 6325)
        || Set.of(6706, 7844, 8042, 9000, 9057, 9755).contains(code);
  }
}
