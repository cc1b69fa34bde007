package org.tessera.web.ows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.engine.array.CellType;

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
  void aDescriptionForAnImageFormatIsInTheOrderOfImages() {
    String describe = "service=WCS&version=2.0.1&request=DescribeCoverage&coverageId=a";
    assertEquals(
        new OwsRequest.DescribeCoverage("2.0.1", List.of("a"), false, false), read(describe));
    // As GDAL 3.6 asks.
    assertEquals(
        new OwsRequest.DescribeCoverage("2.0.1", List.of("a"), false, true),
        read(describe + "&FORMAT=text/xml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          &acceptFormats=text/xml                             | text/xml
          &acceptFormats=application/xml;charset=utf-8        | application/xml
          &acceptFormats=application/json,application/xml     | application/xml
          &acceptFormats=application/json                     | text/xml
          &acceptLanguages=de-AT,fr,*                         | text/xml
          """)
  void capabilitiesComeInTheFirstFormatThatThereIs(String more, String mediaType) {
    assertEquals(
        new OwsRequest.GetCapabilities("2.0.1", List.of(), Optional.empty(), mediaType),
        read("service=WCS&request=GetCapabilities" + more));
  }

  @Test
  void wrongLanguagesAndTypesAreRefused() {
    OwsException e =
        assertThrows(
            OwsException.class,
            () -> read("service=WCS&request=GetCapabilities&acceptLanguages=plain english"));
    assertEquals(OwsErrorCode.INVALID_PARAMETER_VALUE, e.code());
    String insert = "service=WCS&version=2.0.1&request=InsertCoverage&coverage=x&pixelDataType=";
    OwsException type = assertThrows(OwsException.class, () -> read(insert + "Flaot32"));
    assertEquals("pixelDataType", type.locator().orElseThrow());
    assertEquals(
        List.of(CellType.UINT8, CellType.FLOAT32),
        assertInstanceOf(OwsRequest.InsertCoverage.class, read(insert + "Byte,Float32"))
            .pixelDataTypes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a+b%20c%2Bd | a b c+d
          %C3%A4ä%E2%82%AC | ää€
          %41 | A
          plain | plain
          """)
  void valuesAreDecoded(String encoded, String text) {
    Parameters p = new Parameters();
    p.addEncoded("k=" + encoded);
    assertEquals(text, p.required("K"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100%", "%4", "%zz", "%-1"})
  void wrongEncodingIsRefused(String encoded) {
    Parameters p = new Parameters();
    OwsException e = assertThrows(OwsException.class, () -> p.addEncoded("k=" + encoded));
    assertEquals(OwsErrorCode.INVALID_REQUEST, e.code());
  }

  @Test
  void commasOfATextWithoutParenthesesAreNotCountedOverAndOver() {
    String request = GET + "&subset=" + "a,".repeat(1_000_000);
    assertTimeout(
        Duration.ofSeconds(3), () -> assertThrows(OwsException.class, () -> read(request)));
  }
}
