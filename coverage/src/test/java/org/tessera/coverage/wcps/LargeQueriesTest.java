package org.tessera.coverage.wcps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.Scope;
import org.tessera.coverage.format.Formats;
import org.tessera.coverage.model.NullRule;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/** Queries whose values of values grow beyond what a text can nest. */
class LargeQueriesTest {
  private final Evaluator evaluator = Evaluators.create(1, true);

  @AfterEach
  void close() {
    evaluator.close();
  }

  private String run(String query) {
    Map<String, CoverageSource.Stored> cubes = QueryFilesTest.cubes("functions.q");
    CrsResolver crs = new CrsResolver();
    Scope scope =
        Scope.of(
            id -> Optional.ofNullable(cubes.get(id)),
            crs,
            SubsettingRule.FOOTPRINT,
            NullRule.BAND,
            "http://localhost/def",
            evaluator,
            Limits.NONE);
    QueryResult result = new QueryRunner(Formats.text(crs)).run(query, scope).getFirst();
    return assertInstanceOf(QueryResult.Text.class, result).text();
  }

  /** {@code let $a1 := STEP of $a0, $a2 := STEP of $a1, ...}. */
  private static String chain(String step, int times) {
    StringBuilder text = new StringBuilder("for $a0 in (a) let ");
    for (int i = 1; i <= times; i++) {
      text.append(i > 1 ? ", " : "")
          .append("$a")
          .append(i)
          .append(" := ")
          .append(step.replace("$a", "$a" + (i - 1)));
    }
    return text.append(" return max($a").append(times).append(')').toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$a + 1",
        "abs($a)",
        "extend($a, {i(0:3), j(0:2)})",
        "scale($a, {i(0:3), j(0:2)})",
        "(float) $a",
        "flip $a along i",
        "{v: $a}",
        "clip($a, POLYGON((0 0, 3 0, 3 2, 0 2)))",
        "switch case $a > 3 return $a default return 1",
        "coverage k over $x i(0:3), $y j(0:2) values $a[i($x), j($y)]"
      })
  void chainsOfValuesAreComputedOrRefused(String step) {
    assertTrue(!run(chain(step, 10)).isEmpty());
    OwsException e = assertThrows(OwsException.class, () -> run(chain(step, 1000)));
    assertEquals(OwsErrorCode.REQUEST_TOO_LARGE, e.code(), e.getMessage());
  }

  @Test
  void valuesThatDoubleAreComputedOrRefused() {
    assertEquals("12288", run(chain("$a + $a", 10)));
    OwsException e = assertThrows(OwsException.class, () -> run(chain("$a + $a", 60)));
    assertEquals(OwsErrorCode.REQUEST_TOO_LARGE, e.code(), e.getMessage());
  }
}
