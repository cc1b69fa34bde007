package org.tessera.importer.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.run.ImportRun;
import org.tessera.importer.source.GdalSourceFiles;
import org.tessera.importer.source.SourceFiles;

/** The command: exit code 0 all imported, 1 not, 2 called wrongly. */
public final class Main {
  private static final String HELP =
      """
      Imports files into a Tessera server as ingredients files say (wcst_import's format).

        tessera import [options] INGREDIENTS...

      options
        -q, --quiet              show only problems
            --mock               show the requests that would be sent, and send none
            --allow-hooks        let hooks of the ingredients run their commands
                                 (also: TESSERA_IMPORT_ALLOW_HOOKS=1); without it such files are refused
            --row-order WHICH    what counts when the resolution in the ingredients is a plain number
                                 whose sign says another order than the coordinates in the file:
                                 ingredients (as wcst_import does; default) or coordinates
                                 (also: TESSERA_IMPORT_ROW_ORDER)
            --service URL        the server, where the ingredients name none (also: TESSERA_SERVICE_URL)
            --user USER:PASSWORD login (better: --identity-file)
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

      recipes: map_mosaic, time_series_regular, time_series_irregular, general_coverage
      slicers: gdal, netcdf, grib
      config:  service_is_local false uploads the files; mock, skip, retries, default_null_values,
               track_files (a second run leaves out what is imported), slice_restriction, ...

      Files already imported are remembered in COVERAGE.resume.json beside the ingredients, unless
      track_files is false. Relative paths start at the folder of the ingredients file.
      """;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.out, System.err));
  }

  /** As {@link #main}, giving the exit code. */
  static int run(List<String> args, PrintStream out, PrintStream err) {
    Optional<String> service = Optional.ofNullable(System.getenv("TESSERA_SERVICE_URL"));
    Optional<String> login = Optional.empty();
    boolean quiet = false;
    boolean mock = false;
    boolean hooks = "1".equals(System.getenv("TESSERA_IMPORT_ALLOW_HOOKS"));
    String rows =
        Optional.ofNullable(System.getenv("TESSERA_IMPORT_ROW_ORDER")).orElse("ingredients");
    List<Path> files = new ArrayList<>();
    try {
      int i = 0;
      while (i < args.size()) {
        String a = args.get(i++);
        switch (a) {
          case "-h", "--help" -> {
            out.print(HELP);
            return 0;
          }
          case "-q", "--quiet" -> quiet = true;
          case "--mock" -> mock = true;
          case "--allow-hooks" -> hooks = true;
          case "--row-order" -> rows = argument(args, i++, a);
          case "--service" -> service = Optional.of(argument(args, i++, a));
          case "-u", "--user" -> login = Optional.of(argument(args, i++, a));
          case "-i", "--identity-file" ->
              login = Optional.of(identity(Path.of(argument(args, i++, a))));
          case "-c", "--gdal-cache-size" -> argument(args, i++, a);
          default -> {
            if (a.startsWith("-")) {
              throw new IllegalArgumentException("unknown option " + a);
            }
            files.add(Path.of(a));
          }
        }
      }
      if (files.isEmpty()) {
        throw new IllegalArgumentException("no ingredients file is given");
      }
      if (!rows.equals("ingredients") && !rows.equals("coordinates")) {
        throw new IllegalArgumentException(
            "--row-order is ingredients or coordinates, not " + rows);
      }
    } catch (IllegalArgumentException e) {
      err.println("error: " + e.getMessage() + "; tessera import --help says more");
      return 2;
    }
    ImportRun.Choices choices =
        new ImportRun.Choices(
            service,
            login,
            hooks,
            rows.equals("coordinates"),
            mock,
            quiet,
            false,
            Optional.empty());
    try (SourceFiles source = GdalSourceFiles.open()) {
      boolean all = true;
      for (Path file : files) {
        all &= new ImportRun(Ingredients.read(file), choices, out, err).run(source);
      }
      return all ? 0 : 1;
    } catch (ImportException | ExpressionException | GdalException e) {
      err.println("error: " + e.getMessage());
      return 1;
    }
  }

  private static String argument(List<String> args, int i, String option) {
    if (i >= args.size()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return args.get(i);
  }

  private static String identity(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
