package org.tessera.ejb.service;

import java.util.concurrent.atomic.AtomicReference;
import org.tessera.ejb.runtime.QueryGate;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.eval.Evaluation;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Limits;
import org.tessera.engine.eval.RequestEvaluator;
import org.tessera.engine.eval.Spent;

/**
 * A reading request under way, from its door until the last byte of its answer is written: who
 * asks, and what is computed for it. That ends when the call is cancelled; a large one waits for
 * its turn first. Thread-safe.
 */
public final class Call implements AutoCloseable {
  private final String baseUrl;
  private final Caller caller;
  private final AtomicReference<Computing> computing = new AtomicReference<>();
  private volatile boolean cancelled;

  /**
   * @param baseUrl address of the application as the client sees it, without slash at the end
   */
  public Call(String baseUrl, Caller caller) {
    this.baseUrl = baseUrl;
    this.caller = caller;
  }

  String baseUrl() {
    return baseUrl;
  }

  /** What the caller may use. */
  Limits limits(ServerRuntime runtime) {
    return caller.roles().contains(Caller.Role.WRITER)
        ? runtime.settings().writerLimits()
        : runtime.settings().limits();
  }

  /** The evaluator for all that this call computes. */
  Evaluator evaluator(ServerRuntime runtime) {
    computing.compareAndSet(
        null, new Computing(new RequestEvaluator(runtime.evaluator()), runtime.gate()));
    Computing mine = computing.get();
    if (cancelled) {
      mine.evaluator.cancel();
    }
    return mine;
  }

  /** What has been computed for this call so far. */
  Spent spent() {
    Computing mine = computing.get();
    return mine == null ? new Spent(0, 0, 0, 0) : mine.evaluator.spent();
  }

  /** Ends what is computed for this call: nobody waits for it any more. */
  public void cancel() {
    cancelled = true;
    Computing mine = computing.get();
    if (mine != null) {
      mine.evaluator.cancel();
    }
  }

  @Override
  public void close() {
    Computing mine = computing.get();
    if (mine != null) {
      mine.close();
    }
  }

  /** Passes the gate once, before the first large evaluation. */
  private static final class Computing implements Evaluator {
    private final RequestEvaluator evaluator;
    private final QueryGate gate;
    private boolean inside;

    private Computing(RequestEvaluator evaluator, QueryGate gate) {
      this.evaluator = evaluator;
      this.gate = gate;
    }

    @Override
    public Evaluation prepare(ArrayExpr expr, Limits limits) {
      Evaluation evaluation = evaluator.prepare(expr, limits);
      if (evaluation.cells() >= QueryGate.LARGE) {
        enter();
      }
      return evaluation;
    }

    private synchronized void enter() {
      if (!inside) {
        gate.enter();
        inside = true;
      }
    }

    @Override
    public synchronized void close() {
      if (inside) {
        gate.leave();
        inside = false;
      }
      evaluator.close();
    }
  }
}
