package org.tessera.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.algebra.Explain;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;

class EvaluatorTest {
  private final Evaluator evaluator = Evaluators.create(2, true);

  @AfterEach
  void close() {
    evaluator.close();
  }

  private static ArrayExpr line(CellType type, NullSet nulls, double... values) {
    return new ArrayExpr.ArrayRef(
        TestArray.of(type, nulls, GridEnvelope.ofSize(values.length), values));
  }

  private static ArrayExpr line(CellType type, double... values) {
    return line(type, NullSet.NONE, values);
  }

  private static ArrayExpr apply(String f, ArrayExpr... operands) {
    return ArrayExpr.Induce.of(CellFunctions.get(f, operands.length), operands);
  }

  /** Type and cells as text; null cells in brackets. */
  private String text(ArrayExpr e) {
    Tile t = evaluator.prepare(e, Limits.NONE).read(e.type().domain());
    StringBuilder text = new StringBuilder();
    for (Cells c : t.bands()) {
      text.append(text.isEmpty() ? "" : "; ").append(c.type());
      for (int i = 0; i < c.length(); i++) {
        String v = c.type().isFloat() ? "" + c.getDouble(i) : "" + c.getLong(i);
        text.append(' ').append(c.isNull(i) ? "[" + v + "]" : v);
      }
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          +       | UINT8  | 200   | UINT8   | 100  | UINT16 300
          -       | UINT8  | 100   | UINT8   | 200  | INT16 -100
          *       | UINT16 | 65535 | UINT16  | 65535| UINT32 4294836225
          +       | INT32  | 2147483647 | INT32 | 1 | INT32 2147483647
          *       | INT16  | 300   | INT32   | 300  | INT32 90000
          -       | UINT32 | 1     | UINT32  | 2    | INT64 -1
          /       | UINT8  | 1     | UINT8   | 4    | FLOAT32 0.25
          /       | UINT16 | 1     | INT32   | 4    | FLOAT64 0.25
          /       | INT16  | 1     | INT16   | 0    | FLOAT32 Infinity
          *       | FLOAT32| 0.5   | FLOAT32 | 0.5  | FLOAT32 0.25
          *       | FLOAT32| 0.5   | INT32   | 2    | FLOAT64 1.0
          >       | INT16  | 5     | INT32   | 4    | BOOLEAN 1
          mod     | INT16  | -7    | INT16   | 3    | INT16 -1
          div     | INT16  | 7     | INT16   | 0    | INT16 0
          max     | UINT8  | 3     | INT16   | -3   | INT16 3
          bit     | UINT8  | 5     | INT32   | 2    | BOOLEAN 1
          pow     | UINT8  | 2     | FLOAT64 | 0.5  | FLOAT64 1.4142135623730951
          overlay | UINT8  | 0     | UINT8   | 7    | UINT8 7
          """)
  void functionsOfTwoCells(String f, CellType a, double x, CellType b, double y, String expected) {
    assertEquals(expected, text(apply(f, line(a, x), line(b, y))));
    assertEquals(expected, text(apply(f, line(a, x), ArrayExpr.scalar(b, y))));
    assertEquals(expected, text(apply(f, ArrayExpr.scalar(a, x), ArrayExpr.scalar(b, y))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          count   | INT64 3
          some    | BOOLEAN 1
          all     | BOOLEAN 0
          sum     | INT64 6
          product | INT64 0
          avg     | FLOAT64 1.5
          min     | INT16 0
          max     | INT16 3
          var_pop | FLOAT64 1.25
          var_samp | FLOAT64 1.6666666666666667
          stddev_pop | FLOAT64 1.118033988749895
          stddev_samp | FLOAT64 1.2909944487358056
          median  | FLOAT64 1.5
          mode    | INT16 0
          """)
  void condensersSkipNullCells(String condenser, String expected) {
    ArrayExpr c = line(CellType.INT16, NullSet.of(-9999), 1, -9999, 2, 3, 0, -9999);
    assertEquals(expected, text(ArrayExpr.Reduce.of(Condensers.get(condenser), c)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0    | 1.0
          25   | 1.75
          50   | 2.5
          90   | 6.15
          100  | 10.0
          """)
  void percentilesAreLinearBetweenCells(double p, double expected) {
    ArrayExpr c = line(CellType.FLOAT32, NullSet.of(-1), 3, 1, Double.NaN, -1, 2, 10, 2, 3, 1, 4.5);
    double found =
        evaluator
            .prepare(ArrayExpr.Reduce.of(Condensers.percentile(p), c), Limits.NONE)
            .read(GridEnvelope.scalar())
            .band(0)
            .getDouble(0);
    assertEquals(expected, found, 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "FLOAT32", "FLOAT64"})
  void whatIsTooLargeToSortIsCounted(CellType type) {
    java.util.Random random = new java.util.Random(7);
    double[] values = new double[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.rint(random.nextGaussian() * (i % 2 == 0 ? 20 : 1e5));
    }
    ArrayExpr c = line(type, NullSet.of(3), values);
    try (Evaluator small = new BlockEvaluator(2, false, 4)) {
      for (var condenser :
          List.of(
              Condensers.get("median"),
              Condensers.percentile(0),
              Condensers.percentile(33.3),
              Condensers.percentile(100),
              Condensers.get("mode"))) {
        ArrayExpr e = ArrayExpr.Reduce.of(condenser, c);
        GridEnvelope scalar = GridEnvelope.scalar();
        assertEquals(
            CellByCell.evaluate(e, scalar).band(0).getDouble(0),
            small.prepare(e, Limits.NONE).read(scalar).band(0).getDouble(0),
            condenser.toString());
      }
    }
  }

  @Test
  void percentagesAreFrom0To100() {
    assertThrows(EngineException.class, () -> Condensers.percentile(100.5));
    assertThrows(EngineException.class, () -> Condensers.percentile(Double.NaN));
  }

  @Test
  void variancesAreStableFarFromZeroAndExactForIntegers() {
    ArrayExpr far = line(CellType.FLOAT64, 1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16);
    assertEquals("FLOAT64 22.5", text(ArrayExpr.Reduce.of(Condensers.get("var_pop"), far)));
    ArrayExpr large =
        line(CellType.INT64, 4e18, 4e18 + 1024, -4e18 - 1024, -4e18, 4e18, -4e18, 4e18);
    assertEquals(
        "FLOAT64 1.5673469387755104E37",
        text(ArrayExpr.Reduce.of(Condensers.get("var_pop"), large)));
  }

  @Test
  void aSampleOfOneHasNoVariance() {
    ArrayExpr none = line(CellType.INT16, 7);
    assertEquals("FLOAT64 NaN", text(ArrayExpr.Reduce.of(Condensers.get("var_samp"), none)));
    ArrayExpr nulls = line(CellType.INT16, NullSet.of(-9999), 7, -9999);
    assertEquals(
        "FLOAT64 [-9999.0]", text(ArrayExpr.Reduce.of(Condensers.get("stddev_samp"), nulls)));
  }

  @Test
  void condensersOfNullsAloneAreNullAndOfNoNullSetZero() {
    ArrayExpr nulls = line(CellType.INT16, NullSet.of(-9999), -9999, -9999);
    assertEquals("FLOAT64 [-9999.0]", text(ArrayExpr.Reduce.of(Condensers.get("avg"), nulls)));
    assertEquals(
        "INT64 0",
        text(
            ArrayExpr.Reduce.of(Condensers.get("count"), apply("<", nulls, ArrayExpr.integer(5)))));
  }

  @Test
  void nullCellsStayNullWithTheFillValue() {
    ArrayExpr c = line(CellType.INT16, NullSet.of(-9999), 1, -9999);
    assertEquals(
        "INT32 2 [-9999]", text(apply("+", c, ArrayExpr.integer(1))).replace("INT64", "INT32"));
    assertEquals("BOOLEAN 0 [0]", text(apply(">", c, ArrayExpr.integer(1))));
    assertEquals("BOOLEAN 0 1", text(apply("is null", c)));
    assertEquals("INT16 1 7", text(apply("overlay", c, ArrayExpr.scalar(CellType.INT16, 7))));
  }

  @Test
  void castsTruncateAndSaturate() {
    ArrayExpr c = line(CellType.FLOAT64, -1.7, 1.7, 300, Double.NaN);
    assertEquals("UINT8 0 1 255 0", text(new ArrayExpr.Cast(c, CellType.UINT8)));
    assertEquals("INT8 -1 1 127 0", text(new ArrayExpr.Cast(c, CellType.INT8)));
    assertEquals("BOOLEAN 1 1 1 1", text(new ArrayExpr.Cast(c, CellType.BOOLEAN)));
  }

  @Test
  void histogramByCountInAConstructor() {
    ArrayExpr c = line(CellType.UINT8, 0, 2, 2, 1, 2, 0);
    ArrayExpr.Variable n = new ArrayExpr.Variable(1, "n", 0, 3);
    ArrayExpr count = ArrayExpr.Reduce.of(Condensers.get("count"), apply("=", c, n));
    assertEquals("INT64 2 1 3 0", text(new ArrayExpr.Construct(List.of(n), count)));
  }

  @Test
  void positionsOutsideTheDomainAreZeroOrNull() {
    ArrayExpr.Variable x = new ArrayExpr.Variable(1, "x", -1, 2);
    ArrayExpr zero = new ArrayExpr.Slice(line(CellType.UINT8, 5, 6), 0, x);
    assertEquals("UINT8 0 5 6 0", text(new ArrayExpr.Construct(List.of(x), zero)));
    ArrayExpr none = new ArrayExpr.Slice(line(CellType.UINT8, NullSet.of(9), 5, 6), 0, x);
    assertEquals("UINT8 [9] 5 6 [9]", text(new ArrayExpr.Construct(List.of(x), none)));
  }

  @Test
  void condenserOverAVariableWithWhere() {
    ArrayExpr c = line(CellType.UINT8, 1, 2, 3, 4);
    ArrayExpr.Variable x = new ArrayExpr.Variable(1, "x", 0, 3);
    ArrayExpr sum =
        ArrayExpr.Condense.of(
            Condensers.get("sum"),
            List.of(x),
            Optional.of(apply(">", x, ArrayExpr.integer(1))),
            apply("*", x, new ArrayExpr.Slice(c, 0, x)));
    assertEquals("INT64 18", text(sum));
  }

  @Test
  void nearestNeighbourTakesTheCellAtTheFlooredCoordinate() {
    ArrayExpr c = line(CellType.UINT8, 0, 1, 2, 3, 4);
    assertEquals(
        "UINT8 0 1 3",
        text(new ArrayExpr.Scale(c, GridEnvelope.ofSize(3), ArrayExpr.Interpolation.NEAREST)));
    assertEquals(
        "UINT8 0 2 4",
        text(new ArrayExpr.Scale(c, GridEnvelope.ofSize(3), ArrayExpr.Interpolation.LINEAR)));
    // 6 / 5 is a little less than 1.2 as a double: cell 5 of 10 is found just before cell 6 of 12.
    ArrayExpr twelve = line(CellType.UINT8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertEquals(
        "UINT8 0 1 2 3 4 5 7 8 9 10",
        text(
            new ArrayExpr.Scale(twelve, GridEnvelope.ofSize(10), ArrayExpr.Interpolation.NEAREST)));
  }

  /** 0 1 2 ... 9 scaled to 2 cells over an extent that starts and ends within cells. */
  @ParameterizedTest
  @CsvSource({
    // From 1.5 on, 2 cells each: 1.5 .. 3.5 .. 5.5
    "3, 8, 2, NEAREST, UINT8 1 3",
    "3, 8, 2, MINIMUM, UINT8 1 3",
    "3, 8, 2, MAXIMUM, UINT8 3 5",
    // (0.5*1 + 2 + 0.5*3) / 2 = 2, (0.5*3 + 4 + 0.5*5) / 2 = 4
    "3, 8, 2, AVERAGE, FLOAT64 2.0 4.0",
    // From 1 to 2 and from 2 to 3, centres 1.5 and 2.5, which are those of cells 1 and 2.
    "2, 4, 2, LINEAR, FLOAT64 1.0 2.0",
    // From 1.5 to 2.5 and from 2.5 to 3.5: halfway between the centres of 1 and 2, 2 and 3.
    "3, 4, 2, LINEAR, FLOAT64 1.5 2.5",
    // From 0 to 2 and from 2 to 4: (3/4*0 + 3/4*1 + 1/4*2) / (7/4), and so on around 2.5.
    "0, 8, 2, LINEAR, FLOAT64 0.7142857142857142 2.5",
    // From -2 to 2 and from 2 to 6: what lies before the first cell does not count.
    "-2, 8, 1, AVERAGE, FLOAT64 0.5 3.5",
    "-2, 8, 1, NEAREST, UINT8 0 2",
    // From 8 to 10 and from 10 to 12: the second one is as the border.
    "8, 4, 1, AVERAGE, FLOAT64 8.5 9.0",
    "8, 4, 1, MAXIMUM, UINT8 9 9",
  })
  void scalesAnExtentThatIsNotWholeCells(
      long start, long size, long unit, ArrayExpr.Interpolation how, String expected) {
    CellType type = expected.startsWith("UINT8") ? CellType.UINT8 : CellType.FLOAT64;
    ArrayExpr c = line(type, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    List<ArrayExpr.Extent> extents = List.of(new ArrayExpr.Extent(start, size, unit));
    assertEquals(expected, text(new ArrayExpr.Scale(c, GridEnvelope.ofSize(2), how, extents)));
  }

  @Test
  void sumsOf64BitIntegersAreExactAndSaturate() {
    ArrayExpr c = new ArrayExpr.Cast(line(CellType.FLOAT64, 9e18, 9e18, -9e18, 1), CellType.INT64);
    assertEquals("INT64 9000000000000000001", text(ArrayExpr.Reduce.of(Condensers.get("sum"), c)));
    ArrayExpr large = new ArrayExpr.Cast(line(CellType.FLOAT64, 9e18, 9e18), CellType.INT64);
    assertEquals(
        "INT64 " + Long.MAX_VALUE, text(ArrayExpr.Reduce.of(Condensers.get("sum"), large)));
    assertEquals("FLOAT64 9.0E18", text(ArrayExpr.Reduce.of(Condensers.get("avg"), large)));
  }

  /**
   * 11 x 7 x 70 cells from the whole range of the type, every fifth one null, condensed per axis.
   */
  @ParameterizedTest
  @EnumSource(
      value = CellType.class,
      names = {"BOOLEAN", "INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32"})
  void sumsAlongAnAxisLeaveNullCellsAside(CellType type) {
    int[] sizes = {11, 7, 70};
    double nil = type == CellType.BOOLEAN ? 1 : 77;
    double[] values = new double[11 * 7 * 70];
    Random random = new Random(1);
    for (int i = 0; i < values.length; i++) {
      double any = type.min() + random.nextDouble() * (type.max() - type.min());
      values[i] = i % 5 == 0 ? nil : i % 5 == 1 ? type.max() : Math.rint(any);
    }
    ArrayExpr c =
        new ArrayExpr.ArrayRef(
            TestArray.of(type, NullSet.of(nil), GridEnvelope.ofSize(11, 7, 70), values));
    for (int axis = 0; axis < 3; axis++) {
      ArrayExpr.Variable v = new ArrayExpr.Variable(1, "v", 0, sizes[axis] - 1);
      ArrayExpr sum =
          ArrayExpr.Condense.of(
              Condensers.get("sum"), List.of(v), Optional.empty(), new ArrayExpr.Slice(c, axis, v));
      GridEnvelope domain = sum.type().domain();
      long[] expected = new long[domain.cellsAsInt()];
      boolean[] any = new boolean[expected.length];
      for (int i = 0; i < values.length; i++) {
        long[] at = {i / 490, i / 70 % 7, i % 70};
        long[] rest = {axis == 0 ? at[1] : at[0], axis == 2 ? at[1] : at[2]};
        int o = (int) domain.offset(rest);
        expected[o] += values[i] == nil ? 0 : (long) values[i];
        any[o] |= values[i] != nil;
      }
      Cells found = evaluator.prepare(sum, Limits.NONE).read(domain).band(0);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(!any[i], found.isNull(i));
        assertEquals(any[i] ? expected[i] : (long) nil, found.getLong(i), "cell " + i);
      }
    }
  }

  /** Shapes of runs that do not end with words, null cells in the mask and in the cells. */
  @Test
  void masksOfAnyRunsAndTheirNullCells() {
    Random random = new Random(2);
    int n = 1000;
    double[] cells = new double[n];
    double[] inside = new double[n];
    for (int i = 0; i < n; i++) {
      cells[i] = random.nextInt(9);
      inside[i] = i / (1 + i / 100) % 2;
    }
    inside[700] = 2;
    for (NullSet nulls : List.of(NullSet.NONE, NullSet.of(3))) {
      ArrayExpr mask =
          apply(
              "=",
              line(CellType.UINT8, NullSet.of(2), inside),
              ArrayExpr.scalar(CellType.UINT8, 1));
      String[] found =
          text(new ArrayExpr.Mask(line(CellType.INT16, nulls, cells), mask)).split(" ");
      for (int i = 0; i < n; i++) {
        boolean in = inside[i] == 1;
        boolean isNull = !nulls.isEmpty() && (!in || cells[i] == 3);
        long value = in ? (long) cells[i] : nulls.isEmpty() ? 0 : 3;
        assertEquals(isNull ? "[" + value + "]" : "" + value, found[i + 1], "cell " + i);
      }
    }
  }

  @Test
  void floatSumsDoNotLoseSmallAddends() {
    ArrayExpr c =
        apply(
            "-",
            line(CellType.FLOAT64, 1, 1e100, 1, -1e100),
            ArrayExpr.scalar(CellType.FLOAT64, 0));
    assertEquals("FLOAT64 2.0", text(ArrayExpr.Reduce.of(Condensers.get("sum"), c)));
  }

  /** 300 x 300 cells in tiles of 100 x 100 whose values are between 100 t and 100 t + 99. */
  private static TestArray tiles() {
    TestArray a = new TestArray(ArrayType.of(GridEnvelope.ofSize(300, 300), CellType.INT16));
    for (int t = 0; t < 9; t++) {
      Cells c = Cells.allocate(CellType.INT16, 10000);
      for (int i = 0; i < 10000; i++) {
        c.shorts()[i] = (short) (100 * t + i % 100);
      }
      long y = t / 3 * 100L;
      long x = t % 3 * 100L;
      a.with(GridEnvelope.of(new long[] {y, x}, new long[] {y + 99, x + 99}), c);
    }
    return a;
  }

  @Test
  void condensersAnswerFromStatisticsAndReadOnlyBorderTiles() {
    TestArray a = tiles();
    ArrayExpr c = new ArrayExpr.ArrayRef(a);
    assertEquals("FLOAT64 449.5", text(ArrayExpr.Reduce.of(Condensers.get("avg"), c)));
    assertEquals(0, a.cellsRead.get());
    ArrayExpr above = apply(">", c, ArrayExpr.scalar(CellType.INT32, 449));
    assertEquals("INT64 45000", text(ArrayExpr.Reduce.of(Condensers.get("count"), above)));
    assertEquals(10000, a.cellsRead.get());
    ArrayExpr part =
        new ArrayExpr.Trim(c, GridEnvelope.of(new long[] {0, 0}, new long[] {99, 104}));
    assertEquals("INT16 104", text(ArrayExpr.Reduce.of(Condensers.get("max"), part)));
    assertEquals(10500, a.cellsRead.get());
  }

  @Test
  void aSeriesOfAveragesIsAnsweredFromStatisticsToo() {
    TestArray a = new TestArray(ArrayType.of(GridEnvelope.ofSize(3, 4), CellType.UINT8));
    for (int t = 0; t < 3; t++) {
      a.with(
          GridEnvelope.of(new long[] {t, 0}, new long[] {t, 3}),
          Cells.wrap(CellType.UINT8, new byte[] {(byte) t, 1, 2, 3}, null));
    }
    ArrayExpr.Variable t = new ArrayExpr.Variable(1, "t", 0, 2);
    ArrayExpr slice = new ArrayExpr.Slice(new ArrayExpr.ArrayRef(a), 0, t);
    ArrayExpr series =
        new ArrayExpr.Construct(List.of(t), ArrayExpr.Reduce.of(Condensers.get("avg"), slice));
    assertEquals("FLOAT64 1.5 1.75 2.0", text(series));
    assertEquals(0, a.cellsRead.get());
  }

  @Test
  void switchesOfManyCases() {
    ArrayExpr c = line(CellType.INT16, 0, 99, 100, 150, 249, 250);
    List<ArrayExpr.Case> cases = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      cases.add(
          new ArrayExpr.Case(
              apply("=", c, ArrayExpr.scalar(CellType.INT32, i)),
              ArrayExpr.scalar(CellType.INT16, 1000 + i)));
    }
    assertEquals(
        "INT16 1000 1099 1100 1150 1249 -1",
        text(ArrayExpr.Switch.of(cases, ArrayExpr.scalar(CellType.INT16, -1))));
  }

  @ParameterizedTest
  @CsvSource({
    "MINIMUM, 0",
    "FIRST_QUARTILE, 24",
    "MEDIAN, 49",
    "THIRD_QUARTILE, 74",
    "MAXIMUM, 99",
    "MODE, 7"
  })
  void manyCellsToOne(ArrayExpr.Interpolation how, int expected) {
    double[] values = new double[101];
    for (int i = 0; i < 100; i++) {
      values[i] = 99 - i;
    }
    values[100] = 7;
    assertEquals(
        "INT16 " + expected,
        text(new ArrayExpr.Scale(line(CellType.INT16, values), GridEnvelope.ofSize(1), how)));
  }

  @Test
  void subsetsReadOnlyTheirCells() {
    TestArray a = tiles();
    ArrayExpr c = apply("*", new ArrayExpr.ArrayRef(a), ArrayExpr.integer(2));
    ArrayExpr row = new ArrayExpr.Slice(c, 0, ArrayExpr.integer(150));
    ArrayExpr cells = new ArrayExpr.Trim(row, GridEnvelope.of(new long[] {99}, new long[] {100}));
    assertEquals("INT64 798 800", text(cells));
    assertEquals(2, a.cellsRead.get());
  }

  /** A large computed array: x + 1000 y. */
  private static ArrayExpr plane(long size) {
    ArrayExpr.Variable y = new ArrayExpr.Variable(1, "y", 0, size - 1);
    ArrayExpr.Variable x = new ArrayExpr.Variable(2, "x", 0, size - 1);
    return new ArrayExpr.Construct(
        List.of(y, x), apply("+", x, apply("*", y, ArrayExpr.integer(1000))));
  }

  @Test
  void streamsConsecutiveTilesThatAreTheWholeDomain() {
    ArrayExpr e = plane(3000);
    List<GridEnvelope> boxes = new ArrayList<>();
    long[] sum = {0};
    evaluator.prepare(e, Limits.NONE).stream(
        t -> {
          boxes.add(t.box());
          for (long v : t.band(0).longs()) {
            sum[0] += v;
          }
        });
    assertTrue(boxes.size() > 3, "one piece");
    long next = 0;
    for (GridEnvelope b : boxes) {
      assertEquals(next, b.low(0));
      assertEquals(3000, b.size(1));
      next = b.high(0) + 1;
    }
    assertEquals(3000, next);
    assertEquals(1001L * 3000 * (3000L * 2999 / 2), sum[0]);
  }

  @Test
  void aSinkThatThrowsEndsTheStream() {
    IllegalStateException gone = new IllegalStateException("client gone");
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                evaluator.prepare(plane(3000), Limits.NONE).stream(
                    t -> {
                      throw gone;
                    }));
    assertEquals(gone, thrown);
    assertEquals("INT64 3", text(apply("+", ArrayExpr.integer(1), ArrayExpr.integer(2))));
  }

  @Test
  void refusesResultsAboveTheLimits() {
    Limits limits = new Limits(1000, 1000, Duration.ofSeconds(5));
    EngineException e =
        assertThrows(EngineException.class, () -> evaluator.prepare(plane(32), limits));
    assertEquals(EngineException.Code.LIMIT_EXCEEDED, e.code());
    assertEquals("the result has 1024 cells; the limit is 1000", e.getMessage());
    assertEquals(
        EngineException.Code.LIMIT_EXCEEDED,
        assertThrows(EngineException.class, () -> evaluator.prepare(plane(20), limits)).code());
    ArrayExpr huge =
        new ArrayExpr.Scale(
            line(CellType.UINT8, 1),
            GridEnvelope.ofSize(1_000_000_000_000L),
            ArrayExpr.Interpolation.NEAREST);
    assertThrows(EngineException.class, () -> evaluator.prepare(huge, limits));
  }

  @Test
  void stopsAtTheTimeLimit() {
    Limits limits = new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ofMillis(50));
    ArrayExpr sum = ArrayExpr.Reduce.of(Condensers.get("sum"), plane(1_000_000));
    EngineException e =
        assertTimeout(
            Duration.ofSeconds(10),
            () ->
                assertThrows(
                    EngineException.class,
                    () -> evaluator.prepare(sum, limits).read(GridEnvelope.scalar())));
    assertEquals(EngineException.Code.LIMIT_EXCEEDED, e.code());
  }

  @Test
  void cancelStopsTheComputation() throws InterruptedException {
    ArrayExpr sum = ArrayExpr.Reduce.of(Condensers.get("sum"), plane(1_000_000));
    Evaluation evaluation = evaluator.prepare(sum, Limits.NONE);
    CompletableFuture<Tile> result =
        CompletableFuture.supplyAsync(() -> evaluation.read(GridEnvelope.scalar()));
    Thread.sleep(100);
    evaluation.cancel();
    CompletionException e =
        assertTimeout(
            Duration.ofSeconds(10), () -> assertThrows(CompletionException.class, result::join));
    assertEquals(EngineException.Code.CANCELLED, ((EngineException) e.getCause()).code());
  }

  /**
   * Three that would take minutes hold all threads of the evaluator; what is small ends all the
   * same.
   */
  @Test
  void smallQueriesAreNotStarvedByLargeOnes() throws Exception {
    ArrayExpr large = ArrayExpr.Reduce.of(Condensers.get("sum"), plane(200_000));
    List<Evaluation> running = new ArrayList<>();
    // Closed after the evaluations are cancelled.
    ExecutorService clients = Executors.newFixedThreadPool(3);
    try {
      List<Future<Tile>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Evaluation evaluation = evaluator.prepare(large, Limits.NONE);
        running.add(evaluation);
        answers.add(clients.submit(() -> evaluation.read(GridEnvelope.scalar())));
      }
      while (running.stream().anyMatch(e -> e.spent().cells() == 0)) {
        Thread.sleep(1);
      }
      ArrayExpr small = ArrayExpr.Reduce.of(Condensers.get("max"), plane(1000));
      for (int i = 0; i < 5; i++) {
        assertTimeout(Duration.ofSeconds(20), () -> assertEquals("INT64 999999", text(small)));
      }
      assertTrue(answers.stream().noneMatch(Future::isDone));
    } finally {
      running.forEach(Evaluation::cancel);
      clients.close();
    }
  }

  @Test
  void allEvaluationsOfACancelledRequestEnd() throws InterruptedException {
    ArrayExpr sum = ArrayExpr.Reduce.of(Condensers.get("sum"), plane(1_000_000));
    try (RequestEvaluator request = new RequestEvaluator(evaluator)) {
      Evaluation evaluation = request.prepare(sum, Limits.NONE);
      CompletableFuture<Tile> result =
          CompletableFuture.supplyAsync(() -> evaluation.read(GridEnvelope.scalar()));
      Thread.sleep(100);
      request.cancel();
      assertTimeout(
          Duration.ofSeconds(10), () -> assertThrows(CompletionException.class, result::join));
      EngineException later =
          assertThrows(EngineException.class, () -> request.prepare(sum, Limits.NONE));
      assertEquals(EngineException.Code.CANCELLED, later.code());
    }
    assertEquals("INT32 3", text(ArrayExpr.scalar(CellType.INT32, 3)));
  }

  @Test
  void answersAreTheSameWithAnyNumberOfThreads() {
    ArrayExpr e =
        apply(
            "/",
            new ArrayExpr.Cast(plane(1200), CellType.FLOAT64),
            ArrayExpr.scalar(CellType.FLOAT64, 7));
    ArrayExpr sum = ArrayExpr.Reduce.of(Condensers.get("sum"), e);
    double[] found = new double[3];
    int[] threads = {1, 2, 8};
    for (int i = 0; i < 3; i++) {
      try (Evaluator other = Evaluators.create(threads[i], true)) {
        found[i] = other.prepare(sum, Limits.NONE).read(GridEnvelope.scalar()).band(0).getDouble(0);
      }
    }
    assertEquals(found[0], found[1]);
    assertEquals(found[0], found[2]);
  }

  @Test
  void explainsOneLineANode() {
    ArrayExpr c =
        new ArrayExpr.Trim(plane(10), GridEnvelope.of(new long[] {1, 1}, new long[] {2, 2}));
    assertEquals(
        """
        reduce avg FLOAT64
          trim [1:2,1:2] INT64
            construct over $y(0:9), $x(0:9) [0:9,0:9] INT64
              induce + INT64
                $x(0:9) INT64
                induce * INT64
                  $y(0:9) INT64
                  constant 1000 INT64
        """,
        Explain.print(ArrayExpr.Reduce.of(Condensers.get("avg"), c)));
  }
}
