package org.tessera.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that goes away frees its processors within a second. */
@ExtendWith(TesseraServer.Provider.class)
@Tag("any-server")
class ClientGoneIT {
  /** Minutes of work on any machine, and no byte of an answer before its end. */
  private static final String LONG =
      "for $c in (etopo) return condense %2B over $x x(0:99999), $y y(0:999999)"
          + " using sin($x * 0.001) * cos($y * 0.002)";

  private final TesseraServer server;

  ClientGoneIT(TesseraServer server) {
    this.server = server;
  }

  @Test
  void aQueryWhoseClientHasGoneEnds() throws IOException, InterruptedException {
    server.needDemo();
    untilItRests();
    try (Socket socket = new Socket("localhost", server.url().getPort())) {
      String request =
          "GET /rasdaman/ows/wcps?query="
              + LONG.replace(" ", "%20").replace("$", "%24")
              + " HTTP/1.1\r\nHost: localhost:"
              + server.url().getPort()
              + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      Thread.sleep(2_000);
      Duration busy = processorTimeOfASecond();
      assertTrue(busy.toMillis() > 200, "the query computes: " + busy);
    }
    Thread.sleep(1_000);
    Duration after = processorTimeOfASecond();
    assertTrue(after.toMillis() < 200, "after the client has gone: " + after);
  }

  /** After its first requests the server warms up for a while, which is no client's work. */
  private void untilItRests() throws IOException, InterruptedException {
    int seconds = 0;
    while (processorTimeOfASecond().toMillis() > 50) {
      assertTrue(++seconds < 180, "the server never rests");
    }
  }

  private Duration processorTimeOfASecond() throws IOException, InterruptedException {
    Duration before = server.process().info().totalCpuDuration().orElseThrow();
    Thread.sleep(1_000);
    return server.process().info().totalCpuDuration().orElseThrow().minus(before);
  }
}
