package org.tessera.importer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.coverage.model.Axis;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.run.DescribedFiles;

/** Images that do not lie on one grid. */
class MosaicTest {
  @TempDir private Path folder;

  private ImportPlan plan(DescribedFiles files, ExistingGrid existing) throws IOException {
    Path json =
        Files.writeString(
            folder.resolve("i.json"),
            "{\"input\":{\"coverage_id\":\"c\",\"paths\":[\"*\"]},\"recipe\":{\"name\":\"map_mosaic\"}}");
    List<InputFile> all =
        List.of(
            new InputFile(folder.resolve("a.tif").toString(), folder.resolve("a.tif"), 0),
            new InputFile(folder.resolve("b.tif").toString(), folder.resolve("b.tif"), 1));
    return Recipes.plan(Ingredients.read(json), all, files, -1, RowOrder.INGREDIENTS, existing);
  }

  private static void bounds(Slice slice, String label, String lower, String upper) {
    Axis axis = slice.domain().axis(label).orElseThrow();
    assertEquals(0, new BigDecimal(lower).compareTo(axis.lower()), axis.toString());
    assertEquals(0, new BigDecimal(upper).compareTo(axis.upper()), axis.toString());
  }

  @Test
  void the_grid_begins_where_the_westernmost_and_northernmost_files_do() throws IOException {
    // b begins 0.3 (0.6 cells) east of a's cell and 0.2 (0.4 cells) north of it.
    DescribedFiles files =
        new DescribedFiles()
            .image("a.tif", 10, 50, 0.5, 4, 2)
            .image("b.tif", 11.3, 50.2, 0.5, 4, 2);
    ImportPlan plan = plan(files, ExistingGrid.NONE);
    bounds(plan.slices().get(0), "Long", "10", "12");
    bounds(plan.slices().get(0), "Lat", "49.2", "50.2");
    bounds(plan.slices().get(1), "Long", "11.5", "13.5");
    bounds(plan.slices().get(1), "Lat", "49.2", "50.2");
    assertTrue(plan.notes().toString().contains("axis Long: not all files lie on one grid"));
  }

  @Test
  void files_that_are_added_lie_on_the_grid_that_is_there() throws IOException {
    DescribedFiles files =
        new DescribedFiles().image("a.tif", 10, 50, 0.5, 4, 2).image("b.tif", 12, 50, 0.5, 4, 2);
    // Centre of the first cell and step, as the server describes them: borders at 0.1 + n / 2.
    ExistingGrid there =
        new ExistingGrid(
            Map.of("Long", new String[] {"0.35", "0.5"}, "Lat", new String[] {"50.25", "-0.5"}));
    ImportPlan plan = plan(files, there);
    bounds(plan.slices().get(0), "Long", "10.1", "12.1");
    bounds(plan.slices().get(1), "Long", "12.1", "14.1");
    bounds(plan.slices().get(0), "Lat", "49", "50");
  }
}
