package org.tessera.coverage.expr;

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

  /** {@code " at line 1, column 5"}, or nothing if there is no text. */
  @Override
  public String toString() {
    return line == 0 ? "" : " at line " + line + ", column " + column;
  }
}
