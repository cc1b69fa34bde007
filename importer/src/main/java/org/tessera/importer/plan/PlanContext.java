package org.tessera.importer.plan;

import java.util.List;
import org.tessera.importer.ingredients.Ingredients;

/**
 * What a recipe plans with.
 *
 * @param ingredients the file
 * @param overview number of the overview to import, -1 for the full resolution
 * @param rows where cells go whose order in the file is not that of the axis
 * @param crsAxes axes of CRSs
 * @param notes to which the recipe adds what the user should know
 */
record PlanContext(
    Ingredients ingredients, int overview, RowOrder rows, CrsAxes crsAxes, List<String> notes) {
  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }
}
