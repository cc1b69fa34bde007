package org.tessera.ejb.service;

import java.util.concurrent.atomic.AtomicReference;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.RequestEvaluator;
import org.tessera.engine.eval.Spent;

/**
 * A reading request under way, from its door until the last byte of its answer is written; what it
 * computes ends when the call is cancelled. Thread-safe.
 */
public final class Call implements AutoCloseable {
  private final String baseUrl;
  private final AtomicReference<RequestEvaluator> evaluator = new AtomicReference<>();
  private volatile boolean cancelled;

  /**
   * @param baseUrl address of the application as the client sees it, without slash at the end
   */
  public Call(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  String baseUrl() {
    return baseUrl;
  }

  /** The evaluator for all that this call computes. */
  Evaluator evaluator(Evaluator shared) {
    evaluator.compareAndSet(null, new RequestEvaluator(shared));
    RequestEvaluator mine = evaluator.get();
    if (cancelled) {
      mine.cancel();
    }
    return mine;
  }

  /** What has been computed for this call so far. */
  Spent spent() {
    RequestEvaluator mine = evaluator.get();
    return mine == null ? new Spent(0, 0, 0, 0) : mine.spent();
  }

  /** Ends what is computed for this call: nobody waits for it any more. */
  public void cancel() {
    cancelled = true;
    RequestEvaluator mine = evaluator.get();
    if (mine != null) {
      mine.cancel();
    }
  }

  @Override
  public void close() {
    RequestEvaluator mine = evaluator.get();
    if (mine != null) {
      mine.close();
    }
  }
}
