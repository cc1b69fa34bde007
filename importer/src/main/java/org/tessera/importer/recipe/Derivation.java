package org.tessera.importer.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tessera.importer.problem.ImportException;

/** What the derived recipes of the product do alike. */
final class Derivation {
  private Derivation() {}

  /** Texts of a key, in capitals; empty if it is missing. */
  static List<String> capitals(JsonNode parent, String key) {
    List<String> out = new ArrayList<>();
    JsonNode n = parent.path(key);
    if (n.isArray()) {
      n.forEach(i -> out.add(i.asText().toUpperCase(Locale.ROOT)));
    } else if (n.isValueNode()) {
      out.add(n.asText().toUpperCase(Locale.ROOT));
    }
    return out;
  }

  /** The id with its placeholders <code>${name}</code> filled. */
  static String fill(String template, Map<String, String> values) {
    String out = template;
    for (Map.Entry<String, String> e : values.entrySet()) {
      out = out.replace("${" + e.getKey() + "}", e.getValue());
    }
    if (out.contains("${")) {
      throw new ImportException(
          "'input.coverage_id' is '"
              + template
              + "', but its placeholders can be "
              + String.join(", ", values.keySet().stream().map(k -> "${" + k + "}").toList()));
    }
    return out;
  }

  /**
   * Ingredients of a general_coverage of time and two axes of images, with all that the given ones
   * say besides.
   *
   * @param keys of {@code input} that the standard recipe does not know
   * @param crs of the images, such as {@code EPSG/0/4326}
   * @param time expression of the date
   * @param x label of the axis along x (and {@code y})
   */
  static ObjectNode timed(
      ObjectNode given,
      List<String> keys,
      String coverage,
      List<String> paths,
      String crs,
      String time,
      String x,
      String y) {
    ObjectNode out = given.deepCopy();
    ObjectNode input = out.withObject("/input");
    input.remove(keys);
    input.put("coverage_id", coverage);
    ArrayNode list = input.putArray("paths");
    paths.forEach(list::add);
    ObjectNode recipe = out.withObject("/recipe");
    recipe.put("name", "general_coverage");
    ObjectNode options = recipe.withObject("/options");
    options.remove(keys);
    ObjectNode target = options.withObject("/coverage");
    target.put("crs", "OGC/0/AnsiDate@" + crs);
    ObjectNode slicer = target.withObject("/slicer");
    slicer.put("type", "gdal");
    ObjectNode axes = slicer.withObject("/axes");
    axes.withObject("/ansi")
        .put("min", time)
        .put("type", "ansidate")
        .put("irregular", true)
        .put("dataBound", false);
    axes.withObject("/" + x)
        .put("min", "${gdal:minX}")
        .put("max", "${gdal:maxX}")
        .put("resolution", "${gdal:resolutionX}");
    axes.withObject("/" + y)
        .put("min", "${gdal:minY}")
        .put("max", "${gdal:maxY}")
        .put("resolution", "${gdal:resolutionY}");
    return out;
  }

  /** The names of the files in a folder or zip file, relative to it. */
  static List<String> inside(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".zip")
        ? zipNames(path)
        : folderNames(path);
  }

  private static List<String> zipNames(Path path) {
    List<String> out = new ArrayList<>();
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
        out.add(e.nextElement().getName());
      }
    } catch (IOException e) {
      throw new ImportException(path + ": it cannot be read as a zip file: " + e.getMessage(), e);
    }
    return out;
  }

  private static List<String> folderNames(Path path) {
    try (Stream<Path> all = Files.walk(path)) {
      return all.filter(Files::isRegularFile)
          .map(f -> path.relativize(f).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ImportException(path + " cannot be listed: " + e.getMessage(), e);
    }
  }
}
