package org.tessera.web.ows;

import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.tessera.coverage.NearNames;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.gml.SecureXml;
import org.tessera.coverage.request.GeotiffParameters;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.request.OwsRequest.Scaling;
import org.tessera.coverage.request.OwsRequest.Subset;
import org.tessera.coverage.request.VendorParameters;
import org.tessera.coverage.wcps.WcpsXml;
import org.tessera.engine.array.CellType;

/**
 * XML to requests (WCS 2.0.1 XML/POST binding 09-148r1, SOAP binding 09-149r1, the XML clauses of
 * the extensions, and the wrapper of WCPS 1.0). Elements are known by their local names, in any
 * order and with either case of the first letter, as existing clients write them.
 */
final class XmlReader {
  /** Most elements of a request, those of a coverage in it apart. */
  private static final int MAX_ELEMENTS = 10_000;

  private static final Set<String> INSERT =
      Set.of(
          "coverage",
          "coverageRef",
          "coverageReference",
          "inputCoverage",
          "inputCoverageRef",
          "inputCoverageReference",
          "useId",
          "pixelDataType",
          "tiling",
          "Extension");

  private static final Set<String> UPDATE =
      Set.of(
          "CoverageId",
          "Identifier",
          "coverage",
          "coverageRef",
          "coverageReference",
          "inputCoverage",
          "inputCoverageRef",
          "inputCoverageReference",
          "DimensionTrim",
          "DimensionSlice",
          "maskGrid",
          "maskGridRef",
          "IfVersion",
          "Extension");

  private XmlReader() {}

  /**
   * A request and how it came.
   *
   * @param soap whether it came in a SOAP envelope and wants its answer in one
   */
  record XmlRequest(OwsRequest request, boolean soap) {}

  /** An element with what is in it; text of {@code coverage} and its like is the XML in it. */
  private record Element(
      String name, Map<String, String> attributes, List<Element> children, String text) {
    Optional<Element> child(String wanted) {
      return children.stream().filter(c -> c.name.equalsIgnoreCase(wanted)).findFirst();
    }

    List<Element> all(String wanted) {
      return children.stream().filter(c -> c.name.equalsIgnoreCase(wanted)).toList();
    }

    /** Text of a child; empty if there is no such child or its text is empty. */
    Optional<String> textOf(String wanted) {
      return child(wanted).map(Element::text).filter(t -> !t.isEmpty());
    }

    /** Refuses other children than these: who changes data must not be misunderstood. */
    Element only(Set<String> known) {
      for (Element c : children) {
        if (known.stream().noneMatch(c.name::equalsIgnoreCase)) {
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              c.name,
              "The element "
                  + name
                  + " has a "
                  + c.name
                  + ", which is not known there."
                  + NearNames.hint(c.name, known)
                  + " Known are "
                  + String.join(", ", new TreeSet<>(known))
                  + ".");
        }
      }
      return this;
    }

    /** Text of a child that must be there. */
    String required(String wanted) {
      return textOf(wanted)
          .orElseThrow(
              () ->
                  new OwsException(
                      OwsErrorCode.INVALID_REQUEST,
                      wanted,
                      "The element " + name + " has no " + wanted + "."));
    }
  }

  /** Reads a document; does not close the stream. */
  static XmlRequest read(InputStream in, Map<String, Path> uploads) {
    try {
      return request(SecureXml.reader(in), uploads);
    } catch (XMLStreamException e) {
      throw SecureXml.invalid(e);
    }
  }

  /** As {@link #read(InputStream, Map)}, of text, such as the value of a form field. */
  static XmlRequest read(String xml, Map<String, Path> uploads) {
    try {
      return request(SecureXml.reader(new StringReader(xml.strip())), uploads);
    } catch (XMLStreamException e) {
      throw SecureXml.invalid(e);
    }
  }

  private static XmlRequest request(XMLStreamReader in, Map<String, Path> uploads)
      throws XMLStreamException {
    in.nextTag();
    Element root = element(in, new int[] {MAX_ELEMENTS});
    while (in.hasNext()) {
      in.next();
    }
    boolean soap = root.name().equals("Envelope");
    Element operation =
        soap
            ? root.child("Body")
                .flatMap(b -> b.children().stream().findFirst())
                .orElseThrow(
                    () ->
                        new OwsException(
                            OwsErrorCode.INVALID_REQUEST,
                            "Body",
                            "The SOAP envelope has no body with a request in it."))
            : root;
    return new XmlRequest(operation(operation, uploads), soap);
  }

  /**
   * @param left one number: how many elements may still come
   */
  private static Element element(XMLStreamReader in, int[] left) throws XMLStreamException {
    String name = in.getLocalName();
    if (left[0]-- == 0) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          name,
          "The request has more than " + MAX_ELEMENTS + " elements.");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < in.getAttributeCount(); i++) {
      attributes.put(in.getAttributeLocalName(i), in.getAttributeValue(i));
    }
    if (name.equals("coverage")
        || name.equals("inputCoverage")
        || name.equalsIgnoreCase("maskGrid")) {
      return new Element(name, attributes, List.of(), SecureXml.innerXml(in).strip());
    }
    List<Element> children = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    while (in.next() != XMLStreamReader.END_ELEMENT) {
      if (in.isStartElement()) {
        children.add(element(in, left));
      } else if (in.isCharacters()) {
        text.append(in.getText());
      }
    }
    return new Element(name, attributes, children, text.toString().strip());
  }

  private static OwsRequest operation(Element e, Map<String, Path> uploads) {
    return switch (e.name()) {
      case "GetCapabilities" -> getCapabilities(e);
      case "DescribeCoverage" ->
          new OwsRequest.DescribeCoverage(version(e), ids(e), generalGrid(e), false);
      case "GetCoverage" -> getCoverage(e);
      case "ProcessCoverages", "ProcessCoveragesRequest" -> processCoverages(e, uploads);
      case "InsertCoverage" ->
          new OwsRequest.InsertCoverage(
              version(e),
              document(e.only(INSERT)),
              KvpReader.newId(e.textOf("useId")),
              pixelDataTypes(e),
              e.textOf("tiling"),
              Optional.empty(),
              uploads);
      case "UpdateCoverage" ->
          new OwsRequest.UpdateCoverage(
              version(e),
              KvpReader.onlyOne(
                  e.child("CoverageId").isPresent() ? ids(e) : List.of(e.required("Identifier"))),
              document(e.only(UPDATE)),
              subsets(e),
              rangeSubset(e),
              mask(e),
              e.textOf("IfVersion"),
              Optional.empty(),
              uploads);
      case "DeleteCoverage" ->
          new OwsRequest.DeleteCoverage(version(e), ids(e.only(Set.of("CoverageId", "Extension"))));
      default ->
          throw new OwsException(
              OwsErrorCode.OPERATION_NOT_SUPPORTED,
              e.name(),
              "Operation '"
                  + e.name()
                  + "' is not known. Known: GetCapabilities, DescribeCoverage, GetCoverage,"
                  + " ProcessCoverages, InsertCoverage, UpdateCoverage, DeleteCoverage.");
    };
  }

  private static Optional<OwsRequest.Document> mask(Element e) {
    return e.textOf("maskGrid")
        .<OwsRequest.Document>map(OwsRequest.Document.Inline::new)
        .or(() -> e.child("maskGridRef").map(r -> new OwsRequest.Document.Reference(href(r))));
  }

  private static List<CellType> pixelDataTypes(Element e) {
    Parameters p = new Parameters();
    e.textOf("pixelDataType").ifPresent(types -> p.add("pixelDataType", types));
    return KvpReader.pixelDataTypes(p);
  }

  /** Has the same rules as the key-value pairs, by asking their reader. */
  private static OwsRequest getCapabilities(Element e) {
    Parameters p = new Parameters();
    p.add("service", service(e));
    p.add("request", "GetCapabilities");
    String versions = texts(e.child("AcceptVersions"), "Version");
    if (!versions.isEmpty()) {
      p.add("acceptVersions", versions);
    }
    String formats = texts(e.child("AcceptFormats"), "OutputFormat");
    if (!formats.isEmpty()) {
      p.add("acceptFormats", formats);
    }
    String languages = texts(e.child("AcceptLanguages"), "Language");
    if (!languages.isEmpty()) {
      p.add("acceptLanguages", languages);
    }
    if (e.attributes().containsKey("updateSequence")) {
      p.add("updateSequence", e.attributes().get("updateSequence"));
    }
    String sections = texts(e.child("Sections"), "Section");
    if (!sections.isEmpty()) {
      p.add("sections", sections);
    }
    return KvpReader.read(p, Map.of());
  }

  private static String texts(Optional<Element> list, String item) {
    return String.join(
        ",", list.stream().flatMap(l -> l.all(item).stream()).map(Element::text).toList());
  }

  private static String service(Element e) {
    return e.attributes().getOrDefault("service", "WCS");
  }

  private static String version(Element e) {
    String service = service(e);
    if (!service.equalsIgnoreCase("WCS")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "service",
          "Service '" + service + "' is not offered here, expected WCS.");
    }
    String version = e.attributes().get("version");
    if (version == null || version.isBlank()) {
      throw new OwsException(
          OwsErrorCode.MISSING_PARAMETER_VALUE,
          "version",
          "The element " + e.name() + " has no attribute version.");
    }
    if (!KvpReader.VERSIONS.contains(version) && !version.equals("2.0.0")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "version",
          "Version '" + version + "' is not offered, expected 2.0.1 or 2.1.0.");
    }
    return version;
  }

  private static List<String> ids(Element e) {
    List<String> ids =
        e.all("CoverageId").stream().map(Element::text).filter(t -> !t.isEmpty()).toList();
    if (ids.isEmpty()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, "CoverageId", "The request has no wcs:CoverageId.");
    }
    return ids;
  }

  private static boolean generalGrid(Element e) {
    return e.textOf("outputType").filter("GeneralGridCoverage"::equalsIgnoreCase).isPresent();
  }

  private static OwsRequest getCoverage(Element e) {
    List<String> ids = ids(e);
    if (ids.size() != 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "CoverageId",
          "GetCoverage takes one coverage, found " + ids.size() + ".");
    }
    Optional<String> mediaType = e.textOf("mediaType");
    mediaType
        .filter(m -> !m.equals("multipart/related"))
        .ifPresent(
            m -> {
              throw new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  "mediaType",
                  "Media type '" + m + "' is not known, expected multipart/related.");
            });
    return new OwsRequest.GetCoverage(
        version(e),
        ids.getFirst(),
        subsets(e),
        rangeSubset(e),
        extension(e, "Scaling").map(XmlReader::scaling),
        extension(e, "subsettingCrs").map(Element::text),
        extension(e, "outputCrs").map(Element::text),
        extension(e, "Interpolation").flatMap(XmlReader::interpolation),
        e.textOf("format"),
        mediaType.isPresent(),
        extension(e, "clip").map(Element::text),
        generalGrid(e),
        geotiff(e),
        VendorParameters.NONE);
  }

  /** {@code geotiff:parameters} (12-100r1), or its elements alone. */
  private static Map<String, String> geotiff(Element e) {
    Map<String, String> given = new HashMap<>();
    for (String name : GeotiffParameters.NAMES) {
      extension(e, "parameters")
          .flatMap(p -> p.child(name))
          .or(() -> extension(e, name))
          .ifPresent(v -> given.put(name, v.text()));
    }
    return given;
  }

  /** An element of an extension: in {@code wcs:Extension} or a wrapper inside of it. */
  private static Optional<Element> extension(Element e, String name) {
    for (Element extension : e.all("Extension")) {
      for (Element child : extension.children()) {
        if (child.name().equalsIgnoreCase(name)) {
          return Optional.of(child);
        }
        // Some clients wrap, as in crs:GetCoverageCrs (11-053).
        Optional<Element> inside = child.child(name);
        if (child.name().startsWith("GetCoverage") && inside.isPresent()) {
          return inside;
        }
      }
    }
    return Optional.empty();
  }

  private static List<Subset> subsets(Element e) {
    List<Subset> subsets = new ArrayList<>();
    for (Element child : e.children()) {
      if (child.name().startsWith("Dimension")) {
        KvpReader.limitAxes(subsets.size(), child.name());
      }
      switch (child.name()) {
        case "DimensionTrim" -> {
          String axis = child.required("Dimension");
          String low = child.textOf("TrimLow").orElse("*");
          String high = child.textOf("TrimHigh").orElse("*");
          subsets.add(new OwsRequest.Trim(axis, crs(child), low, high));
        }
        case "DimensionSlice" ->
            subsets.add(
                new OwsRequest.Slice(
                    child.required("Dimension"), crs(child), child.required("SlicePoint")));
        default -> {
          // Not a subset; looked at by others.
        }
      }
    }
    long axes = subsets.stream().map(Subset::axis).distinct().count();
    if (axes < subsets.size()) {
      throw new OwsException(OwsErrorCode.INVALID_REQUEST, "Dimension", "An axis is subset twice.");
    }
    return subsets;
  }

  /** WCS 2.0.0 allowed a CRS on the name of the axis. */
  private static Optional<String> crs(Element subset) {
    return subset.child("Dimension").map(d -> d.attributes().get("crs")).filter(c -> !c.isBlank());
  }

  private static List<String> rangeSubset(Element e) {
    List<String> fields = new ArrayList<>();
    for (Element item :
        extension(e, "RangeSubset").stream().flatMap(r -> r.all("RangeItem").stream()).toList()) {
      Optional<Element> interval = item.child("RangeInterval");
      fields.add(
          interval.isPresent()
              ? interval.get().required("startComponent")
                  + ":"
                  + interval.get().required("endComponent")
              : item.required("RangeComponent"));
    }
    return fields;
  }

  private static Scaling scaling(Element e) {
    if (e.children().size() != 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "Scaling",
          "Exactly one kind of scaling can be asked for, found " + e.children().size() + ".");
    }
    Element kind = e.children().getFirst();
    return switch (kind.name().toLowerCase(Locale.ROOT)) {
      case "scalebyfactor" ->
          new Scaling.Factor(KvpReader.factor(kind.required("scaleFactor"), "scaleFactor"));
      case "scaleaxesbyfactor" -> {
        Map<String, Double> factors = new LinkedHashMap<>();
        for (Element axis : kind.all("ScaleAxis")) {
          once(
              factors.put(
                  axis.required("axis"),
                  KvpReader.factor(axis.required("scaleFactor"), "scaleFactor")),
              axis);
        }
        yield new Scaling.Factors(factors);
      }
      case "scaletosize" -> {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (Element axis : kind.all("TargetAxisSize")) {
          once(
              sizes.put(
                  axis.required("axis"), KvpReader.size(axis.required("targetSize"), "targetSize")),
              axis);
        }
        yield new Scaling.Sizes(sizes);
      }
      case "scaletoextent" -> {
        Map<String, OwsRequest.Extent> extents = new LinkedHashMap<>();
        for (Element axis : kind.all("TargetAxisExtent")) {
          once(
              extents.put(
                  axis.required("axis"),
                  KvpReader.extent(
                      axis.required("low") + ":" + axis.required("high"), "TargetAxisExtent")),
              axis);
        }
        yield new Scaling.Extents(extents);
      }
      default ->
          throw new OwsException(
              OwsErrorCode.INVALID_REQUEST,
              kind.name(),
              "Scaling '"
                  + kind.name()
                  + "' is not known, expected ScaleByFactor, ScaleAxesByFactor, ScaleToSize or"
                  + " ScaleToExtent.");
    };
  }

  private static void once(Object before, Element axis) {
    if (before != null) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "axis",
          "Axis '" + axis.required("axis") + "' is scaled twice.");
    }
  }

  private static Optional<String> interpolation(Element e) {
    return e.textOf("globalInterpolation")
        .or(() -> Optional.of(e.text()).filter(t -> !t.isEmpty()));
  }

  private static OwsRequest processCoverages(Element e, Map<String, Path> uploads) {
    Element query =
        e.child("query")
            .orElseThrow(
                () ->
                    new OwsException(
                        OwsErrorCode.INVALID_REQUEST, "query", "The request has no query."));
    // The version is that of WCPS in its own wrapper.
    String version =
        service(e).equalsIgnoreCase("WCPS")
            ? "2.0.1"
            : e.attributes().getOrDefault("version", "2.0.1");
    Optional<Element> syntax = query.child("xmlSyntax");
    if (syntax.isPresent()) {
      return new OwsRequest.ProcessCoverages(
          version,
          "",
          Optional.of(WcpsXml.read(node(syntax.get()))),
          uploads,
          VendorParameters.NONE);
    }
    String text = query.textOf("abstractSyntax").orElse(query.text());
    if (text.isBlank()) {
      throw new OwsException(OwsErrorCode.MISSING_PARAMETER_VALUE, "query", "The query is empty.");
    }
    return new OwsRequest.ProcessCoverages(version, text, uploads, VendorParameters.NONE);
  }

  private static WcpsXml.Node node(Element e) {
    return new WcpsXml.Node(
        e.name(), e.attributes(), e.children().stream().map(XmlReader::node).toList(), e.text());
  }

  private static String href(Element reference) {
    return reference.attributes().getOrDefault("href", reference.text());
  }

  private static OwsRequest.Document document(Element e) {
    for (String name : List.of("coverage", "inputCoverage")) {
      Optional<String> inline = e.textOf(name);
      if (inline.isPresent()) {
        return new OwsRequest.Document.Inline(inline.get());
      }
    }
    for (String name :
        List.of("coverageRef", "coverageReference", "inputCoverageRef", "inputCoverageReference")) {
      Optional<Element> reference = e.child(name);
      if (reference.isPresent()) {
        return new OwsRequest.Document.Reference(href(reference.get()));
      }
    }
    throw new OwsException(
        OwsErrorCode.MISSING_COVERAGE_PARAMETER,
        "coverage",
        "The request has neither a coverage (GML) nor a coverageRef (its URL).");
  }
}
