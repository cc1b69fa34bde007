package org.tessera.engine.algebra;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import org.tessera.engine.EngineException;

/**
 * Refuses expressions that are nested too deep or too large to be planned, before anybody walks
 * them by recursion. Remembers what it has seen, so that an expression that grows step by step can
 * be checked at each step at the cost of what is new. Needs no stack itself. Not thread-safe.
 */
public final class ExpressionSize {
  /** Operations within one another, at most: what the stack of a thread holds several times. */
  public static final int DEEPEST = 500;

  /** Operations when each use of a repeated part is counted, at most. */
  public static final long LARGEST = 200_000;

  private final IdentityHashMap<ArrayExpr, Measure> known = new IdentityHashMap<>();

  /**
   * @param depth 0 for an expression without operands
   * @param size operations, each use of a part counted; saturates
   */
  private record Measure(int depth, long size) {}

  /**
   * @throws EngineException {@code LIMIT_EXCEEDED} if the expression is too deep or too large
   */
  public void check(ArrayExpr expr) {
    Measure m = measure(expr);
    if (m.depth > DEEPEST) {
      throw tooMuch("nests " + m.depth + " operations within one another", DEEPEST);
    }
    if (m.size > LARGEST) {
      throw tooMuch("has " + m.size + " operations, repeated ones counted each time", LARGEST);
    }
  }

  private static EngineException tooMuch(String what, long most) {
    return new EngineException(
        EngineException.Code.LIMIT_EXCEEDED, "the expression " + what + "; at most " + most);
  }

  private Measure measure(ArrayExpr expr) {
    Deque<ArrayExpr> open = new ArrayDeque<>();
    open.push(expr);
    while (!open.isEmpty()) {
      ArrayExpr e = open.peek();
      List<ArrayExpr> operands = Explain.operands(e);
      int depth = 0;
      long size = 1;
      boolean complete = true;
      for (ArrayExpr o : operands) {
        Measure m = known.get(o);
        if (m == null) {
          open.push(o);
          complete = false;
        } else {
          depth = Math.max(depth, m.depth + 1);
          size = Math.min(Long.MAX_VALUE / 2, size + m.size);
        }
      }
      if (complete) {
        known.put(e, new Measure(depth, size));
        open.pop();
      }
    }
    return known.get(expr);
  }
}
