package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/** A time series of small images, a file a day from 2020-01-01, and imports of it. */
final class ImportSeries {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int SIDE = 32;

  private final TesseraServer server;
  private final Path folder;

  /** Writes the files into a new folder. */
  ImportSeries(TesseraServer server, int files) throws IOException {
    this.server = server;
    this.folder = Files.createDirectories(server.data().resolve("series-" + System.nanoTime()));
    for (int i = 0; i < files; i++) {
      Files.write(file(i), image(i));
    }
  }

  Path folder() {
    return folder;
  }

  /** The file of a day, from 0. */
  Path file(int day) {
    String date = LocalDate.of(2020, 1, 1).plusDays(day).toString().replace("-", "");
    return folder.resolve("a_" + date + ".tif");
  }

  /** Ingredients of all files for a coverage. */
  Path ingredients(String id) throws IOException {
    return ingredients(id, "a_*.tif", "");
  }

  /**
   * Ingredients.
   *
   * @param config more keys of {@code config}, with a comma before each
   */
  Path ingredients(String id, String paths, String config) throws IOException {
    String text =
        """
        {"config": {"automated": true CONFIG},
         "input": {"coverage_id": "ID", "paths": ["PATHS"]},
         "recipe": {"name": "time_series_irregular", "options": {
           "time_crs": "OGC/0/AnsiDate", "tiling": "ALIGNED [0:9, 0:31, 0:31]",
           "time_parameter": {"filename": {"regex": "a_(.*)\\\\.tif", "group": "1"},
             "datetime_format": "YYYYMMDD"}}}}
        """
            .replace("ID", id)
            .replace("PATHS", paths)
            .replace("CONFIG", config);
    return Files.writeString(folder.resolve(id + ".json"), text);
  }

  /** An import in a process of its own. */
  Process start(Path ingredients, Path log) throws IOException {
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

  /** An import that must succeed. */
  String run(Path ingredients, String... options) throws IOException {
    List<String> arguments = new java.util.ArrayList<>(List.of(options));
    arguments.add(ingredients.toString());
    TesseraServer.Output output = server.tessera("import", arguments, LIMIT);
    assertEquals(0, output.exit(), output.text());
    return output.text();
  }

  /** What {@code import status} says. */
  String status(String... arguments) throws IOException {
    List<String> all = new java.util.ArrayList<>(List.of("status"));
    all.addAll(List.of(arguments));
    return server.tessera("import", all, LIMIT).text();
  }

  void delete(String id) throws IOException, InterruptedException {
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
  }

  /** The description without the id, and all cells. */
  String content(String id) throws IOException, InterruptedException {
    HttpResponse<byte[]> grid =
        server.ows("service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=" + id);
    assertEquals(200, grid.statusCode(), () -> Xml.text(grid));
    HttpResponse<byte[]> cells =
        server.wcpsByPost("for $c in (" + id + ") return encode($c, \"text/csv\")");
    assertEquals(200, cells.statusCode(), () -> Xml.text(cells));
    return Xml.text(grid).replace(id, "ID") + Xml.text(cells);
  }

  /** A GeoTIFF of bytes in EPSG:4326 (TIFF 6.0, OGC 19-008r4), without compression. */
  static byte[] image(int number) {
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
