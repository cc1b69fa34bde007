package org.tessera.coverage.wcps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.Scope;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.coverage.format.Formats;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NullRule;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/**
 * Runs the query files, each query as text and as its twin in XML. A file is a list of paragraphs,
 * separated by empty lines:
 *
 * <pre>
 * cube NAME                               declares a coverage; axes in array order
 * axis LABEL CRS index LOW:HIGH
 * axis LABEL CRS regular LOW:HIGH ORIGIN RESOLUTION
 * axis LABEL CRS irregular LOW COORDINATE ...
 * grid LABEL ...                          grid order, if not the array order
 * order LABEL ...                         CRS order, if not the array order
 * band NAME TYPE [NIL ...]
 * cells VALUE ...                         one line per band, in array order
 *
 * QUERY                                   any lines
 * =&gt; TEXT                                 a line per result; or
 * =&gt; error CODE words of the message
 * </pre>
 *
 * Lines that begin with # are comments; {@code # rule footprint} sets the subsetting rule, {@code #
 * nulls shared} the rule about null values.
 */
final class QueryFilesTest {
  static final List<String> FILES =
      List.of(
          "language.q",
          "subsets.q",
          "functions.q",
          "construction.q",
          "condensers.q",
          "metadata.q",
          "shapes.q",
          "warp.q",
          "nulls.q",
          "errors.q",
          "wcps.md");

  private static final String BASE = "http://localhost/def/crs/";

  @TestFactory
  Stream<DynamicContainer> queryFiles() {
    CrsResolver crs = new CrsResolver();
    return FILES.stream().map(file -> DynamicContainer.dynamicContainer(file, tests(file, crs)));
  }

  /** The cubes that a file declares, by id. */
  static Map<String, CoverageSource.Stored> cubes(String file) {
    Map<String, CoverageSource.Stored> cubes = new HashMap<>();
    for (String paragraph : text(file).split("\n\\s*\n")) {
      List<String> lines =
          paragraph.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
      if (!lines.isEmpty() && lines.getFirst().startsWith("cube ")) {
        CoverageSource.Stored cube = cube(lines);
        cubes.put(cube.coverage().id(), cube);
      }
    }
    return cubes;
  }

  /** The queries of a file. */
  static List<String> queries(String file) {
    return Stream.of(text(file).split("\n\\s*\n"))
        .map(p -> p.lines().filter(l -> !l.startsWith("#") && !l.startsWith("=>")).toList())
        .map(lines -> String.join("\n", lines).strip())
        .filter(q -> !q.isEmpty() && !q.startsWith("cube "))
        .toList();
  }

  private static List<DynamicTest> tests(String file, CrsResolver crs) {
    Map<String, CoverageSource.Stored> cubes = new HashMap<>();
    Evaluator evaluator = Evaluators.create();
    List<DynamicTest> tests = new ArrayList<>();
    SubsettingRule rule = SubsettingRule.FOOTPRINT;
    NullRule nulls = NullRule.BAND;
    for (String paragraph : text(file).split("\n\\s*\n")) {
      if (paragraph.contains("# rule ")) {
        rule = paragraph.contains("# rule gdal") ? SubsettingRule.GDAL : SubsettingRule.FOOTPRINT;
      }
      if (paragraph.contains("# nulls ")) {
        nulls = paragraph.contains("# nulls shared") ? NullRule.SHARED : NullRule.BAND;
      }
      List<String> lines =
          paragraph.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
      if (lines.isEmpty()) {
        continue;
      }
      if (lines.getFirst().startsWith("cube ")) {
        CoverageSource.Stored cube = cube(lines);
        cubes.put(cube.coverage().id(), cube);
        continue;
      }
      String query = String.join("\n", lines.stream().filter(l -> !l.startsWith("=>")).toList());
      List<String> expected =
          lines.stream().filter(l -> l.startsWith("=>")).map(l -> l.substring(2).strip()).toList();
      Scope scope =
          Scope.of(
              new Cubes(cubes), crs, rule, nulls, "http://localhost/def", evaluator, Limits.NONE);
      Formats formats = Formats.text(crs);
      QueryRunner runner = new QueryRunner(formats);
      tests.add(
          DynamicTest.dynamicTest(
              query.replaceAll("\\s+", " "), () -> check(runner, scope, query, expected)));
    }
    return tests;
  }

  private static void check(QueryRunner runner, Scope scope, String query, List<String> expected) {
    if (expected.getFirst().startsWith("error ")) {
      String[] words = expected.getFirst().split(" ", 3);
      OwsException e = assertThrows(OwsException.class, () -> runner.run(query, scope));
      assertEquals(words[1], e.code().code(), e.getMessage());
      assertTrue(words.length < 3 || e.getMessage().contains(words[2]), e.getMessage());
      return;
    }
    List<String> found = runner.run(query, scope).stream().map(QueryFilesTest::text).toList();
    assertEquals(expected, found);
    WcpsQuery parsed = WcpsParser.parse(query);
    WcpsQuery twin = WcpsXml.read(XmlTwin.of(parsed));
    assertEquals(parsed, twin, "the query in XML");
    assertEquals(expected, runner.run(twin, scope).stream().map(QueryFilesTest::text).toList());
  }

  private static String text(QueryResult result) {
    return switch (result) {
      case QueryResult.Text t -> t.text();
      case QueryResult.Encoding e -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
          e.encoder().write(out);
        } catch (IOException x) {
          throw new UncheckedIOException(x);
        }
        yield out.toString(StandardCharsets.UTF_8).strip();
      }
    };
  }

  private static String text(String file) {
    if (file.endsWith(".md")) {
      return examples(file);
    }
    try (InputStream in = QueryFilesTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The examples of a page of the documentation: its blocks marked wcps. */
  private static String examples(String page) {
    Path docs = Path.of("docs", page);
    try {
      String text = Files.readString(Files.exists(docs) ? docs : Path.of("..").resolve(docs));
      List<String> blocks = new ArrayList<>();
      Matcher m = Pattern.compile("```wcps\n(.*?)```", Pattern.DOTALL).matcher(text);
      while (m.find()) {
        blocks.add(m.group(1));
      }
      return String.join("\n\n", blocks);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- cubes

  private record Cubes(Map<String, CoverageSource.Stored> byId) implements CoverageSource {
    @Override
    public Optional<Stored> find(String id) {
      return Optional.ofNullable(byId.get(id));
    }

    @Override
    public List<String> ids() {
      return List.copyOf(byId.keySet());
    }
  }

  private static CoverageSource.Stored cube(List<String> lines) {
    String id = lines.getFirst().substring(5).strip();
    List<Axis> axes = new ArrayList<>();
    List<RangeField> range = new ArrayList<>();
    List<String[]> cells = new ArrayList<>();
    List<String> grid = List.of();
    List<String> order = List.of();
    for (String line : lines.subList(1, lines.size())) {
      String[] w = line.strip().split("\\s+");
      String[] rest = Arrays.copyOfRange(w, 1, w.length);
      switch (w[0]) {
        case "axis" -> axes.add(axis(w, axes.size()));
        case "grid" -> grid = List.of(rest);
        case "order" -> order = List.of(rest);
        case "band" ->
            range.add(
                new RangeField(
                    w[1],
                    CellType.valueOf(w[2]),
                    "",
                    "",
                    "",
                    "10^0",
                    Stream.of(rest).skip(2).map(n -> new NilValue(n, "")).toList()));
        case "cells" -> cells.add(rest);
        default -> throw new IllegalArgumentException(line);
      }
    }
    List<String> labels = axes.stream().map(Axis::label).toList();
    List<String> ranks = grid.isEmpty() ? labels : grid;
    List<Axis> ranked = axes.stream().map(a -> ranked(a, ranks.indexOf(a.label()))).toList();
    List<String> crsOrder = order.isEmpty() ? labels : order;
    List<String> components =
        crsOrder.stream().map(l -> axes.get(labels.indexOf(l)).crs()).distinct().toList();
    String crs =
        components.size() == 1
            ? components.getFirst()
            : "http://localhost/def/crs-compound?"
                + String.join(
                    "&",
                    components.stream().map(c -> (components.indexOf(c) + 1) + "=" + c).toList());
    DomainSet domain = new DomainSet(crs, ranked, crsOrder);
    Coverage coverage = new Coverage(id, domain, range, "", "image/tiff", "");
    return new CoverageSource.Stored(coverage, array(coverage.arrayType(), id, cells));
  }

  private static Axis axis(String[] w, int rank) {
    String crs = BASE + w[2];
    if (w[3].equals("irregular")) {
      List<BigDecimal> points = Stream.of(w).skip(5).map(BigDecimal::new).toList();
      return new Axis.IrregularAxis(w[1], "", crs, Long.parseLong(w[4]), rank, points);
    }
    String[] bounds = w[4].split(":");
    long low = Long.parseLong(bounds[0]);
    long high = Long.parseLong(bounds[1]);
    return w[3].equals("index")
        ? new Axis.IndexAxis(w[1], "GridSpacing", crs, low, high, rank)
        : new Axis.RegularAxis(
            w[1], "", crs, low, high, rank, new BigDecimal(w[5]), new BigDecimal(w[6]));
  }

  private static Axis ranked(Axis axis, int rank) {
    return switch (axis) {
      case Axis.IndexAxis a ->
          new Axis.IndexAxis(a.label(), a.uom(), a.crs(), a.low(), a.high(), rank);
      case Axis.RegularAxis a ->
          new Axis.RegularAxis(
              a.label(), a.uom(), a.crs(), a.low(), a.high(), rank, a.origin(), a.resolution());
      case Axis.IrregularAxis a ->
          new Axis.IrregularAxis(a.label(), a.uom(), a.crs(), a.low(), rank, a.coordinates());
    };
  }

  private static ArraySource array(ArrayType type, String id, List<String[]> values) {
    List<Cells> bands = new ArrayList<>();
    int n = type.domain().cellsAsInt();
    for (int b = 0; b < type.bands().size(); b++) {
      assertEquals(n, values.get(b).length, "cells of cube " + id);
      bands.add(cells(type.band(b).type(), type.band(b).nulls(), values.get(b)));
    }
    return new OneTile(id, type, new Tile(type.domain(), bands));
  }

  private static Cells cells(CellType type, NullSet nulls, String[] values) {
    Cells cells = Cells.allocate(type, values.length);
    long[] mask = new long[(values.length + 63) / 64];
    for (int i = 0; i < values.length; i++) {
      double v = Double.parseDouble(values[i]);
      switch (type.storage()) {
        case BYTE -> cells.bytes()[i] = (byte) (int) v;
        case SHORT -> cells.shorts()[i] = (short) (int) v;
        case INT -> cells.ints()[i] = (int) (long) v;
        case LONG -> cells.longs()[i] = (long) v;
        case FLOAT -> cells.floats()[i] = (float) v;
        case DOUBLE -> cells.doubles()[i] = v;
      }
      if (nulls.contains(v)) {
        mask[i / 64] |= 1L << (i % 64);
      }
    }
    return nulls.isEmpty() ? cells : cells.withNulls(mask);
  }

  /** An array of one tile. */
  private record OneTile(String identity, ArrayType type, Tile whole) implements ArraySource {
    @Override
    public List<StoredTile> tiles(GridEnvelope box) {
      return box.intersects(type.domain())
          ? List.of(new StoredTile(0, type.domain(), List.of()))
          : List.of();
    }

    @Override
    public Tile read(StoredTile tile, GridEnvelope box, int... wanted) {
      List<Cells> bands = new ArrayList<>();
      for (int b : wanted) {
        bands.add(part(whole.band(b), box));
      }
      return new Tile(box, bands);
    }

    private Cells part(Cells all, GridEnvelope box) {
      int n = box.cellsAsInt();
      Cells cells = Cells.allocate(all.type(), n);
      long[] mask = new long[(n + 63) / 64];
      long[] at = box.low();
      for (int i = 0; i < n; i++) {
        int from = (int) type.domain().offset(at);
        System.arraycopy(all.array(), from, cells.array(), i, 1);
        if (all.isNull(from)) {
          mask[i / 64] |= 1L << (i % 64);
        }
        for (int d = at.length - 1; d >= 0; d--) {
          if (++at[d] <= box.high(d)) {
            break;
          }
          at[d] = box.low(d);
        }
      }
      return all.nulls() == null ? cells : cells.withNulls(mask);
    }
  }
}
