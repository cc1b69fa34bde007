package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.importer.plan.PlanCrs.Kind;
import org.tessera.importer.plan.PlanCrs.PlanAxis;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.RasterFile;

/** The two axes of an image as its georeference gives them, for the recipes that need no slicer. */
final class RasterAxes {
  static final String X = "x";
  static final String Y = "y";

  private RasterAxes() {}

  /** The CRS of an image: its EPSG code, else the default CRS of the ingredients. */
  static PlanCrs crs(RasterFile raster, PlanContext context) {
    checkGrid(raster);
    Optional<String> defaultCrs = context.ingredients().config().defaultCrs();
    context.crsAxes().learn(raster);
    if (raster.epsg().isPresent()) {
      return PlanCrs.parse("EPSG/0/" + raster.epsg().get(), context.crsAxes());
    }
    if (defaultCrs.isPresent()) {
      return PlanCrs.parse(defaultCrs.get(), context.crsAxes());
    }
    throw new ImportException(
        raster.hasCrs()
            ? "the CRS of the file has no EPSG code; give one in 'config.default_crs'"
            : "the file has no CRS; give one in 'config.default_crs'");
  }

  /** Refuses images that have coordinates, but no grid in them. */
  static void checkGrid(RasterFile raster) {
    if (raster.transform().isEmpty() && raster.groundControlPoints() > 0) {
      throw new ImportException(
          "the image has "
              + raster.groundControlPoints()
              + " ground control points in place of a grid; 'recipe.options.regrid' {\"crs\":"
              + " \"EPSG/0/4326\"} puts it on one");
    }
  }

  /** The axes in CRS order. Of an index CRS the first is x. */
  static List<PlannedAxis> of(PlanCrs crs, RasterFile raster) {
    if (raster.transform(2).signum() != 0 || raster.transform(4).signum() != 0) {
      throw new ImportException(
          "the image is rotated against its CRS; 'recipe.options.regrid' {\"crs\": \"EPSG/0/n\"}"
              + " straightens it");
    }
    List<PlannedAxis> out = new ArrayList<>();
    for (PlanAxis axis : crs.axes()) {
      boolean x =
          axis.kind() == Kind.X
              || (axis.kind() == Kind.INDEX && axis.equals(crs.axes().getFirst()));
      out.add(x ? horizontal(axis, raster) : vertical(axis, raster));
    }
    if (out.size() != 2) {
      throw new ImportException(
          "an image needs a CRS of 2 axes, but '" + crs.uri() + "' has " + out.size());
    }
    return out;
  }

  /** X before Y, the order in which clients of wcst_import's servers see images. */
  static List<PlannedAxis> gridOrder(List<PlannedAxis> axes) {
    List<PlannedAxis> out = new ArrayList<>();
    axes.stream().filter(a -> a.dimension().isEmpty()).forEach(out::add);
    axes.stream().filter(a -> a.dimension().equals(Optional.of(X))).forEach(out::add);
    axes.stream().filter(a -> a.dimension().equals(Optional.of(Y))).forEach(out::add);
    return out;
  }

  private static PlannedAxis horizontal(PlanAxis axis, RasterFile r) {
    BigDecimal step = r.transform(1);
    return PlannedAxis.regular(axis, r.minX(), r.maxX(), step, r.width(), Optional.of(X), false);
  }

  private static PlannedAxis vertical(PlanAxis axis, RasterFile r) {
    BigDecimal step = r.transform(5);
    // North comes first in a grid, whatever the file does.
    boolean south = step.signum() > 0 && r.transform().isPresent();
    return PlannedAxis.regular(
        axis, r.minY(), r.maxY(), step.abs().negate(), r.height(), Optional.of(Y), south);
  }
}
