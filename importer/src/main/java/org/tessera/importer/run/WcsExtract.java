package org.tessera.importer.run;

import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.wcst.ServerGrid;
import org.tessera.importer.wcst.ServerGrid.GridAxis;
import org.tessera.importer.wcst.WcstClient;

/**
 * The recipe wcs_extract: copies a coverage from another WCS 2.0, part by part, as GML coverages,
 * which carry the numbers exactly. A part that is there already is written again over itself.
 */
final class WcsExtract {
  /** Most cells of a part when the ingredients do not say how to cut. */
  private static final long PART_CELLS = 200_000;

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private final Ingredients ingredients;
  private final Ingredients.Extraction what;
  private final PrintStream out;
  private final boolean quiet;

  WcsExtract(Ingredients ingredients, PrintStream out, boolean quiet) {
    this.ingredients = ingredients;
    this.what =
        ingredients
            .options()
            .extraction()
            .orElseThrow(() -> new ImportException("'recipe.options.wcs_endpoint' is missing"));
    this.out = out;
    this.quiet = quiet;
  }

  /** Copies all into the server of {@code target}; gives the number of parts. */
  int run(WcstClient target, boolean mock) {
    URI endpoint = URI.create(what.endpoint().strip().replaceAll("\\?.*$", ""));
    try (WcstClient source =
        new WcstClient(
            endpoint,
            Optional.empty(),
            ingredients.config().retries(),
            ingredients.config().retrySleep())) {
      ServerGrid grid =
          source
              .describe(what.coverageId())
              .orElseThrow(
                  () ->
                      new ImportException(
                          "there is no coverage '" + what.coverageId() + "' at " + endpoint));
      List<List<String>> parts = parts(grid);
      String id = ingredients.input().coverageId();
      if (!quiet) {
        out.println(
            id + ": " + what.coverageId() + " at " + endpoint + " in " + parts.size() + " parts");
      }
      boolean exists = !mock && target.exists(id);
      Progress progress = new Progress(out, quiet || mock, id, parts.size());
      for (int i = 0; i < parts.size(); i++) {
        if (mock) {
          out.println("would copy " + String.join(" ", parts.get(i)));
          continue;
        }
        String gml = renamed(source.coverage(what.coverageId(), parts.get(i)), id);
        if (exists) {
          target.update(id, List.of(), gml, Optional.empty(), List.of());
        } else {
          target.insert(gml, ingredients.options().tiling(), Optional.empty(), List.of());
          exists = true;
        }
        progress.done(i + 1);
      }
      return parts.size();
    } catch (WcstClient.Refused e) {
      throw new ImportException("wcs_extract: a server says: " + e.getMessage(), e);
    }
  }

  /** The id of a coverage document is on its root; ids within it may stay. */
  private static String renamed(String gml, String id) {
    return gml.replaceFirst("gml:id=\"[^\"]*\"", "gml:id=\"" + Matcher.quoteReplacement(id) + "\"");
  }

  /** Subsets of all parts; together they are the coverage. */
  private List<List<String>> parts(ServerGrid grid) {
    long[] edges = edges(grid);
    List<List<String>> parts = new ArrayList<>(List.of(List.of()));
    for (int a = 0; a < grid.axes().size(); a++) {
      GridAxis axis = grid.axes().get(a);
      List<List<String>> next = new ArrayList<>();
      for (List<String> before : parts) {
        for (long low = axis.low(); low <= axis.high(); low += edges[a]) {
          long high = Math.min(axis.high(), low + edges[a] - 1);
          List<String> one = new ArrayList<>(before);
          if (low > axis.low() || high < axis.high()) {
            one.add(axis.label() + "(" + bounds(axis, low - axis.low(), high - axis.low()) + ")");
          }
          next.add(one);
        }
      }
      parts = next;
    }
    return parts;
  }

  private long[] edges(ServerGrid grid) {
    int n = grid.axes().size();
    long[] edges = new long[n];
    for (int i = 0; i < n; i++) {
      edges[i] = grid.axes().get(i).high() - grid.axes().get(i).low() + 1;
    }
    if (!what.partitioning().isEmpty()) {
      if (what.partitioning().size() != n) {
        throw new ImportException(
            "'recipe.options.partitioning_scheme' has "
                + what.partitioning().size()
                + " numbers, but the coverage has "
                + n
                + " axes: "
                + grid.axes().stream().map(GridAxis::label).toList());
      }
      for (int i = 0; i < n; i++) {
        edges[i] = Math.clamp(what.partitioning().get(i), 1, edges[i]);
      }
      return edges;
    }
    while (cells(edges) > PART_CELLS) {
      int widest = 0;
      for (int i = 1; i < n; i++) {
        widest = edges[i] > edges[widest] ? i : widest;
      }
      edges[widest] = (edges[widest] + 1) / 2;
    }
    return edges;
  }

  private static double cells(long[] edges) {
    double cells = 1;
    for (long e : edges) {
      cells *= e;
    }
    return cells;
  }

  /**
   * A trim from the border before the first cell to that after the last (counted from 0): it takes
   * these under every subsetting rule, and perhaps their neighbours, which does no harm.
   */
  private static String bounds(GridAxis axis, long first, long last) {
    if (!axis.coefficients().isEmpty()) {
      BigDecimal a = new BigDecimal(axis.coefficients().get((int) first));
      BigDecimal b = new BigDecimal(axis.coefficients().get((int) last));
      return a.min(b).toPlainString() + "," + a.max(b).toPlainString();
    }
    BigDecimal step = new BigDecimal(axis.step());
    BigDecimal origin = new BigDecimal(axis.origin());
    BigDecimal from = origin.add(step.multiply(BigDecimal.valueOf(first).subtract(HALF)));
    BigDecimal to = origin.add(step.multiply(BigDecimal.valueOf(last).add(HALF)));
    return from.min(to).toPlainString() + "," + from.max(to).toPlainString();
  }
}
