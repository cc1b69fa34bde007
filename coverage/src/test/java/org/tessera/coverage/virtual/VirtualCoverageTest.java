package org.tessera.coverage.virtual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.AxisScale;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.ArrayStore;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.MemoryTileStore;
import org.tessera.engine.store.TileCache;
import org.tessera.engine.store.Tiling;

/** Cells of virtual coverages, against sources of a few cells. 9 is null. */
class VirtualCoverageTest {
  private static final String DEF = "http://www.opengis.net/def/crs/";
  private static final CrsResolver RESOLVER = new CrsResolver();
  private final ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(1 << 20));
  private final VirtualCoverage virtual = new VirtualCoverage(RESOLVER);

  private static Axis regular(
      String label, String crs, long cells, int rank, String origin, String step) {
    return new Axis.RegularAxis(
        label, "1", crs, 0, cells - 1, rank, new BigDecimal(origin), new BigDecimal(step));
  }

  /** A map of one CRS: the upper left border, the edge of a cell, rows of digits. */
  private CoverageSource.Stored map(
      String id, int epsg, String west, String north, String size, String... rows) {
    String crs = DEF + "EPSG/0/" + epsg;
    BigDecimal half = new BigDecimal(size).divide(BigDecimal.valueOf(2));
    String x = epsg == 4326 ? "Long" : "E";
    String y = epsg == 4326 ? "Lat" : "N";
    DomainSet domain =
        new DomainSet(
            crs,
            List.of(
                regular(
                    y,
                    crs,
                    rows.length,
                    1,
                    new BigDecimal(north).subtract(half).toPlainString(),
                    "-" + size),
                regular(
                    x,
                    crs,
                    rows[0].length(),
                    0,
                    new BigDecimal(west).add(half).toPlainString(),
                    size)),
            epsg == 4326 ? List.of(y, x) : List.of(x, y));
    return stored(id, domain, "9", String.join("", rows));
  }

  private CoverageSource.Stored stored(String id, DomainSet domain, String nil, String digits) {
    RangeField field =
        new RangeField("v", CellType.UINT8, "v", "", "", "1", List.of(new NilValue(nil, "")));
    Cells cells = Cells.allocate(CellType.UINT8, digits.length());
    for (int i = 0; i < digits.length(); i++) {
      cells.set(i, digits.charAt(i) - '0', 0);
    }
    Coverage coverage = new Coverage(id, domain, List.of(field), "", "image/tiff", "");
    try (ArrayWriter writer =
        store.create(
            coverage.arrayType().bands(), domain.dimension(), Tiling.of(domain.gridEnvelope()))) {
      writer.write(new Tile(domain.gridEnvelope(), List.of(cells)));
      return new CoverageSource.Stored(coverage, writer.commit());
    }
  }

  private CoverageSource.Stored union(CoverageSource.Stored... sources) {
    Coverage described =
        virtual.describe(
            "u",
            java.util.Arrays.stream(sources).map(CoverageSource.Stored::coverage).toList(),
            Optional.empty(),
            Optional.empty());
    return virtual.open(described, List.of(sources));
  }

  /** All cells, a row a line, 9 where there is nothing. */
  private static String text(ArraySource cells) {
    GridEnvelope all = cells.type().domain();
    char[] text = new char[all.cellsAsInt()];
    java.util.Arrays.fill(text, '9');
    for (StoredTile t : cells.tiles(all)) {
      Cells read = cells.read(t, t.box(), 0).band(0);
      long[] at = t.box().low();
      for (int i = 0; i < read.length(); i++) {
        text[(int) all.offset(at)] = read.isNull(i) ? '9' : (char) ('0' + read.getLong(i));
        for (int a = at.length - 1; a >= 0 && ++at[a] > t.box().high(a); a--) {
          at[a] = t.box().low(a);
        }
      }
    }
    int row = (int) all.size(all.dimension() - 1);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < text.length; i += row) {
      rows.add(new String(text, i, row));
    }
    return String.join("\n", rows);
  }

  @Test
  void laterSourcesLieOverEarlierOnesButTheirNullCellsDoNot() {
    CoverageSource.Stored u =
        union(
            map("a", 4326, "0", "3", "1", "111", "191", "111"),
            map("b", 4326, "1", "4", "1", "222", "292", "922"));
    assertEquals("9222\n1212\n1922\n1119", text(u.cells()));
    Axis lat = u.coverage().domain().axes().getFirst();
    assertEquals(List.of("0.0", "4.0"), List.of(lat.lower().toString(), lat.upper().toString()));
  }

  @Test
  void theFinestResolutionIsTakenAndGridsNeedNotBeAligned() {
    CoverageSource.Stored u =
        union(map("a", 4326, "0", "2", "1", "12", "34"), map("b", 4326, "1.25", "1.5", "0.5", "5"));
    // Columns begin at -0.25: the borders are those of b.
    assertEquals("11229\n11259\n33449\n33449", text(u.cells()));
  }

  @Test
  void timesAreUnited() {
    String time = DEF + "OGC/0/AnsiDate";
    String map = DEF + "EPSG/0/4326";
    DomainSet first =
        new DomainSet(
            DEF.replace("crs/", "crs-compound?1=") + time + "&2=" + map,
            List.of(
                new Axis.IrregularAxis(
                    "ansi", "d", time, 0, 0, List.of(BigDecimal.ONE, BigDecimal.valueOf(5))),
                regular("Lat", map, 1, 2, "0.5", "-1"),
                regular("Long", map, 2, 1, "0.5", "1")),
            List.of("ansi", "Lat", "Long"));
    DomainSet second =
        new DomainSet(
            first.crs(),
            List.of(
                new Axis.IrregularAxis(
                    "ansi", "d", time, 0, 0, List.of(BigDecimal.TWO, BigDecimal.valueOf(5))),
                regular("Lat", map, 1, 2, "0.5", "-1"),
                regular("Long", map, 2, 1, "1.5", "1")),
            first.crsOrder());
    CoverageSource.Stored u =
        union(stored("a", first, "9", "1234"), stored("b", second, "9", "5678"));
    assertEquals("129\n956\n378", text(u.cells()));
  }

  @Test
  void anotherCrsIsReprojectedToTheNearestCell() {
    // At the equator on the central meridian a degree is about 111 km.
    CoverageSource.Stored utm = map("z", 32631, "300000", "200000", "100000", "1234", "5678");
    CoverageSource.Stored u =
        virtual.open(
            virtual.describe(
                "u",
                List.of(utm.coverage()),
                Optional.of("EPSG:4326"),
                Optional.of(new BigDecimal("0.5"))),
            List.of(utm));
    Axis lon = u.coverage().domain().axes().get(1);
    assertEquals(1.0, lon.lower().doubleValue(), 0.01);
    assertEquals(5.0, lon.upper().doubleValue(), 0.01);
    assertEquals("11223344\n11223344\n55667788\n55667788", text(u.cells()));
  }

  @Test
  void levelsOfTheSourcesMakeLevelsOfTheUnion() {
    CoverageSource.Stored a = map("a", 4326, "0", "4", "1", "1111", "1111", "1111", "1111");
    CoverageSource.Stored half = map("a2", 4326, "0", "4", "2", "33", "44");
    CoverageSource.Stored withLevel =
        new CoverageSource.Stored(
            a.coverage(),
            a.cells(),
            () ->
                List.of(
                    new CoverageSource.Level(
                        half.cells(),
                        AxisScale.of(a.coverage().domain(), half.coverage().domain()).orElseThrow(),
                        Optional.empty())));
    CoverageSource.Stored u = union(withLevel);
    assertEquals("1111\n1111\n1111\n1111", text(u.cells()));
    List<CoverageSource.Level> levels = u.levels().get();
    assertEquals(1, levels.size());
    assertEquals("33\n44", text(levels.getFirst().cells()));
    assertEquals(2.0, levels.getFirst().scales().get(1).factor());
  }

  @Test
  void theUnionFollowsItsSources() {
    CoverageSource.Stored a = map("a", 4326, "0", "2", "1", "11", "11");
    Coverage u = union(a).coverage();
    Coverage grown = map("a", 4326, "-3", "2", "1", "11111", "11111").coverage();
    DomainSet domain = virtual.follow(u, List.of(grown)).domain();
    assertEquals(-3.0, domain.axes().get(1).lower().doubleValue());
    assertEquals(5, domain.axes().get(1).size());
  }

  @Test
  void whatDoesNotFitIsNamed() {
    CoverageSource.Stored a = map("a", 4326, "0", "2", "1", "11", "11");
    CoverageSource.Stored otherNulls = stored("b", a.coverage().domain(), "5", "1111");
    OwsException e = assertThrows(OwsException.class, () -> union(a, otherNulls));
    assertTrue(
        e.getMessage().contains("'b'") && e.getMessage().contains("null values"), e.getMessage());
    CoverageSource.Stored index =
        stored(
            "c",
            new DomainSet(
                DEF + "OGC/0/Index2D",
                List.of(
                    new Axis.IndexAxis("j", "1", DEF + "OGC/0/Index2D", 0, 1, 1),
                    new Axis.IndexAxis("i", "1", DEF + "OGC/0/Index2D", 0, 1, 0)),
                List.of("i", "j")),
            "9",
            "1111");
    OwsException axes = assertThrows(OwsException.class, () -> union(a, index));
    assertTrue(
        axes.getMessage().contains("'c'") && axes.getMessage().contains("axes"), axes.getMessage());
    // Index axes alone are united by index.
    assertEquals("11\n11", text(union(index).cells()));
  }
}
