package org.tessera.importer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.engine.array.CellType;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.run.DescribedFiles;

class GeneralCoverageTest {
  private static final String AXES =
      """
      "ansi":{"min":"datetime(${netcdf:variable:time:min} * 86400)","irregular":true,
              "directPositions":"[datetime(x * 86400) for x in ${netcdf:variable:time}]"},
      "Lat":{"min":"${netcdf:variable:lat:min}","max":"${netcdf:variable:lat:max}","resolution":"%s"},
      "Long":{"min":"${netcdf:variable:lon:min}","max":"${netcdf:variable:lon:max}",
              "resolution":"${netcdf:variable:lon:resolution}"}
      """;

  @TempDir private Path folder;
  private boolean unpack;

  private ImportPlan plan(String axes, RowOrder rows, Map<String, List<Double>> dimensions)
      throws IOException {
    return plan(
        "\"identifier\":\"t\",\"name\":\"t\"",
        axes,
        rows,
        new DescribedFiles().cube("a.nc", "t", dimensions));
  }

  private ImportPlan plan(String band, String axes, RowOrder rows, DescribedFiles files)
      throws IOException {
    String json =
        """
        {"config":{},"input":{"coverage_id":"c","paths":["a.nc"]},
         "recipe":{"name":"general_coverage","options":{%s"coverage":{"crs":"OGC/0/AnsiDate@EPSG/0/4326",
           "slicer":{"type":"netcdf","pixelIsPoint":true,"bands":[{%s}],
           "axes":{%s}}}}}}
        """
            .formatted(unpack ? "\"unpack\":true," : "", band, axes);
    Path file = Files.writeString(folder.resolve("i.json"), json);
    InputFile a = new InputFile(folder.resolve("a.nc").toString(), folder.resolve("a.nc"));
    return Recipes.plan(Ingredients.read(file), List.of(a), files, -1, rows, ExistingGrid.NONE);
  }

  private static Map<String, List<Double>> dimensions(
      List<Double> time, List<Double> lat, List<Double> lon) {
    Map<String, List<Double>> out = new LinkedHashMap<>();
    out.put("time", time);
    out.put("lat", lat);
    out.put("lon", lon);
    return out;
  }

  @Test
  void points_get_half_a_cell_around_them() throws IOException {
    ImportPlan plan =
        plan(
            AXES.formatted("${netcdf:variable:lat:resolution}"),
            RowOrder.INGREDIENTS,
            dimensions(List.of(0.0, 2.0), List.of(50.0, 49.5, 49.0), List.of(10.0, 10.5)));
    Axis lat = plan.slices().getFirst().domain().axis("Lat").orElseThrow();
    assertEquals("48.75", lat.lower().toPlainString());
    assertEquals("50.25", lat.upper().toPlainString());
    assertEquals(List.of("ansi", "Lat", "Long"), plan.slices().getFirst().domain().crsOrder());
    SourceLayout layout = plan.slices().getFirst().layout();
    assertEquals("lat", layout.axis("Lat").orElseThrow().dimension().orElseThrow());
    assertEquals(false, layout.axis("Lat").orElseThrow().reversed());
  }

  @Test
  void south_to_north_rows_with_a_resolution_from_the_file_need_no_turning() throws IOException {
    ImportPlan plan =
        plan(
            AXES.formatted("${netcdf:variable:lat:resolution}"),
            RowOrder.INGREDIENTS,
            dimensions(List.of(0.0), List.of(49.0, 49.5, 50.0), List.of(10.0, 10.5)));
    Axis.RegularAxis lat =
        (Axis.RegularAxis) plan.slices().getFirst().domain().axis("Lat").orElseThrow();
    assertEquals("49", lat.origin().toPlainString());
    assertEquals("0.5", lat.resolution().toPlainString());
    assertEquals(false, plan.slices().getFirst().layout().axis("Lat").orElseThrow().reversed());
  }

  @Test
  void south_to_north_rows_are_read_backwards_when_the_coverage_goes_north_to_south()
      throws IOException {
    ImportPlan plan =
        plan(
            AXES.formatted("-${netcdf:variable:lat:resolution}"),
            RowOrder.INGREDIENTS,
            dimensions(List.of(0.0), List.of(49.0, 49.5, 50.0), List.of(10.0, 10.5)));
    assertEquals(true, plan.slices().getFirst().layout().axis("Lat").orElseThrow().reversed());
  }

  @Test
  void a_resolution_written_as_a_number_states_the_order_of_rows_unless_coordinates_shall_win()
      throws IOException {
    Map<String, List<Double>> rising =
        dimensions(List.of(0.0), List.of(49.0, 49.5, 50.0), List.of(10.0, 10.5));
    ImportPlan stated = plan(AXES.formatted("-0.5"), RowOrder.INGREDIENTS, rising);
    assertEquals(false, stated.slices().getFirst().layout().axis("Lat").orElseThrow().reversed());
    assertTrue(stated.notes().getFirst().contains("--row-order coordinates"));
    ImportPlan placed = plan(AXES.formatted("-0.5"), RowOrder.COORDINATES, rising);
    assertEquals(true, placed.slices().getFirst().layout().axis("Lat").orElseThrow().reversed());
  }

  @Test
  void irregular_axes_can_be_left_in_the_order_of_the_file_whatever_it_says() throws IOException {
    Map<String, List<Double>> both =
        dimensions(List.of(2.0, 0.0), List.of(49.0, 49.5, 50.0), List.of(10.0, 10.5));
    for (RowOrder rows : RowOrder.values()) {
      ImportPlan plan = plan(AXES.formatted("-${netcdf:variable:lat:resolution}"), rows, both);
      SourceLayout layout = plan.slices().getFirst().layout();
      assertEquals(rows != RowOrder.FILE, layout.axis("ansi").orElseThrow().reversed());
      assertEquals(true, layout.axis("Lat").orElseThrow().reversed());
    }
  }

  @Test
  void falling_times_become_rising_ones() throws IOException {
    ImportPlan plan =
        plan(
            AXES.formatted("-0.5"),
            RowOrder.INGREDIENTS,
            dimensions(List.of(2.0, 0.0), List.of(50.0, 49.5), List.of(10.0, 10.5)));
    assertEquals(true, plan.slices().getFirst().layout().axis("ansi").orElseThrow().reversed());
    Axis.IrregularAxis time =
        (Axis.IrregularAxis) plan.slices().getFirst().domain().axis("ansi").orElseThrow();
    // 1970-01-01 is day 134775 after 1600-12-31.
    assertEquals("[134775, 134777]", time.coordinates().toString());
  }

  @Test
  void a_resolution_that_does_not_fit_names_axis_and_cells() {
    ImportException e =
        assertThrows(
            ImportException.class,
            () ->
                plan(
                    AXES.formatted("-5"),
                    RowOrder.INGREDIENTS,
                    dimensions(List.of(0.0), List.of(50.0, 49.5, 49.0), List.of(10.0, 10.5))));
    assertTrue(
        e.getMessage()
            .endsWith(
                "axis Lat: min 49, max 50 and resolution -5 make 1.2 cells, but the file has 3"
                    + " along lat"),
        e.getMessage());
  }

  @Test
  void an_unknown_variable_names_file_axis_and_what_there_is() {
    ImportException e =
        assertThrows(
            ImportException.class,
            () ->
                plan(
                    AXES.formatted("${netcdf:variable:latitude:resolution}"),
                    RowOrder.INGREDIENTS,
                    dimensions(List.of(0.0), List.of(50.0, 49.5), List.of(10.0, 10.5))));
    assertTrue(
        e.getMessage()
            .contains(
                "a.nc: axis Lat: the file has no variable 'latitude'; it has lat, lon, t, time"),
        e.getMessage());
  }

  @Test
  void more_axes_than_the_crs_has_are_refused() {
    ImportException e =
        assertThrows(
            ImportException.class,
            () ->
                plan(
                    AXES.formatted("-0.5") + ",\"depth\":{\"min\":\"1\"}",
                    RowOrder.INGREDIENTS,
                    dimensions(List.of(0.0), List.of(50.0, 49.5), List.of(10.0, 10.5))));
    assertTrue(
        e.getMessage().contains("4 axes ansi, Lat, Long, depth, but the CRS has 3"),
        e.getMessage());
  }

  @Test
  void a_variable_that_is_not_there_is_an_error_though_the_identifier_is_right()
      throws IOException {
    String axes = AXES.formatted("${netcdf:variable:lat:resolution}");
    DescribedFiles files =
        new DescribedFiles()
            .cube("a.nc", "t", dimensions(List.of(0.0), List.of(50.0, 49.5), List.of(10.0, 10.5)));
    ImportException e =
        assertThrows(
            ImportException.class,
            () ->
                plan(
                    "\"identifier\":\"t\",\"variable\":\"tt\"", axes, RowOrder.INGREDIENTS, files));
    assertTrue(e.getMessage().contains("'variable' is 'tt'"), e.getMessage());
    assertTrue(e.getMessage().contains("it has time, lat, lon, t"), e.getMessage());
    assertEquals(
        List.of("t"),
        plan("\"identifier\":\"t\",\"variable\":\"t\"", axes, RowOrder.INGREDIENTS, files)
            .slices()
            .getFirst()
            .layout()
            .bands());
  }

  @Test
  void packed_values_are_noted_with_the_option_that_unpacks_them() throws IOException {
    String axes = AXES.formatted("${netcdf:variable:lat:resolution}");
    Map<String, List<Double>> cells =
        dimensions(List.of(0.0), List.of(50.0, 49.5), List.of(10.0, 10.5));
    List<String> notes =
        plan(
                "\"identifier\":\"t\",\"name\":\"temp\"",
                axes,
                RowOrder.INGREDIENTS,
                new DescribedFiles().packed(0.01, 273.15).cube("a.nc", "t", cells))
            .notes();
    assertEquals(1, notes.size(), notes.toString());
    assertTrue(
        notes
            .getFirst()
            .startsWith(
                "band temp: the values in the file are packed (scale_factor"
                    + " 0.01, add_offset 273.15)"),
        notes.getFirst());
    assertTrue(notes.getFirst().contains("'recipe.options.unpack' true"), notes.getFirst());
    assertEquals(
        List.of(),
        plan(
                "\"identifier\":\"t\"",
                axes,
                RowOrder.INGREDIENTS,
                new DescribedFiles().packed(1, 0).cube("a.nc", "t", cells))
            .notes());
  }

  @Test
  void unpacked_values_have_the_unit_of_the_file_unless_the_ingredients_give_one()
      throws IOException {
    assertEquals("10^0", unitOf("\"identifier\":\"t\""));
    unpack = true;
    assertEquals("K", unitOf("\"identifier\":\"t\""));
    assertEquals("mK", unitOf("\"identifier\":\"t\",\"uomCode\":\"mK\""));
  }

  private String unitOf(String band) throws IOException {
    DescribedFiles files =
        new DescribedFiles()
            .packed(0.01, 273.15)
            .cube("a.nc", "t", dimensions(List.of(0.0), List.of(50.0, 49.5), List.of(10.0, 10.5)));
    ImportPlan plan =
        plan(
            band, AXES.formatted("${netcdf:variable:lat:resolution}"), RowOrder.INGREDIENTS, files);
    assertEquals(unpack, plan.notes().isEmpty());
    assertEquals(
        unpack ? CellType.FLOAT32 : CellType.INT16, plan.fields().getFirst().type(), "values");
    assertEquals(!unpack, plan.metadata().contains("scale_factor"), plan.metadata());
    return plan.fields().getFirst().uom();
  }
}
