package org.tessera.web.ows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.ejb.service.Answer;

class SoapTest {
  private static String body(String mediaType, String... pieces) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Soap.answer(
            new Answer(
                mediaType,
                Optional.of("a"),
                o -> {
                  for (String piece : pieces) {
                    o.write(piece.getBytes(StandardCharsets.UTF_8));
                  }
                }))
        .body()
        .write(out);
    return out.toString(StandardCharsets.UTF_8)
        .replaceFirst("(?s).*<soap:Body>", "")
        .replaceFirst("</soap:Body></soap:Envelope>$", "");
  }

  @Test
  void xmlStandsInTheBodyWithoutItsDeclaration() throws IOException {
    assertEquals("<a>b</a>", body("text/xml", "<", "?xml version='1.0'", "?>", "<a>b</a>"));
    assertEquals("<a>b</a>", body("application/gml+xml;charset=UTF-8", "<a>", "b</a>"));
  }

  @Test
  void otherBytesAreBase64() throws IOException {
    assertEquals(
        "<wcs:Coverage xmlns:wcs=\"http://www.opengis.net/wcs/2.0\" contentType=\"image/png\">YWJjZA==</wcs:Coverage>",
        body("image/png", "a", "bcd"));
  }

  @Test
  void faultsCarryTheExceptionReport() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Soap.fault(new OwsException(OwsErrorCode.NO_SUCH_COVERAGE, "x", "No <x>."), out);
    String xml = out.toString(StandardCharsets.UTF_8);
    assertTrue(xml.contains("<soap:Value>soap:Sender</soap:Value>"), xml);
    assertTrue(xml.contains("<soap:Detail><ows:ExceptionReport "), xml);
    assertTrue(xml.contains("exceptionCode=\"NoSuchCoverage\""), xml);
    assertTrue(Soap.isEnvelope(xml));
  }
}
