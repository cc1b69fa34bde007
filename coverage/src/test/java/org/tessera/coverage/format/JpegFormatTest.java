package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.tessera.engine.array.CellType;

class JpegFormatTest extends GdalFormatContract {
  @Override
  CoverageFormat format() {
    return named("jpeg");
  }

  @Test
  void pictures_have_eight_bits() throws IOException {
    BufferedImage rgb = ImageIO.read(new ByteArrayInputStream(encode(rgb().request())));
    assertEquals(3, rgb.getWidth());
    assertEquals(3, rgb.getRaster().getNumBands());
    BufferedImage grey =
        ImageIO.read(
            new ByteArrayInputStream(encode(Samples.map(CellType.FLOAT64).nil("3").request())));
    assertEquals(1, grey.getRaster().getNumBands());
    assertEquals(3, grey.getRaster().getSample(2, 0, 0), 2);
  }
}
