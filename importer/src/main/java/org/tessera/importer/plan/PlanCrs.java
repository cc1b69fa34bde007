package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
          "(?:.*/crs/)?([A-Za-z]+)/([0-9.]+)/([A-Za-z0-9]+)(?:\\?axis-label=\"?([^\"]*)\"?)?/?");
  private static final LocalDateTime ANSI_EPOCH = LocalDateTime.of(1600, 12, 31, 0, 0);
  private static final LocalDateTime UNIX_EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);
  private static final BigDecimal DAY = BigDecimal.valueOf(86_400);

  /** Of a point in time in days: less than a tenth of a microsecond. Lengths have more. */
  private static final int DAY_DECIMALS = 12;

  /** What an axis is. */
  enum Kind {
    X,
    Y,
    DAYS,
    SECONDS,
    INDEX,
    OTHER
  }

  /**
   * An axis of a CRS.
   *
   * @param crs URI of the component
   */
  record PlanAxis(String label, String uom, String crs, Kind kind) {
    boolean isTime() {
      return kind == Kind.DAYS || kind == Kind.SECONDS;
    }

    PlanAxis named(String newLabel) {
      return new PlanAxis(newLabel, uom, crs, kind);
    }

    /**
     * A value of an expression as a coordinate: on a time axis texts are ISO times and numbers are
     * seconds since 1970, as in wcst_import; elsewhere numbers are what they are.
     */
    BigDecimal coordinate(Value value) {
      if (!isTime()) {
        return value.asNumber();
      }
      LocalDateTime time =
          switch (value) {
            case Value.Time t -> t.time();
            case Value.Num n -> fromSeconds(n.number());
            case Value.Text t when isNumber(t.text()) -> fromSeconds(milliseconds(t.asNumber()));
            case Value.Text t -> TimeFormat.parseIso(t.text());
            case Value.Items i when i.items().size() == 1 -> null;
            default ->
                throw new IllegalArgumentException(
                    "axis " + label + " needs a time, found " + value.kind());
          };
      return time == null ? coordinate(((Value.Items) value).items().getFirst()) : number(time);
    }

    /** A point in time as a number on this axis. */
    BigDecimal number(LocalDateTime time) {
      BigDecimal seconds =
          Value.seconds(Duration.between(kind == Kind.DAYS ? ANSI_EPOCH : UNIX_EPOCH, time));
      return kind == Kind.DAYS
          ? strip(seconds.divide(DAY, DAY_DECIMALS, RoundingMode.HALF_EVEN))
          : strip(seconds);
    }

    /** The point in time of a number on this axis. */
    LocalDateTime time(BigDecimal number) {
      return kind == Kind.DAYS
          ? ANSI_EPOCH.plus(Value.duration(number.multiply(DAY)))
          : UNIX_EPOCH.plus(Value.duration(number));
    }

    /** A length of time in the unit of this axis. */
    BigDecimal length(Duration d) {
      BigDecimal seconds = Value.seconds(d);
      return kind == Kind.DAYS
          ? strip(seconds.divide(DAY, 20, RoundingMode.HALF_EVEN))
          : strip(seconds);
    }

    /** As people read it: a time in quotes, or the number. */
    String text(BigDecimal coordinate) {
      return isTime()
          ? "\"" + TimeFormat.iso(time(coordinate)) + "\""
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

    private static LocalDateTime fromSeconds(BigDecimal seconds) {
      return UNIX_EPOCH.plus(Value.duration(seconds));
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
      String uri =
          BASE
              + "/crs/"
              + m.group(1)
              + "/"
              + m.group(2)
              + "/"
              + m.group(3)
              + (label == null ? "" : "?axis-label=\"" + label + "\"");
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
      return List.of(new PlanAxis(label == null ? "ansi" : label, "d", uri, Kind.DAYS));
    }
    if (code.equals("UnixTime")) {
      return List.of(new PlanAxis(label == null ? "unix" : label, "s", uri, Kind.SECONDS));
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
