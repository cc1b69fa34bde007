package org.tessera.ejb.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.CoordinateChunk;
import org.tessera.coverage.model.Coordinates;
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

  /** With all coordinates in it. */
  private static String write(Coverage coverage) {
    return StateText.write(coverage, Arrays.asList(null, null, null));
  }

  @Test
  void coordinatesThatAreRowsOfTheirOwnAreNotRepeated() {
    List<BigDecimal> points = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      points.add(BigDecimal.valueOf(31L * i * i));
    }
    Coverage coverage = coverage(points);
    List<CoordinateChunk> chunks = Coordinates.copyOf(points).chunks();
    assertEquals(3, chunks.size());
    String text = StateText.write(coverage, Arrays.asList("7 9", null, null));
    assertTrue(text.length() < write(coverage).length() / 3, "all coordinates are in it");
    Map<String, List<CoordinateChunk>> rows = Map.of("7 9", chunks.subList(0, 2), "", List.of());
    assertEquals(coverage, StateText.read(text, "c", "key", rows::get));
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    Coverage coverage =
        coverage(
            List.of(new BigDecimal("148654"), new BigDecimal("148654.50"), new BigDecimal("2E+5")));
    assertEquals(coverage, StateText.read(write(coverage), "c", "key", ids -> List.of()));
  }

  @Test
  void oneMillionEquallySpacedPointsTakeLittle() {
    List<BigDecimal> points = new ArrayList<>();
    for (int i = 0; i < 1_000_000; i++) {
      points.add(BigDecimal.valueOf(1_200_000_000L + 600L * i));
    }
    int length = write(coverage(points)).length();
    assertTrue(length < 100_000, "characters: " + length);
  }

  @Test
  void equalStatesHaveEqualDigests() {
    String one = write(coverage(List.of(BigDecimal.ONE)));
    String same = write(coverage(List.of(BigDecimal.ONE)));
    String other = write(coverage(List.of(BigDecimal.TWO)));
    assertEquals(StateText.digest(one), StateText.digest(same));
    assertTrue(!StateText.digest(one).equals(StateText.digest(other)));
  }
}
