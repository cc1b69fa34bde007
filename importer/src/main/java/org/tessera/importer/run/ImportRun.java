package org.tessera.importer.run;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.RemoteFiles;
import org.tessera.coverage.model.Axis;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.ExistingGrid;
import org.tessera.importer.plan.FileException;
import org.tessera.importer.plan.ImportPlan;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.plan.Recipes;
import org.tessera.importer.plan.RowOrder;
import org.tessera.importer.plan.Slice;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.Archives;
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
   * @param rows see {@link Recipes#plan}
   * @param mock only show what would be sent, even if the ingredients do not say so
   * @param quiet only problems are shown
   * @param thorough compare the checksums of all files that are imported already
   * @param changedAgain whether files that have changed are imported again, whatever the
   *     ingredients say
   * @param report file that a JSON report is written to
   */
  public record Choices(
      Optional<String> defaultService,
      Optional<String> login,
      boolean allowHooks,
      RowOrder rows,
      boolean mock,
      boolean quiet,
      boolean thorough,
      Optional<Boolean> changedAgain,
      Optional<Path> report) {
    /** Nothing but the ingredients counts. */
    public static Choices none() {
      return new Choices(
          Optional.empty(),
          Optional.empty(),
          false,
          RowOrder.INGREDIENTS,
          false,
          false,
          false,
          Optional.empty(),
          Optional.empty());
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
      case "virtual_coverage" -> {
        return unite();
      }
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
    List<Target> targets = new ArrayList<>();
    try (WcstClient client = client(service)) {
      try {
        for (int level : levels(found, source)) {
          targets.add(target(client, level));
        }
        run(client, targets, hooks, found, source);
      } finally {
        targets.forEach(t -> t.states().close());
      }
    } catch (ImportException | ExpressionException | GdalException e) {
      report.failed(e.getMessage());
      throw e;
    } finally {
      choices.report().ifPresent(report::write);
    }
    return report.success();
  }

  /**
   * A coverage that files are imported into.
   *
   * @param level number of the overview that it is, -1 for the full resolution
   */
  private record Target(int level, String coverage, FileStates states) {}

  private Target target(WcstClient client, int level) {
    String id = Recipes.coverageId(ingredients, level);
    return new Target(level, id, states(client, id));
  }

  /** The server's states, else those beside the ingredients. */
  private FileStates states(WcstClient client, String coverage) {
    Optional<Path> file = resumeFile(coverage);
    if (!tracked()) {
      return Journal.open(Optional.empty(), true);
    }
    Optional<CatalogueStates.Listed> listed = CatalogueStates.list(client, coverage);
    if (listed.isEmpty()) {
      return Journal.open(file, !client.exists(coverage));
    }
    Optional<String> note =
        file.flatMap(f -> CatalogueStates.adopt(client, coverage, listed.get(), f));
    note.ifPresent(this::note);
    return CatalogueStates.open(
        client,
        coverage,
        note.isEmpty()
            ? listed.get()
            : CatalogueStates.list(client, coverage).orElseGet(listed::get),
        !ingredients.config().insitu());
  }

  private boolean tracked() {
    return ingredients.config().trackFiles() && !mock;
  }

  /** Numbers of the overviews to import, -1 for the full resolution. */
  private List<Integer> levels(List<InputFile> files, SourceFiles source) {
    Ingredients.Options o = ingredients.options();
    Set<Integer> levels = new LinkedHashSet<>();
    if (!o.overviewsOnly()) {
      levels.add(-1);
    }
    levels.addAll(o.overviews());
    if (o.allOverviews()) {
      int n = source.raster(files.getFirst().dataset()).bands().getFirst().overviews().size();
      for (int i = 0; i < n; i++) {
        levels.add(i);
      }
    }
    return List.copyOf(levels);
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

  /** The recipe virtual_coverage: the server puts the coverages together, nothing is sent. */
  private boolean unite() {
    Ingredients.Union union =
        ingredients
            .options()
            .union()
            .orElseThrow(
                () -> new ImportException("'recipe.options.source_coverage_ids' is missing"));
    String id = ingredients.input().coverageId();
    Map<String, String> p = new LinkedHashMap<>();
    p.put("COVERAGEID", id);
    p.put("SOURCES", String.join(",", union.sources()));
    union.crs().ifPresent(crs -> p.put("CRS", crs));
    union.resolution().ifPresent(r -> p.put("RESOLUTION", r));
    URI service = service();
    report = new Report(id, service, 1);
    if (mock) {
      out.println("would make the virtual coverage " + p);
      return true;
    }
    try (WcstClient client = client(service)) {
      client.administer("/admin/coverage/virtual/create", p);
      report.imported(new InputFile(service.toString(), Path.of("/")));
      inspire(client);
    } catch (WcstClient.Refused e) {
      String message = id + ": the server says: " + e.getMessage();
      report.failed(message);
      throw new ImportException(message, e);
    } finally {
      choices.report().ifPresent(report::write);
    }
    say(id + ": a virtual coverage of " + String.join(", ", union.sources()));
    return true;
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
      WcstClient client,
      List<Target> targets,
      Hooks hooks,
      List<InputFile> found,
      SourceFiles source) {
    Map<Target, Set<String>> missing = new LinkedHashMap<>();
    targets.forEach(t -> missing.put(t, new HashSet<>()));
    List<InputFile> open = new ArrayList<>();
    boolean again = choices.changedAgain().orElse(ingredients.config().changedAgain());
    for (InputFile f : found) {
      boolean all = true;
      boolean changed = false;
      for (Target t : targets) {
        FileStates.Known known = t.states().look(f, choices.thorough());
        boolean here =
            known == FileStates.Known.IMPORTED || (known == FileStates.Known.CHANGED && !again);
        changed |= known == FileStates.Known.CHANGED;
        if (!here) {
          missing.get(t).add(f.original().toString());
        }
        all &= here;
      }
      if (changed) {
        err.println(
            "note: "
                + f
                + " has changed since it was imported; "
                + (again ? "it is imported again" : "it stays as it was imported"));
      }
      if (all) {
        report.known(f);
      } else {
        open.add(f);
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
    source.prepare();
    if (ingredients.options().wms()) {
      note("'wms_import' has no effect yet: this server has no WMS; the coverage is imported");
    }
    List<InputFile> files = hooks.before(open);
    long begun = System.nanoTime();
    Map<Target, ImportPlan> plans = new LinkedHashMap<>();
    Map<String, Integer> left = new HashMap<>();
    for (Target t : targets) {
      List<InputFile> own =
          files.stream().filter(f -> missing.get(t).contains(f.original().toString())).toList();
      if (!own.isEmpty()) {
        ImportPlan plan =
            Restriction.within(ingredients.config().restriction(), planned(client, t, own, source));
        plans.put(t, plan);
        plan.slices().stream()
            .map(s -> s.file().original().toString())
            .distinct()
            .forEach(f -> left.merge(f, 1, Integer::sum));
      }
    }
    plans.forEach(
        (target, plan) -> {
          plan.notes().forEach(this::note);
          plan.problems()
              .forEach(
                  (file, p) -> {
                    report.leftOut(file, p);
                    target.states().fail(file, p);
                    err.println("problem: left out: " + p);
                  });
          if (plan.slices().isEmpty()) {
            return;
          }
          preview(plan, report.service());
          FileStates states = target.states();
          new Sender(ingredients, plan, client, states, report, mock, out, err, choices.quiet())
              .send(left);
        });
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
    report
        .nothing()
        .ifPresent(
            problem -> {
              throw new ImportException(
                  "none of the files can be imported; the first problem: " + problem);
            });
    ImportPlan first = plans.values().iterator().next();
    if (!mock && !first.slices().isEmpty()) {
      Pyramids.build(client, ingredients, first);
      files.forEach(hooks::after);
      inspire(client);
    }
    say(report.text(mock));
  }

  private void note(String text) {
    report.note(text);
    err.println("note: " + text);
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

  /** Where states are kept beside the ingredients, if they may be. */
  private Optional<Path> resumeFile(String coverage) {
    Path folder = ingredients.config().resumeFolder().orElse(ingredients.folder());
    return Optional.of(ingredients.folder().resolve(folder).resolve(coverage + ".resume.json"))
        .filter(p -> tracked() && Files.isWritable(p.getParent()));
  }

  /**
   * Shows what has become of each file.
   *
   * @param json for programs
   * @return whether all are imported
   */
  public boolean status(boolean json) {
    try (WcstClient client = client(service())) {
      Map<String, FileStatus> status = new LinkedHashMap<>();
      String id = Recipes.coverageId(ingredients, -1);
      Map<String, FileStatus> known = FileStatus.known(client, id, resumeFile(id));
      for (InputFile f : files()) {
        String path = f.original().toString();
        status.put(path, known.getOrDefault(path, FileStatus.pending(path)));
      }
      return FileStatus.show(id, status.values(), json, choices.quiet(), out);
    }
  }

  /** As {@link #status(boolean)}, of all files that a server knows of a coverage. */
  public static boolean status(
      WcstClient client, String coverage, boolean json, boolean quiet, PrintStream out) {
    return FileStatus.show(
        coverage, FileStatus.known(client, coverage, Optional.empty()).values(), json, quiet, out);
  }

  private List<InputFile> files() {
    Set<InputFile> out = new LinkedHashSet<>();
    for (String given : ingredients.input().paths()) {
      String pattern = RemoteFiles.name(given).orElse(given);
      if (pattern.matches("[A-Z0-9_]+:.*")) {
        parts(pattern)
            .forEach(
                d -> out.add(new InputFile(d, new InputFile(d, Path.of("/")).path(), out.size())));
        continue;
      }
      if (pattern.startsWith("/vsi")) {
        for (String name : Archives.names(ingredients.folder(), pattern)) {
          Path path = new InputFile(name, Path.of("/")).path();
          out.add(new InputFile(name, path, out.size()));
        }
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
    List<String> files =
        part.file().startsWith("/vsi")
            ? Archives.names(ingredients.folder(), part.file())
            : Globs.files(ingredients.folder(), part.file()).stream().map(Path::toString).toList();
    if (files.isEmpty()) {
      throw new ImportException(
          "'input.paths' has '"
              + name
              + "', but there is no file "
              + ingredients.folder().resolve(part.file()));
    }
    return files.stream().map(part::in).toList();
  }

  /** The plan for a coverage; a file that it fails by is noted as failed. */
  private ImportPlan planned(
      WcstClient client, Target target, List<InputFile> files, SourceFiles source) {
    try {
      return plan(client, files, source, target.level());
    } catch (FileException e) {
      target.states().fail(e.file(), e.getMessage());
      throw e;
    }
  }

  private ImportPlan plan(
      WcstClient client, List<InputFile> files, SourceFiles source, int overview) {
    return Recipes.plan(
        ingredients,
        files,
        source,
        overview,
        choices.rows(),
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
