package org.tessera.engine.eval;

import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

/**
 * An expression ready to be computed, under limits, for one request. Made by {@link
 * Evaluator#prepare}. Its cells may be asked for several times. Failures are {@link
 * org.tessera.engine.EngineException}s.
 */
public interface Evaluation {
  ArrayType type();

  /**
   * The cells of a box (within the domain) as one tile; for results known to be small. Refused
   * above the limit of cells.
   */
  Tile read(GridEnvelope box);

  /**
   * The whole result in row-major order: consecutive tiles that together are the domain, each
   * reaching over the full extent of the last axes, delivered in order on the calling thread while
   * following ones are computed in parallel. Memory stays bounded whatever the size. If the sink
   * throws, the rest is cancelled.
   */
  void stream(Consumer<Tile> sink);

  /**
   * Does what else belongs to the result, such as compressing it, with the threads that compute it:
   * tasks 0 to n - 1, each once, side by side and in any order. Returns when all are done; throws
   * what the first failed one threw, or {@code CANCELLED}.
   */
  void each(int n, IntConsumer task);

  /** The cells of the {@link #estimate}, which are known without asking for the lists of tiles. */
  long cells();

  /**
   * What computing the whole result will cost. Needs no reading of cells, but of the lists of
   * tiles, and for bytes of partly read tiles of the tables of their blocks.
   */
  Estimate estimate();

  /** What it has cost so far. */
  Spent spent();

  /**
   * Stops the computation as soon as possible (every thread at its next block, within
   * milliseconds); callers get {@code CANCELLED}. May be called from any thread.
   */
  void cancel();
}
