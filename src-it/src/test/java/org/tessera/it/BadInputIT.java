package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Wrong and hostile requests: each gets its exception report in time, and the next request works.
 */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
@TestInstance(Lifecycle.PER_CLASS)
class BadInputIT {
  /** A second is the aim on a quiet machine; tests share theirs. */
  private static final Duration IN_TIME = Duration.ofSeconds(5);

  private final TesseraServer server;

  BadInputIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeAll
  void importTheDemo() throws IOException {
    server.needDemo();
  }

  @AfterEach
  void nextRequestWorks() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.wcps("for $c in (etopo) return max($c)");
    assertEquals("6228.8125", Xml.text(answer).strip());
  }

  @Test
  void unknownCoverageIsNotFound() {
    refused(
        404,
        "NoSuchCoverage",
        () ->
            server.ows(
                "service=WCS", "version=2.0.1", "request=DescribeCoverage", "coverageId=atlantis"));
  }

  @Test
  void unknownRequestIsNotSupported() {
    refused(
        501,
        "OperationNotSupported",
        () -> server.ows("service=WCS", "version=2.0.1", "request=MakeCoffee"));
  }

  @Test
  void unknownAxisIsNamed() {
    Xml report = refused(404, "InvalidAxisLabel", () -> getCoverage("subset=height(0,1)"));
    assertTrue(report.first("ExceptionText").contains("height"));
  }

  @Test
  void subsetUpsideDownIsRefused() {
    refused(404, "InvalidSubsetting", () -> getCoverage("subset=Lat(50,40)"));
  }

  @Test
  void subsetOutsideTheCoverageIsRefused() {
    refused(404, "InvalidSubsetting", () -> getCoverage("subset=Lat(91,95)"));
  }

  @Test
  void malformedXmlIsRefused() {
    refused(400, null, () -> server.post("text/xml", "<wcs:GetCoverage"));
  }

  @Test
  void externalEntityIsNotFetched() {
    String body =
        """
        <?xml version="1.0"?>
        <!DOCTYPE q [<!ENTITY secret SYSTEM "file:///etc/passwd">]>
        <GetCoverage xmlns="http://www.opengis.net/wcs/2.0" service="WCS" version="2.0.1">
          <CoverageId>&secret;</CoverageId>
        </GetCoverage>
        """;
    HttpResponse<byte[]> answer = inTime(() -> server.post("text/xml", body));
    assertEquals(400, answer.statusCode(), () -> Xml.text(answer));
    assertFalse(Xml.text(answer).contains("root:"), () -> Xml.text(answer));
  }

  @Test
  void syntaxErrorTellsItsPlace() {
    Xml report = refused(400, null, () -> server.wcps("for $c in (etopo) return max($c"));
    assertTrue(report.first("ExceptionText").contains("line 1"), report.first("ExceptionText"));
  }

  @Test
  void absurdConstructorIsStoppedByTheLimit() {
    HttpResponse<byte[]> answer =
        inTime(
            () ->
                server.wcps(
                    "for $c in (etopo) return encode(coverage big over $x x(0:999999), $y y(0:999999)"
                        + " values $x + $y, \"text/csv\")"));
    assertTrue(answer.statusCode() >= 400, () -> "status " + answer.statusCode());
    assertEquals("ExceptionReport", Xml.of(answer).root());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for $c in (etopo) return encode(coverage wide over %s values 1, \"text/csv\")",
        "for $c in (etopo) return avg($c[%s])"
      })
  void aMillionAxesInAQueryAreRefused(String query) {
    String iterators = list("$p%1$d a%1$d(0:1)", ", ");
    tooLarge(() -> server.wcpsByPost(query.formatted(iterators)));
    // So many that the text is not too long, yet too many to parse.
    String hundredThousand =
        IntStream.range(0, 100_000)
            .mapToObj("$p%1$d a%1$d(0)"::formatted)
            .collect(Collectors.joining(","));
    tooLarge(() -> server.wcpsByPost(query.formatted(hundredThousand)));
  }

  @Test
  void aMillionAxesInKeyValuePairsAreRefused() {
    String get = "service=WCS&version=2.0.1&request=GetCoverage&coverageId=etopo&";
    String form = "application/x-www-form-urlencoded";
    tooLarge(() -> server.post(form, get + list("subset=a%d(0)", "&")));
    tooLarge(() -> server.post(form, get + "subset=" + list("a%d(0)", ",")));
    tooLarge(() -> server.post(form, get + "subset=" + list("a%d", ",")));
    tooLarge(() -> server.post(form, get + "scaleaxes=" + list("a%d(2)", ",")));
  }

  @Test
  void aCrsOfAMillionComponentsIsRefused() {
    String get =
        "service=WCS&version=2.0.1&request=GetCoverage&coverageId=etopo&outputCrs=http://h/def/crs-compound?";
    String form = "application/x-www-form-urlencoded";
    String crs = list("%d=http://h/def/crs/OGC/0/Index1D", "%26");
    tooLarge(() -> server.post(form, get + crs));
    String thousands = crs.substring(0, crs.indexOf("20000="));
    refused(400, "InvalidRequest", () -> server.post(form, get + thousands));
  }

  @Test
  void aMillionAxesInXmlAreRefused() {
    tooLarge(
        () ->
            server.post(
                "text/xml",
                "<GetCoverage xmlns=\"http://www.opengis.net/wcs/2.0\" service=\"WCS\" version=\"2.0.1\">"
                    + "<CoverageId>etopo</CoverageId>"
                    + "<DimensionSlice><Dimension>a</Dimension><SlicePoint>0</SlicePoint></DimensionSlice>"
                        .repeat(1_000_000 / 3)
                    + "</GetCoverage>"));
  }

  @Test
  void aCoverageOfAMillionAxesIsRefused() {
    String many = "0 ".repeat(1_000_000);
    String gml =
        """
        <gmlcov:GridCoverage gml:id="wide" xmlns:gml="http://www.opengis.net/gml/3.2"
            xmlns:gmlcov="http://www.opengis.net/gmlcov/1.0">
          <gml:boundedBy><gml:Envelope srsName="http://h/def/crs/OGC/0/Index2D">
            <gml:lowerCorner>%1$s</gml:lowerCorner><gml:upperCorner>%1$s</gml:upperCorner>
          </gml:Envelope></gml:boundedBy>
          <gml:domainSet><gml:Grid dimension="2" gml:id="g">
            <gml:limits><gml:GridEnvelope><gml:low>%1$s</gml:low><gml:high>%1$s</gml:high></gml:GridEnvelope></gml:limits>
            <gml:axisLabels>i j</gml:axisLabels>
          </gml:Grid></gml:domainSet>
        </gmlcov:GridCoverage>
        """
            .formatted(many);
    tooLarge(
        () ->
            server.post(
                "application/x-www-form-urlencoded",
                "service=WCS&version=2.0.1&request=InsertCoverage&coverage="
                    + URLEncoder.encode(gml, StandardCharsets.UTF_8)));
    tooLarge(
        () ->
            server.post(
                "text/xml",
                "<wcst:InsertCoverage xmlns:wcst=\"http://www.opengis.net/wcs/wcst/2.0\" service=\"WCS\""
                    + " version=\"2.0.1\"><wcst:coverage>"
                    + gml
                    + "</wcst:coverage></wcst:InsertCoverage>"));
  }

  /** A million items, each made of its number. */
  private static String list(String item, String separator) {
    return IntStream.range(0, 1_000_000)
        .mapToObj(item::formatted)
        .collect(Collectors.joining(separator));
  }

  private static void tooLarge(ThrowingSupplier<HttpResponse<byte[]>> request) {
    refused(413, "RequestTooLarge", request);
  }

  @Test
  void deepNestingDoesNotOverflowAStack() {
    String deep = "(".repeat(20000) + "1" + ")".repeat(20000);
    HttpResponse<byte[]> answer =
        inTime(() -> server.wcpsByPost("for $c in (etopo) return " + deep));
    assertTrue(
        answer.statusCode() == 200 || answer.statusCode() == 400,
        () -> answer.statusCode() + Xml.text(answer));
  }

  private HttpResponse<byte[]> getCoverage(String subset) throws IOException, InterruptedException {
    return server.ows(
        "service=WCS",
        "version=2.0.1",
        "request=GetCoverage",
        "coverageId=etopo",
        subset,
        "format=image/tiff");
  }

  private static HttpResponse<byte[]> inTime(ThrowingSupplier<HttpResponse<byte[]>> request) {
    return assertTimeout(IN_TIME, request);
  }

  /** Sends; checks status, exception report and, unless null, its code. */
  private static Xml refused(
      int status, String code, ThrowingSupplier<HttpResponse<byte[]>> request) {
    HttpResponse<byte[]> answer = inTime(request);
    assertEquals(status, answer.statusCode(), () -> Xml.text(answer));
    Xml xml = Xml.of(answer);
    assertEquals("ExceptionReport", xml.root());
    if (code != null) {
      assertEquals(code, xml.attribute("Exception", "exceptionCode"));
    }
    return xml;
  }
}
