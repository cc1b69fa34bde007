package org.tessera.ejb.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

class QueryGateTest {
  @Test
  void whoFindsNoPlaceInTimeIsToldSo() {
    QueryGate gate = new QueryGate(1, Duration.ofMillis(20));
    gate.enter();
    OwsException e = assertThrows(OwsException.class, gate::enter);
    assertEquals(OwsErrorCode.SERVICE_UNAVAILABLE, e.code());
    gate.leave();
    gate.enter();
  }

  @Test
  void manyWaitingAreNotJoined() throws InterruptedException {
    QueryGate gate = new QueryGate(1, Duration.ofSeconds(20));
    gate.enter();
    for (int i = 0; i < 5; i++) {
      Thread.ofVirtual().start(gate::enter);
    }
    long deadline = System.nanoTime() + 10_000_000_000L;
    OwsException found = null;
    while (found == null && System.nanoTime() < deadline) {
      Thread.sleep(10);
      QueryGate full = gate;
      if (full.waiting() == 5) {
        found = assertThrows(OwsException.class, full::enter);
      }
    }
    assertEquals(OwsErrorCode.SERVICE_UNAVAILABLE, found.code());
  }
}
