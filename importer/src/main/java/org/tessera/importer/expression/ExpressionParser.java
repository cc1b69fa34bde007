package org.tessera.importer.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Text to tree, by recursive descent; the nesting is limited. */
final class ExpressionParser {
  private static final int MAX_DEPTH = 200;
  private static final List<String> OPERATORS =
      List.of(
          "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "<", ">", "(", ")", "[", "]",
          ",", ":", ".", "=", "{", "}", ";", "@", "!", "&", "|", "^", "~", "\\", "?");
  private static final Set<String> WORDS =
      Set.of("if", "else", "for", "in", "and", "or", "not", "lambda", "import", "from", "is");

  private enum Kind {
    NUMBER,
    TEXT,
    NAME,
    WORD,
    VARIABLE,
    OPERATOR,
    END
  }

  private record Token(Kind kind, int at, String text) {}

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int next;
  private int depth;

  private ExpressionParser(String source) {
    this.source = source;
  }

  static Node parse(String source) {
    ExpressionParser p = new ExpressionParser(source);
    p.scan();
    Node node = p.expression();
    if (p.peek().kind() != Kind.END) {
      throw p.unexpected("an operator or the end");
    }
    return node;
  }

  // ---- tokens

  private void scan() {
    int i = 0;
    while (i < source.length()) {
      char c = source.charAt(i);
      if (c <= ' ') {
        i++;
      } else if (source.startsWith("${", i)) {
        int end = source.indexOf('}', i);
        if (end < 0) {
          throw error(i, "the variable is not closed by '}'");
        }
        tokens.add(new Token(Kind.VARIABLE, i, source.substring(i + 2, end)));
        i = end + 1;
      } else if (c == '\'' || c == '"') {
        i = scanText(i, i, false);
      } else if (Character.isDigit(c)
          || (c == '.' && i + 1 < source.length() && Character.isDigit(source.charAt(i + 1)))) {
        i = scanNumber(i);
      } else if (Character.isJavaIdentifierStart(c) && c != '$') {
        i = scanName(i);
      } else {
        String operator = null;
        for (String o : OPERATORS) {
          if (operator == null && source.startsWith(o, i)) {
            operator = o;
          }
        }
        if (operator == null) {
          throw error(i, "the character '" + c + "' has no meaning here");
        }
        tokens.add(new Token(Kind.OPERATOR, i, operator));
        i += operator.length();
      }
    }
    tokens.add(new Token(Kind.END, source.length(), "the end"));
  }

  private int scanName(int start) {
    int i = start;
    while (i < source.length()
        && source.charAt(i) != '$'
        && Character.isJavaIdentifierPart(source.charAt(i))) {
      i++;
    }
    String name = source.substring(start, i);
    if (name.equals("r") && i < source.length() && "'\"".indexOf(source.charAt(i)) >= 0) {
      return scanText(start, i, true);
    }
    tokens.add(new Token(WORDS.contains(name) ? Kind.WORD : Kind.NAME, start, name));
    return i;
  }

  private int scanNumber(int start) {
    int i = start;
    while (i < source.length()
        && (Character.isDigit(source.charAt(i)) || source.charAt(i) == '.')) {
      i++;
    }
    if (i < source.length() && (source.charAt(i) == 'e' || source.charAt(i) == 'E')) {
      int k = i + 1;
      if (k < source.length() && "+-".indexOf(source.charAt(k)) >= 0) {
        k++;
      }
      if (k < source.length() && Character.isDigit(source.charAt(k))) {
        while (k < source.length() && Character.isDigit(source.charAt(k))) {
          k++;
        }
        i = k;
      }
    }
    tokens.add(new Token(Kind.NUMBER, start, source.substring(start, i)));
    return i;
  }

  private int scanText(int at, int start, boolean raw) {
    char quote = source.charAt(start);
    StringBuilder out = new StringBuilder();
    int i = start + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      char c = source.charAt(i++);
      if (c != '\\' || raw || i >= source.length()) {
        out.append(c);
        continue;
      }
      char e = source.charAt(i++);
      switch (e) {
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case '\\', '\'', '"' -> out.append(e);
        // As in Python a backslash before anything else stays: regular expressions rely on it.
        default -> out.append('\\').append(e);
      }
    }
    if (i >= source.length()) {
      throw error(at, "the text is not closed by " + quote);
    }
    tokens.add(new Token(Kind.TEXT, at, out.toString()));
    return i + 1;
  }

  // ---- grammar

  private Node expression() {
    if (++depth > MAX_DEPTH) {
      throw error(peek().at(), "nested too deeply");
    }
    Node then = either();
    Node result = then;
    if (word("if")) {
      Node condition = either();
      if (!word("else")) {
        throw unexpected("'else'");
      }
      result = new Node.Conditional(then.at(), then, condition, expression());
    }
    depth--;
    return result;
  }

  private Node either() {
    Node left = both();
    while (word("or")) {
      left = new Node.Binary(left.at(), "or", left, both());
    }
    return left;
  }

  private Node both() {
    Node left = negation();
    while (word("and")) {
      left = new Node.Binary(left.at(), "and", left, negation());
    }
    return left;
  }

  private Node negation() {
    int at = peek().at();
    if (word("not")) {
      if (++depth > MAX_DEPTH) {
        throw error(at, "nested too deeply");
      }
      Node operand = negation();
      depth--;
      return new Node.Unary(at, "not", operand);
    }
    return comparison();
  }

  private Node comparison() {
    Node left = sum();
    while (true) {
      Token t = peek();
      if (t.kind() == Kind.OPERATOR
          && Set.of("==", "!=", "<", ">", "<=", ">=").contains(t.text())) {
        next++;
        left = new Node.Binary(t.at(), t.text(), left, sum());
      } else if (t.kind() == Kind.WORD && t.text().equals("in") && !inComprehension()) {
        next++;
        left = new Node.Binary(t.at(), "in", left, sum());
      } else {
        return left;
      }
    }
  }

  private boolean inComprehension() {
    return next >= 2
        && tokens.get(next - 1).kind() == Kind.NAME
        && tokens.get(next - 2).text().equals("for");
  }

  private Node sum() {
    Node left = product();
    while (true) {
      Token t = peek();
      if (!operator("+") && !operator("-")) {
        return left;
      }
      left = new Node.Binary(t.at(), t.text(), left, product());
    }
  }

  private Node product() {
    Node left = unary();
    while (true) {
      Token t = peek();
      if (!operator("*") && !operator("/") && !operator("//") && !operator("%")) {
        return left;
      }
      left = new Node.Binary(t.at(), t.text(), left, unary());
    }
  }

  private Node unary() {
    Token t = peek();
    if (operator("-") || operator("+")) {
      if (++depth > MAX_DEPTH) {
        throw error(t.at(), "nested too deeply");
      }
      Node operand = unary();
      depth--;
      return new Node.Unary(t.at(), t.text(), operand);
    }
    Node base = postfix();
    Token p = peek();
    if (operator("**")) {
      return new Node.Binary(p.at(), "**", base, unary());
    }
    return base;
  }

  private Node postfix() {
    Node node = atom();
    while (true) {
      Token t = peek();
      if (operator(".")) {
        Token name = take(Kind.NAME, "a name after '.'");
        node =
            operator("(")
                ? call(name.at(), Optional.of(node), name.text())
                : new Node.Attribute(name.at(), node, name.text());
      } else if (operator("[")) {
        node = subscript(t.at(), node);
      } else {
        return node;
      }
    }
  }

  private Node subscript(int at, Node target) {
    Optional<Node> from = Optional.empty();
    if (!sees(":")) {
      Node index = expression();
      if (operator("]")) {
        return new Node.Index(at, target, index);
      }
      from = Optional.of(index);
    }
    expect(":");
    Optional<Node> to = sees("]") ? Optional.empty() : Optional.of(expression());
    expect("]");
    return new Node.Part(at, target, from, to);
  }

  private Node atom() {
    Token t = peek();
    next++;
    return switch (t.kind()) {
      case NUMBER -> new Node.Literal(t.at(), number(t));
      case TEXT -> template(t);
      case VARIABLE -> new Node.Variable(t.at(), t.text());
      case NAME -> named(t);
      case OPERATOR -> {
        if (t.text().equals("(")) {
          Node inner = expression();
          expect(")");
          yield inner;
        }
        if (t.text().equals("[")) {
          yield list(t.at());
        }
        next--;
        throw unexpected("a value");
      }
      case WORD, END -> {
        next--;
        throw unexpected("a value");
      }
    };
  }

  private Node named(Token t) {
    return switch (t.text()) {
      case "True" -> new Node.Literal(t.at(), new Value.Bool(true));
      case "False" -> new Node.Literal(t.at(), new Value.Bool(false));
      case "None" -> new Node.Literal(t.at(), new Value.None());
      default ->
          operator("(")
              ? call(t.at(), Optional.empty(), t.text())
              : new Node.Name(t.at(), t.text());
    };
  }

  private Node call(int at, Optional<Node> target, String name) {
    List<Node> arguments = new ArrayList<>();
    Map<String, Node> byName = new LinkedHashMap<>();
    if (!operator(")")) {
      do {
        if (peek().kind() == Kind.NAME && tokens.get(next + 1).text().equals("=")) {
          String key = peek().text();
          next += 2;
          byName.put(key, expression());
        } else {
          arguments.add(expression());
        }
      } while (operator(","));
      expect(")");
    }
    return new Node.Call(at, target, name, arguments, byName);
  }

  private Node list(int at) {
    List<Node> items = new ArrayList<>();
    if (operator("]")) {
      return new Node.ListOf(at, items);
    }
    Node first = expression();
    if (word("for")) {
      Token variable = take(Kind.NAME, "a name after 'for'");
      if (!word("in")) {
        throw unexpected("'in'");
      }
      Node from = either();
      Optional<Node> condition = word("if") ? Optional.of(either()) : Optional.empty();
      expect("]");
      return new Node.Comprehension(at, first, variable.text(), from, condition);
    }
    items.add(first);
    while (operator(",")) {
      if (sees("]")) {
        break;
      }
      items.add(expression());
    }
    expect("]");
    return new Node.ListOf(at, items);
  }

  private Node template(Token t) {
    String text = t.text();
    if (!text.contains("${")) {
      return new Node.Literal(t.at(), new Value.Text(text));
    }
    List<Node> parts = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      int open = text.indexOf("${", i);
      int close = open < 0 ? -1 : text.indexOf('}', open);
      if (open < 0 || close < 0) {
        parts.add(new Node.Literal(t.at(), new Value.Text(text.substring(i))));
        break;
      }
      if (open > i) {
        parts.add(new Node.Literal(t.at(), new Value.Text(text.substring(i, open))));
      }
      parts.add(new Node.Variable(t.at(), text.substring(open + 2, close)));
      i = close + 1;
    }
    return new Node.Template(t.at(), parts);
  }

  private Value number(Token t) {
    try {
      BigDecimal number = new BigDecimal(t.text());
      if (Math.abs((long) number.scale()) > 400) {
        throw error(t.at(), "the number is too large or too small");
      }
      return new Value.Num(number);
    } catch (NumberFormatException e) {
      throw new ExpressionException(source, t.at(), "'" + t.text() + "' is not a number", e);
    }
  }

  // ---- small steps

  private Token peek() {
    return tokens.get(next);
  }

  private boolean sees(String operator) {
    return peek().kind() == Kind.OPERATOR && peek().text().equals(operator);
  }

  private boolean operator(String operator) {
    if (sees(operator)) {
      next++;
      return true;
    }
    return false;
  }

  private boolean word(String word) {
    if (peek().kind() == Kind.WORD && peek().text().equals(word)) {
      next++;
      return true;
    }
    return false;
  }

  private void expect(String operator) {
    if (!operator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  private Token take(Kind kind, String what) {
    if (peek().kind() != kind) {
      throw unexpected(what);
    }
    return tokens.get(next++);
  }

  private ExpressionException unexpected(String expected) {
    Token t = peek();
    String found = t.kind() == Kind.END ? "the end" : "'" + t.text() + "'";
    return error(t.at(), "expected " + expected + ", found " + found);
  }

  private ExpressionException error(int at, String reason) {
    return new ExpressionException(source, at, reason, null);
  }
}
