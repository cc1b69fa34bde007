package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.format.gdal.ArrayInfo;
import org.tessera.coverage.format.gdal.GdalSource;
import org.tessera.coverage.format.gdal.GroupInfo;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Axis.IrregularAxis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.array.CellType;

class NetcdfFormatTest extends GdalFormatContract {
  @Override
  CoverageFormat format() {
    return named("application/netcdf");
  }

  private double[] values(GdalSource source, ArrayInfo array) {
    var read = workers.readArray(source, array);
    double[] values = new double[read.length()];
    Arrays.setAll(values, read::number);
    return values;
  }

  @Test
  void maps_have_coordinates_units_and_a_system() throws IOException {
    GdalSource source =
        file(
            Samples.map(CellType.INT16, CellType.FLOAT32)
                .nil("-9999")
                .metadata(
                    "{\"Title\": \"T\", \"bands\": {\"b0\": {\"units\": \"K\", \"scale_factor\":"
                        + " \"0.01\"}}, \"axes\": {\"Lat\": {\"long_name\": \"latitude\"}}}"),
            "map.nc");
    GroupInfo root = workers.arrayInfo(source).root();
    assertEquals("T", root.attribute("Title").orElseThrow().text());
    ArrayInfo lat = root.array("Lat").orElseThrow();
    assertEquals("degrees_north", lat.unit());
    assertEquals("[52.0, 51.0]", Arrays.toString(values(source, lat)));
    ArrayInfo b0 = root.array("b0").orElseThrow();
    assertEquals("[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]", Arrays.toString(values(source, b0)));
    assertEquals("K", b0.unit());
    assertEquals(-9999, b0.noData().intValue());
    assertEquals("4326", b0.crs().code());
    assertEquals("100.5", Double.toString(values(source, root.array("b1").orElseThrow())[0]));
  }

  @Test
  void dimensions_are_in_grid_order_and_times_have_their_epoch() throws IOException {
    Axis ansi =
        new IrregularAxis(
            "ansi",
            "d",
            "/crs/OGC/0/AnsiDate",
            0,
            0,
            List.of(new BigDecimal("148654.5"), new BigDecimal("148656")));
    List<Axis> map = Samples.map(CellType.UINT8).domain().axes();
    Axis lat = map.get(0);
    Axis lon = map.get(1);
    // Grid order ansi, Long, Lat; array order ansi, Lat, Long.
    DomainSet domain =
        new DomainSet(
            "/crs-compound?1=/crs/OGC/0/AnsiDate&2=/crs/EPSG/0/4326",
            List.of(ansi, ranked(lat, 2), ranked(lon, 1)),
            List.of("ansi", "Lat", "Long"));
    Samples sample = new Samples(domain, List.of(CellType.UINT8), List.of(), "", "");
    GdalSource source = file(sample, "cube.nc");
    GroupInfo root = workers.arrayInfo(source).root();
    ArrayInfo time = root.array("ansi").orElseThrow();
    assertEquals("days since 1600-12-31 00:00:00", time.unit());
    assertEquals("[148654.5, 148656.0]", Arrays.toString(values(source, time)));
    ArrayInfo cells = root.array("b0").orElseThrow();
    assertEquals("[2, 3, 2]", Arrays.toString(cells.shape()));
    assertEquals(
        "[0.0, 3.0, 1.0, 4.0, 2.0, 5.0, 6.0, 9.0, 7.0, 10.0, 8.0, 11.0]",
        Arrays.toString(values(source, cells)));
  }

  private static Axis ranked(Axis axis, int rank) {
    Axis.RegularAxis a = (Axis.RegularAxis) axis;
    return new Axis.RegularAxis(
        a.label(), a.uom(), a.crs(), a.low(), a.high(), rank, a.origin(), a.resolution());
  }

  @Test
  void one_dimension_and_none_are_written_too() throws IOException {
    GdalSource line = file(Samples.cube(CellType.INT32, 4), "line.nc");
    GroupInfo root = workers.arrayInfo(line).root();
    assertEquals(
        "[0.0, 1.0, 2.0, 3.0]", Arrays.toString(values(line, root.array("b0").orElseThrow())));
    GdalSource scalar = file(Samples.scalar(CellType.FLOAT64), "scalar.nc");
    assertEquals(
        "[0.5]",
        Arrays.toString(
            values(scalar, workers.arrayInfo(scalar).root().array("b0").orElseThrow())));
  }
}
