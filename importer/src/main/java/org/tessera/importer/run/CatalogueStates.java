package org.tessera.importer.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tessera.coverage.request.ImportedFiles;
import org.tessera.importer.plan.InputFile;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.wcst.WcstClient;

/**
 * States that the server keeps with the coverage. One request asks for all of them; that a file is
 * imported is said in the request that brings its cells, and holds if and only if that one is
 * carried out. Files are claimed before they are sent; a claim lasts as long as this process lives,
 * at most {@link #LEASE} longer.
 */
final class CatalogueStates implements FileStates {
  private static final String PATH = "/admin/coverage/files/";
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final int CHUNK = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What the server knows of a file.
   *
   * @param importer empty if nobody has it
   * @param version of the coverage that brought it, 0 if none has
   */
  record Entry(
      String path,
      Journal.State state,
      String reason,
      FileStamp stamp,
      String importer,
      Instant changed,
      long version) {}

  /**
   * All that the server knows of the files of a coverage.
   *
   * @param exists whether there is the coverage
   */
  record Listed(boolean exists, Map<String, Entry> files) {}

  private final WcstClient client;
  private final String coverage;
  private final Map<String, Entry> known;
  private final String importer;
  private final boolean checksums;
  private final Map<String, FileStamp> stamps = new HashMap<>();
  private final List<InputFile> touched = new ArrayList<>();
  private Optional<Thread> heart = Optional.empty();

  private CatalogueStates(
      WcstClient client, String coverage, Map<String, Entry> known, boolean checksums) {
    this.checksums = checksums;
    this.client = client;
    this.coverage = coverage;
    this.known = known;
    this.importer = ImporterName.own();
  }

  /** All that the server knows; empty if it keeps no states. */
  static Optional<Listed> list(WcstClient client, String coverage) {
    return client
        .ask(PATH + "list", Map.of("COVERAGEID", coverage))
        .flatMap(CatalogueStates::parse);
  }

  /**
   * Opens what the server has answered.
   *
   * @param checksums whether files that are sent are read for theirs; else size and time must do
   */
  static CatalogueStates open(
      WcstClient client, String coverage, Listed listed, boolean checksums) {
    return new CatalogueStates(client, coverage, listed.files(), checksums);
  }

  private static Optional<Listed> parse(String text) {
    JsonNode all;
    try {
      all = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      // Another kind of server, which answers whatever it is asked.
      return Optional.empty();
    }
    if (!all.path("files").isArray()) {
      return Optional.empty();
    }
    Map<String, Entry> files = new LinkedHashMap<>();
    for (JsonNode n : all.path("files")) {
      FileStamp stamp =
          new FileStamp(
              n.path("size").asLong(-1),
              n.path("modified").asLong(),
              n.path("checksum").asText(""));
      Entry e =
          new Entry(
              n.path("path").asText(),
              Journal.State.valueOf(n.path("state").asText().toUpperCase(Locale.ROOT)),
              n.path("reason").asText(""),
              stamp,
              n.path("importer").asText(""),
              Instant.parse(n.path("at").asText()),
              n.path("version").asLong());
      files.put(e.path(), e);
    }
    return Optional.of(new Listed(all.path("exists").asBoolean(), files));
  }

  /**
   * Takes over what a file beside the ingredients says, if the server knows nothing yet, and puts
   * the file aside: it does not count any more.
   *
   * @return a note for the user, if there was such a file
   */
  static Optional<String> adopt(WcstClient client, String coverage, Listed listed, Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Map<String, Journal.Entry> old = Journal.read(file);
    List<Journal.Entry> imported =
        old.values().stream().filter(e -> e.state() == Journal.State.COMMITTED).toList();
    boolean taken = listed.exists() && listed.files().isEmpty() && !imported.isEmpty();
    if (taken) {
      ArrayNode files = JSON.createArrayNode();
      for (Journal.Entry e : imported) {
        describe(files, e.file(), e.stamp().orElseGet(() -> FileStamp.quick(Path.of(e.file()))));
      }
      client.administer(
          PATH + "adopt",
          parameters(coverage, "IMPORTER", file.getFileName().toString(), "FILES", files));
    }
    Path aside = file.resolveSibling(file.getFileName() + ".old");
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      return Optional.of(file + " does not count any more: the server keeps the states of files");
    }
    return Optional.of(
        "the server keeps the states of files now"
            + (taken ? ", those of " + imported.size() + " were taken over from " : "; ")
            + file
            + (taken ? ", which is now " : " does not count any more and is now ")
            + aside.getFileName());
  }

  @Override
  public Known look(InputFile file, boolean thorough) {
    Entry e = known.get(file.original().toString());
    if (e == null || e.state() != Journal.State.COMMITTED) {
      return Known.NOT_IMPORTED;
    }
    FileStamp now = FileStamp.quick(file.original());
    boolean looksSame = e.stamp().looksLike(now);
    if (looksSame && !thorough) {
      return Known.IMPORTED;
    }
    if (e.stamp().checksum().isEmpty()) {
      return looksSame ? Known.IMPORTED : Known.CHANGED;
    }
    FileStamp full = FileStamp.full(file.original());
    if (!full.checksum().equals(e.stamp().checksum())) {
      return Known.CHANGED;
    }
    if (!looksSame) {
      stamps.put(file.original().toString(), full);
      touched.add(file);
    }
    return Known.IMPORTED;
  }

  @Override
  public Claims claim(Collection<InputFile> files) {
    ArrayNode found = JSON.createArrayNode();
    for (InputFile f : files) {
      String path = f.original().toString();
      describe(found, path, stamps.computeIfAbsent(path, p -> stamp(f)));
    }
    Claims claims = claim(found, dead(known.values().stream().map(Entry::importer)));
    Set<String> dead = dead(claims.held().values().stream());
    if (!dead.isEmpty()) {
      claims = claim(found, dead);
    }
    if (heart.isEmpty() && !claims.granted().isEmpty()) {
      heart = Optional.of(Thread.ofPlatform().daemon().name("claims").start(this::beat));
    }
    return claims;
  }

  private FileStamp stamp(InputFile f) {
    return checksums ? FileStamp.full(f.original()) : FileStamp.quick(f.original());
  }

  private Claims claim(ArrayNode files, Set<String> dead) {
    Map<String, String> p =
        parameters(
            coverage,
            "IMPORTER",
            importer,
            "LEASE",
            Long.toString(LEASE.toSeconds()),
            "FILES",
            files,
            "DEAD",
            String.join(",", dead));
    try {
      JsonNode answer = JSON.readTree(client.administer(PATH + "claim", p));
      Map<String, String> held = new LinkedHashMap<>();
      answer.path("held").properties().forEach(e -> held.put(e.getKey(), e.getValue().asText()));
      return new Claims(texts(answer.path("granted")), texts(answer.path("imported")), held);
    } catch (JsonProcessingException | WcstClient.Refused e) {
      throw new ImportException("the server does not give files to send: " + e.getMessage(), e);
    }
  }

  private static Set<String> dead(java.util.stream.Stream<String> importers) {
    return importers.distinct().filter(ImporterName::isDead).collect(Collectors.toSet());
  }

  private static Set<String> texts(JsonNode array) {
    Set<String> texts = new LinkedHashSet<>();
    array.forEach(n -> texts.add(n.asText()));
    return texts;
  }

  /** Prolongs the claims until it is interrupted. */
  private void beat() {
    Map<String, String> p =
        parameters(coverage, "IMPORTER", importer, "LEASE", Long.toString(LEASE.toSeconds()));
    boolean alive = true;
    while (alive) {
      try {
        Thread.sleep(LEASE.dividedBy(4));
        client.ask(PATH + "renew", p);
      } catch (InterruptedException e) {
        alive = false;
      } catch (ImportException e) {
        // The server does not answer now. Whether the claims still hold, it says when cells come.
        alive = !Thread.currentThread().isInterrupted();
      }
    }
  }

  @Override
  public Optional<ImportedFiles> brought(
      Collection<InputFile> complete, Collection<InputFile> partial) {
    return Optional.of(new ImportedFiles(importer, paths(complete), paths(partial)));
  }

  private static List<String> paths(Collection<InputFile> files) {
    return files.stream().map(f -> f.original().toString()).distinct().toList();
  }

  @Override
  public void commit(Collection<InputFile> files) {
    // It was said in the request.
  }

  @Override
  public void fail(InputFile file, String reason) {
    ArrayNode files = JSON.createArrayNode();
    files.addObject().put("path", file.original().toString()).put("reason", reason);
    client.administer(PATH + "fail", parameters(coverage, "IMPORTER", importer, "FILES", files));
  }

  @Override
  public void close() {
    heart.ifPresent(Thread::interrupt);
    try {
      for (int i = 0; i < touched.size(); i += CHUNK) {
        ArrayNode files = JSON.createArrayNode();
        for (InputFile f : touched.subList(i, Math.min(touched.size(), i + CHUNK))) {
          String path = f.original().toString();
          describe(files, path, stamps.get(path));
        }
        client.administer(PATH + "touch", parameters(coverage, "FILES", files));
      }
      if (heart.isPresent()) {
        client.administer(PATH + "release", parameters(coverage, "IMPORTER", importer));
      }
    } catch (ImportException | WcstClient.Refused e) {
      System.err.println(
          "note: the server was not told that this import has ended; another one takes its files"
              + " over after "
              + LEASE.toSeconds()
              + " s ("
              + e.getMessage()
              + ")");
    }
  }

  private static void describe(ArrayNode files, String path, FileStamp stamp) {
    files
        .addObject()
        .put("path", path)
        .put("size", stamp.size())
        .put("modified", stamp.modified())
        .put("checksum", stamp.checksum());
  }

  private static Map<String, String> parameters(String coverage, Object... more) {
    Map<String, String> p = new LinkedHashMap<>();
    p.put("COVERAGEID", coverage);
    for (int i = 0; i < more.length; i += 2) {
      p.put(more[i].toString(), more[i + 1].toString());
    }
    return p;
  }
}
