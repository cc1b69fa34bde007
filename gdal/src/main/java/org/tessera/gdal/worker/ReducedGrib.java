package org.tessera.gdal.worker;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.gdal.binding.EcCodesLibrary;
import org.tessera.gdal.binding.GdalFailure;

/**
 * GRIB files on grids whose rows have different numbers of points (reduced Gaussian, reduced
 * latitude-longitude), by ecCodes: as an image with a band for each message, described as GDAL
 * describes GRIB files. All rows get as many columns as the longest; a cell has the value of the
 * nearest point of its row, or one between its two neighbours there. Rows are taken as equally
 * spaced, from north to south; those of a Gaussian grid are so but for a small part of a cell.
 *
 * <p>Asked for by the option {@value #OPTION}, {@code near} or {@code bilinear}.
 */
final class ReducedGrib {
  static final String OPTION = "TESSERA_REDUCED_GRID";
  static final String KEYS_OPTION = "TESSERA_GRIB_KEYS";

  /** The metadata domain of bands that the keys are in. */
  private static final String KEYS_DOMAIN = "ECCODES";

  /** The value of cells where a message has none. */
  private static final double MISSING = -9.999e33;

  private static final List<String> KEYS =
      List.of(
          "edition",
          "shortName",
          "name",
          "units",
          "paramId",
          "typeOfLevel",
          "level",
          "dataDate",
          "dataTime",
          "stepRange",
          "startStep",
          "endStep",
          "stepType",
          "validityDate",
          "validityTime",
          "gridType",
          "centre",
          "dataType",
          "stream",
          "experimentVersionNumber",
          "perturbationNumber",
          "numberOfForecastsInEnsemble",
          "number");

  private final SharedCells cells;
  private EcCodesLibrary codes;
  private MemorySegment file = MemorySegment.NULL;
  private String open = "";
  private List<Long> offsets = List.of();
  private Grid grid;
  private String lastCells = "";
  private double[] last;

  /**
   * A row of points, in degrees.
   *
   * @param from its first point among those of the message
   */
  private record Row(int from, int count, double west, double step) {}

  /**
   * The regular grid, in degrees.
   *
   * @param rows from north to south
   * @param around whether rows go around the globe
   * @param height from row to row, negative
   */
  private record Grid(
      int columns,
      List<Row> rows,
      boolean around,
      double west,
      double step,
      double north,
      double height) {}

  ReducedGrib(SharedCells cells) {
    this.cells = cells;
  }

  /** Whether the keys of ecCodes are to be told beside libgdal's metadata. */
  static boolean keysAreAsked(Request request) {
    return request.textMap("openOptions").containsKey(KEYS_OPTION);
  }

  /**
   * What ecCodes says of each message of a file on any grid; empty where there is no ecCodes or it
   * cannot read the file, for libgdal can do without.
   */
  private List<Map<String, String>> keys(String name) {
    close();
    List<Map<String, String>> result = new ArrayList<>();
    try {
      if (codes == null) {
        codes = EcCodesLibrary.load();
      }
      file = codes.open(name);
      Optional<MemorySegment> next = file.address() == 0 ? Optional.empty() : codes.next(file);
      while (next.isPresent()) {
        Map<String, String> message = new LinkedHashMap<>();
        for (String key : KEYS) {
          codes.text(next.get(), key).ifPresent(value -> message.put(key, value));
        }
        result.add(message);
        codes.delete(next.get());
        next = codes.next(file);
      }
    } catch (GdalFailure e) {
      return List.of();
    } finally {
      close();
    }
    return result;
  }

  /** Adds the keys to a description of the file by libgdal, a band for each message. */
  void addKeys(Map<String, Object> description, String name) {
    List<?> bands = (List<?>) description.get("bands");
    List<Map<String, String>> all = keys(name);
    if (all.size() != bands.size()) {
      return;
    }
    for (int i = 0; i < all.size(); i++) {
      @SuppressWarnings("unchecked")
      Map<String, Object> domains =
          (Map<String, Object>) ((Map<String, Object>) bands.get(i)).get("metadata");
      domains.put(KEYS_DOMAIN, all.get(i));
    }
  }

  static boolean isAsked(Request request) {
    return request.textMap("openOptions").containsKey(OPTION);
  }

  void close() {
    if (file.address() != 0) {
      codes.close(file);
      file = MemorySegment.NULL;
    }
    open = "";
    grid = null;
    last = null;
    lastCells = "";
  }

  Map<String, Object> describe(Request request) {
    List<Map<String, String>> messages = open(request);
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("driver", "GRIB");
    result.put("width", grid.columns());
    result.put("height", grid.rows().size());
    result.put("crs", null);
    result.put(
        "geoTransform",
        new double[] {
          grid.west() - grid.step() / 2,
          grid.step(),
          0,
          grid.north() - grid.height() / 2,
          0,
          grid.height()
        });
    result.put("gcpCount", 0);
    result.put("gcpCrs", null);
    result.put("metadata", Map.of());
    result.put("files", List.of(request.text("name")));
    List<Object> bands = new ArrayList<>();
    for (Map<String, String> message : messages) {
      Map<String, Object> band = new LinkedHashMap<>();
      band.put("type", GdalType.FLOAT64.name());
      band.put("noData", message.remove("numberOfMissing").equals("0") ? null : MISSING);
      band.put("color", "Undefined");
      band.put("palette", null);
      band.put("scale", null);
      band.put("offset", null);
      band.put("description", message.get("name"));
      band.put("unit", "[" + message.get("units") + "]");
      band.put("metadata", Map.of("", message));
      band.put("maskFlags", 1);
      band.put("block", new long[] {grid.columns(), 1});
      band.put("overviews", new long[0]);
      bands.add(band);
    }
    result.put("bands", bands);
    return result;
  }

  Map<String, Object> read(Request request) {
    if (!open.equals(key(request))) {
      var unused = open(request);
    }
    if (!request.text("type").equals(GdalType.FLOAT64.name())) {
      throw new GdalFailure("the cells of GRIB messages are FLOAT64");
    }
    int x = request.int32("x");
    int y = request.int32("y");
    int width = request.int32("width");
    int height = request.int32("height");
    long[] bands = request.integers("bands");
    if (x < 0 || y < 0 || x + width > grid.columns() || y + height > grid.rows().size()) {
      throw new GdalFailure("the window lies outside of the image");
    }
    MemorySegment target = cells.of(request, (long) width * height * bands.length * Double.BYTES);
    boolean linear = request.textMap("openOptions").get(OPTION).equals("bilinear");
    long at = 0;
    for (long band : bands) {
      double[] values = values(band);
      for (int row = y; row < y + height; row++) {
        for (int column = x; column < x + width; column++) {
          target.setAtIndex(
              ValueLayout.JAVA_DOUBLE, at++, value(values, grid.rows().get(row), column, linear));
        }
      }
    }
    return Map.of();
  }

  private double value(double[] values, Row row, int column, boolean linear) {
    double place =
        row.count() == 1 ? 0 : (grid.west() + column * grid.step() - row.west()) / row.step();
    int before = (int) Math.floor(place);
    double part = place - before;
    double a = values[row.from() + point(before, row.count())];
    double b = values[row.from() + point(before + 1, row.count())];
    if (linear && a != MISSING && b != MISSING) {
      return part == 0 ? a : a + (b - a) * part;
    }
    return part < 0.5 ? a : b;
  }

  private int point(int i, int n) {
    return grid.around() ? Math.floorMod(i, n) : Math.clamp(i, 0, n - 1);
  }

  private double[] values(long band) {
    if (band < 1 || band > offsets.size()) {
      throw new GdalFailure("there is no band " + band);
    }
    String wanted = open + "|" + band;
    if (!wanted.equals(lastCells)) {
      codes.seek(file, offsets.get((int) band - 1));
      MemorySegment message =
          codes.next(file).orElseThrow(() -> new GdalFailure("message " + band + " is gone"));
      try {
        codes.setMissing(message, MISSING);
        last = codes.numbers(message, "values");
      } finally {
        codes.delete(message);
      }
      lastCells = wanted;
    }
    return last;
  }

  private static String key(Request request) {
    return request.text("name") + "|" + OpenDatasets.stamp(request.text("name"));
  }

  /** Opens the file and looks at its messages: what each says of itself. */
  private List<Map<String, String>> open(Request request) {
    close();
    if (codes == null) {
      codes = EcCodesLibrary.load();
    }
    String name = request.text("name");
    file = codes.open(name);
    if (file.address() == 0) {
      throw new GdalFailure(name + " cannot be opened");
    }
    List<Map<String, String>> messages = new ArrayList<>();
    List<Long> places = new ArrayList<>();
    String first = "";
    while (true) {
      int number = messages.size() + 1;
      Optional<MemorySegment> next;
      try {
        next = codes.next(file);
      } catch (GdalFailure e) {
        throw new GdalFailure("message " + number + " of " + name + ": " + e.getMessage());
      }
      if (next.isEmpty()) {
        break;
      }
      MemorySegment message = next.get();
      try {
        String shape = shape(message);
        if (grid == null) {
          first = shape;
          grid = grid(message, number);
        } else if (!shape.equals(first)) {
          throw new GdalFailure(
              "message "
                  + number
                  + " has another grid ("
                  + shape
                  + ") than the first ("
                  + first
                  + ")");
        }
        places.add(codes.number(message, "offset").orElseThrow());
        messages.add(metadata(message));
      } finally {
        codes.delete(message);
      }
    }
    if (messages.isEmpty()) {
      throw new GdalFailure(Path.of(name).getFileName() + " has no GRIB message");
    }
    offsets = List.copyOf(places);
    open = key(request);
    return messages;
  }

  private String shape(MemorySegment message) {
    return codes.text(message, "gridName").or(() -> codes.text(message, "gridType")).orElse("?")
        + ", "
        + codes.number(message, "numberOfDataPoints").orElse(0L)
        + " points";
  }

  private Grid grid(MemorySegment message, int number) {
    String type = codes.text(message, "gridType").orElse("unknown");
    if (type.equals("sh") || type.startsWith("rotated_") || type.contains("unstructured")) {
      throw new GdalFailure(
          "message "
              + number
              + " is on the grid '"
              + type
              + "', which is none of rows of points;"
              + " a hook can make a regular one of it first, such as with cdo");
    }
    double[] latitudes = codes.numbers(message, "latitudes");
    double[] longitudes = codes.numbers(message, "longitudes");
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i < latitudes.length; i++) {
      if (i == 0 || latitudes[i] != latitudes[i - 1]) {
        starts.add(i);
      }
    }
    int count = starts.size();
    if (count < 2 || count > latitudes.length / 2) {
      throw new GdalFailure("message " + number + " is on the grid '" + type + "', not of rows");
    }
    starts.add(latitudes.length);
    List<Row> rows = new ArrayList<>();
    Row widest = null;
    for (int r = 0; r < count; r++) {
      int from = starts.get(r);
      int points = starts.get(r + 1) - from;
      double span = longitudes[from + points - 1] - longitudes[from];
      double step = points == 1 ? 360 : (span < 0 ? span + 360 : span) / (points - 1);
      rows.add(new Row(from, points, longitudes[from], step));
      widest = widest == null || points > widest.count() ? rows.getLast() : widest;
    }
    boolean around = Math.abs(widest.count() * widest.step() - 360) < widest.step() / 2;
    if (around) {
      rows.replaceAll(r -> new Row(r.from(), r.count(), r.west(), 360.0 / r.count()));
    }
    if (latitudes[0] < latitudes[latitudes.length - 1]) {
      Collections.reverse(rows);
    }
    double north = latitudes[rows.getFirst().from()];
    double south = latitudes[rows.getLast().from()];
    return new Grid(
        widest.count(),
        List.copyOf(rows),
        around,
        widest.west(),
        around ? 360.0 / widest.count() : widest.step(),
        north,
        (south - north) / (count - 1));
  }

  /** Of one message: GDAL's metadata, and the keys of ecCodes. */
  private Map<String, String> metadata(MemorySegment message) {
    Map<String, String> result = new LinkedHashMap<>();
    for (String key : KEYS) {
      codes.text(message, key).ifPresent(value -> result.put(key, value));
    }
    result.put(
        "numberOfMissing", Long.toString(codes.number(message, "numberOfMissing").orElse(0L)));
    result.put("GRIB_ELEMENT", result.getOrDefault("shortName", "unknown"));
    result.put("GRIB_COMMENT", result.getOrDefault("name", ""));
    result.put("GRIB_UNIT", "[" + result.getOrDefault("units", "") + "]");
    result.put(
        "GRIB_SHORT_NAME",
        result.getOrDefault("level", "0") + "-" + result.getOrDefault("typeOfLevel", ""));
    time(result, "dataDate", "dataTime").ifPresent(t -> result.put("GRIB_REF_TIME", t + ""));
    time(result, "validityDate", "validityTime")
        .ifPresent(t -> result.put("GRIB_VALID_TIME", t + ""));
    return result;
  }

  private static Optional<Long> time(Map<String, String> keys, String date, String clock) {
    String d = keys.getOrDefault(date, "");
    String t = keys.getOrDefault(clock, "0");
    if (!d.matches("\\d{8}") || !t.matches("\\d{1,4}")) {
      return Optional.empty();
    }
    int day = Integer.parseInt(d);
    int hour = Integer.parseInt(t);
    return Optional.of(
        LocalDateTime.of(day / 10_000, day / 100 % 100, day % 100, hour / 100, hour % 100)
            .toEpochSecond(ZoneOffset.UTC));
  }
}
