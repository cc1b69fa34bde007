package org.tessera.engine.eval;

import org.tessera.engine.algebra.ArrayExpr;

/**
 * Makes evaluations; shared by all requests of a server, with its threads. Thread-safe. Made by
 * {@link Evaluators}.
 */
public interface Evaluator extends AutoCloseable {
  /** An evaluation of the expression. Refuses at once what is known to exceed the limits. */
  Evaluation prepare(ArrayExpr expr, Limits limits);

  @Override
  void close();
}
