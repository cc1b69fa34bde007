package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.tessera.engine.array.CellType;

class CsvFormatTest extends CoverageFormatContract {
  @Override
  CoverageFormat format() {
    return NestedTextFormat.csv(Samples.CRS);
  }

  private String text(Samples sample) {
    return new String(encode(sample.request()), StandardCharsets.UTF_8);
  }

  @Test
  void rows_have_braces_and_the_whole_has_none() {
    assertEquals("{0,1,2},{3,4,5}", text(Samples.map(CellType.INT16)));
  }

  @Test
  void cells_come_in_grid_order_whatever_the_array_order() {
    assertEquals("{0,3},{1,4},{2,5}", text(Samples.grid(CellType.INT32)));
  }

  @Test
  void braces_nest_by_dimension() {
    assertEquals("0,1,2", text(Samples.cube(CellType.UINT8, 3)));
    assertEquals("{{0,1},{2,3}},{{4,5},{6,7}}", text(Samples.cube(CellType.UINT8, 2, 2, 2)));
    assertEquals("{{0}},{{1}}", text(Samples.cube(CellType.UINT8, 2, 1, 1)));
  }

  @Test
  void several_bands_are_one_quoted_text() {
    assertEquals(
        "\"0 100 200\"", text(Samples.scalar(CellType.UINT8, CellType.INT16, CellType.INT32)));
    assertEquals(
        "{\"0 100.5\",\"1 101.5\",\"2 102.5\"},{\"3 103.5\",\"4 104.5\",\"5 105.5\"}",
        text(Samples.map(CellType.UINT8, CellType.FLOAT32)));
  }

  @Test
  void booleans_are_t_and_f_and_complex_numbers_pairs() {
    assertEquals("{f,t,f},{t,f,t}", text(Samples.map(CellType.BOOLEAN)));
    assertEquals("(0.5,0),(1.5,0)", text(Samples.cube(CellType.COMPLEX64, 2)));
  }

  @Test
  void options_change_order_nulls_and_words() {
    Samples sample = Samples.map(CellType.INT16).nil("4");
    assertEquals("{0,1,2},{3,4,5}", text(sample));
    assertEquals(
        "{0,1,2},{3,NA,5}", text(sample.options("{\"enableNull\": true, \"nullValue\": \"NA\"}")));
    assertEquals("{0,3},{1,4},{2,5}", text(sample.options("order=inner_outer")));
    assertEquals(
        "[[0;1;2];[3;4;5]]",
        text(
            sample.options(
                "{\"outerDelimiters\": \"true\", \"dimensionStart\": \"[\", \"dimensionEnd\":"
                    + " \"]\", \"dimensionSeparator\": \";\", \"elementSeparator\": \";\"}")));
    assertEquals(
        "{0,1,0},{1,0,1}",
        text(
            Samples.map(CellType.BOOLEAN)
                .options("{\"trueValue\": \"1\", \"falseValue\": \"0\"}")));
  }
}
