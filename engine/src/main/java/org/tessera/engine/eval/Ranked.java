package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tessera.engine.EngineException;
import org.tessera.engine.algebra.Condenser;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.GridEnvelope;

/**
 * Adjacent axes of the input condensed to what depends on the order of cells: median, percentile,
 * mode. Cells become whole numbers in the same order (<em>keys</em>). As many result cells at a
 * time as see {@value #BLOCKS} blocks of cells keep and sort these; a single result cell that sees
 * more is found by counting, in as many passes as there are 16-bit digits in a key, so that memory
 * does not grow with the input.
 */
final class Ranked extends Node {
  /** Blocks whose cells are kept: 2^20 cells. */
  private static final int BLOCKS = 32;

  private static final int DIGIT = 16;
  private static final int CLASSES = 1 << DIGIT;

  /** Distinct values that a mode of wide cells may have. */
  private static final int DISTINCT = 1 << 22;

  private final Condenser condenser;
  private final Node input;
  private final int from;
  private final int to;

  /** Bits of a key, and what makes it an unsigned number in the same order. */
  private final int width;

  private final long bias;

  Ranked(Condenser condenser, Node input, int from, int to, Band band) {
    super(Fold.outer(input.domain(), from, to), band);
    this.condenser = condenser;
    this.input = input;
    this.from = from;
    this.to = to;
    CellType in = input.band().type();
    this.width = 8 * in.bytes();
    boolean signed = !Kernel.whole(in) || in.min() < 0;
    this.bias = signed ? 1L << (width - 1) : 0;
  }

  static boolean is(Condenser condenser) {
    return switch (condenser.name()) {
      case "median", "percentile", "mode" -> true;
      default -> false;
    };
  }

  private boolean isMode() {
    return condenser.name().equals("mode");
  }

  @Override
  Vec compute(Work work, GridEnvelope box) {
    int n = box.cellsAsInt();
    long most = (long) BLOCKS * work.run().block();
    Object out = work.arena().take(band().type(), n);
    long[] nulls = Bits.none(n);
    GridEnvelope condensed = Fold.inner(input.domain(), from, to);
    List<GridEnvelope> pieces = new ArrayList<>();
    long seen = condensed.cells();
    Boxes.blocks(box, Math.max(1, Math.min(work.run().block(), most / seen)), pieces::add);
    for (GridEnvelope piece : pieces) {
      work.run().check();
      Vec v =
          piece.cells() * (double) seen <= most
              ? sorted(work, piece, condensed)
              : counted(work, piece, condensed);
      Views.pasteAll(v, piece, out, nulls, box);
      work.arena().release(v);
    }
    return Vec.of(band().type(), out, n, Bits.orNull(nulls));
  }

  // ---- few cells: kept and sorted

  private Vec sorted(Work work, GridEnvelope box, GridEnvelope condensed) {
    int n = box.cellsAsInt();
    int seen = condensed.cellsAsInt();
    long[] keys = new long[n * seen];
    int[] filled = new int[n];
    int[] numbers = new int[n];
    Boxes.blocks(
        condensed,
        Math.max(1, work.run().block() / n),
        piece -> {
          int mark = work.mark();
          Vec v = input.eval(work, Fold.joined(box, piece, from, to));
          collect(work, v, box, piece.cellsAsInt(), seen, keys, filled, numbers);
          work.arena().release(v);
          work.forget(mark);
        });
    Object out = work.arena().take(band().type(), n);
    long[] nulls = Bits.none(n);
    for (int i = 0; i < n; i++) {
      int at = i * seen;
      int m = filled[i];
      if (m == 0) {
        putNothing(out, nulls, i, numbers[i] > 0);
        continue;
      }
      Arrays.sort(keys, at, at + m);
      if (isMode()) {
        putKey(out, i, mode(keys, at, m));
      } else {
        double place = (m - 1) * (percentage() / 100);
        int k = (int) place;
        put(out, i, place - k, keys[at + k], keys[at + Math.min(k + 1, m - 1)]);
      }
    }
    return Vec.of(band().type(), out, n, Bits.orNull(nulls));
  }

  /** Adds the keys of a block to those of their result cells. */
  private void collect(
      Work work,
      Vec v,
      GridEnvelope box,
      int r,
      int stride,
      long[] keys,
      int[] filled,
      int[] numbers) {
    int n = box.cellsAsInt();
    int p = 1;
    for (int a = 0; a < from; a++) {
      p *= (int) box.size(a);
    }
    int q = n / p;
    int cells = v.single() ? 1 : n * r;
    long[] x = (long[]) work.arena().take(CellType.Storage.LONG, cells);
    keys(v, x, cells);
    boolean floats = !Kernel.whole(v.type());
    int c = 0;
    for (int i = 0; i < p; i++) {
      for (int k = 0; k < r; k++) {
        for (int j = 0; j < q; j++, c++) {
          int at = v.single() ? 0 : c;
          if (v.nulls() != null && Bits.get(v.nulls(), at)) {
            continue;
          }
          int o = i * q + j;
          numbers[o]++;
          if (!floats || x[at] != NAN) {
            keys[o * stride + filled[o]++] = x[at];
          }
        }
      }
    }
    work.arena().release(x);
  }

  private static long mode(long[] sorted, int at, int m) {
    long best = sorted[at];
    int length = 0;
    for (int i = at; i < at + m; ) {
      int j = i;
      while (j < at + m && sorted[j] == sorted[i]) {
        j++;
      }
      if (j - i > length) {
        length = j - i;
        best = sorted[i];
      }
      i = j;
    }
    return best;
  }

  // ---- many cells: counted

  /** What is known of all cells after a pass over them. */
  private static final class Counts {
    private final long[] classes = new long[CLASSES];
    private long numbers;
    private long nans;
    private long above = Long.MAX_VALUE;

    void add(Counts o) {
      for (int i = 0; i < CLASSES; i++) {
        classes[i] += o.classes[i];
      }
      numbers += o.numbers;
      nans += o.nans;
      above = Math.min(above, o.above);
    }
  }

  /** A look at the keys of a block that are neither null nor NaN. */
  private interface Look {
    void at(long[] keys, int n, Counts counts);
  }

  private Vec counted(Work work, GridEnvelope box, GridEnvelope condensed) {
    GridEnvelope all = Fold.joined(box, condensed, from, to);
    Object out = work.arena().take(band().type(), 1);
    long[] nulls = Bits.none(1);
    // The uppermost digit first; keys as unsigned numbers of that width.
    int shift = Math.max(0, width - DIGIT);
    int first = shift;
    Counts counts = pass(work, all, (keys, n, c) -> countDigits(keys, n, first, c.classes));
    if (counts.numbers == 0) {
      putNothing(out, nulls, 0, counts.nans > 0);
      return Vec.of(band().type(), out, 1, Bits.orNull(nulls));
    }
    if (isMode()) {
      putKey(out, 0, shift == 0 ? signed(most(counts.classes)) : wideMode(work, all));
      return Vec.of(band().type(), out, 1, Bits.orNull(nulls));
    }
    double place = (counts.numbers - 1) * (percentage() / 100);
    long k = (long) place;
    long left = k;
    long prefix = 0;
    long within;
    while (true) {
      int d = 0;
      while (left >= counts.classes[d]) {
        left -= counts.classes[d++];
      }
      prefix = (prefix << DIGIT) | d;
      within = counts.classes[d];
      if (shift == 0) {
        break;
      }
      int above = shift;
      int next = shift - DIGIT;
      long wanted = prefix;
      counts = pass(work, all, (keys, n, c) -> countWithin(keys, n, above, wanted, next, c));
      shift = next;
    }
    long key = signed(prefix);
    long upper = key;
    if (place > k && left + 1 >= within) {
      upper =
          pass(work, all, (keys, n, c) -> c.above = Math.min(c.above, above(keys, n, key))).above;
    }
    put(out, 0, place - k, key, upper);
    return Vec.of(band().type(), out, 1, Bits.orNull(nulls));
  }

  private void countDigits(long[] keys, int n, int shift, long[] classes) {
    for (int i = 0; i < n; i++) {
      classes[(int) (unsigned(keys[i]) >>> shift)]++;
    }
  }

  private void countWithin(long[] keys, int n, int above, long prefix, int shift, Counts c) {
    for (int i = 0; i < n; i++) {
      long u = unsigned(keys[i]);
      if (u >>> above == prefix) {
        c.classes[(int) (u >>> shift) & (CLASSES - 1)]++;
      }
    }
  }

  private static long above(long[] keys, int n, long key) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < n; i++) {
      least = keys[i] > key ? Math.min(least, keys[i]) : least;
    }
    return least;
  }

  private static int most(long[] classes) {
    int best = 0;
    for (int i = 1; i < CLASSES; i++) {
      best = classes[i] > classes[best] ? i : best;
    }
    return best;
  }

  /** Looks at all cells of a box of the input, side by side. */
  private Counts pass(Work work, GridEnvelope all, Look look) {
    Counts total = new Counts();
    List<GridEnvelope> units = Boxes.units(all, input.cuts(all), 8L * work.run().block());
    Crew.Job job =
        work.run()
            .crew()
            .job(
                units.size(),
                work.run(),
                (w, i) -> {
                  Counts mine = new Counts();
                  Boxes.blocks(units.get(i), w.run().block(), piece -> look(w, piece, look, mine));
                  synchronized (total) {
                    total.add(mine);
                  }
                });
    if (!work.isHelper()) {
      job.start();
    }
    job.finish(work);
    return total;
  }

  private void look(Work work, GridEnvelope piece, Look look, Counts counts) {
    work.run().check();
    int mark = work.mark();
    Vec v = input.eval(work, piece);
    int cells = piece.cellsAsInt();
    long[] x = (long[]) work.arena().take(CellType.Storage.LONG, cells);
    if (v.single()) {
      keys(v, x, 1);
      Arrays.fill(x, 0, cells, x[0]);
    } else {
      keys(v, x, cells);
    }
    boolean floats = !Kernel.whole(v.type());
    int n = cells;
    if (v.nulls() != null || floats) {
      n = 0;
      int nulls = 0;
      for (int i = 0; i < cells; i++) {
        if (v.nulls() != null && Bits.get(v.nulls(), v.single() ? 0 : i)) {
          nulls++;
        } else if (!floats || x[i] != NAN) {
          x[n++] = x[i];
        }
      }
      counts.nans += cells - nulls - n;
    }
    counts.numbers += n;
    look.at(x, n, counts);
    work.arena().release(x);
    work.arena().release(v);
    work.forget(mark);
  }

  private long wideMode(Work work, GridEnvelope all) {
    Tally tally = new Tally();
    pass(
        work,
        all,
        (keys, n, c) -> {
          Arrays.sort(keys, 0, n);
          synchronized (tally) {
            for (int i = 0; i < n; ) {
              int j = i;
              while (j < n && keys[j] == keys[i]) {
                j++;
              }
              tally.add(keys[i], j - i);
              i = j;
            }
          }
        });
    return tally.most();
  }

  /** Distinct keys and how often each was seen: open addressing. */
  private static final class Tally {
    private long[] keys = new long[1 << 12];
    private long[] counts = new long[1 << 12];
    private int size;

    void add(long key, long count) {
      int i = place(keys, counts, key);
      if (counts[i] == 0 && ++size > keys.length / 2) {
        if (size > DISTINCT) {
          throw new EngineException(
              EngineException.Code.LIMIT_EXCEEDED,
              "the cells whose mode is asked for have more than "
                  + DISTINCT
                  + " different values; round them, or take the mode of a smaller box");
        }
        grow();
        i = place(keys, counts, key);
      }
      keys[i] = key;
      counts[i] += count;
    }

    private void grow() {
      long[] k = new long[2 * keys.length];
      long[] c = new long[2 * keys.length];
      for (int i = 0; i < keys.length; i++) {
        if (counts[i] > 0) {
          int at = place(k, c, keys[i]);
          k[at] = keys[i];
          c[at] = counts[i];
        }
      }
      keys = k;
      counts = c;
    }

    private static int place(long[] keys, long[] counts, long key) {
      int mask = keys.length - 1;
      int i = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
      while (counts[i] > 0 && keys[i] != key) {
        i = (i + 1) & mask;
      }
      return i;
    }

    long most() {
      long best = 0;
      long count = 0;
      for (int i = 0; i < keys.length; i++) {
        if (counts[i] > count || (counts[i] == count && count > 0 && keys[i] < best)) {
          best = keys[i];
          count = counts[i];
        }
      }
      return best;
    }
  }

  // ---- keys

  /** The key that stands for NaN; no number has it. */
  private static final long NAN = Long.MAX_VALUE;

  /** Keys of cells: in the order of their values, equal for equal values (0.0 and -0.0 too). */
  private static void keys(Vec v, long[] keys, int n) {
    if (Kernel.whole(v.type())) {
      Widening.toLongs(v.type(), v.array(), v.at(), keys, n);
    } else if (v.array() instanceof float[] a) {
      for (int i = 0; i < n; i++) {
        float x = a[v.at() + i] + 0.0f;
        int bits = Float.floatToRawIntBits(x);
        keys[i] = Float.isNaN(x) ? NAN : bits ^ ((bits >> 31) & Integer.MAX_VALUE);
      }
    } else {
      double[] a = (double[]) v.array();
      for (int i = 0; i < n; i++) {
        double x = a[v.at() + i] + 0.0;
        long bits = Double.doubleToRawLongBits(x);
        keys[i] = Double.isNaN(x) ? NAN : bits ^ ((bits >> 63) & Long.MAX_VALUE);
      }
    }
  }

  private long unsigned(long key) {
    return (key + bias) & (-1L >>> (64 - width));
  }

  private long signed(long unsigned) {
    return unsigned - bias;
  }

  private double percentage() {
    return condenser.name().equals("median") ? 50 : condenser.parameter();
  }

  /** The value of a key of a real cell. */
  private double value(long key) {
    CellType t = input.band().type();
    if (t == CellType.FLOAT32) {
      int bits = (int) key;
      return Float.intBitsToFloat(bits ^ ((bits >> 31) & Integer.MAX_VALUE));
    }
    if (t == CellType.FLOAT64) {
      return Double.longBitsToDouble(key ^ ((key >> 63) & Long.MAX_VALUE));
    }
    return key;
  }

  /** What lies between two neighbours. */
  private void put(Object out, int i, double part, long lower, long upper) {
    double x = value(lower);
    double y = value(upper);
    ((double[]) out)[i] = part == 0 || lower == upper ? x : x * (1 - part) + y * part;
  }

  private void putKey(Object out, int i, long key) {
    if (out instanceof long[] longs) {
      longs[i] = key;
    } else {
      Narrowing.put(band().type(), out, i, value(key));
    }
  }

  /** The result where no cell has a number: NaN if there were NaN cells. */
  private void putNothing(Object out, long[] nulls, int i, boolean nan) {
    if (nan) {
      Narrowing.put(band().type(), out, i, Double.NaN);
      return;
    }
    Vec nothing = Kernel.outside(band());
    Strided.fill(nothing, out, i, 1);
    if (nothing.isNull()) {
      nulls[i >> 6] |= 1L << i;
    }
  }

  @Override
  void need(Needs needs, GridEnvelope box) {
    needs.ask(input, Fold.joined(box, Fold.inner(input.domain(), from, to), from, to));
    needs.hold(8.0 * BLOCKS * (1 << 15));
  }

  @Override
  long[][] cuts(GridEnvelope box) {
    return Fold.cuts(input, box, from, to);
  }

  @Override
  List<Node> inputs() {
    return List.of(input);
  }
}
