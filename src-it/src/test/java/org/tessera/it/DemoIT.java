package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The three datacubes of the demo, imported by the command and asked over WCS and WCPS. The
 * expected numbers were computed from the files with GDAL and numpy.
 */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
@TestInstance(Lifecycle.PER_CLASS)
class DemoIT {
  private final TesseraServer server;

  DemoIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeAll
  void importTheDemo() throws IOException {
    server.needDemo();
  }

  @Test
  void capabilitiesListTheThreeCubes() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.ows("service=WCS", "version=2.0.1", "request=GetCapabilities");
    String text = Xml.text(answer);
    for (String id : List.of("coads", "etopo", "levitus")) {
      assertTrue(text.contains(">" + id + "<"), () -> id + " is not in " + text);
    }
  }

  @Test
  void highestAndLowestPointOfTheReliefAreThoseOfTheFile()
      throws IOException, InterruptedException {
    assertEquals(6228.8125, number("for $c in (etopo) return max($c)"), 0);
    assertEquals(-9026.625, number("for $c in (etopo) return min($c)"), 0);
    assertEquals(-1894.698856618529, number("for $c in (etopo) return avg($c)"), 1e-6);
  }

  @Test
  void meanOfTheSeaInJulyLeavesOutTheLand() throws IOException, InterruptedException {
    assertEquals(
        19.4265237380382,
        number("for $c in (coads) return avg($c.sst[ansi(\"0000-07-16\")])"),
        1e-6);
  }

  @Test
  void hottestMonthOfTheSeaIsFoundOverAllTimes() throws IOException, InterruptedException {
    assertEquals(33.150463, number("for $c in (coads) return max($c.sst)"), 1e-5);
  }

  @Test
  void temperatureAtADepthIsThatOfTheFile() throws IOException, InterruptedException {
    assertEquals(
        18.789,
        number("for $c in (levitus) return $c.temperature[depth(100), Lat(30.5), Long(330.5)]"),
        1e-3);
  }

  @Test
  void profileOverIrregularDepthsComesAsText() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.wcps(
            "for $c in (levitus) return encode($c.temperature[Lat(30.5), Long(330.5), depth(0:50)],"
                + " \"text/csv\")");
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    double[] values =
        Arrays.stream(Xml.text(answer).strip().split(","))
            .mapToDouble(Double::parseDouble)
            .toArray();
    assertArrayEquals(new double[] {21.714, 21.600, 21.446, 21.266, 20.565}, values, 1e-3);
  }

  @Test
  void describeCoverageTellsAxesFieldsAndNulls() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.ows("service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=coads");
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    Xml xml = Xml.of(answer);
    assertEquals("ansi Lat Long", xml.attribute("Envelope", "axisLabels"));
    assertEquals(7, xml.count("field"));
    assertEquals("0 0 0", xml.first("low"));
    assertEquals("11 89 179", xml.first("high"));
  }

  @Test
  void pictureOfTheReliefIsAPngAsWideAsTheGrid() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.wcps(
            "for $c in (etopo) return encode((unsigned char) (($c + 9100) / 61), \"image/png\")");
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    byte[] png = answer.body();
    assertArrayEquals(
        new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}, Arrays.copyOf(png, 8));
    assertEquals(1081, java.nio.ByteBuffer.wrap(png).getInt(16));
    assertEquals(540, java.nio.ByteBuffer.wrap(png).getInt(20));
  }

  @Test
  void importOfTheSameAgainSaysWhatIsThere() throws IOException {
    Path again = server.root().resolve("demo/etopo.json");
    TesseraServer.Output output =
        server.tessera("import", List.of(again.toString()), Duration.ofMinutes(2));
    assertTrue(output.text().contains("etopo"), output.text());
  }

  @Test
  void truncatedFileIsRefusedByNameInTime() throws IOException, InterruptedException {
    byte[] whole = Files.readAllBytes(Path.of("/usr/share/ferret-vis/data/etopo20.cdf"));
    Path folder = Files.createDirectories(server.data().resolve("broken"));
    Files.write(folder.resolve("cut.nc"), Arrays.copyOf(whole, whole.length / 2));
    String ingredients =
        Files.readString(server.root().resolve("demo/etopo.json"))
            .replace("/usr/share/ferret-vis/data/etopo20.cdf", "cut.nc")
            .replace("\"etopo\"", "\"cut\"");
    Path file = Files.writeString(folder.resolve("cut.json"), ingredients);
    TesseraServer.Output output =
        server.tessera("import", List.of(file.toString()), Duration.ofMinutes(2));
    assertTrue(output.exit() != 0, output.text());
    assertTrue(output.text().contains("cut.nc"), output.text());
    assertEquals(6228.8125, number("for $c in (etopo) return max($c)"), 0);
  }

  private double number(String query) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.wcps(query);
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    return Double.parseDouble(Xml.text(answer).strip());
  }
}
