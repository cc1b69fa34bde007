package org.tessera.coverage.gml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.array.CellType;

class CoverageReaderTest {
  private static final CrsResolver CRS = new CrsResolver();

  /** A time axis and a latitude, as rasdaman's importer writes such documents. */
  private static final String DOCUMENT =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <gmlcov:ReferenceableGridCoverage gml:id="c"
          xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:gmlcov="http://www.opengis.net/gmlcov/1.0"
          xmlns:gmlrgrid="http://www.opengis.net/gml/3.3/rgrid" xmlns:swe="http://www.opengis.net/swe/2.0"
          xmlns:rasdaman="http://www.rasdaman.org">
        <gml:boundedBy>
          <gml:Envelope srsName="http://h/def/crs-compound?1=http://h/def/crs/OGC/0/AnsiDate&amp;2=http://h/def/crs/OGC/0/Index1D"
              axisLabels="t i" uomLabels="d GridSpacing" srsDimension="2">
            <gml:lowerCorner>"2008-01-01" 0</gml:lowerCorner>
            <gml:upperCorner>"2008-01-03" 1</gml:upperCorner>
          </gml:Envelope>
        </gml:boundedBy>
        <gml:domainSet>
          <gmlrgrid:ReferenceableGridByVectors dimension="2" gml:id="g">
            <gml:limits>
              <gml:GridEnvelope><gml:low>0 0</gml:low><gml:high>1 1</gml:high></gml:GridEnvelope>
            </gml:limits>
            <gml:axisLabels>t i</gml:axisLabels>
            <gmlrgrid:origin>
              <gml:Point gml:id="p"><gml:pos>"2008-01-01" 0</gml:pos></gml:Point>
            </gmlrgrid:origin>
            <gmlrgrid:generalGridAxis><gmlrgrid:GeneralGridAxis>
              <gmlrgrid:offsetVector>1 0</gmlrgrid:offsetVector>
              <gmlrgrid:coefficients>0 2</gmlrgrid:coefficients>
              <gmlrgrid:gridAxesSpanned>t</gmlrgrid:gridAxesSpanned>
              <gmlrgrid:sequenceRule axisOrder="+1">Linear</gmlrgrid:sequenceRule>
            </gmlrgrid:GeneralGridAxis></gmlrgrid:generalGridAxis>
            <gmlrgrid:generalGridAxis><gmlrgrid:GeneralGridAxis>
              <gmlrgrid:offsetVector>0 1</gmlrgrid:offsetVector>
              <gmlrgrid:coefficients/>
              <gmlrgrid:gridAxesSpanned>i</gmlrgrid:gridAxesSpanned>
              <gmlrgrid:sequenceRule axisOrder="+1">Linear</gmlrgrid:sequenceRule>
            </gmlrgrid:GeneralGridAxis></gmlrgrid:generalGridAxis>
          </gmlrgrid:ReferenceableGridByVectors>
        </gml:domainSet>
        <gml:coverageFunction><gml:GridFunction>
          <gml:sequenceRule axisOrder="+2 +1">Linear</gml:sequenceRule>
        </gml:GridFunction></gml:coverageFunction>
        <gmlcov:rangeType><swe:DataRecord>
          <swe:field name="v"><swe:Quantity definition="http://h/def/dataType/OGC/0/unsignedByte">
            <swe:nilValues><swe:NilValues><swe:nilValue reason="">7</swe:nilValue></swe:NilValues></swe:nilValues>
            <swe:uom code="m"/></swe:Quantity></swe:field>
        </swe:DataRecord></gmlcov:rangeType>
        <gml:rangeSet><gml:DataBlock><gml:rangeParameters/>
          <gml:tupleList>1 2 3 4</gml:tupleList>
        </gml:DataBlock></gml:rangeSet>
        <gmlcov:metadata><gmlcov:Extension><rasdaman:covMetadata>{ "a": 1 }</rasdaman:covMetadata></gmlcov:Extension></gmlcov:metadata>
      </gmlcov:ReferenceableGridCoverage>
      """;

  @BeforeAll
  static void makeTheBindings() {
    // Takes seconds on a busy machine, which no time limit below is about.
    GmlCoverages.warmUp();
  }

  private static CoverageDocument read(String xml) throws IOException {
    return GmlCoverages.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), CRS);
  }

  private static OwsErrorCode refused(String xml) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThrows(OwsException.class, () -> read(xml)).code());
  }

  /**
   * A plain grid of many axes: {@code %1$s} is a number for each, {@code %2$s} a label for each.
   */
  private static final String MANY_AXES =
      """
      <gmlcov:GridCoverage gml:id="c"
          xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:gmlcov="http://www.opengis.net/gmlcov/1.0">
        <gml:boundedBy>
          <gml:Envelope srsName="http://h/def/crs/OGC/0/Index2D">
            <gml:lowerCorner>%1$s</gml:lowerCorner><gml:upperCorner>%1$s</gml:upperCorner>
          </gml:Envelope>
        </gml:boundedBy>
        <gml:domainSet><gml:RectifiedGrid dimension="2" gml:id="g">
          <gml:limits><gml:GridEnvelope><gml:low>%1$s</gml:low><gml:high>%1$s</gml:high></gml:GridEnvelope></gml:limits>
          <gml:axisLabels>%2$s</gml:axisLabels>
          %3$s
        </gml:RectifiedGrid></gml:domainSet>
      </gmlcov:GridCoverage>
      """;

  @ParameterizedTest
  @ValueSource(ints = {100_000, 1_000_000})
  void aMillionAxesAreRefusedWhileTheyAreRead(int axes) {
    String many = "0 ".repeat(axes);
    String offsets = "<gml:offsetVector>1</gml:offsetVector>".repeat(axes);
    assertEquals(
        OwsErrorCode.REQUEST_TOO_LARGE, refused(MANY_AXES.formatted(many, "a".repeat(9), "")));
    assertEquals(
        OwsErrorCode.REQUEST_TOO_LARGE, refused(MANY_AXES.formatted("0 0", "a ".repeat(axes), "")));
    assertEquals(
        OwsErrorCode.REQUEST_TOO_LARGE, refused(MANY_AXES.formatted("0 0", "i j", offsets)));
    assertEquals(
        OwsErrorCode.REQUEST_TOO_LARGE,
        refused(
            DOCUMENT.replace("axisLabels=\"t i\"", "axisLabels=\"" + "t ".repeat(axes) + "\"")));
  }

  @Test
  void floatsAreNullAsFloats() throws IOException {
    String floats =
        DOCUMENT
            .replace("unsignedByte", "float32")
            .replace(">7</swe:nilValue>", ">-9999.9</swe:nilValue>")
            .replace("1 2 3 4", "1 -9999.9 3 4");
    CoverageDocument.Inline cells =
        assertInstanceOf(CoverageDocument.Inline.class, read(floats).cells());
    assertEquals(1, Long.bitCount(cells.tile().band(0).nulls()[0]));
  }

  @Test
  void timesAreNumbersOnTheirAxisAndCoefficientsMayBeRelative() throws IOException {
    DomainSet domain = read(DOCUMENT).coverage().domain();
    Axis.IrregularAxis t = assertInstanceOf(Axis.IrregularAxis.class, domain.axes().getFirst());
    assertEquals(List.of(new BigDecimal("148654"), new BigDecimal("148656")), t.coordinates());
    assertEquals("http://www.opengis.net/def/crs/OGC/0/AnsiDate", t.crs());
    assertInstanceOf(Axis.IndexAxis.class, domain.axes().get(1));
  }

  @Test
  void absoluteAndQuotedCoefficientsMeanTheSame() throws IOException {
    DomainSet relative = read(DOCUMENT).coverage().domain();
    assertEquals(
        relative,
        read(DOCUMENT.replace(">0 2<", ">\"2008-01-01\" \"2008-01-03T00:00:00.000Z\"<"))
            .coverage()
            .domain());
    assertEquals(relative, read(DOCUMENT.replace(">0 2<", ">148654 148656<")).coverage().domain());
  }

  @Test
  void rangeTypeMetadataAndCellsAreRead() throws IOException {
    CoverageDocument document = read(DOCUMENT);
    assertEquals(CellType.UINT8, document.coverage().range().getFirst().type());
    assertEquals("m", document.coverage().range().getFirst().uom());
    assertEquals("7", document.coverage().range().getFirst().nils().getFirst().text());
    assertEquals("{ \"a\": 1 }", document.coverage().metadata());
    byte[] cells = ((CoverageDocument.Inline) document.cells()).tile().band(0).bytes();
    assertEquals(
        List.of(1, 2, 3, 4),
        List.of((int) cells[0], (int) cells[1], (int) cells[2], (int) cells[3]));
  }

  @Test
  void withoutASequenceRuleTheFirstGridAxisVariesFastest() throws IOException {
    CoverageDocument document =
        read(DOCUMENT.replaceAll("(?s)<gml:coverageFunction>.*</gml:coverageFunction>", ""));
    byte[] cells = ((CoverageDocument.Inline) document.cells()).tile().band(0).bytes();
    assertEquals(
        List.of(1, 3, 2, 4),
        List.of((int) cells[0], (int) cells[1], (int) cells[2], (int) cells[3]));
  }

  @Test
  void parametersOfTheImporterComeWithTheFile() throws IOException {
    String file =
        "<gml:File><gml:rangeParameters>{\"reader\":\"raster\",\"bands\":[\"1\"]}</gml:rangeParameters>"
            + "<gml:fileReference>file:///tmp/a.tif</gml:fileReference>"
            + "<gml:fileStructure>Record Interleaved</gml:fileStructure>"
            + "<gml:mimeType>image/tiff</gml:mimeType></gml:File>";
    CoverageDocument.File read =
        assertInstanceOf(
            CoverageDocument.File.class,
            read(DOCUMENT.replaceAll("(?s)<gml:DataBlock>.*</gml:DataBlock>", file)).cells());
    assertEquals("file:///tmp/a.tif", read.reference());
    assertEquals("{\"reader\":\"raster\",\"bands\":[\"1\"]}", read.parameters());
  }

  @ParameterizedTest
  @CsvSource({
    "boundedBy, MISSING_BOUNDED_BY",
    "Envelope, MISSING_ENVELOPE",
    "lowerCorner, MISSING_LOW_CORNER",
    "upperCorner, MISSING_UPPER_CORNER",
    "domainSet, MISSING_DOMAIN_SET",
    "limits, MISSING_LIMITS",
    "GridEnvelope, MISSING_GRID_ENVELOPE",
    "low, MISSING_LOW",
    "high, MISSING_HIGH",
    "Point, MISSING_POINT",
    "pos, MISSING_POS",
    "rangeSet, WRONG_NUMBER_OF_RANGE_SET_ELEMENTS",
    "DataBlock, WRONG_NUMBER_OF_DATA_BLOCK_ELEMENTS",
    "tupleList, WRONG_NUMBER_OF_TUPLE_LISTS"
  })
  void whatIsMissingIsNamedByTheCode(String element, OwsErrorCode code) {
    String without =
        DOCUMENT.replaceFirst("(?s)<gml:" + element + "[ >].*</gml:" + element + ">", "");
    assertEquals(code, refused(without));
  }

  @Test
  void wrongDocumentsHaveTheirCodes() {
    assertEquals(
        OwsErrorCode.MISSING_GRID_TYPE,
        refused(
            DOCUMENT.replaceAll(
                "(?s)<gmlrgrid:ReferenceableGridByVectors.*</gmlrgrid:ReferenceableGridByVectors>",
                "")));
    assertEquals(
        OwsErrorCode.WRONG_NUMBER_OF_OFFSET_VECTORS,
        refused(
            DOCUMENT.replaceFirst(
                "(?s)<gmlrgrid:generalGridAxis>.*?</gmlrgrid:generalGridAxis>", "")));
    assertEquals(
        OwsErrorCode.WRONG_NUMBER_OF_OFFSET_VECTORS, refused(DOCUMENT.replace(">0 1<", ">1 0<")));
    assertEquals(
        OwsErrorCode.ONLY_RECTIFIED_GRIDS_SUPPORTED, refused(DOCUMENT.replace(">0 1<", ">1 1<")));
    assertEquals(
        OwsErrorCode.WRONG_NUMBER_OF_PIXELS, refused(DOCUMENT.replace("1 2 3 4", "1 2 3")));
    assertEquals(
        OwsErrorCode.WRONG_NUMBER_OF_PIXELS, refused(DOCUMENT.replace("1 2 3 4", "1 2 3 4 5")));
    assertEquals(
        OwsErrorCode.INVALID_PARAMETER_VALUE, refused(DOCUMENT.replace("1 2 3 4", "1 2 3 256")));
    assertEquals(OwsErrorCode.WRONG_INTERVAL_FORMAT, refused(DOCUMENT.replace(">7<", ">7:x<")));
    assertEquals(OwsErrorCode.INVALID_EXTENT, refused(DOCUMENT.replace(">0 2<", ">0 0<")));
    assertEquals(OwsErrorCode.INVALID_EXTENT, refused(DOCUMENT.replace(">0 2<", ">0 2 3<")));
    assertEquals(
        OwsErrorCode.ONLY_RECTIFIED_GRIDS_SUPPORTED,
        refused(DOCUMENT.replace("ReferenceableGridCoverage", "MultiPointCoverage")));
  }

  @Test
  void aHugeGridWithFewCellsIsRefusedWithoutMemory() {
    assertEquals(
        OwsErrorCode.WRONG_NUMBER_OF_PIXELS,
        refused(DOCUMENT.replace("<gml:high>1 1</gml:high>", "<gml:high>1 900000000</gml:high>")));
    assertEquals(
        OwsErrorCode.REQUEST_TOO_LARGE,
        refused(
            DOCUMENT.replace(
                "<gml:high>1 1</gml:high>", "<gml:high>1 4000000000000000000</gml:high>")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no xml",
        "<a>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY a '0'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
            + "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>",
        "<a>&undeclared;</a>",
        "<a xmlns:x='urn:x'><x:b></a>"
      })
  void whatIsNoPlainXmlIsInvalid(String xml) {
    OwsErrorCode code = refused(xml);
    // An empty root element of another name is refused for its name before its end is read.
    assertEquals(
        xml.startsWith("<a")
            ? OwsErrorCode.ONLY_RECTIFIED_GRIDS_SUPPORTED
            : OwsErrorCode.INVALID_XML,
        code);
  }

  @Test
  void aDocumentCutAtAnyPlaceIsInvalid() {
    for (int end = 1; end < DOCUMENT.strip().length(); end += 97) {
      assertEquals(OwsErrorCode.INVALID_XML, refused(DOCUMENT.substring(0, end)));
    }
  }

  @Test
  void entitiesInsideOfACoverageAreInvalid() {
    assertEquals(OwsErrorCode.INVALID_XML, refused(DOCUMENT.replace("1 2 3 4", "1 2 3 &x;")));
    assertEquals(
        OwsErrorCode.INVALID_XML, refused(DOCUMENT.replace("<gml:low>0 0", "<gml:low>&x;")));
    assertEquals(
        OwsErrorCode.INVALID_XML,
        refused(
            DOCUMENT
                .replaceFirst("\\?>", "?><!DOCTYPE x [<!ENTITY x '4'>]>")
                .replace("1 2 3 4", "1 2 3 &x;")));
  }

  @Test
  void nestingWithoutEndIsRefusedQuickly() {
    String deep = "<x>".repeat(200_000);
    assertEquals(OwsErrorCode.INVALID_XML, refused(DOCUMENT.replace("{ \"a\": 1 }", deep)));
  }
}
