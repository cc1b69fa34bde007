package org.tessera.engine.eval;

import java.util.List;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.GridEnvelope;

/**
 * One band of an expression, ready to be computed for any box of its domain. Iteration variables
 * have become axes: a node that depends on some has them as its first axes. Thread-safe.
 */
abstract class Node {
  private final GridEnvelope domain;
  private final Band band;
  private boolean shared;
  private volatile Vec once;

  Node(GridEnvelope domain, Band band) {
    this.domain = domain;
    this.band = band;
  }

  final GridEnvelope domain() {
    return domain;
  }

  final Band band() {
    return band;
  }

  final boolean isScalar() {
    return domain.dimension() == 0;
  }

  /** The cells of a box within the domain; the receiver releases them. */
  abstract Vec compute(Work work, GridEnvelope box);

  /** The nodes that this one certainly asks for. */
  abstract List<Node> inputs();

  /**
   * Tells what of its inputs {@link #compute} asks for in the end when it is asked for a box. Costs
   * no reading of cells.
   */
  abstract void need(Needs needs, GridEnvelope box);

  /** Where tiles begin, per axis; null for no preference. Costs no reading of cells. */
  long[][] cuts(GridEnvelope box) {
    return null;
  }

  /** Nodes that are asked for the same box by several others keep it for the block. */
  final void share() {
    shared = true;
  }

  /** {@link #compute}, once for scalars and once a block for shared nodes. */
  final Vec eval(Work work, GridEnvelope box) {
    if (isScalar()) {
      return scalar(work);
    }
    if (!shared) {
      work.count(box);
      return compute(work, box);
    }
    Vec known = work.recall(this, box);
    if (known != null) {
      return known;
    }
    work.count(box);
    return work.remember(this, box, compute(work, box));
  }

  final Vec scalar(Work work) {
    Vec v = once;
    return v != null ? v : computeOnce(work);
  }

  private synchronized Vec computeOnce(Work work) {
    if (once == null) {
      Vec v = compute(work, domain);
      Object cell = Arena.allocate(band.type().storage(), band.type().components());
      Strided.fill(v, cell, 0, 1);
      long[] nulls = v.nulls() != null && Bits.get(v.nulls(), 0) ? new long[] {1} : null;
      once = new Vec(band.type(), cell, 0, 1, true, nulls, false);
      work.arena().release(v);
    }
    return once;
  }
}
