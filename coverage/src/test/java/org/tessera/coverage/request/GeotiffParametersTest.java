package org.tessera.coverage.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.OwsException;

class GeotiffParametersTest {
  private static Map<String, String> given(String text) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String pair : text.split(" ")) {
      given.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return given;
  }

  @ParameterizedTest
  @CsvSource({
    "compression=None, COMPRESS=NONE",
    "compression=PackBits, COMPRESS=PACKBITS",
    "compression=JPEG jpeg_quality=75, COMPRESS=JPEG;JPEG_QUALITY=75",
    "compression=Deflate predictor=FloatingPoint, COMPRESS=DEFLATE;PREDICTOR=3",
    "compression=LZW predictor=Horizontal interleave=Band,"
        + " COMPRESS=LZW;PREDICTOR=2;INTERLEAVE=BAND",
    "tiling=true tileheight=128 tilewidth=64,"
        + " COMPRESS=NONE;TILED=YES;BLOCKXSIZE=64;BLOCKYSIZE=128",
  })
  void become_options_of_encode(String parameters, String options) {
    assertEquals(Optional.of(options), GeotiffParameters.options(given(parameters), "image/tiff"));
  }

  @ParameterizedTest
  @CsvSource({
    "compression=Zip, CompressionInvalid, geotiff:compression",
    "compression=Huffman, CompressionNotSupported, geotiff:compression",
    "compression=JPEG jpeg_quality=101, JpegQualityInvalid, geotiff:jpeg_quality",
    "jpeg_quality=50, JpegQualityInvalid, geotiff:jpeg_quality",
    "compression=LZW predictor=Vertical, PredictorInvalid, geotiff:predictor",
    "compression=JPEG predictor=Horizontal, PredictorNotSupported, geotiff:predictor",
    "interleave=Line, InterleavingNotSupported, geotiff:interleave",
    "interleave=Row, InterleavingInvalid, geotiff:interleave",
    "tiling=maybe, TilingInvalid, geotiff:tiling",
    "tiling=true tilewidth=100, TilingInvalid, geotiff:tilewidth",
    "tileheight=64, TilingInvalid, geotiff:tileheight",
  })
  void what_the_standard_does_not_know_is_refused(String parameters, String code, String locator) {
    OwsException e =
        assertThrows(
            OwsException.class, () -> GeotiffParameters.options(given(parameters), "image/tiff"));
    assertEquals(code, e.code().code());
    assertEquals(Optional.of(locator), e.locator());
  }

  @ParameterizedTest
  @CsvSource({"image/png", "application/netcdf"})
  void belong_to_one_format(String mediaType) {
    OwsException e =
        assertThrows(
            OwsException.class,
            () -> GeotiffParameters.options(given("compression=LZW"), mediaType));
    assertEquals("InvalidParameterValue", e.code().code());
  }
}
