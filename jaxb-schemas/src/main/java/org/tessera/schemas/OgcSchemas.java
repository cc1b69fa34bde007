package org.tessera.schemas;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.w3c.dom.ls.LSInput;
import org.w3c.dom.ls.LSResourceResolver;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * The OGC schemas as one validator. All schema files come from the class path: {@code
 * org.jvnet.ogc:ogc-schemas} and {@code org.hisrc.w3c:w3c-schemas} (give them test scope) and this
 * module's own; nothing is ever fetched.
 *
 * <p>Known roots: WCS 2.0 with its extensions, GML 3.2.1, GML 3.3 referenceable grids, GMLCOV 1.0,
 * SWE Common 2.0, OWS Common 2.0, CIS 1.1, WCS 2.1, WMS 1.3.0 capabilities and exceptions. The
 * schema is built on first use (about 2 s) and kept.
 *
 * <p>As a program: {@code java -cp ... org.tessera.schemas.OgcSchemas FILE...} prints the faults of
 * each file and ends with 1 when there are any.
 */
public final class OgcSchemas {
  /** Longest prefix first where one contains the other. */
  private static final List<Map.Entry<String, String>> PLACES =
      List.of(
          Map.entry("://schemas.opengis.net/cis/1.1/", "org/tessera/schemas/cis/1.1/"),
          Map.entry("://schemas.opengis.net/wcs/2.1/", "org/tessera/schemas/wcs/2.1/"),
          Map.entry("://schemas.opengis.net/", "ogc/"),
          Map.entry("://www.isotc211.org/", "isotc211/"),
          Map.entry("://www.w3.org/", "w3c/"));

  private OgcSchemas() {}

  private static final class Holder {
    static final Schema SCHEMA = build();
  }

  /** The schema of all known roots; immutable and safe for many threads. */
  public static Schema schema() {
    return Holder.SCHEMA;
  }

  /**
   * The faults of a document, one text each, as {@code line:column message}; empty when it is
   * valid. A document that is not well-formed has its one fault. A document type declaration is a
   * fault. Reads at most to the hundredth fault.
   */
  public static List<String> faults(InputStream document) throws IOException {
    return faults(new StreamSource(document));
  }

  /** As {@link #faults(InputStream)}, of text. */
  public static List<String> faults(String document) {
    try {
      return faults(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException impossible) {
      throw new IllegalStateException("Reading from memory failed.", impossible);
    }
  }

  private static List<String> faults(Source source) throws IOException {
    var faults = new ArrayList<String>();
    Validator validator = schema().newValidator();
    validator.setErrorHandler(
        new ErrorHandler() {
          @Override
          public void warning(SAXParseException fault) {}

          @Override
          public void error(SAXParseException fault) throws SAXException {
            faults.add(
                fault.getLineNumber() + ":" + fault.getColumnNumber() + " " + fault.getMessage());
            if (faults.size() >= 100) {
              throw fault;
            }
          }

          @Override
          public void fatalError(SAXParseException fault) throws SAXException {
            error(fault);
            throw fault;
          }
        });
    try {
      validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      validator.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      validator.validate(source);
    } catch (SAXException fault) {
      if (faults.isEmpty()) {
        faults.add(String.valueOf(fault.getMessage()));
      }
    }
    return List.copyOf(faults);
  }

  /** Prints the faults of each file named; ends with 1 when there are any. */
  public static void main(String[] files) throws IOException {
    boolean valid = true;
    for (String file : files) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        List<String> faults = faults(in);
        valid &= faults.isEmpty();
        faults.forEach(fault -> System.out.println(file + ":" + fault));
      }
    }
    System.exit(valid ? 0 : 1);
  }

  private static Schema build() {
    try {
      SchemaFactory factory = SchemaFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      // The model of a GML feature has more occurrences than the JDK's default limit allows; the
      // schemas are our own input.
      factory.setProperty("http://www.oracle.com/xml/jaxp/properties/maxOccurLimit", "0");
      // owsAdditionalParameters.xsd, as published, restricts a type in a way that the full check of
      // schemas refuses.
      factory.setFeature("http://apache.org/xml/features/validation/schema-full-checking", false);
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "all");
      factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "all");
      factory.setResourceResolver(new ClassPathResolver());
      URL all = OgcSchemas.class.getResource("all.xsd");
      return factory.newSchema(
          new StreamSource(all.openStream(), "http://schemas.opengis.net/tessera/all.xsd"));
    } catch (SAXException | IOException fault) {
      throw new IllegalStateException(
          "The OGC schemas on the class path are not usable: " + fault.getMessage(), fault);
    }
  }

  /**
   * Finds schema files on the class path by their published address, and refuses everything else.
   */
  private static final class ClassPathResolver implements LSResourceResolver {
    @Override
    public LSInput resolveResource(
        String type, String namespace, String publicId, String systemId, String base) {
      if (systemId == null) {
        return null;
      }
      String address = base == null ? systemId : URI.create(base).resolve(systemId).toString();
      for (Map.Entry<String, String> place : PLACES) {
        int at = address.indexOf(place.getKey());
        if (at >= 0) {
          String resource = place.getValue() + address.substring(at + place.getKey().length());
          InputStream in = OgcSchemas.class.getClassLoader().getResourceAsStream(resource);
          if (in == null) {
            throw new IllegalStateException(
                address + " is not on the class path as " + resource + ".");
          }
          return new SchemaFile(publicId, "http" + address.substring(at), in);
        }
      }
      throw new IllegalStateException(
          "The schema " + address + " is not one of those that come with this module.");
    }
  }

  /** One schema file; the setters of the interface mean nothing here. */
  private record SchemaFile(String publicId, String systemId, InputStream in) implements LSInput {
    @Override
    public InputStream getByteStream() {
      return in;
    }

    @Override
    public String getSystemId() {
      return systemId;
    }

    @Override
    public String getPublicId() {
      return publicId;
    }

    @Override
    public String getBaseURI() {
      return systemId;
    }

    @Override
    public Reader getCharacterStream() {
      return null;
    }

    @Override
    public String getStringData() {
      return null;
    }

    @Override
    public String getEncoding() {
      return null;
    }

    @Override
    public boolean getCertifiedText() {
      return false;
    }

    @Override
    public void setByteStream(InputStream byteStream) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setSystemId(String systemId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setPublicId(String publicId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setBaseURI(String baseUri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setCharacterStream(Reader characterStream) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setStringData(String stringData) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setEncoding(String encoding) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void setCertifiedText(boolean certifiedText) {
      throw new UnsupportedOperationException();
    }
  }
}
