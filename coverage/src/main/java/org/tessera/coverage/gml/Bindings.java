package org.tessera.coverage.gml;

import jakarta.xml.bind.JAXBContext;
import jakarta.xml.bind.JAXBElement;
import jakarta.xml.bind.JAXBException;
import jakarta.xml.bind.Marshaller;
import java.io.IOException;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/** The JAXB context of the generated classes, made on first use (about a second) and kept. */
final class Bindings {
  private Bindings() {}

  private static final class Holder {
    static final JAXBContext CONTEXT = make();

    private static JAXBContext make() {
      try {
        return JAXBContext.newInstance(
            net.opengis.wcs._2.ObjectFactory.class, net.opengis.gml._3_3.rgrid.ObjectFactory.class);
      } catch (JAXBException e) {
        throw new IllegalStateException("The generated OGC classes do not fit together.", e);
      }
    }
  }

  /** Makes the context, so that the first request need not wait for it. */
  static void warmUp() {
    Objects.requireNonNull(Holder.CONTEXT);
  }

  /** Writes an element inside of the one that is open. */
  static void write(JAXBElement<?> element, XMLStreamWriter out) throws IOException {
    try {
      Marshaller marshaller = Holder.CONTEXT.createMarshaller();
      marshaller.setProperty(Marshaller.JAXB_FRAGMENT, true);
      marshaller.marshal(element, out);
    } catch (JAXBException e) {
      if (e.getLinkedException() instanceof XMLStreamException x
          && x.getNestedException() instanceof IOException io) {
        throw io;
      }
      throw new IOException("XML could not be written: " + e, e);
    }
  }

  /**
   * Reads the element that the reader stands on; afterwards the reader stands on the event behind
   * its end.
   */
  static <T> T read(XMLStreamReader in, Class<T> type) throws XMLStreamException {
    try {
      return Holder.CONTEXT.createUnmarshaller().unmarshal(new AxisLimit(in), type).getValue();
    } catch (JAXBException e) {
      if (e.getLinkedException() instanceof XMLStreamException x) {
        throw x;
      }
      throw new XMLStreamException(String.valueOf(e.getMessage()), in.getLocation(), e);
    }
  }
}
