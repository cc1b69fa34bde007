package org.tessera.importer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tessera.coverage.request.ImportedFiles;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.problem.ImportException;

/**
 * What has become of each file, kept in {@code COVERAGE.resume.json} beside the ingredients, for
 * servers that do not keep it themselves ({@link CatalogueStates}): a line of JSON for each change
 * of a file's state, the last one of a file counts. A line is written before ("staged") and after
 * ("committed") a file is sent, so that a run that is killed can go on: what is staged is sent
 * again, which writes the same cells to the same place. A last line that is cut off does not count.
 * The list of paths that wcst_import keeps under the same name is read, too.
 *
 * <p>Without a file nothing is remembered. One run at a time has the file (a lock says so to
 * others).
 */
final class Journal implements FileStates {
  /** Of a file; one that is not in the journal is pending. */
  enum State {
    PENDING,
    STAGED,
    COMMITTED,
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The last state of a file.
   *
   * @param reason why it failed, else empty
   * @param stamp what the file was when it was sent; empty in lists of wcst_import
   */
  record Entry(String file, State state, String reason, Optional<FileStamp> stamp) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<Path> path;
  private final Map<String, Entry> entries;
  private FileChannel channel;
  private FileLock lock;
  private int lines;

  private Journal(Optional<Path> path, Map<String, Entry> entries) {
    this.path = path;
    this.entries = entries;
    this.lines = entries.size();
  }

  /**
   * Opens it for a run.
   *
   * @param file empty to remember nothing
   * @param fresh whether what it says does not count, because the coverage does not exist
   * @throws ImportException if another run has it, or it is damaged
   */
  static Journal open(Optional<Path> file, boolean fresh) {
    if (file.isEmpty()) {
      return new Journal(file, new LinkedHashMap<>());
    }
    Path path = file.get();
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        throw new ImportException(
            path + " is in use: another import of this coverage from this folder is at work");
      }
      Journal journal = new Journal(file, fresh ? new LinkedHashMap<>() : read(path));
      journal.channel = channel;
      journal.lock = lock;
      if (fresh) {
        channel.truncate(0);
      }
      long end = channel.size();
      channel.position(end);
      if (end > 0) {
        // After a line that was cut off the next one begins anew.
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
      }
      return journal;
    } catch (IOException e) {
      throw new ImportException(path + " cannot be written: " + e.getMessage(), e);
    }
  }

  /**
   * The last states in a journal, without opening it for a run; none if there is no such file.
   *
   * @throws ImportException if it is damaged elsewhere than at its end
   */
  static Map<String, Entry> read(Path path) {
    Map<String, Entry> out = new LinkedHashMap<>();
    if (!Files.isRegularFile(path)) {
      return out;
    }
    try {
      String text = Files.readString(path, StandardCharsets.UTF_8);
      if (text.stripLeading().startsWith("[")) {
        int end = text.indexOf(']') + 1;
        for (JsonNode n : JSON.readTree(text.substring(0, end))) {
          out.put(
              n.asText(), new Entry(n.asText(), State.COMMITTED, "", Optional.<FileStamp>empty()));
        }
        text = text.substring(end);
      }
      List<String> all = text.lines().filter(l -> !l.isBlank()).toList();
      for (String line : all) {
        entry(line).ifPresent(e -> out.put(e.file(), e));
      }
      return out;
    } catch (IOException | StringIndexOutOfBoundsException e) {
      throw new ImportException(
          path + " is damaged (" + e.getMessage() + "); remove it to import all files", e);
    }
  }

  /** A line; one that was cut off is none, the file is then sent again. */
  private static Optional<Entry> entry(String line) {
    try {
      JsonNode n = JSON.readTree(line);
      State state = State.valueOf(n.path("state").asText("").toUpperCase(Locale.ROOT));
      Optional<FileStamp> stamp =
          n.has("size")
              ? Optional.of(
                  new FileStamp(
                      n.path("size").asLong(),
                      n.path("modified").asLong(),
                      n.path("checksum").asText("")))
              : Optional.empty();
      return Optional.of(
          new Entry(n.path("file").asText(), state, n.path("reason").asText(""), stamp));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The last state of a file. */
  State state(String file) {
    Entry e = entries.get(file);
    return e == null ? State.PENDING : e.state();
  }

  @Override
  public Known look(InputFile file, boolean thorough) {
    Entry e = entries.get(file.original().toString());
    if (e == null || e.state() != State.COMMITTED) {
      return Known.NOT_IMPORTED;
    }
    if (e.stamp().isEmpty()) {
      return Known.IMPORTED;
    }
    FileStamp now = FileStamp.quick(file.original());
    boolean looksSame = e.stamp().get().looksLike(now);
    if (looksSame && !thorough) {
      return Known.IMPORTED;
    }
    FileStamp full = FileStamp.full(file.original());
    if (!full.checksum().equals(e.stamp().get().checksum())) {
      return Known.CHANGED;
    }
    if (!looksSame) {
      write(List.of(new Entry(e.file(), State.COMMITTED, "", Optional.of(full))));
    }
    return Known.IMPORTED;
  }

  /** They are staged: nobody else has this file. */
  @Override
  public Claims claim(Collection<InputFile> files) {
    write(
        files.stream()
            .map(
                f ->
                    new Entry(
                        f.original().toString(),
                        State.STAGED,
                        "",
                        path.map(p -> FileStamp.full(f.original()))))
            .toList());
    return new Claims(
        files.stream().map(f -> f.original().toString()).collect(Collectors.toSet()),
        Set.of(),
        Map.of());
  }

  @Override
  public Optional<ImportedFiles> brought(
      Collection<InputFile> complete, Collection<InputFile> partial) {
    return Optional.empty();
  }

  @Override
  public void commit(Collection<InputFile> files) {
    write(
        files.stream()
            .map(f -> f.original().toString())
            .map(
                f ->
                    new Entry(
                        f,
                        State.COMMITTED,
                        "",
                        Optional.ofNullable(entries.get(f)).flatMap(Entry::stamp)))
            .toList());
  }

  @Override
  public void fail(InputFile file, String reason) {
    write(List.of(new Entry(file.original().toString(), State.FAILED, reason, Optional.empty())));
  }

  private void write(List<Entry> changes) {
    StringBuilder text = new StringBuilder();
    for (Entry e : changes) {
      entries.put(e.file(), e);
      text.append(line(e)).append('\n');
    }
    if (channel == null || changes.isEmpty()) {
      return;
    }
    lines += changes.size();
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new ImportException(path.orElseThrow() + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static String line(Entry e) {
    ObjectNode n = JSON.createObjectNode();
    n.put("file", e.file());
    n.put("state", e.state().text());
    if (!e.reason().isEmpty()) {
      n.put("reason", e.reason());
    }
    e.stamp()
        .ifPresent(
            s ->
                n.put("size", s.size())
                    .put("modified", s.modified())
                    .put("checksum", s.checksum()));
    n.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    try {
      return JSON.writeValueAsString(n);
    } catch (JsonProcessingException x) {
      throw new IllegalStateException("a text cannot fail to be written", x);
    }
  }

  /** Lets go of the file; a line a file is left in it. */
  @Override
  public void close() {
    if (channel == null) {
      return;
    }
    try {
      if (lines > entries.size()) {
        StringBuilder text = new StringBuilder();
        entries.values().forEach(e -> text.append(line(e)).append('\n'));
        Path fresh = path.orElseThrow().resolveSibling(path.get().getFileName() + ".new");
        Files.writeString(fresh, text, StandardCharsets.UTF_8);
        Files.move(
            fresh, path.get(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      }
      lock.release();
      channel.close();
      channel = null;
    } catch (IOException e) {
      throw new ImportException(path.orElseThrow() + " cannot be written: " + e.getMessage(), e);
    }
  }
}
