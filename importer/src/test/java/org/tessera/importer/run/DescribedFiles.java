package org.tessera.importer.run;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.engine.array.CellType;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.ArrayFile;
import org.tessera.importer.source.Packing;
import org.tessera.importer.source.RasterFile;
import org.tessera.importer.source.SourceFiles;

/** Files whose description is given instead of being read. */
public final class DescribedFiles implements SourceFiles {
  private final Map<String, RasterFile> rasters = new LinkedHashMap<>();
  private final Map<String, ArrayFile> arrays = new LinkedHashMap<>();
  private final Map<String, List<BigDecimal>> values = new LinkedHashMap<>();
  private Optional<Packing> packing = Optional.empty();

  /** An image of bytes, north up, in EPSG:4326. */
  public DescribedFiles image(String name, double x, double y, double step, int width, int height) {
    RasterFile.Band band =
        new RasterFile.Band(
            CellType.UINT8,
            Optional.of("255"),
            "Gray",
            List.of(),
            "",
            "",
            Map.of(),
            List.of(),
            Optional.empty());
    rasters.put(
        name,
        new RasterFile(
            name,
            "GTiff",
            width,
            height,
            Optional.of(
                List.of(
                    BigDecimal.valueOf(x),
                    BigDecimal.valueOf(step),
                    BigDecimal.ZERO,
                    BigDecimal.valueOf(y),
                    BigDecimal.ZERO,
                    BigDecimal.valueOf(-step))),
            Optional.empty(),
            0,
            Optional.of(4326),
            true,
            true,
            List.of(),
            List.of(band),
            Map.of()));
    return this;
  }

  /**
   * A GRIB file of 4 by 2 cells.
   *
   * @param messages each as {@code T 50000-ISBL 1577836800}: element, level, time in seconds
   */
  public DescribedFiles grib(String name, List<String> messages) {
    image(name, 10, 50, 0.5, 4, 2);
    RasterFile map = rasters.get(name);
    List<RasterFile.Band> bands =
        messages.stream()
            .map(m -> m.split(" ", -1))
            .map(
                m ->
                    new RasterFile.Band(
                        CellType.FLOAT64,
                        Optional.empty(),
                        "Undefined",
                        List.of(),
                        "",
                        "",
                        Map.of(
                            "GRIB_ELEMENT", m[0],
                            "GRIB_SHORT_NAME", m[1],
                            "GRIB_REF_TIME", m[2],
                            "GRIB_VALID_TIME", m[2]),
                        List.of(),
                        Optional.empty()))
            .toList();
    rasters.put(
        name,
        new RasterFile(
            name,
            "GRIB",
            map.width(),
            map.height(),
            map.transform(),
            Optional.empty(),
            0,
            map.epsg(),
            true,
            true,
            List.of(),
            bands,
            Map.of()));
    return this;
  }

  /** The variables of the files that follow are packed so. */
  public DescribedFiles packed(double factor, double offset) {
    packing = Packing.of(factor, offset);
    return this;
  }

  /** A file of variables; coordinate variables have the name of their dimension. */
  public DescribedFiles cube(String name, String variable, Map<String, List<Double>> dimensions) {
    Map<String, ArrayFile.ArrayVariable> variables = new LinkedHashMap<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    dimensions.forEach(
        (d, c) -> {
          sizes.put(d, (long) c.size());
          variables.put(
              d,
              new ArrayFile.ArrayVariable(
                  d,
                  Optional.of(CellType.FLOAT64),
                  List.of(d),
                  Map.of(),
                  Optional.empty(),
                  "",
                  Optional.empty()));
          values.put(name + ":" + d, c.stream().map(BigDecimal::valueOf).toList());
        });
    variables.put(
        variable,
        new ArrayFile.ArrayVariable(
            variable,
            Optional.of(CellType.INT16),
            List.copyOf(dimensions.keySet()),
            packing
                .map(p -> Map.of("units", "K", "scale_factor", Double.toString(p.factor())))
                .orElse(Map.of("units", "K")),
            Optional.of("-9999"),
            "K",
            packing));
    arrays.put(
        name, new ArrayFile(name, "netCDF", Map.of("title", "T"), variables, sizes, Map.of()));
    return this;
  }

  /** An image of ground control points, which is one on a grid where that is asked for. */
  public DescribedFiles located(String name, double step) {
    image(name, 10, 50, step, 4, 2);
    RasterFile map = rasters.get(name);
    rasters.put(
        "points " + name,
        new RasterFile(
            name,
            "GTiff",
            map.width(),
            map.height(),
            Optional.empty(),
            Optional.empty(),
            4,
            Optional.empty(),
            false,
            false,
            List.of(),
            map.bands(),
            Map.of()));
    return this;
  }

  @Override
  public RasterFile raster(String dataset, SourceLayout.Regrid regrid) {
    RasterFile map = find(rasters, dataset);
    RasterFile points = rasters.get("points " + map.dataset());
    return points != null && regrid.crs().isEmpty() ? points : map;
  }

  @Override
  public ArrayFile arrays(String dataset) {
    return find(arrays, dataset);
  }

  @Override
  public List<BigDecimal> values(String dataset, String variable) {
    return find(values, dataset + ":" + variable);
  }

  private static <T> T find(Map<String, T> map, String path) {
    return map.entrySet().stream()
        .filter(e -> path.endsWith(e.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new ImportException(path + ": not an image"));
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
