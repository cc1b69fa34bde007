package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The importer is killed (SIGKILL) at random moments and started again, over and over: the coverage
 * is then equal to that of an undisturbed import, grid and cells, and a further run finds nothing
 * to do. How many moments: system property {@code tessera.it.kills}, default 10.
 */
@ExtendWith(TesseraServer.Provider.class)
class ImportKillIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int FILES = 300;
  private static final int SIDE = 32;

  private final TesseraServer server;

  ImportKillIT(TesseraServer server) {
    this.server = server;
  }

  @Test
  void killedImportsGoOnToTheSameCoverage() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(server.data().resolve("kill-" + System.nanoTime()));
    for (int i = 0; i < FILES; i++) {
      String day = LocalDate.of(2020, 1, 1).plusDays(i).toString().replace("-", "");
      Files.write(folder.resolve("a_" + day + ".tif"), image(i));
    }
    Path whole = ingredients(folder, "kill_whole");
    delete("kill_whole");
    long started = System.nanoTime();
    run(whole);
    long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
    String expected = content("kill_whole");

    Path killed = ingredients(folder, "kill_again");
    delete("kill_again");
    Files.deleteIfExists(folder.resolve("kill_again.resume.json"));
    Random random = new Random(Long.getLong("tessera.it.seed", 42));
    int kills = Integer.getInteger("tessera.it.kills", 10);
    int ended = 0;
    for (int k = 0; k < kills; k++) {
      Process process = start(killed, folder.resolve("log.txt"));
      boolean over =
          process.waitFor(random.nextLong(millis / 4, millis + millis / 8), TimeUnit.MILLISECONDS);
      if (over) {
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("log.txt")));
        assertEquals(expected, content("kill_again"));
        ended++;
        delete("kill_again");
      } else {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor();
      }
    }
    run(killed);
    assertEquals(expected, content("kill_again"), "after " + ended + " whole imports");
    TesseraServer.Output again = run(killed);
    assertTrue(again.text().contains("all " + FILES + " files are imported already"), again.text());
    TesseraServer.Output status =
        server.tessera("import", List.of("status", "-q", killed.toString()), LIMIT);
    assertTrue(status.text().contains(FILES + "/" + FILES + " imported, 0 errors"), status.text());
    delete("kill_whole");
    delete("kill_again");
  }

  private Process start(Path ingredients, Path log) throws IOException {
    return new ProcessBuilder(
            server.root().resolve("tessera").toString(),
            "import",
            "--data",
            server.data().toString(),
            ingredients.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .start();
  }

  private TesseraServer.Output run(Path ingredients) throws IOException {
    TesseraServer.Output output = server.tessera("import", List.of(ingredients.toString()), LIMIT);
    assertEquals(0, output.exit(), output.text());
    return output;
  }

  private void delete(String id) throws IOException, InterruptedException {
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
  }

  /** The description without the id, and all cells. */
  private String content(String id) throws IOException, InterruptedException {
    HttpResponse<byte[]> grid =
        server.ows("service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=" + id);
    assertEquals(200, grid.statusCode(), () -> Xml.text(grid));
    HttpResponse<byte[]> cells =
        server.wcpsByPost("for $c in (" + id + ") return encode($c, \"text/csv\")");
    assertEquals(200, cells.statusCode(), () -> Xml.text(cells));
    String paths = "kill-[0-9]+/a_";
    return Xml.text(grid).replace(id, "ID").replaceAll(paths, "a_") + Xml.text(cells);
  }

  private static Path ingredients(Path folder, String id) throws IOException {
    String text =
        """
        {"config": {"automated": true},
         "input": {"coverage_id": "ID", "paths": ["a_*.tif"]},
         "recipe": {"name": "time_series_irregular", "options": {
           "time_crs": "OGC/0/AnsiDate", "tiling": "ALIGNED [0:9, 0:31, 0:31]",
           "time_parameter": {"filename": {"regex": "a_(.*)\\\\.tif", "group": "1"},
             "datetime_format": "YYYYMMDD"}}}}
        """
            .replace("ID", id);
    return Files.writeString(folder.resolve(id + ".json"), text);
  }

  /** A GeoTIFF of bytes in EPSG:4326 (TIFF 6.0, OGC 19-008r4), without compression. */
  private static byte[] image(int number) {
    int tags = 12;
    int extra = 8 + 2 + tags * 12 + 4;
    int cells = extra + 24 + 48 + 32;
    ByteBuffer b = ByteBuffer.allocate(cells + SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
    b.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    b.putShort((short) tags);
    tag(b, 256, 3, 1, SIDE);
    tag(b, 257, 3, 1, SIDE);
    tag(b, 258, 3, 1, 8);
    tag(b, 259, 3, 1, 1);
    tag(b, 262, 3, 1, 1);
    tag(b, 273, 4, 1, cells);
    tag(b, 277, 3, 1, 1);
    tag(b, 278, 3, 1, SIDE);
    tag(b, 279, 4, 1, SIDE * SIDE);
    tag(b, 33550, 12, 3, extra);
    tag(b, 33922, 12, 6, extra + 24);
    tag(b, 34735, 3, 16, extra + 72);
    b.putInt(0);
    b.putDouble(0.5).putDouble(0.5).putDouble(0);
    b.putDouble(0).putDouble(0).putDouble(0).putDouble(10).putDouble(50).putDouble(0);
    for (int key : new int[] {1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326}) {
      b.putShort((short) key);
    }
    for (int i = 0; i < SIDE * SIDE; i++) {
      b.put((byte) (number * 7 + i));
    }
    return b.array();
  }

  private static void tag(ByteBuffer b, int tag, int type, int count, int value) {
    b.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
  }
}
