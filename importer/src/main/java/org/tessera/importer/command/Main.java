package org.tessera.importer.command;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.ingredients.IngredientsDraft;
import org.tessera.importer.plan.RowOrder;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.recipe.DerivedRecipes;
import org.tessera.importer.run.ImportRun;
import org.tessera.importer.source.GdalSourceFiles;
import org.tessera.importer.source.SourceFiles;
import org.tessera.importer.wcst.WcstClient;

/** The command: exit code 0 all imported, 1 not, 2 called wrongly. */
public final class Main {
  private static final String HELP =
      """
      Imports files into a Tessera server as ingredients files say (wcst_import's format).

        tessera import [options] INGREDIENTS...
        tessera import status [-q] [--json] INGREDIENTS|COVERAGE...   what has become of each file
        tessera import --init FILE...               ingredients for these files, to look at and change

      options
        -q, --quiet              show only problems
            --mock               show the requests that would be sent, and send none
            --report FILE        write what was done as JSON
            --verify             compare checksums of all files that are imported already
            --changed WHAT       files that changed since they were imported: again (import them again;
                                 default) or keep (leave the coverage as it is); wins over the ingredients
        -w, --watch SECONDS      look for new files again and again
        -d, --daemon WHAT        start, stop, restart or status of an import in the background, which
                                 looks for new files every --watch seconds (3600)
            --recipes FOLDER     jars with recipes of your own (also: TESSERA_IMPORT_RECIPES)
            --allow-hooks        let hooks of the ingredients run their commands
                                 (also: TESSERA_IMPORT_ALLOW_HOOKS=1); without it such files are refused
            --allow-remote       read files on other machines: http://, https:// and s3:// in input.paths, or
                                 /vsicurl/ and /vsis3/ (also: TESSERA_IMPORT_ALLOW_REMOTE=1); the server
                                 reads them itself, if its setting tessera.remote.allowed has them
            --row-order WHICH    what counts when a file runs against an axis: coordinates; ingredients
                                 (default): coordinates, unless the resolution is a plain number, whose
                                 sign wins; file: images and irregular axes stay in the order of the
                                 file, as wcst_import leaves them (also: TESSERA_IMPORT_ROW_ORDER)
            --service URL        the server, where the ingredients name none (also: TESSERA_SERVICE_URL)
        -u, --user USER          login; asks for the password, or takes USER:PASSWORD
        -i, --identity-file FILE file with one line user:password
        -h, --help               this page

      An ingredients file says which files, which recipe, which axes and bands:

        { "config": { "service_url": "http://localhost:8080/rasdaman/ows" },
          "input":  { "coverage_id": "temperature", "paths": ["data/*.nc"] },
          "recipe": { "name": "general_coverage", "options": { "coverage": {
            "crs": "OGC/0/AnsiDate@EPSG/0/4326",
            "slicer": { "type": "netcdf", "pixelIsPoint": true,
              "bands": [ { "identifier": "t2m", "name": "t2m" } ],
              "axes": {
                "ansi": { "min": "datetime(${netcdf:variable:time:min} * 3600)",
                          "directPositions": "[datetime(x * 3600) for x in ${netcdf:variable:time}]",
                          "irregular": true },
                "Lat":  { "min": "${netcdf:variable:lat:min}", "max": "${netcdf:variable:lat:max}",
                          "resolution": "${netcdf:variable:lat:resolution}" },
                "Long": { "min": "${netcdf:variable:lon:min}", "max": "${netcdf:variable:lon:max}",
                          "resolution": "${netcdf:variable:lon:resolution}" } } } } } } }

      recipes: map_mosaic, time_series_regular, time_series_irregular, general_coverage, wcs_extract,
               virtual_coverage, sentinel1, sentinel2, and your own
      slicers: gdal, netcdf, grib
      config:  mock, skip, retries, default_null_values, service_is_local false (upload at once), ...

      What has become of each file is kept by the server with the coverage, unless track_files is false:
      an import that was killed goes on where it stopped, from any machine, one that is done is not done
      again, and several at once share the files. Relative paths start at the folder of the ingredients file. docs/import.md has
      all keys.
      """;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  /** What the arguments say. */
  private static final class Options {
    Optional<String> service = Optional.ofNullable(System.getenv("TESSERA_SERVICE_URL"));
    Optional<String> login = Optional.empty();
    boolean quiet;
    boolean mock;
    boolean hooks = "1".equals(System.getenv("TESSERA_IMPORT_ALLOW_HOOKS"));
    boolean remote = "1".equals(System.getenv("TESSERA_IMPORT_ALLOW_REMOTE"));
    boolean verify;
    boolean status;
    boolean json;
    Optional<Boolean> changedAgain = Optional.empty();
    boolean init;
    String rows =
        Optional.ofNullable(System.getenv("TESSERA_IMPORT_ROW_ORDER")).orElse("ingredients");
    Optional<Path> report = Optional.empty();
    Optional<Path> recipes =
        Optional.ofNullable(System.getenv("TESSERA_IMPORT_RECIPES")).map(Path::of);
    Optional<String> daemon = Optional.empty();
    Optional<Long> watch = Optional.empty();
    Optional<Path> pidFile = Optional.empty();
    final List<Path> files = new ArrayList<>();

    ImportRun.Choices choices() {
      return new ImportRun.Choices(
          service,
          login,
          hooks,
          RowOrder.valueOf(rows.toUpperCase(Locale.ROOT)),
          mock,
          quiet,
          verify,
          changedAgain,
          report);
    }
  }

  private static final long WATCH_SECONDS = 3600;

  /** As {@link #main}, giving the exit code. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    if (args.contains("-h") || args.contains("--help")) {
      out.print(HELP);
      return 0;
    }
    Options o;
    try {
      o = options(args);
    } catch (IllegalArgumentException e) {
      err.println("error: " + e.getMessage() + "; tessera import --help says more");
      return 2;
    }
    try {
      if (o.daemon.isPresent()) {
        return new Daemon(o.files.getFirst(), out)
            .run(o.daemon.get(), withoutDaemon(args), o.watch.orElse(WATCH_SECONDS));
      }
      if (o.watch.isPresent()) {
        Daemon.watch(o.pidFile, o.watch.get(), () -> all(o, out, err));
        return 0;
      }
      return all(o, out, err) ? 0 : 1;
    } catch (IllegalArgumentException e) {
      err.println("error: " + e.getMessage() + "; tessera import --help says more");
      return 2;
    } catch (ImportException e) {
      err.println("error: " + e.getMessage());
      return 1;
    }
  }

  /** One look at all ingredients files; false if something is wrong. */
  private static boolean all(Options o, PrintStream out, PrintStream err) {
    try (SourceFiles source = GdalSourceFiles.open(o.remote)) {
      if (o.init) {
        out.println(IngredientsDraft.of(o.files, source));
        return true;
      }
      DerivedRecipes recipes =
          o.recipes.map(DerivedRecipes::with).orElseGet(DerivedRecipes::standard);
      boolean all = true;
      for (Path file : o.files) {
        if (o.status && !Files.exists(file)) {
          all &= status(o, file.toString(), out);
          continue;
        }
        for (Ingredients i : Ingredients.readAll(file, recipes, source)) {
          ImportRun run = new ImportRun(i, o.choices(), out, err);
          all &= o.status ? run.status(o.json) : run.run(source);
        }
      }
      return all;
    } catch (ImportException | ExpressionException | GdalException | WcstClient.Refused e) {
      err.println("error: " + e.getMessage());
      return false;
    } catch (RuntimeException e) {
      // Whatever else goes wrong is a fault of this program: said as one, then shown for its
      // report.
      err.println(
          "error: the import failed for a reason it does not know how to explain, which is a fault"
              + " of the importer: "
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + "; please report it with the lines that follow");
      e.printStackTrace(err);
      return false;
    }
  }

  /** What a server knows of a coverage's files. */
  private static boolean status(Options o, String coverage, PrintStream out) {
    if (!coverage.matches("[A-Za-z_][A-Za-z0-9_.]*") || coverage.endsWith(".json")) {
      throw new ImportException(
          "there is no file " + coverage + ", and no coverage can have that name");
    }
    String service =
        o.service.orElseThrow(
            () -> new ImportException("which server? --service URL, or TESSERA_SERVICE_URL"));
    try (WcstClient client = new WcstClient(URI.create(service), o.login, 0, Duration.ZERO)) {
      return ImportRun.status(client, coverage, o.json, o.quiet, out);
    }
  }

  private static Options options(List<String> args) {
    Options o = new Options();
    int i = 0;
    while (i < args.size()) {
      String a = args.get(i++);
      switch (a) {
        case "-q", "--quiet" -> o.quiet = true;
        case "--mock" -> o.mock = true;
        case "--verify" -> o.verify = true;
        case "--json" -> o.json = true;
        case "--changed" -> o.changedAgain = Optional.of(again(argument(args, i++, a)));
        case "--init" -> o.init = true;
        case "--allow-hooks" -> o.hooks = true;
        case "--allow-remote" -> o.remote = true;
        case "--row-order" -> o.rows = argument(args, i++, a);
        case "--service" -> o.service = Optional.of(argument(args, i++, a));
        case "-u", "--user" -> o.login = Optional.of(login(argument(args, i++, a)));
        case "-i", "--identity-file" ->
            o.login = Optional.of(identity(Path.of(argument(args, i++, a))));
        case "-c", "--gdal-cache-size" -> argument(args, i++, a);
        case "--report" -> o.report = Optional.of(Path.of(argument(args, i++, a)));
        case "--recipes" -> o.recipes = Optional.of(Path.of(argument(args, i++, a)));
        case "-d", "--daemon" -> o.daemon = Optional.of(argument(args, i++, a));
        case "-w", "--watch" -> {
          boolean given = i < args.size() && args.get(i).matches("[0-9]+");
          o.watch = Optional.of(given ? seconds(args.get(i++)) : WATCH_SECONDS);
        }
        case "--pid-file" -> o.pidFile = Optional.of(Path.of(argument(args, i++, a)));
        default -> {
          if (a.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + a);
          }
          if (a.equals("status") && !o.status && o.files.isEmpty()) {
            o.status = true;
          } else {
            o.files.add(Path.of(a));
          }
        }
      }
    }
    if (o.files.isEmpty()) {
      throw new IllegalArgumentException(
          o.init ? "no file to look at is given" : "no ingredients file is given");
    }
    if (o.daemon.isPresent() && o.files.size() != 1) {
      throw new IllegalArgumentException("--daemon takes one ingredients file");
    }
    if (!List.of("ingredients", "coordinates", "file").contains(o.rows)) {
      throw new IllegalArgumentException(
          "--row-order is ingredients, coordinates or file, not " + o.rows);
    }
    return o;
  }

  /** The arguments for the process in the background. */
  private static List<String> withoutDaemon(List<String> args) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String a = args.get(i);
      if (List.of("-d", "--daemon").contains(a)) {
        i++;
      } else if (List.of("-w", "--watch").contains(a)) {
        i += i + 1 < args.size() && args.get(i + 1).matches("[0-9]+") ? 1 : 0;
      } else {
        out.add(a);
      }
    }
    return out;
  }

  private static long seconds(String text) {
    try {
      long n = Long.parseLong(text);
      if (n > 0) {
        return n;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--watch needs seconds, not '" + text + "'", e);
    }
    throw new IllegalArgumentException("--watch needs seconds, not '" + text + "'");
  }

  private static String argument(List<String> args, int i, String option) {
    if (i >= args.size()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return args.get(i);
  }

  private static boolean again(String text) {
    if (!text.equals("again") && !text.equals("keep")) {
      throw new IllegalArgumentException("--changed is again or keep, not " + text);
    }
    return text.equals("again");
  }

  /** A user with a password, which is asked for if it is not given. */
  private static String login(String user) {
    if (user.indexOf(':') >= 0) {
      return user;
    }
    // There is none where neither input nor output is a terminal.
    Console console =
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--user needs USER:PASSWORD where nobody can be asked for the password, or"
                            + " use --identity-file"));
    char[] password = console.readPassword("password of %s: ", user);
    return user + ":" + (password == null ? "" : new String(password));
  }

  private static String identity(Path file) {
    try {
      String line = Files.readString(file, StandardCharsets.UTF_8).strip();
      if (line.indexOf(':') < 1 || line.lines().count() != 1) {
        throw new IllegalArgumentException(file + " should have one line user:password");
      }
      return line;
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
