package org.tessera.importer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.run.DescribedFiles;

/** Which messages of a GRIB file a band takes, and that none replaces another unnoticed. */
class GribMessagesTest {
  private static final String LEVEL = "\"level\":{\"min\":\"${grib:level}\",\"irregular\":true},";

  @TempDir private Path folder;

  /** The numbers of the bands of all slices, in order, for one band of the slicer. */
  private List<List<String>> bands(String band, boolean level, String... messages)
      throws IOException {
    String json =
        """
        {"config":{},"input":{"coverage_id":"c","paths":["a.grib"]},
         "recipe":{"name":"general_coverage","options":{"coverage":{
           "crs":"OGC/0/AnsiDate%s@EPSG/0/4326",
           "slicer":{"type":"grib","pixelIsPoint":true,"bands":[{%s}],
           "axes":{
             "ansi":{"min":"grib_datetime(${grib:dataDate}, ${grib:dataTime})","irregular":true},
             %s
             "Lat":{"min":"${grib:latitudeOfLastGridPointInDegrees}",
                    "max":"${grib:latitudeOfFirstGridPointInDegrees}","resolution":"-0.5"},
             "Long":{"min":"${grib:longitudeOfFirstGridPointInDegrees}",
                     "max":"${grib:longitudeOfLastGridPointInDegrees}","resolution":"0.5"}
           }}}}}}
        """
            .formatted(
                level ? "@OGC/0/Index1D?axis-label=\\\"level\\\"" : "", band, level ? LEVEL : "");
    Path file = Files.writeString(folder.resolve("i.json"), json);
    Path grib = folder.resolve("a.grib");
    return Recipes.plan(
            Ingredients.read(file),
            List.of(new InputFile(grib.toString(), grib)),
            new DescribedFiles().grib("a.grib", List.of(messages)),
            -1,
            RowOrder.INGREDIENTS,
            ExistingGrid.NONE)
        .slices()
        .stream()
        .map(s -> s.layout().bands())
        .toList();
  }

  private static final String[] TWO_PARAMETERS = {
    "Z 50000-ISBL 1577836800",
    "T 50000-ISBL 1577836800",
    "Z 85000-ISBL 1577836800",
    "T 85000-ISBL 1577836800"
  };

  @Test
  void an_identifier_that_is_a_short_name_takes_the_messages_of_that_parameter()
      throws IOException {
    assertEquals(
        List.of(List.of("2"), List.of("4")),
        bands("\"identifier\":\"t\",\"name\":\"b\"", true, TWO_PARAMETERS));
  }

  @Test
  void a_filter_takes_its_messages_whatever_the_identifier_says() throws IOException {
    assertEquals(
        List.of(List.of("1"), List.of("3")),
        bands(
            "\"identifier\":\"t\",\"name\":\"b\",\"filterMessagesMatching\":\"Z\"",
            true,
            TWO_PARAMETERS));
  }

  @Test
  void an_identifier_that_is_no_short_name_takes_all() throws IOException {
    assertEquals(
        List.of(List.of("1"), List.of("2")),
        bands(
            "\"identifier\":\"Temperature_isobaric\"",
            true,
            "T 50000-ISBL 1577836800",
            "T 85000-ISBL 1577836800"));
  }

  @Test
  void messages_of_one_position_are_an_error_that_names_both() {
    ImportException e =
        assertThrows(
            ImportException.class, () -> bands("\"identifier\":\"x\"", true, TWO_PARAMETERS));
    String said = e.getMessage();
    assertTrue(said.contains("ansi(\"2020-01-01T00:00:00.000Z\") level(500)"), said);
    assertTrue(
        said.contains("message 1 (z, level 500, step 0) and message 2 (t, level 500, step 0)"),
        said);
    assertTrue(said.contains("filterMessagesMatching"), said);
  }

  @Test
  void levels_without_an_axis_are_an_error_though_the_parameter_is_the_same() {
    ImportException e =
        assertThrows(
            ImportException.class, () -> bands("\"identifier\":\"t\"", false, TWO_PARAMETERS));
    assertTrue(
        e.getMessage()
            .contains("message 2 (t, level 500, step 0) and message 4 (t, level 850, step 0)"),
        e.getMessage());
  }
}
