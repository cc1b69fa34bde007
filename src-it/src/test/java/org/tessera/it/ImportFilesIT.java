package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The states of imported files, which the server keeps with the coverage. */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
class ImportFilesIT {
  private static final String ID = "files_it";
  private static final String OTHER = "files_it_other";

  private final TesseraServer server;

  ImportFilesIT(TesseraServer server) {
    this.server = server;
  }

  private String admin(String path, String... pairs) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.admin(path, pairs);
    assertEquals(200, answer.statusCode(), () -> path + ": " + Xml.text(answer));
    return Xml.text(answer);
  }

  private String list(String id) throws IOException, InterruptedException {
    return admin("coverage/files/list", "COVERAGEID=" + id);
  }

  private static long count(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().count();
  }

  private long version(String id) throws IOException, InterruptedException {
    return Pattern.compile("\"version\":([0-9]+)")
        .matcher(admin("coverage/version/list", "COVERAGEID=" + id))
        .results()
        .mapToLong(r -> Long.parseLong(r.group(1)))
        .max()
        .orElseThrow();
  }

  @Test
  void statesAreRenamedAndDeletedWithTheCoverage() throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, 3);
    series.delete(ID);
    series.delete(OTHER);
    Path ingredients = series.ingredients(ID);
    series.run(ingredients);
    assertFalse(Files.exists(series.folder().resolve(ID + ".resume.json")));
    assertEquals(3, count(list(ID), "\"state\":\"committed\""), list(ID));
    admin("coverage/update", "COVERAGEID=" + ID, "NEWCOVERAGEID=" + OTHER);
    assertEquals(3, count(list(OTHER), "\"state\":\"committed\""));
    assertEquals("{\"coverage\":\"files_it\",\"exists\":false,\"files\":[]}", list(ID));
    assertTrue(series.run(series.ingredients(OTHER)).contains("all 3 files are imported already"));
    series.delete(OTHER);
    assertEquals("{\"coverage\":\"files_it_other\",\"exists\":false,\"files\":[]}", list(OTHER));
    assertTrue(series.run(series.ingredients(OTHER)).contains("3/3 files imported, 3 slices"));
    series.delete(OTHER);
  }

  @Test
  void filesOfVersionsThatAreRolledBackArePendingAgain() throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, 3);
    series.delete(ID);
    series.run(series.ingredients(ID, "a_2020010[12].tif", ""));
    long two = version(ID);
    series.run(series.ingredients(ID));
    long three = version(ID);
    String whole = series.content(ID);
    admin("coverage/version/rollback", "COVERAGEID=" + ID, "VERSION=" + two);
    assertEquals(2, count(list(ID), "\"state\":\"committed\""));
    assertEquals(1, count(list(ID), "\"state\":\"pending\""));
    assertTrue(series.status(ID).contains("2/3 imported, 0 staged, 1 pending"));
    admin("coverage/version/rollback", "COVERAGEID=" + ID, "VERSION=" + three);
    assertEquals(3, count(list(ID), "\"state\":\"committed\""), list(ID));
    admin("coverage/version/rollback", "COVERAGEID=" + ID, "VERSION=" + two);
    String again = series.run(series.ingredients(ID));
    assertTrue(again.contains("3/3 files imported (2 of them before), 1 slice"), again);
    assertEquals(whole, series.content(ID));
    series.delete(ID);
  }

  @Test
  void changedFilesAreImportedAgainUnlessTheyShallBeKept()
      throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, 3);
    series.delete(ID);
    Path ingredients = series.ingredients(ID);
    series.run(ingredients);
    String before = series.content(ID);
    Files.setLastModifiedTime(series.file(0), FileTime.fromMillis(5000));
    assertTrue(series.run(ingredients).contains("all 3 files are imported already"));
    Files.write(series.file(1), ImportSeries.image(99));
    String kept = series.run(series.ingredients(ID, "a_*.tif", ", \"changed_files\": \"keep\""));
    assertTrue(kept.contains("stays as it was imported"), kept);
    assertEquals(before, series.content(ID));
    String again = series.run(ingredients, "--changed", "again");
    assertTrue(again.contains("has changed since it was imported; it is imported again"), again);
    assertFalse(before.equals(series.content(ID)));
    assertTrue(series.run(ingredients).contains("all 3 files are imported already"));
    series.delete(ID);
  }

  @Test
  void failedFilesHaveTheirReasons() throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, 2);
    series.delete(ID);
    Files.writeString(series.file(2), "no image at all");
    series.run(series.ingredients(ID, "a_*.tif", ", \"skip\": true"));
    String json = series.status("--json", ID);
    assertTrue(json.contains("\"committed\" : 2"), json);
    assertTrue(json.contains("\"failed\" : 1"), json);
    assertTrue(json.contains("\"filesPerSecond\""), json);
    assertTrue(series.status("-q", ID).contains(series.file(2) + ": "), series.status(ID));
    Files.write(series.file(2), ImportSeries.image(2));
    series.run(series.ingredients(ID));
    assertEquals(3, count(list(ID), "\"state\":\"committed\""), list(ID));
    series.delete(ID);
  }

  @Test
  void listsOfEarlierImportersAreTakenOverOnce() throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, 3);
    series.delete(ID);
    // As if by an importer that kept its states beside the ingredients.
    series.run(series.ingredients(ID, "a_2020010[12].tif", ", \"track_files\": false"));
    assertEquals(0, count(list(ID), "\"path\""));
    Path list = series.folder().resolve(ID + ".resume.json");
    Files.writeString(list, "[\"" + series.file(0) + "\", \"" + series.file(1) + "\"]");
    String text = series.run(series.ingredients(ID));
    assertTrue(text.contains("those of 2 were taken over from"), text);
    assertTrue(text.contains("3/3 files imported (2 of them before), 1 slice"), text);
    assertFalse(Files.exists(list));
    series.delete(ID);
  }

  @Test
  void aRequestThatComesTwiceIsCarriedOutOnce() throws IOException, InterruptedException {
    ImportSeries series = new ImportSeries(server, 1);
    series.delete(ID);
    String file = "{\"path\":\"/x/1\",\"size\":1,\"modified\":2,\"checksum\":\"ab\"}";
    String claim =
        admin(
            "coverage/files/claim",
            "COVERAGEID=" + ID,
            "IMPORTER=one",
            "LEASE=60",
            "FILES=[" + file + "]");
    assertEquals("{\"granted\":[\"/x/1\"],\"imported\":[],\"held\":{}}", claim);
    HttpResponse<byte[]> stranger = insert("two");
    assertEquals(409, stranger.statusCode(), () -> Xml.text(stranger));
    assertEquals("FileNotClaimed", Xml.of(stranger).attribute("Exception", "exceptionCode"));
    assertEquals("false", admin("coverage/exist", "COVERAGEID=" + ID));
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = insert("one");
      assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
      assertEquals(1, version(ID));
    }
    assertEquals(
        "{\"granted\":[],\"imported\":[\"/x/1\"],\"held\":{}}",
        admin(
            "coverage/files/claim",
            "COVERAGEID=" + ID,
            "IMPORTER=two",
            "LEASE=60",
            "FILES=[" + file + "]"));
    series.delete(ID);
  }

  private HttpResponse<byte[]> insert(String importer) throws IOException, InterruptedException {
    String files = "{\"importer\":\"" + importer + "\",\"complete\":[\"/x/1\"]}";
    return Cubes.insert(server, ID + " i=0..3 : 1 2 3 4 | importedFiles=" + files);
  }

  @Test
  void aFileIsOneImportersUntilItsLeaseIsOver() throws IOException, InterruptedException {
    String[] claim = {
      "COVERAGEID=" + OTHER,
      "IMPORTER=one",
      "LEASE=1",
      "FILES=[{\"path\":\"/x/1\",\"size\":1,\"modified\":2}]"
    };
    admin("coverage/files/claim", claim);
    claim[1] = "IMPORTER=two";
    assertEquals(
        "{\"granted\":[],\"imported\":[],\"held\":{\"/x/1\":\"one\"}}",
        admin("coverage/files/claim", claim));
    Thread.sleep(1100);
    assertEquals(
        "{\"granted\":[\"/x/1\"],\"imported\":[],\"held\":{}}",
        admin("coverage/files/claim", claim));
    admin("coverage/files/release", "COVERAGEID=" + OTHER, "IMPORTER=two");
    assertEquals(0, count(list(OTHER), "\"path\""));
  }

  @Test
  void twoImportersShareTheFiles() throws IOException, InterruptedException {
    int files = 400;
    ImportSeries series = new ImportSeries(server, files);
    series.delete(ID);
    series.delete(OTHER);
    series.run(series.ingredients(OTHER));
    Path shared = series.ingredients(ID);
    List<Process> importers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      importers.add(series.start(shared, series.folder().resolve("log" + i + ".txt")));
    }
    String logs = "";
    for (int i = 0; i < 2; i++) {
      assertTrue(importers.get(i).waitFor(5, TimeUnit.MINUTES));
      logs += Files.readString(series.folder().resolve("log" + i + ".txt"));
    }
    assertTrue(importers.stream().allMatch(p -> p.exitValue() == 0), logs);
    assertEquals(series.content(OTHER), series.content(ID), logs);
    assertEquals(files, count(list(ID), "\"state\":\"committed\""), logs);
    // Each slice was sent by one of them.
    long slices =
        Pattern.compile("files imported[^,]*, ([0-9]+) slice")
            .matcher(logs)
            .results()
            .mapToLong(r -> Long.parseLong(r.group(1)))
            .sum();
    boolean late = logs.contains("files are imported already");
    assertTrue(slices == files || late, logs);
    try (Stream<String> lines = logs.lines()) {
      assertTrue(lines.anyMatch(l -> l.contains(files + "/" + files + " files imported")), logs);
    }
    series.delete(ID);
    series.delete(OTHER);
  }
}
