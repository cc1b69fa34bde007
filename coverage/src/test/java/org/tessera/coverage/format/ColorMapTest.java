package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/**
 * The colours that PNG writes one by one and those that other formats have computed are the same.
 */
class ColorMapTest {
  private static final double[] VALUES = {-5, 0, 1, 9.5, 10, 15, 19.99, 20, 99, Double.NaN, 7};
  private static final String TABLE =
      "\"colorTable\": {\"0\": [0, 0, 255, 0], \"10\": [255, 10, 0, 255], \"20\": [7, 8, 9]}";
  private static final String INDEX = "http://www.opengis.net/def/crs/OGC/0/Index1D";

  private static Cells cells() {
    // The last one is null.
    return Cells.wrap(CellType.FLOAT64, VALUES, new long[] {1L << (VALUES.length - 1)});
  }

  private static ColorMap map(String type) {
    return ColorMap.of(
            EncodeOptions.parse("{\"colorMap\": {\"type\": \"" + type + "\", " + TABLE + "}}"))
        .orElseThrow();
  }

  private static List<Integer> computed(ColorMap map, int bands) {
    GridEnvelope box = GridEnvelope.ofSize(VALUES.length);
    ArrayType type = new ArrayType(box, List.of(new Band(CellType.FLOAT64)));
    try (Evaluator evaluator = Evaluators.create(1, false)) {
      EncodeRequest request =
          map.coloured(
              new EncodeRequest(
                  "c",
                  new DomainSet(
                      INDEX,
                      List.of(
                          new Axis.IndexAxis("i", "GridSpacing", INDEX, 0, VALUES.length - 1, 0)),
                      List.of("i")),
                  List.of(new RangeField("v", CellType.FLOAT64, "", "", "", "10^0", List.of())),
                  "",
                  new ArrayExpr.Constant(type, new Tile(box, List.of(cells()))),
                  evaluator,
                  Limits.NONE,
                  ""),
              bands);
      assertEquals(bands, request.range().size());
      Tile tile = evaluator.prepare(request.cells(), Limits.NONE).read(box);
      List<Integer> all = new ArrayList<>();
      for (int i = 0; i < VALUES.length; i++) {
        for (int b = 0; b < bands; b++) {
          all.add((int) tile.band(b).getLong(i));
        }
      }
      return all;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"values", "intervals", "ramp"})
  void expressionsMakeTheSameColours(String type) {
    byte[] written = new byte[4 * VALUES.length];
    map(type).colours(cells(), 0, VALUES.length, written, 0);
    List<Integer> expected = new ArrayList<>();
    for (byte b : written) {
      expected.add(Byte.toUnsignedInt(b));
    }
    assertEquals(expected, computed(map(type), 4));
  }

  @Test
  void aRampIsLinearBetweenItsColours() {
    List<Integer> rgb = computed(map("ramp"), 3);
    assertEquals(List.of(0, 0, 255), rgb.subList(0, 3));
    assertEquals(List.of(26, 1, 230), rgb.subList(6, 9));
    assertEquals(List.of(131, 9, 5), rgb.subList(15, 18));
    assertEquals(List.of(0, 0, 0), rgb.subList(30, 33));
  }
}
