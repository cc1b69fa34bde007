package example;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.recipe.ImportRecipe;
import org.tessera.importer.recipe.RecipeFiles;

/**
 * A recipe of one's own: files are called SENSOR_YYYYMMDD.tif, and each sensor becomes a coverage
 * of its own, a time series. coverage_id has the placeholder ${sensor}; the key
 * recipe.options.own.sensors, a list, leaves out all others.
 */
public final class DatedTiles implements ImportRecipe {
  @Override
  public String name() {
    return "dated_tiles";
  }

  @Override
  public List<ObjectNode> ingredients(ObjectNode given, RecipeFiles files) {
    List<String> wanted = new ArrayList<>();
    given.at("/recipe/options/own/sensors").forEach(s -> wanted.add(s.asText()));
    Map<String, List<Path>> bySensor = new TreeMap<>();
    for (Path path : files.paths()) {
      String[] parts = path.getFileName().toString().split("[_.]");
      if (parts.length != 3 || !parts[1].matches("\\d{8}")) {
        throw new ImportException(path + ": the name is not like SENSOR_YYYYMMDD.tif");
      }
      if (wanted.isEmpty() || wanted.contains(parts[0])) {
        bySensor.computeIfAbsent(parts[0], s -> new ArrayList<>()).add(path);
      }
    }
    List<ObjectNode> all = new ArrayList<>();
    bySensor.forEach(
        (sensor, paths) -> {
          ObjectNode one = given.deepCopy();
          String id = given.at("/input/coverage_id").asText();
          one.withObject("/input").put("coverage_id", id.replace("${sensor}", sensor));
          ArrayNode list = one.withObject("/input").putArray("paths");
          paths.forEach(p -> list.add(p.toString()));
          ObjectNode recipe = one.withObject("/recipe");
          recipe.put("name", "time_series_irregular");
          ObjectNode options = recipe.withObject("/options");
          options.put("time_crs", "OGC/0/AnsiDate");
          ObjectNode time = options.withObject("/time_parameter");
          time.withObject("/filename").put("regex", ".*_([0-9]{8}).*").put("group", "1");
          time.put("datetime_format", "YYYYMMDD");
          all.add(one);
        });
    return all;
  }
}
