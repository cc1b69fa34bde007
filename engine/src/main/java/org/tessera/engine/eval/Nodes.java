package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Reading;
import org.tessera.engine.array.StoredTile;

/** The nodes that compute cell by cell, and the leaves. */
final class Nodes {
  private Nodes() {}

  /** Literal cells. */
  static final class Literal extends Node {
    private final Vec cells;

    Literal(GridEnvelope domain, Band band, Cells cells) {
      super(domain, band);
      this.cells = domain.dimension() == 0 ? Vec.single(cells) : Vec.of(cells);
    }

    Literal(Band band, Vec single) {
      super(GridEnvelope.scalar(), band);
      this.cells = single;
    }

    /** The cell of a scalar. */
    Vec value() {
      return cells;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      return cells.single() ? cells : Nodes.part(work, cells, domain(), box, band());
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      // Nothing.
    }

    @Override
    List<Node> inputs() {
      return List.of();
    }
  }

  /** The index itself along one axis. */
  static final class Coordinate extends Node {
    Coordinate(long low, long high) {
      super(GridEnvelope.of(new long[] {low}, new long[] {high}), new Band(CellType.INT64));
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int n = box.cellsAsInt();
      long[] r = (long[]) work.arena().take(CellType.Storage.LONG, n);
      for (int i = 0; i < n; i++) {
        r[i] = box.low(0) + i;
      }
      return Vec.of(CellType.INT64, r, n, null);
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      // Nothing.
    }

    @Override
    List<Node> inputs() {
      return List.of();
    }
  }

  /** One band of a stored array. */
  static final class Stored extends Node {
    private final ArraySource source;
    private final int number;
    private volatile GridEnvelope region;

    Stored(ArraySource source, int number) {
      super(source.type().domain(), source.type().band(number));
      this.source = source;
      this.number = number;
    }

    ArraySource source() {
      return source;
    }

    int number() {
      return number;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      List<StoredTile> tiles = source.tiles(box);
      GridEnvelope all = region;
      Reading reading = new Reading(all == null ? box : all, work.run().bytesRead());
      int n = box.cellsAsInt();
      if (tiles.size() == 1 && tiles.getFirst().box().contains(box)) {
        return run(work, tiles.getFirst(), box, n, reading);
      }
      Object array = work.arena().take(band().type(), n);
      Vec outside = Kernel.outside(band());
      long covered = 0;
      for (StoredTile t : tiles) {
        covered += t.box().intersection(box).orElseThrow().cells();
      }
      boolean gaps = covered < n;
      if (gaps) {
        Strided.fill(outside, array, 0, n);
      }
      long[] nulls = band().nulls().isEmpty() ? null : gaps ? Bits.all(n) : Bits.none(n);
      for (StoredTile t : tiles) {
        work.run().check();
        GridEnvelope part = t.box().intersection(box).orElseThrow();
        Vec cells = run(work, t, part, part.cellsAsInt(), reading);
        Strided.paste(cells, part, array, nulls, box, part);
      }
      return Vec.of(band().type(), array, n, nulls == null ? null : Bits.orNull(nulls));
    }

    private Vec run(Work work, StoredTile tile, GridEnvelope box, int n, Reading reading) {
      work.run().reads(source, tile);
      ArraySource.Run r = source.run(tile, box, number, reading);
      Cells c = r.cells();
      long[] nulls =
          c.nulls() == null || (r.from() == 0 && c.length() == n)
              ? c.nulls()
              : Bits.part(c.nulls(), r.from(), n);
      return new Vec(c.type(), c.array(), r.from() * c.type().components(), n, false, nulls, false);
    }

    @Override
    long[][] cuts(GridEnvelope box) {
      List<StoredTile> tiles = source.tiles(box);
      if (tiles.size() <= 1) {
        return null;
      }
      long[][] cuts = new long[box.dimension()][];
      for (int a = 0; a < cuts.length; a++) {
        TreeSet<Long> starts = new TreeSet<>();
        for (StoredTile t : tiles) {
          starts.add(t.box().low(a));
        }
        cuts[a] = starts.stream().mapToLong(Long::longValue).toArray();
      }
      return cuts;
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      needs.read(this, box);
    }

    /** Says what will be asked for in the end. */
    void announce(GridEnvelope box) {
      region = box;
    }

    @Override
    List<Node> inputs() {
      return List.of();
    }
  }

  /** A cell function. Inputs are scalars or have this node's domain. */
  static final class Map extends Node {
    private final Kernel kernel;
    private final List<Node> inputs;

    Map(GridEnvelope domain, Band band, Kernel kernel, List<Node> inputs) {
      super(domain, band);
      this.kernel = kernel;
      this.inputs = inputs;
    }

    Kernel kernel() {
      return kernel;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      Vec[] in = new Vec[inputs.size()];
      for (int i = 0; i < in.length; i++) {
        in[i] = inputs.get(i).eval(work, box);
      }
      Vec out = kernel.apply(work.arena(), in, box.cellsAsInt(), band());
      for (Vec v : in) {
        if (v.array() != out.array()) {
          work.arena().release(v);
        }
      }
      return out;
    }

    @Override
    long[][] cuts(GridEnvelope box) {
      return Nodes.cuts(inputs, box);
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      inputs.forEach(in -> needs.ask(in, box));
    }

    @Override
    List<Node> inputs() {
      return inputs;
    }
  }

  /** Cells of another type. */
  static final class Convert extends Node {
    private final Node input;

    Convert(Node input, Band band) {
      super(input.domain(), band);
      this.input = input;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      Vec in = input.eval(work, box);
      Vec out = convert(work.arena(), in, band().type());
      if (out.array() != in.array()) {
        work.arena().release(in);
      }
      return out;
    }

    @Override
    long[][] cuts(GridEnvelope box) {
      return input.cuts(box);
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      needs.ask(input, box);
    }

    @Override
    List<Node> inputs() {
      return List.of(input);
    }
  }

  /** The cells as another type; the same object if they have it. */
  static Vec convert(Arena arena, Vec in, CellType to) {
    CellType from = in.type();
    if (from == to) {
      return in;
    }
    int n = in.length();
    Object out = arena.take(to, n);
    if (from.isComplex() || to.isComplex()) {
      for (int i = 0; i < n; i++) {
        double re = in.getDouble(i);
        if (to.isComplex()) {
          Kernel.putComplex(to, out, i, re, in.getImaginary(i));
        } else {
          Narrowing.put(to, out, i, re);
        }
      }
    } else if (Kernel.whole(from) && from.bytes() <= 2) {
      switch (to) {
        case INT32 -> Widening.toInts(from, in.array(), in.at(), (int[]) out, n);
        case INT64 -> Widening.toLongs(from, in.array(), in.at(), (long[]) out, n);
        case FLOAT32 -> Widening.toFloats(from, in.array(), in.at(), (float[]) out, n);
        case FLOAT64 -> Widening.toDoubles(from, in.array(), in.at(), (double[]) out, n);
        case BOOLEAN, INT8, UINT8, INT16, UINT16, UINT32, CINT16, CINT32, COMPLEX64, COMPLEX128 -> {
          int[] x = (int[]) arena.take(CellType.Storage.INT, n);
          Widening.toInts(from, in.array(), in.at(), x, n);
          Narrowing.fromInts(x, to, out, n);
          arena.release(x);
        }
      }
    } else if (Kernel.whole(from)) {
      long[] x = (long[]) arena.take(CellType.Storage.LONG, n);
      Widening.toLongs(from, in.array(), in.at(), x, n);
      Narrowing.fromLongs(x, to, out, n);
      arena.release(x);
    } else if (from == CellType.FLOAT32) {
      float[] x = (float[]) arena.take(CellType.Storage.FLOAT, n);
      Widening.toFloats(from, in.array(), in.at(), x, n);
      Narrowing.fromFloats(x, to, out, n);
      arena.release(x);
    } else {
      double[] x = Kernel.doubles(arena, in);
      Narrowing.fromDoubles(x, to, out, n);
      arena.release(x);
    }
    return new Vec(to, out, 0, n, in.single(), in.nulls(), !in.single());
  }

  /** For each cell the value of the first case that is true there. */
  static final class Choose extends Node {
    /** Conditions of one node: their numbers are kept in bytes. */
    static final int MOST = 100;

    private final List<Node> conditions;
    private final List<Node> values;

    /**
     * @param values one more than conditions: the last is the default
     */
    Choose(GridEnvelope domain, Band band, List<Node> conditions, List<Node> values) {
      super(domain, band);
      this.conditions = conditions;
      this.values = values;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int n = box.cellsAsInt();
      byte[] pick = null;
      int[] picked = new int[values.size()];
      int left = n;
      int last = values.size() - 1;
      for (int k = 0; k < last && left > 0; k++) {
        Vec c = conditions.get(k).eval(work, box);
        if (c.single()) {
          if (!c.isNull() && c.getLong(0) != 0) {
            if (pick == null) {
              return value(work, k, box);
            }
            last = k;
          }
          continue;
        }
        if (pick == null) {
          pick = (byte[]) work.arena().take(CellType.Storage.BYTE, n);
          Arrays.fill(pick, 0, n, (byte) -1);
        }
        byte[] is = (byte[]) c.array();
        int hits = 0;
        if (c.nulls() == null) {
          // Without branches: a pick is -1 until it is made.
          for (int i = 0; i < n; i++) {
            int mine = (pick[i] >> 7) & -is[c.at() + i];
            pick[i] = (byte) ((pick[i] & ~mine) | (k & mine));
            hits -= mine;
          }
          picked[k] = hits;
          left -= hits;
          work.arena().release(c);
          continue;
        }
        for (int i = 0; i < n; i++) {
          if (pick[i] < 0
              && is[c.at() + i] != 0
              && (c.nulls() == null || !Bits.get(c.nulls(), i))) {
            pick[i] = (byte) k;
            hits++;
          }
        }
        picked[k] = hits;
        left -= hits;
        work.arena().release(c);
      }
      if (pick == null) {
        return value(work, last, box);
      }
      picked[last] += left;
      for (int k = 0; k < picked.length; k++) {
        if (picked[k] == n) {
          work.arena().release(pick);
          return value(work, k, box);
        }
      }
      Object out = work.arena().take(band().type(), n);
      if (table(work, pick, last, out, n, box)) {
        work.arena().release(pick);
        return Vec.of(band().type(), out, n, null);
      }
      long[] nulls = null;
      for (int k = 0; k < picked.length; k++) {
        if (picked[k] == 0) {
          continue;
        }
        byte mine = (byte) (k == last ? -1 : k);
        Vec v = value(work, k, box);
        select(v, pick, mine, out, n);
        if (v.nulls() != null) {
          nulls = nulls == null ? Bits.none(n) : nulls;
          for (int i = 0; i < n; i++) {
            if (pick[i] == mine && (v.single() || Bits.get(v.nulls(), i))) {
              nulls[i >> 6] |= 1L << i;
            }
          }
        }
        work.arena().release(v);
      }
      work.arena().release(pick);
      return Vec.of(band().type(), out, n, nulls);
    }

    /** Whether all values are single integers, not null: then one look each into a table is all. */
    private boolean table(Work work, byte[] pick, int last, Object out, int n, GridEnvelope box) {
      if (!Kernel.whole(band().type()) || out instanceof long[]) {
        return false;
      }
      for (int k = 0; k <= last; k++) {
        if (!values.get(k).isScalar()) {
          return false;
        }
      }
      int[] table = new int[256];
      for (int k = 0; k <= last; k++) {
        Vec v = value(work, k, box);
        if (v.isNull()) {
          return false;
        }
        table[(k == last ? -1 : k) & 0xFF] = (int) v.getLong(0);
      }
      switch (out) {
        case byte[] to -> {
          for (int i = 0; i < n; i++) {
            to[i] = (byte) table[pick[i] & 0xFF];
          }
        }
        case short[] to -> {
          for (int i = 0; i < n; i++) {
            to[i] = (short) table[pick[i] & 0xFF];
          }
        }
        default -> {
          int[] to = (int[]) out;
          for (int i = 0; i < n; i++) {
            to[i] = table[pick[i] & 0xFF];
          }
        }
      }
      return true;
    }

    private Vec value(Work work, int k, GridEnvelope box) {
      Vec in = values.get(k).eval(work, box);
      Vec out = convert(work.arena(), in, band().type());
      if (out.array() != in.array()) {
        work.arena().release(in);
      }
      return out;
    }

    private static void select(Vec v, byte[] pick, byte mine, Object out, int n) {
      int step = v.single() ? 0 : 1;
      int at = v.at();
      int c = v.type().components();
      switch (v.array()) {
        case byte[] x -> {
          byte[] y = (byte[]) out;
          for (int i = 0; i < n; i++) {
            y[i] = pick[i] == mine ? x[at + i * step] : y[i];
          }
        }
        case short[] x -> {
          short[] y = (short[]) out;
          for (int i = 0; i < n; i++) {
            for (int k = 0; k < c; k++) {
              y[i * c + k] = pick[i] == mine ? x[at + i * step * c + k] : y[i * c + k];
            }
          }
        }
        case int[] x -> {
          int[] y = (int[]) out;
          for (int i = 0; i < n; i++) {
            for (int k = 0; k < c; k++) {
              y[i * c + k] = pick[i] == mine ? x[at + i * step * c + k] : y[i * c + k];
            }
          }
        }
        case long[] x -> {
          long[] y = (long[]) out;
          for (int i = 0; i < n; i++) {
            y[i] = pick[i] == mine ? x[at + i * step] : y[i];
          }
        }
        case float[] x -> {
          float[] y = (float[]) out;
          for (int i = 0; i < n; i++) {
            for (int k = 0; k < c; k++) {
              y[i * c + k] = pick[i] == mine ? x[at + i * step * c + k] : y[i * c + k];
            }
          }
        }
        case double[] x -> {
          double[] y = (double[]) out;
          for (int i = 0; i < n; i++) {
            for (int k = 0; k < c; k++) {
              y[i * c + k] = pick[i] == mine ? x[at + i * step * c + k] : y[i * c + k];
            }
          }
        }
        default -> throw new IllegalArgumentException(v.type().toString());
      }
    }

    @Override
    long[][] cuts(GridEnvelope box) {
      List<Node> all = new ArrayList<>(conditions);
      all.addAll(values);
      return Nodes.cuts(all, box);
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      conditions.forEach(c -> needs.ask(c, box));
      values.forEach(v -> needs.ask(v, box));
    }

    @Override
    List<Node> inputs() {
      return conditions.isEmpty() ? values : List.of(conditions.getFirst());
    }
  }

  /** Cells where the condition is not true become outside cells, or null ones if {@code skip}. */
  static final class Masked extends Node {
    private final Node input;
    private final Node mask;
    private final boolean skip;

    Masked(Node input, Node mask, boolean skip) {
      super(input.isScalar() ? mask.domain() : input.domain(), input.band());
      this.input = input;
      this.mask = mask;
      this.skip = skip;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int n = box.cellsAsInt();
      Vec m = mask.eval(work, box);
      Vec fill = skip ? Kernel.fill(band(), true) : Kernel.outside(band());
      if (m.single()) {
        return !m.isNull() && m.getLong(0) != 0 ? input.eval(work, box) : fill;
      }
      byte[] is = truths(work, m, n);
      int at = is == m.array() ? m.at() : 0;
      long inside = Runs.trues(is, at, n);
      if (inside == n || inside == 0) {
        releaseMask(work, m, is);
        return inside == 0 ? fill : input.eval(work, box);
      }
      Vec v = input.eval(work, box);
      Object out = work.arena().take(band().type(), n);
      long[] nulls = v.nulls() != null || fill.isNull() ? Bits.none(n) : null;
      int c = band().type().components();
      // Run by run: masks are mostly areas.
      for (int i = 0; i < n; ) {
        boolean in = is[at + i] != 0;
        int end = Runs.end(is, at + i, at + n) - at;
        if (!in || v.single()) {
          Vec value = in ? v : fill;
          Strided.fill(value, out, i, end - i);
          if (value.isNull()) {
            Bits.set(nulls, i, end - i);
          }
        } else {
          System.arraycopy(v.array(), v.at() + i * c, out, i * c, (end - i) * c);
          if (v.nulls() != null) {
            Bits.copy(v.nulls(), i, nulls, i, end - i);
          }
        }
        i = end;
      }
      work.arena().release(v);
      releaseMask(work, m, is);
      return Vec.of(band().type(), out, n, nulls == null ? null : Bits.orNull(nulls));
    }

    /** The cells of a condition, null ones as false. */
    private static byte[] truths(Work work, Vec m, int n) {
      byte[] is = (byte[]) m.array();
      if (m.nulls() == null) {
        return is;
      }
      byte[] truths = (byte[]) work.arena().take(CellType.Storage.BYTE, n);
      System.arraycopy(is, m.at(), truths, 0, n);
      for (int i = Bits.next(m.nulls(), 0); i >= 0; i = Bits.next(m.nulls(), i + 1)) {
        truths[i] = 0;
      }
      return truths;
    }

    private static void releaseMask(Work work, Vec m, byte[] is) {
      if (is != m.array()) {
        work.arena().release(is);
      }
      work.arena().release(m);
    }

    @Override
    long[][] cuts(GridEnvelope box) {
      return Nodes.cuts(List.of(input, mask), box);
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      needs.ask(mask, box);
      needs.ask(input, box);
    }

    @Override
    List<Node> inputs() {
      return List.of(mask);
    }
  }

  /** Nodes whose domains lie side by side and make up this one's. */
  static final class Joined extends Node {
    private final List<Node> parts;

    Joined(GridEnvelope domain, Band band, List<Node> parts) {
      super(domain, band);
      this.parts = parts;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      int n = box.cellsAsInt();
      Object array = null;
      long[] nulls = band().nulls().isEmpty() ? null : Bits.none(n);
      for (Node p : parts) {
        Optional<GridEnvelope> common = p.domain().intersection(box);
        if (common.isEmpty()) {
          continue;
        }
        GridEnvelope part = common.get();
        Vec v = p.eval(work, part);
        if (part.equals(box)) {
          return v;
        }
        if (array == null) {
          array = work.arena().take(band().type(), n);
        }
        Strided.paste(v, part, array, nulls, box, part);
        work.arena().release(v);
      }
      return Vec.of(band().type(), array, n, nulls == null ? null : Bits.orNull(nulls));
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      for (Node p : parts) {
        p.domain().intersection(box).ifPresent(part -> needs.ask(p, part));
      }
    }

    @Override
    List<Node> inputs() {
      return parts;
    }
  }

  /** A node computed whole at its first use: what many boxes ask for again and again. */
  static final class Whole extends Node {
    private final Node input;
    private volatile Vec cells;

    Whole(Node input) {
      super(input.domain(), input.band());
      this.input = input;
    }

    @Override
    Vec compute(Work work, GridEnvelope box) {
      return part(work, cells(work), domain(), box, band());
    }

    Vec cells(Work work) {
      Vec v = cells;
      return v != null ? v : fill(work);
    }

    private synchronized Vec fill(Work work) {
      if (cells == null) {
        int n = work.run().arrayLength("an intermediate array", domain().cells());
        work.run().checkCells("an intermediate array", n, band().type().bytes());
        cells = BlockEvaluation.compute(work, input, domain()).shared();
      }
      return cells;
    }

    @Override
    void need(Needs needs, GridEnvelope box) {
      needs.hold(domain().cells() * (double) band().type().bytes());
      needs.ask(input, domain());
    }

    @Override
    List<Node> inputs() {
      return List.of(input);
    }
  }

  /** The cells of a part of a box; not copied where they are one run. */
  static Vec part(Work work, Vec cells, GridEnvelope of, GridEnvelope box, Band band) {
    if (cells.single()) {
      return cells;
    }
    int n = box.cellsAsInt();
    int at = (int) of.offset(box.low());
    if (of.offset(box.high()) - at == n - 1) {
      return new Vec(
          cells.type(),
          cells.array(),
          cells.at() + at * cells.type().components(),
          n,
          false,
          Bits.part(cells.nulls(), at, n),
          false);
    }
    Object array = work.arena().take(band.type(), n);
    long[] nulls = cells.nulls() == null ? null : Bits.none(n);
    Strided.paste(cells, of, array, nulls, box, box);
    return Vec.of(band.type(), array, n, nulls == null ? null : Bits.orNull(nulls));
  }

  /** The cuts of the input that has the most tiles. */
  static long[][] cuts(List<Node> inputs, GridEnvelope box) {
    long[][] best = null;
    double most = 0;
    for (Node in : inputs) {
      if (in.domain().dimension() == box.dimension()) {
        long[][] cuts = in.cuts(box);
        double n = 1;
        if (cuts != null) {
          for (long[] c : cuts) {
            n *= c == null ? 1 : c.length + 1;
          }
          if (n > most) {
            most = n;
            best = cuts;
          }
        }
      }
    }
    return best;
  }
}
