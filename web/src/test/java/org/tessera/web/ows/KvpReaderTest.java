package org.tessera.web.ows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.request.OwsRequest;

class KvpReaderTest {
  private static final String GET =
      "service=WCS&version=2.0.1&request=GetCoverage&coverageId=etopo";

  private static OwsRequest read(String encoded) {
    Parameters p = new Parameters();
    p.addEncoded(encoded);
    return KvpReader.read(p, Map.of());
  }

  private static String list(String item, int count, String separator) {
    return IntStream.range(0, count)
        .mapToObj(item::formatted)
        .collect(Collectors.joining(separator));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          &subset=  | a%d(0)        | ,
                    | &subset=a%d(0) | ''
          &scaleaxes= | a%d(2)      | ,
          &scalesize= | a%d(20)     | ,
          """)
  void asManyAxesAsACoverageMayHaveAreReadAndNoMore(String key, String item, String separator) {
    String start = GET + (key == null ? "" : key);
    assertInstanceOf(OwsRequest.GetCoverage.class, read(start + list(item, 32, separator)));
    for (int axes : new int[] {33, 1000, 1_000_000}) {
      String request = start + list(item, axes, separator);
      OwsException e =
          assertTimeout(
              Duration.ofSeconds(3), () -> assertThrows(OwsException.class, () -> read(request)));
      assertEquals(OwsErrorCode.REQUEST_TOO_LARGE, e.code());
    }
  }

  @Test
  void commasOfATextWithoutParenthesesAreNotCountedOverAndOver() {
    String request = GET + "&subset=" + "a,".repeat(1_000_000);
    assertTimeout(
        Duration.ofSeconds(3), () -> assertThrows(OwsException.class, () -> read(request)));
  }
}
