package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** RFC 9110 8.4.1, 12.5.3. */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
class CompressionIT {
  private static final String ID = "compressed";

  /** 20,000 numbers; none of them is a coverage's. */
  private static final String NUMBERS =
      "for $c in (%s) return encode(coverage n over $i i(0:19), $j j(0:999) values $i * $j, \"%s\")";

  private final TesseraServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  CompressionIT(TesseraServer server) {
    this.server = server;
  }

  private HttpResponse<byte[]> ask(String parameters, String accepted)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/ows?service=WCS&" + parameters));
    if (!accepted.isEmpty()) {
      request.header("Accept-Encoding", accepted);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static Optional<String> coding(HttpResponse<?> answer) {
    return answer.headers().firstValue("Content-Encoding");
  }

  private static byte[] unpacked(HttpResponse<byte[]> answer) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      return in.readAllBytes();
    }
  }

  private String numbers(String format) throws IOException, InterruptedException {
    Cubes.insert(server, ID + " i=0..3 : 1 2 3 4");
    return "version=2.0.1&request=ProcessCoverages&query="
        + URLEncoder.encode(NUMBERS.formatted(ID, format), StandardCharsets.UTF_8);
  }

  @Test
  void capabilitiesAndTextsAreCompressedForThoseWhoTakeIt()
      throws IOException, InterruptedException {
    for (String question :
        new String[] {
          "version=2.0.1&request=GetCapabilities", numbers("text/csv"), numbers("application/json")
        }) {
      HttpResponse<byte[]> plain = ask(question, "");
      HttpResponse<byte[]> packed = ask(question, "gzip, deflate");
      assertEquals(200, plain.statusCode(), question);
      assertEquals(Optional.empty(), coding(plain), question);
      assertEquals(Optional.of("gzip"), coding(packed), question);
      assertEquals(Optional.of("Accept-Encoding"), plain.headers().firstValue("Vary"), question);
      assertEquals(Optional.of("Accept-Encoding"), packed.headers().firstValue("Vary"), question);
      assertArrayEquals(plain.body(), unpacked(packed), question);
      assertTrue(packed.body().length * 2 < plain.body().length, question);
    }
  }

  @AfterAll
  static void delete(TesseraServer server) throws IOException, InterruptedException {
    server.ows("service=WCS", "version=2.0.1", "request=DeleteCoverage", "coverageId=" + ID);
  }

  @Test
  void filesShortTextsAndReportsOfErrorsStayAsTheyAre() throws IOException, InterruptedException {
    HttpResponse<byte[]> file = ask(numbers("image/tiff"), "gzip");
    assertEquals(200, file.statusCode());
    assertEquals(Optional.empty(), coding(file));
    HttpResponse<byte[]> error =
        ask("version=2.0.1&request=DescribeCoverage&coverageId=no", "gzip");
    assertEquals(404, error.statusCode());
    assertEquals(Optional.empty(), coding(error));
    assertEquals("ExceptionReport", Xml.of(error).root());
    HttpResponse<byte[]> refused = ask("version=2.0.1&request=GetCapabilities", "gzip;q=0");
    assertEquals(Optional.empty(), coding(refused));
  }
}
