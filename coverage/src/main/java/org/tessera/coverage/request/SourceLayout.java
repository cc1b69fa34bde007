package org.tessera.coverage.request;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.json.Json;

/**
 * How the arrays of one file give the cells of a coverage, or of the part that an UpdateCoverage
 * brings. The importer sends it, the server reads the file by it; so the server needs to guess
 * nothing about the file.
 *
 * <h2>Where it stands in a request</h2>
 *
 * WCS-T InsertCoverage and UpdateCoverage (KVP, POST) carry a GML coverage document (parameter
 * {@code coverage}, for an update {@code inputCoverage}) whose {@code gml:rangeSet/gml:File} has
 *
 * <ul>
 *   <li>{@code gml:rangeParameters}: this layout as JSON text,
 *   <li>{@code gml:fileReference}: {@code file:///path} of a file that the server can read, or
 *       {@code cid:file} for the part named {@code file} of the same multipart/form-data request,
 *   <li>{@code gml:mimeType}: the format of the file, as far as known.
 * </ul>
 *
 * Without JSON in {@code gml:rangeParameters} the file is an ordinary one: the raster reader, all
 * bands in their order, rows and columns of the image on the Y and X axis.
 *
 * <p>JSON: {@code {"reader":"arrays","dataset":"{file}","overview":-1,"unpack":false,
 * "bands":["tg"],"axes":[{"label":"ansi","dimension":"time","start":0,"count":6},
 * {"label":"Lat","dimension":"latitude","reversed":true,"start":0,"count":30},
 * {"label":"Long","dimension":"longitude","start":0,"count":40}],
 * "fixed":[{"dimension":"level","index":3}]}}
 *
 * @param reader how GDAL opens the file
 * @param dataset name to open, in which <code>{file}</code> stands for the path of the referenced
 *     file: usually just that, or such as <code>/vsigzip/{file}</code> or <code>
 *     NETCDF:"{file}":area</code>
 * @param overview number of the overview level to read, -1 for the full resolution; raster only
 * @param regrid how the file's cells are put on a regular grid; empty: they are on one; raster only
 * @param unpack whether {@code scale_factor}/{@code add_offset} are applied to the cells
 * @param bands one per field of the range type, in that order: band numbers from 1 as text (raster)
 *     or names of variables (arrays)
 * @param axes one per axis of the document's grid, in any order; each names its axis
 * @param fixed dimensions of the file that no axis goes along, and the index (from 0) to read
 *     there; a dimension that is named nowhere must have size 1
 * @param insitu whether the coverage shall refer to the cells where they are, in place of a copy;
 *     the file is one that the server reads by its path ({@code file:})
 */
public record SourceLayout(
    Reader reader,
    String dataset,
    int overview,
    Optional<Regrid> regrid,
    boolean unpack,
    List<String> bands,
    List<SourceAxis> axes,
    List<FixedDimension> fixed,
    boolean insitu) {

  /**
   * How the cells of a file that lie on no regular grid, or on that of another CRS, are put on one.
   * The rows and columns that axes and windows count are those of the regular grid.
   *
   * @param crs {@code EPSG:n} to reproject to, on the grid that GDAL suggests; empty: the rows of a
   *     GRIB file with a reduced grid get as many columns as the longest of them
   * @param resampling GDAL's name of the method; of rows near or bilinear
   * @param resolution side of a cell in units of the CRS, positive: the corners of the grid are
   *     multiples of it, so that files have one grid; empty: what GDAL suggests for the file
   */
  public record Regrid(Optional<String> crs, String resampling, Optional<BigDecimal> resolution) {
    public Regrid {
      if (resolution.isPresent() && (crs.isEmpty() || resolution.get().signum() <= 0)) {
        throw new IllegalArgumentException(
            "the resolution of a regrid is positive, and of a grid in a CRS");
      }
      if (crs.isPresent() && !crs.get().matches("EPSG:\\d{1,9}")) {
        throw new IllegalArgumentException("the CRS of a regrid is EPSG:n, not " + crs.get());
      }
      if (!resampling.matches("[a-z0-9]{1,20}")) {
        throw new IllegalArgumentException("there is no resampling '" + resampling + "'");
      }
      if (crs.isEmpty() && !List.of("near", "bilinear").contains(resampling)) {
        throw new IllegalArgumentException(
            "rows are regridded by near or bilinear, not " + resampling);
      }
    }

    /** In the resolution that GDAL suggests. */
    public Regrid(Optional<String> crs, String resampling) {
      this(crs, resampling, Optional.empty());
    }

    /** The options with which a worker opens the file. */
    public Map<String, String> openOptions() {
      if (crs.isEmpty()) {
        return Map.of("TESSERA_REDUCED_GRID", resampling);
      }
      Map<String, String> options = new LinkedHashMap<>();
      options.put("TESSERA_WARP_CRS", crs.get());
      options.put("TESSERA_RESAMPLING", resampling);
      resolution.ifPresent(r -> options.put("TESSERA_WARP_RESOLUTION", r.toPlainString()));
      return options;
    }
  }

  /** The placeholder for the path of the file in {@link #dataset()}. */
  public static final String FILE = "{file}";

  /** How GDAL opens a file. */
  public enum Reader {
    /** Bands of an image; its dimensions are called {@code y} (rows, first) and {@code x}. */
    RASTER("raster"),
    /** Variables of the multidimensional interface; dimensions have the names of the file. */
    ARRAYS("arrays");

    private final String text;

    Reader(String text) {
      this.text = text;
    }

    static Reader of(String text) {
      for (Reader r : values()) {
        if (r.text.equals(text)) {
          return r;
        }
      }
      throw new IllegalArgumentException("reader '" + text + "' is neither 'raster' nor 'arrays'");
    }
  }

  /**
   * One axis of the grid and what it is in the file.
   *
   * @param label label of the axis
   * @param dimension dimension of the file that runs along the axis; empty if the file has none for
   *     it (the axis then has exactly one point in this document)
   * @param reversed whether growing index in the file is falling index on the axis: the cell with
   *     the lowest grid index then is the last of those read
   * @param start index (from 0) of the first cell to read in the file, in file order
   * @param count how many cells are read, equal to the size of the axis in this document
   */
  public record SourceAxis(
      String label, Optional<String> dimension, boolean reversed, long start, long count) {
    public SourceAxis {
      if (label.isEmpty()) {
        throw new IllegalArgumentException("an axis of the source layout has no label");
      }
      if (start < 0 || count < 1) {
        throw new IllegalArgumentException(
            "axis " + label + ": start " + start + " and count " + count + " do not make a range");
      }
      if (dimension.isEmpty() && (count != 1 || start != 0)) {
        throw new IllegalArgumentException(
            "axis " + label + " has no dimension in the file, so its count must be 1");
      }
    }

    /** An axis that the file has no dimension for. */
    public static SourceAxis absent(String label) {
      return new SourceAxis(label, Optional.empty(), false, 0, 1);
    }
  }

  /** A dimension of the file that is read at one index only (from 0). */
  public record FixedDimension(String dimension, long index) {}

  public SourceLayout {
    bands = List.copyOf(bands);
    axes = List.copyOf(axes);
    fixed = List.copyOf(fixed);
    if (bands.isEmpty()) {
      throw new IllegalArgumentException("the source layout names no band");
    }
    Set<String> labels = new HashSet<>();
    Set<String> dimensions = new HashSet<>();
    for (SourceAxis axis : axes) {
      if (!labels.add(axis.label())) {
        throw new IllegalArgumentException("axis " + axis.label() + " occurs twice");
      }
      if (axis.dimension().isPresent() && !dimensions.add(axis.dimension().get())) {
        throw new IllegalArgumentException("dimension " + axis.dimension().get() + " occurs twice");
      }
    }
    for (FixedDimension f : fixed) {
      if (!dimensions.add(f.dimension())) {
        throw new IllegalArgumentException("dimension " + f.dimension() + " occurs twice");
      }
    }
  }

  /** A layout of cells that are copied. */
  public SourceLayout(
      Reader reader,
      String dataset,
      int overview,
      Optional<Regrid> regrid,
      boolean unpack,
      List<String> bands,
      List<SourceAxis> axes,
      List<FixedDimension> fixed) {
    this(reader, dataset, overview, regrid, unpack, bands, axes, fixed, false);
  }

  /** The entry of an axis. */
  public Optional<SourceAxis> axis(String label) {
    return axes.stream().filter(a -> a.label().equals(label)).findFirst();
  }

  /** The name to open for a file at a path. */
  public String datasetFor(String path) {
    return dataset.replace(FILE, path);
  }

  /** This layout as JSON on one line. */
  public String toJson() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("reader", reader.text);
    out.put("dataset", dataset);
    out.put("overview", (long) overview);
    if (regrid.isPresent()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      regrid.get().crs().ifPresent(c -> entry.put("crs", c));
      entry.put("resampling", regrid.get().resampling());
      regrid.get().resolution().ifPresent(n -> entry.put("resolution", n.toPlainString()));
      out.put("regrid", entry);
    }
    out.put("unpack", unpack);
    out.put("bands", bands);
    List<Object> axisList = new ArrayList<>();
    for (SourceAxis a : axes) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("label", a.label());
      if (a.dimension().isPresent()) {
        entry.put("dimension", a.dimension().get());
        entry.put("reversed", a.reversed());
        entry.put("start", a.start());
        entry.put("count", a.count());
      }
      axisList.add(entry);
    }
    out.put("axes", axisList);
    List<Object> fixedList = new ArrayList<>();
    for (FixedDimension f : fixed) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dimension", f.dimension());
      entry.put("index", f.index());
      fixedList.add(entry);
    }
    out.put("fixed", fixedList);
    if (insitu) {
      out.put("insitu", true);
    }
    return Json.write(out);
  }

  /**
   * Reads the JSON form; keys that are left out have their defaults (raster, <code>{file}</code>,
   * no overview, not unpacked, nothing fixed, copied), unknown keys are an error.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static SourceLayout parse(String json) {
    Map<String, Object> in = object(Json.parse(json), "source layout");
    onlyKeys(
        in,
        "reader",
        "dataset",
        "overview",
        "regrid",
        "unpack",
        "bands",
        "axes",
        "fixed",
        "insitu");
    List<SourceAxis> axes = new ArrayList<>();
    for (Object o : list(in, "axes")) {
      Map<String, Object> a = object(o, "axes");
      onlyKeys(a, "label", "dimension", "reversed", "start", "count");
      axes.add(
          new SourceAxis(
              text(a, "label", ""),
              Optional.ofNullable(text(a, "dimension", null)),
              flag(a, "reversed"),
              number(a, "start", 0),
              number(a, "count", 1)));
    }
    List<FixedDimension> fixed = new ArrayList<>();
    for (Object o : list(in, "fixed")) {
      Map<String, Object> f = object(o, "fixed");
      onlyKeys(f, "dimension", "index");
      fixed.add(new FixedDimension(text(f, "dimension", ""), number(f, "index", 0)));
    }
    List<String> bands = new ArrayList<>();
    for (Object o : list(in, "bands")) {
      bands.add(String.valueOf(o));
    }
    return new SourceLayout(
        Reader.of(text(in, "reader", "raster")),
        text(in, "dataset", FILE),
        Math.toIntExact(number(in, "overview", -1)),
        Optional.ofNullable(in.get("regrid")).map(SourceLayout::regrid),
        flag(in, "unpack"),
        bands,
        axes,
        fixed,
        flag(in, "insitu"));
  }

  private static Regrid regrid(Object value) {
    Map<String, Object> r = object(value, "regrid");
    onlyKeys(r, "crs", "resampling", "resolution");
    return new Regrid(
        Optional.ofNullable(text(r, "crs", null)),
        text(r, "resampling", "near"),
        Optional.ofNullable(text(r, "resolution", null)).map(BigDecimal::new));
  }

  private static Map<String, Object> object(Object value, String what) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(what + " must be a JSON object");
    }
    Map<String, Object> out = new LinkedHashMap<>();
    map.forEach((k, v) -> out.put((String) k, v));
    return out;
  }

  private static void onlyKeys(Map<String, Object> map, String... known) {
    for (String key : map.keySet()) {
      if (!Set.of(known).contains(key)) {
        throw new IllegalArgumentException("unknown key '" + key + "' in the source layout");
      }
    }
  }

  private static List<?> list(Map<String, Object> map, String key) {
    return switch (map.get(key)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw new IllegalArgumentException("'" + key + "' must be a list");
    };
  }

  private static String text(Map<String, Object> map, String key, String absent) {
    return switch (map.get(key)) {
      case null -> absent;
      case String s -> s;
      default -> throw new IllegalArgumentException("'" + key + "' must be a text");
    };
  }

  private static long number(Map<String, Object> map, String key, long absent) {
    if (map.get(key) == null) {
      return absent;
    }
    if (map.get(key) instanceof BigDecimal n && n.scale() <= 0 && n.precision() <= 18) {
      return n.longValueExact();
    }
    throw new IllegalArgumentException("'" + key + "' must be a whole number");
  }

  private static boolean flag(Map<String, Object> map, String key) {
    return switch (map.get(key)) {
      case null -> false;
      case Boolean b -> b;
      default -> throw new IllegalArgumentException("'" + key + "' must be true or false");
    };
  }
}
