package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.List;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;

/**
 * The evaluations that one request makes, which can be ended together: when the client has gone
 * away, say. Uses the threads of a shared evaluator. Thread-safe.
 */
public final class RequestEvaluator implements Evaluator {
  private final Evaluator shared;
  private final List<Evaluation> begun = new ArrayList<>();
  private boolean cancelled;

  /**
   * @param shared is not closed with this one
   */
  public RequestEvaluator(Evaluator shared) {
    this.shared = shared;
  }

  /**
   * @throws EngineException {@code CANCELLED} after {@link #cancel}
   */
  @Override
  public Evaluation prepare(ArrayExpr expr, Limits limits) {
    Evaluation evaluation = shared.prepare(expr, limits);
    synchronized (this) {
      if (cancelled) {
        throw new EngineException(EngineException.Code.CANCELLED, "the request was cancelled");
      }
      begun.add(evaluation);
    }
    return evaluation;
  }

  @Override
  public boolean allows(ArrayExpr expr, Limits limits) {
    return shared.allows(expr, limits);
  }

  /** What all evaluations together have cost so far; time counts from the first one on. */
  public synchronized Spent spent() {
    long cells = 0;
    long tiles = 0;
    long bytes = 0;
    long nanos = 0;
    for (Evaluation e : begun) {
      Spent spent = e.spent();
      cells += spent.cells();
      tiles += spent.tiles();
      bytes += spent.bytes();
      nanos = Math.max(nanos, spent.nanos());
    }
    return new Spent(cells, tiles, bytes, nanos);
  }

  /** Ends all evaluations, those under way and those to come. May be called from any thread. */
  public synchronized void cancel() {
    cancelled = true;
    begun.forEach(Evaluation::cancel);
  }

  /** Lets go of the evaluations. */
  @Override
  public synchronized void close() {
    begun.clear();
  }
}
