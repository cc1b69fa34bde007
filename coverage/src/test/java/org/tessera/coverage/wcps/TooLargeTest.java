package org.tessera.coverage.wcps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

/** What is refused for its size comes with what would be taken: here it is asked for. */
class TooLargeTest {
  private static final long MUCH = 1L << 40;
  private static final Limits EIGHT_CELLS = new Limits(8, MUCH, Duration.ofSeconds(9));
  private static final Limits EIGHT_BYTES = new Limits(MUCH, 8, Duration.ofSeconds(9));
  private static final Limits READS_SIXTEEN =
      new Limits(MUCH, MUCH, Duration.ofSeconds(9), 16, MUCH, MUCH);
  private static final Limits COMPUTES_TWENTY =
      new Limits(MUCH, MUCH, Duration.ofSeconds(9), MUCH, 20, MUCH);

  private final Evaluator evaluator = Evaluators.create(1, false);
  private final Map<String, CoverageSource.Stored> cubes = QueryFilesTest.cubes("functions.q");
  private final CrsResolver crs = new CrsResolver();
  private final QueryRunner runner = new QueryRunner(Formats.text(crs));

  @AfterEach
  void close() {
    evaluator.close();
  }

  private Scope scope(Limits limits, SubsettingRule rule) {
    return Scope.of(
        id -> Optional.ofNullable(cubes.get(id)),
        crs,
        rule,
        NullRule.BAND,
        "http://localhost/def",
        evaluator,
        limits);
  }

  private String refused(String query, Scope scope) {
    OwsException e = assertThrows(OwsException.class, () -> runner.run(query, scope));
    assertEquals(OwsErrorCode.REQUEST_TOO_LARGE, e.code(), e.getMessage());
    assertEquals(413, e.code().httpStatus());
    return e.getMessage();
  }

  private static String found(String pattern, String message) {
    Matcher m = Pattern.compile(pattern).matcher(message);
    assertTrue(m.find(), message);
    return m.group(1);
  }

  /** Asks for the box and for the scale that a refusal of {@code frame(operand)} names. */
  private void fits(String frame, String operand, Limits limits, SubsettingRule rule) {
    Scope scope = scope(limits, rule);
    String message = refused("for $c in (t3) return " + frame.formatted(operand), scope);
    String box = found("the part \\[(.*?)] of", message);
    String factor = found("scaled by ([0-9.]+)", message);
    for (String part :
        new String[] {"(" + operand + ")[" + box + "]", "scale(" + operand + ", " + factor + ")"}) {
      runner.run("for $c in (t3) return " + frame.formatted(part), scope);
    }
  }

  @ParameterizedTest
  @EnumSource(SubsettingRule.class)
  void theBoxAndTheScaleThatAreNamedFit(SubsettingRule rule) {
    fits("encode(%s, \"csv\")", "$c", EIGHT_CELLS, rule);
    fits("encode(%s, \"csv\")", "$c", EIGHT_BYTES, rule);
    fits("encode(%s, \"csv\")", "$c", READS_SIXTEEN, rule);
    fits("encode(%s, \"csv\")", "($c * 2 + 1)", COMPUTES_TWENTY, rule);
  }

  @ParameterizedTest
  @EnumSource(SubsettingRule.class)
  void soDoThoseOfWhatIsFoldedToAValue(SubsettingRule rule) {
    fits("avg(%s)", "$c", READS_SIXTEEN, rule);
    fits("max(%s) + 1", "$c", READS_SIXTEEN, rule);
    fits("sum(%s)", "($c * 2)", COMPUTES_TWENTY, rule);
  }

  @Test
  void theEstimateAndTheLimitAreNamed() {
    assertEquals(
        "The request reads about 48 bytes of cells; the limit is 16. This would fit: the part"
            + " [Lat(2.5:2.5), Long(11.5:12.5)] of 't3', or all of it scaled by 0.5 (at line 1,"
            + " column 23)",
        refused(
            "for $c in (t3) return encode($c, \"csv\")",
            scope(READS_SIXTEEN, SubsettingRule.FOOTPRINT)));
  }

  @Test
  void whereNothingIsFoundThatIsSaid() {
    assertTrue(
        refused(
                "for $c in (t3) return condense + over $x x(0:99) using $x",
                scope(COMPUTES_TWENTY, SubsettingRule.FOOTPRINT))
            .contains("Ask for less"));
  }
}
