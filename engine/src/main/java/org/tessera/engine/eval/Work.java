package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.List;
import org.tessera.engine.array.GridEnvelope;

/** One thread's share of an evaluation: scratch arrays and the results of shared nodes. */
final class Work {
  private final Run run;
  private final boolean helper;
  private final Arena arena = new Arena();
  private final List<Known> known = new ArrayList<>();
  private long cells;

  /** A shared node's cells for the block under way. */
  private record Known(Node node, GridEnvelope box, Vec cells, Vec owned) {}

  Work(Run run, boolean helper) {
    this.run = run;
    this.helper = helper;
  }

  Run run() {
    return run;
  }

  Arena arena() {
    return arena;
  }

  /** That a node computes a box. */
  void count(GridEnvelope box) {
    cells += box.cells();
  }

  /** Adds what this thread counted to the evaluation's. */
  void settle() {
    run.counted(cells);
    cells = 0;
  }

  /** True on a pool thread: the job that it helps already keeps the crew busy. */
  boolean isHelper() {
    return helper;
  }

  /** The cells of a shared node if it was asked for the same box in this block, else null. */
  Vec recall(Node node, GridEnvelope box) {
    for (int i = known.size() - 1; i >= 0; i--) {
      Known k = known.get(i);
      if (k.node == node && k.box.equals(box)) {
        return k.cells;
      }
    }
    return null;
  }

  Vec remember(Node node, GridEnvelope box, Vec cells) {
    Vec shared = cells.shared();
    known.add(new Known(node, box, shared, cells));
    return shared;
  }

  /** To be given to {@link #forget} when the block is done. */
  int mark() {
    return known.size();
  }

  /** Forgets what shared nodes computed since the mark. */
  void forget(int mark) {
    while (known.size() > mark) {
      arena.release(known.removeLast().owned);
    }
  }
}
