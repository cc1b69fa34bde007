package org.tessera.importer.plan;

import java.util.List;
import org.tessera.importer.ingredients.Ingredients;

/**
 * What a recipe plans with.
 *
 * @param ingredients the file
 * @param overview number of the overview to import, -1 for the full resolution
 * @param rowsByCoordinate whether rows are placed by the coordinates in the file even where the
 *     ingredients give a resolution as a plain number that says otherwise
 * @param crsAxes axes of CRSs
 * @param notes to which the recipe adds what the user should know
 */
record PlanContext(
    Ingredients ingredients,
    int overview,
    boolean rowsByCoordinate,
    CrsAxes crsAxes,
    List<String> notes) {
  void note(String note) {
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }
}
