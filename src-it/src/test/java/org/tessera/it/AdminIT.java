package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

  @Test
  void whatIsSaidOfTheServiceStandsInItsCapabilities() throws IOException, InterruptedException {
    String before = capabilities().first("Title");
    ok(
        "ows/serviceinfo",
        "SERVICETITLE=Cubes & more",
        "providerName=We",
        "providerSite=http://we/",
        "individualName=A. Person",
        "positionName=Boss",
        "email=a@we",
        "voicePhone=+1",
        "city=Town",
        "postalCode=12345");
    try {
      Xml said = capabilities();
      assertEquals("Cubes & more", said.first("Title"));
      assertEquals("We", said.first("ProviderName"));
      assertEquals("Boss", said.first("PositionName"));
      assertEquals("12345", said.first("PostalCode"));
      assertEquals("+1", said.first("Voice"));
      assertEquals("a@we", said.first("ElectronicMailAddress"));
      assertTrue(ok("ows/serviceinfo").contains("\"city\":\"Town\""));
      refused(400, "InvalidParameterValue", "ows/serviceinfo", "providerSite=no address");
      refused(400, "InvalidRequest", "ows/serviceinfo", "serviceTitel=x");
    } finally {
      ok(
          "ows/serviceinfo",
          "serviceTitle=",
          "providerName=",
          "providerSite=",
          "individualName=",
          "positionName=",
          "email=",
          "voicePhone=",
          "city=",
          "postalCode=");
    }
    assertEquals(before, capabilities().first("Title"));
    assertEquals("{}", ok("ows/serviceinfo"));
  }

  @Test
  void inspireMetadataStandInTheCapabilities() throws IOException, InterruptedException {
    String update = "inspire/metadata/update";
    ok(update, "COVERAGEID=" + BASE, "METADATAURL=http://inspire/1?a=b&c=d");
    String text = Xml.text(capabilitiesAnswer());
    assertTrue(text.contains("metadataURL=\"http://inspire/1?a=b&amp;c=d\""), text);
    assertEquals(BASE, capabilities().first("Code"));
    refused(400, "InvalidParameterValue", update, "COVERAGEID=" + BASE, "METADATAURL=x");
    refused(404, "NoSuchCoverage", update, "COVERAGEID=nix", "METADATAURL=http://x/");
    ok(update, "COVERAGEID=" + BASE, "METADATAURL=");
    assertFalse(Xml.text(capabilitiesAnswer()).contains("inspire_dls"));
  }

  private HttpResponse<byte[]> capabilitiesAnswer() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.ows("service=WCS", "request=GetCapabilities");
    assertEquals(200, answer.statusCode());
    return answer;
  }

  private Xml capabilities() throws IOException, InterruptedException {
    return Xml.of(capabilitiesAnswer());
  }

  @Test
  void scaleLevelsAreMadeAndDeletedByTheirOldRequests() throws IOException, InterruptedException {
    String level = BASE + "_2";
    String[] insert = {
      "service=WCS", "version=2.0.1", "request=InsertScaleLevel", "coverageId=" + BASE, "level=2.0"
    };
    HttpResponse<byte[]> answer = server.ows(insert);
    assertEquals(200, answer.statusCode(), () -> Xml.text(answer));
    assertTrue(answer.headers().firstValue("Deprecation").orElse("").startsWith("@"));
    assertTrue(
        ok("coverage/pyramid/list", "COVERAGEID=" + BASE)
            .contains("\"members\":[{\"coverage\":\"" + level + "\",\"scale\":[2,2]"));
    assertEquals("CoverageIdInUse", code(server.ows(insert)));
    insert[2] = "request=DeleteScaleLevel";
    assertEquals(200, server.ows(insert).statusCode());
    assertEquals("false", ok("coverage/exist", "COVERAGEID=" + level));
    assertEquals("InvalidParameterValue", code(server.ows(insert)));
    insert[2] = "request=InsertScaleLevel";
    insert[4] = "level=1";
    assertEquals("InvalidParameterValue", code(server.ows(insert)));
  }

  @Test
  void pyramidsAreMadeByRequestsAsByAdministration() throws IOException, InterruptedException {
    String member = BASE + "_half";
    String[] request = {
      "service=WCS",
      "version=2.0.1",
      "request=CreatePyramidMember",
      "base=" + BASE,
      "member=" + member,
      "scaleVector=2,2",
      "resampling=max"
    };
    assertEquals(200, server.ows(request).statusCode());
    assertEquals("CoverageIdInUse", code(server.ows(request)));
    request[5] = "scaleVector=two";
    assertEquals("InvalidParameterValue", code(server.ows(request)));
    String[] list = {"service=WCS", "version=2.0.1", "request=ListPyramidMembers", "base=" + BASE};
    assertEquals(ok("coverage/pyramid/list", "COVERAGEID=" + BASE), Xml.text(server.ows(list)));
    String entry = "{\"coverage\":\"" + member + "\",\"scale\":[2,2],\"resampling\":\"max\"}";
    assertTrue(Xml.text(server.ows(list)).contains(entry), Xml.text(server.ows(list)));
    String[] change = {
      "service=WCS",
      "version=2.0.1",
      "request=RemovePyramidMember",
      "base=" + BASE,
      "members=" + member
    };
    assertEquals(200, server.ows(change).statusCode());
    assertTrue(!Xml.text(server.ows(list)).contains(member));
    assertEquals("true", ok("coverage/exist", "COVERAGEID=" + member));
    change[2] = "request=AddPyramidMember";
    assertEquals(200, server.ows(change).statusCode());
    assertTrue(Xml.text(server.ows(list)).contains(member));
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + member);
  }

  private static String code(HttpResponse<byte[]> answer) {
    return Xml.of(answer).attribute("Exception", "exceptionCode");
  }

  @Test
  void otherMethodsAreRefusedWithThoseThatAreOffered() throws IOException, InterruptedException {
    for (String path : new String[] {"/ows", "/admin/coverage/exist"}) {
      for (String method : new String[] {"PUT", "DELETE", "PATCH"}) {
        HttpResponse<byte[]> answer = server.method(method, path);
        assertEquals(405, answer.statusCode(), method + " " + path);
        assertTrue(answer.headers().firstValue("Allow").orElse("").contains("GET"), path);
      }
    }
  }

  @Test
  void theAddressWithASlashSaysWhatThereIs() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.get("/ows/");
    assertEquals(200, answer.statusCode());
    assertEquals("Tessera", Xml.of(answer).first("Title"));
  }
}
