package org.tessera.engine.eval;

import org.tessera.engine.algebra.ArrayExpr;

/**
 * Makes evaluations; shared by all requests of a server, with its threads. Thread-safe. Made by
 * {@link Evaluators}.
 */
public interface Evaluator extends AutoCloseable {
  /** An evaluation of the expression. Refuses at once what is known to exceed the limits. */
  Evaluation prepare(ArrayExpr expr, Limits limits);

  /**
   * Whether {@link #prepare} would take the expression as far as the limits go: a question, which
   * is no part of the request's own work.
   */
  boolean allows(ArrayExpr expr, Limits limits);

  @Override
  void close();
}
