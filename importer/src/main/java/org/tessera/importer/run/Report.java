package org.tessera.importer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.problem.ImportException;

/** What an import has done, as text and as JSON. */
final class Report {
  private final String coverage;
  private final URI service;
  private final int files;
  private final long started = System.nanoTime();
  private final Set<String> known = new LinkedHashSet<>();
  private final Set<String> imported = new LinkedHashSet<>();
  private final Map<String, String> leftOut = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private Optional<String> failure = Optional.empty();
  private int slices;

  Report(String coverage, URI service, int files) {
    this.coverage = coverage;
    this.service = service;
    this.files = files;
  }

  URI service() {
    return service;
  }

  /** Something that the user should know. */
  void note(String text) {
    notes.add(text);
  }

  /** A file that was imported before. */
  void known(InputFile file) {
    known.add(file.original().toString());
  }

  void imported(InputFile file) {
    imported.add(file.original().toString());
  }

  void leftOut(InputFile file, String reason) {
    leftOut.put(file.original().toString(), reason);
  }

  boolean isLeftOut(InputFile file) {
    return leftOut.containsKey(file.original().toString());
  }

  void slices(int count) {
    slices += count;
  }

  /** The import could not go on. */
  void failed(String reason) {
    failure = Optional.of(reason);
  }

  /** The first reason why there is nothing, if files were left out and none is imported. */
  Optional<String> nothing() {
    return imported.isEmpty() && known.isEmpty()
        ? leftOut.values().stream().findFirst()
        : Optional.empty();
  }

  /** Whether something is imported, now or before. */
  boolean success() {
    return failure.isEmpty() && !(imported.isEmpty() && known.isEmpty());
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** The last line that a person sees. */
  String text(boolean mock) {
    double seconds = seconds();
    String before = known.isEmpty() ? "" : " (" + known.size() + " of them before)";
    return String.format(
        Locale.ROOT,
        "%s: %d/%d files imported%s, %d slice%s in %s, %d error%s%s",
        coverage,
        mock ? 0 : known.size() + imported.size(),
        files,
        before,
        slices,
        slices == 1 ? "" : "s",
        Progress.time(seconds),
        leftOut.size(),
        leftOut.size() == 1 ? "" : "s",
        mock ? " (mock: nothing was sent)" : "");
  }

  /** Writes the JSON report. */
  void write(Path file) {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode n = mapper.createObjectNode();
    n.put("coverage", coverage);
    n.put("service", service.toString());
    n.put("success", success());
    failure.ifPresent(f -> n.put("failure", f));
    n.put("files", files);
    n.put("importedBefore", known.size());
    n.put("imported", imported.size());
    n.put("slices", slices);
    n.put("seconds", Math.round(seconds() * 1000) / 1000.0);
    ArrayNode errors = n.putArray("errors");
    leftOut.forEach((f, r) -> errors.addObject().put("file", f).put("reason", r));
    ArrayNode said = n.putArray("notes");
    notes.forEach(said::add);
    try {
      mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), n);
    } catch (IOException e) {
      throw new ImportException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
