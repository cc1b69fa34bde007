package org.tessera.coverage.gml;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.util.List;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.gml.XmlOut.Attribute;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;

/**
 * Coverages as XML and back. Everything written is valid against the schemas of WCS 2.0.1 and
 * GMLCOV 1.0, but for coverages without axes, for which GML has no form: those are written as
 * clients of WCS expect them, with dimension 0.
 */
public final class GmlCoverages {
  private static final List<Ns> COVERAGE_NAMESPACES =
      List.of(Ns.GMLCOV, Ns.GML, Ns.RGRID, Ns.SWE, Ns.XLINK, Ns.XSI, Ns.RASDAMAN);
  private static final String COVERAGE_SCHEMAS =
      "http://www.opengis.net/gmlcov/1.0 http://schemas.opengis.net/gmlcov/1.0/gmlcovAll.xsd"
          + " http://www.opengis.net/gml/3.3/rgrid"
          + " http://schemas.opengis.net/gml/3.3/referenceableGrid.xsd";
  private static final String DESCRIPTION_SCHEMAS =
      "http://www.opengis.net/wcs/2.0 http://schemas.opengis.net/wcs/2.0/wcsAll.xsd"
          + " http://www.opengis.net/gml/3.3/rgrid"
          + " http://schemas.opengis.net/gml/3.3/referenceableGrid.xsd";

  private GmlCoverages() {}

  /**
   * Makes what the first document would wait for (about a second); call it at start, if you like.
   */
  public static void warmUp() {
    Bindings.warmUp();
  }

  /**
   * {@code wcs:CoverageDescriptions} (WCS 2.0.1 clause 8.3), in the order given. Nothing is held
   * but the coverage that is being written.
   *
   * @param order of which the coverage functions tell
   */
  public static void describe(
      Iterable<Coverage> coverages, CellOrder order, GmlStyle style, OutputStream out)
      throws IOException {
    XmlOut xml = new XmlOut(out);
    xml.root(
        Ns.WCS,
        "CoverageDescriptions",
        List.of(Ns.WCS, Ns.GMLCOV, Ns.GML, Ns.RGRID, Ns.SWE, Ns.OWS, Ns.XLINK, Ns.XSI, Ns.RASDAMAN),
        DESCRIPTION_SCHEMAS);
    for (Coverage coverage : coverages) {
      GridKind kind = GridKind.of(coverage.domain());
      xml.start(Ns.WCS, "CoverageDescription", new Attribute(Ns.GML, "id", coverage.id()));
      xml.element(DomainSets.boundedBy(coverage.domain(), style));
      xml.element(Ns.WCS, "CoverageId", coverage.id());
      xml.element(DomainSets.coverageFunction(coverage.domain(), order));
      metadata(coverage.metadata(), xml);
      DomainSets.domainSet(coverage.domain(), kind, coverage.id(), style, xml);
      xml.element(RangeTypes.rangeType(coverage.range()));
      xml.start(Ns.WCS, "ServiceParameters");
      xml.element(Ns.WCS, "CoverageSubtype", kind.subtype());
      xml.element(Ns.WCS, "nativeFormat", coverage.nativeFormat());
      xml.end();
      xml.end();
    }
    xml.finish();
  }

  /**
   * {@code wcs:CoverageDescriptions} of WCS 2.1, each coverage as a general grid of CIS 1.1
   * whatever it was stored from: envelope, coverage function, domain set, range type and metadata
   * as in {@link #writeGeneralGrid}, without cells.
   */
  public static void describeGeneralGrids(
      Iterable<Coverage> coverages, GmlStyle style, OutputStream out) throws IOException {
    XmlOut xml = new XmlOut(out);
    xml.root(
        Ns.WCS21,
        "CoverageDescriptions",
        List.of(Ns.WCS21, Ns.CIS, Ns.GML, Ns.SWE, Ns.XLINK, Ns.XSI, Ns.RASDAMAN),
        "");
    for (Coverage coverage : coverages) {
      xml.start(Ns.WCS21, "CoverageDescription", new Attribute(Ns.GML, "id", coverage.id()));
      xml.element(Ns.WCS21, "CoverageId", coverage.id());
      GeneralGrids.write(
          coverage.domain(),
          coverage.range(),
          coverage.metadata(),
          new RangeSet.None(),
          style,
          xml);
      xml.start(Ns.WCS21, "ServiceParameters");
      xml.element(Ns.WCS21, "CoverageSubtype", "GeneralGridCoverage");
      xml.element(Ns.WCS21, "nativeFormat", coverage.nativeFormat());
      xml.end();
      xml.end();
    }
    xml.finish();
  }

  /**
   * A GMLCOV 1.0 coverage, the answer to GetCoverage as {@code application/gml+xml}, or the first
   * part of {@code multipart/related}.
   *
   * @param id becomes {@code gml:id}; an NCName
   * @param kind usually {@link GridKind#of}
   * @param metadata XML or JSON text, may be empty
   */
  public static void write(
      String id,
      DomainSet domain,
      GridKind kind,
      List<RangeField> range,
      String metadata,
      RangeSet cells,
      GmlStyle style,
      OutputStream out)
      throws IOException {
    XmlOut xml = new XmlOut(out);
    xml.root(
        Ns.GMLCOV,
        kind.subtype(),
        COVERAGE_NAMESPACES,
        COVERAGE_SCHEMAS,
        new Attribute(Ns.GML, "id", id));
    xml.element(DomainSets.boundedBy(domain, style));
    DomainSets.domainSet(domain, kind, id, style, xml);
    rangeSet(cells, xml);
    xml.element(DomainSets.coverageFunction(domain, CellOrder.TUPLES));
    xml.element(RangeTypes.rangeType(range));
    metadata(metadata, xml);
    xml.finish();
  }

  /**
   * A CIS 1.1 {@code GeneralGridCoverage}, in the form that existing clients of WCS 2.1 know: the
   * range set is {@code gml:RangeSet}, metadata stands in {@code cis11:metadata}, times are ISO
   * 8601 text.
   *
   * @param id becomes {@code gml:id}; an NCName
   * @param metadata XML or JSON text, may be empty
   * @param cells {@link RangeSet.None} leaves the range set out
   */
  public static void writeGeneralGrid(
      String id,
      DomainSet domain,
      List<RangeField> range,
      String metadata,
      RangeSet cells,
      GmlStyle style,
      OutputStream out)
      throws IOException {
    XmlOut xml = new XmlOut(out);
    xml.root(
        Ns.CIS,
        "GeneralGridCoverage",
        List.of(Ns.CIS, Ns.GML, Ns.SWE, Ns.XLINK, Ns.XSI, Ns.RASDAMAN),
        "http://www.opengis.net/cis/1.1/gml http://schemas.opengis.net/cis/1.1/gml/cisAll.xsd",
        new Attribute(Ns.GML, "id", id));
    GeneralGrids.write(domain, range, metadata, cells, style, xml);
    xml.finish();
  }

  /**
   * Reads a coverage document as WCS-T takes it: GMLCOV 1.0, with the cells in it or in a file.
   * Inline cells are handed on while they are read.
   *
   * @param crs knows the CRSs that the document names
   * @throws org.tessera.coverage.OwsException with the codes of WCS-T (MissingBoundedBy,
   *     WrongNumberOfOffsetVectors, ...) if the document is not such a coverage, InvalidXML if it
   *     is not well-formed or has a document type declaration
   */
  public static CoverageDocument read(InputStream in, CrsResolver crs) throws IOException {
    return CoverageReader.read(in, crs);
  }

  /**
   * Reads {@code wcs:CoverageDescriptions}, such as another server's answer to DescribeCoverage.
   *
   * @throws org.tessera.coverage.OwsException as {@link #read}
   */
  public static List<Coverage> readDescriptions(InputStream in, CrsResolver crs)
      throws IOException {
    return CoverageReader.readDescriptions(in, crs);
  }

  static void rangeSet(RangeSet cells, XmlOut xml) throws IOException {
    xml.start(Ns.GML, "rangeSet");
    switch (cells) {
      case RangeSet.None _ -> {
        xml.start(Ns.GML, "DataBlock");
        xml.element(Ns.GML, "rangeParameters", "");
        xml.element(Ns.GML, "tupleList", "");
        xml.end();
      }
      case RangeSet.Tuples tuples -> {
        xml.start(Ns.GML, "DataBlock");
        xml.element(Ns.GML, "rangeParameters", "");
        xml.start(Ns.GML, "tupleList", Attribute.of("cs", " "), Attribute.of("ts", ","));
        Writer text = new BufferedWriter(xml.characters(), 1 << 14);
        tuples.text().write(text);
        text.flush();
        xml.end();
        xml.end();
      }
      case RangeSet.File file -> {
        xml.start(Ns.GML, "File");
        xml.element(Ns.GML, "rangeParameters", "");
        xml.element(Ns.GML, "fileReference", file.reference());
        xml.element(Ns.GML, "fileStructure", "Record Interleaved");
        xml.element(Ns.GML, "mimeType", file.mediaType());
        xml.end();
      }
    }
    xml.end();
  }

  private static void metadata(String metadata, XmlOut xml) throws IOException {
    xml.start(Ns.GMLCOV, "metadata");
    if (!metadata.isBlank()) {
      xml.start(Ns.GMLCOV, "Extension");
      xml.start(Ns.RASDAMAN, "covMetadata");
      xml.metadata(metadata);
      xml.end();
      xml.end();
    }
    xml.end();
  }
}
