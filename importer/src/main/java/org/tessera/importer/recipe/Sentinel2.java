package org.tessera.importer.recipe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.importer.problem.ImportException;

/**
 * Sentinel 2 products, SAFE folders or zip files of them: a coverage for each CRS (UTM zone),
 * resolution and level, a slice for each day. GDAL's driver brings the images of a resolution
 * together; the names tell day, level and tile, so that nothing but the list of names is read here.
 *
 * <p>Keys of {@code input} or {@code recipe.options}: {@code levels} (1C, 2A), {@code resolutions}
 * (10m, 20m, 60m, TCI), {@code crss} (EPSG codes); default: all that there are. {@code coverage_id}
 * has the placeholders <code>${crsCode}</code>, <code>${resolution}</code> and <code>${level}
 * </code>.
 */
final class Sentinel2 implements ImportRecipe {
  private static final Pattern PRODUCT =
      Pattern.compile("(S2[A-D])_MSI(L1C|L2A)_(\\d{8})T\\d{6}_.*?_T(\\d{2})([C-X])[A-Z]{2}_.*");
  private static final Pattern MAIN = Pattern.compile("(?:.*/)?MTD_MSIL(?:1C|2A)\\.xml");
  private static final Pattern IMAGE =
      Pattern.compile(
          "(?:.*/)?IMG_DATA/(?:R(?:10|20|60)m/)?[^/]*_([A-Z0-9]+)(?:_(10|20|60)m)?\\.jp2");
  private static final List<String> KEYS =
      List.of("levels", "resolutions", "crss", "product", "modebeams", "polarisations");

  /** Bands that a product of level 1C has at each resolution. */
  private static final Map<String, String> RESOLUTION_1C =
      Map.ofEntries(
          Map.entry("B02", "10m"),
          Map.entry("B03", "10m"),
          Map.entry("B04", "10m"),
          Map.entry("B08", "10m"),
          Map.entry("B05", "20m"),
          Map.entry("B06", "20m"),
          Map.entry("B07", "20m"),
          Map.entry("B8A", "20m"),
          Map.entry("B11", "20m"),
          Map.entry("B12", "20m"),
          Map.entry("B01", "60m"),
          Map.entry("B09", "60m"),
          Map.entry("B10", "60m"));

  @Override
  public String name() {
    return "sentinel2";
  }

  /** One resolution of one product. */
  private record Part(String dataset, String crs, String resolution, String level) {}

  @Override
  public List<ObjectNode> ingredients(ObjectNode given, RecipeFiles files) {
    List<String> levels = keys(given, "levels");
    List<String> resolutions = keys(given, "resolutions");
    List<String> crss =
        keys(given, "crss").stream().map(c -> c.replaceAll(".*[^0-9]", "")).toList();
    Map<List<String>, List<String>> groups = new TreeMap<>(Sentinel2::order);
    Set<String> seen = new LinkedHashSet<>();
    for (Path path : files.paths()) {
      for (Part p : parts(path)) {
        seen.add("L" + p.level() + " " + p.resolution() + " EPSG:" + p.crs());
        boolean level =
            levels.isEmpty() || levels.contains(p.level()) || levels.contains("L" + p.level());
        boolean resolution =
            resolutions.isEmpty() || resolutions.contains(p.resolution().toUpperCase(Locale.ROOT));
        if (level && resolution && (crss.isEmpty() || crss.contains(p.crs()))) {
          groups
              .computeIfAbsent(
                  List.of(p.crs(), p.resolution(), "L" + p.level()), k -> new ArrayList<>())
              .add(p.dataset());
        }
      }
    }
    if (groups.isEmpty()) {
      throw new ImportException(
          "no product has the level, resolution and CRS that the ingredients ask for; there are "
              + String.join(", ", seen));
    }
    String template = given.path("input").path("coverage_id").asText();
    List<ObjectNode> out = new ArrayList<>();
    groups.forEach(
        (group, datasets) -> {
          Map<String, String> values = new LinkedHashMap<>();
          values.put("crsCode", group.get(0));
          values.put("resolution", group.get(1));
          values.put("level", group.get(2));
          ObjectNode one =
              Derivation.timed(
                  given,
                  KEYS,
                  Derivation.fill(template, values),
                  datasets,
                  "EPSG/0/" + group.get(0),
                  "datetime(regex_extract('${file:path}',"
                      + " '.*_MSIL(1C|2A)_([0-9]{8})T.*', 2), 'YYYYMMDD')",
                  "E",
                  "N");
          bands(one, files, datasets.getFirst());
          out.add(one);
        });
    return out;
  }

  private static int order(List<String> a, List<String> b) {
    for (int i = 0; i < a.size(); i++) {
      int c = a.get(i).compareTo(b.get(i));
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  private static List<String> keys(ObjectNode given, String key) {
    List<String> out = new ArrayList<>(Derivation.capitals(given.path("input"), key));
    out.addAll(Derivation.capitals(given.path("recipe").path("options"), key));
    return out;
  }

  /** Fields are called as the bands: B4, B8A, SCL, and Red, Green, Blue of a true colour image. */
  private static void bands(ObjectNode one, RecipeFiles files, String dataset) {
    ObjectNode slicer = one.withObject("/recipe/options/coverage/slicer");
    if (slicer.path("bands").isArray() && !slicer.path("bands").isEmpty()) {
      return;
    }
    ArrayNode bands = slicer.putArray("bands");
    int i = 0;
    for (var b : files.raster(dataset).bands()) {
      String name = b.metadata().getOrDefault("BANDNAME", "");
      name = name.isBlank() ? b.description().replaceAll("[, ].*", "") : name;
      name = name.isBlank() ? b.color() : name;
      bands.addObject().put("identifier", Integer.toString(i)).put("name", name);
      i++;
    }
  }

  private static List<Part> parts(Path path) {
    String name = String.valueOf(path.getFileName());
    Matcher m = PRODUCT.matcher(name);
    if (!m.matches()) {
      throw new ImportException(
          path
              + ": the name is not one of a Sentinel 2 product, such as"
              + " S2A_MSIL2A_20211101T105211_N0301_R051_T31UFA_20211101T140418.SAFE (or .zip)");
    }
    boolean zip = name.toLowerCase(Locale.ROOT).endsWith(".zip");
    List<String> inside = Derivation.inside(path);
    String main =
        inside.stream()
            .filter(n -> MAIN.matcher(n).matches())
            .findFirst()
            .orElseThrow(
                () -> new ImportException(path + ": it has no MTD_MSIL1C.xml or MTD_MSIL2A.xml"));
    // EPSG:326xx north, 327xx south of the equator; latitude bands begin with N there.
    boolean north = m.group(5).charAt(0) >= 'N';
    String crs = (north ? "326" : "327") + m.group(4);
    Set<String> resolutions = new LinkedHashSet<>();
    for (String n : inside) {
      Matcher image = IMAGE.matcher(n);
      if (image.matches()) {
        String band = image.group(1);
        if (band.equals("TCI")) {
          resolutions.add("TCI");
        } else if (image.group(2) != null) {
          resolutions.add(image.group(2) + "m");
        } else if (RESOLUTION_1C.containsKey(band)) {
          resolutions.add(RESOLUTION_1C.get(band));
        }
      }
    }
    if (resolutions.isEmpty()) {
      throw new ImportException(path + ": it holds no images (IMG_DATA/*.jp2)");
    }
    String root = zip ? "/vsizip/" + path + "/" : path + "/";
    return resolutions.stream()
        .map(
            r ->
                new Part(
                    "SENTINEL2_" + m.group(2) + ":" + root + main + ":" + r + ":EPSG_" + crs,
                    crs,
                    r,
                    m.group(2).substring(1)))
        .toList();
  }
}
