package org.tessera.coverage.gml;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.gml.XmlOut.Attribute;

/** Writes exception reports (OWS Common 2.0 clause 8) and the small answers of WCS-T. */
public final class OwsReports {
  private static final String SCHEMAS =
      "http://www.opengis.net/ows/2.0 http://schemas.opengis.net/ows/2.0/owsAll.xsd";

  private OwsReports() {}

  /**
   * {@code ows:ExceptionReport}.
   *
   * @param exceptions at least one, the gravest first
   */
  public static void exceptions(List<OwsException> exceptions, OutputStream out)
      throws IOException {
    XmlOut xml = new XmlOut(out);
    xml.root(
        Ns.OWS,
        "ExceptionReport",
        List.of(Ns.OWS, Ns.XSI),
        SCHEMAS,
        Attribute.of("version", "2.0.0"));
    for (OwsException exception : exceptions) {
      Attribute code = Attribute.of("exceptionCode", exception.code().code());
      if (exception.locator().isPresent()) {
        xml.start(Ns.OWS, "Exception", code, Attribute.of("locator", exception.locator().get()));
      } else {
        xml.start(Ns.OWS, "Exception", code);
      }
      xml.optional(Ns.OWS, "ExceptionText", String.valueOf(exception.getMessage()));
      xml.end();
    }
    xml.finish();
  }

  /**
   * The answer to InsertCoverage: the id under which the coverage is known now. The standard's
   * example is {@code wcs:CoverageId}; rasdaman writes {@code coverageId} of no namespace.
   */
  public static void coverageId(String id, GmlStyle.Dialect dialect, OutputStream out)
      throws IOException {
    if (dialect == GmlStyle.Dialect.RASDAMAN) {
      out.write(
          ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<coverageId>" + id + "</coverageId>\n")
              .getBytes(StandardCharsets.UTF_8));
      return;
    }
    XmlOut xml = new XmlOut(out);
    xml.root(Ns.WCS, "CoverageId", List.of(Ns.WCS), "");
    xml.text(id);
    xml.finish();
  }
}
