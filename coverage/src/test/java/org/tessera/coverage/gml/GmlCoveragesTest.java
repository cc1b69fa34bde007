package org.tessera.coverage.gml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.schemas.OgcSchemas;

class GmlCoveragesTest {
  private static final CrsResolver CRS = new CrsResolver();

  private interface Writing {
    void to(OutputStream out) throws IOException;
  }

  private static String valid(Writing writing) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writing.to(out);
    String xml = out.toString(StandardCharsets.UTF_8);
    assertEquals(List.of(), OgcSchemas.faults(xml), () -> xml);
    return xml;
  }

  private static String coverage(Coverage c, RangeSet cells) throws IOException {
    return valid(
        out ->
            GmlCoverages.write(
                c.id(),
                c.domain(),
                GridKind.of(c.domain()),
                c.range(),
                c.metadata(),
                cells,
                Samples.STYLE,
                out));
  }

  private static CoverageDocument read(String xml) throws IOException {
    return GmlCoverages.read(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), CRS);
  }

  private static RangeSet tuples(String text) {
    return new RangeSet.Tuples(out -> out.write(text));
  }

  private static void contains(String xml, String part) {
    assertTrue(xml.contains(part), () -> "no " + part + " in " + xml);
  }

  @Test
  void cornersLabelsLimitsAndOffsetsComeInCrsOrder() throws IOException {
    String xml = coverage(Samples.cube(), new RangeSet.None());
    contains(xml, "axisLabels=\"ansi Lat Long\"");
    contains(xml, "uomLabels=\"d degree degree\"");
    contains(xml, "<gml:lowerCorner>148654.08425925925925925926 20 0</gml:lowerCorner>");
    contains(xml, "<gml:upperCorner>148657 40 15</gml:upperCorner>");
    contains(xml, "<gml:low>0 0 5</gml:low>");
    contains(xml, "<gml:high>1 1 7</gml:high>");
    contains(xml, "<gml:pos>148654.08425925925925925926 35 2.5</gml:pos>");
    contains(xml, ">0 -10 0</gmlrgrid:offsetVector>");
    contains(
        xml, "<gmlrgrid:coefficients>148654.08425925925925925926 148657</gmlrgrid:coefficients>");
  }

  @Test
  void sequenceRuleListsTheAxesOfTheCrsFromTheFastestInGridOrder() throws IOException {
    contains(
        coverage(Samples.cube(), new RangeSet.None()),
        "<gml:sequenceRule axisOrder=\"+2 +3 +1\">Linear</gml:sequenceRule>");
    contains(
        coverage(Samples.image(), new RangeSet.None()),
        "<gml:sequenceRule axisOrder=\"+2 +1\">Linear</gml:sequenceRule>");
  }

  @Test
  void axesDecideTheSubtype() {
    assertEquals(GridKind.REFERENCEABLE, GridKind.of(Samples.cube().domain()));
    assertEquals(GridKind.GRID, GridKind.of(Samples.index().domain()));
    assertEquals(GridKind.RECTIFIED, GridKind.of(Samples.image().domain()));
  }

  @Test
  void aPartOfAReferenceableGridStaysOne() throws IOException {
    Coverage image = Samples.image();
    DomainSet part =
        new DomainSet(image.domain().crs(), image.domain().axes(), image.domain().crsOrder(), true);
    assertEquals(GridKind.REFERENCEABLE, GridKind.of(part));
    String xml =
        coverage(new Coverage("p", part, image.range(), "", "image/tiff", ""), new RangeSet.None());
    contains(xml, "<gmlrgrid:coefficients></gmlrgrid:coefficients>");
    assertEquals(
        part,
        read(xml.replace("></gml:tupleList>", ">" + "0 0+0i,".repeat(6) + "</gml:tupleList>"))
            .coverage()
            .domain());
  }

  @Test
  void descriptionsFollowTheOrderAskedFor() throws IOException {
    String xml =
        valid(
            out ->
                GmlCoverages.describe(
                    List.of(Samples.image(), Samples.cube(), Samples.index()),
                    CellOrder.TUPLES,
                    Samples.STYLE,
                    out));
    assertTrue(xml.indexOf("image_3") < xml.indexOf("cube_1"));
    assertTrue(xml.indexOf("cube_1") < xml.indexOf("index_2"));
    contains(xml, "<wcs:CoverageSubtype>GridCoverage</wcs:CoverageSubtype>");
    contains(xml, "<wcs:nativeFormat>application/netcdf</wcs:nativeFormat>");
  }

  @Test
  void theOrderOfCellsIsThatOfTuplesOrOfImages() throws IOException {
    // Array order is ansi, Lat, Long; tuples come in grid order ansi, Long, Lat.
    contains(description(CellOrder.TUPLES, Samples.STYLE), "axisOrder=\"+2 +3 +1\"");
    contains(description(CellOrder.IMAGE, Samples.STYLE), "axisOrder=\"+3 +2 +1\"");
  }

  @Test
  void crssAreNamedInTermsOfTheBase() throws IOException {
    String xml =
        description(
            CellOrder.TUPLES,
            new GmlStyle(
                CRS, "https://h:1/x/def", GmlStyle.Times.NUMBER, GmlStyle.Dialect.STANDARD));
    contains(
        xml,
        "<gml:Envelope srsName=\"https://h:1/x/def/crs-compound?1=https://h:1/x/def/crs/OGC/0/AnsiDate&amp;2=https://h:1/x/def/crs/EPSG/0/4326\"");
    assertTrue(!xml.contains("opengis.net/def/crs"), () -> xml);
    assertEquals(List.of(Samples.cube()), readDescriptions(xml));
  }

  @Test
  void timesAreQuotedTextsWhereClientsWantThem() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    GmlStyle iso =
        new GmlStyle(CRS, Crs.DEFAULT_BASE, GmlStyle.Times.ISO, GmlStyle.Dialect.STANDARD);
    GmlCoverages.describe(List.of(Samples.cube()), CellOrder.TUPLES, iso, out);
    String xml = out.toString(StandardCharsets.UTF_8);
    contains(xml, "<gml:lowerCorner>\"2008-01-01T02:01:20.000Z\" 20 0</gml:lowerCorner>");
    contains(xml, "<gml:upperCorner>\"2008-01-04T00:00:00.000Z\" 40 15</gml:upperCorner>");
    contains(xml, "<gml:pos>\"2008-01-01T02:01:20.000Z\" 35 2.5</gml:pos>");
    contains(xml, "coefficients>\"2008-01-01T02:01:20.000Z\" \"2008-01-04T00:00:00.000Z\"</");
    assertEquals(
        new BigDecimal("148657"),
        readDescriptions(xml).getFirst().domain().axis("ansi").orElseThrow().upper());
  }

  @Test
  void generalGridsAreDescribedInTermsOfCis11() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    GmlCoverages.describeGeneralGrids(List.of(Samples.image(), Samples.cube()), Samples.STYLE, out);
    String xml = out.toString(StandardCharsets.UTF_8);
    contains(xml, "<wcs:CoverageId>image_3</wcs:CoverageId>");
    contains(xml, "<wcs:CoverageSubtype>GeneralGridCoverage</wcs:CoverageSubtype>");
    contains(
        xml,
        "<cis11:RegularAxis axisLabel=\"Lat\" uomLabel=\"degree\" lowerBound=\"20\" upperBound=\"40\" resolution=\"-10\">");
    contains(
        xml,
        "<cis11:IrregularAxis axisLabel=\"ansi\" uomLabel=\"d\"><cis11:C>\"2008-01-01T02:01:20.000Z\"</cis11:C>");
    assertTrue(!xml.contains("RangeSet"), () -> xml);
  }

  private static List<Coverage> readDescriptions(String xml) throws IOException {
    return GmlCoverages.readDescriptions(
        new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), CRS);
  }

  private static String description(CellOrder order, GmlStyle style) throws IOException {
    return valid(out -> GmlCoverages.describe(List.of(Samples.cube()), order, style, out));
  }

  @Test
  void namespacesAreDeclaredAtTheRootOnly() throws IOException {
    String xml =
        valid(
            out ->
                GmlCoverages.describe(
                    List.of(Samples.image()), CellOrder.TUPLES, Samples.STYLE, out));
    String inside = xml.substring(xml.indexOf("<wcs:CoverageDescription "));
    assertTrue(!inside.contains("xmlns"), () -> inside);
  }

  @Test
  void descriptionOfNoCoverageIsValid() throws IOException {
    valid(out -> GmlCoverages.describe(List.of(), CellOrder.TUPLES, Samples.STYLE, out));
  }

  @ParameterizedTest
  @MethodSource("org.tessera.coverage.gml.Samples#all")
  void descriptionReadAgainIsTheSameCoverage(Coverage coverage) throws IOException {
    String xml =
        valid(
            out -> GmlCoverages.describe(List.of(coverage), CellOrder.TUPLES, Samples.STYLE, out));
    List<Coverage> read =
        GmlCoverages.readDescriptions(
            new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)), CRS);
    assertEquals(List.of(coverage), read);
  }

  @Test
  void fileReferenceReadAgainIsTheSame() throws IOException {
    CoverageDocument document =
        read(coverage(Samples.image(), new RangeSet.File("cid:part-2", "image/tiff")));
    assertEquals(
        new CoverageDocument.File("cid:part-2", Optional.of("image/tiff"), ""), document.cells());
    assertEquals(Samples.image().domain(), document.coverage().domain());
    assertEquals(Samples.image().range(), document.coverage().range());
  }

  @Test
  void tuplesComeInGridOrderAndCellsInArrayOrder() throws IOException {
    // Grid order E, N: N varies fastest. Array order N, E.
    CoverageDocument document =
        read(
            coverage(
                Samples.image(), tuples("1 1+0i,4 2-1i,2 0+0i,5 0+0i,3 1.5-2.5e-3i,NaN 0+0i")));
    Tile tile = ((CoverageDocument.Inline) document.cells()).tile();
    assertEquals(GridEnvelope.of(new long[] {0, 0}, new long[] {1, 2}), tile.box());
    double[] a = tile.band(0).doubles();
    assertEquals(List.of(1.0, 2.0, 3.0, 4.0, 5.0), List.of(a[0], a[1], a[2], a[3], a[4]));
    assertTrue(Double.isNaN(a[5]));
    assertEquals(2.0, tile.band(1).getDouble(3));
    assertEquals(-1.0, tile.band(1).getImaginary(3));
    assertEquals(-0.0025f, (float) tile.band(1).getImaginary(2));
  }

  @Test
  void nullCellsOfADocumentAreMarked() throws IOException {
    CoverageDocument document =
        read(
            coverage(
                Samples.cube(),
                tuples("-9999 1,1 1,15 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,1 1,21 -32768")));
    Cells b1 = ((CoverageDocument.Inline) document.cells()).tile().band(0);
    assertTrue(b1.isNull(0));
    assertEquals(2, java.util.stream.IntStream.range(0, b1.length()).filter(b1::isNull).count());
  }

  @Test
  void cellsAreWrittenAsShortAsTheirTypeAllows() {
    StringBuilder text = new StringBuilder();
    Cells floats = Cells.wrap(CellType.FLOAT32, new float[] {0.1f, 3f, 1e-5f, Float.NaN}, null);
    for (int i = 0; i < 4; i++) {
      TileTuples.append(floats, i, text);
      text.append(' ');
    }
    TileTuples.append(Cells.wrap(CellType.UINT8, new byte[] {-1}, null), 0, text);
    text.append(' ');
    TileTuples.append(Cells.wrap(CellType.INT64, new long[] {Long.MIN_VALUE}, null), 0, text);
    text.append(' ');
    TileTuples.append(Cells.wrap(CellType.COMPLEX128, new double[] {0.5, -1}, null), 0, text);
    assertEquals("0.1 3 1.0E-5 NaN 255 -9223372036854775808 0.5-1i", text.toString());
  }

  @Test
  void metadataThatIsNoXmlStaysTextAndXmlStaysXml() throws IOException {
    contains(
        coverage(Samples.index(), new RangeSet.None()),
        "<rasdaman:covMetadata>{\"key\": \"&lt;value&gt;\"}</rasdaman:covMetadata>");
    contains(
        coverage(Samples.cube(), new RangeSet.None()),
        "<rasdaman:covMetadata><title>A &amp; B</title><n:x xmlns:n=\"urn:n\" a=\"1\">2</n:x>");
  }

  @Test
  void brokenMetadataAndIllegalCharactersDoNotBreakTheDocument() throws IOException {
    Coverage c = Samples.index();
    for (String metadata :
        List.of(
            "<open>",
            "a\u0000b\u001f",
            "<!DOCTYPE x [<!ENTITY e 'v'>]><x>&e;</x>",
            "</m><m>",
            "<?xml version='1.0'?><x/>")) {
      String xml =
          valid(
              out ->
                  GmlCoverages.write(
                      c.id(),
                      c.domain(),
                      GridKind.GRID,
                      c.range(),
                      metadata,
                      new RangeSet.None(),
                      Samples.STYLE,
                      out));
      contains(xml, "covMetadata");
    }
  }

  @Test
  void aLongTupleListIsWrittenPieceByPiece() throws IOException {
    long[] written = {0};
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            written[0]++;
          }

          @Override
          public void write(byte[] b, int off, int len) {
            written[0] += len;
          }
        };
    Coverage c = Samples.index();
    long[] before = {0};
    GmlCoverages.write(
        c.id(),
        c.domain(),
        GridKind.GRID,
        c.range(),
        "",
        new RangeSet.Tuples(
            out -> {
              for (int i = 0; i < 1_000_000; i++) {
                out.write("255,");
              }
              before[0] = written[0];
            }),
        Samples.STYLE,
        counting);
    assertTrue(before[0] > 3_900_000, () -> before[0] + " bytes had left before the end");
  }

  @Test
  void aUnitThatIsNoNameLeavesUomLabelsOut() throws IOException {
    Coverage c = Samples.index();
    String crs = c.domain().crs();
    Coverage odd =
        new Coverage(
            "odd",
            new DomainSet(
                crs,
                List.of(
                    new org.tessera.coverage.model.Axis.IndexAxis("i", "10^0", crs, 0, 1, 0),
                    new org.tessera.coverage.model.Axis.IndexAxis("j", "m/s", crs, 0, 1, 1)),
                List.of("i", "j")),
            c.range(),
            "",
            "image/tiff",
            "");
    assertTrue(!coverage(odd, new RangeSet.None()).contains("uomLabels"));
  }
}
