package org.tessera.importer.wcst;

import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.crs.TimeText;
import org.tessera.importer.problem.ImportException;

/**
 * The grid of a coverage as DescribeCoverage (WCS 2.0.1) shows it.
 *
 * @param axes in the order of the CRS
 */
public record ServerGrid(List<GridAxis> axes) {
  public ServerGrid {
    axes = List.copyOf(axes);
  }

  /**
   * An axis; numbers as they are written, times that are written as dates as numbers on the axis.
   *
   * @param low (and {@code high}) grid indices, both inclusive
   * @param origin coordinate of the centre of the first cell
   * @param step to the next cell
   * @param coefficients coordinates of an irregular axis; empty for a regular one
   */
  public record GridAxis(
      String label, long low, long high, String origin, String step, List<String> coefficients) {
    public GridAxis {
      coefficients = List.copyOf(coefficients);
    }
  }

  private static final Pattern CRS = Pattern.compile("srsName=\"([^\"]*OGC/0/Temporal[^\"]*)\"");

  /** Reads an answer to DescribeCoverage. */
  static ServerGrid parse(String xml) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    String labels = "";
    String low = "";
    String high = "";
    String origin = "";
    List<String> offsets = new ArrayList<>();
    List<String> coefficients = new ArrayList<>();
    boolean inDomain = false;
    try {
      XMLStreamReader in = factory.createXMLStreamReader(new StringReader(xml));
      while (in.hasNext()) {
        int event = in.next();
        if (event == XMLStreamConstants.END_ELEMENT && in.getLocalName().equals("domainSet")) {
          break;
        }
        if (event != XMLStreamConstants.START_ELEMENT) {
          continue;
        }
        inDomain |= in.getLocalName().equals("domainSet");
        if (!inDomain) {
          continue;
        }
        switch (in.getLocalName()) {
          case "axisLabels" -> labels = in.getElementText();
          case "low" -> low = in.getElementText();
          case "high" -> high = in.getElementText();
          case "pos" -> origin = in.getElementText();
          case "offsetVector" -> offsets.add(in.getElementText());
          case "coefficients" -> {
            while (coefficients.size() < offsets.size() - 1) {
              coefficients.add("");
            }
            coefficients.add(in.getElementText());
          }
          default -> {
            // Of no interest.
          }
        }
      }
    } catch (XMLStreamException e) {
      throw new ImportException("the server's description cannot be read: " + e.getMessage(), e);
    }
    List<GridAxis> axes = new ArrayList<>();
    List<String> names = words(labels);
    TimeScale scale = scale(xml);
    for (int i = 0; i < names.size(); i++) {
      String vector = i < offsets.size() ? offsets.get(i) : "";
      axes.add(
          new GridAxis(
              names.get(i),
              Long.parseLong(words(low).get(i)),
              Long.parseLong(words(high).get(i)),
              i < words(origin).size() ? number(words(origin).get(i), scale) : words(low).get(i),
              i < words(vector).size() ? words(vector).get(i) : "1",
              i < coefficients.size()
                  ? words(coefficients.get(i)).stream().map(c -> number(c, scale)).toList()
                  : List.of()));
    }
    return new ServerGrid(axes);
  }

  /** How the time axis of a coverage counts. */
  private static TimeScale scale(String xml) {
    Matcher temporal = CRS.matcher(xml);
    if (temporal.find()) {
      String crs = temporal.group(1).replace("&quot;", "\"").replace("&amp;", "&");
      return new CrsResolver()
          .resolve(crs).parts().stream().flatMap(c -> c.time().stream()).findFirst().orElseThrow();
    }
    return xml.contains("OGC/0/UnixTime")
        ? new TimeScale(Instant.EPOCH, 1000, "s")
        : new TimeScale(Instant.parse("1600-12-31T00:00:00Z"), 86_400_000, "d");
  }

  /** A quoted time as a number on the axis. */
  private static String number(String text, TimeScale scale) {
    if (!text.startsWith("\"")) {
      return text;
    }
    return scale
        .number(
            TimeText.parse(text, scale.calendar())
                .orElseThrow(() -> new ImportException("the server has the time " + text))
                .start())
        .toPlainString();
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
  }
}
