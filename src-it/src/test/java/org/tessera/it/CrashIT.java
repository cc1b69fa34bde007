package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The server's process is killed while a coverage is being updated: after the restart the coverage
 * is the old one or the new one, never a mixture, and the same update then succeeds.
 */
@ExtendWith(TesseraServer.Provider.class)
class CrashIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String MEAN = "for $c in (crash) return avg($c.value)";

  private final TesseraServer server;

  CrashIT(TesseraServer server) {
    this.server = server;
  }

  @Test
  void killedUpdateLeavesTheOldVersionOrTheNewOneWhole() throws IOException, InterruptedException {
    Path temperatures = ingredients("TEMP");
    Path salinities = ingredients("SALT");
    run(temperatures);
    double before = mean();
    run(salinities);
    double after = mean();
    // From the file by numpy, without the nulls.
    assertEquals(8.267044933318694, before, 1e-5);
    assertEquals(34.60988293436358, after, 1e-5);

    Path from = salinities;
    for (int delay : new int[] {1200, 1800, 2400}) {
      Path to = from.equals(salinities) ? temperatures : salinities;
      Thread update = Thread.ofVirtual().start(() -> attempt(to));
      Thread.sleep(delay);
      server.crashAndRestart();
      update.join();
      double found = mean();
      assertTrue(
          Math.abs(found - before) < 1e-9 || Math.abs(found - after) < 1e-9,
          () -> "killed after " + delay + " ms: " + found + " is neither version");
      run(to);
      assertEquals(to.equals(temperatures) ? before : after, mean(), 1e-9);
      from = to;
    }
  }

  /** Levitus' temperatures or salinities as the one field of a coverage of the same shape. */
  private Path ingredients(String variable) throws IOException {
    Path folder = Files.createDirectories(server.data().resolve("crash"));
    String text =
        """
        {"config": {"automated": true, "track_files": false},
         "input": {"coverage_id": "crash",
           "paths": ["/usr/share/ferret-vis/data/levitus_climatology.cdf"]},
         "recipe": {"name": "general_coverage", "options": {"coverage": {
           "crs": "OGC/0/Index1D?axis-label=\\"depth\\"@EPSG/0/4326",
           "slicer": {"type": "netcdf", "pixelIsPoint": true,
             "bands": [{"name": "value", "variable": "VARIABLE", "identifier": "VARIABLE",
               "nilValue": "-1.0e+10"}],
             "axes": {
               "depth": {"min": "${netcdf:variable:ZAXLEVITR:min}",
                 "max": "${netcdf:variable:ZAXLEVITR:max}",
                 "directPositions": "${netcdf:variable:ZAXLEVITR}", "irregular": true, "gridOrder": 0},
               "Lat": {"min": "-89.5", "max": "89.5", "resolution": "1", "gridOrder": 1},
               "Long": {"min": "20.5", "max": "379.5", "resolution": "1", "gridOrder": 2}}}},
           "tiling": "ALIGNED [0:0, 0:19, 0:39]"}}}
        """
            .replace("VARIABLE", variable);
    return Files.writeString(folder.resolve(variable + ".json"), text);
  }

  private void run(Path ingredients) throws IOException {
    TesseraServer.Output output = server.tessera("import", List.of(ingredients.toString()), LIMIT);
    assertEquals(0, output.exit(), output.text());
  }

  /** An import whose server is killed may end as it likes, but it must end. */
  private void attempt(Path ingredients) {
    try {
      server.tessera("import", List.of(ingredients.toString()), LIMIT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double mean() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.wcps(MEAN);
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    return Double.parseDouble(Xml.text(answer).strip());
  }
}
