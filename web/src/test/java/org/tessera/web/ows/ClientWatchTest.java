package org.tessera.web.ows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClientWatchTest {
  @Test
  void readsTheEstablishedConnectionsOfIpv4() {
    String table =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
           0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
           1: 0100007F:1F90 0201A8C0:D431 01 00000000:00000000 00:00000000 00000000     0
           2: 0100007F:1F90 0201A8C0:D432 08 00000000:00000000 00:00000000 00000000     0
        """;
    assertEquals(
        List.of(new ClientWatch.Connection(8080, 54321, "C0A80102")),
        ClientWatch.open(table).toList());
  }

  @Test
  void readsMappedAddressesAsIpv4AndOthersAsIpv6() {
    String table =
        """
          sl  local_address                         remote_address                        st tx_queue
           0: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:D431 01 00000000:00000000
           1: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:D432 01 00000000:00000000
        """;
    assertEquals(
        List.of(
            new ClientWatch.Connection(8080, 54321, "7F000001"),
            new ClientWatch.Connection(8080, 54322, "00000000000000000000000000000001")),
        ClientWatch.open(table).toList());
  }
}
