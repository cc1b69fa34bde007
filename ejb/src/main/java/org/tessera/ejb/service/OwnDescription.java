package org.tessera.ejb.service;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.format.Formats;
import org.tessera.coverage.gml.ServiceDescription;

/** What this server says of itself in capabilities. */
final class OwnDescription {
  private static final String SPEC = "http://www.opengis.net/spec/";

  /** Conformance classes of WCS 2.0.1, its extensions and GMLCOV 1.0. */
  private static final List<String> PROFILES =
      List.of(
          SPEC + "GMLCOV/1.0/conf/gml",
          SPEC + "GMLCOV/1.0/conf/gml-coverage",
          SPEC + "GMLCOV/1.0/conf/multipart",
          SPEC + "GMLCOV/1.0/conf/special-format",
          SPEC + "GMLCOV_geotiff-coverages/1.0/conf/geotiff-coverage",
          SPEC + "WCS/2.0/conf/core",
          SPEC + "WCS_protocol-binding_get-kvp/1.0/conf/get-kvp",
          SPEC + "WCS_protocol-binding_post-xml/1.0/conf/post-xml",
          SPEC + "WCS_protocol-binding_post-xml/1.0",
          SPEC + "WCS_protocol-binding_soap/1.0",
          SPEC + "WCS_service-extension_crs/1.0/conf/crs",
          SPEC + "WCS_service-extension_range-subsetting/1.0/conf/record-subsetting",
          SPEC + "WCS_service-extension_scaling/1.0/conf/scaling",
          SPEC + "WCS_service-extension_interpolation/1.0/conf/interpolation",
          SPEC + "WCS_service-extension_processing/2.0/conf/processing",
          SPEC + "WCS_service-extension_transaction/2.0/conf/insert+delete",
          SPEC + "WCPS/1.0/conf/core");

  private static final List<String> OPERATIONS =
      List.of(
          "GetCapabilities",
          "DescribeCoverage",
          "GetCoverage",
          "ProcessCoverages",
          "InsertCoverage",
          "UpdateCoverage",
          "DeleteCoverage");

  /** Any EPSG code may follow. */
  private static final String CRS = "/crs/EPSG/0/";

  private static final String INTERPOLATION = "http://www.opengis.net/def/interpolation/OGC/1.0/";

  /** Profiles that stand for a format, by its media type; the URIs that existing clients know. */
  private static final Map<String, String> ENCODINGS =
      Map.of(
          "image/jp2", SPEC + "GMLJP2/2.0/",
          "image/jpeg", "https://www.w3.org/Graphics/JPEG/",
          "image/png", "http://www.w3.org/TR/PNG/",
          "application/netcdf", SPEC + "WCS_coverage-encoding_netcdf/1.0/",
          "text/csv", "https://www.ietf.org/rfc/rfc4180.txt",
          "application/json", "https://www.www.json.org/");

  private static final List<String> METHODS =
      List.of(
          "nearest-neighbor",
          "linear",
          "near",
          "bilinear",
          "cubic",
          "cubicspline",
          "lanczos",
          "average",
          "mode",
          "max",
          "min",
          "med",
          "q1",
          "q3");

  private OwnDescription() {}

  /**
   * @param crsBase the resolver in whose terms CRSs are named
   * @param said what administrators have said, by the names of {@link AdminService#SERVICE_INFO}
   * @param inspire addresses of INSPIRE metadata by coverage
   */
  static ServiceDescription of(
      Formats formats, String crsBase, Map<String, String> said, Map<String, String> inspire) {
    List<String> mediaTypes = new ArrayList<>(formats.mediaTypes());
    List<String> profiles = new ArrayList<>(PROFILES);
    for (String mediaType : mediaTypes) {
      if (ENCODINGS.containsKey(mediaType)) {
        profiles.add(ENCODINGS.get(mediaType));
      }
    }
    if (mediaTypes.contains("image/jp2")) {
      profiles.add(SPEC + "WCS_coverage-encoding_jpeg2000/1.0/");
    }
    return new ServiceDescription(
        said.getOrDefault("serviceTitle", "Tessera"),
        said.getOrDefault("abstract", "Tessera, a geo-datacube server: WCS, WCPS and WCS-T"),
        said.containsKey("keywords")
            ? Arrays.stream(said.get("keywords").split(",", -1)).map(String::strip).toList()
            : List.of("datacube", "coverage", "WCS", "WCPS"),
        said.getOrDefault("fees", ""),
        said.containsKey("accessConstraints") ? List.of(said.get("accessConstraints")) : List.of(),
        new ServiceDescription.Provider(
            said.getOrDefault("providerName", "Tessera"),
            said.getOrDefault("providerSite", ""),
            said.getOrDefault("individualName", ""),
            said.getOrDefault("positionName", ""),
            said.getOrDefault("role", ""),
            said.getOrDefault("voicePhone", ""),
            said.getOrDefault("facsimilePhone", ""),
            said.getOrDefault("deliveryPoint", ""),
            said.getOrDefault("city", ""),
            said.getOrDefault("administrativeArea", ""),
            said.getOrDefault("postalCode", ""),
            said.getOrDefault("country", ""),
            said.getOrDefault("email", ""),
            said.getOrDefault("hoursOfService", ""),
            said.getOrDefault("contactInstructions", "")),
        List.of("2.0.1", "2.1.0"),
        profiles,
        OPERATIONS,
        mediaTypes,
        List.of(crsBase + CRS + "4326", crsBase + CRS + "3857", crsBase + CRS),
        METHODS.stream().map(m -> INTERPOLATION + m).toList(),
        inspire);
  }
}
