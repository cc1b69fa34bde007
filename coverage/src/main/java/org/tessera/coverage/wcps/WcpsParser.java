package org.tessera.coverage.wcps;

import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.DimensionSubset;
import org.tessera.coverage.expr.Shape;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.coverage.model.DomainSet;

/**
 * Reads WCPS text. Stateless and thread-safe. All methods throw {@link OwsException} with {@code
 * SyntaxError}, saying line, column, what was found and what was expected.
 */
public final class WcpsParser {
  /** Longest text that is read, in characters. */
  static final int MAX_LENGTH = 2_000_000;

  /** Deepest nesting of brackets. */
  static final int MAX_BRACKETS = 200;

  /** Deepest parse tree. */
  static final int MAX_DEPTH = 1000;

  private WcpsParser() {}

  /** A query: for, let, where, return. */
  public static WcpsQuery parse(String text) {
    return new ExprBuilder().query(tree(text, WcpsSyntaxParser::wholeQuery).query());
  }

  /** An expression alone, such as a style fragment of WMS; variables may be free. */
  public static CoverageExpr parseExpression(String text) {
    return new ExprBuilder().expr(tree(text, WcpsSyntaxParser::wholeExpression).expression());
  }

  /** A shape alone: the value of the {@code clip} parameter of GetCoverage. */
  public static Shape parseShape(String text) {
    return new ExprBuilder().shape(tree(text, WcpsSyntaxParser::wholeShape).shape());
  }

  /** {@code Lat(0:10)}: the value of a {@code subset} parameter. */
  public static DimensionSubset parseSubset(String text) {
    return new ExprBuilder().dimension(tree(text, WcpsSyntaxParser::wholeDimensions).dimension(0));
  }

  private static <T extends ParserRuleContext> T tree(
      String text, Function<WcpsSyntaxParser, T> rule) {
    if (text.length() > MAX_LENGTH) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          "The query has %d characters, more than the limit of %d."
              .formatted(text.length(), MAX_LENGTH));
    }
    WcpsSyntaxLexer lexer = new WcpsSyntaxLexer(CharStreams.fromString(text));
    lexer.removeErrorListeners();
    CommonTokenStream tokens = new CommonTokenStream(lexer);
    tokens.fill();
    checkLimits(tokens);
    WcpsSyntaxParser parser = new WcpsSyntaxParser(tokens);
    parser.removeErrorListeners();
    parser.addParseListener(new DepthGuard());
    // The cheap prediction decides nearly every query; only where it fails is the full one asked,
    // which then also says what is wrong.
    parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
    parser.setErrorHandler(new BailErrorStrategy());
    try {
      return rule.apply(parser);
    } catch (ParseCancellationException e) {
      tokens.seek(0);
      parser.reset();
      parser.removeParseListeners();
      parser.addParseListener(new DepthGuard());
      parser.addErrorListener(new SyntaxErrors());
      parser.setErrorHandler(new DefaultErrorStrategy());
      parser.getInterpreter().setPredictionMode(PredictionMode.LL);
      return rule.apply(parser);
    }
  }

  /**
   * Refuses what would cost the parser more than it is worth: brackets in brackets, and lists of
   * axes (in [], in {} and after OVER) of which no coverage can have that many. The parser looks
   * ahead over whole lists to tell similar constructs apart, so this comes before it.
   */
  private static void checkLimits(CommonTokenStream tokens) {
    int depth = 0;
    // Per open bracket, the outermost first: axes seen in the list that it is, or -1 in no list.
    int[] axes = new int[MAX_BRACKETS + 1];
    axes[0] = -1;
    List<Token> all = tokens.getTokens();
    for (int i = 0; i < all.size(); i++) {
      Token t = all.get(i);
      switch (t.getType()) {
        case WcpsSyntaxLexer.OVER -> axes[depth] = startsAxis(all, i + 2) ? 1 : 0;
        case WcpsSyntaxLexer.VALUE, WcpsSyntaxLexer.VALUES, WcpsSyntaxLexer.USING ->
            axes[depth] = -1;
        default -> {
          if (t.getStartIndex() != t.getStopIndex()) {
            continue;
          }
          switch (t.getText().charAt(0)) {
            case '(', '[', '{' -> {
              if (++depth > MAX_BRACKETS) {
                throw tooDeep(t);
              }
              axes[depth] = t.getText().equals("(") ? -1 : startsAxis(all, i + 1) ? 1 : 0;
            }
            case ')', ']', '}' -> depth = Math.max(0, depth - 1);
            case ',' -> {
              if (axes[depth] >= 0
                  && (startsAxis(all, i + 1) || startsAxis(all, i + 2))
                  && ++axes[depth] > DomainSet.MAX_AXES) {
                throw tooManyAxes(t);
              }
            }
            default -> {
              // Neither a bracket nor a separator.
            }
          }
        }
      }
    }
  }

  /** Whether {@code name(} or {@code name:"crs"(} stands at a place. */
  private static boolean startsAxis(List<Token> tokens, int at) {
    if (at + 1 >= tokens.size() || !isWord(tokens.get(at))) {
      return false;
    }
    String next = tokens.get(at + 1).getText();
    return next.equals("(")
        || (next.equals(":")
            && at + 3 < tokens.size()
            && tokens.get(at + 2).getType() == WcpsSyntaxLexer.STRING
            && tokens.get(at + 3).getText().equals("("));
  }

  private static boolean isWord(Token t) {
    int c = t.getText().codePointAt(0);
    return Character.isLetter(c) || c == '_' || c == '$' || t.getType() == WcpsSyntaxLexer.NAME;
  }

  private static OwsException tooManyAxes(Token at) {
    return new OwsException(
        OwsErrorCode.REQUEST_TOO_LARGE,
        at.getLine() + ":" + (at.getCharPositionInLine() + 1),
        "The query lists more than %d axes at line %d, column %d."
            .formatted(DomainSet.MAX_AXES, at.getLine(), at.getCharPositionInLine() + 1));
  }

  private static OwsException tooDeep(Token at) {
    return SyntaxErrors.at(
        at.getLine(), at.getCharPositionInLine() + 1, "the query is nested too deeply");
  }

  /** Stops the parser before its stack does. */
  private static final class DepthGuard implements ParseTreeListener {
    private int depth;

    @Override
    public void enterEveryRule(ParserRuleContext ctx) {
      if (++depth > MAX_DEPTH) {
        throw tooDeep(ctx.getStart());
      }
    }

    @Override
    public void exitEveryRule(ParserRuleContext ctx) {
      depth--;
    }

    @Override
    public void visitTerminal(TerminalNode node) {
      // Only depth counts.
    }

    @Override
    public void visitErrorNode(ErrorNode node) {
      // Only depth counts.
    }
  }
}
