package org.tessera.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Assertions;
import org.tessera.schemas.OgcSchemas;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * An XML answer, for asking what is in it. Names are local names: prefixes are the writer's
 * business.
 */
record Xml(Document document) {

  /** The answer's body as XML; fails the test with the body's text when it is not valid. */
  static Xml of(HttpResponse<byte[]> response) {
    try {
      List<String> faults = OgcSchemas.faults(new ByteArrayInputStream(response.body()));
      Assertions.assertEquals(List.of(), faults, () -> "not valid:\n" + text(response));
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return new Xml(factory.newDocumentBuilder().parse(new ByteArrayInputStream(response.body())));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      return Assertions.fail("not well-formed: " + e.getMessage() + "\n" + text(response), e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  /** The local name of the root element. */
  String root() {
    return document.getDocumentElement().getLocalName();
  }

  int count(String localName) {
    return elements(localName).getLength();
  }

  /** The text of the first element of that name, stripped; fails the test when there is none. */
  String first(String localName) {
    NodeList found = elements(localName);
    Assertions.assertTrue(found.getLength() > 0, () -> "no element " + localName);
    return found.item(0).getTextContent().strip();
  }

  /** The value of an attribute of the first element of that name; empty when it has none. */
  String attribute(String localName, String attribute) {
    NodeList found = elements(localName);
    Assertions.assertTrue(found.getLength() > 0, () -> "no element " + localName);
    return ((org.w3c.dom.Element) found.item(0)).getAttribute(attribute);
  }

  private NodeList elements(String localName) {
    return document.getElementsByTagNameNS("*", localName);
  }
}
