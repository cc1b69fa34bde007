package org.tessera.importer.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.ImportPlan;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.plan.Slice;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.wcst.SliceGml;
import org.tessera.importer.wcst.WcstClient;

/**
 * Sends the slices of a plan: the first one makes the coverage, the others are added several at a
 * time, as many as stay small together.
 */
final class Sender {
  /** Slices of one request, so that an error costs little and progress shows. */
  private static final int MOST_SLICES = 256;

  /** The same where no cells are read. */
  private static final int MOST_REFERENCES = 500;

  /** Cells of one request. */
  private static final long MOST_CELLS = 64L << 20;

  private final Ingredients ingredients;
  private final ImportPlan plan;
  private final WcstClient client;
  private final Journal journal;
  private final Report report;
  private final boolean mock;
  private final PrintStream out;
  private final PrintStream err;
  private final Progress progress;

  /** Whether files go along with the requests; once the server may not read one, all of them do. */
  private boolean uploading;

  /** Whether the server takes several documents in a request, as far as is known. */
  private boolean batches = true;

  private boolean exists;
  private int sent;
  private int tried;

  Sender(
      Ingredients ingredients,
      ImportPlan plan,
      WcstClient client,
      Journal journal,
      Report report,
      boolean mock,
      PrintStream out,
      PrintStream err,
      boolean quiet) {
    this.ingredients = ingredients;
    this.plan = plan;
    this.client = client;
    this.journal = journal;
    this.report = report;
    this.mock = mock;
    this.out = out;
    this.err = err;
    this.uploading = !ingredients.config().local();
    this.progress = new Progress(out, quiet || mock, plan.coverageId(), plan.slices().size());
  }

  /**
   * Sends all.
   *
   * @param left how many slices of each file (by its original path) are still to be sent, in this
   *     plan and later ones; a file is committed when none is
   * @throws ImportException if the server refuses one and such files are not to be left out
   */
  void send(Map<String, Integer> left) {
    exists = !mock && client.exists(plan.coverageId());
    List<Slice> batch = new ArrayList<>();
    long cells = 0;
    for (Slice slice : plan.slices()) {
      long own = slice.domain().gridEnvelope().cells();
      if (!batch.isEmpty()
          && (!exists
              || mock
              || !batches
              || batch.size() == (insitu() ? MOST_REFERENCES : MOST_SLICES)
              || (!insitu() && cells + own > MOST_CELLS))) {
        flush(batch, left);
        cells = 0;
      }
      batch.add(slice);
      cells += own;
    }
    flush(batch, left);
  }

  /** Whether the cells stay where they are. */
  private boolean insitu() {
    return ingredients.config().insitu();
  }

  private void flush(List<Slice> batch, Map<String, Integer> left) {
    if (batch.isEmpty()) {
      return;
    }
    Map<String, InputFile> files = new LinkedHashMap<>();
    batch.forEach(s -> files.put(s.file().original().toString(), s.file()));
    if (!mock) {
      journal.stage(
          files.values().stream()
              .filter(f -> journal.state(f.original().toString()) != Journal.State.STAGED)
              .toList());
    }
    if (batch.size() == 1 || !together(batch)) {
      batch.forEach(this::single);
    }
    for (Slice slice : batch) {
      left.merge(slice.file().original().toString(), -1, Integer::sum);
    }
    List<InputFile> done =
        files.entrySet().stream()
            .filter(e -> left.get(e.getKey()) == 0 && !report.isLeftOut(e.getValue()))
            .map(Map.Entry::getValue)
            .toList();
    if (!mock) {
      journal.commit(done);
    }
    done.forEach(report::imported);
    tried += batch.size();
    progress.done(tried);
    batch.clear();
  }

  /** One request for all; false if they have to be sent one by one. */
  private boolean together(List<Slice> batch) {
    if (!exists || !batches) {
      return false;
    }
    boolean path = !uploading;
    try {
      List<String> documents = new ArrayList<>();
      List<Path> uploads = new ArrayList<>();
      for (Slice slice : batch) {
        documents.add(gml(slice, "", cid(uploads, slice)));
      }
      batches = client.update(plan.coverageId(), documents, uploads);
      if (batches) {
        sent += batch.size();
        report.slices(batch.size());
      }
      return batches;
    } catch (WcstClient.Refused e) {
      if (path && uploadInstead(e, batch.getFirst())) {
        return together(batch);
      }
      // One of them is at fault: each on its own tells which.
      return false;
    }
  }

  /** Adds the file to those sent along, unless the server reads it by its path. */
  private String cid(List<Path> uploads, Slice slice) {
    Path path = slice.file().path();
    if (!uploading) {
      return path.toUri().toString();
    }
    if (!uploads.contains(path)) {
      uploads.add(path);
    }
    return "cid:" + WcstClient.uploadName(uploads.indexOf(path));
  }

  private void single(Slice slice) {
    try {
      try {
        change(slice);
      } catch (WcstClient.Refused e) {
        if (uploading || !uploadInstead(e, slice)) {
          throw e;
        }
        change(slice);
      }
      sent++;
      exists = true;
      report.slices(1);
    } catch (WcstClient.Refused e) {
      progress.interrupt();
      String message = slice.file() + ": the server says: " + e.getMessage();
      journal.fail(slice.file(), message);
      report.leftOut(slice.file(), message);
      if (!ingredients.config().skip()) {
        throw new ImportException(
            message + (sent > 0 ? " (" + sent + " slices before it are imported)" : ""), e);
      }
      err.println("problem: left out: " + message);
    }
  }

  /** Whether the refusal is about reading the file by its path; then files are sent along. */
  private boolean uploadInstead(WcstClient.Refused e, Slice slice) {
    boolean aboutTheFile = e.code().equals("AccessDenied") || e.locator().startsWith("file:");
    if (!aboutTheFile || !slice.file().isOneFile() || insitu()) {
      return false;
    }
    uploading = true;
    progress.interrupt();
    err.println(
        "note: the server does not read "
            + slice.file().path().getParent()
            + " (its setting tessera.files.allowed); the files are uploaded");
    return true;
  }

  private void change(Slice slice) {
    List<Path> uploads = new ArrayList<>();
    String gml = gml(slice, exists ? "" : plan.metadata(), cid(uploads, slice));
    if (!exists) {
      if (mock) {
        out.println("would send InsertCoverage:\n" + gml);
      } else {
        client.insert(gml, ingredients.options().tiling(), uploads);
      }
      return;
    }
    List<String> subsets = new ArrayList<>();
    for (int i = 0; i < slice.place().size(); i++) {
      String[] p = slice.place().get(i);
      subsets.add(
          slice.domain().crsOrder().get(i)
              + (p[0].equals(p[1]) ? "(" + p[0] + ")" : "(" + p[0] + "," + p[1] + ")"));
    }
    if (mock) {
      out.println(
          "would send UpdateCoverage of "
              + plan.coverageId()
              + ", "
              + String.join(" ", subsets)
              + ":\n"
              + gml);
    } else {
      client.update(plan.coverageId(), subsets, gml, uploads);
    }
  }

  private String gml(Slice slice, String metadata, String reference) {
    return SliceGml.of(
        plan.coverageId(),
        slice.domain(),
        plan.fields(),
        metadata,
        reference,
        plan.mediaType(),
        slice.layout());
  }
}
