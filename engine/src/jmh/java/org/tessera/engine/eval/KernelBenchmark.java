package org.tessera.engine.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.ArrayStore;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.MemoryTileStore;
import org.tessera.engine.store.TileCache;
import org.tessera.engine.store.Tiling;

/**
 * Expressions over an int16 cube of 16 x 2048 x 2048 cells (128 MiB) in tiles of 1 x 512 x 512,
 * statistics off: milliseconds. Beside each stands {@link #limitRead}: a loop that reads the same
 * cells once, on one thread. Run as docs/speed.md says.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx3g")
public class KernelBenchmark {
  private static final int LAYERS = 16;
  private static final int EDGE = 2048;

  /** Whether 3 % of the cells are null. */
  @Param({"false", "true"})
  public boolean nulls;

  private Evaluator evaluator;
  private TileCache cache;
  private ArrayVersion cube;
  private final List<short[]> layers = new ArrayList<>();

  @Setup
  public void setUp() {
    evaluator = Evaluators.create(Runtime.getRuntime().availableProcessors(), false);
    cache = new TileCache(1L << 30);
    ArrayStore store = new ArrayStore(new MemoryTileStore(), cache);
    NullSet set = nulls ? NullSet.of(-9999) : NullSet.NONE;
    Random random = new Random(1);
    try (ArrayWriter w =
        store.create(
            List.of(new Band(CellType.INT16, set)), 3, Tiling.of(1, 512, 512))) {
      for (int t = 0; t < LAYERS; t++) {
        GridEnvelope box =
            GridEnvelope.of(new long[] {t, 0, 0}, new long[] {t, EDGE - 1L, EDGE - 1L});
        Cells cells = Cells.allocate(CellType.INT16, box.cellsAsInt());
        short[] s = cells.shorts();
        for (int i = 0; i < s.length; i++) {
          s[i] = random.nextInt(100) < 3 ? (short) -9999 : (short) random.nextInt(400);
        }
        layers.add(s);
        w.write(new Tile(box, List.of(cells)));
      }
      cube = w.commit();
    }
  }

  @TearDown
  public void tearDown() {
    evaluator.close();
  }

  private Tile run(ArrayExpr e) {
    Tile[] last = new Tile[1];
    evaluator.prepare(e, Limits.NONE).stream(t -> last[0] = t);
    return last[0];
  }

  private ArrayExpr cells() {
    return new ArrayExpr.ArrayRef(cube);
  }

  private Tile reduce(String condenser) {
    return run(ArrayExpr.Reduce.of(Condensers.get(condenser), cells()));
  }

  @Benchmark
  public long limitRead() {
    long sum = 0;
    for (short[] layer : layers) {
      for (short x : layer) {
        sum += x;
      }
    }
    return sum;
  }

  @Benchmark
  public Tile countAbove() {
    return run(
        ArrayExpr.Reduce.of(
            Condensers.get("count"),
            ArrayExpr.Induce.of(
                CellFunctions.get(">", 2), cells(), ArrayExpr.scalar(CellType.INT32, 100))));
  }

  @Benchmark
  public Tile sum() {
    return reduce("sum");
  }

  @Benchmark
  public Tile maximum() {
    return reduce("max");
  }

  @Benchmark
  public Tile variance() {
    return reduce("var_pop");
  }

  @Benchmark
  public Tile median() {
    return reduce("median");
  }

  @Benchmark
  public Tile meanOverTime() {
    ArrayExpr.Variable t = new ArrayExpr.Variable(1, "t", 0, LAYERS - 1);
    return run(
        ArrayExpr.Condense.of(
            Condensers.get("avg"),
            List.of(t),
            Optional.empty(),
            new ArrayExpr.Slice(cells(), 0, t)));
  }

  @Benchmark
  public Tile scaleAverage() {
    return scaled(ArrayExpr.Interpolation.AVERAGE, 128);
  }

  @Benchmark
  public Tile scaleLinear() {
    return scaled(ArrayExpr.Interpolation.LINEAR, 512);
  }

  private Tile scaled(ArrayExpr.Interpolation how, int edge) {
    return run(new ArrayExpr.Scale(cells(), GridEnvelope.ofSize(LAYERS, edge, edge), how));
  }

  /** All tiles decoded anew. */
  @Benchmark
  public Tile decodeAndSum() {
    cache.clear();
    return reduce("sum");
  }
}
