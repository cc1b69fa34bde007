package org.tessera.importer.ingredients;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.recipe.DerivedRecipes;
import org.tessera.importer.recipe.ImportRecipe;
import org.tessera.importer.recipe.RecipeFiles;
import org.tessera.importer.source.Globs;
import org.tessera.importer.source.RasterFile;
import org.tessera.importer.source.SourceFiles;

/** JSON to {@link Ingredients}. */
final class IngredientsReader {
  private static final Pattern COVERAGE_ID =
      Pattern.compile("[A-Za-z_]([A-Za-z0-9_.]|\\$\\{[A-Za-z]+\\})*");
  private static final Set<String> TOP = Set.of("config", "input", "recipe", "hooks", "tiling");
  private static final Set<String> CONFIG =
      Set.of(
          "service_url",
          "service_is_local",
          "mock",
          "automated",
          "blocking",
          "default_null_values",
          "tmp_directory",
          "crs_resolver",
          "default_crs",
          "url_root",
          "skip",
          "retry",
          "retries",
          "retry_sleep",
          "track_files",
          "changed_files",
          "resumer_dir_path",
          "slice_restriction",
          "description_max_no_slices",
          "subset_correction",
          "insitu",
          "black_listed",
          "root_url",
          "tmp_directory_path",
          "cache_size",
          "description");
  private static final Pattern EPSG = Pattern.compile("(?:.*/)?EPSG(?::|/[0-9.]+/)(\\d{1,9})");
  private static final Set<String> OPTIONS =
      Set.of(
          "coverage",
          "import_order",
          "tiling",
          "wms_import",
          "scale_levels",
          "scale_factors",
          "import_overviews",
          "import_all_overviews",
          "import_overviews_only",
          "pyramid_members",
          "pyramid_bases",
          "pyramid_harvesting",
          "time_parameter",
          "time_crs",
          "time_start",
          "time_format",
          "time_step",
          "band_names",
          "metadata",
          "unpack",
          "regrid",
          "coverage_id",
          "wcs_endpoint",
          "partitioning_scheme",
          "source_coverage_ids",
          "crs",
          "resolution",
          "levels",
          "resolutions",
          "crss",
          "own");
  private static final Set<String> AXIS =
      Set.of(
          "min",
          "max",
          "resolution",
          "statements",
          "irregular",
          "regular",
          "directPositions",
          "dataBound",
          "gridOrder",
          "crsOrder",
          "sliceGroupSize",
          "type",
          "layer",
          "description");
  private static final Set<String> BAND =
      Set.of(
          "identifier",
          "name",
          "variable",
          "description",
          "definition",
          "nilValue",
          "nilReason",
          "uomCode",
          "filterMessagesMatching");
  private static final Pattern STATEMENT =
      Pattern.compile(
          "\\s*((from\\s+(datetime|math|time)\\s+import\\s+[\\w,"
              + " *]+|import\\s+(datetime|math|time|re)(\\s+as\\s+\\w+)?)\\s*;?\\s*)*");

  private final Path file;

  IngredientsReader(Path file) {
    this.file = file;
  }

  Ingredients read() {
    try {
      return ingredients(new Keys(parse(), ""));
    } catch (ImportException e) {
      throw e.at(file.toString());
    }
  }

  /** What a derived recipe makes of the file, or the file itself. */
  List<Ingredients> readAll(DerivedRecipes recipes, SourceFiles source) {
    try {
      JsonNode given = parse();
      String name = given.path("recipe").path("name").asText("");
      Optional<ImportRecipe> recipe = recipes.find(name);
      if (recipe.isEmpty()) {
        return List.of(ingredients(new Keys(given, "")));
      }
      if (!(given instanceof ObjectNode object)) {
        throw new ImportException("this is no object { ... }");
      }
      List<ObjectNode> derived = recipe.get().ingredients(object.deepCopy(), files(given, source));
      List<Ingredients> out = new ArrayList<>();
      for (ObjectNode one : derived) {
        Ingredients i = ingredients(new Keys(one, ""));
        if (recipes.find(i.recipe()).isPresent()) {
          throw new ImportException(
              "recipe "
                  + name
                  + " gives ingredients of the recipe "
                  + i.recipe()
                  + ", no standard one");
        }
        out.add(i);
      }
      if (out.isEmpty()) {
        throw new ImportException("recipe " + name + " finds nothing to import");
      }
      return out;
    } catch (ImportException e) {
      throw e.getMessage().startsWith(file.toString()) ? e : e.at(file.toString());
    }
  }

  private RecipeFiles files(JsonNode given, SourceFiles source) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    List<Path> paths = new ArrayList<>();
    for (String pattern : new Keys(given, "").object("input").texts("paths")) {
      paths.addAll(Globs.files(folder, pattern));
    }
    if (paths.isEmpty()) {
      throw new ImportException("'input.paths' matches no file in " + folder);
    }
    return new RecipeFiles() {
      @Override
      public Path folder() {
        return folder;
      }

      @Override
      public List<Path> paths() {
        return List.copyOf(paths);
      }

      @Override
      public RasterFile raster(String dataset) {
        return source.raster(dataset);
      }

      @Override
      public RasterFile reprojected(String dataset, int epsg) {
        return source.raster(dataset, new SourceLayout.Regrid(Optional.of("EPSG:" + epsg), "near"));
      }
    };
  }

  private JsonNode parse() {
    try {
      JsonMapper mapper =
          JsonMapper.builder()
              .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
              .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
              .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
              .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
              .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
              .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
              .build();
      return mapper.readTree(Files.readString(file, StandardCharsets.UTF_8));
    } catch (NoSuchFileException e) {
      throw new ImportException("there is no such file", e);
    } catch (JsonProcessingException e) {
      throw new ImportException(
          "line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": this is no JSON: "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new ImportException("cannot be read: " + e.getMessage(), e);
    }
  }

  private Ingredients ingredients(Keys top) {
    top.only(TOP);
    Keys recipe = top.object("recipe").only(Set.of("name", "options"));
    List<Ingredients.Hook> hooks = new ArrayList<>();
    for (Keys h : top.objects("hooks")) {
      hooks.add(hook(h));
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    Ingredients.Input input = input(top.object("input"));
    return new Ingredients(
        folder,
        config(top.object("config")),
        input,
        recipe.needed("name"),
        options(recipe.object("options").only(OPTIONS), input.coverageId()),
        hooks);
  }

  private static Ingredients.Config config(Keys c) {
    c.only(CONFIG);
    List<Ingredients.Interval> restriction = new ArrayList<>();
    for (Keys k : c.objects("slice_restriction")) {
      k.only(Set.of("low", "high", "type"));
      restriction.add(new Ingredients.Interval(k.text("low"), k.text("high")));
    }
    boolean retry = c.flag("retry", true);
    return new Ingredients.Config(
        c.text("service_url"),
        c.flag("service_is_local", true),
        c.flag("mock", false),
        c.flag("automated", false),
        c.flag("blocking", true),
        split(c.texts("default_null_values")),
        c.text("crs_resolver").or(() -> c.text("url_root")),
        c.text("default_crs"),
        c.flag("skip", false),
        retry ? c.whole("retries").orElse(5) : 0,
        Duration.ofMillis(
            c.number("retry_sleep").orElse(BigDecimal.ONE).movePointRight(3).longValue()),
        c.flag("track_files", true),
        changedAgain(c.text("changed_files").orElse("again")),
        c.text("resumer_dir_path").filter(t -> !t.isBlank()).map(Path::of),
        restriction,
        c.whole("description_max_no_slices").orElse(5),
        c.flag("insitu", false));
  }

  private static boolean changedAgain(String text) {
    return switch (text) {
      case "again" -> true;
      case "keep" -> false;
      default ->
          throw new ImportException(
              "'config.changed_files' is '" + text + "', expected again or keep");
    };
  }

  private static Ingredients.Input input(Keys i) {
    i.only(
        Set.of(
            "coverage_id",
            "paths",
            "inspire",
            "product",
            "modebeams",
            "polarisations",
            "levels",
            "resolutions",
            "crss"));
    String id = i.needed("coverage_id");
    if (!COVERAGE_ID.matcher(id).matches()) {
      throw new ImportException(
          "'input.coverage_id' is '"
              + id
              + "', but an id begins with a letter or _ and has only letters, digits, _ and .");
    }
    return new Ingredients.Input(
        id,
        i.texts("paths"),
        i.object("inspire").only(Set.of("metadata_url")).text("metadata_url"),
        i.texts("modebeams"),
        i.texts("polarisations"),
        i.text("product"));
  }

  private static SourceLayout.Regrid regrid(Keys r) {
    Optional<String> crs = r.text("crs").map(IngredientsReader::epsg);
    String given = r.text("resampling").orElse("near").toLowerCase(Locale.ROOT);
    String method =
        switch (given) {
          case "nearest" -> "near";
          case "linear" -> "bilinear";
          default -> given;
        };
    try {
      return new SourceLayout.Regrid(crs, method, r.text("resolution").map(BigDecimal::new));
    } catch (NumberFormatException e) {
      throw new ImportException("'" + r.place() + ".resolution' is no number", e);
    } catch (IllegalArgumentException e) {
      throw new ImportException("'" + r.place() + "': " + e.getMessage(), e);
    }
  }

  /** {@code EPSG:n} of a CRS as ingredients have them: also EPSG/0/n, or a URI that ends so. */
  private static String epsg(String crs) {
    Matcher m = EPSG.matcher(crs);
    if (!m.matches()) {
      throw new ImportException(
          "'recipe.options.regrid.crs' is '" + crs + "', expected such as EPSG/0/4326");
    }
    return "EPSG:" + m.group(1);
  }

  private static Ingredients.Options options(Keys o, String coverageId) {
    Optional<Ingredients.Order> order =
        o.text("import_order")
            .map(
                t ->
                    switch (t.toLowerCase(Locale.ROOT)) {
                      case "ascending" -> Ingredients.Order.ASCENDING;
                      case "descending" -> Ingredients.Order.DESCENDING;
                      case "none" -> Ingredients.Order.NONE;
                      default ->
                          throw new ImportException(
                              "'recipe.options.import_order' must be ascending, descending or none,"
                                  + " found '"
                                  + t
                                  + "'");
                    });
    List<Integer> overviews = new ArrayList<>();
    o.texts("import_overviews")
        .forEach(t -> overviews.add(number(o, "import_overviews", t).intValue()));
    return new Ingredients.Options(
        order,
        o.text("tiling"),
        o.flag("wms_import", false),
        levels(o, coverageId),
        overviews,
        o.flag("import_all_overviews", false),
        o.flag("import_overviews_only", false),
        o.texts("pyramid_members"),
        o.texts("pyramid_bases"),
        o.flag("pyramid_harvesting", false),
        o.flag("unpack", false),
        regrid(o.object("regrid").only(Set.of("crs", "resampling", "resolution"))),
        o.text("wcs_endpoint").isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Ingredients.Extraction(
                    o.needed("coverage_id"),
                    o.needed("wcs_endpoint"),
                    o.texts("partitioning_scheme").stream()
                        .map(t -> number(o, "partitioning_scheme", t).intValue())
                        .toList())),
        o.texts("source_coverage_ids").isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Ingredients.Union(
                    o.texts("source_coverage_ids"), o.text("crs"), o.text("resolution"))),
        time(o),
        o.texts("band_names"),
        o.object("coverage").isMissing() && o.object("metadata").isMissing()
            ? Optional.empty()
            : Optional.of(coverage(o)));
  }

  private static Double number(Keys k, String key, String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw new ImportException(
          "'" + k.place() + "." + key + "' has '" + text + "', which is no number", e);
    }
  }

  /** As wcst_import prints them into the ids of levels: 20e-1 is 2.0, 4 is 4. */
  private static List<String> levelTexts(Keys o) {
    JsonNode list = o.node("scale_levels");
    if (!list.isArray()) {
      return o.texts("scale_levels");
    }
    List<String> out = new ArrayList<>();
    for (JsonNode n : list) {
      out.add(n.isFloatingPointNumber() ? Double.toString(n.doubleValue()) : n.asText());
    }
    return out;
  }

  private static List<Ingredients.Level> levels(Keys o, String coverageId) {
    List<Ingredients.Level> out = new ArrayList<>();
    for (String t : levelTexts(o)) {
      Double factor = number(o, "scale_levels", t);
      out.add(new Ingredients.Level(coverageId + "_" + t.replace('.', '_'), List.of(factor)));
    }
    for (Keys f : o.objects("scale_factors")) {
      f.only(Set.of("coverage_id", "factors"));
      out.add(
          new Ingredients.Level(
              f.needed("coverage_id"),
              f.texts("factors").stream().map(t -> number(f, "factors", t)).toList()));
    }
    return out;
  }

  private static Optional<Ingredients.TimeAxis> time(Keys o) {
    Optional<String> crs = o.text("time_crs");
    if (crs.isEmpty()) {
      return Optional.empty();
    }
    Keys p = o.object("time_parameter").only(Set.of("filename", "metadata_tag", "datetime_format"));
    Keys name = p.object("filename").only(Set.of("regex", "group"));
    Keys tag = p.object("metadata_tag").only(Set.of("tag_name"));
    return Optional.of(
        new Ingredients.TimeAxis(
            crs.get(),
            o.text("time_start"),
            o.text("time_step"),
            p.text("datetime_format").or(() -> o.text("time_format")).orElse("auto"),
            tag.text("tag_name"),
            name.text("regex"),
            name.text("group").orElse("1")));
  }

  private static Ingredients.CoverageOptions coverage(Keys o) {
    Keys c =
        o.object("coverage")
            .only(Set.of("crs", "metadata", "slicer", "grid_coverage", "description"));
    Keys m = c.object("metadata").isMissing() ? o.object("metadata") : c.object("metadata");
    m.only(Set.of("type", "global", "local", "bands", "axes", "colorPaletteTable", "description"));
    String type = m.text("type").orElse("xml").toLowerCase(Locale.ROOT);
    if (!type.equals("xml") && !type.equals("json")) {
      throw new ImportException(
          "'" + m.place() + ".type' must be xml or json, found '" + type + "'");
    }
    Ingredients.Metadata metadata =
        new Ingredients.Metadata(
            type.equals("xml"),
            m.node("global"),
            m.node("local"),
            m.node("bands"),
            m.node("axes"),
            m.text("colorPaletteTable").filter(t -> !t.isBlank()));
    return new Ingredients.CoverageOptions(
        c.text("crs"),
        c.flag("grid_coverage", false),
        metadata,
        c.object("slicer").isMissing()
            ? Optional.empty()
            : Optional.of(slicer(c.object("slicer"))));
  }

  private static Ingredients.Slicer slicer(Keys s) {
    s.only(Set.of("type", "subtype", "bands", "axes", "pixelIsPoint", "description"));
    String name = s.needed("type");
    Ingredients.Slicer.Type type =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "gdal" -> Ingredients.Slicer.Type.GDAL;
          case "netcdf" -> Ingredients.Slicer.Type.NETCDF;
          case "grib" -> Ingredients.Slicer.Type.GRIB;
          default ->
              throw new ImportException(
                  "'" + s.place() + ".type' must be gdal, netcdf or grib, found '" + name + "'");
        };
    List<Ingredients.Band> bands = new ArrayList<>();
    if (!s.node("bands").isTextual()) {
      for (Keys b : s.objects("bands")) {
        bands.add(band(b.only(BAND)));
      }
    }
    List<Ingredients.SlicerAxis> axes = new ArrayList<>();
    Keys all = s.object("axes");
    for (Map.Entry<String, JsonNode> e : s.node("axes").properties()) {
      axes.add(axis(e.getKey(), all.object(e.getKey()).only(AXIS)));
    }
    if (axes.isEmpty()) {
      throw new ImportException("'" + s.place() + ".axes' is missing");
    }
    return new Ingredients.Slicer(type, s.flag("pixelIsPoint", false), bands, axes);
  }

  private static Ingredients.Band band(Keys b) {
    String identifier =
        b.text("identifier")
            .or(() -> b.text("variable"))
            .or(() -> b.text("name"))
            .orElseThrow(() -> new ImportException("'" + b.place() + ".identifier' is missing"));
    return new Ingredients.Band(
        identifier,
        b.text("name").orElse(identifier),
        b.text("variable"),
        b.text("description"),
        b.text("definition"),
        split(b.texts("nilValue")),
        b.text("nilReason"),
        b.text("uomCode"),
        b.text("filterMessagesMatching"));
  }

  private static Ingredients.SlicerAxis axis(String label, Keys a) {
    a.text("statements")
        .filter(t -> !STATEMENT.matcher(t).matches())
        .ifPresent(
            t -> {
              throw new ImportException(
                  "'"
                      + a.place()
                      + ".statements' is '"
                      + t
                      + "'; only imports of datetime and math are accepted: ingredients cannot run"
                      + " code");
            });
    Optional<Integer> group = a.whole("sliceGroupSize");
    if (group.filter(n -> n < 1).isPresent()) {
      throw new ImportException("'" + a.place() + ".sliceGroupSize' must be at least 1");
    }
    return new Ingredients.SlicerAxis(
        label,
        a.text("min"),
        a.text("max"),
        a.text("resolution"),
        a.text("directPositions"),
        a.flag("irregular", false),
        a.flag("dataBound", true),
        a.whole("gridOrder"),
        a.whole("crsOrder"),
        group,
        a.text("type"));
  }

  /** One text may hold several values: "40, 50, 60". */
  private static List<String> split(List<String> values) {
    List<String> out = new ArrayList<>();
    for (String v : values) {
      for (String part : v.split(",", -1)) {
        if (!part.isBlank()) {
          out.add(part.strip().replace("'", ""));
        }
      }
    }
    return out;
  }

  private static Ingredients.Hook hook(Keys h) {
    h.only(Set.of("description", "when", "cmd", "python_cmd", "abort_on_error", "replace_path"));
    String when = h.needed("when");
    boolean before =
        switch (when) {
          case "before_import", "before_ingestion" -> true;
          case "after_import", "after_ingestion" -> false;
          default ->
              throw new ImportException(
                  "'"
                      + h.place()
                      + ".when' must be before_import or after_import, found '"
                      + when
                      + "'");
        };
    return new Ingredients.Hook(
        h.text("description").orElse(""),
        before,
        h.text("cmd").filter(t -> !t.isBlank()),
        h.text("python_cmd").filter(t -> !t.isBlank()),
        h.flag("abort_on_error", false),
        h.texts("replace_path"));
  }
}
