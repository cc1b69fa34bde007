package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;

/**
 * Computes a plan: boxes are cut into units of work along tile borders, which threads take one
 * after another, and units into blocks, which pass through the kernels and are pasted together.
 */
final class BlockEvaluation implements Evaluation {
  /** Results of up to this many bytes are delivered at once. */
  private static final long SMALL_RESULT = 4L << 20;

  /** Bytes of a streamed tile: what is aimed at, and what is not exceeded for the sake of tiles. */
  private static final long STRIP = 8L << 20;

  private static final long LARGEST_STRIP = 48L << 20;

  private final ArrayType type;
  private final List<Node> bands;
  private final Run run;

  private final long cells;

  /**
   * Refuses at once what would need too much, or files that are not there any more.
   *
   * @throws EngineException {@code LIMIT_EXCEEDED}, or as the stored arrays say
   */
  BlockEvaluation(ArrayType type, List<Node> bands, Run run) {
    this.type = type;
    this.bands = bands;
    this.run = run;
    Needs needs = Needs.of(bands, type.domain());
    run.checkNeeds(needs.cells(), needs.rawBytes(), memory(needs));
    needs.requireReadable();
    needs.announce();
    this.cells = Needs.saturated(needs.cells());
  }

  @Override
  public ArrayType type() {
    return type;
  }

  @Override
  public long cells() {
    return cells;
  }

  @Override
  public Estimate estimate() {
    Needs needs = Needs.of(bands, type.domain());
    double bytes = type.domain().cells() * (double) type.bytesPerCell();
    return new Estimate(
        cells, needs.reads(), Needs.saturated(bytes), Needs.saturated(memory(needs)));
  }

  /** Strips in hand and under way, arrays kept whole, and blocks of each thread. */
  private double memory(Needs needs) {
    double result = type.domain().cells() * (double) type.bytesPerCell();
    double strips = result <= SMALL_RESULT ? result : Math.min(result, 2.0 * LARGEST_STRIP);
    return strips + needs.held() + 8.0 * run.block() * run.crew().threads() * needs.nodes();
  }

  @Override
  public Spent spent() {
    return run.spent();
  }

  @Override
  public void cancel() {
    run.cancel();
  }

  @Override
  public Tile read(GridEnvelope box) {
    if (box.dimension() != type.dimension() || !type.domain().contains(box)) {
      throw new EngineException(
          EngineException.Code.INVALID_EXPRESSION,
          "box " + box + " reaches beyond the domain " + type.domain());
    }
    run.check();
    if (!box.equals(type.domain())) {
      Needs.of(bands, box).announce();
    }
    Work work = new Work(run, false);
    prefetch(work);
    Strip strip = new Strip(box);
    strip.job.start();
    return strip.finish(work);
  }

  @Override
  public void stream(Consumer<Tile> sink) {
    run.check();
    Work work = new Work(run, false);
    prefetch(work);
    List<GridEnvelope> boxes = strips();
    Strip current = new Strip(boxes.getFirst());
    current.job.start();
    Strip following = null;
    try {
      for (int i = 0; i < boxes.size(); i++) {
        Tile tile = current.finish(work);
        following = i + 1 < boxes.size() ? new Strip(boxes.get(i + 1)) : null;
        if (following != null) {
          following.job.start();
        }
        run.check();
        sink.accept(tile);
        current = following;
        following = null;
      }
    } finally {
      if (following != null) {
        run.cancel();
        following.job.abandon();
      }
    }
  }

  @Override
  public void each(int n, IntConsumer task) {
    Crew.Job job = run.crew().job(n, run, (work, i) -> task.accept(i));
    job.start();
    job.finish(new Work(run, false));
  }

  /** Scalars and other things that all blocks need, computed with all threads. */
  private void prefetch(Work work) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Node b : bands) {
      prefetch(work, b, seen);
    }
  }

  private static void prefetch(Work work, Node node, Set<Node> seen) {
    if (!seen.add(node)) {
      return;
    }
    if (node.isScalar()) {
      node.scalar(work);
      return;
    }
    for (Node in : node.inputs()) {
      prefetch(work, in, seen);
    }
    if (node instanceof Nodes.Whole w) {
      w.cells(work);
    }
  }

  /** The domain in row-major order, cut along tile borders where that fits the memory. */
  private List<GridEnvelope> strips() {
    GridEnvelope d = type.domain();
    long bytes = type.bytesPerCell();
    if (d.dimension() == 0 || d.cells() <= SMALL_RESULT / bytes) {
      return List.of(d);
    }
    long budget = Math.max(1, STRIP / bytes);
    int axis = d.dimension() - 1;
    long inner = 1;
    while (axis > 0 && inner * d.size(axis) <= budget) {
      inner *= d.size(axis);
      axis--;
    }
    long rows = Math.max(1, budget / inner);
    long most = Math.max(1, LARGEST_STRIP / bytes / inner);
    long[][] cuts = Nodes.cuts(bands, d);
    long[] starts = cuts == null || cuts[axis] == null ? new long[0] : cuts[axis];
    List<GridEnvelope> strips = new ArrayList<>();
    long[] low = d.low();
    long[] high = d.high();
    for (int a = 0; a < axis; a++) {
      high[a] = low[a];
    }
    while (true) {
      for (long r = d.low(axis); r <= d.high(axis); ) {
        long end = end(starts, r, rows, most);
        low[axis] = r;
        high[axis] = Math.min(d.high(axis), end - 1);
        strips.add(GridEnvelope.of(low, high));
        r = high[axis] + 1;
      }
      int a = axis - 1;
      while (a >= 0 && ++low[a] > d.high(a)) {
        low[a] = d.low(a);
        high[a] = low[a];
        a--;
      }
      if (a < 0) {
        return strips;
      }
      high[a] = low[a];
    }
  }

  /**
   * Where a strip that begins at row r ends (exclusive): at the last tile border within {@code
   * rows}, else at the first one within {@code most}, else after {@code rows}.
   */
  private static long end(long[] starts, long r, long rows, long most) {
    long best = -1;
    for (long s : starts) {
      if (s > r && s - r <= rows) {
        best = s - r;
      } else if (s > r && s - r <= most && best < 0) {
        best = s - r;
        break;
      }
    }
    return r + (best < 0 ? rows : best);
  }

  /** All cells of a node's box as one block, which the caller may keep. */
  static Vec compute(Work work, Node node, GridEnvelope box) {
    Pieces pieces = new Pieces(work.run(), List.of(node), box);
    Crew.Job job = pieces.job(work.run());
    if (!work.isHelper()) {
      job.start();
    }
    job.finish(work);
    return pieces.vec(0);
  }

  /** A box of the result under way. */
  private final class Strip {
    private final Pieces pieces;
    private final Crew.Job job;

    Strip(GridEnvelope box) {
      pieces = new Pieces(run, bands, box);
      job = pieces.job(run);
    }

    Tile finish(Work work) {
      job.finish(work);
      List<Cells> cells = new ArrayList<>();
      for (int b = 0; b < bands.size(); b++) {
        Vec v = pieces.vec(b);
        cells.add(Cells.wrap(v.type(), v.array(), v.nulls()));
      }
      return new Tile(pieces.box, cells);
    }
  }

  /** Arrays for all bands of a box, filled unit by unit. */
  private static final class Pieces {
    private final List<Node> nodes;
    private final GridEnvelope box;
    private final int n;
    private final Object[] arrays;
    private final long[][] nulls;
    private final List<GridEnvelope> units;

    Pieces(Run run, List<Node> nodes, GridEnvelope box) {
      this.nodes = nodes;
      this.box = box;
      long cells = box.cells();
      if (cells > Integer.MAX_VALUE / 2) {
        throw new EngineException(
            EngineException.Code.LIMIT_EXCEEDED,
            "box " + box + " has " + cells + " cells: too many for one piece");
      }
      this.n = (int) cells;
      this.arrays = new Object[nodes.size()];
      this.nulls = new long[nodes.size()][];
      this.units =
          n <= 2 * run.block()
              ? List.of(box)
              : Boxes.units(box, Nodes.cuts(nodes, box), 2L * run.block());
      if (units.size() > 1 || n > run.block()) {
        for (int b = 0; b < arrays.length; b++) {
          allocate(b);
        }
      }
    }

    private void allocate(int b) {
      var t = nodes.get(b).band().type();
      arrays[b] = Arena.allocate(t.storage(), n * t.components());
    }

    Crew.Job job(Run run) {
      return run.crew().job(units.size(), run, this::unit);
    }

    private void unit(Work work, int i) {
      Boxes.blocks(
          units.get(i),
          work.run().block(),
          block -> {
            work.run().check();
            int mark = work.mark();
            for (int b = 0; b < nodes.size(); b++) {
              paste(work, b, block, nodes.get(b).eval(work, block));
            }
            work.forget(mark);
          });
    }

    private void paste(Work work, int b, GridEnvelope block, Vec v) {
      if (arrays[b] == null) {
        int c = v.type().components();
        boolean exact =
            !v.single() && v.at() == 0 && java.lang.reflect.Array.getLength(v.array()) == n * c;
        if (exact && !v.own()) {
          // A stored tile's own cells, or another array that nobody writes to again... unless it
          // is scratch of a shared node.
          arrays[b] = clone(v.array());
          nulls[b] = v.nulls();
          return;
        }
        allocate(b);
      }
      Strided.paste(v, block, arrays[b], null, box, block);
      if (v.nulls() != null) {
        synchronized (this) {
          if (nulls[b] == null) {
            nulls[b] = Bits.none(n);
          }
          Strided.paste(v, block, null, nulls[b], box, block);
        }
      }
      work.arena().release(v);
    }

    private static Object clone(Object array) {
      return switch (array) {
        case byte[] a -> a.clone();
        case short[] a -> a.clone();
        case int[] a -> a.clone();
        case long[] a -> a.clone();
        case float[] a -> a.clone();
        case double[] a -> a.clone();
        default -> throw new IllegalArgumentException(array.getClass().getName());
      };
    }

    Vec vec(int b) {
      return new Vec(nodes.get(b).band().type(), arrays[b], 0, n, false, nulls[b], false);
    }
  }
}
