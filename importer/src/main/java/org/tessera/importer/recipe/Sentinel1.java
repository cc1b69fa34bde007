package org.tessera.importer.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.importer.problem.ImportException;

/**
 * Sentinel 1 GRD and SLC images: a coverage for each mode beam and polarisation, which the names of
 * the files tell (Sentinel-1 product specification: {@code s1a-iw-grd-vv-20190816t172148-...}), a
 * slice for each day. The images must have a geotransform; as ESA delivers them they have ground
 * control points only, so a hook warps them first.
 *
 * <p>Keys of {@code input}: {@code product} (GRD or SLC; default both), {@code modebeams} and
 * {@code polarisations} (default: all that there are); {@code coverage_id} has the placeholders
 * <code>${modebeam}</code> and <code>${polarisation}</code>.
 */
final class Sentinel1 implements ImportRecipe {
  private static final Pattern NAME =
      Pattern.compile(
          "s1[abcd]-((?:iw|ew|wv|s)[0-9]?)-(grd|slc)[fhm]?-(hh|hv|vv|vh)-(\\d{8})t\\d{6}-.*");
  private static final List<String> KEYS =
      List.of("product", "modebeams", "polarisations", "levels", "resolutions", "crss");

  @Override
  public String name() {
    return "sentinel1";
  }

  @Override
  public List<ObjectNode> ingredients(ObjectNode given, RecipeFiles files) {
    List<String> products = Derivation.capitals(given.path("input"), "product");
    List<String> beams = Derivation.capitals(given.path("input"), "modebeams");
    List<String> polarisations = Derivation.capitals(given.path("input"), "polarisations");
    Map<List<String>, List<String>> groups = new LinkedHashMap<>();
    Set<String> seen = new LinkedHashSet<>();
    for (Path path : files.paths()) {
      Matcher m = NAME.matcher(String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT));
      if (!m.matches()) {
        throw new ImportException(
            path
                + ": the name is not one of a Sentinel 1 image, such as"
                + " s1a-iw-grd-vv-20190816t172148-20190816t172213-017614-021234-001.tiff");
      }
      String beam = m.group(1).replaceAll("[0-9]", "").toUpperCase(Locale.ROOT);
      String product = m.group(2).toUpperCase(Locale.ROOT);
      String polarisation = m.group(3).toUpperCase(Locale.ROOT);
      seen.add(product + " " + beam + " " + polarisation);
      if (wanted(products, product) && wanted(beams, beam) && wanted(polarisations, polarisation)) {
        groups
            .computeIfAbsent(List.of(beam, polarisation), k -> new ArrayList<>())
            .add(path.toString());
      }
    }
    if (groups.isEmpty()) {
      throw new ImportException(
          "none of the files has the product, mode beam and polarisation that 'input' asks for;"
              + " there are "
              + String.join(", ", seen));
    }
    String template = given.path("input").path("coverage_id").asText();
    List<ObjectNode> out = new ArrayList<>();
    groups.forEach(
        (group, paths) -> {
          Map<String, String> values = new LinkedHashMap<>();
          values.put("modebeam", group.get(0));
          values.put("polarisation", group.get(1));
          ObjectNode one =
              Derivation.timed(
                  given,
                  KEYS,
                  Derivation.fill(template, values),
                  paths,
                  "EPSG/0/4326",
                  "datetime(regex_extract('${file:name}',"
                      + " '[^-]+-[^-]+-[^-]+-[^-]+-([0-9]{8})[tT].*', 1), 'YYYYMMDD')",
                  "Long",
                  "Lat");
          one.withObject("/recipe/options/coverage/slicer")
              .putArray("bands")
              .addObject()
              .put("identifier", "0")
              .put("name", "Grey");
          out.add(one);
        });
    return out;
  }

  private static boolean wanted(List<String> list, String value) {
    return list.isEmpty() || list.contains(value);
  }
}
