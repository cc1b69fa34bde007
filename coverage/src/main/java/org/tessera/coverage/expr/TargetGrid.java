package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.Reprojection;

/**
 * The grid that a grid gets in another CRS when nothing else is said, as users know it of GDAL (the
 * documentation of {@code GDALSuggestedWarpOutput2}): the box around its edges, each looked at in
 * 21 points at least; square cells, as many along the diagonal as before.
 *
 * <p>Where points of the edges have no image, or come back elsewhere, points all over the grid
 * count. What lies outside of where the other CRS is defined is then left out, so that the poles
 * are not at infinity.
 *
 * @param lowX border (not point) in the target CRS
 */
record TargetGrid(double lowX, double lowY, double highX, double highY, double cell) {
  /** What lies farther away, in the unit of the target CRS, is at infinity but for rounding. */
  private static final double FARTHEST = 1e9;

  /** A box in the source CRS, and how many cells it has. */
  private record Box(double lowX, double lowY, double highX, double highY, double nx, double ny) {
    Optional<Box> within(double west, double south, double east, double north) {
      double x0 = Math.max(lowX, west);
      double y0 = Math.max(lowY, south);
      double x1 = Math.min(highX, east);
      double y1 = Math.min(highY, north);
      return x0 < x1 && y0 < y1
          ? Optional.of(
              new Box(
                  x0, y0, x1, y1, nx * (x1 - x0) / (highX - lowX), ny * (y1 - y0) / (highY - lowY)))
          : Optional.empty();
    }
  }

  /**
   * A grid in another CRS.
   *
   * @param nx cells of the source along X
   * @throws OwsException {@code InvalidSubsetting} if no part of the box has an image
   */
  static TargetGrid suggested(
      CrsResolver crs,
      Crs from,
      Crs to,
      double lowX,
      double lowY,
      double highX,
      double highY,
      long nx,
      long ny) {
    if (from.path().equals(to.path())) {
      double cell = Math.hypot(highX - lowX, highY - lowY) / Math.hypot((double) nx, (double) ny);
      return new TargetGrid(lowX, lowY, highX, highY, cell);
    }
    Box all = new Box(lowX, lowY, highX, highY, nx, ny);
    boolean degrees =
        from.kind() == Crs.Kind.GEOGRAPHIC && from.axes().getFirst().uom().startsWith("deg");
    // Cells around the poles reach beyond them.
    Box whole = degrees ? all.within(lowX, -90, highX, 90).orElse(all) : all;
    boolean around = from.kind() == Crs.Kind.GEOGRAPHIC && to.kind() != Crs.Kind.GEOGRAPHIC;
    Images images = new Images(crs, from, to);
    for (Box b : around ? halves(whole) : List.of(whole)) {
      images.add(b);
    }
    return images.grid(whole);
  }

  /** A box of longitudes and latitudes as boxes between 180 degrees west and east. */
  private static List<Box> halves(Box b) {
    double width = b.highX - b.lowX;
    if (b.lowX >= -180 && b.highX <= 180) {
      return List.of(b);
    }
    double turns = Math.floor((b.lowX + 180) / 360) * 360;
    double west = b.lowX - turns;
    double east = west + width;
    if (east <= 180) {
      return List.of(new Box(west, b.lowY, east, b.highY, b.nx, b.ny));
    }
    double part = (180 - west) / width;
    return List.of(
        new Box(west, b.lowY, 180, b.highY, b.nx * part, b.ny),
        new Box(-180, b.lowY, Math.min(180, east - 360), b.highY, b.nx * (1 - part), b.ny));
  }

  /** The images of boxes, gathered. */
  private static final class Images {
    private final CrsResolver crs;
    private final Crs from;
    private final Crs to;
    private final Reprojection there;
    private final Reprojection back;
    private final int fromX;
    private final int toX;
    private final double[] least = {Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY};
    private final double[] most = {Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
    private final double[] diagonal = new double[2];
    private double nx;
    private double ny;

    Images(CrsResolver crs, Crs from, Crs to) {
      this.crs = crs;
      this.from = from;
      this.to = to;
      this.there = crs.reprojection(from, to);
      this.back = crs.reprojection(to, from);
      this.fromX = Subsetting.placeOfX(from);
      this.toX = Subsetting.placeOfX(to);
    }

    void add(Box b) {
      int steps = Math.clamp(Math.round(Math.min(b.nx, b.ny) / 50), 20, 100);
      List<double[]> edges = new ArrayList<>();
      for (int i = 0; i <= steps; i++) {
        double part = (double) i / steps;
        edges.add(new double[] {part, 0});
        edges.add(new double[] {part, 1});
        edges.add(new double[] {0, part});
        edges.add(new double[] {1, part});
      }
      double[] image = image(b, edges);
      Back back = back(b, edges, image, steps);
      if (back == Back.SAME) {
        take(b, image);
        return;
      }
      Optional<Box> part = back == Back.LOST ? valid(b) : Optional.of(b);
      List<double[]> all = new ArrayList<>();
      for (int i = 0; i <= steps; i++) {
        for (int j = 0; j <= steps; j++) {
          all.add(new double[] {(double) j / steps, (double) i / steps});
        }
      }
      part.ifPresent(p -> take(p, image(p, all)));
    }

    /** Points of a box, by the part of its width and of its height, in the target CRS. */
    private double[] image(Box b, List<double[]> parts) {
      double[] points = new double[2 * parts.size()];
      for (int i = 0; i < parts.size(); i++) {
        points[2 * i + fromX] = b.lowX + parts.get(i)[0] * (b.highX - b.lowX);
        points[2 * i + 1 - fromX] = b.highY - parts.get(i)[1] * (b.highY - b.lowY);
      }
      there.transform(points);
      for (int i = 0; i < points.length; i++) {
        points[i] = Math.abs(points[i]) <= FARTHEST ? points[i] : Double.NaN;
      }
      return points;
    }

    /** Where points come back to from the target CRS. */
    private enum Back {
      /** To where they were. */
      SAME,
      /** Some a turn away, or at a pole, which has all longitudes. */
      TURNED,
      /** Some elsewhere, or nowhere. */
      LOST
    }

    private Back back(Box b, List<double[]> parts, double[] image, int steps) {
      double[] again = image.clone();
      back.transform(again);
      boolean degrees = from.kind() == Crs.Kind.GEOGRAPHIC;
      double farX = (b.highX - b.lowX) / steps;
      double farY = (b.highY - b.lowY) / steps;
      Back worst = Back.SAME;
      for (int i = 0; i < parts.size(); i++) {
        double y = b.highY - parts.get(i)[1] * (b.highY - b.lowY);
        double awayX = again[2 * i + fromX] - (b.lowX + parts.get(i)[0] * (b.highX - b.lowX));
        if (!(Math.abs(again[2 * i + 1 - fromX] - y) <= farY) || Double.isNaN(awayX)) {
          return Back.LOST;
        }
        if (Math.abs(awayX) > farX) {
          boolean turned =
              Math.abs(awayX - 360 * Math.rint(awayX / 360)) <= farX || Math.abs(y) == 90;
          if (!degrees || !turned) {
            return Back.LOST;
          }
          worst = Back.TURNED;
        }
      }
      return worst;
    }

    /** The part of a box of longitudes and latitudes where the target CRS is defined. */
    private Optional<Box> valid(Box b) {
      Optional<double[]> validity = crs.validity(to);
      if (from.kind() != Crs.Kind.GEOGRAPHIC || validity.isEmpty()) {
        return Optional.of(b);
      }
      double[] v = validity.get();
      double east = v[2] < v[0] ? v[2] + 360 : v[2];
      return b.within(v[0], v[1], east, v[3])
          .or(() -> b.within(v[0] - 360, v[1], east - 360, v[3]));
    }

    private void take(Box b, double[] image) {
      for (int i = 0; i < image.length; i += 2) {
        if (Double.isFinite(image[i]) && Double.isFinite(image[i + 1])) {
          for (int axis = 0; axis < 2; axis++) {
            double p = image[i + (axis == 0 ? toX : 1 - toX)];
            least[axis] = Math.min(least[axis], p);
            most[axis] = Math.max(most[axis], p);
          }
        }
      }
      double[] corners = image(b, List.of(new double[] {0, 0}, new double[] {1, 1}));
      diagonal[0] += Math.abs(corners[2 + toX] - corners[toX]);
      diagonal[1] = Math.max(diagonal[1], Math.abs(corners[3 - toX] - corners[1 - toX]));
      nx += b.nx;
      ny = Math.max(ny, b.ny);
    }

    TargetGrid grid(Box whole) {
      if (!(least[0] < most[0]) || !(least[1] < most[1])) {
        throw new OwsException(
            OwsErrorCode.INVALID_SUBSETTING,
            "crsTransform",
            "No part of the coverage, %s to %s by %s to %s in %s, has an image in %s."
                .formatted(
                    whole.lowX, whole.highX, whole.lowY, whole.highY, from.path(), to.path()));
      }
      boolean known = diagonal[0] > 0 && diagonal[1] > 0;
      double length =
          known
              ? Math.hypot(diagonal[0], diagonal[1])
              : Math.hypot(most[0] - least[0], most[1] - least[1]);
      return new TargetGrid(least[0], least[1], most[0], most[1], length / Math.hypot(nx, ny));
    }
  }
}
