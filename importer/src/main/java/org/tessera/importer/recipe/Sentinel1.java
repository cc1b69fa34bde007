package org.tessera.importer.recipe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
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
import org.tessera.importer.source.RasterFile;

/**
 * Sentinel 1 GRD and SLC images: a coverage for each mode beam and polarisation, which the names of
 * the files tell (Sentinel-1 product specification: {@code s1a-iw-grd-vv-20190816t172148-...}), a
 * slice for each day. Paths are images, or SAFE folders and zip files, in which they are in {@code
 * measurement}. As ESA delivers them images have ground control points only: without a {@code
 * regrid} in the ingredients they are reprojected to EPSG:4326, all of a coverage in about the
 * resolution of the first, and 0 is their null value.
 *
 * <p>Keys of {@code input}: {@code product} (GRD or SLC; default both), {@code modebeams} and
 * {@code polarisations} (default: all that there are); {@code coverage_id} has the placeholders
 * <code>${modebeam}</code> and <code>${polarisation}</code>.
 */
final class Sentinel1 implements ImportRecipe {
  private static final Pattern NAME =
      Pattern.compile(
          "s1[abcd]-((?:iw|ew|wv|s)[0-9]?)-(grd|slc)[fhm]?-(hh|hv|vv|vh)-(\\d{8})t\\d{6}-.*");
  private static final Pattern MEASUREMENT = Pattern.compile("(?:.*/)?measurement/[^/]*\\.tiff?");
  private static final int WGS84 = 4326;

  /** A resolution that GDAL suggests depends on the extent; its first digits do for all images. */
  private static final MathContext SOME_DIGITS = new MathContext(3, RoundingMode.DOWN);

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
      for (String image : images(path)) {
        String name = image.substring(image.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        Matcher m = NAME.matcher(name);
        if (!m.matches()) {
          throw new ImportException(
              path
                  + ": the name is not one of a Sentinel 1 image, such as"
                  + " s1a-iw-grd-vv-20190816t172148-20190816t172213-017614-021234-001.tiff,"
                  + " nor of a folder or zip file with such in measurement/");
        }
        String beam = m.group(1).replaceAll("[0-9]", "").toUpperCase(Locale.ROOT);
        String product = m.group(2).toUpperCase(Locale.ROOT);
        String polarisation = m.group(3).toUpperCase(Locale.ROOT);
        seen.add(product + " " + beam + " " + polarisation);
        if (wanted(products, product)
            && wanted(beams, beam)
            && wanted(polarisations, polarisation)) {
          groups.computeIfAbsent(List.of(beam, polarisation), k -> new ArrayList<>()).add(image);
        }
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
                      + " '.*?[-_]([0-9]{8})[tT][0-9]{6}[-_].*', 1), 'YYYYMMDD')",
                  "Long",
                  "Lat");
          one.withObject("/recipe/options/coverage/slicer")
              .putArray("bands")
              .addObject()
              .put("identifier", "0")
              .put("name", "Grey");
          regrid(one, files, paths.getFirst());
          out.add(one);
        });
    return out;
  }

  /** The image that a path is, or those in it. */
  private static List<String> images(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    boolean zip = name.endsWith(".zip");
    if (!zip && !Files.isDirectory(path)) {
      return List.of(path.toString());
    }
    List<String> images =
        Derivation.inside(path).stream()
            .filter(n -> MEASUREMENT.matcher(n).matches())
            .sorted()
            .map(n -> (zip ? "/vsizip/" : "") + path + "/" + n)
            .toList();
    if (images.isEmpty()) {
      throw new ImportException(path + ": it holds no images (measurement/*.tiff)");
    }
    return images;
  }

  private static void regrid(ObjectNode one, RecipeFiles files, String first) {
    ObjectNode options = one.withObject("/recipe/options");
    if (options.has("regrid")) {
      return;
    }
    RasterFile image = files.raster(first);
    if (image.transform().isPresent() || image.groundControlPoints() == 0) {
      return;
    }
    BigDecimal step = files.reprojected(first, WGS84).transform(1);
    options
        .putObject("regrid")
        .put("crs", "EPSG/0/" + WGS84)
        .put("resampling", "near")
        .put("resolution", step.round(SOME_DIGITS).toPlainString());
    // Cells outside of the slanted image are 0, as those without data in it (product
    // specification).
    if (!one.path("config").has("default_null_values")) {
      ((ObjectNode) options.at("/coverage/slicer/bands/0")).put("nilValue", "0");
    }
  }

  private static boolean wanted(List<String> list, String value) {
    return list.isEmpty() || list.contains(value);
  }
}
