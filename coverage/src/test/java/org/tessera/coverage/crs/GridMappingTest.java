package org.tessera.coverage.crs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Axis.IndexAxis;
import org.tessera.coverage.model.Axis.IrregularAxis;
import org.tessera.coverage.model.Axis.RegularAxis;

class GridMappingTest {
  private static final CrsResolver CRS = new CrsResolver();
  private static final GridMapping FOOTPRINT = new GridMapping(CRS, SubsettingRule.FOOTPRINT);
  private static final GridMapping GDAL = new GridMapping(CRS, SubsettingRule.GDAL);

  private static RegularAxis regular(
      String crs, String label, long high, String origin, String res) {
    return new RegularAxis(
        label, "degree", crs, 0, high, 1, new BigDecimal(origin), new BigDecimal(res));
  }

  /** Points 112.000, 112.050, ... */
  private static final Axis LONG = regular("/crs/EPSG/0/4326", "Long", 9, "112.000", "0.05");

  private static final Axis TEN = regular("/crs/EPSG/0/4326", "Long", 9, "5", "10");
  private static final Axis INDEX =
      new IndexAxis("i", "GridSpacing", "/crs/OGC/0/Index2D", 0, 59, 0);
  private static final Axis DAYS =
      regular("/crs/OGC/0/AnsiDate?axis-label=\"t\"", "t", 5, "127470", "1");

  private static IrregularAxis irregular(String crs, String label, String... points) {
    return new IrregularAxis(
        label, "d", crs, 0, 0, Arrays.stream(points).map(BigDecimal::new).toList());
  }

  private static final Axis POINTS =
      irregular("/crs/OGC/0/Index1D", "Long", "112.000", "112.075", "112.110", "112.230");

  private static String range(GridMapping mapping, Axis axis, String lo, String hi) {
    GridMapping.Trimmed t = mapping.trim(axis, lo, hi);
    return t.low() + ":" + t.high();
  }

  private static void assertInvalid(String message, Runnable call) {
    OwsException e = assertThrows(OwsException.class, call::run);
    assertEquals(OwsErrorCode.INVALID_SUBSETTING, e.code());
    assertEquals(message, e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "112.000, 112.020, 0, 0, 111.9750, 112.0250",
    "112.025, 112.075, 1, 2, 112.0250, 112.1250",
    "112.025, 112.070, 1, 1, 112.0250, 112.0750",
    "112.010, 112.070, 0, 1, 111.9750, 112.0750",
    "111.950, 112.000, 0, 0, 111.9750, 112.0250",
    "112.475, 113, 9, 9, 112.4250, 112.4750",
    "*, *, 0, 9, 111.9750, 112.4750",
  })
  void footprint_takes_the_cells_that_a_closed_interval_touches(
      String lo, String hi, long low, long high, BigDecimal lower, BigDecimal upper) {
    GridMapping.Trimmed t = FOOTPRINT.trim(LONG, lo, hi);
    assertEquals(low, t.low());
    assertEquals(high, t.high());
    assertEquals(0, lower.compareTo(t.axis().lower()), t.axis().lower().toString());
    assertEquals(0, upper.compareTo(t.axis().upper()), t.axis().upper().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 14.999, 0:0",
    "0, 15, 0:1",
    "0, 25, 0:2",
    "9, 11, 0:0",
    "12, 18, 1:1",
    "*, *, 0:9"
  })
  void gdal_takes_the_first_cell_that_begins_within_and_as_many_as_the_rounded_length(
      String lo, String hi, String expected) {
    assertEquals(expected, range(GDAL, TEN, lo, hi));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "10, 0", "49.99999, 4", "100, 9"})
  void gdal_slices_on_a_border_take_the_lower_index(String at, long expected) {
    assertEquals(expected, GDAL.slice(TEN, at));
  }

  @ParameterizedTest
  @CsvSource({
    // 2007-12-31 is day 148653: points at midnight, falling ones from 9 January, points at noon.
    "148653, 1, 2008-01-01, 2008-01-05, 1:4",
    "148653, 1, 2007-01-01, 2008-01-01, 0:0",
    "148653, 1, 2008-01-09, 2009-01-01, 9:9",
    "148653, 1, 2000-01-01, 2020-01-01, 0:9",
    "148662, -1, 2008-01-01, 2008-01-05, 5:8",
    "148662, -1, 2000-01-01, 2020-01-01, 0:9",
    "148653.5, 1, 2008-01-01, 2008-01-05, 1:4",
    "148653.999999999, 1, 2008-01-01, 2008-01-05, 0:3",
  })
  void a_period_has_the_cells_whose_points_lie_in_it(
      String first, String step, LocalDate from, LocalDate to, String expected) {
    Axis days = regular("/crs/OGC/0/AnsiDate", "t", 9, first, step);
    for (GridMapping mapping : List.of(FOOTPRINT, GDAL)) {
      GridMapping.Trimmed t =
          mapping.within(
              days,
              from.atStartOfDay(ZoneOffset.UTC).toInstant(),
              to.atStartOfDay(ZoneOffset.UTC).toInstant());
      assertEquals(expected, t.low() + ":" + t.high());
    }
  }

  @Test
  void a_period_without_a_point_is_an_error() {
    Axis days = regular("/crs/OGC/0/AnsiDate", "t", 9, "148653", "1");
    OwsException e =
        assertThrows(
            OwsException.class,
            () ->
                FOOTPRINT.within(
                    days,
                    Instant.parse("2008-01-10T00:00:00Z"),
                    Instant.parse("2008-02-01T00:00:00Z")));
    assertEquals(OwsErrorCode.INVALID_SUBSETTING, e.code());
  }

  @Test
  void falling_coordinates_are_mirrored() {
    // Latitudes 95 (index 0) down to 5 (index 9), footprints of 10.
    Axis lat = regular("/crs/EPSG/0/4326", "Lat", 9, "95", "-10");
    assertEquals("9:9", range(GDAL, lat, "0", "14.999"));
    assertEquals("8:9", range(GDAL, lat, "0", "20"));
    assertEquals("8:9", range(FOOTPRINT, lat, "0", "14.999"));
    assertEquals("8:8", range(FOOTPRINT, lat, "10", "19"));
    // 20 is the right-open end of [10, 20) and the start of [20, 30).
    assertEquals("7:8", range(FOOTPRINT, lat, "10", "20"));
    assertEquals(7, FOOTPRINT.slice(lat, "20"));
    assertEquals(7, GDAL.slice(lat, "20"));
    assertEquals(0, FOOTPRINT.slice(lat, "100"));
    assertEquals(9, FOOTPRINT.slice(lat, "0"));
  }

  @Test
  void index_axes_are_points() {
    assertEquals("20:25", range(FOOTPRINT, INDEX, "20", "25"));
    assertEquals("20:25", range(GDAL, INDEX, "20", "25"));
    assertEquals(20, FOOTPRINT.slice(INDEX, "20"));
    assertEquals("0:59", range(GDAL, INDEX, "*", "60"));
    assertEquals("0:59", range(FOOTPRINT, INDEX, "*", "*"));
  }

  @Test
  void irregular_axes_are_points_that_a_trim_must_contain() {
    assertEquals("0:0", range(FOOTPRINT, POINTS, "112.000", "112.020"));
    assertEquals("1:1", range(FOOTPRINT, POINTS, "112.040", "112.090"));
    assertEquals("1:3", range(GDAL, POINTS, "112.040", "*"));
    assertInvalid(
        "trimming '112.010:112.065' does not contain any coefficients of irregular axis: Long.",
        () -> FOOTPRINT.trim(POINTS, "112.010", "112.065"));
  }

  @Test
  void a_slice_must_hit_a_coefficient() {
    TimeScale scale = CRS.resolve("OGC/0/AnsiDate").time().orElseThrow();
    Axis ansi =
        new IrregularAxis(
            "ansi",
            "d",
            "/crs/OGC/0/AnsiDate",
            0,
            0,
            List.of(
                scale.number(TimeText.parse("2008-01-01T02:01:20").orElseThrow().start()),
                scale.number(TimeText.parse("2008-01-03T23:59:55").orElseThrow().start()),
                scale.number(TimeText.parse("2008-01-08T00:02:58Z").orElseThrow().start())));
    assertEquals(0, FOOTPRINT.slice(ansi, "\"2008-01-01T02:01:20.000Z\""));
    assertEquals(1, FOOTPRINT.slice(ansi, "\"2008-01-04T06:59:55+0700\""));
    assertEquals(2, FOOTPRINT.slice(ansi, "148661.00206018518519"));
    assertEquals("1:1", range(FOOTPRINT, ansi, "\"2008-01-03\"", "\"2008-01-03\""));
    assertInvalid(
        "slicing coordinate '\"2008-01-03\"' does not exist in the list of coefficients of"
            + " irregular axis: ansi.",
        () -> FOOTPRINT.slice(ansi, "\"2008-01-03\""));
    assertInvalid(
        "slicing '\"1969-12-31T12:00:00.000Z\"' is not within coverage's geo bounds"
            + " '\"2008-01-01T02:01:20.000Z\":\"2008-01-08T00:02:58.000Z\"' for axis 'ansi'.",
        () -> FOOTPRINT.slice(ansi, "\"1969-12-31T12:00:00.000Z\""));
  }

  @Test
  void instants_are_told_apart_by_the_millisecond() {
    // 00:00:01.0416666..., and 4099-01-01T00:02:12.678, .679, .680.
    Axis ansi =
        irregular(
            "/crs/OGC/0/AnsiDate",
            "ansi",
            "134775.00001205632729166667",
            "912377.00153562500000000000",
            "912377.00153563657407407407",
            "912377.00153564814814814815");
    assertEquals(0, GDAL.slice(ansi, "134775.00001204861111111111111111111111111111111111111112"));
    assertEquals(0, GDAL.slice(ansi, "\"1970-01-01T00:00:01.041Z\""));
    assertEquals(1, GDAL.slice(ansi, "\"4099-01-01T00:02:12.678Z\""));
    assertEquals(2, GDAL.slice(ansi, "\"4099-01-01T00:02:12.679Z\""));
    assertEquals(3, GDAL.slice(ansi, "\"4099-01-01T00:02:12.680Z\""));
    assertEquals(
        "2:2", range(GDAL, ansi, "\"4099-01-01T00:02:12.679Z\"", "\"4099-01-01T00:02:12.679Z\""));
  }

  @Test
  void time_takes_footprints_under_both_rules() {
    // 1950-01-01 is day 127470 (1600-12-31 is day 0): cells reach from noon to noon.
    assertEquals("3:5", range(GDAL, DAYS, "\"1950-01-03T13:05:00\"", "\"1950-01-05T13:05:00\""));
    assertEquals("3:5", range(GDAL, DAYS, "\"1950-01-03T13-0500\"", "*"));
    assertEquals(0, GDAL.slice(DAYS, "\"1949-12-31T12\""));
    assertEquals(1, GDAL.slice(DAYS, "\"1950-01-02\""));
  }

  @Test
  void bounds_in_wrong_order_are_named() {
    Axis lon = regular("/crs/EPSG/0/4326", "Lon", 359, "0.5", "1");
    assertInvalid(
        "lower bound '226' must be less than or equal to upper bound '138' for axis 'Lon'.",
        () -> FOOTPRINT.trim(lon, "226", "138"));
  }

  @Test
  void a_star_is_no_slice() {
    assertInvalid(
        "Invalid slicing coordinate '*' for axis 'i'.", () -> FOOTPRINT.slice(INDEX, "*"));
  }

  @Test
  void text_that_is_no_coordinate_is_refused() {
    assertInvalid("'abc' is not a number for axis 'i'.", () -> FOOTPRINT.slice(INDEX, "abc"));
    assertInvalid(
        "'1e999999999' is not a number for axis 'i'.", () -> FOOTPRINT.slice(INDEX, "1e999999999"));
    assertInvalid(
        "'2012-13' is neither an ISO 8601 time nor a number for axis 't'.",
        () -> FOOTPRINT.slice(DAYS, "2012-13"));
  }

  @Test
  void grid_indices_are_checked() {
    assertEquals(5, FOOTPRINT.sliceGrid(INDEX, 5));
    GridMapping.Trimmed t = FOOTPRINT.trimGrid(LONG, 2L, null);
    assertEquals(2, t.low());
    assertEquals(9, t.high());
    assertEquals(0, new BigDecimal("112.1").compareTo(((RegularAxis) t.axis()).origin()));
    assertInvalid(
        "slicing '60' is not within coverage's grid bounds '0:59' for axis 'i'.",
        () -> FOOTPRINT.sliceGrid(INDEX, 60));
    assertInvalid(
        "trimming '0:60' is not within coverage's grid bounds '0:59' for axis 'i'.",
        () -> FOOTPRINT.trimGrid(INDEX, 0L, 60L));
    assertInvalid(
        "lower bound '10' must be less than or equal to upper bound '0' for axis 'i'.",
        () -> FOOTPRINT.trimGrid(INDEX, 10L, 0L));
  }

  @Test
  void trims_outside_are_refused_and_partly_outside_are_cut() {
    assertEquals("0:1", range(FOOTPRINT, LONG, "0", "112.03"));
    assertInvalid(
        "trimming '0:10' is not within coverage's geo bounds '111.975:112.475' for axis 'Long'.",
        () -> FOOTPRINT.trim(LONG, "0", "10"));
  }
}
