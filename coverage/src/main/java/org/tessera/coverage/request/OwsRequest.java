package org.tessera.coverage.request;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.engine.array.CellType;

/**
 * Every operation of the coverage services, as it was asked for, whatever the protocol binding
 * (KVP, XML, SOAP). Names and rules are those of WCS 2.0.1 (09-110r4), its extensions, and WCS-T
 * 2.0; coordinates are still text here.
 */
public sealed interface OwsRequest {
  /**
   * GetCapabilities (09-110r4 8.2; 06-121r9 clause 7).
   *
   * @param version 2.0.1 or 2.1.0, already negotiated
   * @param sections as asked for; empty for all
   * @param updateSequence of the document that the client has, if any
   * @param mediaType of the answer, already negotiated
   */
  record GetCapabilities(
      String version, List<String> sections, Optional<String> updateSequence, String mediaType)
      implements OwsRequest {
    public GetCapabilities {
      sections = List.copyOf(sections);
    }
  }

  /**
   * DescribeCoverage (09-110r4 8.3).
   *
   * @param ids at least one, in the order to be described
   * @param generalGrid answer in CIS 1.1 terms (GeneralGridCoverage)
   * @param imageOrder tell the order of cells in images, not that of tuples in GML
   */
  record DescribeCoverage(String version, List<String> ids, boolean generalGrid, boolean imageOrder)
      implements OwsRequest {
    public DescribeCoverage {
      ids = List.copyOf(ids);
    }
  }

  /**
   * GetCoverage (09-110r4 8.4) with the extensions for range subsetting, scaling, CRS and
   * interpolation.
   *
   * @param subsets in the order given
   * @param rangeSubset fields ({@code name}) and intervals ({@code from:to}); empty for all
   * @param scaling at most one kind
   * @param subsettingCrs CRS of all bounds in {@code subsets}
   * @param interpolation URI or short name
   * @param format media type; absent for the native one (GML)
   * @param multipart whether {@code mediaType=multipart/related} was asked for
   * @param clip WKT to clip by
   * @param generalGrid GML in CIS 1.1 terms
   * @param vendor what the standards do not know
   * @param geotiff encoding parameters of GeoTIFF as written, see {@link GeotiffParameters}
   */
  record GetCoverage(
      String version,
      String id,
      List<Subset> subsets,
      List<String> rangeSubset,
      Optional<Scaling> scaling,
      Optional<String> subsettingCrs,
      Optional<String> outputCrs,
      Optional<String> interpolation,
      Optional<String> format,
      boolean multipart,
      Optional<String> clip,
      boolean generalGrid,
      Map<String, String> geotiff,
      VendorParameters vendor)
      implements OwsRequest {
    public GetCoverage {
      subsets = List.copyOf(subsets);
      rangeSubset = List.copyOf(rangeSubset);
      geotiff = Map.copyOf(geotiff);
    }
  }

  /** Trim or slice of one axis: bounds as written (numbers, quoted times, {@code *}). */
  sealed interface Subset {
    String axis();

    /** The CRS named in the subset itself, as in {@code Lat,EPSG:4326(1,2)}. */
    Optional<String> crs();
  }

  /** Keeps the part of an axis between two bounds, both inclusive. */
  record Trim(String axis, Optional<String> crs, String low, String high) implements Subset {}

  /** Picks one point of an axis, which is dropped. */
  record Slice(String axis, Optional<String> crs, String point) implements Subset {}

  /** How a result is scaled (12-039). Sizes and extents are in cells; extents are inclusive. */
  sealed interface Scaling {
    /** All axes by one factor; above 1 enlarges. */
    record Factor(double factor) implements Scaling {}

    /** Some axes by a factor each. */
    record Factors(Map<String, Double> factors) implements Scaling {}

    /** Some axes to a number of cells. */
    record Sizes(Map<String, Long> sizes) implements Scaling {}

    /** Some axes to a range of grid indices. */
    record Extents(Map<String, Extent> extents) implements Scaling {}
  }

  /** Grid indices, both inclusive. */
  record Extent(long low, long high) {}

  /**
   * ProcessCoverages (08-059r4).
   *
   * @param query WCPS text; empty if the query came as XML
   * @param tree the query that came as XML
   * @param uploads files sent along, by the name that {@code decode($name)} refers to
   * @param vendor what the standards do not know
   */
  record ProcessCoverages(
      String version,
      String query,
      Optional<WcpsQuery> tree,
      Map<String, Path> uploads,
      VendorParameters vendor)
      implements OwsRequest {
    public ProcessCoverages {
      uploads = Map.copyOf(uploads);
    }

    /** A query that came as text. */
    public ProcessCoverages(
        String version, String query, Map<String, Path> uploads, VendorParameters vendor) {
      this(version, query, Optional.empty(), uploads, vendor);
    }
  }

  /**
   * InsertCoverage (13-057r1).
   *
   * @param document the GML coverage
   * @param newId whether the server makes an id instead of taking the document's
   * @param pixelDataTypes types of the cells that the document holds, by GDAL's names: one for all
   *     fields, or one for each; empty to go by the document
   * @param tiling as in rasdaman's ingredients, such as {@code ALIGNED [0:0, 0:1023, 0:1023] TILE
   *     SIZE 4194304}
   * @param files whose states change with the coverage
   * @param uploads files sent along, by part name
   */
  record InsertCoverage(
      String version,
      Document document,
      boolean newId,
      List<CellType> pixelDataTypes,
      Optional<String> tiling,
      Optional<ImportedFiles> files,
      Map<String, Path> uploads)
      implements OwsRequest {
    public InsertCoverage {
      pixelDataTypes = List.copyOf(pixelDataTypes);
      uploads = Map.copyOf(uploads);
    }
  }

  /**
   * UpdateCoverage (13-057r1).
   *
   * @param subsets where in the target the cells go, axis by axis; what is not named is taken from
   *     the document's own domain
   * @param rangeSubset fields of the target that are written; empty for all
   * @param mask a coverage of one field on the document's grid: cells where it is 0 (or null) stay
   *     as they are
   * @param ifVersion version that the change was made from (number, name or time, as after the @ of
   *     a coverage id): refused if others have changed the same cells since; absent: the later
   *     change wins
   * @param files whose states change with the coverage
   */
  record UpdateCoverage(
      String version,
      String id,
      Document document,
      List<Subset> subsets,
      List<String> rangeSubset,
      Optional<Document> mask,
      Optional<String> ifVersion,
      Optional<ImportedFiles> files,
      Map<String, Path> uploads)
      implements OwsRequest {
    public UpdateCoverage {
      subsets = List.copyOf(subsets);
      rangeSubset = List.copyOf(rangeSubset);
      uploads = Map.copyOf(uploads);
    }
  }

  /** A GML coverage given in the request or by a reference to it. */
  sealed interface Document {
    /** The XML text itself. */
    record Inline(String xml) implements Document {}

    /** {@code file:} URL of a document that the settings allow to be read. */
    record Reference(String url) implements Document {}

    /**
     * Several documents of one UpdateCoverage, written in this order in one transaction: all of
     * them or none. An extension; each brings all axes of the coverage.
     */
    record Several(List<Document> documents) implements Document {
      public Several {
        documents = List.copyOf(documents);
      }
    }
  }

  /**
   * InsertScaleLevel or DeleteScaleLevel, which clients of rasdaman 9.8 know: a member of the
   * coverage's pyramid named {@code ID_LEVEL}, with that many cells along each axis of the map made
   * one.
   *
   * @param insert whether it is made, else deleted
   * @param level as given, such as {@code 4} or {@code 2.5}
   */
  record ScaleLevel(String version, String id, String level, boolean insert)
      implements OwsRequest {}

  /**
   * CreatePyramidMember, AddPyramidMember, RemovePyramidMember or ListPyramidMembers: what {@code
   * /admin/coverage/pyramid/} does, for clients that send it as requests.
   *
   * @param operation what to do
   * @param base id of the coverage whose pyramid it is
   * @param members ids; exactly one to create, none to list
   * @param factors of the member to create, one per axis, cells that become one
   * @param harvesting whether members of an added member's own pyramid are added as well
   */
  record Pyramid(
      String version,
      PyramidOperation operation,
      String base,
      List<String> members,
      List<Double> factors,
      String resampling,
      boolean harvesting)
      implements OwsRequest {
    public Pyramid {
      members = List.copyOf(members);
      factors = List.copyOf(factors);
    }
  }

  /** What a {@link Pyramid} request does. */
  enum PyramidOperation {
    CREATE,
    ADD,
    REMOVE,
    LIST
  }

  /** DeleteCoverage (13-057r1): all of the ids, or none if one does not exist. */
  record DeleteCoverage(String version, List<String> ids) implements OwsRequest {
    public DeleteCoverage {
      ids = List.copyOf(ids);
    }
  }
}
