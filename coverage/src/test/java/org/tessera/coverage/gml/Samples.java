package org.tessera.coverage.gml;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.CellType;

/** Small coverages that the tests share. */
final class Samples {
  static final GmlStyle STYLE = GmlStyle.standard(new CrsResolver());
  static final String EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326";
  static final String ANSI = "http://www.opengis.net/def/crs/OGC/0/AnsiDate";
  static final String INDEX_1D = "http://www.opengis.net/def/crs/OGC/0/Index1D";

  private Samples() {}

  static BigDecimal number(String text) {
    return new BigDecimal(text);
  }

  static RangeField field(String name, CellType type, NilValue... nils) {
    return new RangeField(name, type, name, "", "", "10^0", List.of(nils));
  }

  /**
   * Two times, two latitudes from 35 downwards, three longitudes; array order time, Lat, Long; grid
   * order time, Long, Lat.
   */
  static Coverage cube() {
    DomainSet domain =
        new DomainSet(
            "http://www.opengis.net/def/crs-compound?1=" + ANSI + "&2=" + EPSG_4326,
            List.of(
                new Axis.IrregularAxis(
                    "ansi",
                    "d",
                    ANSI,
                    0,
                    0,
                    List.of(number("148654.08425925925925925926"), number("148657"))),
                new Axis.RegularAxis(
                    "Lat", "degree", EPSG_4326, 0, 1, 2, number("35"), number("-10")),
                new Axis.RegularAxis(
                    "Long", "degree", EPSG_4326, 5, 7, 1, number("2.5"), number("5"))),
            List.of("ansi", "Lat", "Long"));
    return new Coverage(
        "cube_1",
        domain,
        List.of(
            field("b1", CellType.FLOAT32, new NilValue("-9999", "sea"), new NilValue("10:20", "")),
            new RangeField(
                "b2",
                CellType.INT16,
                "Höhe <m>",
                "height & depth",
                "http://x/height",
                "m",
                List.of())),
        "<title>A &amp; B</title><n:x xmlns:n=\"urn:n\" a=\"1\">2</n:x>",
        "application/netcdf",
        "");
  }

  /** Index axes i (0 to 1) and j (10 to 12). */
  static Coverage index() {
    String crs = "http://www.opengis.net/def/crs/OGC/0/Index2D";
    return new Coverage(
        "index_2",
        new DomainSet(
            crs,
            List.of(
                new Axis.IndexAxis("i", "GridSpacing", crs, 0, 1, 0),
                new Axis.IndexAxis("j", "GridSpacing", crs, 10, 12, 1)),
            List.of("i", "j")),
        List.of(field("v", CellType.UINT8)),
        "{\"key\": \"<value>\"}",
        "image/tiff",
        "");
  }

  /** An image of EPSG:32633 with axes E (first in the CRS) and N. */
  static Coverage image() {
    String crs = "http://www.opengis.net/def/crs/EPSG/0/32633";
    return new Coverage(
        "image_3",
        new DomainSet(
            crs,
            List.of(
                new Axis.RegularAxis(
                    "N", "metre", crs, 0, 1, 1, number("5449865.557938452"), number("-10000")),
                new Axis.RegularAxis(
                    "E", "metre", crs, 0, 2, 0, number("80042.72735943"), number("10000"))),
            List.of("E", "N")),
        List.of(field("a", CellType.FLOAT64), field("c", CellType.COMPLEX64)),
        "",
        "image/tiff",
        "");
  }

  static Stream<Coverage> all() {
    return Stream.of(cube(), index(), image());
  }
}
