package org.tessera.engine.eval;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.algebra.CellFunctions;
import org.tessera.engine.algebra.Condensers;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;

/**
 * Times by hand: {@code java -Xmx4g -cp target/classes:target/test-classes:...
 * org.tessera.engine.eval.EvaluatorBenchmark}. Prints the best and the median of several runs with
 * one thread and with all, and what reading the same bytes from memory takes at least.
 */
final class EvaluatorBenchmark {
  private EvaluatorBenchmark() {}

  public static void main(String[] args) {
    int layers = args.length > 0 ? Integer.parseInt(args[0]) : 64;
    TestArray cube = cube(layers);
    long cells = cube.type().domain().cells();
    ArrayExpr c = new ArrayExpr.ArrayRef(cube);
    double readOnce = sumLimit(cube);
    System.out.printf(
        "int16 cube, %d M cells in tiles of 1 M; a plain loop reads %.1f GB/s on one thread%n",
        cells / 1_000_000, cells * 2 / readOnce / 1e9);
    ArrayExpr more =
        ArrayExpr.Induce.of(CellFunctions.get(">", 2), c, ArrayExpr.scalar(CellType.INT32, 100));
    ArrayExpr.Variable t = new ArrayExpr.Variable(1, "t", 0, layers - 1);
    ArrayExpr mean =
        ArrayExpr.Condense.of(
            Condensers.get("avg"),
            List.of(t),
            java.util.Optional.empty(),
            new ArrayExpr.Slice(c, 0, t));
    TestArray bands = image();
    ArrayExpr image = new ArrayExpr.ArrayRef(bands);
    ArrayExpr nir = new ArrayExpr.Cast(band(image, 0), CellType.FLOAT32);
    ArrayExpr red = new ArrayExpr.Cast(band(image, 1), CellType.FLOAT32);
    ArrayExpr ndvi =
        ArrayExpr.Induce.of(
            CellFunctions.get("/", 2),
            ArrayExpr.Induce.of(CellFunctions.get("-", 2), nir, red),
            ArrayExpr.Induce.of(CellFunctions.get("+", 2), nir, red));
    ArrayExpr large =
        ArrayExpr.Induce.of(
            CellFunctions.get(">", 2), ndvi, ArrayExpr.scalar(CellType.FLOAT64, 0.25));
    ArrayExpr pixel =
        new ArrayExpr.Trim(
            c, GridEnvelope.of(new long[] {0, 70, 70}, new long[] {layers - 1, 70, 70}));
    ArrayExpr empty =
        ArrayExpr.Induce.of(CellFunctions.get("+", 2), ArrayExpr.integer(1), ArrayExpr.integer(2));
    for (int threads : new int[] {1, Runtime.getRuntime().availableProcessors()}) {
      try (Evaluator off = Evaluators.create(threads, false);
          Evaluator on = Evaluators.create(threads, true)) {
        System.out.println(threads + " thread(s)");
        time("avg, statistics off", off, ArrayExpr.Reduce.of(Condensers.get("avg"), c), cells * 2);
        time("max, statistics off", off, ArrayExpr.Reduce.of(Condensers.get("max"), c), cells * 2);
        time(
            "count(c > 100), off",
            off,
            ArrayExpr.Reduce.of(Condensers.get("count"), more),
            cells * 2);
        time("avg, statistics on", on, ArrayExpr.Reduce.of(Condensers.get("avg"), c), 0);
        time("count(c > 100), on", on, ArrayExpr.Reduce.of(Condensers.get("count"), more), 0);
        time("mean over time", off, mean, cells * 2);
        time("NDVI 4096x4096 uint16 -> float", off, ndvi, 4096L * 4096 * 8);
        time("NDVI > 0.25", off, large, 4096L * 4096 * 5);
        time("sum(NDVI)", off, ArrayExpr.Reduce.of(Condensers.get("sum"), ndvi), 4096L * 4096 * 4);
        time("pixel series", off, pixel, 0);
        time("1 + 2", off, empty, 0);
      }
    }
  }

  private static ArrayExpr band(ArrayExpr e, int b) {
    return new ArrayExpr.SelectBands(e, List.of(b));
  }

  private static void time(String what, Evaluator evaluator, ArrayExpr e, long bytes) {
    double[] s = new double[15];
    double cpu = 1e9;
    for (int i = 0; i < s.length; i++) {
      long from = System.nanoTime();
      long cpuFrom = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      evaluator.prepare(e, Limits.NONE).stream(tile -> {});
      cpu =
          Math.min(
              cpu, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpuFrom) / 1e9);
      s[i] = (System.nanoTime() - from) / 1e9;
    }
    java.util.Arrays.sort(s);
    System.out.printf(
        "  %-32s best %9.3f ms, median %9.3f ms, processor %9.3f ms (calling thread)%s%n",
        what,
        s[0] * 1e3,
        s[s.length / 2] * 1e3,
        cpu * 1e3,
        bytes == 0 ? "" : String.format(", %.1f GB/s", bytes / cpu / 1e9));
  }

  /** Seconds that a plain loop over the tiles takes at best. */
  private static double sumLimit(TestArray cube) {
    double best = 1e9;
    long sum = 0;
    for (int i = 0; i < 5; i++) {
      long from = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (var t : cube.tiles(cube.type().domain())) {
        sum += sum(cube.read(t, t.box(), 0).band(0).shorts());
      }
      best =
          Math.min(
              best, (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - from) / 1e9);
    }
    if (sum == 42) {
      System.out.println("the answer");
    }
    return best;
  }

  private static long sum(short[] a) {
    long s = 0;
    for (short x : a) {
      s += x;
    }
    return s;
  }

  private static TestArray cube(int layers) {
    TestArray a =
        new TestArray(ArrayType.of(GridEnvelope.ofSize(layers, 2048, 2048), CellType.INT16));
    fill(a, layers, 2048, 4, () -> CellType.INT16, 1);
    return a;
  }

  private static TestArray image() {
    Band b = new Band(CellType.UINT16);
    TestArray a = new TestArray(new ArrayType(GridEnvelope.ofSize(4096, 4096), List.of(b, b)));
    Random random = new Random(2);
    for (int y = 0; y < 4096; y += 1024) {
      for (int x = 0; x < 4096; x += 1024) {
        GridEnvelope box = GridEnvelope.of(new long[] {y, x}, new long[] {y + 1023L, x + 1023L});
        Cells[] cells = new Cells[2];
        for (int k = 0; k < 2; k++) {
          cells[k] = Cells.allocate(CellType.UINT16, 1 << 20);
          for (int i = 0; i < 1 << 20; i++) {
            cells[k].shorts()[i] = (short) (100 + random.nextInt(3000));
          }
        }
        a.with(box, cells);
      }
    }
    return a;
  }

  private static void fill(
      TestArray a, int layers, int edge, int thick, Supplier<CellType> type, int seed) {
    Random random = new Random(seed);
    for (int t = 0; t < layers; t += thick) {
      for (int y = 0; y < edge; y += 512) {
        for (int x = 0; x < edge; x += 512) {
          GridEnvelope box =
              GridEnvelope.of(
                  new long[] {t, y, x}, new long[] {t + thick - 1L, y + 511L, x + 511L});
          Cells c = Cells.allocate(type.get(), box.cellsAsInt());
          short[] s = c.shorts();
          int level = random.nextInt(400);
          for (int i = 0; i < s.length; i++) {
            s[i] = (short) (level + (i * 31 & 255) - 128);
          }
          a.with(box, c);
        }
      }
    }
  }
}
