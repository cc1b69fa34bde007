package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Files of seven formats with bytes changed, cut off, or put in, sent to be read whole: each
 * request is answered, with cells or with a message that names the trouble; the server lives on, no
 * worker is left over, and no file. How many: system property {@code tessera.it.damaged} (default
 * 420), as far as they fit into {@code tessera.it.damaged.seconds} (default 120); the seed is
 * {@code tessera.it.seed}. Coverages are inserted and updated of such files as well, sent along or
 * by reference: {@code tessera.it.damaged.stored} of them (default 40) in at most {@code
 * tessera.it.damaged.stored.seconds} (default 25).
 */
@ExtendWith(TesseraServer.Provider.class)
class DamagedFilesIT {
  private static final Map<String, List<String>> FORMATS =
      new TreeMap<>(
          Map.of(
              "tif", List.of("-of", "GTiff", "-co", "COMPRESS=DEFLATE", "-co", "TILED=YES"),
              "nc4.nc", List.of("-of", "netCDF", "-co", "FORMAT=NC4", "-co", "COMPRESS=DEFLATE"),
              "nc3.nc", List.of("-of", "netCDF", "-co", "FORMAT=NC"),
              "grb2", List.of("-of", "GRIB"),
              "jp2", List.of("-of", "JP2OpenJPEG"),
              "hdf", List.of("-of", "HDF4Image"),
              "png", List.of("-of", "PNG")));

  /** The server gives a file up after this time, and a request some time more. */
  private static final Duration LONGEST = Duration.ofSeconds(75);

  private final TesseraServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  DamagedFilesIT(TesseraServer server) {
    this.server = server;
  }

  @Test
  void damagedFilesAreAnsweredWithMessages() throws IOException, InterruptedException {
    int wanted = Integer.getInteger("tessera.it.damaged", 420);
    long seconds = Long.getLong("tessera.it.damaged.seconds", 120);
    Random random = new Random(Long.getLong("tessera.it.seed", 42));
    Map<String, byte[]> sound = sound();
    for (Map.Entry<String, byte[]> e : sound.entrySet()) {
      HttpResponse<byte[]> answer = decode(e.getKey(), e.getValue());
      assertEquals(200, answer.statusCode(), () -> e.getKey() + ": " + Xml.text(answer));
    }
    long pid = server.process().pid();
    List<String> names = List.copyOf(sound.keySet());
    Map<String, Integer> outcomes = new TreeMap<>();
    long begun = System.nanoTime();
    Duration longest = Duration.ZERO;
    int sent = 0;
    while (sent < wanted && System.nanoTime() - begun < seconds * 1_000_000_000L) {
      String name = names.get(sent % names.size());
      byte[] damaged = damage(sound.get(name), random);
      long start = System.nanoTime();
      HttpResponse<byte[]> answer = decode(name, damaged);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      longest = took.compareTo(longest) > 0 ? took : longest;
      String outcome = outcome(answer);
      assertFalse(outcome.contains("InternalError"), () -> keep(name, damaged) + Xml.text(answer));
      outcomes.merge(name + " " + outcome, 1, Integer::sum);
      sent++;
    }
    System.out.println(
        "damaged files: "
            + sent
            + " in "
            + Duration.ofNanos(System.nanoTime() - begun).toSeconds()
            + " s, the longest "
            + longest.toMillis()
            + " ms: "
            + outcomes);
    assertTrue(sent >= Math.min(wanted, names.size()), "only " + sent);
    assertTrue(longest.compareTo(LONGEST) < 0, longest.toString());
    assertEquals(pid, server.process().pid());
    for (Map.Entry<String, byte[]> e : sound.entrySet()) {
      assertEquals(200, decode(e.getKey(), e.getValue()).statusCode(), e.getKey());
    }
    assertEquals(List.of(), files(server.data().resolve("uploads")));
    long workers =
        server
            .process()
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains("gdal"))
            .count();
    long most = Math.max(2, Runtime.getRuntime().availableProcessors());
    assertTrue(workers <= 2 * most, workers + " workers");
  }

  @Test
  void coveragesOfDamagedFilesAreStoredWholeOrNotAtAll() throws IOException, InterruptedException {
    int wanted = Integer.getInteger("tessera.it.damaged.stored", 40);
    long seconds = Long.getLong("tessera.it.damaged.stored.seconds", 25);
    Random random = new Random(Long.getLong("tessera.it.seed", 42) + 1);
    Path readable = Files.createDirectories(server.data().resolve("files"));
    Map<String, byte[]> sound = sound();
    for (Map.Entry<String, byte[]> e : sound.entrySet()) {
      for (String id : List.of(updated(e.getKey()), "damaged_new")) {
        delete(id);
        HttpResponse<byte[]> answer = store(false, id, e.getKey(), e.getValue(), null);
        assertEquals(200, answer.statusCode(), () -> e.getKey() + ": " + Xml.text(answer));
      }
    }
    delete("damaged_new");
    long pid = server.process().pid();
    List<String> names = List.copyOf(sound.keySet());
    Map<String, Integer> outcomes = new TreeMap<>();
    long begun = System.nanoTime();
    int sent = 0;
    while (sent < wanted && System.nanoTime() - begun < seconds * 1_000_000_000L) {
      String name = names.get(sent % names.size());
      boolean update = sent / names.size() % 2 == 1;
      boolean reference = sent / names.size() / 2 % 2 == 1;
      byte[] damaged = damage(sound.get(name), random);
      String id = update ? updated(name) : "damaged_new";
      String before = update ? Xml.text(cells(id)) : "";
      Path file = reference ? readable.resolve("damaged-" + sent + "." + name) : null;
      HttpResponse<byte[]> answer = store(update, id, name, damaged, file);
      String outcome = outcome(answer);
      assertFalse(outcome.contains("InternalError"), () -> keep(name, damaged) + Xml.text(answer));
      HttpResponse<byte[]> after = cells(id);
      if (update && answer.statusCode() != 200) {
        assertEquals(before, Xml.text(after), () -> keep(name, damaged));
      } else {
        int expected = answer.statusCode() == 200 ? 200 : 404;
        assertEquals(expected, after.statusCode(), () -> keep(name, damaged) + Xml.text(after));
      }
      delete("damaged_new");
      String way = (update ? " update" : " insert") + (reference ? " by reference " : " ");
      outcomes.merge(name + way + outcome, 1, Integer::sum);
      if (file != null) {
        Files.delete(file);
      }
      sent++;
    }
    System.out.println(
        "coverages of damaged files: "
            + sent
            + " in "
            + Duration.ofNanos(System.nanoTime() - begun).toSeconds()
            + " s: "
            + outcomes);
    assertTrue(sent >= Math.min(wanted, names.size()), "only " + sent);
    assertEquals(pid, server.process().pid());
    assertEquals(List.of(), files(server.data().resolve("uploads")));
    for (String name : names) {
      delete(updated(name));
    }
  }

  /** The coverage that files of this format update. */
  private static String updated(String name) {
    return name.equals("grb2") ? "damaged_doubles" : "damaged_bytes";
  }

  private void delete(String id) throws IOException, InterruptedException {
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
  }

  private HttpResponse<byte[]> cells(String id) throws IOException, InterruptedException {
    return server.wcpsByPost("for $c in (" + id + ") return encode($c, \"text/csv\")");
  }

  /**
   * Inserts or updates a coverage of the cells of a file.
   *
   * @param reference where the server reads the file; null: it is sent along
   */
  private HttpResponse<byte[]> store(
      boolean update, String id, String name, byte[] content, Path reference)
      throws IOException, InterruptedException {
    String type = name.equals("grb2") ? "double" : "unsignedByte";
    String grid = " Lat=49.875..34.125/-0.25 Long=10.125..33.875/0.25";
    String file = "cid:file";
    if (reference != null) {
      Files.write(reference, content);
      file = reference.toUri().toString();
    }
    String gml = Cubes.gmlOfFile(update ? "part" : id, "fields=v:" + type + grid, file);
    String query =
        "?service=WCS&version=2.0.1&request="
            + (update ? "UpdateCoverage&coverageId=" + id : "InsertCoverage");
    return reference == null
        ? multipart(query, "coverage", gml, "file", name, content)
        : multipart(query, "coverage", gml, "", name, content);
  }

  /** 200, or the exception code, which must come with a message. */
  private static String outcome(HttpResponse<byte[]> answer) {
    if (answer.statusCode() == 200) {
      return "200";
    }
    Xml report = Xml.of(answer);
    assertFalse(report.first("ExceptionText").isBlank(), () -> Xml.text(answer));
    String crash = report.first("ExceptionText").contains("crashed") ? " crash" : "";
    return answer.statusCode() + " " + report.attribute("Exception", "exceptionCode") + crash;
  }

  private String keep(String name, byte[] bytes) {
    try {
      Path file = server.data().resolve("damaged-" + System.nanoTime() + "-" + name);
      return Files.write(file, bytes) + ": ";
    } catch (IOException e) {
      return name + " (which could not be kept: " + e.getMessage() + "): ";
    }
  }

  private static byte[] damage(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    int header = Math.min(bytes.length, 2000);
    switch (random.nextInt(8)) {
      case 0 -> {
        return java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      case 1 -> {
        // A piece of it stands once more in another place.
        int length = 1 + random.nextInt(Math.min(200, bytes.length / 2));
        int from = random.nextInt(bytes.length - length);
        System.arraycopy(sound, from, bytes, random.nextInt(bytes.length - length), length);
        return bytes;
      }
      default -> {
        for (int k = 1 + random.nextInt(10); k > 0; k--) {
          int at = random.nextInt(random.nextInt(3) > 0 ? header : bytes.length);
          bytes[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) -random.nextInt(2);
        }
        return bytes;
      }
    }
  }

  private Map<String, byte[]> sound() throws IOException {
    Path folder = Files.createDirectories(server.data().resolve("sound-" + System.nanoTime()));
    Path image = Files.write(folder.resolve("image.tif"), ImportSeries.image(3));
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> e : FORMATS.entrySet()) {
      Path file = folder.resolve("sound." + e.getKey());
      List<String> command = new ArrayList<>(List.of("gdal_translate", "-q"));
      command.addAll(e.getValue());
      command.addAll(List.of("-outsize", "96", "64", image.toString(), file.toString()));
      TesseraServer.Output made = TesseraServer.run(command, Duration.ofMinutes(1));
      assertEquals(0, made.exit(), made.text());
      files.put(e.getKey(), Files.readAllBytes(file));
    }
    return files;
  }

  private HttpResponse<byte[]> decode(String name, byte[] file)
      throws IOException, InterruptedException {
    return multipart(
        "?service=WCS&version=2.0.1&request=ProcessCoverages",
        "query",
        "for $c in (decode($1)) return encode($c, \"text/csv\")",
        "1",
        name,
        file);
  }

  /**
   * A POST of a text and a file.
   *
   * @param filePart name of the part of the file; empty: none is sent
   */
  private HttpResponse<byte[]> multipart(
      String query, String textPart, String text, String filePart, String name, byte[] file)
      throws IOException, InterruptedException {
    String boundary = "b" + System.nanoTime();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(
        ("--"
                + boundary
                + "\r\nContent-Disposition: form-data; name=\""
                + textPart
                + "\"\r\n\r\n"
                + text)
            .getBytes(StandardCharsets.UTF_8));
    if (!filePart.isEmpty()) {
      body.write(
          ("\r\n--"
                  + boundary
                  + "\r\nContent-Disposition: form-data; name=\""
                  + filePart
                  + "\"; filename=\"a."
                  + name
                  + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
              .getBytes(StandardCharsets.UTF_8));
      body.write(file);
    }
    body.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return client.send(
        HttpRequest.newBuilder(URI.create(server.ows() + query))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .timeout(Duration.ofMinutes(3))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }
}
