package org.tessera.coverage.crs;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.apache.sis.measure.Units;
import org.apache.sis.referencing.crs.DefaultGeocentricCRS;
import org.apache.sis.referencing.crs.DefaultGeographicCRS;
import org.apache.sis.referencing.crs.DefaultVerticalCRS;
import org.apache.sis.referencing.datum.DatumOrEnsemble;
import org.apache.sis.referencing.datum.DefaultDatumEnsemble;
import org.opengis.metadata.extent.Extent;
import org.opengis.metadata.extent.GeographicBoundingBox;
import org.opengis.parameter.GeneralParameterValue;
import org.opengis.parameter.ParameterValue;
import org.opengis.referencing.IdentifiedObject;
import org.opengis.referencing.ReferenceIdentifier;
import org.opengis.referencing.crs.CoordinateReferenceSystem;
import org.opengis.referencing.crs.ProjectedCRS;
import org.opengis.referencing.crs.SingleCRS;
import org.opengis.referencing.crs.VerticalCRS;
import org.opengis.referencing.cs.CartesianCS;
import org.opengis.referencing.cs.CoordinateSystem;
import org.opengis.referencing.cs.CoordinateSystemAxis;
import org.opengis.referencing.datum.Datum;
import org.opengis.referencing.datum.Ellipsoid;
import org.opengis.referencing.datum.PrimeMeridian;
import org.opengis.referencing.operation.Conversion;

/**
 * CRS definitions as GML 3.2.1 (clause 12), written from the object model. (Apache SIS's own GML
 * leaves out the datum of a system whose datum is an ensemble, such as WGS 84.)
 */
final class CrsGml {
  private static final String GML = "http://www.opengis.net/gml/3.2";
  private static final String XLINK = "http://www.w3.org/1999/xlink";
  private static final String UNKNOWN_SCOPE = "not known";

  private final StringWriter text = new StringWriter();
  private final XMLStreamWriter xml;
  private final String base;
  private final SisSystems systems;

  /** How many more levels of references are written out; 0 leaves links. */
  private int expand;

  private int ids;

  /** In place of the definition's own; null for that. */
  private final BigDecimal meridian;

  private CrsGml(SisSystems systems, String base, int expand, BigDecimal meridian)
      throws XMLStreamException {
    this.systems = systems;
    this.base = base;
    this.expand = expand;
    this.meridian = meridian;
    xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
  }

  /**
   * @param base of the resolver, without a slash at the end
   * @param expand levels of references to write out
   * @param meridian longitude of the prime meridian to claim, or null
   */
  static String of(SisSystems systems, Crs crs, String base, int expand, BigDecimal meridian) {
    try {
      CrsGml gml = new CrsGml(systems, base, expand, meridian);
      gml.crs(crs);
      gml.xml.writeEndDocument();
      return gml.text.toString();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private void crs(Crs crs) throws XMLStreamException {
    switch (crs.kind()) {
      case COMPOUND -> compound(crs);
      case TIME -> time(crs);
      case INDEX -> index(crs);
      case GEOGRAPHIC, PROJECTED, VERTICAL, OTHER -> {
        CoordinateReferenceSystem system = systems.system(crs);
        if (system instanceof ProjectedCRS projected) {
          projected(crs, projected);
        } else if (system instanceof VerticalCRS vertical) {
          vertical(crs, vertical);
        } else {
          geodetic(base + crs.path(), crs.name(), system, crs.axes());
        }
      }
    }
  }

  private void compound(Crs crs) throws XMLStreamException {
    start("CompoundCRS");
    head(crs.uri(base), List.of(crs.name()));
    scope(null);
    for (Crs part : crs.components()) {
      if (expand > 0) {
        start("componentReferenceSystem");
        expand--;
        crs(part);
        expand++;
        end();
      } else {
        link("componentReferenceSystem", base + part.path());
      }
    }
    end();
  }

  private void time(Crs crs) throws XMLStreamException {
    TimeScale scale = crs.time().orElseThrow();
    List<String> names =
        crs.path().startsWith("/crs/OGC/0/UnixTime")
            ? List.of("Unix Time", "POSIX Time")
            : scale.calendar() == TimeCalendar.PROLEPTIC_GREGORIAN
                ? List.of(crs.name())
                : List.of(crs.name(), "calendar " + scale.calendar().cfName());
    start("TemporalCRS");
    head(crs.uri(base), names);
    scope(null);
    String name = crs.name();
    if (expand > 0) {
      start("timeCS");
      start("TimeCS");
      head(base + "/cs/OGC/0/" + name, List.of(name));
      start("axis");
      start("CoordinateSystemAxis");
      xml.writeAttribute("uom", base + "/uom/UCUM/0/" + scale.uom());
      head(base + "/axis/OGC/0/" + name, List.of(name));
      element("axisAbbrev", crs.axes().getFirst().label());
      start("axisDirection");
      xml.writeAttribute("codeSpace", "http://www.ietf.org/rfc/rfc3986");
      xml.writeCharacters(base + "/axisDirection/OGC/1.0/future");
      end();
      end();
      end();
      end();
      end();
      start("temporalDatum");
      start("TemporalDatum");
      head(base + "/datum/OGC/0/" + name, List.of());
      scope(null);
      element(
          "origin",
          scale.calendar() == TimeCalendar.PROLEPTIC_GREGORIAN
              ? scale.epoch().toString()
              : TimeScale.text(scale.epoch(), scale.calendar()));
      end();
      end();
    } else {
      link("timeCS", base + "/cs/OGC/0/" + name);
      link("temporalDatum", base + "/datum/OGC/0/" + name);
    }
    end();
  }

  private void index(Crs crs) throws XMLStreamException {
    start("EngineeringCRS");
    head(crs.uri(base), List.of(crs.name()));
    scope(null);
    if (expand > 0) {
      start("cartesianCS");
      start("CartesianCS");
      head(base + "/cs/OGC/0/" + crs.name(), List.of(crs.name()));
      for (CrsAxis axis : crs.axes()) {
        start("axis");
        start("CoordinateSystemAxis");
        xml.writeAttribute("uom", base + "/uom/OGC/1.0/" + axis.uom());
        head(base + "/axis/OGC/0/" + axis.label(), List.of(axis.label()));
        element("axisAbbrev", axis.label());
        start("axisDirection");
        xml.writeAttribute("codeSpace", "http://www.ietf.org/rfc/rfc3986");
        xml.writeCharacters(base + "/axisDirection/OGC/1.0/" + axis.direction());
        end();
        end();
        end();
      }
      end();
      end();
      start("engineeringDatum");
      start("EngineeringDatum");
      head(base + "/datum/OGC/0/gridOrigin", List.of("origin of the grid"));
      scope(null);
      end();
      end();
    } else {
      link("cartesianCS", base + "/cs/OGC/0/" + crs.name());
      link("engineeringDatum", base + "/datum/OGC/0/gridOrigin");
    }
    end();
  }

  private void geodetic(
      String uri, String name, CoordinateReferenceSystem system, List<CrsAxis> axes)
      throws XMLStreamException {
    start("GeodeticCRS");
    head(uri, List.of(name));
    domain(system.getDomainOfValidity());
    scope(system.getScope() == null ? null : system.getScope().toString());
    CoordinateSystem cs = system.getCoordinateSystem();
    boolean cartesian = cs instanceof CartesianCS;
    if (expand > 0) {
      start(cartesian ? "cartesianCS" : "ellipsoidalCS");
      cs(cartesian ? "CartesianCS" : "EllipsoidalCS", cs, axes);
      end();
      start("geodeticDatum");
      geodeticDatum(system);
      end();
    } else {
      link(cartesian ? "cartesianCS" : "ellipsoidalCS", uri("cs", cs));
      link("geodeticDatum", uri("datum", datum(system)));
    }
    end();
  }

  private void projected(Crs crs, ProjectedCRS system) throws XMLStreamException {
    start("ProjectedCRS");
    head(base + crs.path(), List.of(crs.name()));
    domain(system.getDomainOfValidity());
    scope(system.getScope() == null ? null : system.getScope().toString());
    Conversion conversion = system.getConversionFromBase();
    CoordinateReferenceSystem geodetic = system.getBaseCRS();
    if (expand > 0) {
      expand--;
      start("conversion");
      conversion(conversion);
      end();
      start("baseGeodeticCRS");
      expand++;
      geodetic(uri("crs", geodetic), geodetic.getName().getCode(), geodetic, List.of());
      expand--;
      end();
      expand++;
      start("cartesianCS");
      cs("CartesianCS", system.getCoordinateSystem(), crs.axes());
      end();
    } else {
      link("conversion", uri("coordinateOperation", conversion));
      link("baseGeodeticCRS", uri("crs", geodetic));
      link("cartesianCS", uri("cs", system.getCoordinateSystem()));
    }
    end();
  }

  private void vertical(Crs crs, VerticalCRS system) throws XMLStreamException {
    start("VerticalCRS");
    head(base + crs.path(), List.of(crs.name()));
    domain(system.getDomainOfValidity());
    scope(system.getScope() == null ? null : system.getScope().toString());
    IdentifiedObject datum = datum(system);
    if (expand > 0) {
      start("verticalCS");
      cs("VerticalCS", system.getCoordinateSystem(), crs.axes());
      end();
      start("verticalDatum");
      start("VerticalDatum");
      head(uri("datum", datum), List.of(datumName(datum)));
      scope(null);
      end();
      end();
    } else {
      link("verticalCS", uri("cs", system.getCoordinateSystem()));
      link("verticalDatum", uri("datum", datum));
    }
    end();
  }

  private void conversion(Conversion conversion) throws XMLStreamException {
    start("Conversion");
    head(uri("coordinateOperation", conversion), List.of(conversion.getName().getCode()));
    scope(conversion.getScope() == null ? null : conversion.getScope().toString());
    link("method", uri("method", conversion.getMethod()));
    for (GeneralParameterValue general : conversion.getParameterValues().values()) {
      if (general instanceof ParameterValue<?> value && value.getValue() instanceof Number number) {
        start("parameterValue");
        start("ParameterValue");
        start("value");
        Integer unit = value.getUnit() == null ? null : Units.getEpsgCode(value.getUnit(), false);
        xml.writeAttribute("uom", base + "/uom/EPSG/0/" + (unit == null ? 9201 : unit));
        xml.writeCharacters(number(number.doubleValue()));
        end();
        link("operationParameter", uri("parameter", value.getDescriptor()));
        end();
        end();
      }
    }
    end();
  }

  private void cs(String element, CoordinateSystem cs, List<CrsAxis> axes)
      throws XMLStreamException {
    start(element);
    head(uri("cs", cs), List.of(name(cs)));
    for (int i = 0; i < cs.getDimension(); i++) {
      CoordinateSystemAxis axis = cs.getAxis(i);
      String abbreviation = axis.getAbbreviation();
      start("axis");
      start("CoordinateSystemAxis");
      xml.writeAttribute("uom", base + "/uom/EPSG/0/" + unit(axis));
      head(uri("axis", axis), List.of(name(axis)));
      element(
          "axisAbbrev",
          i < axes.size()
              ? axes.get(i).label()
              : abbreviation.equals("Lon") ? "Long" : abbreviation);
      start("axisDirection");
      xml.writeAttribute("codeSpace", "EPSG");
      xml.writeCharacters(axis.getDirection().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      end();
      end();
      end();
    }
    end();
  }

  private static int unit(CoordinateSystemAxis axis) {
    if (String.valueOf(axis.getUnit()).equals("DMS")) {
      // Degrees, minutes, seconds and hemisphere: written so for people, degrees for machines.
      return 9108;
    }
    Integer code = Units.getEpsgCode(axis.getUnit(), true);
    return code == null ? 9122 : code;
  }

  private void geodeticDatum(CoordinateReferenceSystem system) throws XMLStreamException {
    IdentifiedObject datum = datum(system);
    start("GeodeticDatum");
    head(uri("datum", datum), List.of(datumName(datum)));
    scope(null);
    String epoch = epoch(datum);
    if (epoch != null) {
      element("realizationEpoch", epoch);
    }
    PrimeMeridian prime = DatumOrEnsemble.getPrimeMeridian(system).orElse(null);
    if (prime != null) {
      start("primeMeridian");
      start("PrimeMeridian");
      head(uri("meridian", prime), List.of(name(prime)));
      start("greenwichLongitude");
      xml.writeAttribute("uom", base + "/uom/EPSG/0/9102");
      xml.writeCharacters(
          meridian == null ? number(prime.getGreenwichLongitude()) : meridian.toString());
      end();
      end();
      end();
    }
    Ellipsoid ellipsoid = DatumOrEnsemble.getEllipsoid(system).orElse(null);
    if (ellipsoid != null) {
      start("ellipsoid");
      start("Ellipsoid");
      head(uri("ellipsoid", ellipsoid), List.of(name(ellipsoid)));
      start("semiMajorAxis");
      xml.writeAttribute("uom", base + "/uom/EPSG/0/9001");
      xml.writeCharacters(number(ellipsoid.getSemiMajorAxis()));
      end();
      start("secondDefiningParameter");
      start("SecondDefiningParameter");
      if (ellipsoid.isIvfDefinitive()) {
        start("inverseFlattening");
        xml.writeAttribute("uom", base + "/uom/EPSG/0/9201");
        xml.writeCharacters(number(ellipsoid.getInverseFlattening()));
      } else {
        start("semiMinorAxis");
        xml.writeAttribute("uom", base + "/uom/EPSG/0/9001");
        xml.writeCharacters(number(ellipsoid.getSemiMinorAxis()));
      }
      end();
      end();
      end();
      end();
      end();
    }
    end();
  }

  /** The datum, or the ensemble that stands for it. */
  private static IdentifiedObject datum(CoordinateReferenceSystem system) {
    Datum datum = system instanceof SingleCRS single ? single.getDatum() : null;
    if (datum != null) {
      return datum;
    }
    DefaultDatumEnsemble<?> ensemble =
        switch (system) {
          case DefaultGeographicCRS g -> g.getDatumEnsemble();
          case DefaultGeocentricCRS g -> g.getDatumEnsemble();
          case DefaultVerticalCRS v -> v.getDatumEnsemble();
          default -> null;
        };
    return ensemble == null ? system : ensemble;
  }

  /** EPSG appended "ensemble" to names that everybody knows without it. */
  private static String datumName(IdentifiedObject datum) {
    return name(datum).replaceFirst(" ensemble$", "");
  }

  private static String epoch(IdentifiedObject datum) {
    Date date = datum instanceof Datum d ? d.getRealizationEpoch() : null;
    if (date == null) {
      // The ensemble has none in EPSG any more; definitions up to version 9 said so.
      return datumName(datum).equals("World Geodetic System 1984") ? "1984-01-01" : null;
    }
    SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd", Locale.ROOT);
    format.setTimeZone(TimeZone.getTimeZone("UTC"));
    return format.format(date);
  }

  private void domain(Extent extent) throws XMLStreamException {
    if (extent == null || extent.getDescription() == null) {
      return;
    }
    String gmd = "http://www.isotc211.org/2005/gmd";
    String gco = "http://www.isotc211.org/2005/gco";
    start("domainOfValidity");
    xml.writeStartElement("gmd", "EX_Extent", gmd);
    xml.writeNamespace("gmd", gmd);
    xml.writeNamespace("gco", gco);
    xml.writeStartElement("gmd", "description", gmd);
    xml.writeStartElement("gco", "CharacterString", gco);
    xml.writeCharacters(extent.getDescription().toString());
    end();
    end();
    for (var part : extent.getGeographicElements()) {
      if (part instanceof GeographicBoundingBox box) {
        xml.writeStartElement("gmd", "geographicElement", gmd);
        xml.writeStartElement("gmd", "EX_GeographicBoundingBox", gmd);
        bound(gmd, gco, "westBoundLongitude", box.getWestBoundLongitude());
        bound(gmd, gco, "eastBoundLongitude", box.getEastBoundLongitude());
        bound(gmd, gco, "southBoundLatitude", box.getSouthBoundLatitude());
        bound(gmd, gco, "northBoundLatitude", box.getNorthBoundLatitude());
        end();
        end();
      }
    }
    end();
    end();
  }

  private void bound(String gmd, String gco, String name, double value) throws XMLStreamException {
    xml.writeStartElement("gmd", name, gmd);
    xml.writeStartElement("gco", "Decimal", gco);
    xml.writeCharacters(number(value));
    end();
    end();
  }

  private void scope(String scope) throws XMLStreamException {
    element("scope", scope == null ? UNKNOWN_SCOPE : scope);
  }

  /** gml:id, identifier and names, which every definition starts with. */
  private void head(String uri, List<String> names) throws XMLStreamException {
    xml.writeAttribute("gml", GML, "id", "def-" + ++ids);
    start("identifier");
    xml.writeAttribute("codeSpace", "OGP");
    xml.writeCharacters(uri);
    end();
    for (String name : names) {
      element("name", name);
    }
  }

  private void start(String name) throws XMLStreamException {
    xml.writeStartElement("gml", name, GML);
    if (ids == 0 && name.endsWith("CRS")) {
      xml.writeNamespace("gml", GML);
      xml.writeNamespace("xlink", XLINK);
    }
  }

  private void end() throws XMLStreamException {
    xml.writeEndElement();
  }

  private void element(String name, String value) throws XMLStreamException {
    start(name);
    xml.writeCharacters(value);
    end();
  }

  private void link(String name, String uri) throws XMLStreamException {
    xml.writeEmptyElement("gml", name, GML);
    xml.writeAttribute("xlink", XLINK, "href", uri);
  }

  private static String name(IdentifiedObject object) {
    return object.getName().getCode();
  }

  /** Address of the definition by its EPSG code; by name where it has none. */
  private String uri(String type, IdentifiedObject object) {
    List<String> others = new ArrayList<>();
    for (ReferenceIdentifier id : object.getIdentifiers()) {
      if ("EPSG".equals(id.getCodeSpace())) {
        return base + "/" + type + "/EPSG/0/" + id.getCode();
      }
      others.add(id.getCode());
    }
    String name = others.isEmpty() ? name(object) : others.getFirst();
    return base + "/" + type + "/OGC/0/" + name.replaceAll("[^A-Za-z0-9._-]+", "_");
  }

  private static String number(double value) {
    return TimeScale.plain(BigDecimal.valueOf(value)).toPlainString();
  }
}
