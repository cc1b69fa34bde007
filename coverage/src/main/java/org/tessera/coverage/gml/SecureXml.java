package org.tessera.coverage.gml;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import javax.xml.stream.util.StreamReaderDelegate;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * The one place where XML readers and writers are made. Readers take no document type declaration,
 * no entities but the five of XML, no XInclude; names, attributes and nesting are limited. All are
 * the JDK's own, whatever else is on the class path.
 */
public final class SecureXml {
  private static final String LIMITS = "http://www.oracle.com/xml/jaxp/properties/";

  private SecureXml() {}

  /** A pull reader, namespace-aware, adjacent text joined. Close the stream yourself. */
  public static XMLStreamReader reader(InputStream in) throws XMLStreamException {
    return new PlainReader(inputFactory(true).createXMLStreamReader(in));
  }

  /** As {@link #reader(InputStream)}, of text. */
  public static XMLStreamReader reader(Reader in) throws XMLStreamException {
    return new PlainReader(inputFactory(true).createXMLStreamReader(in));
  }

  /**
   * As {@link #reader(InputStream)}, but long text comes in several pieces, so that a tuple list is
   * never held whole.
   */
  static XMLStreamReader piecewiseReader(InputStream in) throws XMLStreamException {
    return new PlainReader(inputFactory(false).createXMLStreamReader(in));
  }

  /** A writer in UTF-8 that closes nothing. */
  public static XMLStreamWriter writer(OutputStream out) throws XMLStreamException {
    return XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
  }

  /**
   * The XML of a coverage in the element that the reader stands on, with the namespace declarations
   * that it needs; leaves the reader at the element's end.
   */
  public static String innerXml(XMLStreamReader in) throws XMLStreamException {
    StringBuilder xml = new StringBuilder();
    MetadataText.read(new AxisLimit(in), xml, false);
    return xml.toString();
  }

  /** A builder of small documents as W3C trees, namespace-aware; not thread-safe. */
  public static DocumentBuilder documentBuilder() {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      factory.setAttribute(LIMITS + "maxElementDepth", "200");
      factory.setAttribute(LIMITS + "elementAttributeLimit", "200");
      DocumentBuilder builder = factory.newDocumentBuilder();
      // Without one the parser prints its findings to the standard error stream.
      builder.setErrorHandler(null);
      return builder;
    } catch (ParserConfigurationException missing) {
      throw new IllegalStateException("The JDK's XML parser lacks a safety feature.", missing);
    }
  }

  /** What is wrong with a document that could not be read, as an answer to its sender. */
  public static OwsException invalid(XMLStreamException fault) {
    String place =
        fault.getLocation() == null
            ? ""
            : " (line "
                + fault.getLocation().getLineNumber()
                + ", column "
                + fault.getLocation().getColumnNumber()
                + ")";
    // The parser's own text has several lines; the last one says what was wrong.
    String text = String.valueOf(fault.getMessage()).strip();
    int message = text.lastIndexOf("Message: ");
    return new OwsException(
        OwsErrorCode.INVALID_XML,
        null,
        "The XML is not well-formed"
            + place
            + ": "
            + (message < 0 ? text : text.substring(message + "Message: ".length())),
        fault);
  }

  /** Ends at a document type declaration, which the factory's settings only make harmless. */
  private static final class PlainReader extends StreamReaderDelegate {
    PlainReader(XMLStreamReader in) {
      super(in);
    }

    @Override
    public int next() throws XMLStreamException {
      int event = super.next();
      if (event == DTD || event == ENTITY_REFERENCE) {
        throw new XMLStreamException(
            event == DTD
                ? "A document type declaration is not allowed."
                : "Entities are not allowed.",
            getLocation());
      }
      return event;
    }
  }

  private static XMLInputFactory inputFactory(boolean coalescing) {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setProperty(XMLInputFactory.IS_COALESCING, coalescing);
    factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
    factory.setProperty(LIMITS + "maxElementDepth", "200");
    factory.setProperty(LIMITS + "elementAttributeLimit", "200");
    factory.setXMLResolver(
        (publicId, systemId, baseUri, namespace) -> {
          throw new XMLStreamException("External entities are not allowed.");
        });
    return factory;
  }
}
