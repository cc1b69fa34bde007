package org.tessera.importer.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.format.gdal.RemoteFiles;
import org.tessera.coverage.request.ImportedFiles;
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

  private static final long WAIT_MILLIS = 300;

  private final Ingredients ingredients;
  private final ImportPlan plan;
  private final WcstClient client;
  private final FileStates states;
  private final Report report;
  private final boolean mock;
  private final PrintStream out;
  private final PrintStream err;
  private final Progress progress;

  /** Whether files go along with the requests; once the server may not read one, all of them do. */
  private boolean uploading;

  /** Whether the server takes several documents in a request, as far as is known. */
  private boolean batches = true;

  /** Slices of each file that are not sent yet, by its path. */
  private final Map<String, Integer> open = new HashMap<>();

  /** Paths of files that this importer sends, and of those that others have sent. */
  private final Set<String> mine = new HashSet<>();

  private final Set<String> elsewhere = new HashSet<>();

  private boolean told;
  private boolean exists;

  /** Whether this import made the coverage, with the metadata of all its slices. */
  private boolean described;

  private int sent;
  private int tried;

  Sender(
      Ingredients ingredients,
      ImportPlan plan,
      WcstClient client,
      FileStates states,
      Report report,
      boolean mock,
      PrintStream out,
      PrintStream err,
      boolean quiet) {
    this.ingredients = ingredients;
    this.plan = plan;
    this.client = client;
    this.states = states;
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
   * @param left in how many plans, this one and later ones, each file (by its original path) is
   *     still to be sent; a file is imported when it is in none
   * @throws ImportException if the server refuses one and such files are not to be left out
   */
  void send(Map<String, Integer> left) {
    exists = !mock && client.exists(plan.coverageId());
    plan.slices().forEach(s -> open.merge(path(s), 1, Integer::sum));
    boolean inOrder = Overlaps.any(plan.slices());
    Deque<Slice> queue = new ArrayDeque<>(plan.slices());
    List<Slice> later = new ArrayList<>();
    boolean moved = true;
    while (!queue.isEmpty() || !later.isEmpty()) {
      if (queue.isEmpty()) {
        if (!moved) {
          await();
        }
        queue.addAll(later);
        later.clear();
        moved = false;
      }
      List<Slice> batch = next(queue);
      List<Slice> held = send(batch, left);
      moved |= held.size() < batch.size();
      if (held.isEmpty()) {
        continue;
      }
      if (inOrder || !exists) {
        held.reversed().forEach(queue::addFirst);
        await();
        exists = exists || client.existsNow(plan.coverageId());
      } else {
        later.addAll(held);
      }
    }
  }

  /** Whether the cells stay where they are. */
  private boolean insitu() {
    return ingredients.config().insitu();
  }

  private static String path(Slice slice) {
    return slice.file().original().toString();
  }

  /** As many slices as go in one request. */
  private List<Slice> next(Deque<Slice> queue) {
    List<Slice> batch = new ArrayList<>();
    long cells = 0;
    int several = insitu() ? MOST_REFERENCES : MOST_SLICES;
    int most = !exists || mock || !batches ? 1 : several;
    while (!queue.isEmpty() && batch.size() < most) {
      cells += queue.peek().domain().gridEnvelope().cells();
      if (!batch.isEmpty() && !insitu() && cells > MOST_CELLS) {
        break;
      }
      batch.add(queue.poll());
    }
    return batch;
  }

  /** Other importers have what is left: a while later they have sent it, or have died. */
  private void await() {
    if (!told) {
      told = true;
      progress.interrupt();
      err.println("note: another import of " + plan.coverageId() + " is at work; they share it");
    }
    try {
      Thread.sleep(WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportException("interrupted", e);
    }
  }

  /**
   * Sends slices, as far as their files are not those of other importers.
   *
   * @return slices of files that others have
   */
  private List<Slice> send(List<Slice> batch, Map<String, Integer> left) {
    List<Slice> held = new ArrayList<>();
    List<Slice> own = mock ? batch : claimed(batch, held, left);
    Map<String, InputFile> done = new LinkedHashMap<>();
    if (own.size() > 1 && together(own)) {
      own.forEach(s -> sent(s, done));
    } else {
      for (Slice s : own) {
        if (single(s)) {
          sent(s, done);
        } else {
          held.add(s);
        }
      }
    }
    done.values().removeIf(report::isLeftOut);
    if (!mock) {
      states.commit(done.values());
    }
    done.forEach(
        (path, file) -> {
          if (left.merge(path, -1, Integer::sum) == 0) {
            report.imported(file);
          }
        });
    tried += batch.size() - held.size();
    progress.done(tried);
    return held;
  }

  private void sent(Slice slice, Map<String, InputFile> done) {
    if (open.merge(path(slice), -1, Integer::sum) == 0) {
      done.put(path(slice), slice.file());
    }
  }

  /** The slices whose files are this importer's now. */
  private List<Slice> claimed(List<Slice> batch, List<Slice> held, Map<String, Integer> left) {
    Map<String, InputFile> unclaimed = new LinkedHashMap<>();
    for (Slice s : batch) {
      if (!mine.contains(path(s)) && !elsewhere.contains(path(s))) {
        unclaimed.put(path(s), s.file());
      }
    }
    if (!unclaimed.isEmpty()) {
      FileStates.Claims claims = states.claim(unclaimed.values());
      mine.addAll(claims.granted());
      for (String path : claims.imported()) {
        elsewhere.add(path);
        if (left.merge(path, -1, Integer::sum) == 0) {
          report.known(unclaimed.get(path));
        }
      }
    }
    List<Slice> own = new ArrayList<>();
    for (Slice s : batch) {
      if (elsewhere.contains(path(s)) || report.isLeftOut(s.file())) {
        open.merge(path(s), -1, Integer::sum);
      } else {
        (mine.contains(path(s)) ? own : held).add(s);
      }
    }
    return own;
  }

  /** What a request with these slices says of their files. */
  private Optional<ImportedFiles> brought(List<Slice> slices) {
    Map<String, Integer> here = new LinkedHashMap<>();
    Map<String, InputFile> files = new LinkedHashMap<>();
    for (Slice s : slices) {
      here.merge(path(s), 1, Integer::sum);
      files.put(path(s), s.file());
    }
    List<InputFile> complete = new ArrayList<>();
    List<InputFile> partial = new ArrayList<>();
    here.forEach((p, n) -> (open.get(p) == (int) n ? complete : partial).add(files.get(p)));
    return states.brought(complete, partial);
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
        documents.add(gml(slice, cid(uploads, slice)));
      }
      batches = client.update(plan.coverageId(), documents, brought(batch), uploads);
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
    Optional<String> remote = slice.file().remote().flatMap(RemoteFiles::address);
    if (remote.isPresent()) {
      return remote.get();
    }
    Path path = slice.file().path();
    if (!uploading) {
      return path.toUri().toString();
    }
    if (!uploads.contains(path)) {
      uploads.add(path);
    }
    return "cid:" + WcstClient.uploadName(uploads.indexOf(path));
  }

  /** Sends one; false if its file has become another importer's. */
  private boolean single(Slice slice) {
    if (report.isLeftOut(slice.file())) {
      return true;
    }
    try {
      carryOut(slice);
      sent++;
      exists = true;
      report.slices(1);
    } catch (WcstClient.Refused e) {
      if (e.code().equals("FileNotClaimed")) {
        // Its lease was over, and another importer has it. That one sends all of it.
        mine.remove(path(slice));
        return false;
      }
      progress.interrupt();
      String message = slice.file() + ": the server says: " + e.getMessage();
      states.fail(slice.file(), message);
      mine.remove(path(slice));
      report.leftOut(slice.file(), message);
      if (!ingredients.config().skip()) {
        throw new ImportException(
            message + (sent > 0 ? " (" + sent + " slices before it are imported)" : ""), e);
      }
      err.println("problem: left out: " + message);
    }
    return true;
  }

  /**
   * Changes the coverage, also if another importer has made it meanwhile or the server does not
   * read the file.
   */
  private void carryOut(Slice slice) {
    while (true) {
      try {
        change(slice);
        return;
      } catch (WcstClient.Refused e) {
        if (!exists && e.code().equals("CoverageIdInUse")) {
          exists = true;
        } else if (uploading || !uploadInstead(e, slice)) {
          throw e;
        }
      }
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
    String gml = gml(slice, cid(uploads, slice));
    if (!exists) {
      if (mock) {
        out.println("would send InsertCoverage:\n" + gml);
      } else {
        client.insert(gml, ingredients.options().tiling(), brought(List.of(slice)), uploads);
      }
      described = true;
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
      client.update(plan.coverageId(), subsets, gml, brought(List.of(slice)), uploads);
    }
  }

  private String gml(Slice slice, String reference) {
    String added = described ? "" : plan.metadata(slice);
    return SliceGml.of(
        plan.coverageId(),
        slice.domain(),
        plan.fields(),
        exists ? added : plan.metadata(),
        reference,
        plan.mediaType(),
        slice.layout());
  }
}
