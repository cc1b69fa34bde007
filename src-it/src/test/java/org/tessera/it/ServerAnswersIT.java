package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
class ServerAnswersIT {
  private final TesseraServer server;

  ServerAnswersIT(TesseraServer server) {
    this.server = server;
  }

  @Test
  void capabilitiesAreWellFormedAndNameTheirVersion() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        server.ows("service=WCS", "version=2.0.1", "request=GetCapabilities");
    assertEquals(200, answer.statusCode());
    Xml xml = Xml.of(answer);
    assertEquals("Capabilities", xml.root());
    assertEquals("2.0.1", xml.document().getDocumentElement().getAttribute("version"));
  }

  @Test
  void queryThatTouchesNoCoverageIsAnswered() throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = server.wcps("for $c in (nothing_of_this_name) return 1");
    assertEquals(404, answer.statusCode());
    assertEquals("ExceptionReport", Xml.of(answer).root());
  }

  @Test
  void statusSaysThatItAnswers() throws IOException {
    assertEquals(0, server.tessera("status", List.of(), Duration.ofSeconds(30)).exit());
  }

  @Test
  void upSaysThatItRunsAlready() throws IOException {
    TesseraServer.Output output =
        server.tessera("up", List.of("--no-build", "--no-demo"), Duration.ofSeconds(30));
    assertEquals(0, output.exit(), output.text());
    assertEquals(true, output.text().startsWith("Already running"), output.text());
  }
}
