package org.tessera.importer.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One computation of one expression, with a limit of steps. */
final class Evaluation {
  /** Enough for a list comprehension over a million times; a second or so of work. */
  private static final long MAX_STEPS = 20_000_000;

  /** Longest text that is made. */
  static final int MAX_TEXT = 1_000_000;

  /** Elements of all lists together: several lists of a million times, a few hundred megabytes. */
  private static final long MAX_ITEMS = 8_000_000;

  /** Characters of all texts together. */
  private static final long MAX_CHARACTERS = 200_000_000;

  /** Digits before and behind the point of any number. */
  static final int MAX_DIGITS = 2_000;

  /** Steps that looking for a regular expression counts as. */
  private static final int SEARCH = 1_000;

  private final String source;
  private final Variables variables;
  private final Map<String, Value> locals = new HashMap<>();
  private long steps;
  private long items;
  private long characters;

  Evaluation(String source, Variables variables) {
    this.source = source;
    this.variables = variables;
  }

  Value run(Node node) {
    if (++steps > MAX_STEPS) {
      throw new ExpressionException(source, node.at(), "takes too many steps", null);
    }
    try {
      Value value = value(node);
      if (!(node instanceof Node.Literal || node instanceof Node.Name)) {
        limit(value);
      }
      return value;
    } catch (ArithmeticException | IllegalArgumentException | DateTimeException e) {
      throw new ExpressionException(source, node.at(), e.getMessage(), e);
    }
  }

  /** Counts what was made, so that no expression fills the memory. */
  private void limit(Value made) {
    switch (made) {
      case Value.Num n -> {
        int scale = n.number().scale();
        if (scale > MAX_DIGITS || (long) n.number().precision() - scale > MAX_DIGITS) {
          throw new IllegalArgumentException("the number is too large or has too many digits");
        }
      }
      case Value.Text t -> {
        characters += t.text().length();
        if (characters > MAX_CHARACTERS) {
          throw new IllegalArgumentException("makes too much text");
        }
      }
      case Value.Items i -> {
        items += i.items().size();
        if (items > MAX_ITEMS) {
          throw new IllegalArgumentException(
              "makes lists of more than " + MAX_ITEMS + " elements together");
        }
      }
      case Value.Bool _, Value.Time _, Value.ModelTime _, Value.Span _, Value.None _ -> {
        // Small, whatever they are.
      }
    }
  }

  /** Counts the work of going through a value. */
  private void pass(Value value) {
    switch (value) {
      case Value.Items i -> steps += i.items().size();
      case Value.Text t -> steps += t.text().length() / 64;
      default -> {
        // One step, which is counted already.
      }
    }
  }

  private Value value(Node node) {
    return switch (node) {
      case Node.Literal l -> l.value();
      case Node.Variable v -> variables.value(v.name());
      case Node.Name n -> name(n.name());
      case Node.Template t -> {
        StringBuilder out = new StringBuilder();
        for (Node part : t.parts()) {
          out.append(run(part).asText());
          if (out.length() > MAX_TEXT) {
            throw new IllegalArgumentException("the text gets too long");
          }
        }
        yield new Value.Text(out.toString());
      }
      case Node.Unary u -> unary(u);
      case Node.Binary b -> binary(b);
      case Node.Conditional c ->
          run(c.condition()).asBoolean() ? run(c.then()) : run(c.otherwise());
      case Node.ListOf l -> new Value.Items(l.items().stream().map(this::run).toList());
      case Node.Comprehension c -> comprehension(c);
      case Node.Call c -> call(c);
      case Node.Attribute a -> Functions.attribute(run(a.target()), a.name());
      case Node.Index i -> index(run(i.target()), run(i.index()));
      case Node.Part p -> part(p);
    };
  }

  private Value name(String name) {
    Value local = locals.get(name);
    if (local == null) {
      throw new IllegalArgumentException(
          "unknown name '"
              + name
              + "'; ingredients files can use "
              + String.join(", ", Functions.NAMES)
              + " and ${...}");
    }
    return local;
  }

  private Value unary(Node.Unary u) {
    Value v = run(u.operand());
    return switch (u.operator()) {
      case "not" -> new Value.Bool(!v.asBoolean());
      case "-" ->
          v instanceof Value.Span s
              ? new Value.Span(s.duration().negated())
              : new Value.Num(v.asNumber().negate());
      default -> v instanceof Value.Span ? v : new Value.Num(v.asNumber());
    };
  }

  private Value binary(Node.Binary b) {
    Value left = run(b.left());
    if (b.operator().equals("and")) {
      return left.asBoolean() ? run(b.right()) : left;
    }
    if (b.operator().equals("or")) {
      return left.asBoolean() ? left : run(b.right());
    }
    Value right = run(b.right());
    pass(left);
    pass(right);
    try {
      return switch (b.operator()) {
        case "+" -> add(left, right);
        case "-" -> subtract(left, right);
        case "*" -> multiply(left, right);
        case "/" -> divide(left, right);
        case "//" -> new Value.Num(floor(divide(left, right).asNumber()));
        case "%" -> {
          BigDecimal n = right.asNumber();
          BigDecimal quotient = floor(divide(left, right).asNumber());
          yield new Value.Num(left.asNumber().subtract(quotient.multiply(n)));
        }
        case "**" -> power(left.asNumber(), right.asNumber());
        case "==" -> new Value.Bool(same(left, right));
        case "!=" -> new Value.Bool(!same(left, right));
        case "<" -> new Value.Bool(compare(left, right) < 0);
        case ">" -> new Value.Bool(compare(left, right) > 0);
        case "<=" -> new Value.Bool(compare(left, right) <= 0);
        case ">=" -> new Value.Bool(compare(left, right) >= 0);
        case "in" -> new Value.Bool(contains(right, left));
        default -> throw new IllegalArgumentException("unknown operator " + b.operator());
      };
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new ExpressionException(source, b.at(), e.getMessage(), e);
    }
  }

  private static Value add(Value left, Value right) {
    if (left instanceof Value.Time t && right instanceof Value.Span s) {
      return new Value.Time(t.time().plus(s.duration()));
    }
    if (left instanceof Value.Span s && right instanceof Value.Time t) {
      return new Value.Time(t.time().plus(s.duration()));
    }
    if (left instanceof Value.ModelTime t && right instanceof Value.Span s) {
      return new Value.ModelTime(t.at().plus(s.duration()), t.calendar());
    }
    if (left instanceof Value.Span && right instanceof Value.ModelTime) {
      return add(right, left);
    }
    if (left instanceof Value.Span a && right instanceof Value.Span b) {
      return new Value.Span(a.duration().plus(b.duration()));
    }
    if (left instanceof Value.Items a && right instanceof Value.Items b) {
      List<Value> all = new ArrayList<>(a.items());
      all.addAll(b.items());
      return new Value.Items(all);
    }
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      if (a.text().length() + b.text().length() > MAX_TEXT) {
        throw new IllegalArgumentException("the text gets too long");
      }
      return new Value.Text(a.text() + b.text());
    }
    return new Value.Num(left.asNumber().add(right.asNumber()));
  }

  private static Value subtract(Value left, Value right) {
    if (left instanceof Value.Time a && right instanceof Value.Time b) {
      return new Value.Span(Duration.between(b.time(), a.time()));
    }
    if (left instanceof Value.Time t && right instanceof Value.Span s) {
      return new Value.Time(t.time().minus(s.duration()));
    }
    if (left instanceof Value.ModelTime a
        && right instanceof Value.ModelTime b
        && a.calendar() == b.calendar()) {
      return new Value.Span(Duration.between(b.at(), a.at()));
    }
    if (left instanceof Value.ModelTime t && right instanceof Value.Span s) {
      return new Value.ModelTime(t.at().minus(s.duration()), t.calendar());
    }
    if (left instanceof Value.Span a && right instanceof Value.Span b) {
      return new Value.Span(a.duration().minus(b.duration()));
    }
    return new Value.Num(left.asNumber().subtract(right.asNumber()));
  }

  private static Value multiply(Value left, Value right) {
    if (left instanceof Value.Span s) {
      return new Value.Span(Value.duration(Value.seconds(s.duration()).multiply(right.asNumber())));
    }
    if (right instanceof Value.Span) {
      return multiply(right, left);
    }
    return new Value.Num(left.asNumber().multiply(right.asNumber(), MathContext.DECIMAL128));
  }

  private static Value divide(Value left, Value right) {
    BigDecimal divisor =
        right instanceof Value.Span s ? Value.seconds(s.duration()) : right.asNumber();
    if (divisor.signum() == 0) {
      throw new IllegalArgumentException("division by zero");
    }
    if (left instanceof Value.Span s) {
      BigDecimal quotient = Value.seconds(s.duration()).divide(divisor, MathContext.DECIMAL128);
      return right instanceof Value.Span
          ? new Value.Num(quotient)
          : new Value.Span(Value.duration(quotient));
    }
    return new Value.Num(left.asNumber().divide(divisor, MathContext.DECIMAL128));
  }

  private static Value power(BigDecimal base, BigDecimal exponent) {
    if (exponent.abs().compareTo(BigDecimal.valueOf(1000)) > 0) {
      throw new IllegalArgumentException("the exponent is too large");
    }
    try {
      return new Value.Num(base.pow(exponent.intValueExact(), MathContext.DECIMAL128));
    } catch (ArithmeticException e) {
      return Value.of(Math.pow(base.doubleValue(), exponent.doubleValue()));
    }
  }

  private static BigDecimal floor(BigDecimal n) {
    return n.setScale(0, RoundingMode.FLOOR);
  }

  private static boolean same(Value left, Value right) {
    if (left instanceof Value.Num || right instanceof Value.Num) {
      try {
        return left.asNumber().compareTo(right.asNumber()) == 0;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
    return left.equals(right);
  }

  static int compare(Value left, Value right) {
    if (left instanceof Value.Time a && right instanceof Value.Time b) {
      return a.time().compareTo(b.time());
    }
    if (left instanceof Value.ModelTime a
        && right instanceof Value.ModelTime b
        && a.calendar() == b.calendar()) {
      return a.at().compareTo(b.at());
    }
    if (left instanceof Value.Span a && right instanceof Value.Span b) {
      return a.duration().compareTo(b.duration());
    }
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      return a.text().compareTo(b.text());
    }
    return left.asNumber().compareTo(right.asNumber());
  }

  private static boolean contains(Value whole, Value part) {
    return switch (whole) {
      case Value.Items i -> i.items().stream().anyMatch(v -> same(v, part));
      case Value.Text t -> t.text().contains(part.asText());
      default -> throw new IllegalArgumentException("'in' needs a list or a text");
    };
  }

  private Value comprehension(Node.Comprehension c) {
    Value from = run(c.source());
    List<Value> items = from instanceof Value.Items i ? i.items() : List.of(from);
    Value hidden = locals.get(c.variable());
    List<Value> out = new ArrayList<>(items.size());
    for (Value item : items) {
      locals.put(c.variable(), item);
      if (c.condition().isEmpty() || run(c.condition().get()).asBoolean()) {
        out.add(run(c.each()));
      }
    }
    if (hidden == null) {
      locals.remove(c.variable());
    } else {
      locals.put(c.variable(), hidden);
    }
    return new Value.Items(out);
  }

  private Value call(Node.Call c) {
    List<Value> arguments = new ArrayList<>();
    for (Node a : c.arguments()) {
      Value argument = run(a);
      pass(argument);
      arguments.add(argument);
    }
    steps += c.name().equals("regex_extract") ? SEARCH : 0;
    Map<String, Value> named = new LinkedHashMap<>();
    c.named().forEach((k, v) -> named.put(k, run(v)));
    Functions.Arguments all = new Functions.Arguments(c.name(), arguments, named);
    if (c.target().isEmpty()) {
      return Functions.call(all);
    }
    // datetime.strptime, math.floor and the like: the target is a module or class, not a value.
    if (c.target().get() instanceof Node.Name n
        && !locals.containsKey(n.name())
        && Functions.MODULES.contains(n.name())) {
      return Functions.member(n.name(), all);
    }
    if (c.target().get() instanceof Node.Attribute a
        && a.target() instanceof Node.Name n
        && Functions.MODULES.contains(n.name())
        && Functions.MODULES.contains(a.name())) {
      return Functions.member(a.name(), all);
    }
    return Functions.method(run(c.target().get()), all);
  }

  private static Value index(Value target, Value index) {
    int i = whole(index);
    return switch (target) {
      case Value.Items l -> l.items().get(place(i, l.items().size()));
      case Value.Text t ->
          new Value.Text(t.text().substring(place(i, t.text().length())).substring(0, 1));
      default -> throw new IllegalArgumentException(target.kind() + " has no elements");
    };
  }

  private static int place(int i, int size) {
    int p = i < 0 ? i + size : i;
    if (p < 0 || p >= size) {
      throw new IllegalArgumentException("index " + i + " is outside of 0.." + (size - 1));
    }
    return p;
  }

  private Value part(Node.Part p) {
    Value target = run(p.target());
    int size =
        switch (target) {
          case Value.Items l -> l.items().size();
          case Value.Text t -> t.text().length();
          default -> throw new IllegalArgumentException(target.kind() + " has no parts");
        };
    int from = p.from().isEmpty() ? 0 : clamp(whole(run(p.from().get())), size);
    int to = p.to().isEmpty() ? size : clamp(whole(run(p.to().get())), size);
    int end = Math.max(from, to);
    return target instanceof Value.Items l
        ? new Value.Items(l.items().subList(from, end))
        : new Value.Text(target.asText().substring(from, end));
  }

  private static int clamp(int i, int size) {
    return Math.clamp(i < 0 ? (long) i + size : i, 0, size);
  }

  static int whole(Value v) {
    try {
      return v.asNumber().intValueExact();
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(v.asText() + " is not a whole number", e);
    }
  }
}
