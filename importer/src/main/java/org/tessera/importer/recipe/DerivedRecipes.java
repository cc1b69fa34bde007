package org.tessera.importer.recipe;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.tessera.importer.problem.ImportException;

/** The derived recipes of the product and those of users. */
public final class DerivedRecipes {
  private final List<ImportRecipe> all;

  private DerivedRecipes(List<ImportRecipe> all) {
    this.all = List.copyOf(all);
  }

  /** Those of the product, and of users on the class path. */
  public static DerivedRecipes standard() {
    return load(List.of(), ImportRecipe.class.getClassLoader());
  }

  /**
   * Also those in the jars of a folder, or in one jar.
   *
   * @throws ImportException if it cannot be read or one of them cannot be loaded
   */
  public static DerivedRecipes with(Path folder) {
    if (!Files.exists(folder)) {
      throw new ImportException("--recipes " + folder + ": there is no such folder or jar");
    }
    try {
      List<URL> jars = new ArrayList<>();
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path p : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
            jars.add(url(p));
          }
        }
      } else {
        jars.add(url(folder));
      }
      if (jars.isEmpty()) {
        throw new ImportException("--recipes " + folder + ": there is no jar");
      }
      return load(jars, ImportRecipe.class.getClassLoader());
    } catch (IOException e) {
      throw new ImportException("--recipes " + folder + ": " + e.getMessage(), e);
    }
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }

  private static DerivedRecipes load(List<URL> jars, ClassLoader parent) {
    // Open as long as the process: classes are loaded from it when they are first needed.
    @SuppressWarnings("resource")
    ClassLoader loader =
        jars.isEmpty() ? parent : new URLClassLoader(jars.toArray(URL[]::new), parent);
    List<ImportRecipe> found = new ArrayList<>(List.of(new Sentinel1(), new Sentinel2()));
    try {
      ServiceLoader.load(ImportRecipe.class, loader).forEach(found::add);
    } catch (ServiceConfigurationError e) {
      throw new ImportException("a recipe cannot be loaded: " + e.getMessage(), e);
    }
    return new DerivedRecipes(found);
  }

  /** The recipe of a name; empty for standard recipes and unknown ones. */
  public Optional<ImportRecipe> find(String name) {
    return all.stream().filter(r -> r.name().equals(name)).findFirst();
  }

  /** For messages. */
  public List<String> names() {
    return all.stream().map(ImportRecipe::name).toList();
  }
}
