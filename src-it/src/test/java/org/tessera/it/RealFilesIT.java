package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Real files of all kinds are imported with the ingredients that {@code import --init} writes, and
 * single cells have the values that other programs show. The cases are in {@code real-files.case};
 * the files are no part of the project: without them ({@code ../shared/data}) the test is skipped.
 * A line that begins with a bar is a whole query, in which ID stands for the coverage.
 */
@ExtendWith(TesseraServer.Provider.class)
class RealFilesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** Values in the cases have the digits that other programs print. */
  private static final double PRECISION = 1e-8;

  private final TesseraServer server;

  RealFilesIT(TesseraServer server) {
    this.server = server;
  }

  private record Case(String file, List<String> lines) {}

  /** GRIB files of all grids and scanning modes; they are in {@code grib-files.case} themselves. */
  @TestFactory
  Stream<DynamicTest> madeFiles() throws IOException {
    Path folder = Files.createDirectories(server.data().resolve("made-" + System.nanoTime()));
    return cases("grib-files.case").stream()
        .map(c -> DynamicTest.dynamicTest(c.file(), () -> check(c, folder, folder)));
  }

  @TestFactory
  Stream<DynamicTest> realFiles() throws IOException {
    Path data = server.root().resolve("../shared/data").normalize();
    Assumptions.assumeTrue(Files.isDirectory(data), "skipped: there are no real files in " + data);
    Path folder = Files.createDirectories(server.data().resolve("real-" + System.nanoTime()));
    return cases("real-files.case").stream()
        .map(c -> DynamicTest.dynamicTest(c.file(), () -> check(c, data, folder)));
  }

  private static List<Case> cases(String name) throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream in = RealFilesIT.class.getResourceAsStream(name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        if (line.startsWith("file ")) {
          cases.add(new Case(line.substring("file ".length()), new ArrayList<>()));
        } else {
          cases.getLast().lines().add(line);
        }
      }
    }
    assertTrue(cases.size() > 20 && cases.stream().noneMatch(c -> c.lines().isEmpty()));
    return cases;
  }

  private void check(Case c, Path data, Path folder) throws IOException, InterruptedException {
    Path file = data.resolve(c.file());
    List<String> lines = new ArrayList<>(c.lines());
    String content = String.join("", take(lines, "base64 "));
    if (!content.isEmpty()) {
      Files.write(file, Base64.getDecoder().decode(content));
    }
    List<String> replacements = take(lines, "replace ");
    if (Files.isDirectory(file)) {
      // A folder cannot be sent along; it has to be where the server may read.
      file = copy(file, server.data().resolve("files").resolve(folder.getFileName()));
    }
    TesseraServer.Output draft =
        server.tessera("import", List.of("--init", file.toString()), LIMIT);
    if (lines.getFirst().startsWith("refused ")) {
      String words = lines.getFirst().substring("refused ".length());
      assertNotEquals(0, draft.exit(), draft.text());
      assertTrue(draft.text().contains(words), draft.text());
      assertTrue(draft.text().contains(file.getFileName().toString()), draft.text());
      return;
    }
    assertEquals(0, draft.exit(), draft.text());
    String id =
        "real_"
            + folder.getFileName().toString().replaceAll("\\D", "")
            + "_"
            + c.file().replaceAll("[^A-Za-z0-9]", "_");
    String json =
        draft
            .text()
            .substring(draft.text().indexOf('{'), draft.text().lastIndexOf('}') + 1)
            .replaceFirst("(\"coverage_id\" : )\"[^\"]*\"", "$1\"" + id + "\"");
    for (String replacement : replacements) {
      String[] parts = replacement.split(" -> ", -1);
      json = json.replaceAll(parts[0], parts[1].replace("\\", "\\\\"));
    }
    Path ingredients = Files.writeString(folder.resolve(id + ".json"), json);
    TesseraServer.Output imported =
        server.tessera("import", List.of(ingredients.toString()), LIMIT);
    assertEquals(0, imported.exit(), imported.text());
    for (String line : lines) {
      int equals = line.lastIndexOf(" = ");
      double expected = Double.parseDouble(line.substring(equals + 3));
      String cell = line.substring(0, equals);
      String query =
          cell.startsWith("| ")
              ? cell.substring(2).replace("ID", id)
              : "for $c in (" + id + ") return $c." + cell;
      HttpResponse<byte[]> answer = server.wcpsByPost(query);
      String text = Xml.text(answer);
      assertEquals(200, answer.statusCode(), text);
      double found = Double.parseDouble(text.strip());
      assertEquals(expected, found, Math.abs(expected) * PRECISION, cell);
    }
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
  }

  /** Removes the lines that begin with a word; gives what follows it. */
  private static List<String> take(List<String> lines, String word) {
    List<String> taken =
        lines.stream()
            .filter(l -> l.startsWith(word))
            .map(l -> l.substring(word.length()))
            .toList();
    lines.removeIf(l -> l.startsWith(word));
    return taken;
  }

  private static Path copy(Path from, Path below) throws IOException {
    Path to = below.resolve(from.getFileName());
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : all.toList()) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          Files.copy(source, target);
        }
      }
    }
    return to;
  }
}
