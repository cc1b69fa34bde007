package org.tessera.importer.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A recipe of one's own. It looks at the files and writes, instead of the ingredients that name it,
 * those of the standard recipes ({@code general_coverage}, {@code map_mosaic}, {@code
 * time_series_*}), one for each coverage. Everything else (checks, resume, mock, retries, progress)
 * is then as for these.
 *
 * <p>To add one: implement this interface, name the class in {@code
 * META-INF/services/org.tessera.importer.recipe.ImportRecipe}, and put the jar into a folder that
 * {@code tessera import --recipes FOLDER} (or TESSERA_IMPORT_RECIPES) names. A whole example with
 * its test: {@code docs/examples/recipe}. A recipe's own keys go below {@code recipe.options.own},
 * which the importer leaves alone.
 */
public interface ImportRecipe {
  /** As in {@code recipe.name}; unlike the names of all other recipes. */
  String name();

  /**
   * The ingredients to run instead, in this order.
   *
   * @param given the ingredients file; a copy, which may be changed and given back
   * @param files what {@code input.paths} matches
   * @return at least one, each with a {@code coverage_id} of its own and the name of a standard
   *     recipe
   * @throws org.tessera.importer.problem.ImportException if a key or a file is wrong, naming it
   */
  List<ObjectNode> ingredients(ObjectNode given, RecipeFiles files);
}
