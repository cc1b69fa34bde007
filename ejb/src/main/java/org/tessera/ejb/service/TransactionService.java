package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.RemoteFiles;
import org.tessera.coverage.gml.CoverageDocument;
import org.tessera.coverage.gml.GmlCoverages;
import org.tessera.coverage.gml.OwsReports;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.ImportedFiles;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.request.OwsRequest.Subset;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.coverage.update.DomainMerge;
import org.tessera.coverage.update.FileCells;
import org.tessera.coverage.update.FileReferences;
import org.tessera.coverage.update.SliceMetadata;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.CoverageVersion;
import org.tessera.ejb.catalog.FileCatalog;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.Tiling;

/**
 * WCS-T (OGC 13-057r1). A change is prepared aside: cells are written into a new array version,
 * which nobody sees. It has happened when the catalogue row that points at the version commits;
 * before that, a failure or a crash leaves the coverage as it was.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class TransactionService {
  private static final System.Logger LOG = System.getLogger(TransactionService.class.getName());

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private FileCatalog files;
  @EJB private PyramidService pyramids;
  @EJB private VirtualService virtuals;

  private static final Duration REMOTE_TIME = Duration.ofSeconds(60);
  private static final int MOST_REMOTE = 64 << 20;

  /** By how many cells a subset may be off the document's borders. */
  private static final BigDecimal ONE_CELL = new BigDecimal("1.01");

  /** By which part of themselves coordinates may differ that mean the same point. */
  private static final BigDecimal SAME_POINT = new BigDecimal("1e-8");

  /** How often an update is begun anew because another one was faster in the same place. */
  private static final int ATTEMPTS = 6;

  /**
   * Writers of one coverage in this server publish in turns, having written their cells at the same
   * time; between servers the catalogue's revision decides.
   */
  private final Turns turns = new Turns();

  /** InsertCoverage. Answers with the id. */
  public Answer insert(OwsRequest.InsertCoverage request, Caller caller) {
    caller.require(Caller.Role.WRITER);
    CoverageDocument document = read(request.document());
    String id =
        request.newId()
            ? "coverage_" + UUID.randomUUID().toString().replace('-', '_')
            : document.coverage().id();
    checkId(id);
    if (catalog.find(id).isPresent()) {
      if (settled(id, request.files())) {
        return coverageId(id);
      }
      throw new OwsException(
          OwsErrorCode.COVERAGE_ID_IN_USE,
          id,
          "Coverage '" + id + "' exists already. Delete it first or choose another id.");
    }
    Coverage described = document.coverage();
    List<RangeField> fields =
        document.cells() instanceof CoverageDocument.Inline
            ? ofTypes(request.pixelDataTypes(), described.range())
            : described.range();
    Part part = part(document, described.domain(), fields, request.uploads());
    Coverage coverage =
        new Coverage(
            id,
            described.domain(),
            part.fields(),
            described.metadata(),
            described.nativeFormat(),
            "");
    Tiling tiling =
        request
            .tiling()
            .map(t -> Tilings.of(t, coverage.domain(), coverage.arrayType().bands()))
            .or(part::tiling)
            .orElseGet(
                () ->
                    Tiling.standard(
                        coverage.arrayType().bands(), coverage.domain().gridEnvelope()));
    try (ArrayWriter writer =
        runtime
            .arrays()
            .create(coverage.arrayType().bands(), coverage.domain().dimension(), tiling)) {
      write(
          writer,
          List.of(
              new CoverageWriter.Job(part::opened, DomainMerge.initial(coverage.domain()), null)),
          Optional.empty(),
          coverage,
          allBands(coverage),
          tiling);
      ArrayVersion version = writer.commit(coverage.domain().gridEnvelope());
      catalog.insert(
          with(coverage, coverage.domain(), coverage.metadata(), version.key()),
          new CoverageVersion.Change("InsertCoverage", caller.name()),
          request.files());
    }
    LOG.log(System.Logger.Level.INFO, "inserted coverage {0} for {1}", id, caller.name());
    return coverageId(id);
  }

  /** Fields with other cell types: none to leave them, one for all, or one for each. */
  static List<RangeField> ofTypes(List<CellType> types, List<RangeField> fields) {
    if (types.isEmpty()) {
      return fields;
    }
    if (types.size() != 1 && types.size() != fields.size()) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "pixelDataType",
          "There are "
              + types.size()
              + " pixel data types for "
              + fields.size()
              + " fields, expected one for all or one for each.");
    }
    List<RangeField> result = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      result.add(ofType(types.get(types.size() == 1 ? 0 : i), fields.get(i)));
    }
    return result;
  }

  private static RangeField ofType(CellType type, RangeField f) {
    return new RangeField(
        f.name(), type, f.label(), f.description(), f.definition(), f.uom(), f.nils());
  }

  /** UpdateCoverage. Answers with the id. */
  public Answer update(OwsRequest.UpdateCoverage request, Caller caller) {
    caller.require(Caller.Role.WRITER);
    String id = request.id();
    checkCurrent(id);
    Update update =
        new Update(
            request,
            documents(request.document()),
            request.mask().map(this::read),
            new CoverageVersion.Change("UpdateCoverage", caller.name()));
    update
        .mask()
        .ifPresent(mask -> checkMask(mask, update.documents().getFirst().coverage().domain()));
    try (Turns.Place place = turns.place(id)) {
      boolean done = settled(id, request.files());
      for (int attempt = 1; !done; attempt++) {
        if (attempt > ATTEMPTS) {
          throw conflict(id, "others change it all the time. Try again.", null);
        }
        // Who was overtaken several times works alone.
        if (attempt > ATTEMPTS / 2) {
          try (Turns.Turn _ = place.take()) {
            done = attempt(update, startOf(request), place);
          }
        } else {
          done = attempt(update, startOf(request), place);
        }
      }
    }
    LOG.log(System.Logger.Level.INFO, "updated coverage {0} for {1}", id, caller.name());
    int count = update.documents().size();
    return new Answer(
        "text/xml;charset=UTF-8",
        Optional.empty(),
        out -> {
          OwsReports.coverageId(id, runtime.settings().gml(), out);
          if (count > 1) {
            // A server without this extension would have taken one of them: the client looks here.
            out.write(("<!-- " + count + " documents -->").getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  /** What an update begins with: the version that it names, else the current one. */
  private CatalogEntry startOf(OwsRequest.UpdateCoverage request) {
    return find(request.id() + request.ifVersion().map(v -> "@" + v).orElse(""));
  }

  /** An update as it was asked for. */
  private record Update(
      OwsRequest.UpdateCoverage request,
      List<CoverageDocument> documents,
      Optional<CoverageDocument> mask,
      CoverageVersion.Change change) {}

  /**
   * Writes the cells beside the version that it starts from, then publishes them on top of the
   * version that is current by then.
   *
   * @return false if another writer was faster in the same place: to be done again
   */
  private boolean attempt(Update update, CatalogEntry start, Turns.Place place) {
    String id = start.coverage().id();
    Coverage old = start.coverage();
    VirtualService.checkStored(old, "updated");
    List<DomainMerge> merges = merges(update, old);
    int[] bands = CoverageWriter.bandsOf(old, update.request().rangeSubset());
    List<RangeField> fields = new ArrayList<>();
    for (int b : bands) {
      fields.add(old.range().get(b));
    }
    Map<String, Path> uploads = update.request().uploads();
    Optional<Part> mask =
        update.mask().map(m -> part(m, old.domain(), m.coverage().range(), uploads));
    ArrayVersion base = runtime.cells(old);
    try (ArrayWriter writer = runtime.arrays().update(base)) {
      DomainSet domain = old.domain();
      List<CoverageWriter.Job> jobs = new ArrayList<>();
      for (int i = 0; i < merges.size(); i++) {
        CoverageDocument document = update.documents().get(i);
        jobs.add(
            new CoverageWriter.Job(
                () -> part(document, old.domain(), fields, uploads).opened(),
                merges.get(i),
                domain.gridEnvelope()));
        domain = merges.get(i).domain();
      }
      write(writer, jobs, mask.map(Part::cells), old, bands, base.tiling());
      try (Turns.Turn _ = place.take()) {
        CatalogEntry now = find(id);
        if (now.version() != start.version()) {
          List<DomainMerge> again = merges(update, now.coverage());
          for (int i = 0; i < again.size(); i++) {
            if (!again.get(i).placements().equals(merges.get(i).placements())
                || !again.get(i).shifts().isEmpty()) {
              throw new EngineException(EngineException.Code.CONFLICT, "its grid was changed");
            }
          }
          writer.rebase(runtime.cells(now.coverage()));
          merges = again;
          domain = again.getLast().domain();
        }
        ArrayVersion version = writer.commit(domain.gridEnvelope());
        Coverage updated =
            with(
                now.coverage(),
                domain,
                SliceMetadata.with(
                    now.coverage().metadata(),
                    update.documents().stream().map(d -> d.coverage().metadata()).toList()),
                version.key());
        List<CoverageCatalog.Edit> edits = new ArrayList<>();
        edits.add(
            new CoverageCatalog.Edit(
                id,
                now.revision(),
                updated,
                Optional.of(update.change()),
                runtime.settings().versions().any(),
                update
                    .request()
                    .files()
                    .<CoverageCatalog.FileChange>map(CoverageCatalog.FileChange.Brought::new)
                    .orElseGet(CoverageCatalog.FileChange.None::new)));
        edits.addAll(
            pyramids.follow(now.coverage(), updated, Optional.of(merges), update.change()));
        edits.addAll(virtuals.follow(updated, update.change()));
        catalog.update(edits);
        return true;
      }
    } catch (EngineException e) {
      if (e.code() != EngineException.Code.CONFLICT) {
        throw e;
      }
      if (update.request().ifVersion().isPresent()) {
        throw conflict(
            id,
            "cells that this update writes were changed since version "
                + update.request().ifVersion().get()
                + " ("
                + e.getMessage()
                + "). Look at the current version, "
                + find(id).version()
                + ", and update that.",
            e);
      }
      return false;
    } catch (OwsException e) {
      if (e.code() == OwsErrorCode.FILE_NOT_CLAIMED && settled(id, update.request().files())) {
        return true;
      }
      // Another server has published meanwhile.
      if (e.code() != OwsErrorCode.UPDATE_CONFLICT) {
        throw e;
      }
      return false;
    }
  }

  /**
   * Whether a request was carried out before: its importer did not get the answer and asks again.
   */
  private boolean settled(String id, Optional<ImportedFiles> brought) {
    return brought.filter(f -> files.settled(id, f)).isPresent();
  }

  /** Where the cells of each document go, one after the other. */
  private List<DomainMerge> merges(Update update, Coverage target) {
    List<DomainMerge> merges = new ArrayList<>();
    DomainSet domain = target.domain();
    for (CoverageDocument document : update.documents()) {
      update
          .request()
          .subsets()
          .forEach(s -> checkSubset(s, target.domain(), document.coverage().domain()));
      DomainMerge merge =
          DomainMerge.of(
              domain,
              document.coverage().domain(),
              axis -> slicePoint(axis, update.request().subsets()));
      if (!merges.isEmpty() && !merge.shifts().isEmpty()) {
        throw new OwsException(
            OwsErrorCode.INCONSISTENT_CHANGE,
            "inputCoverage",
            "Document "
                + (merges.size() + 1)
                + " needs room between slices that are there; such a one is sent on its own.");
      }
      merges.add(merge);
      domain = merge.domain();
    }
    return merges;
  }

  /**
   * Refuses a subset that means another place than the document's own, so that nothing is written
   * where it was not meant to. Borders may differ by a cell, since clients name them or the points
   * between them; along an irregular axis one of the points must be in it.
   */
  private void checkSubset(Subset subset, DomainSet target, DomainSet part) {
    Axis axis =
        target
            .axis(subset.axis())
            .orElseThrow(
                () ->
                    new OwsException(
                        OwsErrorCode.INVALID_AXIS_LABEL,
                        subset.axis(),
                        "The coverage has no axis '"
                            + subset.axis()
                            + "', its axes are "
                            + String.join(", ", target.crsOrder())
                            + "."));
    Optional<Axis> own = part.axis(axis.label());
    if (own.isEmpty() || subset.crs().isPresent()) {
      return;
    }
    String low =
        switch (subset) {
          case OwsRequest.Slice slice -> slice.point();
          case OwsRequest.Trim trim -> trim.low();
        };
    String high = subset instanceof OwsRequest.Trim trim ? trim.high() : low;
    boolean points = axis instanceof Axis.IrregularAxis;
    BigDecimal near =
        switch (axis) {
          case Axis.RegularAxis r -> r.resolution().abs().multiply(ONE_CELL);
          case Axis.IndexAxis _ -> ONE_CELL;
          case Axis.IrregularAxis _ -> own.get().upper().abs().multiply(SAME_POINT);
        };
    boolean after =
        !low.equals("*")
            && (points ? own.get().upper() : own.get().lower())
                    .add(near)
                    .compareTo(runtime.grid().coordinate(axis, low).low())
                < 0;
    boolean before =
        !high.equals("*")
            && (points ? own.get().lower() : own.get().upper())
                    .subtract(near)
                    .compareTo(runtime.grid().coordinate(axis, high).high())
                > 0;
    if (after || before) {
      throw new OwsException(
          OwsErrorCode.INCONSISTENT_CHANGE,
          axis.label(),
          "The subset says "
              + axis.label()
              + "("
              + (low.equals(high) ? low : low + "," + high)
              + "), but the document's own domain goes from "
              + own.get().lower().toPlainString()
              + " to "
              + own.get().upper().toPlainString()
              + " along this axis. Nothing is written: make them agree, or leave the subset out.");
    }
  }

  private List<CoverageDocument> documents(OwsRequest.Document document) {
    return switch (document) {
      case OwsRequest.Document.Several several ->
          several.documents().stream().map(this::read).toList();
      case OwsRequest.Document.Inline one -> List.of(read(one));
      case OwsRequest.Document.Reference one -> List.of(read(one));
    };
  }

  private static OwsException conflict(String id, String why, Throwable cause) {
    return new OwsException(
        OwsErrorCode.UPDATE_CONFLICT, id, "Coverage '" + id + "' was not updated: " + why, cause);
  }

  private static void checkMask(CoverageDocument mask, DomainSet part) {
    if (mask.coverage().range().size() != 1) {
      throw new OwsException(
          OwsErrorCode.INCONSISTENT_CHANGE,
          "maskGrid",
          "The mask has " + mask.coverage().range().size() + " fields, expected one.");
    }
    DomainSet domain = mask.coverage().domain();
    for (Axis axis : part.axes()) {
      long size = domain.axis(axis.label()).map(Axis::size).orElse(0L);
      if (size != axis.size() || domain.dimension() != part.dimension()) {
        throw new OwsException(
            OwsErrorCode.INCONSISTENT_CHANGE,
            "maskGrid",
            "The mask has "
                + size
                + " cells along axis '"
                + axis.label()
                + "', the part "
                + axis.size()
                + ": they must have the same grid.");
      }
    }
  }

  /** Refuses ids of versions where only the current one can be meant. */
  static void checkCurrent(String id) {
    if (id.indexOf('@') >= 0) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          id,
          "'"
              + id
              + "' names a version; versions do not change. Name the coverage without @, or roll it"
              + " back to that version first.");
    }
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }

  /** DeleteCoverage. All of the ids, or none of them if one does not exist. */
  public Answer delete(OwsRequest.DeleteCoverage request, Caller caller) {
    caller.require(Caller.Role.WRITER);
    Set<String> ids = new HashSet<>(request.ids());
    ids.forEach(TransactionService::checkCurrent);
    Set<String> deleted = catalog.deleteAll(ids);
    LOG.log(System.Logger.Level.INFO, "deleted {0} for {1}", deleted, caller.name());
    return new Answer("text/xml;charset=UTF-8", Optional.empty(), out -> {});
  }

  static void checkId(String id) {
    if (!id.matches("[A-Za-z_][A-Za-z0-9_.]{0,254}")) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "coverageId",
          "'"
              + id
              + "' is no coverage id: expected a letter or _, then letters, digits, _ and dots.");
    }
  }

  private Answer coverageId(String id) {
    return new Answer(
        "text/xml;charset=UTF-8",
        Optional.empty(),
        out -> OwsReports.coverageId(id, runtime.settings().gml(), out));
  }

  private static Coverage with(Coverage c, DomainSet domain, String metadata, String version) {
    return new Coverage(c.id(), domain, c.range(), metadata, c.nativeFormat(), version);
  }

  private static int[] allBands(Coverage coverage) {
    return CoverageWriter.bandsOf(coverage, List.of());
  }

  private CoverageDocument read(OwsRequest.Document document) {
    try (InputStream in =
        switch (document) {
          case OwsRequest.Document.Inline inline ->
              new ByteArrayInputStream(inline.xml().getBytes(StandardCharsets.UTF_8));
          case OwsRequest.Document.Reference reference -> referenced(reference.url());
          case OwsRequest.Document.Several several ->
              throw new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  "coverage",
                  several.documents().size() + " documents are given where one is needed.");
        }) {
      return GmlCoverages.read(in, runtime.crs());
    } catch (IOException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          "coverageRef",
          "The coverage document cannot be read: " + e.getMessage(),
          e);
    }
  }

  /** A document by its address, on this machine or another one. */
  private InputStream referenced(String url) throws IOException {
    if (!url.matches("(?i)https?:.*")) {
      return new BufferedInputStream(Files.newInputStream(allowed(url)));
    }
    remote(url);
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(REMOTE_TIME)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build()) {
      HttpResponse<InputStream> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(REMOTE_TIME).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] document = body.readNBytes(MOST_REMOTE + 1);
        if (answer.statusCode() == 200 && document.length <= MOST_REMOTE) {
          return new ByteArrayInputStream(document);
        }
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            url,
            answer.statusCode() == 200
                ? "The document has more than " + MOST_REMOTE + " bytes."
                : "'" + url + "' is answered with the HTTP status " + answer.statusCode() + ".");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IllegalArgumentException e) {
      throw new OwsException(OwsErrorCode.MALFORMED_URL, url, "'" + url + "' is no URL.", e);
    }
  }

  /** GDAL's name of a file on another machine, if it lies in a folder that the settings allow. */
  private String remote(String url) {
    Optional<String> name = RemoteFiles.name(url);
    if (name.isPresent() && RemoteFiles.within(url, runtime.settings().remoteAllowed())) {
      return name.get();
    }
    throw new OwsException(
        OwsErrorCode.ACCESS_DENIED,
        url,
        "'"
            + url
            + "' lies in no folder of other machines that the server may read from (setting"
            + " tessera.remote.allowed); send it along instead.");
  }

  /** The file of a {@code file:} URL, if it lies in a folder that the settings allow. */
  private Path allowed(String url) {
    Path path;
    try {
      URI uri = new URI(url.replace(" ", "%20"));
      if (!"file".equals(uri.getScheme()) || uri.getPath() == null) {
        throw new OwsException(
            OwsErrorCode.MALFORMED_URL,
            url,
            "'" + url + "' cannot be read: expected a reference by file:, http: or https:.");
      }
      path = Path.of(uri.getPath()).toRealPath();
    } catch (URISyntaxException | InvalidPathException e) {
      throw new OwsException(OwsErrorCode.MALFORMED_URL, url, "'" + url + "' is no URL.", e);
    } catch (IOException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          url,
          "File '" + url + "' does not exist or cannot be read by the server.",
          e);
    }
    for (Path folder : runtime.settings().filesAllowed()) {
      if (path.startsWith(real(folder))) {
        return path;
      }
    }
    throw new OwsException(
        OwsErrorCode.ACCESS_DENIED,
        url,
        "File '"
            + url
            + "' lies outside of the folders that the server may read (setting tessera.files.allowed); send it along instead.");
  }

  /** A folder with its links resolved; one that does not exist holds no files. */
  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder;
    }
  }

  /**
   * Cells to write and the fields they are for, with their cell types settled.
   *
   * @param tiling that suits the cells best, if they stay in their file
   */
  private record Part(
      List<RangeField> fields,
      CoverageWriter.Part cells,
      Map<String, Long> counts,
      Optional<Tiling> tiling) {
    CoverageWriter.Opened opened() {
      return new CoverageWriter.Opened(cells, counts);
    }
  }

  private Part part(
      CoverageDocument document,
      DomainSet target,
      List<RangeField> fields,
      Map<String, Path> uploads) {
    return switch (document.cells()) {
      case CoverageDocument.Inline inline -> {
        if (inline.tile().bands().size() != fields.size()) {
          throw new OwsException(
              OwsErrorCode.WRONG_NUMBER_OF_TUPLE_LISTS,
              null,
              "The document has "
                  + inline.tile().bands().size()
                  + " values a cell, expected "
                  + fields.size()
                  + ".");
        }
        yield new Part(
            fields,
            CoverageWriter.of(
                CoverageWriter.cast(inline.tile(), fields), document.coverage().domain(), target),
            Map.of(),
            Optional.empty());
      }
      case CoverageDocument.File file ->
          filePart(file, document.coverage().domain(), target, fields, uploads);
    };
  }

  private Part filePart(
      CoverageDocument.File file,
      DomainSet partDomain,
      DomainSet target,
      List<RangeField> fields,
      Map<String, Path> uploads) {
    String name;
    boolean remote = file.reference().matches("(?i)(https?|s3):.*");
    if (remote) {
      name = remote(file.reference());
    } else if (file.reference().startsWith("cid:")) {
      Path path = uploads.get(file.reference().substring(4));
      if (path == null) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            file.reference(),
            "The request has no part '"
                + file.reference().substring(4)
                + "'; its files are "
                + uploads.keySet()
                + ".");
      }
      name = path.toString();
    } else {
      name = allowed(file.reference()).toString();
    }
    try {
      boolean described = file.parameters().stripLeading().startsWith("{");
      SourceLayout layout =
          described
              ? SourceLayout.parse(file.parameters())
              : FileCells.imageLayout(
                  runtime.workers(), name, partDomain.axes().stream().map(Axis::label).toList());
      FileCells cells = FileCells.open(runtime.workers(), name, layout);
      List<CellType> types = cells.types();
      if (types.size() != fields.size()) {
        throw new OwsException(
            OwsErrorCode.INCONSISTENT_CHANGE,
            name.substring(name.lastIndexOf('/') + 1),
            "The file has " + types.size() + " bands, expected " + fields.size() + ".");
      }
      Map<String, Long> counts = new HashMap<>();
      for (Axis axis : partDomain.axes()) {
        long count = cells.axis(axis.label()).map(SourceLayout.SourceAxis::count).orElse(1L);
        counts.put(axis.label(), count);
        // Fewer are given where an axis has more cells than the file: the others stay as they are.
        if (count > axis.size() || (!described && count != axis.size())) {
          throw new OwsException(
              OwsErrorCode.INCONSISTENT_CHANGE,
              axis.label(),
              "Axis '"
                  + axis.label()
                  + "' has "
                  + axis.size()
                  + " cells in the document but "
                  + count
                  + " in the file.");
        }
      }
      List<RangeField> settled = new ArrayList<>();
      for (int i = 0; i < fields.size(); i++) {
        RangeField f = fields.get(i);
        settled.add(described ? f : ofType(types.get(i), f));
      }
      if (!layout.insitu()) {
        return new Part(
            settled, CoverageWriter.of(cells, target, settled), counts, Optional.empty());
      }
      if (remote || file.reference().startsWith("cid:")) {
        throw new OwsException(
            OwsErrorCode.INVALID_PARAMETER_VALUE,
            file.reference(),
            "A coverage refers only to files that stay on the server, named by a file: URL; this one"
                + (remote ? " is on another machine." : " was sent along."));
      }
      List<String> labels = target.axes().stream().map(Axis::label).toList();
      return new Part(
          settled,
          CoverageWriter.of(
              cells, target, settled, FileReferences.source(Path.of(name), layout, labels)),
          counts,
          Optional.of(
              cells.tiling(
                  labels, target.gridEnvelope(), settled.stream().map(NilValues::band).toList())));
    } catch (GdalException e) {
      throw ServiceErrors.of(e);
    } catch (IllegalArgumentException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE, "rangeParameters", e.getMessage(), e);
    }
  }

  private static void write(
      ArrayWriter writer,
      List<CoverageWriter.Job> jobs,
      Optional<CoverageWriter.Part> mask,
      Coverage coverage,
      int[] bands,
      Tiling tiling) {
    try {
      CoverageWriter.write(writer, jobs, mask, coverage, bands, tiling);
    } catch (GdalException e) {
      throw ServiceErrors.of(e);
    }
  }

  private Optional<BigDecimal> slicePoint(Axis axis, List<Subset> subsets) {
    return subsets.stream()
        .filter(s -> s.axis().equals(axis.label()))
        .findFirst()
        .map(
            s ->
                switch (s) {
                  case OwsRequest.Slice slice -> slice.point();
                  case OwsRequest.Trim trim -> trim.low();
                })
        .map(text -> runtime.grid().coordinate(axis, text).low());
  }
}
