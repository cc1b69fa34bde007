package org.tessera.coverage.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void valuesArePlainAndNumbersExact() {
    assertEquals(
        Map.of(
            "a",
            Arrays.asList(
                new BigDecimal("0.10"),
                new BigDecimal("1E+400"),
                new BigDecimal("12345678901234567890")),
            "b",
            Map.of("c", "ä\n\u0001", "d", true)),
        Json.parse(
            " {\"a\": [0.10, 1E400, 12345678901234567890], \"b\": {\"c\": \"\\u00e4\\n\\u0001\", \"d\": true}} "));
    assertEquals(null, Json.parse("null"));
  }

  @Test
  void keysKeepTheirOrder() {
    assertEquals(
        List.of("z", "a", "m"),
        new ArrayList<>(((Map<?, ?>) Json.parse("{\"z\":1,\"a\":2,\"m\":3}")).keySet()));
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    String text = "{\"a\":[1,2.5,\"x\\\"y\\\\\",false,null],\"b\":{}}";
    assertEquals(text, Json.write(Json.parse(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"a\" 1}", "[1,]", "{\"a\":1} x", "tru", "'a'", "01"})
  void whatIsNoJsonIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
  }

  @Test
  void faultsSayTheirPlace() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Json.parse("{\"a\":\n  oops}"));
    assertTrue(e.getMessage().contains("line 2, column 3"), e.getMessage());
  }

  @Test
  void depthAndDigitsAreLimited() {
    for (String text :
        List.of("[".repeat(100_000), "{\"a\":".repeat(100_000), "1".repeat(1_000_000))) {
      assertThrows(IllegalArgumentException.class, () -> Json.parse(text));
    }
  }
}
