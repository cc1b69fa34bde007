package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code config.insitu}: coverages whose cells stay in the files (features.md 11.9 and 11.23). */
@ExtendWith(TesseraServer.Provider.class)
class ReferencedFilesIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String COPY = "rf_copy";
  private static final String REFERRED = "rf_referred";

  private final TesseraServer server;
  private Path folder;

  ReferencedFilesIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeTheFiles() throws IOException, InterruptedException {
    delete();
    folder = Files.createDirectories(server.data().resolve("files/rf-" + System.nanoTime()));
    // Side by side with an overlap, on borders that are none of blocks; 7 is null.
    new TinyTiff(
            32631,
            500000,
            5700000,
            10,
            90,
            70,
            7,
            (x, y) -> (x / 9 + y / 7) % 4 == 0 ? 7 : (x * 3 + y) % 200)
        .write(folder.resolve("a.tif"));
    new TinyTiff(
            32631,
            500700,
            5699800,
            10,
            60,
            100,
            7,
            (x, y) -> (x / 5 + y / 8) % 3 == 0 ? 7 : (x + y * 7) % 250)
        .write(folder.resolve("b.tif"));
  }

  @AfterEach
  void delete() throws IOException, InterruptedException {
    for (String id : List.of(COPY, REFERRED, REFERRED + "_4")) {
      server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
    }
  }

  private TesseraServer.Output run(String id, boolean insitu, String paths, String options)
      throws IOException {
    String text =
        """
        {"config": {"automated": true, "track_files": false, "insitu": %s},
         "input": {"coverage_id": "%s", "paths": ["%s"]},
         "recipe": {"name": "map_mosaic", "options": {%s}}}
        """
            .formatted(insitu, id, paths, options);
    Path ingredients = Files.writeString(folder.resolve(id + ".json"), text);
    return server.tessera("import", List.of(ingredients.toString()), LIMIT);
  }

  private void imported(String id, boolean insitu, String paths, String options)
      throws IOException {
    TesseraServer.Output output = run(id, insitu, paths, options);
    assertEquals(0, output.exit(), output.text());
  }

  private HttpResponse<byte[]> ask(String query, String id)
      throws IOException, InterruptedException {
    return server.wcpsByPost("for $c in (" + id + ") return " + query);
  }

  private byte[] answer(String query, String id) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = ask(query, id);
    assertEquals(200, answer.statusCode(), () -> query + "\n" + Xml.text(answer));
    return new String(answer.body(), StandardCharsets.ISO_8859_1)
        .replace(id, "ID")
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static final List<String> QUERIES =
      List.of(
          "encode($c, \"image/tiff\")",
          "encode($c, \"image/png\")",
          "encode($c, \"text/csv\")",
          "encode($c, \"application/netcdf\")",
          "encode($c[E(500650:500950), N(5699200:5699500)], \"text/csv\")",
          "encode($c[E(500705), N(5699795)], \"text/csv\")",
          "encode(scale($c, {E(0:20), N(0:20)}), \"text/csv\")",
          "encode(clip($c, POLYGON((500100 5699500, 501100 5699500, 500700 5698900, 500100"
              + " 5699500))), \"image/tiff\")",
          "avg($c)",
          "count($c > 100)",
          "min($c)",
          "max($c)",
          "encode($c + 1, \"text/csv\")");

  @Test
  void answersAreThoseOfACopyAndNothingIsCopied() throws IOException, InterruptedException {
    imported(COPY, false, "?.tif", "");
    imported(REFERRED, true, "?.tif", "");
    for (String query : QUERIES) {
      assertArrayEquals(answer(query, COPY), answer(query, REFERRED), query);
    }
    // A second time from the cache, with statistics known.
    assertArrayEquals(answer("avg($c)", COPY), answer("avg($c)", REFERRED));
    String versions = Xml.text(server.admin("coverage/version/list", "COVERAGEID=" + REFERRED));
    Matcher bytes = Pattern.compile("\"current\":true.*\"bytes\":(\\d+)").matcher(versions);
    assertTrue(bytes.find(), versions);
    assertTrue(Long.parseLong(bytes.group(1)) < 1000, versions);
    String sources = Xml.text(server.admin("coverage/sources/list", "COVERAGEID=" + REFERRED));
    assertTrue(sources.contains("a.tif\"},{"), sources);
    assertTrue(
        Xml.text(server.admin("coverage/sources/list", "COVERAGEID=" + COPY))
            .contains("\"sources\":[]"));
  }

  @Test
  void aFileThatHasChangedIsNamedAndNoCellIsDelivered() throws IOException, InterruptedException {
    imported(REFERRED, true, "?.tif", "\"tiling\": \"ALIGNED [0:15, 0:15] TILE SIZE 256\"");
    answer("avg($c)", REFERRED);
    Path b = folder.resolve("b.tif");
    new TinyTiff(32631, 500700, 5699800, 10, 60, 100, 7, (x, y) -> 42).write(b);
    for (String query : QUERIES) {
      HttpResponse<byte[]> answer = ask(query, REFERRED);
      String body = Xml.text(answer);
      assertEquals(500, answer.statusCode(), () -> query + "\n" + body);
      assertTrue(body.contains("\"SourceUnavailable\""), body);
      assertTrue(body.contains("b.tif") && body.contains("has changed"), body);
      assertFalse(body.contains("a.tif"), body);
    }
    // What does not touch it is there, and the list tells.
    answer("encode($c[E(500000:500600), N(5699500:5699900)], \"text/csv\")", REFERRED);
    String sources = Xml.text(server.admin("coverage/sources/list", "COVERAGEID=" + REFERRED));
    assertTrue(sources.contains("\"problem\":\"File"), sources);

    HttpResponse<byte[]> refreshed =
        server.admin("coverage/sources/refresh", "COVERAGEID=" + REFERRED);
    assertTrue(Xml.text(refreshed).contains("b.tif"), Xml.text(refreshed));
    imported(COPY, false, "?.tif", "");
    for (String query : QUERIES) {
      assertArrayEquals(answer(query, COPY), answer(query, REFERRED), query);
    }

    Files.delete(b);
    HttpResponse<byte[]> gone = ask("encode($c, \"image/png\")", REFERRED);
    assertEquals(500, gone.statusCode());
    assertTrue(Xml.text(gone).contains("b.tif") && Xml.text(gone).contains("is gone"));
  }

  @Test
  void anImportThatIsDoneAgainRegistersWhatHasChanged() throws IOException, InterruptedException {
    imported(REFERRED, true, "?.tif", "");
    new TinyTiff(32631, 500700, 5699800, 10, 60, 100, 7, (x, y) -> 43)
        .write(folder.resolve("b.tif"));
    imported(REFERRED, true, "?.tif", "");
    assertEquals("43", Xml.text(ask("max($c[E(501000:501200), N(5699000:5699700)])", REFERRED)));
  }

  @Test
  void updatesVersionsAndPyramidsWorkAndFilesAreLeftAlone()
      throws IOException, InterruptedException {
    imported(REFERRED, true, "a.tif", "\"scale_levels\": [4]");
    imported(COPY, false, "a.tif", "");
    byte[] before = answer("encode($c, \"image/tiff\")", COPY);
    imported(REFERRED, false, "b.tif", "");
    imported(COPY, false, "b.tif", "");
    assertArrayEquals(
        answer("encode($c, \"image/tiff\")", COPY), answer("encode($c, \"image/tiff\")", REFERRED));
    assertArrayEquals(
        before, answer("encode($c, \"image/tiff\")", REFERRED + "@1"), "the former version");
    answer("encode(scale($c, {E(0:9), N(0:9)}), \"text/csv\")", REFERRED);
    assertEquals(200, server.admin("store/cleanup").statusCode());
    assertArrayEquals(
        answer("encode($c, \"image/tiff\")", COPY), answer("encode($c, \"image/tiff\")", REFERRED));
    delete();
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.filter(f -> f.toString().endsWith(".tif")).count());
    }
  }

  @Test
  void filesOutsideOfTheFoldersThatTheServerReadsAreRefused() throws IOException {
    Path elsewhere = Files.createTempDirectory("rf");
    Files.copy(folder.resolve("a.tif"), elsewhere.resolve("a.tif"));
    TesseraServer.Output output = run(REFERRED, true, elsewhere + "/a.tif", "");
    assertTrue(output.exit() != 0, output.text());
    assertTrue(output.text().contains("tessera.files.allowed"), output.text());
  }
}
