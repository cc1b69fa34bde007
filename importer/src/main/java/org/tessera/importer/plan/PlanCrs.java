package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.importer.expression.TimeFormat;
import org.tessera.importer.expression.Value;
import org.tessera.importer.problem.ImportException;

/**
 * A CRS of an ingredients file: {@code EPSG/0/4326@OGC/0/AnsiDate?axis-label="t"}, or full URIs
 * joined by @, or a crs-compound URI.
 *
 * @param uri of the whole, with a neutral base
 * @param axes in the order of the CRS, components one after the other
 */
record PlanCrs(String uri, List<PlanAxis> axes) {
  private static final String BASE = "http://www.opengis.net/def";
  private static final Pattern COMPONENT =
      Pattern.compile(
          "(?:.*/crs/)?([A-Za-z]+)/([0-9.]+)/([A-Za-z0-9]+)"
              + "(?:\\?(?:axis-label=\"?([^\"]*)\"?|(.*)))?/?");
  private static final TimeScale ANSI =
      new TimeScale(Instant.parse("1600-12-31T00:00:00Z"), 86_400_000, "d");
  private static final TimeScale UNIX = new TimeScale(Instant.EPOCH, 1000, "s");

  /** Of a point in time in days: less than a tenth of a microsecond. Lengths have more. */
  private static final int DAY_DECIMALS = 12;

  /** What an axis is. */
  enum Kind {
    X,
    Y,
    TIME,
    INDEX,
    OTHER
  }

  /**
   * An axis of a CRS.
   *
   * @param crs URI of the component
   * @param scale of an axis of times
   */
  record PlanAxis(String label, String uom, String crs, Kind kind, Optional<TimeScale> scale) {
    /** An axis that is none of times. */
    PlanAxis(String label, String uom, String crs, Kind kind) {
      this(label, uom, crs, kind, Optional.empty());
    }

    private static PlanAxis time(String label, String crs, TimeScale scale) {
      return new PlanAxis(label, scale.uom(), crs, Kind.TIME, Optional.of(scale));
    }

    boolean isTime() {
      return kind == Kind.TIME;
    }

    /** The calendar of an axis of times. */
    TimeCalendar calendar() {
      return scale.map(TimeScale::calendar).orElse(TimeCalendar.PROLEPTIC_GREGORIAN);
    }

    /** Whether plain numbers are numbers on this axis, in place of seconds since 1970. */
    boolean takesNumbers() {
      return !isTime() || crs.contains("/Temporal?");
    }

    PlanAxis named(String newLabel) {
      return new PlanAxis(newLabel, uom, crs, kind, scale);
    }

    /**
     * A value of an expression as a coordinate: on a time axis texts are ISO times, or dates of its
     * calendar, and numbers are seconds since 1970, as in wcst_import; elsewhere, and on axes of
     * {@code OGC/0/Temporal}, numbers are what they are.
     */
    BigDecimal coordinate(Value value) {
      if (!isTime()) {
        return value.asNumber();
      }
      return switch (value) {
        case Value.Time t when calendar().ofRealDays() ->
            number(t.time().toInstant(ZoneOffset.UTC));
        case Value.ModelTime t when calendar() == t.calendar() -> number(t.at());
        case Value.ModelTime t -> throw noPlace(t);
        case Value.Num n when takesNumbers() -> n.number();
        case Value.Num n -> number(fromSeconds(n.number()));
        case Value.Text t when isNumber(t.text()) ->
            takesNumbers() ? t.asNumber() : number(fromSeconds(milliseconds(t.asNumber())));
        case Value.Text t -> number(TimeFormat.parseIso(t.text(), calendar()));
        case Value.Items i when i.items().size() == 1 -> coordinate(i.items().getFirst());
        default ->
            throw new IllegalArgumentException(
                "axis "
                    + label
                    + " needs a time"
                    + (calendar().ofRealDays() ? "" : " of the calendar " + calendar().cfName())
                    + ", found "
                    + value.kind());
      };
    }

    private IllegalArgumentException noPlace(Value.ModelTime t) {
      return new IllegalArgumentException(
          "the file's time "
              + t.asText()
              + " is one of the calendar "
              + t.calendar().cfName()
              + ", which has no place on an axis of "
              + crs.replaceFirst(".*/crs/", "").replaceFirst("\\?.*", "")
              + remedy(t.calendar()));
    }

    /** What to do where a file has times of another calendar. */
    String remedy(TimeCalendar found) {
      return "; give the axis the CRS OGC/0/Temporal?epoch=\"1970-01-01\"&uom=\"d\"&label=\""
          + label
          + "\"&calendar=\""
          + found.cfName()
          + "\" (its dates stay what they are), or take dates by their names into ISO's calendar:"
          + " iso_date(cf_datetime(numbers, units, calendar))";
    }

    private BigDecimal unitSeconds() {
      return BigDecimal.valueOf(scale.orElseThrow().unitMillis(), 3);
    }

    /** A point in time, as the axis' calendar counts it, as a number on this axis. */
    BigDecimal number(Instant time) {
      BigDecimal seconds = Value.seconds(Duration.between(scale.orElseThrow().epoch(), time));
      return strip(seconds.divide(unitSeconds(), DAY_DECIMALS, RoundingMode.HALF_EVEN));
    }

    /** The point in time of a number on this axis. */
    Instant time(BigDecimal number) {
      return scale.orElseThrow().epoch().plus(Value.duration(number.multiply(unitSeconds())));
    }

    /** A length of time in the unit of this axis. */
    BigDecimal length(Duration d) {
      return strip(Value.seconds(d).divide(unitSeconds(), 20, RoundingMode.HALF_EVEN));
    }

    /** As people read it: a time in quotes, or the number. */
    String text(BigDecimal coordinate) {
      return isTime()
          ? "\"" + TimeScale.text(time(coordinate).plusNanos(500_000), calendar()) + "\""
          : strip(coordinate).toPlainString();
    }

    /** Seconds in a name as wcst_import reads them: to microseconds, then what is whole in ms. */
    private static BigDecimal milliseconds(BigDecimal seconds) {
      return seconds.setScale(6, RoundingMode.HALF_EVEN).setScale(3, RoundingMode.FLOOR);
    }

    private static boolean isNumber(String text) {
      try {
        new BigDecimal(text.strip());
        return true;
      } catch (NumberFormatException e) {
        return false;
      }
    }

    private static Instant fromSeconds(BigDecimal seconds) {
      return Instant.EPOCH.plus(Value.duration(seconds));
    }
  }

  PlanCrs {
    axes = List.copyOf(axes);
  }

  /** A number without needless zeros and without an exponent. */
  static BigDecimal strip(BigDecimal n) {
    BigDecimal s = n.stripTrailingZeros();
    return s.scale() < 0 ? s.setScale(0) : s;
  }

  static PlanCrs parse(String text, CrsAxes known) {
    List<String> parts = new ArrayList<>();
    String t = text.strip();
    int compound = t.indexOf("crs-compound?");
    if (compound >= 0) {
      for (String p : t.substring(compound + 13).split("&(?=\\d+=)", -1)) {
        parts.add(p.replaceFirst("^\\d+=", ""));
      }
    } else {
      parts.addAll(List.of(t.split("@", -1)));
    }
    List<String> uris = new ArrayList<>();
    List<PlanAxis> axes = new ArrayList<>();
    for (String part : parts) {
      Matcher m = COMPONENT.matcher(part.strip());
      if (!m.matches()) {
        throw new ImportException(
            "'" + part + "' is no CRS; expected such as EPSG/0/4326 or OGC/0/AnsiDate");
      }
      String label = m.group(4);
      String parameters = m.group(5);
      String uri =
          BASE
              + "/crs/"
              + m.group(1)
              + "/"
              + m.group(2)
              + "/"
              + m.group(3)
              + (label == null ? "" : "?axis-label=\"" + label + "\"")
              + (parameters == null ? "" : "?" + parameters);
      if (parameters != null && !m.group(3).equals("Temporal")) {
        throw new ImportException(
            "'" + part + "': " + m.group(3) + " has no parameters but axis-label");
      }
      uris.add(uri);
      axes.addAll(componentAxes(m.group(1), m.group(3), label, uri, known));
    }
    return new PlanCrs(compound(uris), axes);
  }

  /** This CRS after others, as time before space. */
  static PlanCrs join(List<PlanCrs> all) {
    List<String> uris = new ArrayList<>();
    List<PlanAxis> axes = new ArrayList<>();
    for (PlanCrs crs : all) {
      crs.axes.stream().map(PlanAxis::crs).distinct().forEach(uris::add);
      axes.addAll(crs.axes);
    }
    return new PlanCrs(compound(uris), axes);
  }

  private static String compound(List<String> uris) {
    if (uris.size() == 1) {
      return uris.getFirst();
    }
    StringBuilder out = new StringBuilder(BASE).append("/crs-compound?");
    for (int i = 0; i < uris.size(); i++) {
      out.append(i == 0 ? "" : "&").append(i + 1).append('=').append(uris.get(i));
    }
    return out.toString();
  }

  private static List<PlanAxis> componentAxes(
      String authority, String code, String label, String uri, CrsAxes known) {
    if (authority.equals("EPSG")) {
      return known.of(Integer.parseInt(code), uri);
    }
    if (code.equals("AnsiDate")) {
      return List.of(PlanAxis.time(label == null ? "ansi" : label, uri, ANSI));
    }
    if (code.equals("UnixTime")) {
      return List.of(PlanAxis.time(label == null ? "unix" : label, uri, UNIX));
    }
    if (code.equals("Temporal")) {
      try {
        Crs crs = new CrsResolver().resolve(uri);
        return List.of(PlanAxis.time(crs.axes().getFirst().label(), uri, crs.time().orElseThrow()));
      } catch (OwsException e) {
        throw new ImportException("'" + uri + "': " + e.getMessage(), e);
      }
    }
    Matcher index = Pattern.compile("Index([1-9])D").matcher(code);
    if (index.matches()) {
      String[] names = {"i", "j", "k", "l", "m", "n", "o", "p", "q"};
      int n = Integer.parseInt(index.group(1));
      List<PlanAxis> axes = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        String name = n == 1 && label != null ? label : names[i];
        axes.add(new PlanAxis(name, "GridSpacing", uri, Kind.INDEX));
      }
      return axes;
    }
    if (authority.equals("COSMO")) {
      return List.of(
          new PlanAxis("rlat", "degree", uri, Kind.Y), new PlanAxis("rlon", "degree", uri, Kind.X));
    }
    throw new ImportException("the axes of the CRS " + authority + "/0/" + code + " are unknown");
  }
}
