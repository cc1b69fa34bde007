package org.tessera.coverage.gml;

import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.DomainSet;

/**
 * Ends the reading of an envelope, a grid or a grid function as soon as it is clear that it has
 * more axes than any coverage may have, before lists and objects are made of them.
 */
final class AxisLimit extends StreamReaderDelegate {
  /** Elements of which a grid has one for each axis. */
  private static final Set<String> PER_AXIS = Set.of("offsetVector", "generalGridAxis");

  /** Elements and attributes that list a number or a name for each axis. */
  private static final Set<String> LISTS =
      Set.of(
          "low",
          "high",
          "axisLabels",
          "uomLabels",
          "pos",
          "lowerCorner",
          "upperCorner",
          "offsetVector",
          "axisOrder",
          "startPoint",
          "gridAxesSpanned");

  /** Longest list in characters: numbers and names of 400 characters each. */
  private static final int MOST_TEXT = 400 * DomainSet.MAX_AXES;

  private String element = "";
  private int axes;
  private long text;

  AxisLimit(XMLStreamReader in) {
    super(in);
  }

  @Override
  public int next() throws XMLStreamException {
    int event = super.next();
    switch (event) {
      case START_ELEMENT -> {
        element = getLocalName();
        text = 0;
        if (PER_AXIS.contains(element) && ++axes > 2 * DomainSet.MAX_AXES) {
          // Each general axis has an offset vector in it.
          throw tooMany(element);
        }
        for (int i = 0; i < getAttributeCount(); i++) {
          if (LISTS.contains(getAttributeLocalName(i))) {
            check(getAttributeLocalName(i), getAttributeValue(i).length());
          }
        }
      }
      case END_ELEMENT -> element = "";
      case CHARACTERS, CDATA, SPACE -> {
        if (LISTS.contains(element)) {
          text += getTextLength();
          check(element, text);
        }
      }
      default -> {
        // Neither text nor elements.
      }
    }
    return event;
  }

  private static void check(String name, long length) {
    if (length > MOST_TEXT) {
      throw tooMany(name);
    }
  }

  static OwsException tooMany(String name) {
    return new OwsException(
        OwsErrorCode.REQUEST_TOO_LARGE,
        name,
        "The coverage document has more than " + DomainSet.MAX_AXES + " axes.");
  }
}
