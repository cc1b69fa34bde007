package org.tessera.coverage.wcps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

final class WcpsParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          2+3*4                            | (2 + (3 * 4))
          not $c>5 and $d<3                | ((not ($c > 5)) and ($d < 3))
          $a overlay $b + 1                | ($a overlay ($b + 1))
          $a or $b and $c xor $d           | (($a or ($b and $c)) xor $d)
          -2-3 -1                          | (((- 2) - 3) - 1)
          2*-1*5/-5                        | (((2 * (- 1)) * 5) / (- 5))
          (float)$c.0+$c.1                 | (((float) $c.0) + $c.1)
          (Unsigned  CHAR) c[i(0)] * 255   | (((unsigned char) $c[i(0)]) * 255)
          (c) - c                          | ($c - $c)
          $c is null + 2                   | (($c is null) + 2)
          $c + 1 is not null               | (($c + 1) is not null)
          not $a = 1 is null               | (not (($a = 1) is null))
          (2.0,5.0)                        | (2.0, 5.0)
          c[Lat:"CRS:1"(*:5),t("2000")]    | $c[Lat:"CRS:1"(*:5), t("2000")]
          imageCRSdomain(c,ansi).HI        | imageCrsDomain($c, ansi).HI
          flip c+20 along unix             | (flip ($c + 20) along unix)
          sort c along j desc by avg(c)    | (sort $c along j desc by avg($c))
          scale(c,{Lat:"CRS:1"(0:1)})      | scale($c, {Lat:"CRS:1"(0:1)})
          scale(c,{Lat(2),Long(0.5)})      | scaleaxes($c, [Lat(2), Long(0.5)])
          scale(c,{imageCrsDomain(d)})     | scale($c, {imageCrsDomain($d)})
          scale(c,{t(imageCrsDomain(d,t))})| scale($c, {t(imageCrsDomain($d, t))})
          Mod(c,3)                         | mod($c, 3)
          'it''s'                          |
          """)
  void precedenceAndForms(String text, String printed) {
    if (printed == null) {
      assertThrows(OwsException.class, () -> WcpsParser.parseExpression(text));
    } else {
      assertEquals(printed, WcpsParser.parseExpression(text).toString());
    }
  }

  @Test
  void syntaxErrorSaysWhereWhatAndWhatElse() {
    OwsException e =
        assertThrows(
            OwsException.class, () -> WcpsParser.parse("for c in (a)\nreturn encode(c \"png\")"));
    assertEquals(OwsErrorCode.SYNTAX_ERROR, e.code());
    assertEquals(
        "Syntax error at line 2, column 17: found '\"png\"', expected ',' or ')'.", e.getMessage());
    assertEquals("2:17", e.locator().orElseThrow());
  }

  @Test
  void endOfQueryIsNamed() {
    OwsException e = assertThrows(OwsException.class, () -> WcpsParser.parse("for c in (a"));
    assertTrue(e.getMessage().contains("found the end of the query"), e.getMessage());
  }

  @Test
  void unknownTypeOfCast() {
    OwsException e = assertThrows(OwsException.class, () -> WcpsParser.parseExpression("(byte)$c"));
    assertEquals(OwsErrorCode.NO_APPLICABLE_CODE, e.code());
    assertEquals(
        "Unknown WCPS base type 'byte' for casting. (at line 1, column 2)", e.getMessage());
  }

  @Test
  void deepNestingIsAnErrorNotAStackOverflow() {
    for (String deep :
        new String[] {
          "(".repeat(100_000),
          " -".repeat(100_000) + "1",
          "not ".repeat(100_000) + "1",
          "1" + "+1".repeat(100_000),
          "a" + "[i(0)]".repeat(100_000),
          "abs(".repeat(100_000) + "1" + ")".repeat(100_000),
          "coverage c over x x(0:1) values ".repeat(50_000) + "1"
        }) {
      OwsException e =
          assertThrows(
              OwsException.class,
              () -> WcpsParser.parse("for c in (a) return " + deep),
              () -> deep.substring(0, 10));
      assertEquals(OwsErrorCode.SYNTAX_ERROR, e.code());
    }
  }

  @Test
  void whatIsJustAllowedInDepthParsesOnASmallStack() throws InterruptedException {
    String[] failure = {null};
    Thread t =
        new Thread(
            null,
            () -> {
              String sum = "1" + "+1".repeat(250);
              assertTrue(WcpsParser.parseExpression(sum).toString().length() > 1000);
              String nested = "(".repeat(190) + "1" + ")".repeat(190);
              assertEquals("1", WcpsParser.parseExpression(nested).toString());
            },
            "small",
            512 * 1024);
    t.setUncaughtExceptionHandler((thread, e) -> failure[0] = e.toString());
    t.start();
    t.join();
    assertEquals(null, failure[0]);
  }

  @Test
  void overlongQueryIsRefused() {
    OwsException e =
        assertThrows(
            OwsException.class, () -> WcpsParser.parse(" ".repeat(WcpsParser.MAX_LENGTH + 1)));
    assertEquals(OwsErrorCode.REQUEST_TOO_LARGE, e.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for $c in (x) return $c[%s]",
        "for $c in (x) return scale($c, {%s})",
        "for $c in (x) let $d := [%s] return $c[$d]"
      })
  void listsOfManyAxesAreRefusedBeforeTheyAreParsed(String query) {
    String dimension = "a%d:\"CRS:1\"(0:1)";
    assertEquals(null, WcpsParser.parse(query.formatted(list(dimension, 32))).where().orElse(null));
    refusedInTime(query.formatted(list(dimension, 33)));
    refusedInTime(query.formatted(list(dimension, 100_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for $c in (x) return coverage v over %s values 1",
        "for $c in (x) return coverage v over %s value list <1; 2>",
        "for $c in (x) return condense + over %s using 1"
      })
  void iteratorsOverManyAxesAreRefusedBeforeTheyAreParsed(String query) {
    String iterator = "$p%1$d a%1$d(0:1)";
    assertEquals(null, WcpsParser.parse(query.formatted(list(iterator, 32))).where().orElse(null));
    refusedInTime(query.formatted(list(iterator, 33)));
    refusedInTime(query.formatted(list(iterator, 80_000)));
  }

  @Test
  void listsOfManyVariablesOrCoveragesAreRefusedToo() {
    refusedInTime("for $c in (x) return $c[" + list("$d", 100_000) + "]");
    refusedInTime("for $c in (" + list("x", 500_000) + ") return 1");
    String vertices = list("%1$d 1", 40);
    assertEquals(
        null,
        WcpsParser.parse("for $c in (x) return clip($c, POLYGON((" + vertices + ")))")
            .where()
            .orElse(null));
  }

  private static String list(String item, int count) {
    return IntStream.range(0, count).mapToObj(item::formatted).collect(Collectors.joining(", "));
  }

  private static void refusedInTime(String query) {
    OwsException e =
        assertTimeout(
            Duration.ofSeconds(4),
            () -> assertThrows(OwsException.class, () -> WcpsParser.parse(query)));
    assertEquals(OwsErrorCode.REQUEST_TOO_LARGE, e.code());
  }

  /** Read by hand: microseconds to parse a warm query. */
  public static void main(String[] args) {
    String query =
        "for $c in (test_mr), $d in (test_rgb) let $a := [i(0:10), j(3)] where avg($c) > 3 return"
            + " encode(scale($c[$a] + 2 * $d.red, {i:\"CRS:1\"(0:5)}), \"image/png\", \"nodata=0\")";
    for (int round = 0; round < 10; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < 2000; i++) {
        WcpsParser.parse(query);
      }
      System.out.println((System.nanoTime() - start) / 2e6 + " us");
    }
  }
}
