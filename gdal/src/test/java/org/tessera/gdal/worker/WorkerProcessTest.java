package org.tessera.gdal.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worker as a process, without its client. */
class WorkerProcessTest {
  @TempDir Path directory;
  Path scratch;
  Process process;
  Request greeting;

  @BeforeEach
  void start() throws IOException {
    scratch = Files.createDirectory(directory.resolve("worker"));
    Files.writeString(scratch.resolve("result"), "half a file");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target", "classes").toAbsolutePath().toString(),
                "org.tessera.gdal.GdalWorker",
                scratch.toString(),
                "0",
                "GTiff,PNG",
                "false",
                directory.toString(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    greeting = Request.of(Wire.read(process.getInputStream()));
    Assumptions.assumeFalse(greeting.has("message"), () -> greeting.text("message"));
  }

  @AfterEach
  void stop() {
    var unused = process.destroyForcibly();
  }

  private Request ask(Map<String, Object> request) throws IOException {
    Wire.write(process.getOutputStream(), request);
    return Request.of(Wire.read(process.getInputStream()));
  }

  @Test
  void itGreetsWithItsVersions() {
    assertEquals(Wire.PROTOCOL, greeting.integer("protocol"));
    assertTrue(greeting.text("gdal").matches("[0-9]+[.][0-9]+[.][0-9]+.*"), greeting.text("gdal"));
  }

  @Test
  void itKeepsOnlyTheDriversThatItMayUse() throws IOException {
    List<String> names =
        ask(Map.of("op", "drivers")).parts("drivers").stream()
            .map(driver -> driver.text("name"))
            .sorted()
            .toList();
    assertEquals(List.of("GTiff", "MEM", "PNG"), names);
  }

  @Test
  void aBadRequestIsAnsweredAndTheNextOneServed() throws IOException {
    Request unknown = ask(Map.of("op", "nonsense"));
    assertEquals(false, unknown.members().get("ok"));
    assertEquals("there is no operation nonsense", unknown.text("message"));
    Request missing = ask(Map.of("op", "rasterInfo"));
    assertEquals("the request has no name (String)", missing.text("message"));
    assertEquals(true, ask(Map.of("op", "drivers")).members().get("ok"));
  }

  @Test
  void theEndOfItsInputEndsItAndDeletesItsFiles() throws IOException, InterruptedException {
    try (OutputStream in = process.getOutputStream()) {
      in.flush();
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    assertFalse(Files.exists(scratch));
  }

  @Test
  void theEndOfItsInputEndsItEvenWhileLibgdalHangs() throws Exception {
    Path fifo = directory.resolve("fifo.tif");
    Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
    Assumptions.assumeTrue(mkfifo.waitFor() == 0, "no FIFO can be made here");
    try (OutputStream in = process.getOutputStream()) {
      Wire.write(in, Map.of("op", "rasterInfo", "name", fifo.toString()));
      assertFalse(process.waitFor(300, TimeUnit.MILLISECONDS));
    }
    assertTrue(process.waitFor(20, TimeUnit.SECONDS));
    assertFalse(Files.exists(scratch));
  }
}
