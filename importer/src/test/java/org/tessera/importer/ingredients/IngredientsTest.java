package org.tessera.importer.ingredients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.importer.problem.ImportException;

class IngredientsTest {
  @TempDir private Path folder;

  private Ingredients read(String json) throws IOException {
    return Ingredients.read(Files.writeString(folder.resolve("i.json"), json));
  }

  private String problem(String json) {
    return assertThrows(ImportException.class, () -> read(json)).getMessage();
  }

  @Test
  void comments_and_a_comma_too_many_do_no_harm() throws IOException {
    Ingredients i =
        read(
            """
            { // one
              "config": {"default_null_values": [0, "20:30", "40, 50, 60"]}, # two
              "input": {"coverage_id": "c", "paths": "a.tif"},
              "recipe": {"name": "map_mosaic", "options": {"scale_levels": [2, 1.5],}},
            }
            """);
    assertEquals(List.of("0", "20:30", "40", "50", "60"), i.config().defaultNulls());
    assertEquals(List.of("a.tif"), i.input().paths());
    assertEquals("c_1_5", i.options().levels().get(1).coverage());
  }

  @Test
  void an_unknown_key_is_named_with_the_likely_one() {
    String text =
        problem(
            """
            {"config": {}, "input": {"coverage_id": "c", "paths": []},
             "recipe": {"name": "general_coverage", "options": {"coverage": {"crs": "EPSG/0/4326",
               "slicer": {"type": "gdal", "axes": {"Lat": {"min": 0, "DATABOUND": false}}}}}}}
            """);
    assertTrue(
        text.endsWith(
            "unknown key 'recipe.options.coverage.slicer.axes.Lat.DATABOUND', did you mean 'dataBound'?"),
        text);
  }

  @Test
  void misspelt_keys_are_told_wherever_they_stand() {
    String text =
        """
        {"config": {%s}, "input": {"coverage_id": "c", "paths": [] %s},
         "recipe": {"name": "general_coverage", "options": {%s "coverage": {"crs": "EPSG/0/4326",
           "slicer": {"type": "gdal", "axes": {"Lat": {"min": 0 %s}}}}}}}
        """;
    String[][] cases = {
      {
        "\"servcie_url\": 1",
        "",
        "",
        "",
        "unknown key 'config.servcie_url'. Did you mean 'service_url'?"
      },
      {"", ", \"inspire\": {\"metadata\": 1}", "", "", "did you mean 'metadata_url'?"},
      {"", ", \"inspire\": {\"url\": 1}", "", "", "known here: metadata_url"},
      {"", "", "\"improt_order\": 1,", "", "Did you mean 'import_order'?"},
      {"", "", "", ", \"reslution\": 1", "Did you mean 'resolution'?"},
      {
        "\"retry_sleep\": \"soon\"",
        "",
        "",
        "",
        "'config.retry_sleep' must be a number of at least 0"
      },
      {"\"retries\": -1", "", "", "", "'config.retries' must be a whole number of at least 0"},
      {"\"description_max_no_slices\": -1", "", "", "", "must be a whole number of at least 0"},
      {"", "", "", ", \"sliceGroupSize\": 0", ".sliceGroupSize' must be at least 1"},
    };
    for (String[] c : cases) {
      String message = problem(text.formatted(c[0], c[1], c[2], c[3]));
      assertTrue(message.contains(c[4]), message);
    }
  }

  @Test
  void an_id_with_a_minus_is_refused() {
    assertTrue(
        problem(
                """
                {"input": {"coverage_id": "test_mr-1", "paths": []}, "recipe": {"name": "map_mosaic"}}
                """)
            .contains("'input.coverage_id' is 'test_mr-1'"));
  }

  @Test
  void broken_json_is_placed_by_line_and_column() {
    assertTrue(problem("{\n  \"config\": {\n}\n").contains("i.json: line 4"), problem("{\n\n"));
  }

  @Test
  void statements_may_only_import_what_expressions_have_anyway() {
    String json =
        """
        {"input": {"coverage_id": "c", "paths": []}, "recipe": {"name": "general_coverage",
         "options": {"coverage": {"crs": "EPSG/0/4326", "slicer": {"type": "gdal", "axes":
           {"Lat": {"min": 0, "statements": "%s"}}}}}}}
        """;
    assertTrue(problem(json.formatted("import os")).contains("ingredients cannot run code"));
  }
}
