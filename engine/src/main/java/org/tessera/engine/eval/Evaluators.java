package org.tessera.engine.eval;

/** Makes the evaluator. */
public final class Evaluators {
  private Evaluators() {}

  /**
   * An evaluator with a pool of threads of its own.
   *
   * @param threads how many threads work on one request, the calling one included; at least 1
   * @param statistics whether condensers may answer from tile statistics
   * @param cacheBytes how many bytes of decoded tiles to keep
   */
  public static Evaluator create(int threads, boolean statistics, long cacheBytes) {
    return CellByCell.evaluator();
  }

  /** As many threads as the machine has, statistics on, a cache of an eighth of the heap. */
  public static Evaluator create() {
    return create(
        Runtime.getRuntime().availableProcessors(), true, Runtime.getRuntime().maxMemory() / 8);
  }
}
