package org.tessera.importer.run;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.model.Axis;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.ExistingGrid;
import org.tessera.importer.plan.ImportPlan;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.plan.Recipes;
import org.tessera.importer.plan.Slice;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.Globs;
import org.tessera.importer.source.SourceFiles;
import org.tessera.importer.wcst.ServerGrid;
import org.tessera.importer.wcst.WcstClient;

/** One import. */
public final class ImportRun {
  /**
   * What the caller decides, not the ingredients.
   *
   * @param defaultService address of the server when the ingredients name none
   * @param login {@code user:password}
   * @param allowHooks whether commands of hooks may run
   * @param rowsByCoordinate see {@link Recipes#plan}
   * @param mock only show what would be sent, even if the ingredients do not say so
   * @param quiet only problems are shown
   * @param thorough compare the checksums of all files that are imported already
   * @param report file that a JSON report is written to
   */
  public record Choices(
      Optional<String> defaultService,
      Optional<String> login,
      boolean allowHooks,
      boolean rowsByCoordinate,
      boolean mock,
      boolean quiet,
      boolean thorough,
      Optional<Path> report) {
    /** Nothing but the ingredients counts. */
    public static Choices none() {
      return new Choices(
          Optional.empty(), Optional.empty(), false, false, false, false, false, Optional.empty());
    }
  }

  private final Ingredients ingredients;
  private final Choices choices;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean mock;
  private Report report;

  public ImportRun(Ingredients ingredients, Choices choices, PrintStream out, PrintStream err) {
    this.ingredients = ingredients;
    this.choices = choices;
    this.out = out;
    this.err = err;
    this.mock = choices.mock() || ingredients.config().mock();
  }

  /**
   * Runs it.
   *
   * @return whether everything was imported; with {@code skip} files that cannot be are left out
   *     and only reported
   * @throws ImportException if it cannot go on
   */
  public boolean run(SourceFiles source) {
    switch (ingredients.recipe()) {
      case "wcs_extract" -> {
        return extract();
      }
      case "virtual_coverage" ->
          throw new ImportException(
              "the recipe virtual_coverage is not supported: this server does not put coverages"
                  + " together without copying; wcs_extract copies several into one");
      default -> {
        // All others are about files.
      }
    }
    if (ingredients.config().insitu() && !ingredients.config().local()) {
      throw new ImportException(
          "'config.insitu' leaves the cells in the files, so the server must read these by their"
              + " paths; with 'config.service_is_local' false they would be uploaded");
    }
    List<InputFile> found = files();
    Hooks hooks = new Hooks(ingredients, choices.allowHooks(), mock);
    URI service = service();
    report = new Report(ingredients.input().coverageId(), service, found.size());
    try (WcstClient client = client(service);
        Journal journal =
            Journal.open(resumeFile(), mock || !client.exists(ingredients.input().coverageId()))) {
      run(client, journal, hooks, found, source);
    } catch (ImportException | ExpressionException | GdalException e) {
      report.failed(e.getMessage());
      throw e;
    } finally {
      choices.report().ifPresent(report::write);
    }
    return report.success();
  }

  private boolean extract() {
    URI service = service();
    report = new Report(ingredients.input().coverageId(), service, 1);
    InputFile other = new InputFile(service.toString(), Path.of("/"));
    try (WcstClient client = client(service)) {
      report.slices(new WcsExtract(ingredients, out, choices.quiet()).run(client, mock));
      report.imported(other);
      if (!mock) {
        inspire(client);
      }
    } catch (ImportException e) {
      report.failed(e.getMessage());
      throw e;
    } finally {
      choices.report().ifPresent(report::write);
    }
    say(report.text(mock));
    return report.success();
  }

  private WcstClient client(URI service) {
    return new WcstClient(
        service,
        choices.login(),
        ingredients.config().retries(),
        ingredients.config().retrySleep());
  }

  /** Tells the server where the coverage's INSPIRE metadata are. */
  private void inspire(WcstClient client) {
    if (ingredients.input().inspireUrl().filter(u -> !u.isBlank()).isEmpty()) {
      return;
    }
    Map<String, String> p = new LinkedHashMap<>();
    p.put("COVERAGEID", ingredients.input().coverageId());
    p.put("METADATAURL", ingredients.input().inspireUrl().get());
    try {
      client.administer("/admin/inspire/metadata/update", p);
    } catch (WcstClient.Refused e) {
      throw new ImportException(
          "'input.inspire.metadata_url': the coverage is imported, but the server does not take the"
              + " address of its metadata: "
              + e.getMessage(),
          e);
    }
  }

  private void run(
      WcstClient client, Journal journal, Hooks hooks, List<InputFile> found, SourceFiles source) {
    List<InputFile> open = new ArrayList<>();
    for (InputFile f : found) {
      switch (journal.look(f, choices.thorough())) {
        case IMPORTED -> report.known(f);
        case CHANGED -> {
          err.println("note: " + f + " has changed since it was imported; it is imported again");
          open.add(f);
        }
        case NOT_IMPORTED -> open.add(f);
      }
    }
    if (open.isEmpty()) {
      say(
          ingredients.input().coverageId()
              + ": all "
              + found.size()
              + " files are imported already");
      return;
    }
    if (open.size() < found.size()) {
      say(
          ingredients.input().coverageId()
              + ": "
              + (found.size() - open.size())
              + " of "
              + found.size()
              + " files are imported already");
    }
    List<InputFile> files = hooks.before(open);
    long begun = System.nanoTime();
    List<ImportPlan> plans = plans(client, files, source);
    Map<String, Integer> left = new LinkedHashMap<>();
    plans.forEach(
        p -> p.slices().forEach(s -> left.merge(s.file().original().toString(), 1, Integer::sum)));
    for (ImportPlan plan : plans) {
      plan.notes().forEach(n -> err.println("note: " + n));
      plan.problems()
          .forEach(
              (file, p) -> {
                report.leftOut(file, p);
                journal.fail(file, p);
                err.println("problem: left out: " + p);
              });
      preview(plan, report.service());
      new Sender(ingredients, plan, client, journal, report, mock, out, err, choices.quiet())
          .send(left);
    }
    if (ingredients.config().insitu() && !mock) {
      double seconds = (System.nanoTime() - begun) / 1e9;
      say(
          String.format(
              Locale.ROOT,
              "%s: %d files registered where they are, %.0f files/s",
              ingredients.input().coverageId(),
              files.size(),
              files.size() / seconds));
    }
    if (!mock) {
      Pyramids.build(client, ingredients, plans.getFirst());
      files.forEach(hooks::after);
      inspire(client);
    }
    say(report.text(mock));
  }

  private void say(String text) {
    if (!choices.quiet()) {
      out.println(text);
    }
  }

  private URI service() {
    String text =
        ingredients
            .config()
            .serviceUrl()
            .or(choices::defaultService)
            .orElseThrow(() -> new ImportException("'config.service_url' is missing"));
    try {
      URI uri = URI.create(text.strip());
      if (uri.getHost() == null) {
        throw new ImportException("'config.service_url' is '" + text + "', which is no address");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      throw new ImportException("'config.service_url' is '" + text + "', which is no address", e);
    }
  }

  private Optional<Path> resumeFile() {
    if (!ingredients.config().trackFiles() || mock) {
      return Optional.empty();
    }
    Path folder = ingredients.config().resumeFolder().orElse(ingredients.folder());
    return Optional.of(
            ingredients
                .folder()
                .resolve(folder)
                .resolve(ingredients.input().coverageId() + ".resume.json"))
        .filter(p -> Files.isWritable(p.getParent()));
  }

  /**
   * Shows what has become of each file, as far as the journal beside the ingredients knows.
   *
   * @return whether all are imported
   */
  public boolean status() {
    Map<String, Journal.Entry> known =
        resumeFile().map(Journal::read).orElseGet(LinkedHashMap::new);
    int committed = 0;
    int failed = 0;
    List<InputFile> found = files();
    for (InputFile f : found) {
      Journal.Entry e = known.get(f.original().toString());
      Journal.State state = e == null ? Journal.State.PENDING : e.state();
      committed += state == Journal.State.COMMITTED ? 1 : 0;
      failed += state == Journal.State.FAILED ? 1 : 0;
      if (!choices.quiet()) {
        out.println(
            "  "
                + state.text()
                + "  "
                + f
                + (e == null || e.reason().isEmpty() ? "" : ": " + e.reason()));
      }
    }
    out.println(
        ingredients.input().coverageId()
            + ": "
            + committed
            + "/"
            + found.size()
            + " imported, "
            + failed
            + (failed == 1 ? " error" : " errors"));
    return committed == found.size();
  }

  private List<InputFile> files() {
    Set<InputFile> out = new LinkedHashSet<>();
    for (String pattern : ingredients.input().paths()) {
      if (pattern.matches("[A-Z0-9_]+:.*")) {
        parts(pattern)
            .forEach(
                d -> out.add(new InputFile(d, new InputFile(d, Path.of("/")).path(), out.size())));
        continue;
      }
      if (pattern.startsWith("/vsi")) {
        InputFile f = new InputFile(pattern.replaceFirst("^(/vsi[a-z]+/)/+", "$1/"), Path.of("/"));
        out.add(new InputFile(f.dataset(), f.path(), out.size()));
        continue;
      }
      for (Path p : Globs.files(ingredients.folder(), pattern)) {
        out.add(new InputFile(p.toString(), p, out.size()));
      }
    }
    if (out.isEmpty()) {
      throw new ImportException(
          "'input.paths' matches no file: "
              + String.join(", ", ingredients.input().paths())
              + " in "
              + ingredients.folder());
    }
    return List.copyOf(out);
  }

  /** GDAL's names of a part of each file that a name with a pattern for the file means. */
  private List<String> parts(String name) {
    InputFile.Subdataset part =
        InputFile.subdataset(name)
            .orElseThrow(
                () ->
                    new ImportException(
                        "'input.paths' has '"
                            + name
                            + "', in which no file can be made out; a part of a file is written"
                            + " such as NETCDF:\"/data/a.nc\":temperature (gdalinfo shows the"
                            + " names)"));
    if (part.file().startsWith("/vsi")) {
      return List.of(name);
    }
    List<Path> files = Globs.files(ingredients.folder(), part.file());
    if (files.isEmpty()) {
      throw new ImportException(
          "'input.paths' has '"
              + name
              + "', but there is no file "
              + ingredients.folder().resolve(part.file()));
    }
    return files.stream().map(f -> part.in(f.toString())).toList();
  }

  private List<ImportPlan> plans(WcstClient client, List<InputFile> files, SourceFiles source) {
    List<ImportPlan> out = new ArrayList<>();
    Ingredients.Options o = ingredients.options();
    if (!o.overviewsOnly()) {
      out.add(plan(client, files, source, -1));
    }
    List<Integer> overviews = new ArrayList<>(o.overviews());
    if (o.allOverviews()) {
      int n = source.raster(files.getFirst().dataset()).bands().getFirst().overviews().size();
      for (int i = 0; i < n; i++) {
        if (!overviews.contains(i)) {
          overviews.add(i);
        }
      }
    }
    for (int level : overviews) {
      out.add(plan(client, files, source, level));
    }
    return out;
  }

  private ImportPlan plan(
      WcstClient client, List<InputFile> files, SourceFiles source, int overview) {
    return Recipes.plan(
        ingredients,
        files,
        source,
        overview,
        choices.rowsByCoordinate(),
        mock
            ? ExistingGrid.NONE
            : client
                .describe(Recipes.coverageId(ingredients, overview))
                .map(ImportRun::existing)
                .orElse(ExistingGrid.NONE));
  }

  private static ExistingGrid existing(ServerGrid grid) {
    Map<String, String[]> axes = new LinkedHashMap<>();
    for (ServerGrid.GridAxis a : grid.axes()) {
      if (a.coefficients().isEmpty()) {
        axes.put(a.label(), new String[] {a.origin(), a.step()});
      }
    }
    return new ExistingGrid(axes);
  }

  // ---- showing

  private void preview(ImportPlan plan, URI service) {
    if (choices.quiet()) {
      return;
    }
    Slice first = plan.slices().getFirst();
    long files = plan.slices().stream().map(Slice::file).distinct().count();
    out.println(
        plan.coverageId()
            + " at "
            + service
            + ", recipe "
            + ingredients.recipe()
            + ": "
            + files
            + (files == 1 ? " file, " : " files, ")
            + plan.slices().size()
            + (plan.slices().size() == 1 ? " slice" : " slices"));
    for (Axis a : first.domain().gridAxes()) {
      int i = first.domain().crsOrder().indexOf(a.label());
      out.println("  axis " + a.label() + ": " + extent(plan, i, a));
    }
    List<String> bands = plan.fields().stream().map(f -> f.name() + " " + f.type()).toList();
    out.println(
        "  bands: "
            + (bands.size() > 8
                ? String.join(", ", bands.subList(0, 8)) + ", ... (" + bands.size() + ")"
                : String.join(", ", bands)));
    int shown = Math.min(ingredients.config().descriptionSlices(), plan.slices().size());
    for (Slice s : plan.slices().subList(0, shown)) {
      List<String> place = new ArrayList<>();
      for (int i = 0; i < s.place().size(); i++) {
        place.add(s.domain().crsOrder().get(i) + interval(s.place().get(i)));
      }
      out.println("  slice " + s.file() + ": " + String.join(" ", place));
    }
    if (shown < plan.slices().size()) {
      out.println("  ... and " + (plan.slices().size() - shown) + " more");
    }
  }

  private static String interval(String[] bounds) {
    return bounds[0].equals(bounds[1])
        ? "(" + bounds[0] + ")"
        : "(" + bounds[0] + ":" + bounds[1] + ")";
  }

  private static String extent(ImportPlan plan, int axis, Axis first) {
    java.math.BigDecimal lower = first.lower();
    java.math.BigDecimal upper = first.upper();
    String from = plan.slices().getFirst().place().get(axis)[0];
    String to = plan.slices().getFirst().place().get(axis)[1];
    for (Slice s : plan.slices()) {
      Axis a = s.domain().axis(first.label()).orElseThrow();
      if (a.lower().compareTo(lower) < 0) {
        lower = a.lower();
        from = s.place().get(axis)[0];
      }
      if (a.upper().compareTo(upper) > 0) {
        upper = a.upper();
        to = s.place().get(axis)[1];
      }
    }
    String kind =
        switch (first) {
          case Axis.RegularAxis r -> {
            java.math.BigDecimal n =
                upper
                    .subtract(lower)
                    .divide(r.resolution().abs(), 0, java.math.RoundingMode.HALF_UP);
            yield n.toPlainString()
                + " cells of "
                + r.resolution().round(new java.math.MathContext(8)).toPlainString()
                + " "
                + r.uom();
          }
          case Axis.IrregularAxis i -> "irregular, " + i.size() + " in the first slice";
          case Axis.IndexAxis i -> i.size() + " cells";
        };
    return from + " to " + to + ", " + kind;
  }
}
