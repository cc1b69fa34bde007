package org.tessera.importer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tessera.importer.run.CapturingServer.parameter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.SourceFiles;

class ImportRunTest {
  private static final String SERIES =
      """
      {"config":{"service_url":"%s","retry":false%s},
       "input":{"coverage_id":"c","paths":["*.tif"]},
       "recipe":{"name":"time_series_irregular","options":{"time_crs":"OGC/0/AnsiDate",
         "time_parameter":{"filename":{"regex":"a_(.*)\\\\.tif","group":"1"},"datetime_format":"YYYYMMDD"}}}}
      """;

  @TempDir private Path folder;
  private CapturingServer server;
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final SourceFiles files =
      new DescribedFiles()
          .image("a_20200101.tif", 10, 50, 0.5, 4, 2)
          .image("a_20200103.tif", 10, 50, 0.5, 4, 2)
          .image("a_20200102.tif", 10, 50, 0.5, 4, 2);

  @BeforeEach
  void start() throws IOException {
    server = new CapturingServer();
    for (String day : List.of("01", "02", "03")) {
      Files.createFile(folder.resolve("a_202001" + day + ".tif"));
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private boolean run(String json) throws IOException {
    Path file = Files.writeString(folder.resolve("i.json"), json);
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    return new ImportRun(Ingredients.read(file), ImportRun.Choices.none(), out, out).run(files);
  }

  @Test
  void first_slice_is_inserted_and_the_others_update_it_in_order_of_time() throws IOException {
    assertTrue(run(SERIES.formatted(server.url(), "")));
    List<List<String>> sent = server.requests();
    assertEquals(3, sent.size());
    assertEquals("InsertCoverage", parameter(sent.get(0), "request"));
    assertEquals("UpdateCoverage", parameter(sent.get(1), "request"));
    assertTrue(sent.get(1).contains("subset=ansi(\"2020-01-02T00:00:00.000Z\")"), sent.toString());
    assertTrue(sent.get(1).contains("subset=Lat(49,50)"), sent.toString());
    assertTrue(sent.get(2).contains("subset=ansi(\"2020-01-03T00:00:00.000Z\")"), sent.toString());
    String gml = parameter(sent.getFirst(), "coverage");
    assertTrue(gml.contains("<gml:high>0 1 3</gml:high>"), gml);
    // 2020-01-01 is day 153037 after 1600-12-31.
    assertTrue(gml.contains("<gml:pos>153037 49.75 10.25</gml:pos>"), gml);
    assertTrue(gml.contains("a_20200101.tif</gml:fileReference>"), gml);
    assertTrue(gml.contains("axisOrder=\"+2 +3 +1\""), gml);
  }

  @Test
  void a_server_that_takes_several_documents_gets_them_in_one_request() throws IOException {
    server.takeBatches();
    assertTrue(run(SERIES.formatted(server.url(), "")));
    assertEquals(2, server.requests().size());
    List<String> documents =
        server.requests().get(1).stream().filter(p -> p.startsWith("inputCoverage=")).toList();
    assertEquals(2, documents.size());
    assertTrue(documents.get(0).contains("a_20200102.tif"), documents.get(0));
    assertTrue(documents.get(1).contains("a_20200103.tif"), documents.get(1));
  }

  @Test
  void uploads_of_a_batch_are_parts_of_their_own() throws IOException {
    server.takeBatches();
    server.denyPaths();
    Files.writeString(folder.resolve("a_20200103.tif"), "THIRD");
    assertTrue(run(SERIES.formatted(server.url(), "")));
    String body = parameter(server.requests().get(1), "multipart");
    assertTrue(body.contains("cid:file1</gml:fileReference>"), body);
    assertTrue(body.contains("name=\"file1\"; filename=\"a_20200103.tif\""), body);
    assertTrue(body.contains("\r\n\r\nTHIRD\r\n"), body);
  }

  @Test
  void a_document_that_is_refused_in_a_batch_is_found_and_the_others_are_sent() throws IOException {
    server.takeBatches();
    server.refuse("a_20200102");
    assertTrue(run(SERIES.formatted(server.url(), ",\"skip\":true")));
    assertEquals(2, server.requests().size());
    String said = shown.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("2/3 files imported, 2 slices"), said);
    assertTrue(said.contains("1 error"), said);
    Path journal = folder.resolve("c.resume.json");
    Map<String, Journal.Entry> states = Journal.read(journal);
    Journal.Entry failed = states.get(folder.resolve("a_20200102.tif").toString());
    assertEquals(Journal.State.FAILED, failed.state());
    assertTrue(failed.reason().contains("cells <missing>"), failed.reason());
  }

  @Test
  void a_file_that_was_sent_but_not_known_to_be_there_is_sent_again() throws IOException {
    run(SERIES.formatted(server.url(), ""));
    Path journal = folder.resolve("c.resume.json");
    String text = Files.readString(journal);
    // As when the importer was killed while it sent the last file, in the middle of a line.
    int cut = text.lastIndexOf("\"state\":\"committed\"");
    Files.writeString(journal, text.substring(0, cut + 12));
    run(SERIES.formatted(server.url(), ""));
    assertEquals(4, server.requests().size());
    assertEquals("UpdateCoverage", parameter(server.requests().get(3), "request"));
    run(SERIES.formatted(server.url(), ""));
    assertEquals(4, server.requests().size());
  }

  @Test
  void a_changed_file_is_imported_again_and_a_touched_one_is_not() throws IOException {
    run(SERIES.formatted(server.url(), ""));
    Path changed = folder.resolve("a_20200102.tif");
    Files.writeString(changed, "other cells");
    Files.setLastModifiedTime(
        folder.resolve("a_20200101.tif"), java.nio.file.attribute.FileTime.fromMillis(5000));
    run(SERIES.formatted(server.url(), ""));
    assertEquals(4, server.requests().size());
    assertTrue(
        server.requests().get(3).contains("subset=ansi(\"2020-01-02T00:00:00.000Z\")"),
        server.requests().get(3).toString());
  }

  @Test
  void lists_of_wcst_import_count() throws IOException {
    run(SERIES.formatted(server.url(), ""));
    Files.writeString(
        folder.resolve("c.resume.json"),
        "[\""
            + folder.resolve("a_20200101.tif")
            + "\",\""
            + folder.resolve("a_20200102.tif")
            + "\"]");
    run(SERIES.formatted(server.url(), ""));
    assertEquals(4, server.requests().size());
  }

  @Test
  void a_regular_series_goes_on_counting_where_it_stopped() throws IOException {
    String json =
        """
        {"config":{"service_url":"%s","retry":false},
         "input":{"coverage_id":"c","paths":["*.tif"]},
         "recipe":{"name":"time_series_regular","options":{"time_crs":"OGC/0/AnsiDate",
           "time_start":"2020-01-01","time_format":"auto","time_step":"1 days"}}}
        """;
    run(json.formatted(server.url()));
    Path last = folder.resolve("a_20200103.tif");
    Files.writeString(last, "changed");
    run(json.formatted(server.url()));
    assertTrue(
        server.requests().get(3).contains("subset=ansi(\"2020-01-03T00:00:00.000Z\")"),
        server.requests().get(3).toString());
  }

  @Test
  void one_run_at_a_time_has_the_journal() throws IOException {
    run(SERIES.formatted(server.url(), ""));
    Optional<Path> journal = Optional.of(folder.resolve("c.resume.json"));
    try (Journal held = Journal.open(journal, false)) {
      assertEquals(
          Journal.State.COMMITTED, held.state(folder.resolve("a_20200101.tif").toString()));
      assertThrows(RuntimeException.class, () -> run(SERIES.formatted(server.url(), "")));
    }
  }

  @Test
  void a_second_run_sends_nothing() throws IOException {
    run(SERIES.formatted(server.url(), ""));
    assertTrue(run(SERIES.formatted(server.url(), "")));
    assertEquals(3, server.requests().size());
    assertTrue(shown.toString(StandardCharsets.UTF_8).contains("all 3 files are imported already"));
  }

  @Test
  void a_new_file_is_added_to_the_coverage_that_is_there() throws IOException {
    run(SERIES.formatted(server.url(), ""));
    Files.createFile(folder.resolve("a_20200104.tif"));
    ((DescribedFiles) files).image("a_20200104.tif", 10, 50, 0.5, 4, 2);
    run(SERIES.formatted(server.url(), ""));
    assertEquals(4, server.requests().size());
    assertEquals("UpdateCoverage", parameter(server.requests().get(3), "request"));
  }

  @Test
  void what_the_server_refuses_is_told_with_its_file() {
    server.refuse("a_20200102");
    ImportException e =
        assertThrows(ImportException.class, () -> run(SERIES.formatted(server.url(), "")));
    assertTrue(
        e.getMessage()
            .endsWith(
                "a_20200102.tif: the server says: cells <missing> (1 slices before it are"
                    + " imported)"),
        e.getMessage());
  }

  @Test
  void skip_goes_on_after_a_file_that_is_no_image() throws IOException {
    Files.createFile(folder.resolve("a_broken.tif"));
    assertTrue(run(SERIES.formatted(server.url(), ",\"skip\":true")));
    assertEquals(3, server.requests().size());
    assertTrue(shown.toString(StandardCharsets.UTF_8).contains("problem: left out: "));
  }

  @Test
  void what_fails_again_does_not_undo_an_import() throws IOException {
    Files.createFile(folder.resolve("a_broken.tif"));
    run(SERIES.formatted(server.url(), ",\"skip\":true"));
    assertTrue(run(SERIES.formatted(server.url(), ",\"skip\":true")));
    assertEquals(3, server.requests().size());
    String said = shown.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("3/4 files imported (3 of them before), 0 slices"), said);
  }

  @Test
  void when_no_file_is_any_good_it_is_an_error() throws IOException {
    Files.createFile(folder.resolve("b.broken"));
    String json =
        MOSAIC.formatted(server.url(), "*.broken").replace("false", "false,\"skip\":true");
    ImportException e = assertThrows(ImportException.class, () -> run(json));
    assertTrue(e.getMessage().startsWith("none of the files can be imported"), e.getMessage());
  }

  @Test
  void the_file_that_ends_an_import_has_failed() throws IOException {
    Path broken = Files.createFile(folder.resolve("a_broken.tif"));
    assertThrows(ImportException.class, () -> run(SERIES.formatted(server.url(), "")));
    Journal.Entry entry = Journal.read(folder.resolve("c.resume.json")).get(broken.toString());
    assertEquals(Journal.State.FAILED, entry.state());
  }

  @Test
  void files_are_uploaded_to_a_server_that_cannot_read_them() throws IOException {
    Files.writeString(folder.resolve("a_20200101.tif"), "CELLS");
    run(SERIES.formatted(server.url(), ",\"service_is_local\":false"));
    String body = parameter(server.requests().getFirst(), "multipart");
    assertTrue(body.contains("name=\"file\"; filename=\"a_20200101.tif\""), body);
    assertTrue(body.contains("\r\n\r\nCELLS\r\n"), body);
    assertTrue(body.contains("cid:file</gml:fileReference>"), body);
  }

  @Test
  void files_that_the_server_may_not_read_are_uploaded_all_after_the_first_refusal()
      throws IOException {
    Files.writeString(folder.resolve("a_20200103.tif"), "THIRD");
    server.denyPaths();
    assertTrue(run(SERIES.formatted(server.url(), "")));
    assertEquals(3, server.requests().size());
    assertTrue(parameter(server.requests().get(2), "multipart").contains("\r\nTHIRD\r\n"));
    String said = shown.toString(StandardCharsets.UTF_8);
    assertEquals(2, said.split("tessera.files.allowed", -1).length, said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // of ansi, Lat from 49 to 50, Long from 10 to 12; days 1 to 3
        "{'low':'2020-01-02','high':'2020-01-02'},{},{} | 1",
        "{'low':'2020-01-02T00:00:00Z'},{'low':49},{'high':12.0} | 2",
        "{'high':'2020'},{'low':49,'high':50},{} | 3",
        "{'low':'2020-02'},{},{} | 0",
        "{},{'low':49.5},{} | 0",
      })
  void slices_outside_of_the_restriction_are_left_out(String intervals, int sent)
      throws IOException {
    String restriction = ",\"slice_restriction\":[" + intervals.replace('\'', '"') + "]";
    assertEquals(sent > 0, run(SERIES.formatted(server.url(), restriction)));
    assertEquals(sent, server.requests().size());
    String said = shown.toString(StandardCharsets.UTF_8);
    String note = (3 - sent) + " of 3 slices do not lie in 'config.slice_restriction'";
    assertEquals(sent < 3, said.contains(note), said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'low':0} | has 1 intervals, but the axes are ansi, Lat, Long",
        "{},{'low':'north'},{} | 'north' and '49' of axis Lat cannot be compared",
      })
  void restrictions_that_do_not_fit_the_axes_are_refused(String intervals, String why) {
    String restriction = ",\"slice_restriction\":[" + intervals.replace('\'', '"') + "]";
    ImportException e =
        assertThrows(ImportException.class, () -> run(SERIES.formatted(server.url(), restriction)));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void a_file_that_is_added_brings_the_metadata_of_its_slice() throws IOException {
    String json =
        SERIES
            .formatted(server.url(), "")
            .replace(
                "\"time_crs\"",
                "\"metadata\":{\"local\":{\"name\":\"${file:name}\",\"west\":\"${bbox:Long:min}\","
                    + "\"none\":\"${gdal:metadata:NONE}\"}},\"time_crs\"");
    Files.delete(folder.resolve("a_20200103.tif"));
    assertTrue(run(json));
    String first = parameter(server.requests().get(0), "coverage");
    assertTrue(first.contains("<name>a_20200101.tif</name><west>10</west><none></none>"), first);
    assertTrue(first.contains("<name>a_20200102.tif</name>"), first);
    assertTrue(!server.requests().get(1).toString().contains("<slice>"), "it was sent already");
    String said = shown.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("metadata.local.none stays empty for"), said);
    assertEquals(
        said.indexOf("metadata.local.none"), said.lastIndexOf("metadata.local.none"), said);
    Files.createFile(folder.resolve("a_20200103.tif"));
    assertTrue(run(json));
    String added = server.requests().get(2).toString();
    assertTrue(added.contains("<slices><slice><boundedBy>"), added);
    assertTrue(added.contains("<name>a_20200103.tif</name>"), added);
    assertTrue(!added.contains("a_20200101"), added);
  }

  @Test
  void names_of_files_cannot_become_a_part_of_a_command() throws IOException {
    Path hostile = folder.resolve("x$(touch pwned).tif");
    Files.createFile(hostile);
    String json =
        SERIES
            .formatted(server.url(), "")
            .replace("*.tif", "x*.tif")
            .replace(
                "\"recipe\"",
                "\"hooks\":[{\"description\":\"h\",\"when\":\"before_import\","
                    + "\"cmd\":\"echo \\\"${file:path}\\\" ${HOME} > said\"}],\"recipe\"");
    Path file = Files.writeString(folder.resolve("i.json"), json);
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    ImportRun.Choices allowed =
        new ImportRun.Choices(
            Optional.empty(),
            Optional.empty(),
            true,
            org.tessera.importer.plan.RowOrder.INGREDIENTS,
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty());
    ImportRun run = new ImportRun(Ingredients.read(file), allowed, out, out);
    RuntimeException e = assertThrows(RuntimeException.class, () -> run.run(files));
    assertTrue(e.getMessage().contains("rename the file"), e.getMessage());
    assertFalse(Files.exists(folder.resolve("pwned")));
    assertFalse(Files.exists(folder.resolve("said")));
    Files.move(hostile, folder.resolve("x (1).tif"));
    assertThrows(
        RuntimeException.class,
        () -> new ImportRun(Ingredients.read(file), allowed, out, out).run(files));
    assertEquals(
        folder.resolve("x (1).tif") + " " + System.getenv("HOME"),
        Files.readString(folder.resolve("said")).strip());
  }

  @Test
  void mock_sends_nothing() throws IOException {
    run(SERIES.formatted(server.url(), ",\"mock\":true"));
    assertEquals(List.of(), server.requests());
    assertTrue(shown.toString(StandardCharsets.UTF_8).contains("would send InsertCoverage"));
  }

  @Test
  void commands_of_hooks_are_refused_unless_allowed() {
    String json =
        """
        {"config":{"service_url":"%s"},"input":{"coverage_id":"c","paths":["*.tif"]},
         "recipe":{"name":"map_mosaic"},
         "hooks":[{"description":"d","when":"before_import","cmd":"touch /tmp/never"}]}
        """;
    ImportException e =
        assertThrows(ImportException.class, () -> run(json.formatted(server.url())));
    assertTrue(e.getMessage().contains("--allow-hooks"), e.getMessage());
  }

  @Test
  void a_server_that_is_not_there_is_named() {
    String url = server.url();
    server.close();
    ImportException e = assertThrows(ImportException.class, () -> run(SERIES.formatted(url, "")));
    assertTrue(e.getMessage().contains("does not answer; is it running?"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "/page, with an HTML page",
    "/missing, with HTTP status 404",
  })
  void an_address_that_is_no_wcs_is_an_error_that_names_it(String path, String how) {
    String url = server.url().replace("/rasdaman/ows", path);
    ImportException e = assertThrows(ImportException.class, () -> run(SERIES.formatted(url, "")));
    assertTrue(e.getMessage().contains("the server at " + url + " answers"), e.getMessage());
    assertTrue(e.getMessage().contains(how), e.getMessage());
    assertTrue(e.getMessage().contains("try " + url + "/ows"), e.getMessage());
    assertFalse(shown.toString(StandardCharsets.UTF_8).contains("0 problems"));
  }

  private static final String MOSAIC =
      """
      {"config":{"service_url":"%s","retry":false},
       "input":{"coverage_id":"c","paths":["%s"]},"recipe":{"name":"map_mosaic"}}
      """;

  @Test
  void a_part_of_a_file_is_found_from_the_folder_of_the_ingredients() throws IOException {
    String file = folder.resolve("a_20200101.tif").toString();
    String part = "GTIFF_DIR:2:" + file;
    ((DescribedFiles) files).image(part, 10, 50, 0.5, 4, 2);
    assertTrue(run(MOSAIC.formatted(server.url(), "GTIFF_DIR:2:a_20200101.tif")));
    String gml = parameter(server.requests().getFirst(), "coverage");
    assertTrue(gml.contains("file://" + file + "</gml:fileReference>"), gml);
    assertTrue(gml.contains("GTIFF_DIR:2:{file}"), gml);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GTIFF_DIR:2:b.tif | there is no file",
        "GTIFF_DIR:nothing | no file can be made out",
      })
  void a_part_of_a_file_that_is_not_there_is_refused_before_the_server_is_asked(
      String path, String why) {
    ImportException e =
        assertThrows(ImportException.class, () -> run(MOSAIC.formatted(server.url(), path)));
    assertTrue(e.getMessage().contains("'input.paths' has '" + path + "'"), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertEquals(List.of(), server.requests());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // x and y of the upper left corner, cell size: 4 by 2 cells
        "10 | -592165 | 0.5 | axis Lat goes from -592166 to -592165",
        "10 | 91 | 0.5 | axis Lat goes from 90 to 91",
        "-800 | 10 | 0.5 | axis Long goes from -800 to -798",
        "10 | 90.25 | 0.5 |",
        "10 | -89.5 | 0.5 |",
        "-719 | 10 | 0.5 |",
      })
  void coordinates_that_are_impossible_in_degrees_are_refused(
      double x, double y, double cell, String why) throws IOException {
    Files.createFile(folder.resolve("b.tif"));
    ((DescribedFiles) files).image("b.tif", x, y, cell, 4, 2);
    String json = MOSAIC.formatted(server.url(), "b.tif");
    if (why == null) {
      assertTrue(run(json));
      return;
    }
    ImportException e = assertThrows(ImportException.class, () -> run(json));
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertTrue(e.getMessage().contains("but in EPSG/0/4326 it is in degrees and can go from -"));
    assertEquals(List.of(), server.requests());
  }
}
