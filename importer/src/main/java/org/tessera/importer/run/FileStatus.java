package org.tessera.importer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.wcst.WcstClient;

/**
 * What has become of a file, for people and programs.
 *
 * @param importer who sends it, or has sent it; empty if nobody or unknown
 * @param changed since when it has its state, if that is known
 */
record FileStatus(
    String path, Journal.State state, String reason, String importer, Optional<Instant> changed) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static FileStatus pending(String path) {
    return new FileStatus(path, Journal.State.PENDING, "", "", Optional.empty());
  }

  /**
   * All files that something is known of, by path: by the server, or else by a journal.
   *
   * @throws ImportException if the server keeps no states, and there is no journal
   */
  static Map<String, FileStatus> known(WcstClient client, String coverage, Optional<Path> journal) {
    Map<String, FileStatus> files = new LinkedHashMap<>();
    Optional<CatalogueStates.Listed> listed = CatalogueStates.list(client, coverage);
    if (listed.isPresent()) {
      listed
          .get()
          .files()
          .forEach(
              (path, e) ->
                  files.put(
                      path,
                      new FileStatus(
                          path, e.state(), e.reason(), e.importer(), Optional.of(e.changed()))));
      return files;
    }
    Path file =
        journal.orElseThrow(
            () ->
                new ImportException(
                    "the server keeps no states of files; give the ingredients instead of the"
                        + " coverage"));
    Journal.read(file)
        .forEach(
            (path, e) ->
                files.put(path, new FileStatus(path, e.state(), e.reason(), "", Optional.empty())));
    return files;
  }

  /** Prints files and totals; true if all are imported. */
  static boolean show(
      String coverage, Collection<FileStatus> files, boolean json, boolean quiet, PrintStream out) {
    Map<Journal.State, Integer> counts = new EnumMap<>(Journal.State.class);
    for (Journal.State s : Journal.State.values()) {
      counts.put(s, 0);
    }
    files.forEach(f -> counts.merge(f.state(), 1, Integer::sum));
    int committed = counts.get(Journal.State.COMMITTED);
    int failed = counts.get(Journal.State.FAILED);
    Optional<Double> rate = rate(files);
    if (json) {
      out.println(json(coverage, files, counts, rate));
      return committed == files.size();
    }
    for (FileStatus f : files) {
      boolean wanted = !quiet || f.state() == Journal.State.FAILED;
      if (wanted) {
        out.printf(
            Locale.ROOT,
            "  %-9s  %-20s  %s%s%n",
            f.state().text(),
            f.changed().map(c -> c.toString().replaceFirst("\\.[0-9]+Z$", "Z")).orElse(""),
            f.path(),
            f.state() == Journal.State.STAGED
                ? " (by " + f.importer() + ")"
                : f.reason().isEmpty() ? "" : ": " + f.reason());
      }
    }
    out.println(
        coverage
            + ": "
            + committed
            + "/"
            + files.size()
            + " imported, "
            + counts.get(Journal.State.STAGED)
            + " staged, "
            + counts.get(Journal.State.PENDING)
            + " pending, "
            + failed
            + (failed == 1 ? " error" : " errors")
            + rate.map(r -> String.format(Locale.ROOT, ", %.1f files/s", r)).orElse(""));
    return committed == files.size();
  }

  /**
   * Files a second of the importer that was the last to bring one, from its start to its last file.
   */
  private static Optional<Double> rate(Collection<FileStatus> files) {
    List<FileStatus> imported =
        files.stream()
            .filter(f -> f.state() == Journal.State.COMMITTED && f.changed().isPresent())
            .toList();
    Optional<FileStatus> last =
        imported.stream().max(Comparator.comparing(f -> f.changed().orElseThrow()));
    long start = last.map(f -> ImporterName.started(f.importer())).orElse(0L);
    if (start == 0) {
      return Optional.empty();
    }
    long n = imported.stream().filter(f -> f.importer().equals(last.get().importer())).count();
    long millis = last.get().changed().orElseThrow().toEpochMilli() - start;
    return millis <= 0 ? Optional.empty() : Optional.of(n * 1000.0 / millis);
  }

  private static String json(
      String coverage,
      Collection<FileStatus> files,
      Map<Journal.State, Integer> counts,
      Optional<Double> rate) {
    ObjectNode n = JSON.createObjectNode();
    n.put("coverage", coverage);
    n.put("files", files.size());
    counts.forEach((s, c) -> n.put(s.text(), c));
    rate.ifPresent(r -> n.put("filesPerSecond", Math.round(r * 10) / 10.0));
    ArrayNode all = n.putArray("states");
    for (FileStatus f : files) {
      ObjectNode o = all.addObject().put("file", f.path()).put("state", f.state().text());
      if (!f.reason().isEmpty()) {
        o.put("reason", f.reason());
      }
      if (!f.importer().isEmpty()) {
        o.put("importer", f.importer());
      }
      f.changed().ifPresent(c -> o.put("at", c.toString()));
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(n);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers cannot fail to be written", e);
    }
  }
}
