package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What administrators do with coverages: pyramids, names, metadata (features.md 7.4 and 7.6). */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
class AdminIT {
  private static final String BASE = "admin_it_base";
  private static final String HALF = "admin_it_half";
  private static final String RENAMED = "admin_it_renamed";

  /** 8 rows from 8 to 0 degrees north, 4 columns from 0 to 4 degrees east; cells 0 to 31. */
  private static final String GML =
      """
      <gmlcov:RectifiedGridCoverage gml:id="%s" xmlns:gml="http://www.opengis.net/gml/3.2"
          xmlns:gmlcov="http://www.opengis.net/gmlcov/1.0" xmlns:swe="http://www.opengis.net/swe/2.0">
        <gml:boundedBy><gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/4326" axisLabels="Lat Long">
          <gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>8 4</gml:upperCorner>
        </gml:Envelope></gml:boundedBy>
        <gml:domainSet><gml:RectifiedGrid dimension="2" gml:id="g">
          <gml:limits><gml:GridEnvelope><gml:low>0 0</gml:low><gml:high>7 3</gml:high></gml:GridEnvelope></gml:limits>
          <gml:axisLabels>Lat Long</gml:axisLabels>
          <gml:origin><gml:Point gml:id="p"><gml:pos>7.5 0.5</gml:pos></gml:Point></gml:origin>
          <gml:offsetVector>-1 0</gml:offsetVector><gml:offsetVector>0 1</gml:offsetVector>
        </gml:RectifiedGrid></gml:domainSet>
        <gml:rangeSet><gml:DataBlock><gml:rangeParameters/><gml:tupleList>%s</gml:tupleList></gml:DataBlock></gml:rangeSet>
        <gml:coverageFunction><gml:GridFunction><gml:sequenceRule axisOrder="+2 +1">Linear</gml:sequenceRule>
        </gml:GridFunction></gml:coverageFunction>
        <gmlcov:rangeType><swe:DataRecord><swe:field name="v"><swe:Quantity
            definition="http://www.opengis.net/def/dataType/OGC/0/unsignedByte"><swe:uom code="1"/></swe:Quantity></swe:field>
        </swe:DataRecord></gmlcov:rangeType>
      </gmlcov:RectifiedGridCoverage>
      """;

  private final TesseraServer server;

  AdminIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeEach
  void insert() throws IOException, InterruptedException {
    String tuples =
        IntStream.range(0, 32).mapToObj(Integer::toString).collect(Collectors.joining(","));
    HttpResponse<byte[]> answer =
        server.post(
            "application/x-www-form-urlencoded",
            "service=WCS&version=2.0.1&request=InsertCoverage&coverage="
                + URLEncoder.encode(GML.formatted(BASE, tuples), StandardCharsets.UTF_8));
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
  }

  @AfterEach
  void delete() throws IOException, InterruptedException {
    for (String id : new String[] {HALF, BASE, RENAMED}) {
      if (ok("coverage/exist", "COVERAGEID=" + id).equals("true")) {
        server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + id);
      }
    }
  }

  private String ok(String path, String... pairs) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.admin(path, pairs);
    assertEquals(200, answer.statusCode(), () -> path + ": " + Xml.text(answer));
    return Xml.text(answer);
  }

  private void refused(int status, String code, String path, String... pairs)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.admin(path, pairs);
    assertEquals(status, answer.statusCode(), () -> path + ": " + Xml.text(answer));
    assertEquals(code, Xml.of(answer).attribute("Exception", "exceptionCode"));
  }

  private HttpResponse<byte[]> describe(String id) throws IOException, InterruptedException {
    return server.ows(
        "service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=" + id);
  }

  @Test
  void coveragesExistOrDoNot() throws IOException, InterruptedException {
    assertEquals("true", ok("coverage/exist", "COVERAGEID=" + BASE));
    assertEquals("false", ok("coverage/exist", "COVERAGEID=admin_it_nothing"));
    refused(400, "MissingParameterValue", "coverage/exist");
    refused(501, "OperationNotSupported", "coverage/explode", "COVERAGEID=" + BASE);
  }

  @Test
  void aMemberOfAPyramidIsMadeListedTakenOutAndPutBack() throws IOException, InterruptedException {
    String none = "{\"coverage\":\"" + BASE + "\",\"members\":[]}";
    // Members may say more, such as how they were resampled.
    String member = "\"members\":[{\"coverage\":\"" + HALF + "\",\"scale\":[4,2]";
    assertEquals(none, ok("coverage/pyramid/list", "COVERAGEID=" + BASE));
    ok("coverage/pyramid/create", "COVERAGEID=" + BASE, "MEMBER=" + HALF, "SCALEVECTOR=4,2");
    assertTrue(ok("coverage/pyramid/list", "COVERAGEID=" + BASE).contains(member));
    Xml half = Xml.of(describe(HALF));
    assertEquals("0 0", half.first("lowerCorner"));
    assertEquals("8 4", half.first("upperCorner"));
    assertEquals("1 1", half.first("high"));
    ok("coverage/pyramid/remove", "COVERAGEID=" + BASE, "MEMBERS=" + HALF);
    assertEquals(none, ok("coverage/pyramid/list", "COVERAGEID=" + BASE));
    assertEquals("true", ok("coverage/exist", "COVERAGEID=" + HALF));
    ok("coverage/pyramid/add", "COVERAGEID=" + BASE, "MEMBERS=" + HALF);
    assertTrue(ok("coverage/pyramid/list", "COVERAGEID=" + BASE).contains(member));
  }

  @Test
  void wrongPyramidsAreRefused() throws IOException, InterruptedException {
    String base = "COVERAGEID=" + BASE;
    String create = "coverage/pyramid/create";
    refused(400, "InvalidParameterValue", create, base, "MEMBER=" + HALF, "SCALEVECTOR=2");
    refused(400, "InvalidParameterValue", create, base, "MEMBER=" + HALF, "SCALEVECTOR=2,x");
    refused(400, "InvalidParameterValue", create, base, "MEMBER=" + HALF, "SCALEVECTOR=2,0.5");
    refused(400, "CoverageIdInUse", create, base, "MEMBER=" + BASE, "SCALEVECTOR=2,2");
    refused(404, "NoSuchCoverage", create, "COVERAGEID=nix", "MEMBER=" + HALF, "SCALEVECTOR=2,2");
    refused(404, "NoSuchCoverage", "coverage/pyramid/add", base, "MEMBERS=nix");
    refused(404, "NoSuchCoverage", "coverage/pyramid/list", "COVERAGEID=nix");
    assertEquals("false", ok("coverage/exist", "COVERAGEID=" + HALF));
  }

  @Test
  void aCoverageIsRenamedWithItsPyramid() throws IOException, InterruptedException {
    ok("coverage/pyramid/create", "COVERAGEID=" + BASE, "MEMBER=" + HALF, "SCALEVECTOR=2,2");
    ok("coverage/update", "COVERAGEID=" + BASE, "NEWCOVERAGEID=" + RENAMED);
    assertEquals(404, describe(BASE).statusCode());
    assertEquals(RENAMED, Xml.of(describe(RENAMED)).first("CoverageId"));
    assertTrue(ok("coverage/pyramid/list", "COVERAGEID=" + RENAMED).contains(HALF));
    assertEquals("31", Xml.text(server.wcps("for $c in (" + RENAMED + ") return max($c)")).strip());
    refused(
        400,
        "CoverageIdInUse",
        "coverage/update",
        "COVERAGEID=" + HALF,
        "NEWCOVERAGEID=" + RENAMED);
    refused(
        400, "InvalidParameterValue", "coverage/update", "COVERAGEID=" + HALF, "NEWCOVERAGEID=a b");
    refused(400, "MissingParameterValue", "coverage/update", "COVERAGEID=" + HALF);
  }

  @Test
  void metadataAreReplacedByXmlAndByJson() throws IOException, InterruptedException {
    ok("coverage/update", "COVERAGEID=" + BASE, "METADATA=<title>A &amp; B</title>");
    assertEquals("A & B", Xml.of(describe(BASE)).first("title"));
    ok("coverage/update", "COVERAGEID=" + BASE, "METADATA={\"title\": \"C\"}");
    assertTrue(Xml.of(describe(BASE)).first("covMetadata").contains("\"C\""));
    refused(400, "InvalidParameterValue", "coverage/update", "COVERAGEID=" + BASE, "METADATA=<a>");
    refused(
        400, "InvalidParameterValue", "coverage/update", "COVERAGEID=" + BASE, "METADATA={\"a\"");
    assertTrue(Xml.of(describe(BASE)).first("covMetadata").contains("\"C\""));
  }
}
