package org.tessera.coverage.gml;

import jakarta.xml.bind.JAXBElement;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/**
 * A document being written, in UTF-8. Namespaces are declared at the root. Characters that XML
 * cannot hold become U+FFFD. Faults of the stream are {@link IOException}s.
 */
final class XmlOut {
  /** An attribute of an element; without a namespace if that is null. */
  record Attribute(Ns namespace, String name, String value) {
    static Attribute of(String name, String value) {
      return new Attribute(null, name, value);
    }
  }

  /** Objects of GML that must have a {@code gml:id}, which metadata often lacks. */
  private static final Set<String> NEED_ID =
      Set.of(
          "Point",
          "LineString",
          "Curve",
          "CompositeCurve",
          "OrientableCurve",
          "Polygon",
          "Surface",
          "CompositeSurface",
          "Solid",
          "MultiPoint",
          "MultiCurve",
          "MultiSurface",
          "MultiSolid",
          "MultiGeometry",
          "TimeInstant",
          "TimePeriod");

  /**
   * Namespaces that the generated classes know and no document of ours has. They pass for declared,
   * or JAXB would declare them at every element that it writes.
   */
  private static final List<String> NEVER_USED =
      List.of(
          "http://www.isotc211.org/2005/gco",
          "http://www.isotc211.org/2005/gmd",
          "http://www.isotc211.org/2005/gsr",
          "http://www.isotc211.org/2005/gss",
          "http://www.isotc211.org/2005/gts");

  private final OutputStream stream;
  private final XMLStreamWriter out;
  private int idsMade;

  XmlOut(OutputStream stream) throws IOException {
    this.stream = stream;
    try {
      // The writer is flushed before bytes pass it by; the stream only at the end.
      out = SecureXml.writer(new Unflushed(stream));
      out.writeStartDocument("UTF-8", "1.0");
    } catch (XMLStreamException e) {
      throw fault(e);
    }
  }

  /**
   * Starts the root element and declares all namespaces.
   *
   * @param schemaLocation pairs of namespace and address of its schema
   */
  void root(Ns ns, String name, List<Ns> declared, String schemaLocation, Attribute... attributes)
      throws IOException {
    try {
      for (Ns n : declared) {
        out.setPrefix(n.prefix(), n.uri());
      }
      for (int i = 0; i < NEVER_USED.size(); i++) {
        out.setPrefix("unused" + i, NEVER_USED.get(i));
      }
      out.writeStartElement(ns.prefix(), name, ns.uri());
      for (Ns n : declared) {
        out.writeNamespace(n.prefix(), n.uri());
      }
      if (!schemaLocation.isEmpty()) {
        out.writeAttribute(Ns.XSI.prefix(), Ns.XSI.uri(), "schemaLocation", schemaLocation);
      }
    } catch (XMLStreamException e) {
      throw fault(e);
    }
    attributes(attributes);
  }

  void start(Ns ns, String name, Attribute... attributes) throws IOException {
    try {
      out.writeStartElement(ns.prefix(), name, ns.uri());
    } catch (XMLStreamException e) {
      throw fault(e);
    }
    attributes(attributes);
  }

  void end() throws IOException {
    try {
      out.writeEndElement();
    } catch (XMLStreamException e) {
      throw fault(e);
    }
  }

  void text(String text) throws IOException {
    try {
      out.writeCharacters(legal(text));
    } catch (XMLStreamException e) {
      throw fault(e);
    }
  }

  /** An element with text; nothing at all if the text is empty. */
  void optional(Ns ns, String name, String text) throws IOException {
    if (!text.isEmpty()) {
      element(ns, name, text);
    }
  }

  void element(Ns ns, String name, String text, Attribute... attributes) throws IOException {
    start(ns, name, attributes);
    text(text);
    end();
  }

  /** An element from the generated classes. */
  void element(JAXBElement<?> element) throws IOException {
    Bindings.write(element, out);
  }

  /** Ends all open elements and hands everything to the stream, which stays open. */
  void finish() throws IOException {
    try {
      out.writeEndDocument();
      out.flush();
      stream.flush();
    } catch (XMLStreamException e) {
      throw fault(e);
    }
  }

  private static final class Unflushed extends FilterOutputStream {
    Unflushed(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void flush() {
      // Others do.
    }
  }

  /** Where bytes go. */
  @FunctionalInterface
  interface Bytes {
    void write(OutputStream out) throws IOException;
  }

  /**
   * Content of the current element that is UTF-8 and XML already, written past the writer: ten
   * times as fast as text that has to be looked at character by character.
   */
  void written(Bytes content) throws IOException {
    try {
      // Ends the start tag.
      out.writeCharacters("");
      out.flush();
    } catch (XMLStreamException e) {
      throw fault(e);
    }
    content.write(stream);
  }

  /** Text of the current element as a writer, for long text that comes in pieces. */
  Writer characters() {
    return new Writer() {
      @Override
      public void write(char[] buffer, int offset, int length) throws IOException {
        try {
          out.writeCharacters(buffer, offset, length);
        } catch (XMLStreamException e) {
          throw fault(e);
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /**
   * Free metadata: XML is copied as XML, all else (JSON, XML that is not well-formed) is text. A
   * document type declaration makes it text, too. Geometries and times of GML that lack their id
   * get one, since the document would not be valid without.
   */
  void metadata(String metadata) throws IOException {
    String given = withoutDeclaration(metadata.strip());
    if (!given.startsWith("<") || !wellFormed(given)) {
      text(given);
      return;
    }
    try {
      XMLStreamReader in = SecureXml.reader(new StringReader("<m>" + given + "</m>"));
      int depth = 0;
      while (in.hasNext()) {
        switch (in.next()) {
          case XMLStreamReader.START_ELEMENT -> {
            if (depth++ > 0) {
              copyStart(in);
            }
          }
          case XMLStreamReader.END_ELEMENT -> {
            if (--depth > 0) {
              out.writeEndElement();
            }
          }
          case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA, XMLStreamReader.SPACE ->
              text(in.getText());
          default -> {
            // Comments and processing instructions carry no metadata.
          }
        }
      }
    } catch (XMLStreamException e) {
      throw fault(e);
    }
  }

  private void copyStart(XMLStreamReader in) throws XMLStreamException {
    String prefix = in.getPrefix() == null ? "" : in.getPrefix();
    String uri = in.getNamespaceURI() == null ? "" : in.getNamespaceURI();
    if (uri.isEmpty()) {
      out.writeStartElement(in.getLocalName());
    } else {
      out.writeStartElement(prefix, in.getLocalName(), uri);
    }
    for (int i = 0; i < in.getNamespaceCount(); i++) {
      String value = in.getNamespaceURI(i) == null ? "" : in.getNamespaceURI(i);
      if (in.getNamespacePrefix(i) == null) {
        out.writeDefaultNamespace(value);
      } else {
        out.writeNamespace(in.getNamespacePrefix(i), value);
      }
    }
    for (int i = 0; i < in.getAttributeCount(); i++) {
      String attributeUri = in.getAttributeNamespace(i);
      String value = legal(in.getAttributeValue(i));
      if (attributeUri == null || attributeUri.isEmpty()) {
        out.writeAttribute(in.getAttributeLocalName(i), value);
      } else {
        out.writeAttribute(
            in.getAttributePrefix(i), attributeUri, in.getAttributeLocalName(i), value);
      }
    }
    if (Ns.GML.uri().equals(uri)
        && NEED_ID.contains(in.getLocalName())
        && in.getAttributeValue(uri, "id") == null) {
      idsMade++;
      // A prefix must stand for the namespace at this element; the element's own may be the
      // default.
      out.writeAttribute(Ns.GML.prefix(), uri, "id", "metadata-" + idsMade);
    }
  }

  private static boolean wellFormed(String xml) {
    try {
      XMLStreamReader in = SecureXml.reader(new StringReader("<m>" + xml + "</m>"));
      while (in.hasNext()) {
        if (in.next() == XMLStreamReader.DTD) {
          return false;
        }
      }
      return true;
    } catch (XMLStreamException e) {
      return false;
    }
  }

  private static String withoutDeclaration(String xml) {
    if (xml.toLowerCase(Locale.ROOT).startsWith("<?xml ") && xml.contains("?>")) {
      return xml.substring(xml.indexOf("?>") + 2).strip();
    }
    return xml;
  }

  private void attributes(Attribute... attributes) throws IOException {
    try {
      for (Attribute a : attributes) {
        if (a.namespace() == null) {
          out.writeAttribute(a.name(), legal(a.value()));
        } else {
          out.writeAttribute(
              a.namespace().prefix(), a.namespace().uri(), a.name(), legal(a.value()));
        }
      }
    } catch (XMLStreamException e) {
      throw fault(e);
    }
  }

  /** Only characters of XML 1.0, production 2. */
  static String legal(String text) {
    StringBuilder changed = null;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      boolean good =
          (c >= 0x20 && c <= 0xD7FF)
              || c == '\t'
              || c == '\n'
              || c == '\r'
              || (c >= 0xE000 && c <= 0xFFFD)
              || c >= 0x10000;
      if (!good && changed == null) {
        changed = new StringBuilder(text.length()).append(text, 0, i);
      }
      if (changed != null) {
        changed.appendCodePoint(good ? c : 0xFFFD);
      }
      i += Character.charCount(c);
    }
    return changed == null ? text : changed.toString();
  }

  private static IOException fault(XMLStreamException e) {
    return e.getNestedException() instanceof IOException io
        ? io
        : new IOException("XML could not be written: " + e.getMessage(), e);
  }
}
