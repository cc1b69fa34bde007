package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.tessera.engine.array.CellType;

class TiffFormatTest extends CoverageFormatContract {
  @Override
  CoverageFormat format() {
    return new TiffFormat(Samples.CRS, Optional.empty());
  }

  private TIFFDirectory directory(Samples sample) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("tiff");
    ImageReader reader = readers.next();
    try (ImageInputStream in =
        ImageIO.createImageInputStream(new ByteArrayInputStream(encode(sample.request())))) {
      reader.setInput(in);
      IIOMetadata metadata = reader.getImageMetadata(0);
      return TIFFDirectory.createFromMetadata(metadata);
    } finally {
      reader.dispose();
    }
  }

  private float[] pixels(Samples sample, int band) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("tiff").next();
    try (ImageInputStream in =
        ImageIO.createImageInputStream(new ByteArrayInputStream(encode(sample.request())))) {
      reader.setInput(in);
      java.awt.image.Raster raster = reader.read(0).getRaster();
      return raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), band, (float[]) null);
    } finally {
      reader.dispose();
    }
  }

  @Test
  void cells_of_all_bands_come_back() throws IOException {
    assertArrayEquals(new float[] {0, 1, 2, 3, 4, 5}, pixels(Samples.map(CellType.UINT16), 0));
    assertArrayEquals(
        new float[] {100, 101, 102, 103, 104, 105},
        pixels(Samples.map(CellType.UINT8, CellType.UINT8, CellType.UINT8), 1));
    assertArrayEquals(
        new float[] {100.5f, 101.5f, 102.5f, 103.5f, 104.5f, 105.5f},
        pixels(Samples.map(CellType.INT16, CellType.FLOAT32), 1));
  }

  @Test
  void the_place_is_that_of_the_outer_corner() throws IOException {
    TIFFDirectory d = directory(Samples.map(CellType.INT32));
    assertArrayEquals(new double[] {1, 1, 0}, d.getTIFFField(33550).getAsDoubles());
    assertArrayEquals(new double[] {0, 0, 0, 6.5, 52.5, 0}, d.getTIFFField(33922).getAsDoubles());
    char[] keys = d.getTIFFField(34735).getAsChars();
    assertEquals(4326, keys[keys.length - 1]);
    assertEquals(2048, keys[keys.length - 4]);
  }

  @Test
  void nodata_and_metadata_are_in_the_tags_of_gdal() throws IOException {
    String file =
        text(
            Samples.map(CellType.FLOAT32)
                .nil("-9999")
                .metadata("<Title>A &amp; B</Title><slices><slice><k>1</k></slice></slices>")
                .options("{\"metadata\": {\"new\": \"x\"}}"));
    assertTrue(file.contains("-9999\0"), file);
    assertTrue(file.contains("<Item name=\"Title\">A &amp;amp; B</Item>"), file);
    assertTrue(file.contains("<Item name=\"new\">x</Item>"), file);
    assertTrue(file.contains("<Item name=\"k\">1</Item>"), file);
    assertTrue(file.contains("role=\"description\">b0</Item>"), file);
    assertTrue(
        text(Samples.map(CellType.UINT8).nil("4").options("nodata=1000,2")).contains("1000\0"));
  }

  private String text(Samples sample) {
    return new String(encode(sample.request()), StandardCharsets.ISO_8859_1);
  }

  @Test
  void complex_and_64_bit_types_have_their_own_sample_formats() throws IOException {
    byte[] bytes = encode(Samples.map(CellType.COMPLEX64).request());
    assertEquals("II", new String(bytes, 0, 2, StandardCharsets.US_ASCII));
    assertEquals(5, directory(Samples.map(CellType.CINT16)).getTIFFField(339).getAsInt(0));
    assertEquals(64, directory(Samples.map(CellType.COMPLEX64)).getTIFFField(258).getAsInt(0));
    assertEquals(2, directory(Samples.map(CellType.INT64)).getTIFFField(339).getAsInt(0));
  }

  @Test
  void a_given_place_wins() throws IOException {
    TIFFDirectory d =
        directory(
            Samples.map(CellType.UINT8)
                .options(
                    "{\"geoReference\": {\"bbox\": {\"xmin\": 10, \"ymin\": 20, \"xmax\": 40,"
                        + " \"ymax\": 50}, \"crs\": \"EPSG:4269\"}}"));
    assertArrayEquals(new double[] {10, 15, 0}, d.getTIFFField(33550).getAsDoubles());
    char[] keys = d.getTIFFField(34735).getAsChars();
    assertEquals(4269, keys[keys.length - 1]);
  }
}
