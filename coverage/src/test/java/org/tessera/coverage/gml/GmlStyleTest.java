package org.tessera.coverage.gml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.model.Axis;

/** What is said of axes that a request has cut, in both dialects. */
class GmlStyleTest {
  private static final CrsResolver CRS = new CrsResolver();
  private static final String BASE = "http://www.opengis.net/def/crs/";
  private final GridMapping mapping = new GridMapping(CRS, SubsettingRule.GDAL);

  /** Days from 1950-01-01 on, with a point at each midnight. */
  private static final Axis DAYS =
      new Axis.RegularAxis("t", "d", BASE + "OGC/0/AnsiDate", 0, 5, 0, days("127470"), days("1"));

  private static final Axis FALLING =
      new Axis.RegularAxis("Lat", "degree", BASE + "EPSG/0/4326", 0, 9, 0, days("9.5"), days("-1"));

  private static final Axis DATES =
      new Axis.IrregularAxis(
          "t",
          "d",
          BASE + "OGC/0/AnsiDate",
          0,
          0,
          List.of(days("127470"), days("127480"), days("127490")));

  private static BigDecimal days(String number) {
    return new BigDecimal(number);
  }

  private static GmlStyle style(GmlStyle.Dialect dialect) {
    return new GmlStyle(CRS, Crs.DEFAULT_BASE, GmlStyle.Times.ISO, dialect);
  }

  private static String said(GmlStyle style, Axis axis) {
    return style.coordinate(axis, style.lower(axis))
        + " "
        + style.coordinate(axis, style.upper(axis))
        + " from "
        + style.coordinate(axis, style.origin(axis));
  }

  private void check(Axis cut, String standard, String rasdaman) {
    assertEquals(standard, said(style(GmlStyle.Dialect.STANDARD), cut));
    assertEquals(rasdaman, said(style(GmlStyle.Dialect.RASDAMAN), cut));
  }

  @Test
  void times_are_those_asked_for() {
    check(
        mapping.trim(DAYS, "\"1950-01-03T13:05\"", "\"1950-01-05\"").axis(),
        "\"1950-01-03T12:00:00.000Z\" \"1950-01-05T12:00:00.000Z\" from \"1950-01-04T00:00:00.000Z\"",
        "\"1950-01-03T13:05:00.000Z\" \"1950-01-05T00:00:00.000Z\" from \"1950-01-04T01:05:00.000Z\"");
    check(
        mapping.trim(DAYS, "*", "*").axis(),
        "\"1949-12-31T12:00:00.000Z\" \"1950-01-06T12:00:00.000Z\" from \"1950-01-01T00:00:00.000Z\"",
        "\"1949-12-31T12:00:00.000Z\" \"1950-01-06T12:00:00.000Z\" from \"1950-01-01T00:00:00.000Z\"");
  }

  @Test
  void irregular_times_begin_at_the_bound_asked_for() {
    Axis cut = mapping.trim(DATES, "\"1950-01-06\"", "\"1950-01-25\"").axis();
    check(
        cut,
        "\"1950-01-11T00:00:00.000Z\" \"1950-01-21T00:00:00.000Z\" from \"1950-01-11T00:00:00.000Z\"",
        "\"1950-01-06T00:00:00.000Z\" \"1950-01-25T00:00:00.000Z\" from \"1950-01-06T00:00:00.000Z\"");
    assertEquals(
        List.of(days("127475"), days("127485")),
        style(GmlStyle.Dialect.RASDAMAN).coefficients((Axis.IrregularAxis) cut));
    assertEquals(
        List.of(days("127480"), days("127490")),
        style(GmlStyle.Dialect.STANDARD).coefficients((Axis.IrregularAxis) cut));
  }

  @Test
  void after_a_trim_by_grid_index_the_last_cell_is_not_counted() {
    check(mapping.trimGrid(FALLING, 2L, 4L).axis(), "5 8 from 7.5", "6 8 from 7.5");
  }

  @Test
  void a_horizontal_interval_is_told_in_cells_wherever_the_axis_ends() {
    // From 3 up, 3.6 cells long: the first cell that begins below 6.4 is 4, four cells follow.
    check(mapping.trim(FALLING, "2.8", "6.4").axis(), "2 6 from 5.5", "2 6 from 5.5");
    check(mapping.trim(FALLING, "0", "2.5").axis(), "0 2 from 1.5", "-1 2 from 1.5");
  }

  @Test
  void by_the_other_rule_nothing_is_noted() {
    GridMapping footprint = new GridMapping(CRS, SubsettingRule.FOOTPRINT);
    Axis cut = footprint.trim(DAYS, "\"1950-01-03T13:05\"", "\"1950-01-05\"").axis();
    assertEquals(Optional.empty(), cut.asked());
  }

  @Test
  void index_axes_begin_at_half_a_cell() {
    check(
        new Axis.IndexAxis("i", "GridSpacing", BASE + "OGC/0/Index1D", 3, 5, 0),
        "3 5 from 3",
        "3 5 from 3.5");
  }
}
