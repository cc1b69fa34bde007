package org.tessera.coverage.gml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.schemas.OgcSchemas;

class CapabilitiesTest {
  private static final ServiceDescription SERVICE =
      new ServiceDescription(
          "Tessera",
          "Cubes & more",
          List.of("datacube"),
          "none",
          List.of("none"),
          new ServiceDescription.Provider(
              "We",
              "http://we/",
              "A. Person",
              "Boss",
              "pointOfContact",
              "+1",
              "+2",
              "Street 1",
              "Town",
              "Land",
              "12345",
              "Country",
              "a@we",
              "always",
              "by mail"),
          List.of("2.0.1", "2.1.0"),
          List.of("http://www.opengis.net/spec/WCS_protocol-binding_get-kvp/1.0/conf/get-kvp"),
          List.of("GetCapabilities", "DescribeCoverage", "GetCoverage"),
          List.of("application/gml+xml", "image/tiff"),
          List.of("http://www.opengis.net/def/crs/EPSG/0/4326"),
          List.of("http://www.opengis.net/def/interpolation/OGC/1.0/nearest-neighbor"),
          Map.of("cube", "http://we/metadata?id=1&x=2"));

  private static final List<Capabilities.Summary> COVERAGES =
      List.of(
          new Capabilities.Summary(
              Samples.cube(),
              Optional.of(
                  new Capabilities.Wgs84Box(
                      Samples.number("0"),
                      Samples.number("20"),
                      Samples.number("15"),
                      Samples.number("40.0"))),
              OptionalLong.of(100)),
          new Capabilities.Summary(Samples.index(), Optional.empty(), OptionalLong.empty()));

  private static String write(ServiceDescription service, Set<String> sections) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Capabilities.write(
        service, "http://h/rasdaman/ows", "2.0.1", sections, "7f", COVERAGES, Samples.STYLE, out);
    String xml = out.toString(StandardCharsets.UTF_8);
    assertEquals(List.of(), OgcSchemas.faults(xml), () -> xml);
    return xml;
  }

  @Test
  void allSectionsAreWrittenWhenNoneIsNamed() throws IOException {
    String xml = write(SERVICE, Set.of());
    assertEquals(xml, write(SERVICE, Set.of("All")));
    for (String part :
        List.of(
            "<ows:ServiceIdentification>",
            "<ows:ServiceProvider>",
            "xlink:href=\"http://h/rasdaman/ows?\"",
            "<wcs:formatSupported>image/tiff<",
            "<int:InterpolationSupported>http://www.opengis.net/def/interpolation/OGC/1.0/nearest",
            "<crs:crsSupported>http://www.opengis.net/def/crs/EPSG/0/4326<",
            "<ows:LowerCorner>0 20</ows:LowerCorner><ows:UpperCorner>15 40</ows:UpperCorner>",
            "<wcs:CoverageSubtype>ReferenceableGridCoverage<",
            "<ows:Name>sizeInBytes</ows:Name><ows:Value>72</ows:Value>",
            "<ows:Name>sizeInBytesWithPyramidLevels</ows:Name><ows:Value>100</ows:Value>",
            "<inspire_dls:SpatialDataSetIdentifier metadataURL=\"http://we/metadata?id=1&amp;x=2\">"
                + "<inspire_common:Code>cube</inspire_common:Code>",
            "<ows:Name>axisList</ows:Name><ows:Value>ansi,Lat,Long</ows:Value>")) {
      assertTrue(xml.contains(part), () -> "no " + part + " in " + xml);
    }
  }

  @Test
  void onlyTheSectionsNamedAreWritten() throws IOException {
    String xml = write(SERVICE, Set.of("Contents", "ServiceProvider"));
    assertTrue(xml.contains("<wcs:Contents>"));
    assertTrue(xml.contains("<ows:ServiceProvider>"));
    assertTrue(!xml.contains("ServiceIdentification"));
    assertTrue(!xml.contains("OperationsMetadata"));
    assertTrue(!xml.contains("ServiceMetadata"));
  }

  @Test
  void aServiceThatSaysLittleIsValid() throws IOException {
    write(
        new ServiceDescription(
            "",
            "",
            List.of(),
            "",
            List.of(),
            ServiceDescription.Provider.named("We"),
            List.of("2.0.1"),
            List.of(),
            List.of("GetCapabilities", "GetCoverage"),
            List.of("image/tiff"),
            List.of(),
            List.of(),
            Map.of()),
        Set.of());
  }

  @Test
  void exceptionReportsCarryCodeLocatorAndText() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OwsReports.exceptions(
        List.of(
            new OwsException(OwsErrorCode.NO_SUCH_COVERAGE, "a<b", "No \"a<b\" & no \u0001."),
            new OwsException(OwsErrorCode.WCPS_ERROR, "for c in (a<b)")),
        out);
    String xml = out.toString(StandardCharsets.UTF_8);
    assertEquals(List.of(), OgcSchemas.faults(xml));
    assertTrue(xml.contains("exceptionCode=\"NoSuchCoverage\" locator=\"a&lt;b\""), () -> xml);
    assertTrue(
        xml.contains("<ows:ExceptionText>No \"a&lt;b\" &amp; no \uFFFD.</ows:ExceptionText>"),
        () -> xml);
  }

  @Test
  void insertedIdIsACoverageId() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OwsReports.coverageId("new_1", GmlStyle.Dialect.STANDARD, out);
    String xml = out.toString(StandardCharsets.UTF_8);
    assertEquals(List.of(), OgcSchemas.faults(xml));
    assertTrue(xml.endsWith(">new_1</wcs:CoverageId>"), () -> xml);
  }
}
