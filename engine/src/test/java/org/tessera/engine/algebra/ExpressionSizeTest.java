package org.tessera.engine.algebra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

class ExpressionSizeTest {
  private static final GridEnvelope LINE = GridEnvelope.ofSize(4);

  /** 0, 1, 2, 3. */
  private static ArrayExpr line() {
    ArrayExpr.Variable x = new ArrayExpr.Variable(1, "x", 0, 3);
    return new ArrayExpr.Construct(List.of(x), x);
  }

  /** One step of each kind of operation; but for what it does to the cells it keeps the domain. */
  private static Map<String, UnaryOperator<ArrayExpr>> steps() {
    CellFunction plus = CellFunctions.get("+", 2);
    CellFunction above = CellFunctions.get(">", 2);
    ArrayExpr one = ArrayExpr.integer(1);
    return Map.ofEntries(
        Map.entry("trim", e -> new ArrayExpr.Trim(e, LINE)),
        Map.entry(
            "slice",
            e -> {
              ArrayExpr.Variable v = new ArrayExpr.Variable(2, "v", 0, 3);
              return new ArrayExpr.Construct(List.of(v), new ArrayExpr.Slice(e, 0, v));
            }),
        Map.entry("window", e -> new ArrayExpr.Window(e, 0, ArrayExpr.integer(0), 4)),
        Map.entry("shift", e -> new ArrayExpr.Shift(e, List.of(0L))),
        Map.entry("permute", e -> new ArrayExpr.Permute(e, List.of(0))),
        Map.entry("induce", e -> ArrayExpr.Induce.of(plus, e, one)),
        Map.entry("cast", e -> new ArrayExpr.Cast(e, CellType.INT32)),
        Map.entry("bands", e -> new ArrayExpr.SelectBands(e, List.of(0))),
        Map.entry("make bands", e -> ArrayExpr.MakeBands.of(List.of(e))),
        Map.entry(
            "condense",
            e ->
                ArrayExpr.Condense.of(
                    Condensers.get("max"),
                    List.of(new ArrayExpr.Variable(3, "w", 0, 1)),
                    java.util.Optional.empty(),
                    e)),
        Map.entry(
            "switch",
            e ->
                ArrayExpr.Switch.of(
                    List.of(
                        new ArrayExpr.Case(
                            ArrayExpr.Induce.of(above, ArrayExpr.integer(1), one), one)),
                    e)),
        Map.entry("extend", e -> new ArrayExpr.Extend(e, LINE)),
        Map.entry("scale", e -> new ArrayExpr.Scale(e, LINE, ArrayExpr.Interpolation.LINEAR)),
        Map.entry("flip", e -> new ArrayExpr.Flip(e, 0)),
        Map.entry("sort", e -> new ArrayExpr.Sort(e, 0, line(), false)),
        Map.entry("mask", e -> new ArrayExpr.Mask(e, ArrayExpr.Induce.of(above, line(), one))));
  }

  private static ArrayExpr repeated(UnaryOperator<ArrayExpr> step, int times) {
    ArrayExpr e = line();
    for (int i = 0; i < times; i++) {
      e = step.apply(e);
    }
    return e;
  }

  /** On the stack of an ordinary thread. */
  @TestFactory
  Stream<DynamicTest> whatIsAllowedIsComputedAndWhatIsDeeperIsRefused() {
    return steps().entrySet().stream()
        .map(
            step ->
                DynamicTest.dynamicTest(
                    step.getKey(),
                    () -> {
                      try (Evaluator evaluator = Evaluators.create(1, true)) {
                        // "slice" makes two operations a step.
                        int most = ExpressionSize.DEEPEST / 2 - 2;
                        ArrayExpr allowed = repeated(step.getValue(), most);
                        assertEquals(
                            4, evaluator.prepare(allowed, Limits.NONE).read(LINE).band(0).length());
                        ArrayExpr deep = repeated(step.getValue(), 20_000);
                        EngineException e =
                            assertThrows(
                                EngineException.class, () -> evaluator.prepare(deep, Limits.NONE));
                        assertEquals(EngineException.Code.LIMIT_EXCEEDED, e.code());
                        assertTrue(e.getMessage().contains("within one another"), e.getMessage());
                      }
                    }));
  }

  @Test
  void whatDoublesAtEachStepIsRefusedAtOnce() {
    CellFunction max = CellFunctions.get("max", 2);
    ExpressionSize size = new ExpressionSize();
    ArrayExpr e = line();
    for (int i = 0; i < 12; i++) {
      e = ArrayExpr.Induce.of(max, e, e);
      size.check(e);
    }
    for (int i = 0; i < 100; i++) {
      e = ArrayExpr.Induce.of(max, e, e);
    }
    ArrayExpr large = e;
    String message = assertThrows(EngineException.class, () -> size.check(large)).getMessage();
    assertTrue(message.contains("repeated ones counted each time"), message);
  }
}
