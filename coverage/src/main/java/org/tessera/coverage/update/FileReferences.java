package org.tessera.coverage.update;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalSource;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.json.Json;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.store.ReferencedCells;

/**
 * Cells that stay in the files that users have. A source is a JSON text: the file, what it was like
 * when it was registered, how its arrays give the cells of a part of a coverage ({@link
 * SourceLayout}) and the axes of that coverage. A file that is not as it was registered is not
 * read: its cells could be others than those that the version of the coverage has.
 */
public final class FileReferences implements ReferencedCells {
  /** Bytes from the beginning of a file that its checksum is of. */
  private static final int HEAD = 64 << 10;

  /** How many times as long as looking at a directory takes is it trusted to stay the same. */
  private static final int TRUST = 20;

  /** Sources kept as they were understood. */
  private static final int KEPT = 4096;

  private final GdalWorkers workers;
  private final Map<String, Source> known = new Recent<>(KEPT);
  private final Map<String, FileCells> opened = new Recent<>(KEPT / 8);

  /** Until when a directory need not be looked at again, as of {@link System#nanoTime}. */
  private final Map<String, Long> seen = new Recent<>(KEPT / 8);

  /** The values that were used last. */
  private static final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private final int most;

    Recent(int most) {
      super(64, 0.75f, true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > most;
    }
  }

  public FileReferences(GdalWorkers workers) {
    this.workers = workers;
  }

  /**
   * What a file is like.
   *
   * @param size in bytes; of a directory (Zarr) that of all its files
   * @param modified time of the last change; of a directory the latest of its files
   * @param head checksum of the first 64 KiB; of a directory, of the names of all its files with
   *     their sizes and times
   */
  private record Identity(long size, String modified, String head) {
    static Identity of(Path file) throws IOException {
      return Files.isDirectory(file) ? ofDirectory(file) : quick(file).withHead(file);
    }

    private static Identity quick(Path file) throws IOException {
      BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
      return new Identity(a.size(), a.lastModifiedTime().toString(), "");
    }

    private Identity withHead(Path file) throws IOException {
      CRC32C crc = new CRC32C();
      try (InputStream in = Files.newInputStream(file)) {
        crc.update(in.readNBytes(HEAD));
      }
      return new Identity(size, modified, Long.toHexString(crc.getValue()));
    }

    private static Identity ofDirectory(Path directory) throws IOException {
      CRC32C crc = new CRC32C();
      long size = 0;
      String latest = "";
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
          Identity one = quick(file);
          String line = directory.relativize(file) + " " + one.size + " " + one.modified + "\n";
          crc.update(line.getBytes(StandardCharsets.UTF_8));
          size += one.size;
          latest = latest.compareTo(one.modified) < 0 ? one.modified : latest;
        }
      }
      return new Identity(size, latest, Long.toHexString(crc.getValue()));
    }
  }

  /** A source, understood. */
  private record Source(Path file, Identity identity, SourceLayout layout, List<String> axes) {
    static Source parse(String text) {
      if (!(Json.parse(text) instanceof Map<?, ?> in)
          || !(in.get("axes") instanceof List<?> labels)
          || !(in.get("size") instanceof BigDecimal size)) {
        throw new EngineException(Code.STORAGE_FAILED, "damaged: a reference to a file: " + text);
      }
      List<String> axes = new ArrayList<>();
      labels.forEach(l -> axes.add((String) l));
      return new Source(
          Path.of((String) in.get("file")),
          new Identity(size.longValueExact(), (String) in.get("modified"), (String) in.get("head")),
          SourceLayout.parse((String) in.get("layout")),
          axes);
    }

    String text() {
      Map<String, Object> out = new LinkedHashMap<>();
      out.put("file", file.toString());
      out.put("size", identity.size());
      out.put("modified", identity.modified());
      out.put("head", identity.head());
      out.put("layout", layout.toJson());
      out.put("axes", axes);
      return Json.write(out);
    }

    GdalSource dataset() {
      return GdalSource.of(layout.datasetFor(file.toString()));
    }
  }

  /**
   * The source that stands for a file as it is now.
   *
   * @param axes labels of the coverage's axes, in array order
   */
  public static String source(Path file, SourceLayout layout, List<String> axes) {
    try {
      return new Source(file, Identity.of(file), layout, axes).text();
    } catch (IOException e) {
      throw new EngineException(
          Code.SOURCE_UNAVAILABLE, "file '" + file + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The source for the same file as it is now; the same text if nothing has changed.
   *
   * @throws OwsException if the file has not the bands or dimensions any more
   * @throws EngineException {@code SOURCE_UNAVAILABLE} if it cannot be read
   */
  public String renewed(String source) {
    Source s = understood(source);
    String now = source(s.file(), s.layout(), s.axes());
    if (!now.equals(source)) {
      tried(s, () -> FileCells.open(workers, s.file().toString(), s.layout()));
    }
    return now;
  }

  /** The file that a source is about. */
  public Path file(String source) {
    return understood(source).file();
  }

  private Source understood(String text) {
    synchronized (known) {
      return known.computeIfAbsent(text, Source::parse);
    }
  }

  @Override
  public boolean replaces(String source, String older) {
    Source a = understood(source);
    Source b = understood(older);
    return a.file().equals(b.file()) && a.layout().dataset().equals(b.layout().dataset());
  }

  @Override
  public void check(String source) {
    Source s = understood(source);
    checkUnchanged(s, false);
    tried(
        s,
        () -> {
          workers.checkPath(s.dataset());
          return s;
        });
  }

  @Override
  public Cells read(String source, int number, long[] offset, GridEnvelope box, Band band) {
    Source s = understood(source);
    checkUnchanged(s, true);
    Cells cells = tried(s, () -> open(source, s).read(number, s.axes(), offset, box, band));
    // It may have been written to meanwhile.
    checkUnchanged(s, false);
    return cells;
  }

  private FileCells open(String text, Source s) {
    FileCells cells;
    synchronized (opened) {
      cells = opened.get(text);
    }
    if (cells == null) {
      cells = FileCells.open(workers, s.file().toString(), s.layout());
      synchronized (opened) {
        opened.put(text, cells);
      }
    }
    return cells;
  }

  /**
   * @param thorough whether to look into the file
   */
  private void checkUnchanged(Source s, boolean thorough) {
    Identity was = s.identity();
    Identity is;
    try {
      if (Files.isDirectory(s.file())) {
        is = identityOfDirectory(s);
      } else {
        is = thorough ? Identity.of(s.file()) : Identity.quick(s.file());
      }
    } catch (IOException e) {
      throw unavailable(
          s, Files.exists(s.file()) ? "cannot be read (" + e.getMessage() + ")" : "is gone", e);
    }
    if (is.size() != was.size()) {
      throw unavailable(
          s, "has changed: it had " + was.size() + " bytes and has " + is.size() + " now", null);
    }
    if (!is.modified().equals(was.modified())) {
      throw unavailable(
          s,
          "has changed: it was last written at "
              + was.modified()
              + " and then again at "
              + is.modified(),
          null);
    }
    if (!is.head().isEmpty() && !is.head().equals(was.head())) {
      throw unavailable(s, "has changed: its contents are others", null);
    }
  }

  /**
   * To look at all files of a large directory takes its time: one that was as registered is not
   * looked at again for a while that is in proportion to it.
   */
  private Identity identityOfDirectory(Source s) throws IOException {
    long begun = System.nanoTime();
    synchronized (seen) {
      Long until = seen.get(s.file() + " " + s.identity());
      if (until != null && begun - until < 0) {
        return s.identity();
      }
    }
    Identity is = Identity.of(s.file());
    long now = System.nanoTime();
    if (is.equals(s.identity())) {
      synchronized (seen) {
        seen.put(s.file() + " " + s.identity(), now + TRUST * (now - begun));
      }
    }
    return is;
  }

  private static EngineException unavailable(Source s, String why, Throwable cause) {
    return new EngineException(
        Code.SOURCE_UNAVAILABLE,
        "File '"
            + s.file()
            + "', in which cells of the coverage are, "
            + why
            + ". Put it back as it was; or, if it is to be as it is now, register it again: import"
            + " it once more, or request /admin/coverage/sources/refresh",
        cause);
  }

  private static <T> T tried(Source s, Supplier<T> work) {
    try {
      return work.get();
    } catch (GdalException e) {
      throw unavailable(s, "cannot be read (" + e.getMessage() + ")", e);
    } catch (OwsException e) {
      throw unavailable(s, "does not hold them any more (" + e.getMessage() + ")", e);
    }
  }
}
