package org.tessera.coverage.crs;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;

/**
 * CRS names of any spelling to {@link Crs} values. Works without a network: EPSG from the data set
 * inside Apache SIS, OGC time and index systems from definitions of our own. The host of a URI does
 * not matter. Thread-safe; answers are remembered. The first look-up of an EPSG code takes seconds,
 * see {@link #warmUp()}.
 */
public final class CrsResolver {
  private static final long DAY = 86_400_000L;
  private static final Pattern INDEX = Pattern.compile("Index([1-9]\\d?)D");

  /** Labels of index axes, as in the definitions that existing clients use (there is no l). */
  private static final String INDEX_LABELS = "ijkmnopqrsuvw";

  /** Names come from clients: what is remembered has to end somewhere. */
  private static final int MAX_REMEMBERED = 5000;

  private final SisSystems systems = new SisSystems();
  private final Map<String, Crs> remembered = new ConcurrentHashMap<>();

  /**
   * Loads the EPSG data and the most used systems, so that the first request need not wait. Takes
   * some seconds; call it in the background at start.
   */
  public void warmUp() {
    resolve("EPSG:4326");
    resolve("EPSG:32633");
    reprojection(resolve("EPSG:32633"), resolve("EPSG:4326"));
    reprojection(resolve("EPSG:3857"), resolve("EPSG:4326"));
  }

  /**
   * The CRS of a name (features.md 10.4, 10.6, 10.9).
   *
   * @param text such as {@code EPSG:4326}, {@code EPSG/0/4326}, {@code
   *     http://host/def/crs/EPSG/0/4326}, {@code urn:ogc:def:crs:EPSG::4326}, {@code CRS84}, {@code
   *     OGC/0/AnsiDate?axis-label="t"}, {@code OGC/0/Index2D}, {@code
   *     http://host/def/crs-compound?1=...&2=...}, {@code EPSG/0/4326@OGC/0/AnsiDate}
   * @throws OwsException {@code InvalidCRS} if the text has no such form, {@code NoSuchDefinition}
   *     if there is no such CRS, {@code InvalidRequest} for wrong parameters
   */
  public Crs resolve(String text) {
    Crs known = remembered.get(text);
    if (known != null) {
      return known;
    }
    Crs crs = define(CrsName.parse(text), text);
    if (remembered.size() >= MAX_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(text, crs);
    return crs;
  }

  /**
   * What each axis of a domain set measures, by axis label. The axes of a component that is whole
   * are matched by their place in the CRS order, since coverages may call them as they like; where
   * some were sliced away, by their labels. Axes without a CRS are index axes.
   */
  public Map<String, CrsAxis> axes(DomainSet domain) {
    Map<String, List<Axis>> byComponent = new LinkedHashMap<>();
    for (Axis axis : domain.crsAxes()) {
      byComponent.computeIfAbsent(axis.crs(), c -> new ArrayList<>()).add(axis);
    }
    Map<String, CrsAxis> byLabel = new LinkedHashMap<>();
    byComponent.forEach(
        (component, axes) -> {
          List<CrsAxis> known =
              component.isBlank() || component.equals("CRS:1")
                  ? List.of()
                  : resolve(component).axes();
          for (int i = 0; i < axes.size(); i++) {
            String label = axes.get(i).label();
            CrsAxis match =
                known.size() == axes.size()
                    ? known.get(i)
                    : known.size() == 1 ? known.getFirst() : likely(label, known);
            byLabel.put(label, match.withLabel(label));
          }
        });
    return byLabel;
  }

  /** The axis that a label most likely means: the same word, or one that begins alike. */
  private static CrsAxis likely(String label, List<CrsAxis> known) {
    String wanted = label.toLowerCase(Locale.ROOT);
    for (int length = wanted.length(); length > 0; length--) {
      String prefix = wanted.substring(0, length);
      for (CrsAxis axis : known) {
        String name = axis.label().toLowerCase(Locale.ROOT);
        if (length == wanted.length() ? name.equals(prefix) : name.startsWith(prefix)) {
          return axis;
        }
      }
    }
    return new CrsAxis(
        label,
        "GridSpacing",
        "indexedAxisPositive",
        known.isEmpty() ? CrsAxis.Kind.INDEX : CrsAxis.Kind.OTHER);
  }

  /**
   * How coordinates of one horizontal CRS become those of another. Remembered.
   *
   * @throws OwsException {@code InvalidCRS} if one of them is not horizontal or no operation is
   *     known
   */
  public Reprojection reprojection(Crs from, Crs to) {
    return systems.reprojection(from, to);
  }

  /**
   * Where on the earth a CRS is meant to be used.
   *
   * @return west, south, east and north in degrees; west is greater than east where the area holds
   *     the antimeridian; empty if nothing is known
   */
  public Optional<double[]> validity(Crs crs) {
    return systems.validity(crs);
  }

  /**
   * Well-known text of a single CRS (EPSG code kept).
   *
   * @throws OwsException {@code InvalidCRS} for index and time systems, which have none
   */
  public String wkt(Crs crs, WktVersion version) {
    return systems.wkt(crs, version);
  }

  /** The EPSG code of a system, also of those that go by another name, such as CRS84. */
  public OptionalInt epsgCode(Crs crs) {
    return crs.epsgCode().isPresent() ? crs.epsgCode() : systems.epsgCode(crs);
  }

  /** The definition in GML 3.2.1; see {@link CrsGml#of}. */
  String gml(Crs crs, String base, int expand, BigDecimal meridian) {
    return CrsGml.of(systems, crs, base, expand, meridian);
  }

  /** All codes of EPSG CRSs, in rising order. */
  List<String> epsgCodes() {
    return systems.epsgCodes();
  }

  /** Which well-known text. */
  public enum WktVersion {
    /** As GDAL and GeoTIFF software of any age reads it (OGC 01-009 with EPSG codes). */
    WKT1,
    /** ISO 19162:2015. */
    WKT2
  }

  private Crs define(CrsName name, String text) {
    return switch (name) {
      case CrsName.Compound c when c.components().size() == 1 ->
          define(c.components().getFirst(), text);
      case CrsName.Compound c -> compound(c, text);
      case CrsName.Single s -> single(s, text);
    };
  }

  private Crs compound(CrsName.Compound compound, String text) {
    List<Crs> components = new ArrayList<>();
    for (CrsName name : compound.components()) {
      components.addAll(define(name, text).parts());
    }
    return compoundOf(components);
  }

  /** The compound of some systems; itself if there is only one. */
  public static Crs compoundOf(List<Crs> components) {
    if (components.size() == 1) {
      return components.getFirst();
    }
    List<String> paths = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<CrsAxis> axes = new ArrayList<>();
    for (Crs c : components) {
      paths.add((paths.size() + 1) + "=" + Crs.escape(c.path()));
      names.add(c.name());
      axes.addAll(c.axes());
    }
    return new Crs(
        "/crs-compound?" + String.join("&", paths),
        String.join(" / ", names),
        Crs.Kind.COMPOUND,
        axes,
        components,
        Optional.empty());
  }

  private Crs single(CrsName.Single name, String text) {
    if (name.authority().equals("OGC")) {
      Matcher index = INDEX.matcher(name.code());
      if (index.matches()) {
        return index(name, Integer.parseInt(index.group(1)));
      }
      Optional<Crs> time = time(name);
      if (time.isPresent()) {
        return time.get();
      }
    }
    Crs crs = systems.define(name);
    if (crs == null) {
      throw noSuch(name, text);
    }
    return crs;
  }

  private static Optional<Crs> time(CrsName.Single name) {
    return switch (name.code()) {
      case "AnsiDate" -> Optional.of(time(name, "ansi", scale("1600-12-31T00:00:00Z", DAY, "d")));
      case "UnixTime" -> Optional.of(time(name, "unix", scale("1970-01-01T00:00:00Z", 1000, "s")));
      case "JulianDate" -> Optional.of(time(name, "jd", scale("-4713-11-24T12:00:00Z", DAY, "d")));
      case "TruncatedJulianDate" ->
          Optional.of(time(name, "tjd", scale("1968-05-24T00:00:00Z", DAY, "d")));
      case "Temporal" -> Optional.of(temporal(name));
      default -> Optional.empty();
    };
  }

  private static OwsException noSuch(CrsName.Single name, String text) {
    return new OwsException(
        OwsErrorCode.NO_SUCH_DEFINITION, text, "Failed resolving " + name.path());
  }

  private static TimeScale scale(String epoch, long unitMillis, String uom) {
    return new TimeScale(Instant.parse(epoch), unitMillis, uom);
  }

  private static Crs time(CrsName.Single name, String label, TimeScale scale) {
    String chosen = label(name, label);
    String path = name.path() + (chosen.equals(label) ? "" : "?axis-label=\"" + chosen + "\"");
    return time(path, name.code(), chosen, scale);
  }

  private static Crs time(String path, String name, String label, TimeScale scale) {
    CrsAxis axis = new CrsAxis(label, scale.uom(), "future", CrsAxis.Kind.TIME);
    return new Crs(path, name, Crs.Kind.TIME, List.of(axis), List.of(), Optional.of(scale));
  }

  /**
   * Temporal?epoch="..."&uom="d"&label="t"&calendar="360_day": days or seconds since an epoch, in
   * ISO's calendar or another one of CF.
   */
  private static Crs temporal(CrsName.Single name) {
    Map<String, String> given = new LinkedHashMap<>(name.parameters());
    String[] keys = {"epoch", "uom", "label", "calendar"};
    if (name.positional().size() > keys.length) {
      throw tooMany(name);
    }
    for (int i = 0; i < name.positional().size(); i++) {
      given.put(keys[i], name.positional().get(i));
    }
    String axisLabel = given.remove("axis-label");
    String labelOnly = given.remove("label");
    String epoch = given.remove("epoch");
    String uom = given.remove("uom");
    String calendarName = given.remove("calendar");
    if (!given.isEmpty()) {
      throw notSupported(given.keySet().iterator().next());
    }
    String label = axisLabel != null ? axisLabel : labelOnly != null ? labelOnly : "t";
    String unit = uom == null ? "d" : uom;
    String start = epoch == null ? "1968-05-24T00:00:00Z" : epoch;
    TimeCalendar calendar =
        calendarName == null
            ? TimeCalendar.PROLEPTIC_GREGORIAN
            : TimeCalendar.of(calendarName)
                .orElseThrow(
                    () ->
                        new OwsException(
                            OwsErrorCode.INVALID_PARAMETER_VALUE,
                            "calendar",
                            "calendar '" + calendarName + "' is none of " + TimeCalendar.names()));
    Instant instant =
        TimeText.parse(start, calendar)
            .orElseThrow(
                () ->
                    new OwsException(
                        OwsErrorCode.INVALID_PARAMETER_VALUE,
                        "epoch",
                        "epoch '" + start + "' is not an ISO 8601 time"))
            .start();
    long millis =
        switch (unit) {
          case "d", "day", "days" -> DAY;
          case "h", "hour", "hours" -> 3_600_000;
          case "min" -> 60_000;
          case "s", "second", "seconds" -> 1000;
          case "ms" -> 1;
          case "wk", "week" -> 7 * DAY;
          default ->
              throw new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  "uom",
                  "uom '" + unit + "' is none of ms, s, min, h, d, wk");
        };
    String path =
        name.path() + "?epoch=\"" + start + "\"&uom=\"" + unit + "\"&label=\"" + label + "\"";
    if (calendar != TimeCalendar.PROLEPTIC_GREGORIAN) {
      path += "&calendar=\"" + calendar.cfName() + "\"";
    }
    return time(path, name.code(), label, new TimeScale(instant, millis, unit, calendar));
  }

  private static Crs index(CrsName.Single name, int dimension) {
    StringBuilder standard = new StringBuilder();
    for (int i = 0; i < dimension; i++) {
      standard.append(i == 0 ? "" : ",");
      standard.append(i < INDEX_LABELS.length() ? "" + INDEX_LABELS.charAt(i) : "axis" + i);
    }
    String chosen = label(name, standard.toString());
    List<String> labels = List.of(chosen.split(","));
    if (labels.size() != dimension) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "axis-label",
          name.code() + " has " + dimension + " axes but the labels are '" + chosen + "'");
    }
    List<CrsAxis> axes = new ArrayList<>();
    for (String label : labels) {
      axes.add(
          new CrsAxis(label.strip(), "GridSpacing", "indexedAxisPositive", CrsAxis.Kind.INDEX));
    }
    String suffix = chosen.contentEquals(standard) ? "" : "?axis-label=\"" + chosen + "\"";
    return new Crs(
        name.path() + suffix, name.code(), Crs.Kind.INDEX, axes, List.of(), Optional.empty());
  }

  /** The parameter axis-label, or the first positional value; no others are allowed. */
  private static String label(CrsName.Single name, String standard) {
    if (name.positional().size() > 1) {
      throw tooMany(name);
    }
    for (String key : name.parameters().keySet()) {
      if (!key.equals("axis-label")) {
        throw notSupported(key);
      }
    }
    String positional = name.positional().isEmpty() ? standard : name.positional().getFirst();
    String label = name.parameters().getOrDefault("axis-label", positional);
    if (label.isBlank() || label.length() > 200 || label.matches(".*[\"'&<>?].*")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE, "axis-label", "'" + label + "' is no axis label");
    }
    return label;
  }

  static OwsException notSupported(String key) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        key,
        "Specified parameter not supported by this Parameterized CRS.");
  }

  static OwsException tooMany(CrsName.Single name) {
    return new OwsException(
        OwsErrorCode.INVALID_REQUEST,
        "Too many parameters after the code of " + name.path() + ": " + name.positional());
  }
}
