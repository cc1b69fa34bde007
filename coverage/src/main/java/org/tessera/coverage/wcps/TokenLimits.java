package org.tessera.coverage.wcps;

import java.util.List;
import org.antlr.v4.runtime.Token;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.DomainSet;

/**
 * Refuses what would cost the parser more than it is worth: brackets deep in brackets, lists of
 * axes (in [], in {} and after OVER) of which no coverage can have that many, and lists of more
 * coverages than a query may have results. The parser looks ahead over whole lists to tell similar
 * constructs apart, so this comes before it.
 */
final class TokenLimits {
  /** How many tokens after one are looked at to judge it. */
  static final int LOOK_AHEAD = 6;

  /** Most coverages that a variable may run over. */
  private static final int MAX_SOURCES = 10_000;

  /** What the list at a bracket depth holds. */
  private enum Kind {
    OTHER,
    /** Subsets in brackets, or iterators after OVER: every item is an axis. */
    AXES,
    /** Items in braces, some of which may be axes. */
    BRACES,
    SOURCES
  }

  private final List<Token> tokens;
  private final Kind[] kinds = new Kind[WcpsParser.MAX_BRACKETS + 1];
  private final int[] items = new int[WcpsParser.MAX_BRACKETS + 1];
  private int depth;
  private int next;

  /**
   * @param tokens may grow while they are checked
   */
  TokenLimits(List<Token> tokens) {
    this.tokens = tokens;
    kinds[0] = Kind.OTHER;
  }

  /** Checks the tokens before a place that were not checked yet. */
  void checkTo(int end) {
    while (next < end) {
      check(next++);
    }
  }

  private void check(int i) {
    Token t = tokens.get(i);
    switch (t.getType()) {
      case WcpsSyntaxLexer.OVER -> enter(Kind.AXES);
      case WcpsSyntaxLexer.VALUE, WcpsSyntaxLexer.VALUES, WcpsSyntaxLexer.USING ->
          enter(Kind.OTHER);
      default -> {
        if (t.getStartIndex() == t.getStopIndex()) {
          symbol(i, t);
        }
      }
    }
  }

  private void symbol(int i, Token t) {
    switch (t.getText().charAt(0)) {
      case '(' ->
          open(
              t,
              i > 0 && tokens.get(i - 1).getType() == WcpsSyntaxLexer.IN
                  ? Kind.SOURCES
                  : Kind.OTHER);
      case '[' -> open(t, Kind.AXES);
      case '{' -> {
        open(t, Kind.BRACES);
        if (!startsAxis(i + 1)) {
          items[depth] = 0;
        }
      }
      case ')', ']', '}' -> depth = Math.max(0, depth - 1);
      case ',' -> {
        switch (kinds[depth]) {
          case AXES -> count(t, DomainSet.MAX_AXES, "axes");
          case SOURCES -> count(t, MAX_SOURCES, "coverages");
          case BRACES -> {
            if (startsAxis(i + 1)) {
              count(t, DomainSet.MAX_AXES, "axes");
            }
          }
          case OTHER -> {
            // Arguments may be as many as they like.
          }
        }
      }
      default -> {
        // Neither a bracket nor a separator.
      }
    }
  }

  private void open(Token t, Kind kind) {
    if (++depth > WcpsParser.MAX_BRACKETS) {
      throw WcpsParser.tooDeep(t);
    }
    enter(kind);
  }

  private void enter(Kind kind) {
    kinds[depth] = kind;
    items[depth] = 1;
  }

  private void count(Token at, int most, String what) {
    if (++items[depth] > most) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          at.getLine() + ":" + (at.getCharPositionInLine() + 1),
          "The query lists more than %d %s at line %d, column %d."
              .formatted(most, what, at.getLine(), at.getCharPositionInLine() + 1));
    }
  }

  /** Whether {@code name(} or {@code name:"crs"(} stands at a place. */
  private boolean startsAxis(int at) {
    return is(at + 1, "(")
        || (is(at + 1, ":")
            && at + 2 < tokens.size()
            && tokens.get(at + 2).getType() == WcpsSyntaxLexer.STRING
            && is(at + 3, "("));
  }

  private boolean is(int at, String text) {
    return at < tokens.size() && tokens.get(at).getText().equals(text);
  }
}
