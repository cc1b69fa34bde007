package org.tessera.importer.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExpressionTest {
  @TestFactory
  Stream<DynamicTest> expressions_of_the_census_and_hostile_ones() throws IOException {
    String text;
    try (InputStream in = getClass().getResourceAsStream("expressions.txt")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return text.lines()
        .filter(l -> !l.isBlank() && !l.startsWith("#"))
        .map(l -> DynamicTest.dynamicTest(l, () -> check(l)));
  }

  private static void check(String line) {
    String[] parts = line.split(" ;(?= )", 3);
    Variables variables = variables(parts[1].strip());
    String expected = parts[2].strip();
    if (expected.startsWith("! ")) {
      ExpressionException e =
          assertThrows(
              ExpressionException.class, () -> Expression.parse(parts[0]).evaluate(variables));
      assertTrue(e.getMessage().contains(expected.substring(2)), e.getMessage());
    } else {
      assertEquals(expected, Expression.parse(parts[0]).evaluate(variables).asText());
    }
  }

  private static Variables variables(String text) {
    Map<String, Value> values = new TreeMap<>();
    for (String pair : text.isEmpty() ? List.<String>of() : List.of(text.split(","))) {
      String[] kv = pair.split("=", 2);
      values.put(kv[0], value(kv[1]));
    }
    return name -> {
      Value v = values.get(name);
      return v == null ? Variables.NONE.value(name) : v;
    };
  }

  private static Value value(String text) {
    if (text.startsWith("[")) {
      List<Value> items = new ArrayList<>();
      for (String t : text.substring(1, text.length() - 1).split(" ", -1)) {
        items.add(value(t));
      }
      return new Value.Items(items);
    }
    return text.matches("-?[0-9.]+") ? Value.of(new BigDecimal(text)) : Value.of(text);
  }

  @Test
  void points_at_the_place_in_the_expression() {
    ExpressionException e =
        assertThrows(
            ExpressionException.class,
            () -> Expression.parse("1 + foo(2)").evaluate(Variables.NONE));
    assertTrue(e.getMessage().endsWith("\n    1 + foo(2)\n        ^"), e.getMessage());
  }

  @Test
  void deep_nesting_is_an_error_and_no_stack_overflow() {
    assertThrows(ExpressionException.class, () -> Expression.parse("(".repeat(100_000)));
    assertThrows(ExpressionException.class, () -> Expression.parse("-".repeat(100_000) + "1"));
    assertThrows(ExpressionException.class, () -> Expression.parse("not ".repeat(100_000) + "1"));
  }

  @Test
  void fills_a_command() {
    assertEquals(
        "rm -f /a/b.tif", Expression.fill("rm -f ${file:path}", name -> Value.of("/a/b.tif")));
  }
}
