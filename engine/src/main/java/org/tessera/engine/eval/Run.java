package org.tessera.engine.eval;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.StoredTile;

/** What all threads that work for one evaluation share: its limits, its end, the crew. */
final class Run {
  private final Crew crew;
  private final Limits limits;
  private final int block;
  private final long deadline;
  private final long begun = System.nanoTime();
  private final LongAdder cells = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final Set<Object> tiles = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  /** A tile of an array. */
  private record TileOf(ArraySource source, long number) {}

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

  /** Where bytes read from the store are counted. */
  LongAdder bytesRead() {
    return bytes;
  }

  void counted(long computed) {
    cells.add(computed);
  }

  void reads(ArraySource source, StoredTile tile) {
    tiles.add(new TileOf(source, tile.number()));
  }

  Spent spent() {
    return new Spent(cells.sum(), tiles.size(), bytes.sum(), System.nanoTime() - begun);
  }

  /** Refuses an evaluation that would need more than it may. */
  void checkNeeds(double cellsComputed, double bytesRead, double memory) {
    refuse(cellsComputed, limits.computed(), "computes", "cells");
    refuse(bytesRead, limits.read(), "reads", "bytes of cells");
    refuse(memory, limits.memory(), "needs", "bytes of memory");
  }

  private static void refuse(double need, long limit, String does, String what) {
    if (need > limit) {
      throw new EngineException(
          EngineException.Code.LIMIT_EXCEEDED,
          String.format(
              Locale.ROOT,
              "the request %s about %.0f %s; the limit is %d",
              does,
              need,
              what,
              limit));
    }
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
