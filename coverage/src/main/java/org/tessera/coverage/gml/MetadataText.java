package org.tessera.coverage.gml;

import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** Free metadata in a document as the text that the model keeps: JSON as it is, XML as XML. */
final class MetadataText {
  /** Wrappers that writers put around metadata, not part of it. */
  private static boolean isWrapper(String localName) {
    return localName.equals("Extension") || localName.equals("covMetadata");
  }

  private MetadataText() {}

  /**
   * Appends what is in the element that the reader stands on, and leaves the reader at its end.
   * Elements get the namespace declarations that they need.
   */
  static void read(XMLStreamReader in, StringBuilder metadata) throws XMLStreamException {
    read(in, metadata, true);
  }

  /** As {@link #read(XMLStreamReader, StringBuilder)}, with or without the outer wrappers. */
  static void read(XMLStreamReader in, StringBuilder metadata, boolean unwrap)
      throws XMLStreamException {
    XMLOutputFactory factory = XMLOutputFactory.newDefaultFactory();
    factory.setProperty(XMLOutputFactory.IS_REPAIRING_NAMESPACES, true);
    StringWriter text = new StringWriter();
    StringBuilder plain = new StringBuilder();
    XMLStreamWriter out = factory.createXMLStreamWriter(text);
    int depth = 1;
    int wrappers = 1;
    boolean elements = false;
    while (depth > 0) {
      switch (in.next()) {
        case XMLStreamReader.START_ELEMENT -> {
          if (unwrap && depth == wrappers && isWrapper(in.getLocalName())) {
            wrappers++;
          } else {
            elements = true;
            start(in, out);
          }
          depth++;
        }
        case XMLStreamReader.END_ELEMENT -> {
          depth--;
          if (depth < wrappers) {
            wrappers = depth;
          } else {
            out.writeEndElement();
          }
        }
        case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA, XMLStreamReader.SPACE -> {
          if (depth > wrappers) {
            out.writeCharacters(in.getText());
          } else {
            plain.append(in.getText());
          }
        }
        default -> {
          // Comments and processing instructions are not part of the metadata.
        }
      }
    }
    out.flush();
    metadata.append(elements ? text.toString() : plain.toString());
  }

  private static void start(XMLStreamReader in, XMLStreamWriter out) throws XMLStreamException {
    String uri = in.getNamespaceURI();
    if (uri == null || uri.isEmpty()) {
      out.writeStartElement(in.getLocalName());
    } else {
      out.writeStartElement(in.getPrefix() == null ? "" : in.getPrefix(), in.getLocalName(), uri);
    }
    for (int i = 0; i < in.getAttributeCount(); i++) {
      String attributeUri = in.getAttributeNamespace(i);
      if (attributeUri == null || attributeUri.isEmpty()) {
        out.writeAttribute(in.getAttributeLocalName(i), in.getAttributeValue(i));
      } else {
        out.writeAttribute(
            in.getAttributePrefix(i),
            attributeUri,
            in.getAttributeLocalName(i),
            in.getAttributeValue(i));
      }
    }
  }
}
