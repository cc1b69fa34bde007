package org.tessera.importer.run;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.ImportPlan;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.plan.Recipes;
import org.tessera.importer.plan.Slice;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.SourceFiles;
import org.tessera.importer.wcst.SliceGml;
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
   */
  public record Choices(
      Optional<String> defaultService,
      Optional<String> login,
      boolean allowHooks,
      boolean rowsByCoordinate,
      boolean mock,
      boolean quiet) {}

  private final Ingredients ingredients;
  private final Choices choices;
  private final PrintStream out;
  private final PrintStream err;
  private final List<String> problems = new ArrayList<>();
  private final boolean mock;

  /** Whether files go along with the requests; once the server may not read one, all of them do. */
  private boolean uploading;

  public ImportRun(Ingredients ingredients, Choices choices, PrintStream out, PrintStream err) {
    this.ingredients = ingredients;
    this.choices = choices;
    this.out = out;
    this.err = err;
    this.mock = choices.mock() || ingredients.config().mock();
    this.uploading = !ingredients.config().local();
  }

  /**
   * Runs it.
   *
   * @return whether everything was imported; with {@code skip} files that cannot be are left out
   *     and only reported
   * @throws ImportException if it cannot go on
   */
  public boolean run(SourceFiles source) {
    long started = System.nanoTime();
    List<InputFile> found = files();
    Hooks hooks = new Hooks(ingredients, choices.allowHooks(), mock);
    URI service = service();
    int imported = 0;
    try (WcstClient client =
        new WcstClient(
            service,
            choices.login(),
            ingredients.config().retries(),
            ingredients.config().retrySleep())) {
      boolean exists = !mock && client.exists(ingredients.input().coverageId());
      ImportedFiles done = new ImportedFiles(resumeFile(), !exists);
      List<InputFile> open =
          found.stream().filter(f -> !done.contains(f.original().toString())).toList();
      if (open.isEmpty()) {
        say(
            ingredients.input().coverageId()
                + ": all "
                + found.size()
                + " files are imported already");
        return true;
      }
      List<InputFile> files = hooks.before(open);
      List<ImportPlan> plans = plans(files, source);
      for (ImportPlan plan : plans) {
        plan.notes().forEach(n -> err.println("note: " + n));
        plan.problems().forEach(p -> problem("left out: " + p));
        preview(plan, service);
        imported += send(client, plan, done);
      }
      if (!mock) {
        Pyramids.build(client, ingredients, plans.getFirst());
        files.forEach(hooks::after);
      }
    }
    String time = Progress.time((System.nanoTime() - started) / 1e9);
    say(
        String.format(
            "%s: %d slice%s %s in %s, %d problem%s",
            ingredients.input().coverageId(),
            imported,
            imported == 1 ? "" : "s",
            mock ? "would be imported" : "imported",
            time,
            problems.size(),
            problems.size() == 1 ? "" : "s"));
    return imported > 0;
  }

  private void say(String text) {
    if (!choices.quiet()) {
      out.println(text);
    }
  }

  private void problem(String text) {
    problems.add(text);
    err.println("problem: " + text);
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

  private List<InputFile> files() {
    Set<InputFile> out = new LinkedHashSet<>();
    for (String pattern : ingredients.input().paths()) {
      if (pattern.startsWith("/vsi") || pattern.matches("[A-Z0-9_]+:.*")) {
        InputFile f = new InputFile(pattern.replaceFirst("^(/vsi[a-z]+/)/+", "$1/"), Path.of("/"));
        out.add(new InputFile(f.dataset(), f.path()));
        continue;
      }
      for (Path p : Globs.files(ingredients.folder(), pattern)) {
        out.add(new InputFile(p.toString(), p));
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

  private List<ImportPlan> plans(List<InputFile> files, SourceFiles source) {
    List<ImportPlan> out = new ArrayList<>();
    Ingredients.Options o = ingredients.options();
    if (!o.overviewsOnly()) {
      out.add(Recipes.plan(ingredients, files, source, -1, choices.rowsByCoordinate()));
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
      out.add(Recipes.plan(ingredients, files, source, level, choices.rowsByCoordinate()));
    }
    return out;
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

  // ---- sending

  private int send(WcstClient client, ImportPlan plan, ImportedFiles done) {
    boolean exists = !mock && client.exists(plan.coverageId());
    Progress progress =
        new Progress(out, choices.quiet() || mock, plan.coverageId(), plan.slices().size());
    Map<InputFile, Integer> left = new LinkedHashMap<>();
    plan.slices().forEach(s -> left.merge(s.file(), 1, Integer::sum));
    int sent = 0;
    for (int i = 0; i < plan.slices().size(); i++) {
      Slice slice = plan.slices().get(i);
      try {
        send(client, plan, slice, exists, progress);
        exists = true;
        sent++;
        if (left.merge(slice.file(), -1, Integer::sum) == 0 && !mock) {
          done.add(slice.file().original().toString());
        }
      } catch (WcstClient.Refused e) {
        progress.interrupt();
        String message = slice.file() + ": the server says: " + e.getMessage();
        if (!ingredients.config().skip()) {
          throw new ImportException(
              message + (sent > 0 ? " (" + sent + " slices before it are imported)" : ""), e);
        }
        problem("left out: " + message);
      }
      progress.done(i + 1);
    }
    return sent;
  }

  /** Sends a slice; with its file where the server cannot or may not read that by its path. */
  private void send(
      WcstClient client, ImportPlan plan, Slice slice, boolean exists, Progress progress) {
    try {
      change(client, plan, slice, exists);
    } catch (WcstClient.Refused e) {
      boolean aboutTheFile = e.code().equals("AccessDenied") || e.locator().startsWith("file:");
      if (uploading || !aboutTheFile || !Files.isRegularFile(slice.file().path())) {
        throw e;
      }
      uploading = true;
      progress.interrupt();
      err.println(
          "note: the server does not read "
              + slice.file().path().getParent()
              + " (its setting tessera.files.allowed); the files are uploaded");
      change(client, plan, slice, exists);
    }
  }

  private void change(WcstClient client, ImportPlan plan, Slice slice, boolean exists) {
    if (exists) {
      update(client, plan, slice);
    } else {
      insert(client, plan, slice);
    }
  }

  private void insert(WcstClient client, ImportPlan plan, Slice slice) {
    String gml = gml(plan, slice, plan.metadata());
    if (mock) {
      out.println("would send InsertCoverage:\n" + gml);
      return;
    }
    client.insert(gml, ingredients.options().tiling(), upload(slice));
  }

  private void update(WcstClient client, ImportPlan plan, Slice slice) {
    List<String> subsets = new ArrayList<>();
    for (int i = 0; i < slice.place().size(); i++) {
      String[] p = slice.place().get(i);
      subsets.add(
          slice.domain().crsOrder().get(i)
              + (p[0].equals(p[1]) ? "(" + p[0] + ")" : "(" + p[0] + "," + p[1] + ")"));
    }
    String gml = gml(plan, slice, "");
    if (mock) {
      out.println(
          "would send UpdateCoverage of "
              + plan.coverageId()
              + ", "
              + String.join(" ", subsets)
              + ":\n"
              + gml);
      return;
    }
    client.update(plan.coverageId(), subsets, gml, upload(slice));
  }

  private String gml(ImportPlan plan, Slice slice, String metadata) {
    String reference = uploading ? "cid:file" : slice.file().path().toUri().toString();
    SourceLayout layout = slice.layout();
    return SliceGml.of(
        plan.coverageId(),
        slice.domain(),
        plan.fields(),
        metadata,
        reference,
        plan.mediaType(),
        layout);
  }

  private Optional<Path> upload(Slice slice) {
    return uploading ? Optional.of(slice.file().path()) : Optional.empty();
  }
}
