package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The importer, or the server, is killed (SIGKILL) at random moments and started again, over and
 * over: the coverage is then equal to that of an undisturbed import, grid and cells, each file was
 * imported once, and a further run finds nothing to do. How many moments: system property {@code
 * tessera.it.kills}, default 5.
 */
@ExtendWith(TesseraServer.Provider.class)
class ImportKillIT {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int FILES = 300;

  private final TesseraServer server;
  private final Random random = new Random(Long.getLong("tessera.it.seed", 42));
  private final int kills = Integer.getInteger("tessera.it.kills", 5);

  ImportKillIT(TesseraServer server) {
    this.server = server;
  }

  /** What kills something while an import runs; that import has ended afterwards. */
  private interface Killing {
    void kill(Process importing) throws IOException, InterruptedException;
  }

  @Test
  void killedImportsGoOnToTheSameCoverage() throws IOException, InterruptedException {
    killing(
        "",
        importing -> {
          importing.descendants().forEach(ProcessHandle::destroyForcibly);
          importing.destroyForcibly();
          importing.waitFor();
        });
  }

  @Test
  void importsGoOnWhenTheServerWasKilled() throws IOException, InterruptedException {
    killing(
        ", \"retries\": 3, \"retry_sleep\": 2",
        importing -> {
          server.crashAndRestart();
          // It has gone on, or has given up meanwhile: then it is started again.
          assertTrue(importing.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        });
  }

  private void killing(String config, Killing killing) throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, FILES);
    Path log = series.folder().resolve("log.txt");
    Path whole = series.ingredients("kill_whole");
    series.delete("kill_whole");
    long started = System.nanoTime();
    series.run(whole);
    long millis = Duration.ofNanos(System.nanoTime() - started).toMillis();
    String expected = series.content("kill_whole");

    Path killed = series.ingredients("kill_again", "a_*.tif", config);
    series.delete("kill_again");
    int ended = 0;
    int killings = 0;
    while (killings < kills && ended < 2 * kills + 5) {
      long start = System.nanoTime();
      Process process = series.start(killed, log);
      boolean over = process.waitFor(random.nextLong(millis / 8, millis), TimeUnit.MILLISECONDS);
      if (over) {
        // The next ones will take no longer, either.
        millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      } else {
        killing.kill(process);
        killings++;
      }
      if (over || process.exitValue() == 0) {
        assertEquals(0, process.exitValue(), Files.readString(log));
        assertEquals(expected, series.content("kill_again"));
        eachOnce(series);
        ended++;
        series.delete("kill_again");
      }
      System.out.println("killed " + killings + " times, " + ended + " imports came to their end");
    }
    assertEquals(kills, killings);
    series.run(killed);
    assertEquals(expected, series.content("kill_again"), "after " + ended + " whole imports");
    eachOnce(series);
    String again = series.run(killed);
    assertTrue(again.contains("all " + FILES + " files are imported already"), again);
    String status = series.status("-q", killed.toString());
    assertTrue(status.contains(FILES + "/" + FILES + " imported, 0 staged"), status);
    series.delete("kill_whole");
    series.delete("kill_again");
  }

  /**
   * A version for each request, and no file in two of them: the versions that brought the files.
   */
  private void eachOnce(ImportSeries series) throws IOException, InterruptedException {
    String files = Xml.text(server.admin("coverage/files/list", "COVERAGEID=kill_again"));
    assertEquals(FILES, files.split("\"state\":\"committed\"", -1).length - 1, files);
    long brought =
        java.util.regex.Pattern.compile("\"version\":([0-9]+)")
            .matcher(files)
            .results()
            .map(r -> r.group(1))
            .distinct()
            .count();
    String versions = Xml.text(server.admin("coverage/version/list", "COVERAGEID=kill_again"));
    long current =
        java.util.regex.Pattern.compile("\"version\":([0-9]+)")
            .matcher(versions)
            .results()
            .mapToLong(r -> Long.parseLong(r.group(1)))
            .max()
            .orElseThrow();
    assertEquals(current, brought, "versions of " + series.folder() + ", some without new files");
  }
}
