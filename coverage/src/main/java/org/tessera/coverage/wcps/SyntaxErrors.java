package org.tessera.coverage.wcps;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.Position;

/** Turns the first syntax error into an exception for the person who wrote the query. */
final class SyntaxErrors extends BaseErrorListener {
  private static final int MOST_EXPECTED = 8;

  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      Object offending,
      int line,
      int column,
      String message,
      RecognitionException e) {
    Parser parser = (Parser) recognizer;
    Token found = (Token) offending;
    unknownType(parser.getTokenStream(), found);
    IntervalSet expected =
        e != null && e.getExpectedTokens() != null
            ? e.getExpectedTokens()
            : parser.getExpectedTokens();
    throw at(line, column + 1, "found " + word(found) + ", expected " + words(expected, parser));
  }

  static OwsException at(Position position, String message) {
    return at(position.line(), position.column(), message);
  }

  static OwsException at(int line, int column, String message) {
    return new OwsException(
        OwsErrorCode.SYNTAX_ERROR,
        line + ":" + column,
        "Syntax error at line %d, column %d: %s.".formatted(line, column, message));
  }

  /** {@code (byte) c} reads as a name in parentheses; what was meant is a cast. */
  private static void unknownType(TokenStream tokens, Token found) {
    int i = found.getTokenIndex();
    if (i >= 3
        && tokens.get(i - 1).getText().equals(")")
        && tokens.get(i - 2).getType() == WcpsSyntaxLexer.NAME
        && tokens.get(i - 3).getText().equals("(")
        && (found.getType() == WcpsSyntaxLexer.NAME
            || found.getType() == WcpsSyntaxLexer.VARIABLE
            || found.getType() == WcpsSyntaxLexer.NUMBER
            || found.getText().equals("("))
        && (i == 3 || beginsExpression(tokens.get(i - 4)))) {
      Token type = tokens.get(i - 2);
      throw new Position(type.getLine(), type.getCharPositionInLine() + 1)
          .locate(
              new OwsException(
                  OwsErrorCode.NO_APPLICABLE_CODE,
                  type.getText(),
                  "Unknown WCPS base type '" + type.getText() + "' for casting."));
    }
  }

  /** Whether an expression may come after a token; after {@code in} comes a list of coverages. */
  private static boolean beginsExpression(Token before) {
    return switch (before.getType()) {
      case WcpsSyntaxLexer.IN,
          WcpsSyntaxLexer.DECODE,
          WcpsSyntaxLexer.NAME,
          WcpsSyntaxLexer.VARIABLE,
          WcpsSyntaxLexer.TYPE ->
          false;
      default -> !before.getText().equals(")") && !before.getText().equals("]");
    };
  }

  private static String word(Token t) {
    return t.getType() == Token.EOF ? "the end of the query" : "'" + abbreviate(t.getText()) + "'";
  }

  private static String abbreviate(String text) {
    return text.length() <= 40 ? text : text.substring(0, 37) + "...";
  }

  private static String words(IntervalSet expected, Parser parser) {
    List<String> words = new ArrayList<>();
    boolean name = expected.contains(WcpsSyntaxLexer.NAME);
    boolean operator = expected.contains(WcpsSyntaxLexer.OVERLAY) && !name;
    for (int type : expected.toList()) {
      String word =
          switch (type) {
            case Token.EOF -> "the end of the query";
            case WcpsSyntaxLexer.NAME -> "a name";
            case WcpsSyntaxLexer.VARIABLE -> name ? "" : "a variable";
            case WcpsSyntaxLexer.NUMBER -> "a number";
            case WcpsSyntaxLexer.STRING -> "a string";
            case WcpsSyntaxLexer.PART -> "$1";
            case WcpsSyntaxLexer.POINT_NUMBER, WcpsSyntaxLexer.OTHER -> "";
            default -> parser.getVocabulary().getDisplayName(type).toLowerCase(Locale.ROOT);
          };
      boolean keyword = word.length() > 3 && Character.isLetter(word.charAt(1));
      boolean symbolOfOperator =
          operator && word.matches("'([-+*/=<>]|!=|<=|>=|and|or|xor|overlay|mod|div|is)'");
      // Where a name may stand every keyword may; where an operator may stand all of them may.
      if (!word.isEmpty() && !symbolOfOperator && !(name && word.startsWith("'") && keyword)) {
        words.add(word);
      }
    }
    if (operator) {
      words.addFirst("an operator");
    }
    if (words.size() > MOST_EXPECTED) {
      words = new ArrayList<>(words.subList(0, MOST_EXPECTED));
      words.add("...");
    }
    if (words.size() == 1) {
      return words.getFirst();
    }
    return words.isEmpty()
        ? "something else"
        : String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }
}
