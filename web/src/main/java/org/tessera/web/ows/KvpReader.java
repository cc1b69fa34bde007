package org.tessera.web.ows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.SubsettingRule;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.request.Explain;
import org.tessera.coverage.request.GeotiffParameters;
import org.tessera.coverage.request.ImportedFiles;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.request.OwsRequest.Extent;
import org.tessera.coverage.request.OwsRequest.PyramidOperation;
import org.tessera.coverage.request.OwsRequest.Scaling;
import org.tessera.coverage.request.OwsRequest.Subset;
import org.tessera.coverage.request.VendorParameters;
import org.tessera.engine.array.CellType;

/**
 * Key-value pairs to requests (WCS 2.0.1 KVP binding 09-147r3 and the KVP clauses of the
 * extensions).
 */
final class KvpReader {
  /** Versions answered, newest first. */
  static final List<String> VERSIONS = List.of("2.1.0", "2.0.1");

  private static final Set<String> SCALING_KEYS =
      Set.of("scalefactor", "scaleaxes", "scalesize", "scaleextent");

  private KvpReader() {}

  static OwsRequest read(Parameters p, Map<String, Path> uploads) {
    String service = p.one("service").orElse("WCS");
    if (!service.equalsIgnoreCase("WCS")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "service",
          "Service '" + service + "' is not offered here, expected WCS.");
    }
    String operation = p.required("request");
    return switch (operation.toLowerCase(Locale.ROOT)) {
      case "getcapabilities" -> getCapabilities(p);
      case "describecoverage" -> describeCoverage(p);
      case "getcoverage" -> getCoverage(p);
      case "processcoverages", "processcoverage" -> processCoverages(p, uploads);
      case "insertcoverage" -> insertCoverage(p, uploads);
      case "updatecoverage" -> updateCoverage(p, uploads);
      case "deletecoverage" -> deleteCoverage(p);
      case "insertscalelevel" -> scaleLevel(p, true);
      case "deletescalelevel" -> scaleLevel(p, false);
      case "createpyramidmember" ->
          pyramid(p, operation, PyramidOperation.CREATE, "member", "scaleVector", "resampling");
      case "addpyramidmember" ->
          pyramid(p, operation, PyramidOperation.ADD, "members", "harvesting");
      case "removepyramidmember" -> pyramid(p, operation, PyramidOperation.REMOVE, "members");
      case "listpyramidmembers" -> pyramid(p, operation, PyramidOperation.LIST);
      default ->
          throw new OwsException(
              OwsErrorCode.OPERATION_NOT_SUPPORTED,
              operation,
              "Operation '"
                  + operation
                  + "' is not known. Known: GetCapabilities, DescribeCoverage, GetCoverage, ProcessCoverages,"
                  + " InsertCoverage, UpdateCoverage, DeleteCoverage.");
    };
  }

  private static OwsRequest scaleLevel(Parameters p, boolean insert) {
    p.allowOnly(
        insert ? "InsertScaleLevel" : "DeleteScaleLevel",
        Set.of("service", "request", "version", "coverageId", "level"));
    return new OwsRequest.ScaleLevel(
        version(p), p.required("coverageId"), p.required("level").strip(), insert);
  }

  private static OwsRequest pyramid(
      Parameters p, String name, PyramidOperation operation, String... keys) {
    Set<String> known = new HashSet<>(Set.of("service", "request", "version", "base"));
    known.addAll(List.of(keys));
    p.allowOnly(name, known);
    return new OwsRequest.Pyramid(
        version(p),
        operation,
        p.required("base"),
        operation == PyramidOperation.CREATE ? List.of(p.required("member")) : p.list("members"),
        numbers("scaleVector", p.list("scaleVector")),
        p.one("resampling").orElse("near"),
        AdminServlet.flag(p, "harvesting"));
  }

  /** The numbers of a list, as in {@code scaleVector=1,2.5,2.5}. */
  static List<Double> numbers(String key, List<String> texts) {
    try {
      return texts.stream().map(t -> Double.valueOf(t.strip())).toList();
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          key,
          key + " is '" + String.join(",", texts) + "', expected numbers such as 1,2,2.",
          e);
    }
  }

  private static OwsRequest getCapabilities(Parameters p) {
    p.allowOnly(
        "GetCapabilities",
        Set.of(
            "service",
            "request",
            "version",
            "acceptVersions",
            "sections",
            "updateSequence",
            "acceptFormats",
            "acceptLanguages",
            "subsetting"));
    List<String> wanted = p.list("acceptVersions");
    String version;
    if (wanted.isEmpty()) {
      version = p.one("version").filter(VERSIONS::contains).orElse("2.0.1");
    } else {
      version =
          wanted.stream()
              .filter(VERSIONS::contains)
              .findFirst()
              .orElseThrow(
                  () ->
                      new OwsException(
                          OwsErrorCode.VERSION_NEGOTIATION_FAILED,
                          "acceptVersions",
                          "None of the versions "
                              + String.join(", ", wanted)
                              + " is offered; offered are 2.0.1 and 2.1.0."));
    }
    Set<String> known =
        new LinkedHashSet<>(
            List.of(
                "ServiceIdentification",
                "ServiceProvider",
                "OperationsMetadata",
                "ServiceMetadata",
                "Contents",
                "Languages",
                "All"));
    List<String> sections = p.list("sections");
    for (String s : sections) {
      if (!known.contains(s)) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            "sections",
            "Section '" + s + "' is not known, expected some of " + String.join(", ", known) + ".");
      }
    }
    for (String language : p.list("acceptLanguages")) {
      // All human-readable text is in one language, whatever is preferred (06-121r9 table 5).
      if (!language.matches("\\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            "acceptLanguages",
            "'" + language + "' is no language, expected tags such as en or de-AT, or *.");
      }
    }
    return new OwsRequest.GetCapabilities(
        version,
        sections.contains("All") ? List.of() : sections,
        p.one("updateSequence").filter(s -> !s.isBlank()),
        mediaType(p.list("acceptFormats")));
  }

  /** The first format that can be given, else text/xml (06-121r9 clause 7.3.2 and table 5). */
  private static String mediaType(List<String> accepted) {
    return accepted.stream()
        .map(format -> format.replaceFirst("\\s*;.*$", "").toLowerCase(Locale.ROOT))
        .filter(List.of("text/xml", "application/xml")::contains)
        .findFirst()
        .orElse("text/xml");
  }

  /** The version that operations other than GetCapabilities must name. */
  private static String version(Parameters p) {
    String version = p.required("version");
    if (!VERSIONS.contains(version) && !version.equals("2.0.0")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "version",
          "Version '" + version + "' is not offered, expected 2.0.1 or 2.1.0.");
    }
    return version;
  }

  private static List<String> ids(Parameters p) {
    List<String> ids = p.has("coverageId") ? p.list("coverageId") : p.list("identifier");
    if (ids.isEmpty()) {
      throw new OwsException(
          p.has("coverageId") ? OwsErrorCode.EMPTY_COVERAGE_ID_LIST : OwsErrorCode.INVALID_REQUEST,
          "coverageId",
          "Missing required parameter: coverageId, one id or several separated by commas.");
    }
    return ids;
  }

  private static boolean generalGrid(Parameters p) {
    Optional<String> type = p.one("outputType");
    type.filter(t -> !t.equalsIgnoreCase("GeneralGridCoverage"))
        .ifPresent(
            t -> {
              throw new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  "outputType",
                  "Output type '" + t + "' is not known, expected GeneralGridCoverage.");
            });
    return type.isPresent();
  }

  private static OwsRequest describeCoverage(Parameters p) {
    p.allowOnly(
        "DescribeCoverage",
        // GDAL's WCS client sends a format here, too, as WCS 1 had it, and what its address had. It
        // reads images by what the description says, and is told how the cells of an image follow
        // each other.
        Set.of(
            "service",
            "request",
            "version",
            "coverageId",
            "identifier",
            "outputType",
            "format",
            "subsetting"));
    return new OwsRequest.DescribeCoverage(version(p), ids(p), generalGrid(p), p.has("format"));
  }

  private static OwsRequest getCoverage(Parameters p) {
    Set<String> known =
        new HashSet<>(
            Set.of(
                "service",
                "request",
                "version",
                "coverageId",
                "subset",
                "rangeSubset",
                "scaleFactor",
                "scaleAxes",
                "scaleSize",
                "scaleExtent",
                "subsettingCrs",
                "outputCrs",
                "interpolation",
                "format",
                "mediaType",
                "clip",
                "outputType",
                "explain",
                "subsetting",
                "random"));
    GeotiffParameters.NAMES.forEach(n -> known.add(GeotiffParameters.PREFIX + n));
    p.allowOnly("GetCoverage", known);
    List<String> ids = ids(p);
    if (ids.size() != 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "coverageId",
          "GetCoverage takes one coverage, found " + ids.size() + ".");
    }
    Optional<String> mediaType = p.one("mediaType");
    mediaType
        .filter(m -> !m.equals("multipart/related") && !m.equals("multipart/mixed"))
        .ifPresent(
            m -> {
              throw new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  "mediaType",
                  "Media type '" + m + "' is not known, expected multipart/related.");
            });
    return new OwsRequest.GetCoverage(
        version(p),
        ids.getFirst(),
        subsets(p),
        p.list("rangeSubset"),
        scaling(p),
        p.one("subsettingCrs"),
        p.one("outputCrs"),
        p.one("interpolation"),
        p.one("format").map(f -> f.replace(' ', '+')),
        mediaType.isPresent(),
        p.one("clip"),
        generalGrid(p),
        geotiff(p),
        vendor(p));
  }

  private static Map<String, String> geotiff(Parameters p) {
    Map<String, String> given = new HashMap<>();
    for (String name : GeotiffParameters.NAMES) {
      p.one(GeotiffParameters.PREFIX + name).ifPresent(v -> given.put(name, v));
    }
    return given;
  }

  private static VendorParameters vendor(Parameters p) {
    return new VendorParameters(
        p.one("explain").map(Explain::parse),
        p.one("subsetting")
            .map(
                text ->
                    switch (text) {
                      case "footprint" -> SubsettingRule.FOOTPRINT;
                      case "gdal" -> SubsettingRule.GDAL;
                      default ->
                          throw new OwsException(
                              OwsErrorCode.INVALID_PARAMETER_VALUE,
                              "subsetting",
                              "Subsetting rule '"
                                  + text
                                  + "' is not known, expected footprint or gdal.");
                    }));
  }

  /** A WCPS query, with or without the keys of ProcessCoverages around it. */
  static OwsRequest processCoverages(Parameters p, Map<String, Path> uploads) {
    if (p.has("q") && p.has("query")) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "query",
          "Both 'q' and 'query' are given, expected one of them.");
    }
    return new OwsRequest.ProcessCoverages(
        p.one("version").orElse("2.0.1"),
        p.has("q") ? p.required("q") : p.required("query"),
        uploads,
        vendor(p));
  }

  private static OwsRequest insertCoverage(Parameters p, Map<String, Path> uploads) {
    p.allowOnly(
        "InsertCoverage",
        Set.of(
            "service",
            "request",
            "version",
            "coverage",
            "coverageRef",
            "inputCoverage",
            "inputCoverageRef",
            "useId",
            "pixelDataType",
            "tiling",
            "importedFiles"));
    return new OwsRequest.InsertCoverage(
        version(p),
        document(p),
        newId(p.one("useId")),
        pixelDataTypes(p),
        p.one("tiling").filter(t -> !t.isBlank()),
        p.one("importedFiles").map(ImportedFiles::parse),
        uploads);
  }

  /** Whether the server makes the id (13-057r1, useId). */
  static boolean newId(Optional<String> useId) {
    return switch (useId.orElse("existing")) {
      case "existing" -> false;
      case "new" -> true;
      default ->
          throw new OwsException(
              OwsErrorCode.UNKNOWN_USE_ID,
              "useId",
              "useId is '" + useId.get() + "', expected existing or new.");
    };
  }

  /** The one coverage that is updated. */
  static String onlyOne(List<String> ids) {
    if (ids.size() != 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "coverageId",
          "UpdateCoverage takes one coverage, found " + String.join(", ", ids) + ".");
    }
    return ids.getFirst();
  }

  /** Names of GDAL, the one of bytes being that of its unsigned ones. */
  private static final Map<String, CellType> PIXEL_TYPES =
      Map.ofEntries(
          Map.entry("byte", CellType.UINT8),
          Map.entry("uint8", CellType.UINT8),
          Map.entry("int8", CellType.INT8),
          Map.entry("uint16", CellType.UINT16),
          Map.entry("int16", CellType.INT16),
          Map.entry("uint32", CellType.UINT32),
          Map.entry("int32", CellType.INT32),
          Map.entry("int64", CellType.INT64),
          Map.entry("float32", CellType.FLOAT32),
          Map.entry("float64", CellType.FLOAT64),
          Map.entry("cint16", CellType.CINT16),
          Map.entry("cint32", CellType.CINT32),
          Map.entry("cfloat32", CellType.COMPLEX64),
          Map.entry("cfloat64", CellType.COMPLEX128));

  static List<CellType> pixelDataTypes(Parameters p) {
    List<CellType> types = new ArrayList<>();
    for (String name : p.list("pixelDataType")) {
      CellType type = PIXEL_TYPES.get(name.toLowerCase(Locale.ROOT));
      if (type == null) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            "pixelDataType",
            "Pixel data type '"
                + name
                + "' is not known, expected Byte, Int8, UInt16, Int16, UInt32, Int32, Int64, Float32,"
                + " Float64, CInt16, CInt32, CFloat32 or CFloat64, one for all fields or one for each.");
      }
      types.add(type);
    }
    return types;
  }

  private static OwsRequest updateCoverage(Parameters p, Map<String, Path> uploads) {
    p.allowOnly(
        "UpdateCoverage",
        Set.of(
            "service",
            "request",
            "version",
            "coverageId",
            "coverage",
            "coverageRef",
            "inputCoverage",
            "inputCoverageRef",
            "subset",
            "rangeSubset",
            "rangeComponent",
            "pixelDataType",
            "maskGrid",
            "maskGridRef",
            "ifVersion",
            "importedFiles"));
    // The types of a coverage's cells stay; the texts of the new ones are read as these.
    pixelDataTypes(p);
    Optional<OwsRequest.Document> mask =
        p.one("maskGrid")
            .<OwsRequest.Document>map(OwsRequest.Document.Inline::new)
            .or(() -> p.one("maskGridRef").map(OwsRequest.Document.Reference::new));
    return new OwsRequest.UpdateCoverage(
        version(p),
        onlyOne(ids(p)),
        p.all("inputCoverage").size() > 1
            ? new OwsRequest.Document.Several(
                p.all("inputCoverage").stream()
                    .<OwsRequest.Document>map(OwsRequest.Document.Inline::new)
                    .toList())
            : document(p),
        subsets(p),
        p.has("rangeSubset") ? p.list("rangeSubset") : p.list("rangeComponent"),
        mask,
        p.one("ifVersion"),
        p.one("importedFiles").map(ImportedFiles::parse),
        uploads);
  }

  private static OwsRequest.Document document(Parameters p) {
    for (String key : List.of("coverage", "inputCoverage")) {
      if (p.has(key)) {
        return new OwsRequest.Document.Inline(p.required(key));
      }
    }
    for (String key : List.of("coverageRef", "inputCoverageRef")) {
      if (p.has(key)) {
        return new OwsRequest.Document.Reference(p.required(key));
      }
    }
    throw new OwsException(
        OwsErrorCode.MISSING_COVERAGE_PARAMETER,
        "coverage",
        "Missing required parameter: coverage (GML text) or coverageRef (its URL).");
  }

  private static OwsRequest deleteCoverage(Parameters p) {
    p.allowOnly(
        "DeleteCoverage", Set.of("service", "request", "version", "coverageId", "identifier"));
    return new OwsRequest.DeleteCoverage(p.one("version").orElse("2.0.1"), ids(p));
  }

  /** Subsets from {@code subset=axis(low,high)} keys, also {@code subset=axis,crs(...)}. */
  private static List<Subset> subsets(Parameters p) {
    List<Subset> subsets = new ArrayList<>();
    for (String value : p.all("subset")) {
      for (String text : splitOutside(value, ',', "subset")) {
        limitAxes(subsets.size(), "subset");
        if (!subsets.isEmpty() && text.indexOf('(') < 0) {
          throw invalidSubset(value);
        }
        subsets.add(subset(text.strip(), value));
      }
    }
    Set<String> seen = new LinkedHashSet<>();
    for (Subset s : subsets) {
      if (!seen.add(s.axis())) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST, "subset", "Axis '" + s.axis() + "' is subset twice.");
      }
    }
    return subsets;
  }

  private static Subset subset(String text, String whole) {
    int open = text.indexOf('(');
    if (open <= 0 || !text.endsWith(")")) {
      throw invalidSubset(whole);
    }
    String name = text.substring(0, open).strip();
    Optional<String> crs = Optional.empty();
    int comma = name.indexOf(',');
    int colon = name.indexOf(':');
    int cut = comma >= 0 ? comma : colon;
    if (cut > 0) {
      crs = Optional.of(unquote(name.substring(cut + 1).strip()));
      name = name.substring(0, cut).strip();
    }
    List<String> bounds = splitOutside(text.substring(open + 1, text.length() - 1), ',', "subset");
    if (bounds.size() > 2 || bounds.stream().anyMatch(String::isBlank)) {
      throw invalidSubset(whole);
    }
    return bounds.size() == 2
        ? new OwsRequest.Trim(name, crs, bounds.get(0).strip(), bounds.get(1).strip())
        : new OwsRequest.Slice(name, crs, bounds.get(0).strip());
  }

  private static String unquote(String text) {
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }

  private static OwsException invalidSubset(String text) {
    return new OwsException(
        OwsErrorCode.INVALID_ENCODING_SYNTAX,
        "subset",
        "Subset '"
            + (text.length() > 200 ? text.substring(0, 200) + "..." : text)
            + "' cannot be read, expected axis(point) or axis(low,high), such as Lat(10,20) or time(\"2020-01-01\").");
  }

  /**
   * Splits at a separator that stands outside of parentheses and quotes; a CRS between axis and
   * parenthesis stays with its axis. Refuses lists of more parts than a coverage can have axes.
   */
  private static List<String> splitOutside(String text, char separator, String key) {
    List<String> parts = new ArrayList<>();
    boolean plain = text.indexOf('(') < 0;
    int depth = 0;
    boolean quoted = false;
    boolean closed = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')') {
        depth--;
        closed = true;
      } else if (!quoted && depth == 0 && c == separator && (closed || plain)) {
        parts.add(text.substring(start, i));
        limitAxes(parts.size(), key);
        start = i + 1;
        closed = false;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  /**
   * Refuses one more than {@code found} axes, if that is more than any coverage has.
   *
   * @param locator the parameter or element that names them
   */
  static void limitAxes(int found, String locator) {
    if (found >= DomainSet.MAX_AXES) {
      throw new OwsException(
          OwsErrorCode.REQUEST_TOO_LARGE,
          locator,
          "The request names more than " + DomainSet.MAX_AXES + " axes.");
    }
  }

  private static Optional<Scaling> scaling(Parameters p) {
    List<String> given = SCALING_KEYS.stream().filter(p::has).sorted().toList();
    if (given.size() > 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          given.get(1),
          "Only one kind of scaling can be asked for, found " + String.join(" and ", given) + ".");
    }
    if (given.isEmpty()) {
      return Optional.empty();
    }
    String key = given.getFirst();
    String value = String.join(",", p.all(key));
    return Optional.of(
        switch (key) {
          case "scalefactor" -> new Scaling.Factor(factor(value, key));
          case "scaleaxes" -> new Scaling.Factors(perAxis(value, key, KvpReader::factor));
          case "scalesize" -> new Scaling.Sizes(perAxis(value, key, KvpReader::size));
          default -> new Scaling.Extents(perAxis(value, key, KvpReader::extent));
        });
  }

  private static <T> Map<String, T> perAxis(
      String value, String key, BiFunction<String, String, T> read) {
    Map<String, T> result = new LinkedHashMap<>();
    for (String part : splitOutside(value, ',', key)) {
      String text = part.strip();
      int open = text.indexOf('(');
      if (open <= 0 || !text.endsWith(")")) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            key,
            "'" + text + "' cannot be read, expected axis(value) such as Lat(100).");
      }
      String axis = text.substring(0, open).strip();
      if (result.put(axis, read.apply(text.substring(open + 1, text.length() - 1).strip(), key))
          != null) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE, key, "Axis '" + axis + "' is scaled twice.");
      }
    }
    return result;
  }

  static double factor(String text, String key) {
    double f = number(text, key);
    if (!(f > 0) || Double.isInfinite(f)) {
      throw new OwsException(
          OwsErrorCode.INVALID_SCALE_FACTOR, key, "Scale factor " + text + " is not above 0.");
    }
    return f;
  }

  static long size(String text, String key) {
    double size = number(text, key);
    if (size < 1 || size != Math.rint(size) || size > Long.MAX_VALUE / 2d) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, key, "Size " + text + " is not a whole number above 0.");
    }
    return (long) size;
  }

  static Extent extent(String text, String key) {
    String[] bounds = text.split("[:,]");
    if (bounds.length != 2) {
      throw new OwsException(
          OwsErrorCode.INVALID_EXTENT,
          key,
          "Extent '" + text + "' cannot be read, expected low:high.");
    }
    long low = (long) number(bounds[0].strip(), key);
    long high = (long) number(bounds[1].strip(), key);
    if (low > high) {
      throw new OwsException(
          OwsErrorCode.INVALID_EXTENT,
          key,
          "Extent '" + text + "' has its lower bound above the upper.");
    }
    return new Extent(low, high);
  }

  private static double number(String text, String key) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE, key, "'" + text + "' is not a number.", e);
    }
  }
}
