package org.tessera.coverage.format;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.json.Json;

/** Colour palettes: a colour for each value of an 8-bit band. */
final class Palettes {
  private Palettes() {}

  /**
   * The colours (red, green, blue, alpha; 0 to 255) of the option {@code colorPalette.colorTable},
   * else of the coverage's metadata item {@code colorPaletteTable}; empty if there is neither.
   *
   * @throws OwsException {@code InvalidRequest} if the option holds something else than colours
   */
  static List<int[]> of(EncodeRequest request, EncodeOptions options) {
    Object table = options.object("colorpalette").get("colorTable");
    if (table != null) {
      return colours(table);
    }
    String text =
        CoverageMetadata.of(request.metadata(), EncodeOptions.parse(""))
            .global()
            .get("colorPaletteTable");
    if (text == null) {
      return List.of();
    }
    try {
      return Json.parse(text) instanceof Map<?, ?> m && m.get("colorTable") != null
          ? colours(m.get("colorTable"))
          : List.of();
    } catch (IllegalArgumentException e) {
      // A palette of another program's form is no palette for pictures.
      return List.of();
    }
  }

  /** The 256 colours of {@link #of}, or none. */
  static List<int[]> full(EncodeRequest request, EncodeOptions options) {
    List<int[]> colours = of(request, options);
    if (!colours.isEmpty() && colours.size() != 256) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "ColorTable does not contain exactly 256 values. Given: " + colours.size() + " values");
    }
    return colours;
  }

  private static List<int[]> colours(Object table) {
    List<int[]> colours = new ArrayList<>();
    if (table instanceof List<?> list) {
      for (Object entry : list) {
        colours.add(colour(entry));
      }
    }
    return colours;
  }

  static int[] colour(Object entry) {
    int[] rgba = {0, 0, 0, 255};
    if (entry instanceof List<?> parts && parts.size() >= 3 && parts.size() <= 4) {
      for (int i = 0; i < parts.size(); i++) {
        if (!(parts.get(i) instanceof BigDecimal number)) {
          throw wrong(entry);
        }
        rgba[i] = Math.clamp(number.intValue(), 0, 255);
      }
      return rgba;
    }
    throw wrong(entry);
  }

  private static OwsException wrong(Object entry) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        "colorTable",
        "'" + entry + "' is no colour of the form [red, green, blue, alpha]");
  }
}
