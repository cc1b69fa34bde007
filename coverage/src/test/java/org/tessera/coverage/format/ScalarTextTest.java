package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

class ScalarTextTest {
  private static String text(Cells... bands) {
    return ScalarText.format(new Tile(GridEnvelope.scalar(), Arrays.asList(bands)));
  }

  private static Cells real(double v) {
    return Cells.wrap(CellType.FLOAT64, new double[] {v}, null);
  }

  @ParameterizedTest
  @CsvSource({
    "40.03, 40.03",
    "169, 169.0",
    "0, 0.0",
    "48.54249090045894, 48.54249090045894",
    "12345678, 12345678.0",
    "NaN, NaN",
    "-9.223372036854776e18, -9.223372036854776e18",
    "0.00012, 0.00012",
  })
  void doubles_have_the_shortest_digits(double value, String expected) {
    assertEquals(expected, text(real(value)));
  }

  @Test
  void other_types() {
    assertEquals("96072", text(Cells.wrap(CellType.INT64, new long[] {96072}, null)));
    assertEquals("255", text(Cells.wrap(CellType.UINT8, new byte[] {-1}, null)));
    assertEquals("t", text(Cells.wrap(CellType.BOOLEAN, new byte[] {1}, null)));
    assertEquals("19.26362", text(Cells.wrap(CellType.FLOAT32, new float[] {19.26362f}, null)));
    assertEquals("(2,5)", text(Cells.wrap(CellType.COMPLEX128, new double[] {2, 5}, null)));
    assertEquals("{ 0.0, 169.0, 78.0 }", text(real(0), real(169), real(78)));
  }
}
