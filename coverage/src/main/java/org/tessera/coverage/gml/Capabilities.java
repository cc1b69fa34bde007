package org.tessera.coverage.gml;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tessera.coverage.format.NumberText;
import org.tessera.coverage.gml.XmlOut.Attribute;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.Envelope;

/**
 * Writes {@code wcs:Capabilities} (WCS 2.0.1 clause 8.2), coverage by coverage: nothing is held but
 * the one that is being written.
 */
public final class Capabilities {
  private static final List<Ns> NAMESPACES =
      List.of(Ns.WCS, Ns.OWS, Ns.CRS, Ns.INT, Ns.XLINK, Ns.XSI);
  private static final String SCHEMAS =
      "http://www.opengis.net/wcs/2.0 http://schemas.opengis.net/wcs/2.0/wcsAll.xsd";

  /** Of all texts that are the server's own. */
  public static final String LANGUAGE = "en";

  /** The same as INSPIRE writes it (ISO 639-2). */
  private static final String INSPIRE_LANGUAGE = "eng";

  private Capabilities() {}

  /**
   * One coverage as it is listed.
   *
   * @param wgs84 where it lies on earth, if it does
   * @param bytesWithPyramid size of its cells with those of its pyramid, if it has one
   */
  public record Summary(
      Coverage coverage, Optional<Wgs84Box> wgs84, OptionalLong bytesWithPyramid) {}

  /** Degrees of longitude and latitude; west may be above east at the date line. */
  public record Wgs84Box(BigDecimal west, BigDecimal south, BigDecimal east, BigDecimal north) {}

  /**
   * Writes the document.
   *
   * @param endpoint address of the service without a query, such as {@code
   *     http://host/rasdaman/ows}
   * @param version as negotiated
   * @param sections names of the sections asked for (ServiceIdentification, ServiceProvider,
   *     OperationsMetadata, Languages, ServiceMetadata, Contents); empty, or with All in it, for
   *     all
   * @param updateSequence that of this state of the service
   */
  public static void write(
      ServiceDescription service,
      String endpoint,
      String version,
      Set<String> sections,
      String updateSequence,
      Iterable<Summary> coverages,
      GmlStyle style,
      OutputStream out)
      throws IOException {
    boolean all = sections.isEmpty() || sections.contains("All");
    XmlOut xml = root(version, updateSequence, !service.inspire().isEmpty(), out);
    if (all || sections.contains("ServiceIdentification")) {
      identification(service, xml);
    }
    if (all || sections.contains("ServiceProvider")) {
      provider(service.provider(), xml);
    }
    if (all || sections.contains("OperationsMetadata")) {
      operations(service, endpoint, xml);
    }
    if (all || sections.contains("Languages")) {
      xml.start(Ns.OWS, "Languages");
      xml.element(Ns.OWS, "Language", LANGUAGE);
      xml.end();
    }
    if (all || sections.contains("ServiceMetadata")) {
      serviceMetadata(service, xml);
    }
    if (all || sections.contains("Contents")) {
      xml.start(Ns.WCS, "Contents");
      for (Summary summary : coverages) {
        summary(summary, style, xml);
      }
      xml.end();
    }
    xml.finish();
  }

  /** The answer to a client that has the current document already: no section at all. */
  public static void writeUnchanged(String version, String updateSequence, OutputStream out)
      throws IOException {
    root(version, updateSequence, false, out).finish();
  }

  private static XmlOut root(
      String version, String updateSequence, boolean inspire, OutputStream out) throws IOException {
    List<Ns> namespaces = new ArrayList<>(NAMESPACES);
    if (inspire) {
      namespaces.addAll(List.of(Ns.INSPIRE_COMMON, Ns.INSPIRE_DLS));
    }
    XmlOut xml = new XmlOut(out);
    xml.root(
        Ns.WCS,
        "Capabilities",
        namespaces,
        SCHEMAS,
        Attribute.of("version", version),
        Attribute.of("updateSequence", updateSequence));
    return xml;
  }

  private static void identification(ServiceDescription service, XmlOut xml) throws IOException {
    xml.start(Ns.OWS, "ServiceIdentification");
    xml.optional(Ns.OWS, "Title", service.title());
    xml.optional(Ns.OWS, "Abstract", service.summary());
    if (!service.keywords().isEmpty()) {
      xml.start(Ns.OWS, "Keywords");
      for (String keyword : service.keywords()) {
        xml.element(Ns.OWS, "Keyword", keyword);
      }
      xml.end();
    }
    xml.element(Ns.OWS, "ServiceType", "OGC WCS");
    for (String version : service.versions()) {
      xml.element(Ns.OWS, "ServiceTypeVersion", version);
    }
    for (String profile : service.profiles()) {
      xml.element(Ns.OWS, "Profile", profile);
    }
    xml.optional(Ns.OWS, "Fees", service.fees());
    for (String constraint : service.accessConstraints()) {
      xml.optional(Ns.OWS, "AccessConstraints", constraint);
    }
    xml.end();
  }

  private static void provider(ServiceDescription.Provider p, XmlOut xml) throws IOException {
    xml.start(Ns.OWS, "ServiceProvider");
    xml.element(Ns.OWS, "ProviderName", p.name());
    if (!p.site().isEmpty()) {
      xml.element(Ns.OWS, "ProviderSite", "", new Attribute(Ns.XLINK, "href", p.site()));
    }
    xml.start(Ns.OWS, "ServiceContact");
    xml.optional(Ns.OWS, "IndividualName", p.individual());
    xml.optional(Ns.OWS, "PositionName", p.position());
    xml.start(Ns.OWS, "ContactInfo");
    if (!(p.phone() + p.fax()).isEmpty()) {
      xml.start(Ns.OWS, "Phone");
      xml.optional(Ns.OWS, "Voice", p.phone());
      xml.optional(Ns.OWS, "Facsimile", p.fax());
      xml.end();
    }
    String address =
        p.deliveryPoint()
            + p.city()
            + p.administrativeArea()
            + p.postalCode()
            + p.country()
            + p.email();
    if (!address.isEmpty()) {
      xml.start(Ns.OWS, "Address");
      xml.optional(Ns.OWS, "DeliveryPoint", p.deliveryPoint());
      xml.optional(Ns.OWS, "City", p.city());
      xml.optional(Ns.OWS, "AdministrativeArea", p.administrativeArea());
      xml.optional(Ns.OWS, "PostalCode", p.postalCode());
      xml.optional(Ns.OWS, "Country", p.country());
      xml.optional(Ns.OWS, "ElectronicMailAddress", p.email());
      xml.end();
    }
    xml.optional(Ns.OWS, "HoursOfService", p.hoursOfService());
    xml.optional(Ns.OWS, "ContactInstructions", p.contactInstructions());
    xml.end();
    xml.optional(Ns.OWS, "Role", p.role());
    xml.end();
    xml.end();
  }

  private static void operations(ServiceDescription service, String endpoint, XmlOut xml)
      throws IOException {
    xml.start(Ns.OWS, "OperationsMetadata");
    for (String operation : service.operations()) {
      xml.start(Ns.OWS, "Operation", Attribute.of("name", operation));
      xml.start(Ns.OWS, "DCP");
      xml.start(Ns.OWS, "HTTP");
      xml.element(Ns.OWS, "Get", "", new Attribute(Ns.XLINK, "href", endpoint + "?"));
      xml.start(Ns.OWS, "Post", new Attribute(Ns.XLINK, "href", endpoint));
      xml.start(Ns.OWS, "Constraint", Attribute.of("name", "PostEncoding"));
      xml.start(Ns.OWS, "AllowedValues");
      xml.element(Ns.OWS, "Value", "XML");
      xml.element(Ns.OWS, "Value", "SOAP");
      xml.end();
      xml.end();
      xml.end();
      xml.end();
      xml.end();
      xml.end();
    }
    if (!service.inspire().isEmpty()) {
      inspire(service, xml);
    }
    xml.end();
  }

  /**
   * What INSPIRE wants of a download service (Technical Guidance 4.0, 5.2.2 and 5.2.3): one address
   * of metadata of the service, and those of its data sets.
   */
  private static void inspire(ServiceDescription service, XmlOut xml) throws IOException {
    xml.start(Ns.OWS, "ExtendedCapabilities");
    xml.start(Ns.INSPIRE_DLS, "ExtendedCapabilities");
    xml.start(Ns.INSPIRE_COMMON, "MetadataUrl");
    xml.element(Ns.INSPIRE_COMMON, "URL", service.inspire().values().iterator().next());
    xml.element(Ns.INSPIRE_COMMON, "MediaType", "application/vnd.iso.19139+xml");
    xml.end();
    xml.start(Ns.INSPIRE_COMMON, "SupportedLanguages");
    xml.start(Ns.INSPIRE_COMMON, "DefaultLanguage");
    xml.element(Ns.INSPIRE_COMMON, "Language", INSPIRE_LANGUAGE);
    xml.end();
    xml.end();
    xml.start(Ns.INSPIRE_COMMON, "ResponseLanguage");
    xml.element(Ns.INSPIRE_COMMON, "Language", INSPIRE_LANGUAGE);
    xml.end();
    for (Map.Entry<String, String> e : service.inspire().entrySet()) {
      xml.start(
          Ns.INSPIRE_DLS, "SpatialDataSetIdentifier", Attribute.of("metadataURL", e.getValue()));
      xml.element(Ns.INSPIRE_COMMON, "Code", e.getKey());
      xml.end();
    }
    xml.end();
    xml.end();
  }

  private static void serviceMetadata(ServiceDescription service, XmlOut xml) throws IOException {
    xml.start(Ns.WCS, "ServiceMetadata");
    for (String format : service.formats()) {
      xml.element(Ns.WCS, "formatSupported", format);
    }
    xml.start(Ns.WCS, "Extension");
    if (!service.interpolations().isEmpty()) {
      xml.start(Ns.INT, "InterpolationMetadata");
      for (String method : service.interpolations()) {
        xml.element(Ns.INT, "interpolationSupported", method);
      }
      xml.end();
      // The spelling of the standard's text (12-049), which existing clients look for; the schema
      // has
      // the one above.
      for (String method : service.interpolations()) {
        xml.element(Ns.INT, "InterpolationSupported", method);
      }
    }
    for (String crs : service.crss()) {
      xml.element(Ns.CRS, "supportedCrs", crs);
    }
    // Likewise of 11-053.
    if (!service.crss().isEmpty()) {
      xml.start(Ns.CRS, "CrsMetadata");
      for (String crs : service.crss()) {
        xml.element(Ns.CRS, "crsSupported", crs);
      }
      xml.end();
    }
    xml.end();
    xml.end();
  }

  private static void summary(Summary summary, GmlStyle style, XmlOut xml) throws IOException {
    Coverage coverage = summary.coverage();
    xml.start(Ns.WCS, "CoverageSummary");
    if (summary.wgs84().isPresent()) {
      Wgs84Box box = summary.wgs84().get();
      xml.start(
          Ns.OWS,
          "WGS84BoundingBox",
          Attribute.of("crs", "urn:ogc:def:crs:OGC:2:84"),
          Attribute.of("dimensions", "2"));
      xml.element(Ns.OWS, "LowerCorner", corner(List.of(box.west(), box.south())));
      xml.element(Ns.OWS, "UpperCorner", corner(List.of(box.east(), box.north())));
      xml.end();
    }
    xml.element(Ns.WCS, "CoverageId", coverage.id());
    xml.element(Ns.WCS, "CoverageSubtype", GridKind.of(coverage.domain()).subtype());
    if (coverage.domain().dimension() > 0) {
      Envelope extent = Envelope.of(coverage.domain());
      xml.start(
          Ns.OWS,
          "BoundingBox",
          Attribute.of("crs", style.crs(extent.crs())),
          Attribute.of("dimensions", Integer.toString(extent.axisLabels().size())));
      xml.element(Ns.OWS, "LowerCorner", corner(coverage, Axis::lower, style));
      xml.element(Ns.OWS, "UpperCorner", corner(coverage, Axis::upper, style));
      xml.end();
    }
    xml.start(Ns.OWS, "AdditionalParameters");
    parameter("sizeInBytes", bytes(coverage).toString(), xml);
    if (summary.bytesWithPyramid().isPresent()) {
      parameter(
          "sizeInBytesWithPyramidLevels",
          Long.toString(summary.bytesWithPyramid().getAsLong()),
          xml);
    }
    parameter("axisList", String.join(",", coverage.domain().crsOrder()), xml);
    xml.end();
    xml.end();
  }

  private static void parameter(String name, String value, XmlOut xml) throws IOException {
    xml.start(Ns.OWS, "AdditionalParameter");
    xml.element(Ns.OWS, "Name", name);
    xml.element(Ns.OWS, "Value", value);
    xml.end();
  }

  private static BigInteger bytes(Coverage coverage) {
    BigInteger bytes = BigInteger.valueOf(coverage.arrayType().bytesPerCell());
    for (Axis axis : coverage.domain().axes()) {
      bytes = bytes.multiply(BigInteger.valueOf(axis.size()));
    }
    return bytes;
  }

  private static String corner(
      Coverage coverage, Function<Axis, BigDecimal> coordinate, GmlStyle style) {
    return coverage.domain().crsAxes().stream()
        .map(axis -> style.coordinate(axis, coordinate.apply(axis)))
        .collect(Collectors.joining(" "));
  }

  private static String corner(List<BigDecimal> coordinates) {
    return coordinates.stream().map(NumberText::of).collect(Collectors.joining(" "));
  }
}
