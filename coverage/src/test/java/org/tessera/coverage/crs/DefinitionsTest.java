package org.tessera.coverage.crs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class DefinitionsTest {
  private static final String BASE = "http://h/def";
  private static final CrsResolver CRS = new CrsResolver();
  private static final Definitions DEFINITIONS = new Definitions(CRS, false);

  private static Document get(String path, String query) {
    return parse(DEFINITIONS.answer(path, query, BASE));
  }

  private static Document parse(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
      return factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    } catch (org.xml.sax.SAXException
        | java.io.IOException
        | javax.xml.parsers.ParserConfigurationException e) {
      throw new AssertionError(xml, e);
    }
  }

  private static String first(Document document, String name) {
    return document.getElementsByTagNameNS("*", name).item(0).getTextContent();
  }

  private static int count(Document document, String name) {
    return document.getElementsByTagNameNS("*", name).getLength();
  }

  @Test
  void geographic_systems_have_axes_datum_and_ellipsoid() {
    Document d = get("/crs/EPSG/0/4326", null);
    assertEquals("GeodeticCRS", d.getDocumentElement().getLocalName());
    assertEquals("http://h/def/crs/EPSG/0/4326", first(d, "identifier"));
    assertEquals("WGS 84", first(d, "name"));
    assertEquals("Lat", first(d, "axisAbbrev"));
    assertEquals("6378137", first(d, "semiMajorAxis"));
    assertEquals("298.257223563", first(d, "inverseFlattening"));
    assertEquals("0", first(d, "greenwichLongitude"));
  }

  @Test
  void projected_systems_have_their_conversion() {
    Document d = get("/crs/EPSG/0/32633", "");
    assertEquals("ProjectedCRS", d.getDocumentElement().getLocalName());
    assertEquals(5, count(d, "ParameterValue"));
    assertEquals(1, count(d, "GeodeticDatum"));
  }

  @Test
  void all_kinds_of_names_are_answered() {
    assertEquals(
        "WGS 84 (geographic 3D)",
        first(get("/crs", "authority=EPSG&code=4327&version=8.5"), "name"));
    assertEquals(
        "WGS 84 (geographic 3D) / MSL depth",
        first(
            get(
                "/crs-compound",
                "1=http://h/def%2Fcrs%2FEPSG%2F0%2F4327"
                    + "&2=http://h/def%2Fcrs?authority%3DEPSG%26version%3D8.5%26code%3D5715"),
            "name"));
    assertEquals("1970-01-01T00:00:00Z", first(get("/crs/OGC/0/UnixTime", null), "origin"));
    assertEquals(2, count(get("/crs/OGC/0/Index2D", null), "axisAbbrev"));
    assertEquals("t", first(get("/crs/OGC/0/AnsiDate", "axis-label=%22t%22"), "axisAbbrev"));
    assertEquals("WGS 84 / UTM zone 32N", first(get("/crs/AUTO/1.3/42001", "lon=10"), "name"));
  }

  @Test
  void the_template_of_other_resolvers_can_be_had() {
    Document d = parse(new Definitions(CRS, true).answer("/crs/AUTO/1.3/42001/20", null, BASE));
    assertEquals("WGS 84", first(d, "name"));
    assertEquals("21.0", first(d, "greenwichLongitude"));
  }

  @Test
  void expand_says_how_deep() {
    assertEquals(0, count(get("/crs/EPSG/0/4326", "expand=none"), "axisAbbrev"));
    assertEquals(1, count(get("/crs/EPSG/0/4326", "expand=0"), "geodeticDatum"));
    assertEquals(2, count(get("/crs/EPSG/0/4326", "expand=full"), "axisAbbrev"));
  }

  @Test
  void equality_gives_a_reason_when_there_is_none() {
    Document same =
        get(
            "/equal",
            "1=http://h/def%2Fcrs%2FEPSG%2F0%2F4327"
                + "&2=http://h/def%2Fcrs?authority%3DEPSG%26version%3D0%26code%3D4327");
    assertEquals("true", first(same, "equal"));
    Document other = get("/equal", "1=EPSG/0/4326&2=EPSG/0/4327");
    assertEquals("false", first(other, "equal"));
    assertTrue(first(other, "reason").startsWith("The axes differ"));
  }

  @Test
  void directories_list_what_is_below() {
    assertEquals("http://h/def/cs/EPSG", first(get("/cs", null), "identifier"));
    assertEquals(3, count(get("/datum", null), "identifier"));
    assertTrue(count(get("/crs/EPSG/0", null), "identifier") > 6000);
  }

  @ParameterizedTest
  @CsvSource({
    "/crs, authority=EPSG&code=4327, INVALID_REQUEST",
    "/crs, version=0&code=4327, INVALID_REQUEST",
    "/crs, autority=EPSG&version=0&code=4327, MISSING_PARAMETER_VALUE",
    "/crs/epsg/8.5/4327, , NO_SUCH_DEFINITION",
    "/crs/EPSG/8.5/4327, foo=qwerty, INVALID_REQUEST",
    "/crs/AUTO/1.3/42001, foo=10, INVALID_REQUEST",
    "/crs/AUTO/1.3/42001/20/30/40/50, , INVALID_REQUEST",
    "/crs/EPSG/0/432, , NO_SUCH_DEFINITION",
    "/nothing, , NO_SUCH_DEFINITION",
    "/crs/EPSG/0/4326, expand=-1, INVALID_PARAMETER_VALUE",
    "/crs-compound, 3=EPSG:4326&2=EPSG:5715, INVALID_PARAMETER_VALUE",
    "/equal, 1=EPSG:4326, MISSING_PARAMETER_VALUE",
  })
  void wrong_requests_are_told_by_their_code(String path, String query, OwsErrorCode code) {
    OwsException e = assertThrows(OwsException.class, () -> DEFINITIONS.answer(path, query, BASE));
    assertEquals(code, e.code());
  }
}
