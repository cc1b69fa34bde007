package org.tessera.importer.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes; what they import is nothing, which the log tells at each look. */
class DaemonTest {
  @TempDir private Path folder;
  private Path ingredients;

  @BeforeEach
  void write() throws IOException {
    ingredients =
        Files.writeString(
            folder.resolve("i.json"),
            """
            {"config":{"service_url":"http://localhost:1/ows"},
             "input":{"coverage_id":"c","paths":["none*.tif"]},"recipe":{"name":"map_mosaic"}}
            """);
  }

  @AfterEach
  void stop() {
    ask(0, "stop");
  }

  private String ask(int expected, String what) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int exit = Main.run(List.of("-d", what, "-w", "1", ingredients.toString()), out, out);
    String text = said.toString(StandardCharsets.UTF_8);
    assertEquals(expected, exit, text);
    return text;
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("i.json.pid")).strip());
  }

  @Test
  void it_runs_once_and_is_told_by_its_process_id() throws Exception {
    assertTrue(ask(3, "status").contains("no import runs"));
    ask(0, "start");
    long first = pid();
    assertTrue(ask(0, "status").contains("process " + first));
    assertTrue(ask(1, "start").contains("runs already, process " + first));
    ask(0, "restart");
    assertNotEquals(first, pid());
    assertFalse(ProcessHandle.of(first).map(ProcessHandle::isAlive).orElse(false));
    ProcessHandle second = ProcessHandle.of(pid()).orElseThrow();
    Files.delete(folder.resolve("i.json.pid"));
    second.onExit().get(20, TimeUnit.SECONDS);
    ask(0, "start");
    ProcessHandle third = ProcessHandle.of(pid()).orElseThrow();
    third.destroyForcibly();
    third.onExit().get(20, TimeUnit.SECONDS);
    assertTrue(ask(3, "status").contains("no import runs"));
    ask(0, "start");
    assertTrue(Files.readString(folder.resolve("i.json.log")).contains("matches no file"));
  }
}
