package org.tessera.importer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.format.gdal.Attribute;
import org.tessera.coverage.format.gdal.GdalType;

class AttributeTextTest {
  private static String floats(Double... numbers) {
    return AttributeText.of(Attribute.of("a", GdalType.FLOAT32, List.of(numbers)));
  }

  @Test
  void severalNumbersStandInBracketsPointBelowPoint() {
    assertEquals("[0. 7.]", floats(0.0, 7.0));
    assertEquals("[0.5 7. ]", floats(0.5, 7.0));
    assertEquals("[-10.     0.25]", floats(-10.0, 0.25));
    assertEquals("[0 7]", AttributeText.of(Attribute.of("a", GdalType.INT16, List.of(0.0, 7.0))));
    assertEquals(
        "[ -1 255]", AttributeText.of(Attribute.of("a", GdalType.INT32, List.of(-1.0, 255.0))));
  }

  @Test
  void oneNumberAndTextsStandAsTheyAre() {
    assertEquals("-9999.0", floats(-9999.0));
    assertEquals("degrees", AttributeText.of(Attribute.of("units", "degrees")));
  }
}
