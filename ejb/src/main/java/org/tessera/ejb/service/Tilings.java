package org.tessera.ejb.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.array.Band;
import org.tessera.engine.store.Tiling;

/**
 * The text form of tilings, as existing ingredients write it: {@code ALIGNED [0:0, 0:1023, 0:1023]
 * TILE SIZE 4194304}.
 */
final class Tilings {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?:aligned|regular)\\s*(?:\\[([^\\]]*)\\])?\\s*)?(?:tile\\s+size\\s+(\\d{1,15}))?"
              + "(?:\\s*index\\s+\\w+)?");

  /** Schemes that say how an array will be read, and have no meaning beyond that. */
  private static final Pattern HINT =
      Pattern.compile("(?:area\\s+of\\s+interest|aoi|statistic|directional)\\b.*", Pattern.DOTALL);

  private Tilings() {}

  /**
   * The tiling of a new array.
   *
   * @param text intervals in logical grid order; {@code *} leaves an edge to the store. Other
   *     schemes (area of interest, statistic, directional) get the standard tiling: they are hints
   *     about access, which tiles of moderate size serve as well
   * @throws OwsException {@code InvalidParameterValue} if the text is none of these
   */
  static Tiling of(String text, DomainSet domain, List<Band> bands) {
    String tiling = text.toLowerCase(Locale.ROOT).strip();
    if (HINT.matcher(tiling).matches()) {
      return Tiling.standard(bands, domain.gridEnvelope());
    }
    Matcher m = FORM.matcher(tiling);
    if (tiling.isEmpty() || !m.matches()) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "tiling",
          "The tiling '"
              + (text.length() > 200 ? text.substring(0, 200) + "..." : text)
              + "' is not understood, expected ALIGNED or REGULAR with an interval for each axis,"
              + " such as ALIGNED [0:0, 0:1023, 0:1023] TILE SIZE 4194304, or TILE SIZE alone, or one"
              + " of the schemes AREA OF INTEREST, STATISTIC, DIRECTIONAL.");
    }
    String[] intervals =
        m.group(1) == null
            ? "*".repeat(domain.dimension()).split("")
            : m.group(1).split(",", DomainSet.MAX_AXES + 1);
    if (intervals.length != domain.dimension()) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "tiling",
          "The tiling has "
              + intervals.length
              + " intervals but the coverage has "
              + domain.dimension()
              + " axes.");
    }
    List<Long> edges = new ArrayList<>();
    List<Long> origin = new ArrayList<>();
    for (Axis axis : domain.axes()) {
      edges.add(edge(intervals[axis.gridRank()].strip()));
      origin.add(axis.low());
    }
    long size = m.group(2) == null ? 0 : Long.parseLong(m.group(2));
    return new Tiling(edges, origin).resolve(bands, size);
  }

  private static long edge(String interval) {
    int colon = interval.indexOf(':');
    try {
      if (colon < 0) {
        return interval.equals("*") ? Tiling.UNLIMITED : Math.max(1, Long.parseLong(interval));
      }
      String low = interval.substring(0, colon).strip();
      String high = interval.substring(colon + 1).strip();
      return low.equals("*") || high.equals("*")
          ? Tiling.UNLIMITED
          : Math.max(
              1, Math.addExact(Math.subtractExact(Long.parseLong(high), Long.parseLong(low)), 1));
    } catch (NumberFormatException | ArithmeticException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "tiling",
          "Interval '" + interval + "' of the tiling is not low:high.",
          e);
    }
  }
}
