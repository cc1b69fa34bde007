package org.tessera.importer.expression;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An expression of an ingredients file, parsed once and computed for every file. */
public final class Expression {
  private final String source;
  private final Node root;

  private Expression(String source, Node root) {
    this.source = source;
    this.root = root;
  }

  /**
   * Parses.
   *
   * @throws ExpressionException if the text is no expression
   */
  public static Expression parse(String source) {
    return new Expression(source, ExpressionParser.parse(source));
  }

  /**
   * Replaces every <code>${...}</code> in a text that is no expression itself, such as a command or
   * a path.
   */
  public static String fill(String template, Variables variables) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (true) {
      int open = template.indexOf("${", i);
      int close = open < 0 ? -1 : template.indexOf('}', open);
      if (close < 0) {
        return out.append(template, i, template.length()).toString();
      }
      out.append(template, i, open);
      try {
        out.append(variables.value(template.substring(open + 2, close)).asText());
      } catch (IllegalArgumentException e) {
        throw new ExpressionException(template, open, e.getMessage(), e);
      }
      i = close + 1;
    }
  }

  /** The text it was parsed from. */
  public String source() {
    return source;
  }

  /** Names of all variables in it, in order of appearance. */
  public Set<String> variables() {
    Set<String> out = new LinkedHashSet<>();
    collect(root, out);
    return out;
  }

  /**
   * Computes the value.
   *
   * @throws ExpressionException if it cannot be computed, or takes too many steps
   */
  public Value evaluate(Variables variables) {
    return new Evaluation(source, variables).run(root);
  }

  private static void collect(Node node, Set<String> out) {
    switch (node) {
      case Node.Variable v -> out.add(v.name());
      case Node.Literal l -> {}
      case Node.Name n -> {}
      default -> {
        for (Node child : children(node)) {
          collect(child, out);
        }
      }
    }
  }

  private static List<Node> children(Node node) {
    return switch (node) {
      case Node.Literal l -> List.of();
      case Node.Variable v -> List.of();
      case Node.Name n -> List.of();
      case Node.Template t -> t.parts();
      case Node.Unary u -> List.of(u.operand());
      case Node.Binary b -> List.of(b.left(), b.right());
      case Node.Conditional c -> List.of(c.then(), c.condition(), c.otherwise());
      case Node.ListOf l -> l.items();
      case Node.Comprehension c -> {
        List<Node> all = new ArrayList<>(List.of(c.each(), c.source()));
        c.condition().ifPresent(all::add);
        yield all;
      }
      case Node.Call c -> {
        List<Node> all = new ArrayList<>(c.arguments());
        all.addAll(c.named().values());
        c.target().ifPresent(all::add);
        yield all;
      }
      case Node.Attribute a -> List.of(a.target());
      case Node.Index i -> List.of(i.target(), i.index());
      case Node.Part p -> {
        List<Node> all = new ArrayList<>(List.of(p.target()));
        p.from().ifPresent(all::add);
        p.to().ifPresent(all::add);
        yield all;
      }
    };
  }
}
