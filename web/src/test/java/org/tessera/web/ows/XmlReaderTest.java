package org.tessera.web.ows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.request.OwsRequest.Document;
import org.tessera.coverage.request.OwsRequest.Scaling;
import org.tessera.coverage.request.VendorParameters;

class XmlReaderTest {
  private static final String NAMESPACES =
      " xmlns:wcs='http://www.opengis.net/wcs/2.0' xmlns:gml='http://www.opengis.net/gml/3.2'"
          + " xmlns:ows='http://www.opengis.net/ows/2.0'"
          + " xmlns:scal='http://www.opengis.net/wcs/scaling/1.0'"
          + " xmlns:int='http://www.opengis.net/wcs/interpolation/1.0'"
          + " xmlns:rsub='http://www.opengis.net/wcs/range-subsetting/1.0'"
          + " xmlns:crs='http://www.opengis.net/wcs/crs/1.0' ";

  private static String xml(String operation, String body) {
    return "<wcs:"
        + operation
        + NAMESPACES
        + "service='WCS' version='2.0.1'>"
        + body
        + "</wcs:"
        + operation
        + ">";
  }

  private static OwsRequest read(String xml) {
    return XmlReader.read(xml, Map.of()).request();
  }

  private static OwsRequest.GetCoverage getCoverage(String body) {
    return (OwsRequest.GetCoverage) read(xml("GetCoverage", body));
  }

  private static OwsErrorCode refused(String xml) {
    return assertThrows(OwsException.class, () -> read(xml)).code();
  }

  /** By the parser itself, so that no stack overflows. */
  @Test
  void elementsNestedTooDeepAreRefused() {
    String deep = "<x>".repeat(9_000) + "</x>".repeat(9_000);
    assertEquals(OwsErrorCode.INVALID_XML, refused(xml("GetCoverage", deep)));
  }

  @Test
  void trimsAndSlicesKeepTheirOrderAndText() {
    OwsRequest.GetCoverage request =
        getCoverage(
            """
            <wcs:CoverageId>c</wcs:CoverageId>
            <wcs:DimensionTrim><wcs:Dimension>Lat</wcs:Dimension>
              <wcs:TrimLow>*</wcs:TrimLow><wcs:TrimHigh>40.50</wcs:TrimHigh></wcs:DimensionTrim>
            <wcs:DimensionSlice><wcs:Dimension>t</wcs:Dimension>
              <wcs:SlicePoint>"1950-01-01"</wcs:SlicePoint></wcs:DimensionSlice>
            <wcs:format>image/tiff</wcs:format><wcs:mediaType>multipart/related</wcs:mediaType>
            """);
    assertEquals(
        List.of(
            new OwsRequest.Trim("Lat", Optional.empty(), "*", "40.50"),
            new OwsRequest.Slice("t", Optional.empty(), "\"1950-01-01\"")),
        request.subsets());
    assertEquals(Optional.of("image/tiff"), request.format());
    assertTrue(request.multipart());
    assertEquals("2.0.1", request.version());
  }

  @Test
  void extensionsMayStandBeforeOrAfterTheIdAndInEitherCase() {
    OwsRequest.GetCoverage request =
        getCoverage(
            """
            <wcs:Extension>
              <rsub:rangeSubset>
                <rsub:rangeItem><rsub:rangeComponent>b4</rsub:rangeComponent></rsub:rangeItem>
                <rsub:rangeItem><rsub:RangeInterval><rsub:startComponent>b1</rsub:startComponent>
                  <rsub:endComponent>b3</rsub:endComponent></rsub:RangeInterval></rsub:rangeItem>
              </rsub:rangeSubset>
              <crs:subsettingCrs>EPSG:4326</crs:subsettingCrs><crs:outputCrs>EPSG:3857</crs:outputCrs>
              <int:Interpolation><int:globalInterpolation>near</int:globalInterpolation></int:Interpolation>
            </wcs:Extension>
            <wcs:CoverageId>c</wcs:CoverageId>
            """);
    assertEquals(List.of("b4", "b1:b3"), request.rangeSubset());
    assertEquals(Optional.of("EPSG:4326"), request.subsettingCrs());
    assertEquals(Optional.of("EPSG:3857"), request.outputCrs());
    assertEquals(Optional.of("near"), request.interpolation());
  }

  @Test
  void everyKindOfScalingIsRead() {
    assertEquals(
        new Scaling.Factor(0.5),
        scaling(
            "<scal:ScaleByFactor><scal:scaleFactor>0.5</scal:scaleFactor></scal:ScaleByFactor>"));
    assertEquals(
        new Scaling.Factors(Map.of("i", 2.0)),
        scaling(
            "<scal:ScaleAxesByFactor><scal:ScaleAxis><scal:axis>i</scal:axis>"
                + "<scal:scaleFactor>2</scal:scaleFactor></scal:ScaleAxis></scal:ScaleAxesByFactor>"));
    assertEquals(
        new Scaling.Sizes(Map.of("i", 16L)),
        scaling(
            "<scal:ScaleToSize><scal:TargetAxisSize><scal:axis>i</scal:axis>"
                + "<scal:targetSize>16</scal:targetSize></scal:TargetAxisSize></scal:ScaleToSize>"));
    assertEquals(
        new Scaling.Extents(Map.of("i", new OwsRequest.Extent(16, 34))),
        scaling(
            "<scal:ScaleToExtent><scal:TargetAxisExtent><scal:axis>i</scal:axis><scal:low>16</scal:low>"
                + "<scal:high>34</scal:high></scal:TargetAxisExtent></scal:ScaleToExtent>"));
  }

  private static Scaling scaling(String kind) {
    return getCoverage(
            "<wcs:CoverageId>c</wcs:CoverageId><wcs:Extension><scal:Scaling>"
                + kind
                + "</scal:Scaling></wcs:Extension>")
        .scaling()
        .orElseThrow();
  }

  @Test
  void queriesInXmlAreReadAsTheirTwinsInText() {
    OwsRequest.ProcessCoverages request =
        (OwsRequest.ProcessCoverages)
            read(
                """
                <ProcessCoveragesRequest xmlns="http://www.opengis.net/wcps/1.0" service="WCPS" version="1.0.0">
                  <query><xmlSyntax>
                    <coverageIterator>
                      <iteratorVar>c</iteratorVar><coverageName>a</coverageName><coverageName>b</coverageName>
                    </coverageIterator>
                    <where><booleanGreaterThan>
                      <reduce><avg><coverage>c</coverage></avg></reduce><numericConstant>-2.5</numericConstant>
                    </booleanGreaterThan></where>
                    <encode store="false">
                      <plus>
                        <trim><coverage>c</coverage>
                          <axis>Lat</axis><lowerBound><numericConstant>1</numericConstant></lowerBound>
                            <upperBound><numericConstant>2</numericConstant></upperBound>
                          <axis>t</axis><srsName>CRS:1</srsName><lowerBound>0</lowerBound><upperBound>*</upperBound>
                        </trim>
                        <numericConstant>3</numericConstant>
                      </plus>
                      <format>text/csv</format>
                    </encode>
                  </xmlSyntax></query>
                </ProcessCoveragesRequest>
                """);
    assertEquals(
        "for $c in (a, b) where (avg($c) > (- 2.5)) return"
            + " encode(($c[Lat(1:2), t:\"CRS:1\"(0:*)] + 3), \"text/csv\")",
        request.tree().orElseThrow().toString());
  }

  @Test
  void whatACondenserComputesMayBeWrapped() {
    String condense =
        """
        <ProcessCoveragesRequest xmlns="http://www.opengis.net/wcps/1.0" service="WCPS" version="1.0.0">
          <query><xmlSyntax>
            <coverageIterator><iteratorVar>c</iteratorVar><coverageName>a</coverageName></coverageIterator>
            <return><condense><opPlus/>
              <iterator><iteratorVar>x</iteratorVar><axis>x</axis>
                <lowerBound><numericConstant>1</numericConstant></lowerBound>
                <upperBound><numericConstant>3</numericConstant></upperBound></iterator>
              %s
            </condense></return>
          </xmlSyntax></query>
        </ProcessCoveragesRequest>
        """;
    String x = "<variableRef>x</variableRef>";
    for (String using : List.of(x, "<using>" + x + "</using>")) {
      OwsRequest.ProcessCoverages request =
          (OwsRequest.ProcessCoverages) read(condense.formatted(using));
      assertEquals(
          "for $c in (a) return (condense + over $x x(1:3) using $x)",
          request.tree().orElseThrow().toString());
    }
  }

  @Test
  void otherOperationsAreRead() {
    assertEquals(
        new OwsRequest.DescribeCoverage("2.0.1", List.of("a", "b"), false, false),
        read(
            xml(
                "DescribeCoverage",
                "<wcs:CoverageId>a</wcs:CoverageId><wcs:CoverageId>b</wcs:CoverageId>")));
    assertEquals(
        new OwsRequest.GetCapabilities(
            "2.0.1", List.of("Contents"), Optional.empty(), "application/xml"),
        read(
            xml(
                "GetCapabilities",
                "<ows:AcceptVersions><ows:Version>2.0.1</ows:Version></ows:AcceptVersions>"
                    + "<ows:AcceptFormats><ows:OutputFormat>text/html</ows:OutputFormat>"
                    + "<ows:OutputFormat>application/xml</ows:OutputFormat></ows:AcceptFormats>"
                    + "<ows:Sections><ows:Section>Contents</ows:Section></ows:Sections>")));
    assertEquals(
        new OwsRequest.ProcessCoverages(
            "2.0.1", "for c in (a) return 1 < 2", Map.of(), VendorParameters.NONE),
        read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <ProcessCoveragesRequest xmlns="http://www.opengis.net/wcps/1.0" service="WCPS" version="1.0.0">
              <query><abstractSyntax> for c in (a) return 1 &lt; 2 </abstractSyntax></query>
            </ProcessCoveragesRequest>"""));
    assertEquals(
        new OwsRequest.DeleteCoverage("2.0.1", List.of("a")),
        read(xml("DeleteCoverage", "<wcs:CoverageId>a</wcs:CoverageId>")));
  }

  @Test
  void anInlineCoverageIsHandedOnAsXmlWithItsNamespaces() {
    OwsRequest.InsertCoverage request =
        (OwsRequest.InsertCoverage)
            read(
                xml(
                    "InsertCoverage",
                    "<wcs:coverage><gml:Grid dimension='1'>a &amp; b</gml:Grid></wcs:coverage>"
                        + "<wcs:useId>new</wcs:useId>"));
    assertEquals(
        new Document.Inline(
            "<gml:Grid xmlns:gml=\"http://www.opengis.net/gml/3.2\" dimension=\"1\">a &amp; b</gml:Grid>"),
        request.document());
    assertTrue(request.newId());
  }

  @Test
  void soapEnvelopesAreOpened() {
    XmlReader.XmlRequest request =
        XmlReader.read(
            "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Header/><s:Body>"
                + xml("DescribeCoverage", "<wcs:CoverageId>a</wcs:CoverageId>")
                + "</s:Body></s:Envelope>",
            Map.of());
    assertTrue(request.soap());
    assertEquals(
        new OwsRequest.DescribeCoverage("2.0.1", List.of("a"), false, false), request.request());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DescribeCoverage | <wcs:Coverage>a</wcs:Coverage> | INVALID_REQUEST",
        "GetCoverage | | INVALID_REQUEST",
        "GetCoverage | <wcs:CoverageId>a</wcs:CoverageId><wcs:CoverageId>b</wcs:CoverageId> | INVALID_PARAMETER_VALUE",
        "GetCoverage | <wcs:CoverageId>a</wcs:CoverageId><wcs:DimensionTrim/> | INVALID_REQUEST",
        "GetCoverage | <wcs:CoverageId>a</wcs:CoverageId><wcs:mediaType>x</wcs:mediaType> | INVALID_PARAMETER_VALUE",
        "GetCoverage | <wcs:CoverageId>a</wcs:CoverageId><wcs:Extension><scal:Scaling/></wcs:Extension> | INVALID_REQUEST",
        "GetFeature | | OPERATION_NOT_SUPPORTED",
        "InsertCoverage | | MISSING_COVERAGE_PARAMETER",
        "GetCoverage | <unclosed> | INVALID_XML"
      })
  void wrongRequestsHaveTheirCodes(String operation, String body, OwsErrorCode code) {
    assertEquals(code, refused(xml(operation, body == null ? "" : body)));
  }

  @Test
  void declarationsOfDocumentTypesAreRefused() {
    assertEquals(
        OwsErrorCode.INVALID_XML,
        refused(
            "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + xml("GetCoverage", "&e;")));
    assertEquals(OwsErrorCode.INVALID_XML, refused(""));
    assertEquals(OwsErrorCode.INVALID_XML, refused("<x>".repeat(100_000)));
  }
}
