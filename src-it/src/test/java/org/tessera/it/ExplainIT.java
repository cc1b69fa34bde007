package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code explain=} says what a request costs, by which operators, and what it has cost. */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
@TestInstance(Lifecycle.PER_CLASS)
class ExplainIT {
  private final TesseraServer server;

  ExplainIT(TesseraServer server) {
    this.server = server;
  }

  @BeforeAll
  void importTheDemo() throws IOException {
    server.needDemo();
  }

  private String explained(String what) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.ows(
            "service=WCS",
            "version=2.0.1",
            "request=GetCoverage",
            "coverageId=etopo",
            "subset=Lat(30,60)",
            "format=image/tiff",
            "explain=" + what);
    assertEquals(200, answer.statusCode(), Xml.text(answer));
    assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
    return Xml.text(answer);
  }

  /** The number after the n-th (from 1) occurrence of a key. */
  private static long number(String json, String key, int n) {
    Matcher m = Pattern.compile('"' + key + "\": ?(\\d+)").matcher(json);
    for (int i = 0; i < n; i++) {
      assertTrue(m.find(), key + " in " + json);
    }
    return Long.parseLong(m.group(1));
  }

  @Test
  void theEstimateOfASubsetIsWhatItCosts() throws IOException, InterruptedException {
    String json = explained("analyze");
    // The estimate stands before what was spent; cells of the axes come first.
    assertEquals(91L * 1081 * 4, number(json, "outputBytes", 1));
    assertEquals(number(json, "tiles", 1), number(json, "tiles", 2));
    assertTrue(number(json, "bytesRead", 2) <= number(json, "bytesRead", 1), json);
    assertTrue(number(json, "answerBytes", 1) > 91L * 1081 * 4, json);
  }

  @Test
  void thePlanNamesTheOperators() throws IOException, InterruptedException {
    assertTrue(explained("plan").contains("\"operator\": \"trim ["));
    assertTrue(!explained("estimate").contains("\"operator\""));
  }

  @Test
  void queriesAreExplainedToo() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.get("/ows/wcps?explain=plan&query=for%20%24c%20in%20(etopo)%20return%20max(%24c)");
    assertTrue(Xml.text(answer).contains("reduce max"), Xml.text(answer));
  }

  @Test
  void whatIsTooLargeComesWithWhatWouldFit() throws IOException, InterruptedException {
    String vast = "coverage v over $x x(0:999999), $y y(0:999999) values $x + $y";
    String head = "/ows/wcps?query=" + encoded("for $c in (etopo) return encode(");
    HttpResponse<byte[]> refused = server.get(head + encoded(vast + ", \"csv\")"));
    assertEquals(413, refused.statusCode());
    String report = Xml.text(refused);
    assertTrue(report.contains("1000000000000 cells; the limit is 100000000000"), report);
    Matcher box = Pattern.compile("the part \\[(.*?)] of").matcher(report);
    Matcher factor = Pattern.compile("scaled by ([0-9.]+)").matcher(report);
    assertTrue(box.find() && factor.find(), report);
    for (String part :
        new String[] {
          "(" + vast + ")[" + box.group(1) + "]", "scale(" + vast + ", " + factor.group(1) + ")"
        }) {
      String estimate =
          Xml.text(server.get(head + encoded(part + ", \"csv\")") + "&explain=estimate"));
      assertTrue(estimate.contains("outputBytes"), estimate);
      assertTrue(!estimate.contains("refused"), estimate);
    }
    String why = Xml.text(server.get(head + encoded(vast + ", \"csv\")") + "&explain=estimate"));
    assertTrue(why.contains("refused") && why.contains("This would fit"), why);
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Test
  void anotherWordIsRefused() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.get("/ows/wcps?explain=why&query=for%20%24c%20in%20(etopo)%20return%20max(%24c)");
    assertEquals(400, answer.statusCode());
    assertTrue(Xml.text(answer).contains("expected one of estimate, plan, analyze"));
  }
}
