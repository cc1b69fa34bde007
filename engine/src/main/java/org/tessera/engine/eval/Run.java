package org.tessera.engine.eval;

import org.tessera.engine.EngineException;

/** What all threads that work for one evaluation share: its limits, its end, the crew. */
final class Run {
  private final Crew crew;
  private final Limits limits;
  private final int block;
  private final long deadline;
  private volatile boolean cancelled;

  /**
   * @param block cells of a block: its arrays are to fit the second-level cache of a processor
   */
  Run(Crew crew, Limits limits, int block) {
    this.crew = crew;
    this.limits = limits;
    this.block = block;
    // Saturates for limits of centuries.
    long nanos =
        limits.time().toSeconds() > 1_000_000_000L ? Long.MAX_VALUE / 4 : limits.time().toNanos();
    this.deadline = System.nanoTime() + nanos;
  }

  int block() {
    return block;
  }

  Crew crew() {
    return crew;
  }

  void cancel() {
    cancelled = true;
  }

  /** Called between blocks. */
  void check() {
    if (cancelled) {
      throw new EngineException(EngineException.Code.CANCELLED, "the evaluation was cancelled");
    }
    if (System.nanoTime() - deadline > 0) {
      throw new EngineException(
          EngineException.Code.LIMIT_EXCEEDED,
          "the evaluation took longer than the limit of " + limits.time().toMillis() + " ms");
    }
  }

  /** Refuses arrays that have to be whole in memory and are too large. */
  void checkCells(String what, long cells, long bytesPerCell) {
    if (cells > limits.cells()) {
      throw new EngineException(
          EngineException.Code.LIMIT_EXCEEDED,
          what
              + " has "
              + (cells == Long.MAX_VALUE ? "more than 2^63" : cells)
              + " cells; the limit is "
              + limits.cells());
    }
    if (cells > limits.bytes() / bytesPerCell) {
      throw new EngineException(
          EngineException.Code.LIMIT_EXCEEDED,
          what
              + " has "
              + cells
              + " cells of "
              + bytesPerCell
              + " bytes; the limit is "
              + limits.bytes()
              + " bytes");
    }
  }

  /** Refuses what no Java array can hold. */
  int arrayLength(String what, long cells) {
    checkCells(what, cells, 1);
    if (cells > 1 << 30) {
      throw new EngineException(
          EngineException.Code.LIMIT_EXCEEDED,
          what + " has " + cells + " cells and has to be whole; at most " + (1 << 30) + " can be");
    }
    return (int) cells;
  }
}
