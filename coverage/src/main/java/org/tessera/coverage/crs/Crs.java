package org.tessera.coverage.crs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A coordinate reference system by its canonical name.
 *
 * @param path name below a resolver: {@code /crs/EPSG/0/4326}, {@code
 *     /crs/OGC/0/AnsiDate?axis-label="t"}, or {@code /crs-compound?1=/crs/...&2=/crs/...}; equal
 *     paths mean equal systems
 * @param axes in the order of the authority; of a compound the axes of all components one after the
 *     other
 * @param components of a compound, at least two; empty otherwise
 * @param time how the numbers of the time axis are to be read; only for kind TIME
 */
public record Crs(
    String path,
    String name,
    Kind kind,
    List<CrsAxis> axes,
    List<Crs> components,
    Optional<TimeScale> time) {
  /**
   * Base of URIs when nothing else is said: the place where OGC names CRSs (09-048r5), which
   * clients know by heart. All CRSs in the coverage model are named so.
   */
  public static final String DEFAULT_BASE = "http://www.opengis.net/def";

  /** A resolver's base in front of a name; names in names are matched one by one. */
  private static final Pattern BASE =
      Pattern.compile("https?://[^?&=\\s]*?(?=/crs/|/crs-compound\\?)");

  private static final Pattern EPSG = Pattern.compile("/crs/EPSG/[0-9.]+/([0-9]+)");

  /** What kind of positions a CRS gives. */
  public enum Kind {
    /** Longitude and latitude in angles, possibly with a height. */
    GEOGRAPHIC,
    /** Easting and northing in lengths. */
    PROJECTED,
    VERTICAL,
    TIME,
    /** Grid indices: OGC Index1D to IndexND. */
    INDEX,
    /** Anything else, such as geocentric or engineering systems. */
    OTHER,
    COMPOUND
  }

  public Crs {
    axes = List.copyOf(axes);
    components = List.copyOf(components);
  }

  /** Itself, or the components of a compound, in order. */
  public List<Crs> parts() {
    return components.isEmpty() ? List.of(this) : components;
  }

  /** True for a system whose axes are east and north (of any order): geographic or projected. */
  public boolean isHorizontal() {
    return kind == Kind.GEOGRAPHIC || kind == Kind.PROJECTED;
  }

  /** The horizontal component (or itself), if there is one. */
  public Optional<Crs> horizontal() {
    return parts().stream().filter(Crs::isHorizontal).findFirst();
  }

  /** The component that an axis (by place in {@link #axes()}) belongs to. */
  public Crs partOfAxis(int axis) {
    int before = 0;
    for (Crs part : parts()) {
      before += part.axes().size();
      if (axis < before) {
        return part;
      }
    }
    throw new IndexOutOfBoundsException(path + " has no axis " + axis);
  }

  /** The EPSG code of a single CRS of that authority. */
  public OptionalInt epsgCode() {
    Matcher m = EPSG.matcher(path);
    return m.matches() ? OptionalInt.of(Integer.parseInt(m.group(1))) : OptionalInt.empty();
  }

  /**
   * The full URI: each path after the base, inner URIs of a compound unescaped as clients know it:
   * {@code BASE/crs-compound?1=BASE/crs/OGC/0/AnsiDate&2=BASE/crs/EPSG/0/4326}.
   *
   * @param base of a resolver, without a slash at the end, such as {@link #DEFAULT_BASE}
   */
  public String uri(String base) {
    if (components.isEmpty()) {
      return base + path;
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < components.size(); i++) {
      parts.add((i + 1) + "=" + escape(components.get(i).uri(base)));
    }
    return base + "/crs-compound?" + String.join("&", parts);
  }

  /** {@link #uri(String)} at the default base. */
  public String uri() {
    return uri(DEFAULT_BASE);
  }

  /** A URI of a CRS with another base, in all of its components; other texts as they are. */
  public static String rebased(String uri, String base) {
    return BASE.matcher(uri).replaceAll(Matcher.quoteReplacement(base));
  }

  /** An ampersand of an inner URI would end it. */
  static String escape(String inner) {
    return inner.replace("&", "%26");
  }

  @Override
  public String toString() {
    return path;
  }
}
