package org.tessera.importer.plan;

import java.util.List;
import org.tessera.coverage.NearNames;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.SourceFiles;

/** All recipes there are; a new one is a row here. */
public final class Recipes {
  private static final List<Recipe> ALL =
      List.of(new MapMosaic(), new TimeSeries(true), new TimeSeries(false), new GeneralCoverage());

  private Recipes() {}

  /** The id of the coverage that a plan is for: overviews have their number at the end. */
  public static String coverageId(Ingredients ingredients, int overview) {
    return ingredients.input().coverageId() + (overview < 0 ? "" : "_" + overview);
  }

  /**
   * Plans an import.
   *
   * @param files in the order of the ingredients
   * @param overview number of the overview to import, -1 for the full resolution
   * @param rows where cells go whose order in the file is not that of the axis
   * @param existing the grid of the coverage that is added to
   * @return without slices if no file can be imported, and such ones are to be left out
   * @throws FileException if it cannot be done because of a file
   * @throws ImportException if it cannot be done as asked
   */
  public static ImportPlan plan(
      Ingredients ingredients,
      List<InputFile> files,
      SourceFiles source,
      int overview,
      RowOrder rows,
      ExistingGrid existing) {
    Recipe recipe =
        ALL.stream()
            .filter(r -> r.name().equals(ingredients.recipe()))
            .findFirst()
            .orElseThrow(
                () ->
                    new ImportException(
                        "'recipe.name' is '"
                            + ingredients.recipe()
                            + "'; known are "
                            + String.join(", ", ALL.stream().map(Recipe::name).toList())
                            + ", wcs_extract, virtual_coverage, sentinel1, sentinel2 and recipes of"
                            + " your own (--recipes)."
                            + NearNames.hint(
                                ingredients.recipe(),
                                List.of(
                                    "map_mosaic",
                                    "time_series_regular",
                                    "time_series_irregular",
                                    "general_coverage",
                                    "wcs_extract",
                                    "virtual_coverage",
                                    "sentinel1",
                                    "sentinel2"))));
    return new Planning(ingredients, recipe, source, overview, rows, existing).plan(files);
  }
}
