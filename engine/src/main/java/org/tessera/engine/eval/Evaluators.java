package org.tessera.engine.eval;

/** Makes the evaluator. */
public final class Evaluators {
  private Evaluators() {}

  /**
   * An evaluator with a pool of threads of its own.
   *
   * @param threads how many threads work on one request, the calling one included; at least 1
   * @param statistics whether condensers may answer from tile statistics
   */
  public static Evaluator create(int threads, boolean statistics) {
    return new BlockEvaluator(threads, statistics);
  }

  /** As many threads as the machine has, statistics on. */
  public static Evaluator create() {
    return create(Runtime.getRuntime().availableProcessors(), true);
  }
}
