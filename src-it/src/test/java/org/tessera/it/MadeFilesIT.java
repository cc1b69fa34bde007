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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Files as other programs write them are imported, and what the server gives back is what these
 * programs find in the source. The cases are in {@code made-files.case}; numpy, GDAL and netCDF4
 * for Python make the files and look at the answers.
 */
@ExtendWith(TesseraServer.Provider.class)
class MadeFilesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final String PYTHON = "/usr/bin/python3";
  private static final double PRECISION = 1e-9;
  private static final Pattern MARKED = Pattern.compile("([|>?]) ?(.*)");

  /** What the Python of all cases begins with. */
  private static final String PRELUDE =
      """
      import sys, numpy as np, netCDF4, urllib.request, urllib.parse
      from osgeo import gdal, osr
      gdal.UseExceptions()
      answers = []
      def get(format, *subsets):
          "The file that GetCoverage gives."
          query = [('service', 'WCS'), ('version', '2.0.1'), ('request', 'GetCoverage'),
                   ('coverageId', sys.argv[2]), ('format', format)]
          query += [('subset', s) for s in subsets]
          answers.append(format)
          name = 'answer%d.%s' % (len(answers), format.split('/')[1])
          with urllib.request.urlopen(sys.argv[1] + '?' + urllib.parse.urlencode(query)) as a:
              open(name, 'wb').write(a.read())
          return name
      def describe():
          query = urllib.parse.urlencode({'service': 'WCS', 'version': '2.0.1',
              'request': 'DescribeCoverage', 'coverageId': sys.argv[2]})
          with urllib.request.urlopen(sys.argv[1] + '?' + query) as a:
              return a.read().decode()
      def same(a, b):
          assert np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind in 'fc'), (a, b)
      """;

  private final TesseraServer server;

  MadeFilesIT(TesseraServer server) {
    this.server = server;
  }

  private record Case(String name, List<String> lines) {
    String block(char mark) {
      StringBuilder out = new StringBuilder();
      for (String line : lines) {
        Matcher m = MARKED.matcher(line);
        if (m.matches() && m.group(1).charAt(0) == mark) {
          out.append(m.group(2)).append('\n');
        }
      }
      return out.toString();
    }

    /** The case for each word of a line "each ...", put in place of %T%; or itself. */
    Stream<Case> each() {
      return with("each").isEmpty()
          ? Stream.of(this)
          : Stream.of(with("each").getFirst().split(" "))
              .map(
                  t ->
                      new Case(
                          name + " " + t, lines.stream().map(l -> l.replace("%T%", t)).toList()));
    }

    List<String> with(String word) {
      return lines.stream()
          .filter(l -> l.startsWith(word + " "))
          .map(l -> l.substring(word.length() + 1).strip())
          .toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> madeFiles() throws IOException {
    boolean there =
        TesseraServer.run(List.of(PYTHON, "-c", "import netCDF4; from osgeo import gdal"), LIMIT)
                .exit()
            == 0;
    if (System.getenv("CI") != null) {
      assertTrue(there, "python3-netcdf4 and python3-gdal are missing");
    }
    Assumptions.assumeTrue(there, "skipped: " + PYTHON + " has no netCDF4 or no GDAL");
    Path folder = Files.createDirectories(server.data().resolve("made-" + System.nanoTime()));
    return cases().stream()
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c, folder.resolve(id(c)))));
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream in = MadeFilesIT.class.getResourceAsStream("made-files.case")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        if (line.startsWith("case ")) {
          cases.add(new Case(line.substring("case ".length()), new ArrayList<>()));
        } else {
          cases.getLast().lines().add(line);
        }
      }
    }
    assertTrue(cases.size() > 10 && cases.stream().noneMatch(c -> c.lines().isEmpty()));
    return cases.stream().flatMap(Case::each).toList();
  }

  private static String id(Case c) {
    return "made_" + c.name().replaceAll("[^A-Za-z0-9]+", "_");
  }

  private void check(Case c, Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    String id = id(c);
    python(c.block('|'), folder, id);
    String json = c.block('>');
    if (json.isEmpty()) {
      json = draft(c, folder);
    }
    Path ingredients =
        Files.writeString(
            folder.resolve("i.json"),
            json.replaceFirst("(\"coverage_id\"\\s*:\\s*)\"[^\"]*\"", "$1\"" + id + "\""));
    TesseraServer.Output imported =
        server.tessera("import", List.of(ingredients.toString()), LIMIT);
    for (String words : c.with("says")) {
      assertTrue(imported.text().contains(words), imported.text());
    }
    if (!c.with("refused").isEmpty()) {
      assertNotEquals(0, imported.exit(), imported.text());
      c.with("refused")
          .forEach(words -> assertTrue(imported.text().contains(words), imported.text()));
      return;
    }
    assertEquals(0, imported.exit(), imported.text());
    for (String line : c.with("=")) {
      int equals = line.lastIndexOf(" = ");
      HttpResponse<byte[]> answer =
          server.wcpsByPost("for $c in (" + id + ") return " + line.substring(0, equals));
      String text = Xml.text(answer).strip();
      assertEquals(200, answer.statusCode(), text);
      same(line.substring(equals + 3), text, line);
    }
    python(c.block('?'), folder, id);
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
  }

  private static void same(String expected, String found, String line) {
    try {
      double number = Double.parseDouble(expected);
      assertEquals(number, Double.parseDouble(found), Math.abs(number) * PRECISION, line);
    } catch (NumberFormatException e) {
      assertEquals(expected, found, line);
    }
  }

  /** The ingredients that {@code import --init} writes for the files that the case names. */
  private String draft(Case c, Path folder) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--init"));
    c.with("init").forEach(f -> arguments.add(folder.resolve(f).toString()));
    TesseraServer.Output draft = server.tessera("import", arguments, LIMIT);
    assertEquals(0, draft.exit(), draft.text());
    return draft.text().substring(draft.text().indexOf('{'), draft.text().lastIndexOf('}') + 1);
  }

  private void python(String program, Path folder, String id) throws IOException {
    if (program.isEmpty()) {
      return;
    }
    String text = "import os\nos.chdir('" + folder + "')\n" + PRELUDE + program;
    Path file = Files.writeString(folder.resolve("program.py"), text);
    TesseraServer.Output output =
        TesseraServer.run(List.of(PYTHON, file.toString(), server.ows().toString(), id), LIMIT);
    assertEquals(0, output.exit(), output.text());
  }
}
