package org.tessera.coverage.gml;

import jakarta.xml.bind.JAXBElement;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import net.opengis.gml._3.AbstractGeometryType;
import net.opengis.gml._3.BoundingShapeType;
import net.opengis.gml._3.CoverageFunctionType;
import net.opengis.gml._3.DomainSetType;
import net.opengis.gml._3.EnvelopeType;
import net.opengis.gml._3.GridType;
import net.opengis.swe._2.DataRecordPropertyType;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;

/** One reading of a coverage document. The parts of the root may come in any order. */
final class CoverageReader {
  /** More text than this belongs into a file. */
  private static final int MOST_TUPLE_TEXT = 256 << 20;

  /** What a coverage is said to come from when the document cannot say it. */
  private static final String NATIVE_FORMAT = "application/octet-stream";

  private static final Set<String> ROOTS =
      Set.of("GridCoverage", "RectifiedGridCoverage", "ReferenceableGridCoverage");

  private final CrsResolver crs;
  private String id = "";
  private String nativeFormat = NATIVE_FORMAT;
  private EnvelopeType envelope;
  private GridType grid;
  private boolean hasBoundedBy;
  private boolean hasDomainSet;
  private CoverageFunctionType function;
  private DataRecordPropertyType rangeType;
  private final StringBuilder metadata = new StringBuilder();
  private int rangeSets;
  private int dataBlocks;
  private int files;
  private int tupleLists;
  private final StringBuilder tuples = new StringBuilder();
  private final List<String> fileReferences = new ArrayList<>();
  private Optional<String> mediaType = Optional.empty();
  private String rangeParameters = "";

  private CoverageReader(CrsResolver crs) {
    this.crs = crs;
  }

  /** A coverage with its cells. */
  static CoverageDocument read(InputStream stream, CrsResolver crs) throws IOException {
    CoverageReader reader = new CoverageReader(crs);
    try {
      XMLStreamReader in = SecureXml.piecewiseReader(stream);
      in.nextTag();
      if (!ROOTS.contains(in.getLocalName()) || !Ns.GMLCOV.uri().equals(in.getNamespaceURI())) {
        throw new OwsException(
            OwsErrorCode.ONLY_RECTIFIED_GRIDS_SUPPORTED,
            in.getLocalName(),
            "The document is a "
                + in.getName()
                + "; expected is a gmlcov:GridCoverage, RectifiedGridCoverage or"
                + " ReferenceableGridCoverage.");
      }
      reader.readParts(in);
      // What follows must be well-formed, too.
      while (in.hasNext()) {
        in.next();
      }
    } catch (XMLStreamException e) {
      throw fault(e);
    }
    return reader.document();
  }

  /** The coverages of {@code wcs:CoverageDescriptions}, which have no cells. */
  static List<Coverage> readDescriptions(InputStream stream, CrsResolver crs) throws IOException {
    List<Coverage> coverages = new ArrayList<>();
    try {
      XMLStreamReader in = SecureXml.piecewiseReader(stream);
      in.nextTag();
      if (!in.getLocalName().equals("CoverageDescriptions")) {
        throw new OwsException(
            OwsErrorCode.INVALID_XML,
            in.getLocalName(),
            "The document is a " + in.getName() + " instead of wcs:CoverageDescriptions.");
      }
      while (in.hasNext()) {
        if (in.next() == XMLStreamReader.START_ELEMENT) {
          CoverageReader reader = new CoverageReader(crs);
          reader.readParts(in);
          coverages.add(reader.coverage());
        }
      }
    } catch (XMLStreamException e) {
      throw fault(e);
    }
    return coverages;
  }

  private static OwsException fault(XMLStreamException e) throws IOException {
    if (e.getNestedException() instanceof IOException io) {
      throw io;
    }
    return SecureXml.invalid(e);
  }

  /**
   * Reads what stands in the element that the reader is at, and leaves it at the element's end.
   * Every part is left at the event behind its end.
   */
  private void readParts(XMLStreamReader in) throws XMLStreamException {
    String given = in.getAttributeValue(Ns.GML.uri(), "id");
    id = given == null ? "" : given.strip();
    in.next();
    while (!in.isEndElement()) {
      if (!in.isStartElement()) {
        in.next();
        continue;
      }
      switch (in.getLocalName()) {
        case "CoverageId" -> {
          id = shortText(in);
          in.next();
        }
        case "ServiceParameters" -> {
          readServiceParameters(in);
          in.next();
        }
        case "boundedBy" -> {
          hasBoundedBy = true;
          JAXBElement<? extends EnvelopeType> found =
              Bindings.read(in, BoundingShapeType.class).getEnvelope();
          envelope = found == null ? null : found.getValue();
        }
        case "domainSet" -> {
          hasDomainSet = true;
          JAXBElement<? extends AbstractGeometryType> found =
              Bindings.read(in, DomainSetType.class).getAbstractGeometry();
          grid = found != null && found.getValue() instanceof GridType g ? g : null;
        }
        case "rangeSet" -> {
          rangeSets++;
          readRangeSet(in);
          in.next();
        }
        case "coverageFunction" -> function = Bindings.read(in, CoverageFunctionType.class);
        case "rangeType" -> rangeType = Bindings.read(in, DataRecordPropertyType.class);
        case "metadata" -> {
          MetadataText.read(in, metadata);
          in.next();
        }
        default -> {
          skip(in);
          in.next();
        }
      }
    }
  }

  private void readServiceParameters(XMLStreamReader in) throws XMLStreamException {
    while (in.nextTag() == XMLStreamReader.START_ELEMENT) {
      if (in.getLocalName().equals("nativeFormat")) {
        nativeFormat = shortText(in);
      } else {
        skip(in);
      }
    }
  }

  /** Leaves the reader at the end of {@code gml:rangeSet}. */
  private void readRangeSet(XMLStreamReader in) throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      int event = in.next();
      if (event == XMLStreamReader.END_ELEMENT) {
        depth--;
      } else if (event == XMLStreamReader.START_ELEMENT) {
        depth++;
        switch (in.getLocalName()) {
          case "DataBlock" -> dataBlocks++;
          case "File" -> files++;
          case "tupleList" -> {
            tupleLists++;
            appendText(in, tuples);
            depth--;
          }
          case "fileReference", "fileName" -> {
            fileReferences.add(shortText(in));
            depth--;
          }
          case "mimeType" -> {
            mediaType = Optional.of(shortText(in)).filter(t -> !t.isEmpty());
            depth--;
          }
          case "rangeParameters" -> {
            StringBuilder text = new StringBuilder();
            MetadataText.read(in, text);
            rangeParameters = text.toString().strip();
            depth--;
          }
          default -> {
            // Not asked for; what is in it is looked at all the same.
          }
        }
      }
    }
  }

  private Coverage coverage() {
    require(hasBoundedBy, OwsErrorCode.MISSING_BOUNDED_BY, "gml:boundedBy");
    require(envelope != null, OwsErrorCode.MISSING_ENVELOPE, "gml:Envelope");
    require(hasDomainSet, OwsErrorCode.MISSING_DOMAIN_SET, "gml:domainSet");
    require(grid != null, OwsErrorCode.MISSING_GRID_TYPE, "a grid in gml:domainSet");
    if (rangeType == null || rangeType.getDataRecord() == null) {
      throw new OwsException(
          OwsErrorCode.INVALID_XML, "rangeType", "The document has no gmlcov:rangeType.");
    }
    DomainSet domain = new GridReader(crs, envelope, grid, function).read();
    return new Coverage(
        id,
        domain,
        RangeTypes.read(rangeType.getDataRecord()),
        metadata.toString().strip(),
        nativeFormat,
        "");
  }

  private CoverageDocument document() {
    Coverage coverage = coverage();
    number(rangeSets, OwsErrorCode.WRONG_NUMBER_OF_RANGE_SET_ELEMENTS, "gml:rangeSet");
    if (files > 0) {
      number(files, OwsErrorCode.WRONG_NUMBER_OF_FILE_ELEMENTS, "gml:File");
      number(
          dataBlocks + 1,
          OwsErrorCode.WRONG_NUMBER_OF_DATA_BLOCK_ELEMENTS,
          "of gml:DataBlock and gml:File");
      number(
          fileReferences.size(),
          OwsErrorCode.WRONG_NUMBER_OF_FILE_REFERENCE_ELEMENTS,
          "gml:fileReference");
      return new CoverageDocument(
          coverage,
          new CoverageDocument.File(fileReferences.getFirst(), mediaType, rangeParameters));
    }
    number(dataBlocks, OwsErrorCode.WRONG_NUMBER_OF_DATA_BLOCK_ELEMENTS, "gml:DataBlock");
    number(tupleLists, OwsErrorCode.WRONG_NUMBER_OF_TUPLE_LISTS, "gml:tupleList");
    return new CoverageDocument(
        coverage, new CoverageDocument.Inline(new TupleReader(tuples).read(coverage)));
  }

  private static void require(boolean present, OwsErrorCode code, String what) {
    if (!present) {
      throw new OwsException(code, null, "The coverage document has no " + what + ".");
    }
  }

  private static void number(int found, OwsErrorCode code, String what) {
    if (found != 1) {
      throw new OwsException(
          code,
          null,
          "The coverage document has " + found + " " + what + " where one is expected.");
    }
  }

  private static String shortText(XMLStreamReader in) throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    appendText(in, text);
    return text.toString().strip();
  }

  /** Appends the text of an element and leaves the reader at its end. */
  private static void appendText(XMLStreamReader in, StringBuilder text) throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      switch (in.next()) {
        case XMLStreamReader.START_ELEMENT -> depth++;
        case XMLStreamReader.END_ELEMENT -> depth--;
        case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA, XMLStreamReader.SPACE -> {
          text.append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
          if (text.length() > MOST_TUPLE_TEXT) {
            throw new OwsException(
                OwsErrorCode.REQUEST_TOO_LARGE,
                "tupleList",
                "The tuple list is longer than " + MOST_TUPLE_TEXT + " characters: use a file.");
          }
        }
        default -> {
          // Comments and processing instructions are not part of the text.
        }
      }
    }
  }

  private static void skip(XMLStreamReader in) throws XMLStreamException {
    int depth = 1;
    while (depth > 0) {
      int event = in.next();
      depth +=
          event == XMLStreamReader.START_ELEMENT
              ? 1
              : event == XMLStreamReader.END_ELEMENT ? -1 : 0;
    }
  }
}
