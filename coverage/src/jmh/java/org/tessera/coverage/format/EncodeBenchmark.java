package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.Deflater;
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
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/**
 * Encoding a picture of 2048 x 2048 cells that lie in memory: milliseconds. Beside each stands what
 * it cannot be faster than: {@link #limitCells} evaluates the same cells and writes nothing, {@link
 * #limitCopy} also copies their bytes once (GeoTIFF), {@link #limitDeflate} deflates them with the
 * same threads and level, without filters and chunks (PNG). Run as docs/speed.md says.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx3g")
public class EncodeBenchmark {
  private static final int EDGE = 2048;
  private static final int SEGMENT = 1 << 19;

  /** Cell type and bands. */
  @Param({"UINT8 x 1", "UINT8 x 3", "UINT16 x 1", "FLOAT32 x 1"})
  public String cells;

  private Evaluator evaluator;
  private EncodeRequest request;
  private CoverageFormat png;
  private CoverageFormat tiff;

  /** As many bytes as the cells have. */
  private byte[] raw;

  /** The picture's samples, in PNG's order. */
  private byte[] samples;

  @Setup
  public void setUp() {
    evaluator = Evaluators.create();
    CrsResolver crs = new CrsResolver();
    png = new PngFormat(crs);
    tiff = new TiffFormat(crs, Optional.empty());
    CellType type = CellType.valueOf(cells.split(" ")[0]);
    int bands = Integer.parseInt(cells.split(" ")[2]);
    String index = "http://www.opengis.net/def/crs/OGC/0/Index2D";
    DomainSet domain =
        new DomainSet(
            index,
            List.of(
                // Rows, then columns: the picture is not transposed.
                new Axis.IndexAxis("j", "GridSpacing", index, 0, EDGE - 1, 1),
                new Axis.IndexAxis("i", "GridSpacing", index, 0, EDGE - 1, 0)),
            List.of("i", "j"));
    Random random = new Random(1);
    List<Cells> all = new ArrayList<>();
    List<RangeField> fields = new ArrayList<>();
    for (int b = 0; b < bands; b++) {
      all.add(texture(type, random));
      fields.add(new RangeField("b" + b, type, "", "", "", "10^0", List.of()));
    }
    GridEnvelope box = domain.gridEnvelope();
    ArrayType array =
        new ArrayType(box, fields.stream().map(f -> new Band(f.type())).toList());
    request =
        new EncodeRequest(
            "picture",
            domain,
            fields,
            "",
            new ArrayExpr.Constant(array, new Tile(box, all)),
            evaluator,
            Limits.NONE,
            "");
    raw = new byte[EDGE * EDGE * bands * type.bytes()];
    int sample = type == CellType.UINT16 ? 2 : 1;
    samples = new byte[EDGE * EDGE * bands * sample];
    for (int i = 0; i < samples.length; i++) {
      long v = (long) all.get(i / sample % bands).getDouble(i / sample / bands);
      samples[i] = (byte) (sample == 2 && i % 2 == 0 ? v >> 8 : v);
    }
  }

  /** Slopes with noise, as imagery has. */
  private static Cells texture(CellType type, Random random) {
    Cells c = Cells.allocate(type, EDGE * EDGE);
    for (int i = 0; i < c.length(); i++) {
      double slope = 100 + 50 * Math.sin(i % EDGE / 90.0) + 40 * Math.cos(i / EDGE / 70.0);
      double v = slope + random.nextGaussian() * 3;
      switch (type.storage()) {
        case BYTE -> c.bytes()[i] = (byte) v;
        case SHORT -> c.shorts()[i] = (short) (v * 10);
        case FLOAT -> c.floats()[i] = (float) v;
        default -> throw new IllegalArgumentException(type.toString());
      }
    }
    return c;
  }

  @TearDown
  public void tearDown() {
    evaluator.close();
  }

  /** Counts bytes; as a socket that is never slow. */
  private static final class Sink extends OutputStream {
    long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] b, int from, int length) {
      bytes += length;
    }
  }

  private static long size(CoverageFormat.Encoder encoder) throws IOException {
    Sink sink = new Sink();
    encoder.write(sink);
    return sink.bytes;
  }

  @Benchmark
  public long png() throws IOException {
    return size(png.prepare(request));
  }

  @Benchmark
  public long geoTiff() throws IOException {
    return size(tiff.prepare(request));
  }

  @Benchmark
  public long limitCells() {
    LongAdder cellsSeen = new LongAdder();
    evaluator
        .prepare(request.cells(), Limits.NONE)
        .stream(tile -> cellsSeen.add(tile.band(0).length()));
    return cellsSeen.sum();
  }

  @Benchmark
  public byte[] limitCopy() {
    limitCells();
    return raw.clone();
  }

  @Benchmark
  public long limitDeflate() {
    LongAdder bytes = new LongAdder();
    Evaluation evaluation = evaluator.prepare(ArrayExpr.integer(0), Limits.NONE);
    evaluation.each(
        (samples.length + SEGMENT - 1) / SEGMENT,
        i -> {
          Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
          deflater.setInput(samples, i * SEGMENT, Math.min(SEGMENT, samples.length - i * SEGMENT));
          deflater.finish();
          byte[] out = new byte[SEGMENT];
          while (!deflater.finished()) {
            bytes.add(deflater.deflate(out));
          }
          deflater.end();
        });
    return bytes.sum();
  }
}
