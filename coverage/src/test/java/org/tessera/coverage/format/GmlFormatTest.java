package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.gml.GmlFormat;
import org.tessera.coverage.gml.GmlStyle;
import org.tessera.engine.array.CellType;
import org.tessera.schemas.OgcSchemas;

class GmlFormatTest extends CoverageFormatContract {
  @Override
  CoverageFormat format() {
    return new GmlFormat(GmlStyle.standard(new CrsResolver()));
  }

  private String xml(Samples sample) {
    return new String(encode(sample.request()), StandardCharsets.UTF_8);
  }

  private String tuples(Samples sample) {
    String xml = xml(sample);
    assertEquals(List.of(), OgcSchemas.faults(xml), () -> xml);
    return xml.replaceFirst("(?s).*<gml:tupleList[^>]*>", "")
        .replaceFirst("(?s)</gml:tupleList>.*", "");
  }

  @Test
  void tuples_come_in_grid_order_whatever_the_array_order() {
    assertEquals("0,3,1,4,2,5", tuples(Samples.grid(CellType.INT32)));
    assertEquals(
        "0 100.5,1 101.5,2 102.5,3 103.5,4 104.5,5 105.5",
        tuples(Samples.map(CellType.UINT8, CellType.FLOAT32)));
  }

  @Test
  void a_long_list_is_written_whole() {
    String xml = tuples(Samples.cube(CellType.INT32, 100, 1000));
    assertTrue(xml.startsWith("0,1,2,"));
    assertTrue(xml.endsWith(",99998,99999"));
  }

  @Test
  void a_general_grid_has_a_value_element_for_each_tuple() {
    String xml =
        xml(Samples.map(CellType.UINT8, CellType.INT16).options("outputType=GeneralGridCoverage"));
    assertTrue(
        xml.contains("<gml:DataBlock><cis11:V>0 100</cis11:V><cis11:V>1 101</cis11:V>"), () -> xml);
    assertTrue(
        xml.contains(
            "<cis11:RegularAxis axisLabel=\"Lat\" uomLabel=\"degree\" lowerBound=\"50.5\""
                + " upperBound=\"52.5\" resolution=\"-1\"></cis11:RegularAxis>"),
        () -> xml);
    assertTrue(
        xml.contains("<cis11:IndexAxis axisLabel=\"j\" lowerBound=\"0\" upperBound=\"2\">"),
        () -> xml);
  }

  @Test
  void another_output_type_is_refused() {
    OwsException e =
        assertThrows(
            OwsException.class,
            () -> format().prepare(Samples.map(CellType.UINT8).options("outputType=x").request()));
    assertEquals(OwsErrorCode.INVALID_REQUEST, e.code());
  }
}
