package org.tessera.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.Condenser;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.algebra.Explain;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

/** The evaluator against the cell-by-cell reference. */
class EvaluatorPropertyTest {
  private static final List<Evaluator> EVALUATORS = new ArrayList<>();

  @BeforeContainer
  static void open() {
    EVALUATORS.add(new BlockEvaluator(1, true));
    EVALUATORS.add(new BlockEvaluator(1, false, 4));
    EVALUATORS.add(new BlockEvaluator(4, true, 16));
  }

  @AfterContainer
  static void close() {
    EVALUATORS.forEach(Evaluator::close);
    EVALUATORS.clear();
    ONE.close();
    EIGHT.close();
  }

  @Property(tries = 3000)
  void agreesWithTheReferenceOnRandomExpressions(@ForAll long seed) {
    RandomExpressions random = new RandomExpressions(seed);
    ArrayExpr e = random.next();
    GridEnvelope domain = e.type().domain();
    Tile expected = CellByCell.evaluate(e, domain);
    Evaluator evaluator = EVALUATORS.get(random.below(EVALUATORS.size()));
    Tile whole = evaluator.prepare(e, Limits.NONE).read(domain);
    same(e, expected, whole, domain);
    GridEnvelope part = domain;
    for (int a = 0; a < domain.dimension(); a++) {
      long low = domain.low(a) + random.below((int) domain.size(a));
      part = part.with(a, low, low + random.below((int) (domain.high(a) - low + 1)));
    }
    same(e, expected, evaluator.prepare(e, Limits.NONE).read(part), part);
  }

  /** To the last bit: whatever the number of threads, and however they take turns. */
  @Property(tries = 300)
  void oneThreadAndEightAgreeToTheLastBit(@ForAll long seed) {
    ArrayExpr e = new RandomExpressions(seed).next();
    GridEnvelope domain = e.type().domain();
    Tile one = ONE.prepare(e, Limits.NONE).read(domain);
    Tile eight = EIGHT.prepare(e, Limits.NONE).read(domain);
    for (int b = 0; b < one.bands().size(); b++) {
      assertTrue(identical(one.band(b), eight.band(b)), () -> "" + e);
    }
  }

  /** Addends of all magnitudes, in tiles, so that any other order of additions would show. */
  @Property(tries = 40)
  void floatSumsAreTheSameWithOneThreadAndEight(@ForAll long seed) {
    Random random = new Random(seed);
    CellType type = random.nextBoolean() ? CellType.FLOAT32 : CellType.FLOAT64;
    TestArray stored = new TestArray(ArrayType.of(GridEnvelope.ofSize(6, 40, 40), type));
    for (int t = 0; t < 24; t++) {
      Cells cells = Cells.allocate(type, 400);
      for (int i = 0; i < 400; i++) {
        double x = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20);
        Narrowing.put(type, cells.array(), i, x);
      }
      long[] low = {t / 4, t / 2 % 2 * 20L, t % 2 * 20L};
      stored.with(GridEnvelope.of(low, new long[] {low[0], low[1] + 19, low[2] + 19}), cells);
    }
    ArrayExpr c = new ArrayExpr.ArrayRef(stored);
    ArrayExpr.Variable v = new ArrayExpr.Variable(1, "v", 0, 5);
    for (String name : List.of("sum", "avg", "var_pop", "stddev_samp")) {
      Condenser condenser = Condensers.get(name);
      for (ArrayExpr e :
          List.of(
              ArrayExpr.Reduce.of(condenser, c),
              ArrayExpr.Condense.of(
                  condenser, List.of(v), Optional.empty(), new ArrayExpr.Slice(c, 0, v)))) {
        GridEnvelope domain = e.type().domain();
        Cells one = ONE.prepare(e, Limits.NONE).read(domain).band(0);
        Cells eight = EIGHT.prepare(e, Limits.NONE).read(domain).band(0);
        assertTrue(identical(one, eight), () -> "" + e);
      }
    }
  }

  private static boolean identical(Cells a, Cells b) {
    for (int i = 0; i < a.length(); i++) {
      if (a.isNull(i) != b.isNull(i)
          || Double.compare(a.getDouble(i), b.getDouble(i)) != 0
          || Double.compare(a.getImaginary(i), b.getImaginary(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  private static final Evaluator ONE = new BlockEvaluator(1, false, 4);
  private static final Evaluator EIGHT = new BlockEvaluator(8, false, 4);

  private static void same(ArrayExpr e, Tile expected, Tile found, GridEnvelope box) {
    assertEquals(box, found.box());
    boolean weighs = weighs(e);
    for (int b = 0; b < expected.bands().size(); b++) {
      Cells x = expected.band(b);
      Cells y = found.band(b);
      assertEquals(x.type(), y.type());
      assertEquals(e.type().band(b).type(), y.type());
      long[] at = box.low();
      for (int i = 0; i < y.length(); i++) {
        int k = (int) expected.box().offset(at);
        boolean same =
            x.isNull(k) == y.isNull(i)
                && (x.type().isInteger()
                    ? x.getLong(k) == y.getLong(i) || (weighs && beyondDoubles(x, k, y, i))
                    : close(x.getDouble(k), y.getDouble(i))
                        && close(x.getImaginary(k), y.getImaginary(i)));
        if (!same) {
          fail(
              "band "
                  + b
                  + " cell "
                  + java.util.Arrays.toString(at)
                  + ": expected "
                  + text(x, k)
                  + " but found "
                  + text(y, i)
                  + " for "
                  + e);
        }
        Views.step(at, box);
      }
    }
  }

  /** Whether cells are weighed against each other somewhere, which is done in doubles. */
  private static boolean weighs(ArrayExpr e) {
    return e instanceof ArrayExpr.Resample
        || Explain.operands(e).stream().anyMatch(EvaluatorPropertyTest::weighs);
  }

  /** Integers that doubles do not hold, and that differ in their last bits. */
  private static boolean beyondDoubles(Cells x, int k, Cells y, int i) {
    double a = x.getDouble(k);
    return Math.abs(a) > 1L << 53 && Math.abs(a - y.getDouble(i)) <= 4 * Math.ulp(a);
  }

  private static String text(Cells c, int i) {
    return c.type()
        + " "
        + c.getDouble(i)
        + "+"
        + c.getImaginary(i)
        + "i"
        + (c.isNull(i) ? " null" : "");
  }

  private static boolean close(double a, double b) {
    return Double.compare(a + 0.0, b + 0.0) == 0
        || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b)) + 1e-12;
  }
}
