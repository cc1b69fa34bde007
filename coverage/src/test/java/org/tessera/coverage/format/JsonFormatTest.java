package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.tessera.engine.array.CellType;

class JsonFormatTest extends CoverageFormatContract {
  @Override
  CoverageFormat format() {
    return NestedTextFormat.json(Samples.CRS);
  }

  private String text(Samples sample) {
    return new String(encode(sample.request()), StandardCharsets.UTF_8);
  }

  @Test
  void arrays_nest_by_dimension_in_grid_order() {
    assertEquals("7", text(Samples.scalar(CellType.UINT8)).replace("0", "7"));
    assertEquals("[0,1]", text(Samples.cube(CellType.UINT8, 2)));
    assertEquals("[[0,3],[1,4],[2,5]]", text(Samples.grid(CellType.UINT8)));
    assertEquals("[[[0],[1]]]", text(Samples.cube(CellType.UINT8, 1, 2, 1)));
  }

  @Test
  void booleans_are_those_of_json_and_several_bands_a_text() {
    assertEquals("[false,true]", text(Samples.cube(CellType.BOOLEAN, 2)));
    assertEquals("\"0.5 100\"", text(Samples.scalar(CellType.FLOAT64, CellType.INT64)));
  }
}
