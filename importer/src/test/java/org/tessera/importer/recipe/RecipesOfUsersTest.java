package org.tessera.importer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.run.DescribedFiles;

/** The worked example in docs/examples/recipe, compiled, packed and loaded as a user would. */
class RecipesOfUsersTest {
  private static final String SERVICE =
      "META-INF/services/org.tessera.importer.recipe.ImportRecipe";

  @TempDir private Path folder;

  @BeforeEach
  void pack() throws IOException {
    Path example = Path.of("../docs/examples/recipe");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                example.resolve("DatedTiles.java").toString());
    assertEquals(0, status);
    Path jars = Files.createDirectories(folder.resolve("jars"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(jars.resolve("dated-tiles.jar")))) {
      add(jar, "example/DatedTiles.class", classes.resolve("example/DatedTiles.class"));
      add(jar, SERVICE, example.resolve(SERVICE));
    }
    for (String name : List.of("a_20200101.tif", "a_20200102.tif", "b_20200101.tif")) {
      Files.createFile(folder.resolve(name));
    }
  }

  private static void add(JarOutputStream jar, String name, Path file) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    Files.copy(file, jar);
    jar.closeEntry();
  }

  private List<Ingredients> read(String own) throws IOException {
    String json =
        """
        {"input":{"coverage_id":"tiles_${sensor}","paths":["*.tif"]},
         "recipe":{"name":"dated_tiles","options":{"tiling":"ALIGNED [0:0,0:9,0:9]"%s}}}
        """
            .formatted(own);
    Path file = Files.writeString(folder.resolve("i.json"), json);
    return Ingredients.readAll(
        file, DerivedRecipes.with(folder.resolve("jars")), new DescribedFiles());
  }

  @Test
  void each_sensor_becomes_a_coverage() throws IOException {
    List<Ingredients> all = read("");
    assertEquals(
        List.of("tiles_a", "tiles_b"), all.stream().map(i -> i.input().coverageId()).toList());
    assertEquals("time_series_irregular", all.getFirst().recipe());
    assertEquals(2, all.getFirst().input().paths().size());
    assertEquals("ALIGNED [0:0,0:9,0:9]", all.getFirst().options().tiling().orElseThrow());
  }

  @Test
  void keys_of_its_own_reach_it() throws IOException {
    List<Ingredients> all = read(",\"own\":{\"sensors\":[\"b\"]}");
    assertEquals(List.of("tiles_b"), all.stream().map(i -> i.input().coverageId()).toList());
  }

  @Test
  void what_it_refuses_is_told_with_the_ingredients() throws IOException {
    Files.createFile(folder.resolve("other.tif"));
    ImportException e = assertThrows(ImportException.class, () -> read(""));
    assertTrue(e.getMessage().contains("other.tif: the name is not like"), e.getMessage());
    assertTrue(e.getMessage().contains("i.json"), e.getMessage());
  }

  @Test
  void a_folder_without_recipes_is_told() {
    ImportException e =
        assertThrows(ImportException.class, () -> DerivedRecipes.with(folder.resolve("classes")));
    assertTrue(e.getMessage().contains("there is no jar"), e.getMessage());
  }
}
