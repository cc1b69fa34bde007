package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.GridEnvelope;

/**
 * Adjacent axes of the input condensed: each result cell sees all cells along them. The input is
 * taken block by block; only partial results are kept.
 */
final class Fold extends Node {
  private final Accumulator.Kind kind;
  private final Node input;
  private final int from;
  private final int to;
  private final Shortcut shortcut;

  /**
   * @param from first axis to condense
   * @param to the axis after the last one
   */
  Fold(Accumulator.Kind kind, Node input, int from, int to, Band band, boolean statistics) {
    super(outer(input.domain(), from, to), band);
    this.kind = kind;
    this.input = input;
    this.from = from;
    this.to = to;
    this.shortcut = Shortcut.of(kind, input, statistics);
  }

  /** A box without the axes from {@code from} to before {@code to}. */
  static GridEnvelope outer(GridEnvelope box, int from, int to) {
    GridEnvelope r = box;
    for (int a = to - 1; a >= from; a--) {
      r = r.without(a);
    }
    return r;
  }

  /** Only these axes of a box. */
  static GridEnvelope inner(GridEnvelope box, int from, int to) {
    return box.permute(java.util.stream.IntStream.range(from, to).toArray());
  }

  private GridEnvelope joined(GridEnvelope kept, GridEnvelope condensed) {
    return joined(kept, condensed, from, to);
  }

  /** A box of the result and one of the condensed axes as one of the input. */
  static GridEnvelope joined(GridEnvelope kept, GridEnvelope condensed, int from, int to) {
    GridEnvelope r = kept;
    for (int a = from; a < to; a++) {
      r = r.insert(a, condensed.low(a - from), condensed.high(a - from));
    }
    return r;
  }

  @Override
  Vec compute(Work work, GridEnvelope box) {
    long cells = box.cells();
    int block = work.run().block();
    if (cells > 2L * block) {
      return inPieces(work, box);
    }
    int n = (int) cells;
    GridEnvelope condensed = inner(input.domain(), from, to);
    if (shortcut != null && isScalar()) {
      return shortcut.compute(work).result(band());
    }
    GridEnvelope all = joined(box, condensed);
    if (shortcut != null && n <= Math.max(1, block / 8)) {
      GridEnvelope first = GridEnvelope.of(box.low(), box.low());
      if (shortcut.helps(joined(first, condensed))) {
        return byTiles(work, box, n, condensed);
      }
    }
    if (n > Math.max(1, block / 8) || all.cells() <= block) {
      return part(work, box, n, condensed).result(band());
    }
    long[][] cuts = input.cuts(all);
    List<GridEnvelope> units =
        Boxes.units(
            condensed, cuts == null ? null : Arrays.copyOfRange(cuts, from, to), 2L * block);
    return parts(work, units.size(), n, (w, i) -> part(w, box, n, units.get(i)), kind, input)
        .result(band());
  }

  /** Each result cell by itself, from the statistics of the tiles that it sees whole. */
  private Vec byTiles(Work work, GridEnvelope box, int n, GridEnvelope condensed) {
    Object out = work.arena().take(band().type(), n);
    long[] nulls = Bits.none(n);
    long[] at = box.low();
    for (int i = 0; i < n; i++) {
      work.run().check();
      GridEnvelope cell = GridEnvelope.of(at, at);
      Vec v = shortcut.compute(work, joined(cell, condensed)).result(band());
      Views.pasteAll(v, cell, out, nulls, box);
      Views.step(at, box);
    }
    return Vec.of(band().type(), out, n, Bits.orNull(nulls));
  }

  /** Computes one of several partial results. */
  interface Part {
    Accumulator compute(Work work, int index);
  }

  /** Parts computed side by side and put together in order. */
  static Accumulator parts(
      Work work, int count, int n, Part part, Accumulator.Kind kind, Node input) {
    if (count == 1) {
      return part.compute(work, 0);
    }
    Accumulator total = new Accumulator(kind, input.band().type(), n);
    Accumulator[] done = new Accumulator[count];
    int[] next = {0};
    Crew.Job job =
        work.run()
            .crew()
            .job(
                count,
                work.run(),
                (w, i) -> {
                  Accumulator a = part.compute(w, i);
                  synchronized (done) {
                    done[i] = a;
                    while (next[0] < count && done[next[0]] != null) {
                      total.merge(done[next[0]]);
                      done[next[0]++] = null;
                    }
                  }
                });
    if (!work.isHelper()) {
      job.start();
    }
    job.finish(work);
    return total;
  }

  private Accumulator part(Work work, GridEnvelope box, int n, GridEnvelope condensed) {
    Accumulator sum = new Accumulator(kind, input.band().type(), n);
    int p = 1;
    for (int a = 0; a < from; a++) {
      p *= (int) box.size(a);
    }
    int before = p;
    int q = n / p;
    // What comes straight from the tiles needs no second pass: it is taken in large pieces.
    boolean direct = n == 1 && (input instanceof Nodes.Stored || input instanceof Views.Affine);
    long size = direct ? 1 << 22 : Math.max(1, work.run().block() / n);
    int mark = work.mark();
    List<Vec> rows = new ArrayList<>(Accumulator.ROWS);
    Boxes.blocks(
        condensed,
        size,
        piece -> {
          work.run().check();
          Vec v = input.eval(work, joined(box, piece));
          if (n > 1 && piece.cells() == 1 && sum.isPlainSum() && !v.single()) {
            rows.add(v);
            if (rows.size() < Accumulator.ROWS) {
              return;
            }
            sum.addRows(work, rows);
            rows.forEach(work.arena()::release);
            rows.clear();
          } else {
            sum.add(work, v, before, piece.cellsAsInt(), q);
            work.arena().release(v);
          }
          if (rows.isEmpty()) {
            work.forget(mark);
          }
        });
    for (Vec row : rows) {
      sum.add(work, row, 1, 1, n);
      work.arena().release(row);
    }
    work.forget(mark);
    return sum;
  }

  private Vec inPieces(Work work, GridEnvelope box) {
    int n = box.cellsAsInt();
    Object out = work.arena().take(band().type(), n);
    long[] nulls = Bits.none(n);
    List<GridEnvelope> pieces = new ArrayList<>();
    Boxes.blocks(box, work.run().block(), pieces::add);
    for (GridEnvelope piece : pieces) {
      Vec v = compute(work, piece);
      Views.pasteAll(v, piece, out, nulls, box);
      work.arena().release(v);
    }
    return Vec.of(band().type(), out, n, Bits.orNull(nulls));
  }

  @Override
  void need(Needs needs, GridEnvelope box) {
    GridEnvelope condensed = inner(input.domain(), from, to);
    if (shortcut != null && isScalar()) {
      shortcut.need(needs, condensed);
    } else if (shortcut != null && box.cells() <= 4096) {
      // As in compute: statistics are asked where one result cell sees whole tiles.
      GridEnvelope first = GridEnvelope.of(box.low(), box.low());
      if (!shortcut.helps(joined(first, condensed))) {
        needs.ask(input, joined(box, condensed));
        return;
      }
      long[] at = box.low();
      for (long i = box.cells(); i > 0; i--) {
        shortcut.need(needs, joined(GridEnvelope.of(at, at), condensed));
        Views.step(at, box);
      }
    } else {
      needs.ask(input, joined(box, condensed));
    }
  }

  @Override
  long[][] cuts(GridEnvelope box) {
    return cuts(input, box, from, to);
  }

  static long[][] cuts(Node input, GridEnvelope box, int from, int to) {
    if (box.dimension() == 0) {
      return null;
    }
    long[][] of = input.cuts(joined(box, inner(input.domain(), from, to), from, to));
    if (of == null) {
      return null;
    }
    long[][] cuts = new long[box.dimension()][];
    for (int a = 0; a < cuts.length; a++) {
      cuts[a] = of[a < from ? a : a + to - from];
    }
    return cuts;
  }

  @Override
  List<Node> inputs() {
    return List.of(input);
  }
}
