package org.tessera.importer.source;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.tessera.coverage.format.gdal.ArrayFileInfo;
import org.tessera.coverage.format.gdal.ArrayInfo;
import org.tessera.coverage.format.gdal.Attribute;
import org.tessera.coverage.format.gdal.BandInfo;
import org.tessera.coverage.format.gdal.CellArray;
import org.tessera.coverage.format.gdal.DimensionInfo;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalSource;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.GeoTransform;
import org.tessera.coverage.format.gdal.GroupInfo;
import org.tessera.coverage.format.gdal.PathPolicy;
import org.tessera.coverage.format.gdal.RasterInfo;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.problem.ImportException;

/**
 * Files as GDAL worker processes describe them. A path without an extension that GDAL knows is no
 * hindrance: it looks into the file.
 */
public final class GdalSourceFiles implements SourceFiles {
  private static final Pattern AXIS =
      Pattern.compile("AXIS\\[\"[^\"]*\\(([^)\"]+)\\)\"\\s*,\\s*(\\w+)");
  private static final Pattern UNIT = Pattern.compile("UNIT\\[\"([^\"]+)\"");

  /** So many files are described in the time that one more worker takes to start. */
  private static final int WORTH_A_WORKER = 200;

  /** Descriptions of files as variables that are kept: questions about a file come in a row. */
  private static final int KEPT = 16;

  private final GdalWorkers workers;
  private final Path scratch;
  private final int most;
  private final Map<String, ArrayFileInfo> lastArrays =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ArrayFileInfo> eldest) {
          return size() > KEPT;
        }
      };
  private Optional<Thread> starting = Optional.empty();
  private Foresight foresight = new Foresight(List.of(), 1);

  private GdalSourceFiles(GdalWorkers workers, Path scratch, int most) {
    this.workers = workers;
    this.scratch = scratch;
    this.most = most;
  }

  /**
   * Opens a pool of workers; none is started before it is needed.
   *
   * @param remote whether files on other machines may be read
   */
  public static GdalSourceFiles open(boolean remote) {
    try {
      Path scratch = Files.createTempDirectory("tessera-import");
      GdalWorkers.Settings settings =
          GdalWorkers.Settings.standard(
                  scratch,
                  remote
                      ? PathPolicy.underOrRemote(
                          List.of(Path.of("/")), List.of("http://", "https://", "s3://"))
                      : PathPolicy.anyLocalFile())
              .withNetwork(remote);
      return new GdalSourceFiles(GdalWorkers.open(settings), scratch, settings.maxWorkers());
    } catch (IOException e) {
      throw new ImportException("no temporary directory can be made: " + e.getMessage(), e);
    } catch (GdalException e) {
      throw new ImportException(e.getMessage(), e);
    }
  }

  @Override
  public void prepare() {
    starting = Optional.of(workers.startOne());
  }

  /** The worker that is being started shall be the one that is asked, not a further one. */
  private GdalWorkers workers() {
    try {
      if (starting.isPresent()) {
        starting.get().join();
      }
      return workers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportException("interrupted", e);
    }
  }

  @Override
  public void expect(List<String> datasets) {
    foresight.close();
    foresight = new Foresight(datasets, Math.min(most, 1 + datasets.size() / WORTH_A_WORKER));
  }

  @Override
  public RasterFile raster(String dataset, SourceLayout.Regrid regrid) {
    return foresight.ask(dataset, regrid, d -> describe(d, regrid));
  }

  private RasterFile describe(String dataset, SourceLayout.Regrid regrid) {
    Optional<SourceLayout.Regrid> used = Optional.of(regrid).filter(r -> r.crs().isPresent());
    RasterInfo info;
    try {
      info = workers().rasterInfo(source(dataset, used));
    } catch (GdalException e) {
      // libgdal reads no grids whose rows have different numbers of points.
      if (used.isPresent() || !e.getMessage().contains("is a grib file, but no raster dataset")) {
        throw told(dataset, e);
      }
      checkGrib(dataset);
      used = Optional.of(regrid);
      info = ask(dataset, () -> workers().rasterInfo(source(dataset, Optional.of(regrid))));
    }
    if (info.driver().equals("GRIB")) {
      checkGrib(dataset);
    }
    if (info.bands().isEmpty()) {
      throw new ImportException(noBand(dataset, info.metadata("SUBDATASETS")));
    }
    List<RasterFile.Band> bands = new ArrayList<>();
    for (BandInfo b : info.bands()) {
      bands.add(
          new RasterFile.Band(
              b.type().cellType(),
              Optional.ofNullable(b.noData()).map(n -> exact(b.type(), n)),
              b.color(),
              b.palette(),
              b.description(),
              b.unit(),
              metadata(b),
              b.overviews().stream().map(s -> new int[] {s.width(), s.height()}).toList(),
              Packing.of(b.scale(), b.offset())));
    }
    Optional<List<BigDecimal>> transform = Optional.empty();
    if (info.geoTransform() != null) {
      GeoTransform g = info.geoTransform();
      transform =
          Optional.of(
              DoubleStream.of(
                      g.originX(),
                      g.xPerColumn(),
                      g.xPerRow(),
                      g.originY(),
                      g.yPerColumn(),
                      g.yPerRow())
                  .mapToObj(BigDecimal::valueOf)
                  .toList());
    }
    return new RasterFile(
        dataset,
        info.driver(),
        info.width(),
        info.height(),
        transform,
        used,
        info.gcpCount(),
        epsg(info),
        info.crs() != null,
        info.crs() == null
            || (info.crs().geographic() && !info.crs().wkt().contains("DERIVINGCONVERSION")),
        info.crs() == null ? List.of() : axes(info.crs().wkt()),
        bands,
        new LinkedHashMap<>(info.metadata("")));
  }

  /** GDAL's metadata of a band; keys of ecCodes have {@value RasterFile#GRIB_KEY} before them. */
  private static Map<String, String> metadata(BandInfo b) {
    Map<String, String> out = new LinkedHashMap<>(b.metadata().getOrDefault("", Map.of()));
    b.metadata()
        .getOrDefault("ECCODES", Map.of())
        .forEach((key, value) -> out.put(RasterFile.GRIB_KEY + key, value));
    return out;
  }

  private static GdalSource source(String dataset, Optional<SourceLayout.Regrid> regrid) {
    Map<String, String> options = new LinkedHashMap<>();
    regrid.ifPresent(r -> options.putAll(r.openOptions()));
    // Of GRIB messages also what ecCodes calls it, where there is ecCodes.
    options.put("TESSERA_GRIB_KEYS", "YES");
    return new GdalSource(dataset, List.of(), options);
  }

  private static void checkGrib(String dataset) {
    if (Files.isRegularFile(Path.of(dataset))) {
      GribStructure.check(Path.of(dataset));
    }
  }

  /**
   * What to say of a file without an image.
   *
   * @param subdatasets GDAL's metadata domain of that name: SUBDATASET_1_NAME, SUBDATASET_1_DESC
   */
  static String noBand(String dataset, Map<String, String> subdatasets) {
    List<String> parts = new ArrayList<>();
    String first = "";
    for (int i = 1; subdatasets.containsKey("SUBDATASET_" + i + "_NAME"); i++) {
      String name = subdatasets.get("SUBDATASET_" + i + "_NAME");
      first = first.isEmpty() ? name : first;
      String what = subdatasets.getOrDefault("SUBDATASET_" + i + "_DESC", "");
      parts.add(what.isEmpty() ? name : name + " (" + what + ")");
    }
    if (parts.isEmpty()) {
      return dataset + ": the file has no image: GDAL finds no band in it";
    }
    return dataset
        + ": the file has no image of its own, but "
        + parts.size()
        + (parts.size() == 1 ? " subdataset" : " subdatasets")
        + "; name one in 'input.paths', such as "
        + first.replace("\"", "\\\"")
        + " (as JSON has it), or take its variables by the slicer netcdf of general_coverage; there"
        + " is\n  "
        + String.join("\n  ", parts);
  }

  /** Axes from WKT 2: {@code AXIS["geodetic latitude (Lat)",north,ORDER[1],ANGLEUNIT["degree",}. */
  private static List<RasterFile.CrsAxis> axes(String wkt) {
    String own = wkt.substring(Math.max(0, wkt.lastIndexOf("CS[")));
    Matcher m = AXIS.matcher(own);
    Matcher unit = UNIT.matcher(own);
    String uom = unit.find() ? unit.group(1).replace("meter", "metre") : "metre";
    List<String> labels = new ArrayList<>();
    List<String> directions = new ArrayList<>();
    while (m.find()) {
      labels.add(m.group(1).equals("Lon") ? "Long" : m.group(1));
      directions.add(m.group(2));
    }
    if (labels.size() != 2) {
      return List.of();
    }
    // Of polar systems both axes run north or south, each along a meridian: the first is x.
    boolean polar = directions.get(0).equals(directions.get(1));
    boolean firstEast = polar || List.of("east", "west").contains(directions.get(0));
    return List.of(
        new RasterFile.CrsAxis(labels.get(0), uom, firstEast),
        new RasterFile.CrsAxis(labels.get(1), uom, !firstEast));
  }

  private static Optional<Integer> epsg(RasterInfo info) {
    if (info.crs() == null || !"EPSG".equals(info.crs().authority())) {
      return Optional.empty();
    }
    return Optional.of(Integer.valueOf(info.crs().code()));
  }

  @Override
  public ArrayFile arrays(String dataset) {
    return foresight.ask(dataset, "arrays", this::describeArrays);
  }

  private ArrayFile describeArrays(String dataset) {
    ArrayFileInfo info = arrayInfo(dataset);
    Map<String, Long> dimensions = new LinkedHashMap<>();
    Map<String, ArrayFile.ArrayVariable> variables = new LinkedHashMap<>();
    dimensions(info.root(), dimensions);
    List<ArrayInfo> all = info.root().allArrays().toList();
    Map<String, Long> names =
        all.stream().collect(Collectors.groupingBy(ArrayInfo::name, Collectors.counting()));
    Map<String, String> paths = new LinkedHashMap<>();
    for (ArrayInfo a : all) {
      String name = names.get(a.name()) == 1 ? a.name() : a.path().replaceFirst("^/", "");
      a.dimensions().forEach(d -> dimensions.putIfAbsent(d.name(), d.size()));
      variables.put(name, variable(a, name));
      paths.put(a.path(), name);
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    info.root().attributes().forEach(a -> attributes.put(a.name(), AttributeText.of(a)));
    return new ArrayFile(dataset, info.driver(), attributes, variables, dimensions, paths);
  }

  private static void dimensions(GroupInfo group, Map<String, Long> out) {
    for (DimensionInfo d : group.dimensions()) {
      out.putIfAbsent(d.name(), d.size());
    }
    group.groups().forEach(g -> dimensions(g, out));
  }

  private static ArrayFile.ArrayVariable variable(ArrayInfo a, String name) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Attribute at : a.attributes()) {
      attributes.put(at.name(), AttributeText.of(at));
    }
    if (!a.unit().isEmpty()) {
      attributes.putIfAbsent("units", a.unit());
    }
    Optional<String> noData =
        a.type() == null
            ? Optional.empty()
            : Optional.ofNullable(a.noData()).map(n -> number(a.type(), n));
    noData.ifPresent(n -> attributes.putIfAbsent("_FillValue", n));
    return new ArrayFile.ArrayVariable(
        name,
        a.type() == null ? Optional.empty() : Optional.of(a.type().cellType()),
        a.dimensions().stream().map(DimensionInfo::name).toList(),
        attributes,
        noData,
        a.unit(),
        Packing.of(a.scale(), a.offset()));
  }

  /**
   * A nodata value of an image so that it equals the cells: where the short decimal of a float is
   * another number, the long one.
   */
  private static String exact(GdalType type, Number n) {
    String text = number(type, n);
    double d = n.doubleValue();
    return Double.isNaN(d) || Double.parseDouble(text) == d ? text : Double.toString(d);
  }

  private static String number(GdalType type, Number n) {
    return switch (type) {
      case FLOAT32, CFLOAT32 -> {
        float f = n.floatValue();
        // A nodata value that no float equals is what it was written as.
        yield (double) f == n.doubleValue() || Double.isNaN(n.doubleValue())
            ? Float.toString(f)
            : Double.toString(n.doubleValue());
      }
      case FLOAT64, CFLOAT64 -> Double.toString(n.doubleValue());
      case UINT64 -> Long.toUnsignedString(n.longValue());
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64, CINT16, CINT32 -> {
        double d = n.doubleValue();
        yield d == Math.rint(d) ? Long.toString(n.longValue()) : Double.toString(d);
      }
    };
  }

  @Override
  public List<BigDecimal> values(String dataset, String variable) {
    return foresight.ask(dataset, List.of(variable), d -> readValues(d, variable));
  }

  private List<BigDecimal> readValues(String dataset, String variable) {
    ArrayInfo array =
        arrayInfo(dataset)
            .root()
            .array(variable.contains("/") ? "/" + variable : variable)
            .orElseThrow(
                () -> new ImportException(dataset + ": there is no variable '" + variable + "'"));
    if (array.type() == null) {
      throw new ImportException(dataset + ": the variable '" + variable + "' holds no numbers");
    }
    CellArray cells = ask(dataset, () -> workers().readArray(GdalSource.of(dataset), array));
    boolean single = cells.type() == GdalType.FLOAT32;
    List<BigDecimal> out = new ArrayList<>(cells.length());
    for (int i = 0; i < cells.length(); i++) {
      double d = cells.number(i);
      if (Double.isFinite(d)) {
        // The shortest decimal of a float is what its writer meant: 49.99861, not 49.998611450...
        out.add(
            single
                ? new BigDecimal(Float.toString((float) d))
                : new BigDecimal(Double.toString(d)));
      }
    }
    return out;
  }

  private ArrayFileInfo arrayInfo(String dataset) {
    synchronized (lastArrays) {
      ArrayFileInfo known = lastArrays.get(dataset);
      if (known != null) {
        return known;
      }
    }
    ArrayFileInfo info = ask(dataset, () -> workers().arrayInfo(GdalSource.of(dataset)));
    synchronized (lastArrays) {
      lastArrays.put(dataset, info);
    }
    return info;
  }

  private static <T> T ask(String dataset, java.util.function.Supplier<T> question) {
    try {
      return question.get();
    } catch (GdalException e) {
      throw told(dataset, e);
    }
  }

  private static ImportException told(String dataset, GdalException e) {
    String message =
        e.getMessage().contains("remote files are not allowed")
            ? "this file is on another machine; such are read only with --allow-remote (or"
                + " TESSERA_IMPORT_ALLOW_REMOTE=1)"
            : e.getMessage();
    return new ImportException(message.contains(dataset) ? message : dataset + ": " + message, e);
  }

  @Override
  public void close() {
    foresight.close();
    workers.close();
    scratch.toFile().delete();
  }
}
