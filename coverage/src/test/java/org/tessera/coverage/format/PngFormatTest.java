package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.engine.array.CellType;

class PngFormatTest extends CoverageFormatContract {
  @Override
  CoverageFormat format() {
    return new PngFormat(Samples.CRS);
  }

  private BufferedImage picture(Samples sample) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(encode(sample.request())));
  }

  private static int[] samples(BufferedImage picture, int band) {
    Raster raster = picture.getRaster();
    return raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), band, (int[]) null);
  }

  @Test
  void one_band_is_grey_north_up() throws IOException {
    BufferedImage picture = picture(Samples.map(CellType.UINT8));
    assertEquals(3, picture.getWidth());
    assertEquals(2, picture.getHeight());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, samples(picture, 0));
  }

  @Test
  void the_first_grid_axis_runs_across_where_there_is_no_east() throws IOException {
    BufferedImage picture = picture(Samples.grid(CellType.UINT8));
    assertEquals(3, picture.getWidth());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, samples(picture, 0));
    BufferedImage transposed =
        picture(Samples.grid(CellType.UINT8).options("{\"transpose\": [0,1]}"));
    assertEquals(2, transposed.getWidth());
    assertArrayEquals(new int[] {0, 3, 1, 4, 2, 5}, samples(transposed, 0));
  }

  @Test
  void three_bands_are_rgb_and_four_rgba() throws IOException {
    BufferedImage rgb = picture(Samples.map(CellType.UINT8, CellType.UINT8, CellType.UINT8));
    assertArrayEquals(new int[] {200, 201, 202, 203, 204, 205}, samples(rgb, 2));
    BufferedImage rgba =
        picture(Samples.map(CellType.UINT8, CellType.UINT8, CellType.UINT8, CellType.INT16));
    // 300 is clamped.
    assertArrayEquals(new int[] {255, 255, 255, 255, 255, 255}, samples(rgba, 3));
  }

  @Test
  void sixteen_bits_stay_and_floats_are_rounded() throws IOException {
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4, 5}, samples(picture(Samples.map(CellType.UINT16)), 0));
    assertEquals(16, picture(Samples.map(CellType.UINT16)).getColorModel().getPixelSize());
    assertArrayEquals(
        new int[] {1, 2, 3, 4, 5, 6}, samples(picture(Samples.map(CellType.FLOAT64)), 0));
  }

  @Test
  void a_colour_map_paints_and_leaves_nulls_transparent() throws IOException {
    BufferedImage picture =
        picture(
            Samples.map(CellType.UINT8)
                .nil("5")
                .options(
                    "{\"colorMap\": {\"type\": \"ramp\", \"colorTable\": {\"1\": [0,0,0,255],"
                        + " \"3\": [100,50,0,255]}}}"));
    assertArrayEquals(new int[] {0, 0, 50, 100, 100, 0}, samples(picture, 0));
    assertArrayEquals(new int[] {255, 255, 255, 255, 255, 0}, samples(picture, 3));
  }

  @Test
  void a_palette_has_256_colours() {
    OwsException e =
        assertThrows(
            OwsException.class,
            () ->
                encode(
                    Samples.map(CellType.UINT8)
                        .options(
                            "{\"colorPalette\": {\"colorTable\": [[0,0,0,0],[0,0,0,0],[0,0,0,0]]}}")
                        .request()));
    assertEquals(OwsErrorCode.INVALID_REQUEST, e.code());
    assertEquals("ColorTable does not contain exactly 256 values. Given: 3 values", e.getMessage());
  }

  @Test
  void the_nodata_value_is_transparent() {
    Samples rgb = Samples.map(CellType.UINT8, CellType.UINT8, CellType.UINT8);
    assertEquals("tRNS 0 7 0 7 0 7", transparency(rgb.options("nodata=7,8")));
    assertEquals("tRNS 0 1 0 2 0 3", transparency(rgb.options("{\"nodata\": [1, 2, 3]}")));
    assertEquals("none", transparency(rgb.options("{\"nodata\": [100, 200, 260]}")));
    assertEquals("tRNS 0 4", transparency(Samples.map(CellType.UINT8).nil("4")));
    assertEquals("none", transparency(Samples.map(CellType.INT16).nil("-9999")));
  }

  private String transparency(Samples sample) {
    byte[] png = encode(sample.request());
    String text = new String(png, java.nio.charset.StandardCharsets.ISO_8859_1);
    int at = text.indexOf("tRNS");
    if (at < 0) {
      return "none";
    }
    StringBuilder found = new StringBuilder("tRNS");
    for (int i = 0; i < png[at - 1]; i++) {
      found.append(' ').append(png[at + 4 + i]);
    }
    return found.toString();
  }

  @Test
  void more_than_two_dimensions_and_none_are_refused() {
    for (Samples sample :
        java.util.List.of(Samples.cube(CellType.UINT8, 2, 2, 2), Samples.scalar(CellType.UINT8))) {
      OwsException e = assertThrows(OwsException.class, () -> encode(sample.request()));
      assertEquals(OwsErrorCode.INVALID_REQUEST, e.code());
    }
  }
}
