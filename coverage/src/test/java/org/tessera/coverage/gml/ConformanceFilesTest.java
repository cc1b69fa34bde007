package org.tessera.coverage.gml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.schemas.OgcSchemas;

/**
 * The GML documents among the expected answers of the conformance cases, read and written again.
 * Skipped where the cases are not on this machine; the environment variable TESSERA_CONFORMANCE
 * says where they are.
 */
class ConformanceFilesTest {
  private static final Path CONFORMANCE =
      Path.of(System.getenv().getOrDefault("TESSERA_CONFORMANCE", "/work/shared/conformance"));
  private static final CrsResolver CRS = new CrsResolver();
  private static final GmlStyle STYLE = GmlStyle.standard(CRS);

  /**
   * Compares each actual-N with expected-N. Left out: the extents, which in some files are those of
   * the request rather than of the grid.
   */
  private static final String COMPARE =
      """
      import glob, os, sys
      sys.path.insert(0, sys.argv[1])
      import compare
      for actual in sorted(glob.glob(sys.argv[2] + "/actual-*")):
          expected = actual.replace("actual-", "expected-")
          options = {"origin": "http://localhost:8080", "ignore": ["boundedBy"]}
          try:
              kind = compare.compare_json if actual.endswith("json") else compare.compare_xml
              kind(open(actual, "rb").read(), open(expected, "rb").read(), options)
          except compare.Mismatch as e:
              print(os.path.basename(actual), e)
      """;

  private static final Map<String, String> LEFT_OUT =
      Map.of(
          "020-", "fewer axes than its CRS, so it cannot be stored",
          "034-", "fewer axes than its CRS",
          "051-", "fewer axes than its CRS",
          "343-", "fewer axes than its CRS",
          "344-", "fewer axes than its CRS",
          "191-", "no CRS",
          "156-", "a cell value that the type does not have",
          "444-", "no range set",
          "189-", "an origin that is no grid point");

  @TempDir Path work;

  @Test
  void readAndWrittenAgainSaysTheSameAndIsValid() throws IOException, InterruptedException {
    assumeTrue(Files.isDirectory(CONFORMANCE.resolve("cases")));
    List<String> faults = new ArrayList<>();
    int checked = 0;
    for (Path file : documents()) {
      String text =
          Files.readString(file)
              .replace("@CRS_URL@", "http://www.opengis.net/def")
              .replace("@ORIGIN@", "http://localhost:8080");
      String name = file.getParent().getFileName() + "-" + file.getFileName();
      String again;
      try {
        again = again(text);
      } catch (OwsException refused) {
        faults.add(name + " " + refused.getMessage());
        continue;
      }
      OgcSchemas.faults(again).forEach(f -> faults.add(name + " " + f));
      Files.writeString(work.resolve("actual-" + name), again);
      Files.writeString(work.resolve("expected-" + name), text);
      checked++;
    }
    faults.addAll(compared());
    assertEquals(List.of(), faults);
    assertTrue(checked > 100, () -> "too few documents found below " + CONFORMANCE);
  }

  @Test
  void generalGridIsAsExpected() throws IOException, InterruptedException {
    Path file =
        CONFORMANCE.resolve(
            "cases/wcs/168-get_coverage_version_2.1.0_grid_coverage_output_type_general_grid_coverage.kvp/expected.xml");
    assumeTrue(Files.isRegularFile(file));
    String expected = Files.readString(file).replace("@CRS_URL@", "http://www.opengis.net/def");
    String tuples =
        Pattern.compile("<cis11:V>(.*?)</cis11:V>")
            .matcher(expected)
            .results()
            .map(m -> m.group(1))
            .collect(Collectors.joining(","));
    String crs = "http://www.opengis.net/def/crs/OGC/0/Index2D";
    BigDecimal one = BigDecimal.ONE;
    DomainSet domain =
        new DomainSet(
            crs,
            List.of(
                new Axis.RegularAxis("i", "GridSpacing", crs, 0, 9, 0, new BigDecimal("0.5"), one),
                new Axis.RegularAxis(
                    "j", "GridSpacing", crs, 30, 39, 1, new BigDecimal("9.5"), one.negate())),
            List.of("i", "j"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    GmlCoverages.writeGeneralGrid(
        "test_mr",
        domain,
        List.of(Samples.field("value", CellType.UINT8)),
        "{ \"resolution\" : \"1\" }",
        new RangeSet.Tuples(w -> w.write(tuples)),
        STYLE,
        out);
    Files.write(work.resolve("actual-168"), out.toByteArray());
    Files.writeString(work.resolve("expected-168"), expected);
    assertEquals(List.of(), compared());
  }

  @Test
  void describeOfWcpsIsAsExpected() throws IOException, InterruptedException {
    Path wcps = CONFORMANCE.resolve("cases/wcps");
    assumeTrue(Files.isDirectory(wcps));
    String crs = "http://www.opengis.net/def/crs/EPSG/0/4326";
    BigDecimal half = new BigDecimal("0.5");
    DomainSet domain =
        new DomainSet(
            crs,
            List.of(
                new Axis.RegularAxis(
                    "Lat", "degree", crs, 7, 8, 1, new BigDecimal("-12.725"), half.negate()),
                new Axis.RegularAxis(
                    "Lon", "degree", crs, 37, 38, 0, new BigDecimal("130.725"), half)),
            List.of("Lat", "Lon"));
    ArrayType type = ArrayType.of(domain.gridEnvelope(), CellType.UINT8);
    Tile tile = new Tile(type.domain(), List.of(Cells.allocate(CellType.UINT8, 4)));
    CompiledCoverage coverage =
        new CompiledCoverage(
            "test_mean_summer_airtemp",
            new ArrayExpr.Constant(type, tile),
            domain,
            List.of(Samples.field("Gray", CellType.UINT8)),
            "");
    Descriptions descriptions = new Descriptions(STYLE);
    Optional<String> general = Optional.of("outputType=GeneralGridCoverage");
    put(wcps, "444-", "gml", descriptions.describe(coverage, "gml", Optional.empty()));
    put(wcps, "445-", "gml", descriptions.describe(coverage, "gml", general));
    put(wcps, "446-", "json", descriptions.describe(coverage, "application/json", general));
    assertEquals(List.of(), compared());
  }

  /** Puts an answer and what a case expects side by side. */
  private void put(Path group, String prefix, String kind, String actual) throws IOException {
    Path expected;
    try (Stream<Path> found = Files.walk(group, 2)) {
      expected =
          found
              .filter(p -> p.getParent().getFileName().toString().startsWith(prefix))
              .filter(p -> p.getFileName().toString().startsWith("expected."))
              .findFirst()
              .orElseThrow();
    }
    Files.writeString(work.resolve("actual-" + prefix + kind), actual);
    Files.writeString(
        work.resolve("expected-" + prefix + kind),
        Files.readString(expected).replace("@CRS_URL@", "http://www.opengis.net/def"));
  }

  /** What the comparator of the cases says of the files in the work folder. */
  private List<String> compared() throws IOException, InterruptedException {
    Process python =
        new ProcessBuilder("python3", "-c", COMPARE, CONFORMANCE.toString(), work.toString())
            .redirectErrorStream(true)
            .start();
    List<String> said =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals(0, python.waitFor(), () -> String.valueOf(said));
    return said;
  }

  private static List<Path> documents() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String group : List.of("wcs", "wcps")) {
      try (Stream<Path> found = Files.walk(CONFORMANCE.resolve("cases").resolve(group), 2)) {
        found
            .filter(p -> p.getFileName().toString().matches("expected(-\\d+)?\\.xml"))
            .filter(ConformanceFilesTest::isComparable)
            .forEach(files::add);
      }
    }
    return files;
  }

  private static boolean isComparable(Path file) {
    String text = text(file);
    return (text.contains("CoverageDescriptions") || text.contains("<gmlcov:"))
        && text.contains("xmlns:gml=")
        && !text.contains("GeneralGridCoverage")
        && !text.contains("srsDimension=\"0\"")
        // A nil value without the attribute reason, which the schema demands.
        && !text.contains("<swe:nilValue>")
        && LEFT_OUT.keySet().stream()
            .noneMatch(p -> file.getParent().getFileName().toString().startsWith(p));
  }

  private static String again(String text) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (text.contains("CoverageDescriptions")) {
      GmlCoverages.describe(GmlCoverages.readDescriptions(in, CRS), CellOrder.TUPLES, STYLE, out);
    } else {
      CoverageDocument document = GmlCoverages.read(in, CRS);
      Coverage coverage = document.coverage();
      Tile tile = ((CoverageDocument.Inline) document.cells()).tile();
      GmlCoverages.write(
          coverage.id(),
          coverage.domain(),
          GridKind.of(coverage.domain()),
          coverage.range(),
          coverage.metadata(),
          new RangeSet.Tuples(w -> new TileTuples(w).append(inGridOrder(coverage.domain(), tile))),
          STYLE,
          out);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Tile inGridOrder(DomainSet domain, Tile tile) {
    int[] order = domain.gridAxes().stream().map(Axis::label).mapToInt(domain::indexOf).toArray();
    GridEnvelope box = tile.box().permute(order);
    List<Cells> bands = new ArrayList<>();
    for (Cells from : tile.bands()) {
      Cells to = Cells.allocate(from.type(), from.length());
      int elements = from.type().components();
      long[] index = box.low();
      for (int i = 0; i < from.length(); i++) {
        long[] source = new long[order.length];
        for (int d = 0; d < order.length; d++) {
          source[order[d]] = index[d];
        }
        int at = Math.toIntExact(tile.box().offset(source));
        System.arraycopy(from.array(), at * elements, to.array(), i * elements, elements);
        for (int d = order.length - 1; d >= 0 && ++index[d] > box.high(d); d--) {
          index[d] = box.low(d);
        }
      }
      bands.add(to);
    }
    return new Tile(box, bands);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
