package org.tessera.coverage.crs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;

class CrsResolverTest {
  private static final CrsResolver CRS = new CrsResolver();

  private static String axes(String name) {
    return CRS.resolve(name).axes().stream()
        .map(a -> a.label() + " " + a.uom() + " " + a.direction() + " " + a.kind())
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '~',
      value = {
        "EPSG:4326 /crs/EPSG/0/4326",
        "epsg:4326 /crs/EPSG/0/4326",
        "EPSG/0/4326 /crs/EPSG/0/4326",
        "http://host/def/crs/EPSG/0/4326 /crs/EPSG/0/4326",
        "http://localhost:8080/rasdaman/def/crs/EPSG/0/4326/ /crs/EPSG/0/4326",
        "http%3A%2F%2Fhost%2Fdef%2Fcrs%2FEPSG%2F0%2F4326 /crs/EPSG/0/4326",
        "http://www.opengis.net/def/crs/EPSG/9.4.2/4326 /crs/EPSG/9.4.2/4326",
        "http://host/def/crs?version=0&authority=EPSG&code=4326 /crs/EPSG/0/4326",
        "urn:ogc:def:crs:EPSG::4326 /crs/EPSG/0/4326",
        "urn:ogc:def:crs:OGC:1.3:CRS84 /crs/OGC/1.3/CRS84",
        "CRS84 /crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84 /crs/OGC/1.3/CRS84",
        "OGC/0/AnsiDate?axis-label=\"t\" /crs/OGC/0/AnsiDate?axis-label=\"t\"",
        "OGC/0/AnsiDate?axis-label=%22t%22 /crs/OGC/0/AnsiDate?axis-label=\"t\"",
        "OGC/0/AnsiDate?axis-label=ansi /crs/OGC/0/AnsiDate",
        "OGC/0/Index1D?axis-label=\"depth\" /crs/OGC/0/Index1D?axis-label=\"depth\"",
        "EPSG/0/4326@OGC/0/AnsiDate /crs-compound?1=/crs/EPSG/0/4326&2=/crs/OGC/0/AnsiDate",
        "http://a/def/crs-compound?1=http://a/def/crs/OGC/0/UnixTime&2=http://a/def/crs/EPSG/0/3577"
            + " /crs-compound?1=/crs/OGC/0/UnixTime&2=/crs/EPSG/0/3577",
        "http://a/def/crs-compound?1=http%3A%2F%2Fa%2Fdef%2Fcrs%2FOGC%2F0%2FAnsiDate%3Faxis-label%3D%22t%22&2=EPSG:4326"
            + " /crs-compound?1=/crs/OGC/0/AnsiDate?axis-label=\"t\"&2=/crs/EPSG/0/4326",
        "AUTO/1.3/42001?lon=10 /crs/AUTO/1.3/42001?lon=10",
        "/crs/AUTO/1.3/42001/20 /crs/AUTO/1.3/42001?lon=20",
      })
  void all_spellings_lead_to_one_path(String text, String path) {
    assertEquals(path, CRS.resolve(text).path());
    assertEquals(CRS.resolve(path).path(), path);
    assertEquals(path, CRS.resolve(CRS.resolve(text).uri()).path());
  }

  @Test
  void axes_are_those_of_the_authority() {
    assertEquals("Lat degree north Y, Long degree east X", axes("EPSG:4326"));
    assertEquals("E metre east X, N metre north Y", axes("EPSG:32633"));
    assertEquals("X metre east X, Y metre north Y", axes("EPSG:3857"));
    assertEquals("Y metre north Y, X metre east X", axes("EPSG:3035"));
    assertEquals("D metre down VERTICAL", axes("EPSG:5715"));
    assertEquals("ansi d future TIME", axes("OGC/0/AnsiDate"));
    assertEquals("date s future TIME", axes("OGC/0/UnixTime?axis-label=\"date\""));
    assertEquals(
        "i GridSpacing indexedAxisPositive INDEX, j GridSpacing indexedAxisPositive INDEX",
        axes("OGC/0/Index2D"));
    assertEquals(
        "i j k m",
        CRS.resolve("OGC/0/Index4D").axes().stream()
            .map(CrsAxis::label)
            .collect(Collectors.joining(" ")));
    assertEquals("rlat degree north Y, rlon degree east X", axes("COSMO/0/101"));
    assertEquals(
        "t d future TIME, Lat degree north Y, Long degree east X",
        axes("OGC/0/AnsiDate?axis-label=\"t\"@EPSG/0/4326"));
  }

  private static Axis axis(String crs, String label) {
    return new Axis.IndexAxis(label, "", crs, 0, 1, 0);
  }

  private static String kinds(Axis... axes) {
    List<String> labels = Arrays.stream(axes).map(Axis::label).toList();
    return CRS.axes(new DomainSet("", List.of(axes), labels)).entrySet().stream()
        .map(e -> e.getKey() + " " + e.getValue().kind())
        .collect(Collectors.joining(", "));
  }

  @Test
  void axes_of_a_coverage_are_matched_by_place_or_where_some_are_gone_by_label() {
    assertEquals(
        "laaat Y, looong X, d TIME",
        kinds(
            axis("/crs/EPSG/0/4326", "laaat"),
            axis("/crs/EPSG/0/4326", "looong"),
            axis("/crs/OGC/0/AnsiDate", "d")));
    assertEquals("Long X", kinds(axis("/crs/EPSG/0/4326", "Long")));
    assertEquals("longgg X", kinds(axis("/crs/EPSG/0/4326", "longgg")));
    assertEquals("N Y", kinds(axis("/crs/EPSG/0/32633", "N")));
    assertEquals("i INDEX, px INDEX", kinds(axis("/crs/OGC/0/Index2D", "i"), axis("", "px")));
  }

  @Test
  void uris_have_the_base_in_every_part() {
    Crs crs = CRS.resolve("OGC/0/AnsiDate@EPSG/0/32633");
    assertEquals(
        "http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/OGC/0/AnsiDate"
            + "&2=http://www.opengis.net/def/crs/EPSG/0/32633",
        crs.uri());
    assertEquals(32633, crs.horizontal().orElseThrow().epsgCode().orElseThrow());
    assertEquals(Crs.Kind.TIME, crs.partOfAxis(0).kind());
    assertEquals(Crs.Kind.PROJECTED, crs.partOfAxis(2).kind());
  }

  @ParameterizedTest
  @CsvSource({
    "EPSG/0/432, NO_SUCH_DEFINITION",
    "/crs/epsg/8.5/4327, NO_SUCH_DEFINITION",
    "EPSG:99999999999999, NO_SUCH_DEFINITION",
    "3857, INVALID_CRS",
    "http://example.org/, INVALID_CRS",
    "'', INVALID_CRS",
    "AUTO/1.3/42001?foo=10, INVALID_REQUEST",
    "AUTO/1.3/42001/20/30/40, INVALID_REQUEST",
    "EPSG/8.5/4327?foo=qwerty, INVALID_REQUEST",
    "/crs?authority=EPSG&code=4327, INVALID_REQUEST",
    "crs-compound?3=EPSG:4326&2=EPSG:5715, INVALID_PARAMETER_VALUE",
    "crs-compound?1=EPSG:4326&2=h/def/crs-compound%3F1%3DEPSG:4326, INVALID_PARAMETER_VALUE",
    "OGC/0/AnsiDate?uom=d, INVALID_REQUEST",
  })
  void wrong_names_are_told_by_their_code(String text, OwsErrorCode code) {
    assertEquals(code, assertThrows(OwsException.class, () -> CRS.resolve(text)).code());
  }

  @Test
  void time_numbers_become_text_and_back() {
    TimeScale ansi = CRS.resolve("OGC/0/AnsiDate").time().orElseThrow();
    assertEquals(new BigDecimal("127470"), number(ansi, "1950-01-01"));
    assertEquals("1950-01-01T00:00:00.000Z", ansi.text(new BigDecimal("127470")));
    assertEquals("2008-01-01T02:01:20.000Z", ansi.text(number(ansi, "2008-01-01T09:01:20+0700")));
    assertEquals("6066-06-21T00:23:56.123Z", ansi.text(number(ansi, "6066-06-21T00:23:56.123")));
    assertEquals("1601-01-01T01:00:00.001Z", ansi.text(number(ansi, "1601-01-01T01:00:00.001Z")));
    TimeScale unix = CRS.resolve("OGC/0/UnixTime").time().orElseThrow();
    assertEquals("2008-11-05T09:00:00.000Z", unix.text(new BigDecimal("1.2258756e+9")));
    assertEquals("1225875600", number(unix, "2008-11-05T09:00:00.000Z").toString());
    TimeScale hours =
        CRS.resolve("OGC/0/Temporal?epoch=\"1900-01-01T00:00:00\"&uom=\"h\"&label=\"t\"")
            .time()
            .orElseThrow();
    assertEquals("1900-01-02T01:30:00.000Z", hours.text(new BigDecimal("25.5")));
  }

  private static BigDecimal number(TimeScale scale, String text) {
    return scale.number(TimeText.parse(text).orElseThrow().start());
  }

  @ParameterizedTest
  @CsvSource({
    "2012, 2012-01-01T00:00:00Z, 2012-12-31T23:59:59.999Z",
    "2012-02, 2012-02-01T00:00:00Z, 2012-02-29T23:59:59.999Z",
    "2012-02-28, 2012-02-28T00:00:00Z, 2012-02-28T23:59:59.999Z",
    "2012-02-28T13, 2012-02-28T13:00:00Z, 2012-02-28T13:00:00Z",
    "2012-02-28T13:05-0500, 2012-02-28T18:05:00Z, 2012-02-28T18:05:00Z",
    "2017-01-10T00:00:00+00:00, 2017-01-10T00:00:00Z, 2017-01-10T00:00:00Z",
    "2012-12-01T20:07:00.500Z, 2012-12-01T20:07:00.500Z, 2012-12-01T20:07:00.500Z",
  })
  void dates_without_a_time_of_day_are_intervals(String text, String start, String end) {
    TimeText time = TimeText.parse(text).orElseThrow();
    assertEquals(start, time.start().toString());
    assertEquals(end, time.end().toString());
  }

  @ParameterizedTest
  @CsvSource({"2012-13", "2012-02-30", "2012-01T12", "12", "2012-01-01T25", "now", "''"})
  void what_is_no_time_is_not_read_as_one(String text) {
    assertTrue(TimeText.parse(text).isEmpty());
  }

  @Test
  void points_are_reprojected_in_authority_order() {
    double[] points = {50, 15, 51, 14.5};
    CRS.reprojection(CRS.resolve("EPSG:4326"), CRS.resolve("EPSG:32633")).transform(points);
    // As PROJ 9.1 gives them.
    assertArrayEquals(new double[] {500000, 5538630.703, 464915.293, 5649943.860}, points, 0.002);
    double[] origin = {0, 0};
    CRS.reprojection(CRS.resolve("EPSG:4326"), CRS.resolve("EPSG:3857")).transform(origin);
    assertArrayEquals(new double[] {0, 0}, origin, 1e-6);
  }

  @Test
  void boxes_hold_the_curved_edges() {
    double[] box =
        CRS.reprojection(CRS.resolve("EPSG:32633"), CRS.resolve("EPSG:4326"))
            .transformBox(
                new double[] {75042.72735943, 5094865.557938452},
                new double[] {705042.72735943, 5454865.557938452});
    assertArrayEquals(
        new double[] {45.8760, 9.1770, 49.241, 17.8155}, box, 0.01, java.util.Arrays.toString(box));
  }

  @Test
  void well_known_text_keeps_the_code() {
    String wkt = CRS.wkt(CRS.resolve("EPSG:32633"), CrsResolver.WktVersion.WKT1);
    assertTrue(wkt.startsWith("PROJCS["), wkt);
    assertTrue(wkt.contains("AUTHORITY[\"EPSG\", \"32633\"]"), wkt);
    assertTrue(
        CRS.wkt(CRS.resolve("EPSG:4326"), CrsResolver.WktVersion.WKT2)
            .contains("ID[\"EPSG\", 4326"));
  }
}
