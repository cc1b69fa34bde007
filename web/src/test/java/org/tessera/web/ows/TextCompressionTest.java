package org.tessera.web.ows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextCompressionTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      delimiter = '|',
      value = {
        "gzip | true",
        "gzip, deflate, br | true",
        "deflate, GZIP;q=0.5 | true",
        "deflate | false",
        "gzip;q=0 | false",
        "gzip; q=0.0, * | false",
        "* | true",
        "*;q=0 | false",
        "identity | false",
        "'' | false",
      })
  void gzipIsForThoseWhoTakeIt(String header, boolean accepted) {
    assertEquals(accepted, TextCompression.accepts(header));
  }

  @ParameterizedTest
  @CsvSource({
    "text/xml;charset=UTF-8, true",
    "text/csv, true",
    "application/gml+xml, true",
    "application/json, true",
    "image/svg+xml, true",
    "image/tiff, false",
    "image/png, false",
    "application/netcdf, false",
    "multipart/related; boundary=x, false",
  })
  void onlyTextIsCompressed(String mediaType, boolean text) {
    assertEquals(text, TextCompression.isText(mediaType));
  }
}
