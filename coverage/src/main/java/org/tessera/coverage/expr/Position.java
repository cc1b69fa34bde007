package org.tessera.coverage.expr;

import org.tessera.coverage.OwsException;

/**
 * Where an expression begins in the text it came from. Positions do not count when expressions are
 * compared: all positions are equal to one another.
 *
 * @param line from 1; 0 if the expression came from no text
 * @param column from 1
 */
public record Position(int line, int column) {
  /** Of an expression that was built, not parsed. */
  public static final Position NONE = new Position(0, 0);

  @Override
  public boolean equals(Object o) {
    return o instanceof Position;
  }

  @Override
  public int hashCode() {
    return 1;
  }

  /** The exception with this place at the end of its message, unless it tells a place already. */
  public OwsException locate(OwsException e) {
    String message = e.getMessage();
    boolean users = e.code().httpStatus() < 500 || e.code().httpStatus() == 501;
    return line == 0 || !users || message.contains("at line ")
        ? e
        : new OwsException(
            e.code(), e.locator().orElse(null), message + " (" + toString().strip() + ")", e);
  }

  /** {@code " at line 1, column 5"}, or nothing if there is no text. */
  @Override
  public String toString() {
    return line == 0 ? "" : " at line " + line + ", column " + column;
  }
}
