package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.List;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;

/**
 * A condenser over a part of a stored array, or over its comparison with a constant: whole tiles
 * are answered from their statistics (unless these are switched off), and only the others are read.
 */
final class Shortcut {
  private final Accumulator.Kind kind;
  private final Nodes.Stored stored;
  private final Views.Affine view;
  private final GridEnvelope domain;
  private final Comparison comparison;
  private final boolean statistics;

  /** "cells relation constant", and the node's band. */
  private record Comparison(
      Loops.Relation relation,
      double constant,
      Vec value,
      Kernel kernel,
      boolean left,
      Band band) {}

  private Shortcut(
      Accumulator.Kind kind,
      Nodes.Stored stored,
      Views.Affine view,
      GridEnvelope domain,
      Comparison comparison,
      boolean statistics) {
    this.kind = kind;
    this.stored = stored;
    this.view = view;
    this.domain = domain;
    this.comparison = comparison;
    this.statistics = statistics;
  }

  /** The shortcut for a condenser over the whole of a node, or null if there is none. */
  static Shortcut of(Accumulator.Kind kind, Node input, boolean statistics) {
    if (input instanceof Nodes.Map m
        && m.kernel() instanceof Kernel.Comparison c
        && kind.isTruth()) {
      Node a = m.inputs().get(0);
      Node b = m.inputs().get(1);
      boolean left = b instanceof Nodes.Literal && b.isScalar();
      Node cells = left ? a : b;
      Node constant = left ? b : a;
      if (!(constant instanceof Nodes.Literal l)
          || !l.isScalar()
          || cells.band().type().isComplex()) {
        return null;
      }
      Vec v = l.value();
      if (v.isNull() || v.type().isComplex()) {
        return null;
      }
      double x = v.getDouble(0);
      if ((v.type() == CellType.INT64 && Math.abs(x) > 1L << 53)
          || cells.band().type() == CellType.INT64) {
        return null;
      }
      Loops.Relation r = left ? c.relation() : c.relation().mirrored();
      return of(kind, cells, new Comparison(r, x, v, c, left, m.band()), statistics);
    }
    return of(kind, input, null, statistics);
  }

  private static Shortcut of(
      Accumulator.Kind kind, Node cells, Comparison comparison, boolean statistics) {
    if (cells.band().type().isComplex()) {
      return null;
    }
    if (cells instanceof Nodes.Stored s) {
      return new Shortcut(kind, s, null, s.domain(), comparison, statistics);
    }
    if (cells instanceof Views.Affine v && v.input() instanceof Nodes.Stored s) {
      return v.image(v.domain()) == null
          ? null
          : new Shortcut(kind, s, v, v.domain(), comparison, statistics);
    }
    return null;
  }

  /** The stored cells of a box of the condensed node. */
  private GridEnvelope region(GridEnvelope box) {
    return view == null ? box : view.image(box);
  }

  /** True if some tile lies wholly in the box, so that its statistics answer for it. */
  boolean helps(GridEnvelope box) {
    GridEnvelope region = region(box);
    return statistics
        && stored.source().tiles(region).stream()
            .anyMatch(t -> !t.statistics().isEmpty() && region.contains(t.box()));
  }

  /** What {@link #compute} needs for a box. */
  void need(Needs needs, GridEnvelope box) {
    GridEnvelope region = region(box);
    CellType in = comparison == null ? stored.band().type() : CellType.BOOLEAN;
    for (StoredTile t : stored.source().tiles(region)) {
      GridEnvelope part = t.box().intersection(region).orElseThrow();
      boolean answers =
          statistics
              && part.equals(t.box())
              && !t.statistics().isEmpty()
              && answer(new Accumulator(kind, in, 1), t.statistics().get(stored.number()));
      if (answers) {
        needs.answered(stored, t);
      } else {
        needs.ask(stored, part);
      }
    }
  }

  /** All cells of the node condensed. */
  Accumulator compute(Work work) {
    return compute(work, domain);
  }

  /** The cells of a box condensed. */
  Accumulator compute(Work work, GridEnvelope box) {
    GridEnvelope region = region(box);
    CellType in = comparison == null ? stored.band().type() : CellType.BOOLEAN;
    Accumulator total = new Accumulator(kind, in, 1);
    List<GridEnvelope> toRead = new ArrayList<>();
    long covered = 0;
    for (StoredTile t : stored.source().tiles(region)) {
      GridEnvelope part = t.box().intersection(region).orElseThrow();
      covered += part.cells();
      boolean answered =
          statistics
              && part.equals(t.box())
              && !t.statistics().isEmpty()
              && answer(total, t.statistics().get(stored.number()));
      if (!answered) {
        Boxes.blocks(part, 1 << 22, toRead::add);
      }
    }
    missing(work, total, region.cells() - covered);
    if (toRead.isEmpty()) {
      return total;
    }
    Node of = comparison == null ? stored : new Nodes.Literal(comparison.band, Vec.bool(false));
    Accumulator read =
        Fold.parts(
            work,
            toRead.size(),
            1,
            (w, i) -> {
              Accumulator a = new Accumulator(kind, in, 1);
              if (comparison == null) {
                Vec v = stored.eval(w, toRead.get(i));
                a.add(w, v, 1, toRead.get(i).cellsAsInt(), 1);
                w.arena().release(v);
              } else {
                compare(w, toRead.get(i), a);
              }
              return a;
            },
            kind,
            of);
    total.merge(read);
    return total;
  }

  private void compare(Work work, GridEnvelope box, Accumulator a) {
    Vec all = stored.eval(work, box);
    int n = box.cellsAsInt();
    if (!all.single()
        && Kernel.whole(all.type())
        && all.type().bytes() <= 4
        && Math.abs(comparison.constant) < 1L << 40) {
      long truths = Loops.count(comparison.relation, comparison.constant, all, all.at(), n);
      long nulls = 0;
      if (all.nulls() != null) {
        nulls = Bits.count(all.nulls());
        truths -= truthsAmongNulls(all, nulls);
      }
      a.addTruths(truths, true);
      a.addTruths(n - nulls - truths, false);
      work.arena().release(all);
      return;
    }
    // One piece of the tile after another, so that the truths stay in the cache.
    for (int at = 0; at < n; at += work.run().block()) {
      int m = Math.min(work.run().block(), n - at);
      Vec piece =
          all.single()
              ? all
              : new Vec(
                  all.type(),
                  all.array(),
                  all.at() + at,
                  m,
                  false,
                  Bits.part(all.nulls(), at, m),
                  false);
      Vec truths = comparison.kernel.apply(work.arena(), operands(piece), m, comparison.band);
      a.add(work, truths, 1, m, 1);
      work.arena().release(truths);
    }
    work.arena().release(all);
  }

  /** Null cells that the comparison, which does not know of nulls, holds true. */
  private long truthsAmongNulls(Vec cells, long nulls) {
    List<NullSet.Interval> values = stored.band().nulls().intervals();
    if (nulls > 0 && values.size() == 1 && values.getFirst().low() == values.getFirst().high()) {
      int one = Bits.next(cells.nulls(), 0);
      return nulls
          * Loops.count(comparison.relation, comparison.constant, cells, cells.at() + one, 1);
    }
    long truths = 0;
    for (int i = Bits.next(cells.nulls(), 0); i >= 0; i = Bits.next(cells.nulls(), i + 1)) {
      truths += Loops.count(comparison.relation, comparison.constant, cells, cells.at() + i, 1);
    }
    return truths;
  }

  private Vec[] operands(Vec cells) {
    return comparison.left
        ? new Vec[] {cells, comparison.value}
        : new Vec[] {comparison.value, cells};
  }

  private boolean answer(Accumulator total, BandStatistics s) {
    if (comparison == null) {
      return total.add(s);
    }
    if (s.count() == 0) {
      total.addTruths(0, false);
      return true;
    }
    double x = comparison.constant;
    double min = s.min();
    double max = s.max();
    if (Double.isNaN(min)) {
      // NaN alone: only != is true.
      total.addTruths(s.count(), comparison.relation == Loops.Relation.UNEQUAL);
      return true;
    }
    int all =
        switch (comparison.relation) {
          case GREATER -> min > x ? 1 : max <= x || Double.isNaN(x) ? 0 : -1;
          case GREATER_OR_EQUAL -> min >= x ? 1 : max < x || Double.isNaN(x) ? 0 : -1;
          case LESS -> max < x ? 1 : min >= x || Double.isNaN(x) ? 0 : -1;
          case LESS_OR_EQUAL -> max <= x ? 1 : min > x || Double.isNaN(x) ? 0 : -1;
          case EQUAL -> min == x && max == x ? 1 : x < min || x > max || Double.isNaN(x) ? 0 : -1;
          case UNEQUAL -> x < min || x > max || Double.isNaN(x) ? 1 : min == x && max == x ? 0 : -1;
        };
    if (all < 0) {
      return false;
    }
    total.addTruths(s.count() - s.nans(), all == 1);
    total.addTruths(s.nans(), comparison.relation == Loops.Relation.UNEQUAL);
    return true;
  }

  /** Cells that no tile holds: null, or 0 where the band has no null values. */
  private void missing(Work work, Accumulator total, long cells) {
    if (cells == 0) {
      return;
    }
    Vec zero = Kernel.outside(stored.band());
    if (zero.isNull()) {
      return;
    }
    Vec v = zero;
    if (comparison != null) {
      v = comparison.kernel.apply(work.arena(), operands(zero), 1, comparison.band);
    }
    total.addEqual(v, cells);
  }
}
