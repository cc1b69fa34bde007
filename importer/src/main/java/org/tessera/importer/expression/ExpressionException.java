package org.tessera.importer.expression;

/** An expression is ill-formed or cannot be computed; the message shows it and the place. */
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param at index (from 0) of the character in the expression that the reason is about
   */
  ExpressionException(String expression, int at, String reason, Throwable cause) {
    super(
        reason + "\n    " + expression.replace('\n', ' ') + "\n    " + " ".repeat(at) + "^", cause);
    this.reason = reason;
  }

  /** What is wrong, without the expression. */
  public String reason() {
    return reason;
  }
}
