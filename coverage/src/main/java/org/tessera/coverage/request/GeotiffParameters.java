package org.tessera.coverage.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * The encoding parameters of the GeoTIFF extension of WCS (OGC 12-100r1): {@code
 * geotiff:compression}, {@code jpeg_quality}, {@code predictor}, {@code interleave}, {@code
 * tiling}, {@code tileheight} and {@code tilewidth}.
 */
public final class GeotiffParameters {
  /** What stands before the names in key-value pairs. */
  public static final String PREFIX = "geotiff:";

  /** The names without prefix. */
  public static final List<String> NAMES =
      List.of(
          "compression",
          "jpeg_quality",
          "predictor",
          "interleave",
          "tiling",
          "tileheight",
          "tilewidth");

  private GeotiffParameters() {}

  /**
   * The parameters as options of encode, {@code COMPRESS=JPEG;JPEG_QUALITY=80}; empty if there are
   * none.
   *
   * @param given values by name without prefix
   * @param mediaType of the answer
   * @throws OwsException {@code CompressionInvalid}, {@code JpegQualityInvalid} and the like for
   *     values that the standard does not know, {@code ...NotSupported} for those that it knows and
   *     this server does not; {@code InvalidParameterValue} if the answer is no GeoTIFF
   */
  public static Optional<String> options(Map<String, String> given, String mediaType) {
    if (given.isEmpty()) {
      return Optional.empty();
    }
    if (!mediaType.equals("image/tiff")) {
      String first = PREFIX + given.keySet().iterator().next();
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          first,
          "Parameter '" + first + "' belongs to the format image/tiff, found " + mediaType + ".");
    }
    Map<String, String> options = new LinkedHashMap<>();
    String compression = word(given, "compression").orElse("none");
    switch (compression) {
      case "none", "packbits", "lzw", "jpeg", "deflate" ->
          options.put("COMPRESS", compression.toUpperCase(Locale.ROOT));
      case "huffman" ->
          throw wrong(
              OwsErrorCode.COMPRESSION_NOT_SUPPORTED,
              "compression",
              compression,
              "None, PackBits, LZW, JPEG or Deflate");
      default ->
          throw wrong(
              OwsErrorCode.COMPRESSION_INVALID,
              "compression",
              compression,
              "None, PackBits, LZW, JPEG or Deflate");
    }
    Optional<String> quality = word(given, "jpeg_quality");
    if (quality.isPresent()) {
      int q = whole(quality.get());
      if (q < 1 || q > 100 || !compression.equals("jpeg")) {
        throw wrong(
            OwsErrorCode.JPEG_QUALITY_INVALID,
            "jpeg_quality",
            quality.get(),
            "1 to 100, with the compression JPEG");
      }
      options.put("JPEG_QUALITY", Integer.toString(q));
    }
    predictor(given, compression, options);
    word(given, "interleave")
        .ifPresent(
            i ->
                options.put(
                    "INTERLEAVE",
                    switch (i) {
                      case "pixel", "band" -> i.toUpperCase(Locale.ROOT);
                      case "line" ->
                          throw wrong(
                              OwsErrorCode.INTERLEAVING_NOT_SUPPORTED,
                              "interleave",
                              i,
                              "Pixel or Band");
                      default ->
                          throw wrong(
                              OwsErrorCode.INTERLEAVING_INVALID, "interleave", i, "Pixel or Band");
                    }));
    tiling(given, options);
    return Optional.of(
        options.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(";")));
  }

  private static void predictor(
      Map<String, String> given, String compression, Map<String, String> options) {
    Optional<String> predictor = word(given, "predictor");
    if (predictor.isEmpty()) {
      return;
    }
    String number =
        switch (predictor.get()) {
          case "none" -> "1";
          case "horizontal" -> "2";
          case "floatingpoint" -> "3";
          default ->
              throw wrong(
                  OwsErrorCode.PREDICTOR_INVALID,
                  "predictor",
                  predictor.get(),
                  "None, Horizontal or FloatingPoint");
        };
    if (!number.equals("1") && !compression.equals("lzw") && !compression.equals("deflate")) {
      throw wrong(
          OwsErrorCode.PREDICTOR_NOT_SUPPORTED,
          "predictor",
          predictor.get(),
          "None, or the compression LZW or Deflate with it");
    }
    options.put("PREDICTOR", number);
  }

  private static void tiling(Map<String, String> given, Map<String, String> options) {
    String tiling = word(given, "tiling").orElse("false");
    boolean tiled = tiling.equals("true") || tiling.equals("1");
    if (!tiled && !tiling.equals("false") && !tiling.equals("0")) {
      throw wrong(OwsErrorCode.TILING_INVALID, "tiling", tiling, "true or false");
    }
    if (tiled) {
      options.put("TILED", "YES");
    }
    for (String side : List.of("tilewidth", "tileheight")) {
      Optional<String> size = word(given, side);
      if (size.isPresent()) {
        int n = whole(size.get());
        if (!tiled || n <= 0 || n > 1 << 14 || n % 16 != 0) {
          throw wrong(
              OwsErrorCode.TILING_INVALID,
              side,
              size.get(),
              "a multiple of 16 up to 16384, with tiling=true");
        }
        options.put(side.equals("tilewidth") ? "BLOCKXSIZE" : "BLOCKYSIZE", Integer.toString(n));
      }
    }
  }

  private static Optional<String> word(Map<String, String> given, String name) {
    return Optional.ofNullable(given.get(name)).map(v -> v.strip().toLowerCase(Locale.ROOT));
  }

  /** The number, or -1. */
  private static int whole(String text) {
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
  }

  private static OwsException wrong(OwsErrorCode code, String name, String found, String expected) {
    return new OwsException(
        code, PREFIX + name, "%s%s is '%s', expected %s.".formatted(PREFIX, name, found, expected));
  }
}
