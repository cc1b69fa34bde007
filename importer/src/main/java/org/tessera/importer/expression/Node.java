package org.tessera.importer.expression;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A parsed expression; {@code at} is where its text begins. */
sealed interface Node {
  int at();

  record Literal(int at, Value value) implements Node {}

  /** A text literal with <code>${...}</code> in it: texts and variables in turn. */
  record Template(int at, List<Node> parts) implements Node {}

  record Variable(int at, String name) implements Node {}

  record Name(int at, String name) implements Node {}

  record Unary(int at, String operator, Node operand) implements Node {}

  record Binary(int at, String operator, Node left, Node right) implements Node {}

  record Conditional(int at, Node then, Node condition, Node otherwise) implements Node {}

  record ListOf(int at, List<Node> items) implements Node {}

  record Comprehension(int at, Node each, String variable, Node source, Optional<Node> condition)
      implements Node {}

  /** {@code target.name(...)} has a target; {@code name(...)} has none. */
  record Call(
      int at, Optional<Node> target, String name, List<Node> arguments, Map<String, Node> named)
      implements Node {}

  record Attribute(int at, Node target, String name) implements Node {}

  record Index(int at, Node target, Node index) implements Node {}

  record Part(int at, Node target, Optional<Node> from, Optional<Node> to) implements Node {}
}
