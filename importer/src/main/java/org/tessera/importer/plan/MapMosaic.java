package org.tessera.importer.plan;

import java.util.List;

/** Images side by side. */
final class MapMosaic implements Recipe {
  @Override
  public String name() {
    return "map_mosaic";
  }

  @Override
  public FilePlanner planner(PlanContext context) {
    return (file, variables) -> {
      PlanCrs crs = RasterAxes.crs(variables.raster(), context);
      List<PlannedAxis> axes = RasterAxes.of(crs, variables.raster());
      Fields.Chosen chosen =
          Fields.ofRaster(
              variables.raster(),
              context.ingredients().options().bandNames(),
              context.ingredients().config().defaultNulls());
      return List.of(
          Overviews.apply(
              new PlannedSlice(
                  file,
                  variables,
                  crs,
                  axes,
                  RasterAxes.gridOrder(axes),
                  org.tessera.coverage.request.SourceLayout.Reader.RASTER,
                  context.overview(),
                  chosen.bands(),
                  chosen.fields())));
    };
  }
}
