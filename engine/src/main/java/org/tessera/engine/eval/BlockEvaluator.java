package org.tessera.engine.eval;

import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.ExpressionSize;
import org.tessera.engine.array.ArrayType;

/** The evaluator: a crew of threads, and plans made on demand. */
final class BlockEvaluator implements Evaluator {
  /** 64 to 256 KiB an array. */
  private static final int BLOCK = 1 << 15;

  private final Crew crew;
  private final boolean statistics;
  private final int block;

  BlockEvaluator(int threads, boolean statistics) {
    this(threads, statistics, BLOCK);
  }

  /** With blocks of another size, for tests. */
  BlockEvaluator(int threads, boolean statistics, int block) {
    this.crew = new Crew(threads);
    this.statistics = statistics;
    this.block = block;
  }

  @Override
  public Evaluation prepare(ArrayExpr expr, Limits limits) {
    new ExpressionSize().check(expr);
    ArrayType type = expr.type();
    Run run = new Run(crew, limits, block);
    run.checkCells("the result", type.domain().cells(), type.bytesPerCell());
    return new BlockEvaluation(type, Planner.plan(expr, statistics), run);
  }

  @Override
  public boolean allows(ArrayExpr expr, Limits limits) {
    try {
      prepare(expr, limits);
      return true;
    } catch (EngineException e) {
      if (e.code() == EngineException.Code.LIMIT_EXCEEDED) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    crew.close();
  }
}
