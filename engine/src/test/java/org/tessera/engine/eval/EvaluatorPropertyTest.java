package org.tessera.engine.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.tessera.engine.algebra.ArrayExpr;
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
                    ? x.getLong(k) == y.getLong(i)
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
