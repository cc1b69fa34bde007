package org.tessera.importer.plan;

/** A way to turn files into a coverage. One row in {@link Recipes} makes it known. */
interface Recipe {
  /** As in {@code recipe.name}. */
  String name();

  /** What the files of a group need: its CRS, axes and bands are decided by its first file. */
  FilePlanner planner(PlanContext context);

  /** Plans single files, in the order they were given. */
  interface FilePlanner {
    /**
     * The slices of a file.
     *
     * @throws org.tessera.importer.problem.ImportException if the file does not fit, naming file
     *     and axis
     */
    java.util.List<PlannedSlice> slices(InputFile file, FileVariables variables);
  }
}
