package org.tessera.ejb.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.CellType;

class StateTextTest {
  private static Coverage coverage(List<BigDecimal> times) {
    List<Axis> axes =
        List.of(
            new Axis.IrregularAxis("t", "d", "crs/t", -3, 0, times),
            new Axis.RegularAxis(
                "Lat", "degree", "crs/xy", 0, 9, 2, new BigDecimal("89.50"), new BigDecimal("-1")),
            new Axis.IndexAxis("i", "GridSpacing", "crs/i", -1, 5, 1));
    List<RangeField> fields =
        List.of(
            new RangeField(
                "a",
                CellType.INT16,
                "Müßig",
                "two\nlines\tand a tab",
                "def",
                "K",
                List.of(new NilValue("-1:0", "why"), new NilValue("NaN", ""))),
            new RangeField("b", CellType.COMPLEX128, "", "", "", "10^0", List.of()));
    return new Coverage(
        "c",
        new DomainSet("crs", axes, List.of("Lat", "i", "t")),
        fields,
        "<a>\n</a>",
        "image/tiff",
        "key");
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    Coverage coverage =
        coverage(
            List.of(new BigDecimal("148654"), new BigDecimal("148654.50"), new BigDecimal("2E+5")));
    assertEquals(coverage, StateText.read(StateText.write(coverage), "c", "key"));
  }

  @Test
  void oneMillionEquallySpacedPointsTakeLittle() {
    List<BigDecimal> points = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      points.add(BigDecimal.valueOf(1_200_000_000L + 600L * i));
    }
    int length = StateText.write(coverage(points)).length();
    assertTrue(length < 100_000, "characters: " + length);
  }

  @Test
  void equalStatesHaveEqualDigests() {
    String one = StateText.write(coverage(List.of(BigDecimal.ONE)));
    String same = StateText.write(coverage(List.of(BigDecimal.ONE)));
    String other = StateText.write(coverage(List.of(BigDecimal.TWO)));
    assertEquals(StateText.digest(one), StateText.digest(same));
    assertTrue(!StateText.digest(one).equals(StateText.digest(other)));
  }
}
