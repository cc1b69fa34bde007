package org.tessera.coverage.wcps;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.ListTokenSource;
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

  /** {@code Lat(0:10)}: the value of a {@code subset} parameter, a text of its own. */
  public static DimensionSubset parseSubset(String text) {
    DimensionSubset parsed =
        new ExprBuilder().dimension(tree(text, WcpsSyntaxParser::wholeDimensions).dimension(0));
    return switch (parsed) {
      case DimensionSubset.DimensionTrim t ->
          new DimensionSubset.DimensionTrim(t.axis(), t.crs(), t.lower(), t.upper());
      case DimensionSubset.DimensionSlice s ->
          new DimensionSubset.DimensionSlice(s.axis(), s.crs(), s.at());
      case DimensionSubset.DimensionVariable v -> v;
    };
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
    CommonTokenStream tokens = new CommonTokenStream(new ListTokenSource(limited(lexer)));
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

  /** All tokens of a text, read only as far as it keeps the limits of {@link TokenLimits}. */
  private static List<Token> limited(WcpsSyntaxLexer lexer) {
    List<Token> tokens = new ArrayList<>();
    TokenLimits limits = new TokenLimits(tokens);
    Token last;
    do {
      last = lexer.nextToken();
      tokens.add(last);
      limits.checkTo(tokens.size() - TokenLimits.LOOK_AHEAD);
    } while (last.getType() != Token.EOF);
    limits.checkTo(tokens.size());
    return tokens;
  }

  static OwsException tooDeep(Token at) {
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
