package org.tessera.ejb.service;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.tessera.ejb.runtime.QueryGate;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.ejb.runtime.UnderWay;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Estimate;
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
  /** Bytes of results that are computed once for all who ask at the same moment. */
  private static final long SHARED_BYTES = 4L << 20;

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
        null,
        new Computing(
            new RequestEvaluator(runtime.evaluator()),
            runtime.gate(caller.roles().contains(Caller.Role.WRITER)),
            runtime.underWay()));
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

  /**
   * Passes the gate once, before the first large evaluation; not for a small result that another
   * call is computing already.
   */
  private final class Computing implements Evaluator {
    private final RequestEvaluator evaluator;
    private final QueryGate gate;
    private final UnderWay underWay;
    private boolean inside;

    private Computing(RequestEvaluator evaluator, QueryGate gate, UnderWay underWay) {
      this.evaluator = evaluator;
      this.gate = gate;
      this.underWay = underWay;
    }

    @Override
    public Evaluation prepare(ArrayExpr expr, Limits limits) {
      Evaluation evaluation = evaluator.prepare(expr, limits);
      if (evaluation.cells() < QueryGate.LARGE) {
        return evaluation;
      }
      ArrayType type = evaluation.type();
      if (type.domain().cells() <= SHARED_BYTES / type.bytesPerCell()) {
        return new Shared(expr, limits, evaluation);
      }
      enter();
      return evaluation;
    }

    @Override
    public boolean allows(ArrayExpr expr, Limits limits) {
      return evaluator.allows(expr, limits);
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

    /** Much work for a small result: what is asked for at the same moment is computed once. */
    private final class Shared implements Evaluation {
      private final ArrayExpr expr;
      private final Evaluation evaluation;
      private final long deadline;

      private Shared(ArrayExpr expr, Limits limits, Evaluation evaluation) {
        this.expr = expr;
        this.evaluation = evaluation;
        // Of limits of centuries a day is enough.
        long seconds = Math.min(limits.time().toSeconds(), TimeUnit.DAYS.toSeconds(1));
        this.deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      }

      private Tile whole() {
        return underWay.cells(
            expr,
            () -> {
              enter();
              return evaluation.read(evaluation.type().domain());
            },
            () -> {
              if (cancelled || System.nanoTime() - deadline > 0) {
                throw new EngineException(
                    EngineException.Code.CANCELLED,
                    "the request was cancelled while another one computed the same");
              }
            });
      }

      @Override
      public Tile read(GridEnvelope box) {
        if (box.equals(evaluation.type().domain())) {
          return whole();
        }
        enter();
        return evaluation.read(box);
      }

      @Override
      public void stream(Consumer<Tile> sink) {
        sink.accept(whole());
      }

      @Override
      public void each(int n, IntConsumer task) {
        evaluation.each(n, task);
      }

      @Override
      public ArrayType type() {
        return evaluation.type();
      }

      @Override
      public long cells() {
        return evaluation.cells();
      }

      @Override
      public Estimate estimate() {
        return evaluation.estimate();
      }

      @Override
      public Spent spent() {
        return evaluation.spent();
      }

      @Override
      public void cancel() {
        evaluation.cancel();
      }
    }
  }
}
