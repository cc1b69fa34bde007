package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The recipe virtual_coverage (features.md 11.6). */
@ExtendWith(TesseraServer.Provider.class)
class VirtualCoverageIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final TesseraServer server;
  private Path folder;

  VirtualCoverageIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeTheFolder() throws IOException, InterruptedException {
    delete();
    folder = Files.createDirectories(server.data().resolve("files/vc-" + System.nanoTime()));
  }

  @AfterEach
  void delete() throws IOException, InterruptedException {
    for (String id : List.of("vc", "vc_a", "vc_b", "vc_a_4", "vc_b_4")) {
      server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
    }
  }

  private void mosaic(String id, TinyTiff tiff, String options) throws IOException {
    String name = id + System.nanoTime() + ".tif";
    tiff.write(folder.resolve(name));
    TesseraServer.Output output =
        run(
            id,
            "\"paths\": [\"" + name + "\"]",
            "{\"name\": \"map_mosaic\", \"options\": {" + options + "}}");
    assertEquals(0, output.exit(), output.text());
  }

  private TesseraServer.Output unite(String options) throws IOException {
    return run(
        "vc",
        "\"paths\": []",
        "{\"name\": \"virtual_coverage\", \"options\": {\"source_coverage_ids\": "
            + options
            + "}}");
  }

  private TesseraServer.Output run(String id, String input, String recipe) throws IOException {
    String text =
        """
        {"config": {"automated": true, "track_files": false},
         "input": {"coverage_id": "%s", %s}, "recipe": %s}
        """
            .formatted(id, input, recipe);
    Path ingredients = Files.writeString(folder.resolve(id + ".json"), text);
    return server.tessera("import", List.of(ingredients.toString()), LIMIT);
  }

  private String ask(String query) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.wcpsByPost(query);
    assertEquals(200, answer.statusCode(), () -> query + "\n" + Xml.text(answer));
    return Xml.text(answer).strip();
  }

  private static TinyTiff geographic(double west, double north, int width, int height, int value) {
    return new TinyTiff(
        4326, west, north, 1, width, height, 9, (x, y) -> x == 0 && y == 0 ? 9 : value);
  }

  @Test
  void theUnionOfItsSourcesFollowsThem() throws IOException, InterruptedException {
    mosaic("vc_a", geographic(0, 3, 3, 3, 1), "");
    mosaic("vc_b", geographic(2, 4, 2, 2, 2), "");
    TesseraServer.Output made = unite("[\"vc_a\", \"vc_b\"]");
    assertEquals(0, made.exit(), made.text());
    // Columns from north to south: b over a but for its null cell (at 2.5, 3.5), which lies outside
    // of a; that of a is null.
    String all = "for $c in (vc) return encode($c, \"text/csv\")";
    assertEquals("{9,9,1,1},{9,1,1,1},{9,2,1,1},{2,2,9,9}", ask(all));
    assertEquals("10", ask("for $c in (vc) return count($c > 0)"));
    HttpResponse<byte[]> described =
        server.ows("service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=vc");
    assertTrue(Xml.text(described).contains("<gml:lowerCorner>0 0</gml:lowerCorner>"));
    assertTrue(Xml.text(described).contains("<gml:upperCorner>4 4</gml:upperCorner>"));

    mosaic("vc_b", geographic(4, 4, 1, 2, 3), "");
    assertEquals("{9,9,1,1},{9,1,1,1},{9,2,1,1},{2,2,9,9},{9,3,9,9}", ask(all));

    HttpResponse<byte[]> refused =
        server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=vc_a");
    assertEquals(403, refused.statusCode());
    assertTrue(Xml.text(refused).contains("virtual coverage"), Xml.text(refused));
    HttpResponse<byte[]> deleted =
        server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=vc");
    assertEquals(200, deleted.statusCode());
    assertEquals("1", ask("for $c in (vc_a) return max($c)"));
  }

  @Test
  void sourcesInTwoUtmZonesAreReprojected() throws IOException, InterruptedException {
    // Six degrees east is the border of zones 31 and 32; both files reach a bit beyond it.
    mosaic(
        "vc_a",
        new TinyTiff(32631, 640000, 5500000, 1000, 90, 60, 255, (x, y) -> 1 + (x + y) % 100),
        "\"scale_levels\": [4]");
    mosaic(
        "vc_b",
        new TinyTiff(32632, 270000, 5500000, 1000, 80, 60, 255, (x, y) -> 101 + (x + y) % 100),
        "\"scale_levels\": [4]");
    TesseraServer.Output made = unite("[\"vc_[ab]\"]");
    assertEquals(0, made.exit(), made.text());
    HttpResponse<byte[]> described =
        server.ows("service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=vc");
    String gml = Xml.text(described);
    Matcher lower = Pattern.compile("<gml:lowerCorner>([^< ]+) ([^< ]+)<").matcher(gml);
    Matcher upper = Pattern.compile("<gml:upperCorner>([^< ]+) ([^< ]+)<").matcher(gml);
    assertTrue(gml.contains("EPSG/0/4326") && lower.find() && upper.find(), gml);
    assertEquals(49.07, Double.parseDouble(lower.group(1)), 0.05);
    assertEquals(4.92, Double.parseDouble(lower.group(2)), 0.05);
    assertEquals(6.94, Double.parseDouble(upper.group(2)), 0.05);
    for (String place : List.of("Lat(49.2), Long(5.2)", "Lat(49.4), Long(5.6)")) {
      assertNear("vc_a", place);
    }
    // Where both are, the later one wins.
    for (String place : List.of("Lat(49.4), Long(6.01)", "Lat(49.3), Long(6.8)")) {
      assertNear("vc_b", place);
    }
    // From pyramids of the sources.
    String small =
        ask(
            "for $c in (vc) return encode(scale($c, {Lat:\"CRS:1\"(0:9), Long:\"CRS:1\"(0:9)}), \"csv\")");
    assertEquals(10, small.split("\\}", -1).length - 1, small);
    assertTrue(
        small.matches("(?s).*\\b1\\d\\d\\b.*") && small.matches("(?s).*\\b\\d\\d\\b.*"), small);
  }

  /** The cell is that of a source at a place in degrees, or one beside it, which differs by 2. */
  private void assertNear(String source, String place) throws IOException, InterruptedException {
    Matcher p = Pattern.compile("Lat\\((.*)\\), Long\\((.*)\\)").matcher(place);
    assertTrue(p.matches());
    String there =
        ask(
            "for $c in (%s) return avg($c[E:\"EPSG:4326\"(%s:%s), N:\"EPSG:4326\"(%s:%s)])"
                .formatted(source, p.group(2), p.group(2), p.group(1), p.group(1)));
    String here = ask("for $c in (vc) return avg($c[" + place + "])");
    assertEquals(Double.parseDouble(there), Double.parseDouble(here), 2, place);
  }

  @Test
  void sourcesThatDoNotFitAreRefusedByName() throws IOException, InterruptedException {
    mosaic("vc_a", geographic(0, 3, 3, 3, 1), "");
    mosaic("vc_b", new TinyTiff(4326, 3, 3, 1, 3, 3, 5, (x, y) -> 1), "");
    TesseraServer.Output output = unite("[\"vc_a\", \"vc_b\"]");
    assertTrue(output.exit() != 0, output.text());
    assertTrue(
        output.text().contains("'vc_b'") && output.text().contains("null values"), output.text());
    TesseraServer.Output unknown = unite("[\"vc_a\", \"vc_none\"]");
    assertTrue(unknown.exit() != 0 && unknown.text().contains("vc_none"), unknown.text());
  }
}
