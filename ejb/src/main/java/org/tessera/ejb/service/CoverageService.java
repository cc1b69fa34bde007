package org.tessera.ejb.service;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.json.JsonObjectBuilder;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CompiledCoverage;
import org.tessera.coverage.expr.CoverageCompiler;
import org.tessera.coverage.expr.CoverageExpr;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.expr.Scope;
import org.tessera.coverage.expr.WcpsQuery;
import org.tessera.coverage.format.CoverageFormat;
import org.tessera.coverage.gml.Capabilities;
import org.tessera.coverage.gml.CellOrder;
import org.tessera.coverage.gml.Descriptions;
import org.tessera.coverage.gml.GmlCoverages;
import org.tessera.coverage.gml.GridKind;
import org.tessera.coverage.gml.RangeSet;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.request.Explain;
import org.tessera.coverage.request.GeotiffParameters;
import org.tessera.coverage.request.GetCoverageExpr;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.request.VendorParameters;
import org.tessera.coverage.update.DecodedFile;
import org.tessera.coverage.wcps.QueryResult;
import org.tessera.coverage.wcps.QueryRunner;
import org.tessera.coverage.wcps.WcpsParser;
import org.tessera.ejb.catalog.CatalogEntry;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.catalog.ServiceCatalog;
import org.tessera.ejb.runtime.ServerRuntime;

/**
 * Describes and gives coverages: GetCapabilities, DescribeCoverage, GetCoverage, ProcessCoverages.
 */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class CoverageService {
  private static final String GML = "application/gml+xml";
  private static final String XML = "text/xml;charset=UTF-8";

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private ServiceCatalog service;
  @EJB private PyramidService pyramids;
  @EJB private VirtualService virtuals;

  /** The capabilities that were written last: of a state of the service, for an address. */
  private volatile SoftReference<Document> capabilities = new SoftReference<>(null);

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Document(String what, byte[] bytes) {}

  private final Map<String, Capabilities.Summary> summaries = new ConcurrentHashMap<>();

  /**
   * GetCapabilities. A client that has the current document gets one without sections (06-121r9
   * clause 7.3.4).
   */
  public Answer getCapabilities(OwsRequest.GetCapabilities request, String baseUrl) {
    List<Coverage> coverages = catalog.list();
    Map<String, String> said = service.info();
    Map<String, String> inspire = service.inspire();
    String current = UpdateSequence.of(coverages, List.of(said, inspire), runtime.settings());
    String mediaType = request.mediaType() + ";charset=UTF-8";
    if (request.updateSequence().isPresent()
        && UpdateSequence.isCurrent(request.updateSequence().get(), current)) {
      return new Answer(
          mediaType,
          Optional.empty(),
          out -> Capabilities.writeUnchanged(request.version(), current, out));
    }
    if (summaries.size() > 2 * coverages.size() + 100) {
      // Most of them are of coverages that were deleted.
      summaries.clear();
    }
    String what = current + ' ' + baseUrl + ' ' + request.version() + ' ' + request.sections();
    return new Answer(
        mediaType,
        Optional.empty(),
        out -> {
          Document known = capabilities.get();
          if (known != null && known.what().equals(what)) {
            out.write(known.bytes());
            return;
          }
          try (Copied copied = new Copied(out)) {
            Capabilities.write(
                OwnDescription.of(runtime.formats(), runtime.settings().crsBase(), said, inspire),
                baseUrl + "/ows",
                request.version(),
                new LinkedHashSet<>(request.sections()),
                current,
                () -> coverages.stream().map(this::summary).iterator(),
                runtime.gml(),
                copied);
            copied
                .bytes()
                .ifPresent(b -> capabilities = new SoftReference<>(new Document(what, b)));
          }
        });
  }

  /** Keeps a copy of what is written, unless it is very long. */
  private static final class Copied extends FilterOutputStream {
    private static final int MOST = 32 << 20;

    private ByteArrayOutputStream copy = new ByteArrayOutputStream();

    Copied(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      if (copy != null && copy.size() + length <= MOST) {
        copy.write(bytes, offset, length);
      } else {
        copy = null;
      }
    }

    /** All that was written. */
    Optional<byte[]> bytes() {
      return Optional.ofNullable(copy).map(ByteArrayOutputStream::toByteArray);
    }

    @Override
    public void close() {
      // The stream belongs to the caller.
    }
  }

  /** What was written of a coverage; where it lies on earth takes longest to find out. */
  private Capabilities.Summary summary(Coverage coverage) {
    return summaries.compute(
        coverage.id(),
        (id, known) ->
            known != null && known.coverage().domain().equals(coverage.domain())
                ? new Capabilities.Summary(coverage, known.wgs84(), OptionalLong.empty())
                : new Capabilities.Summary(
                    coverage, new Wgs84(runtime.crs()).of(coverage), OptionalLong.empty()));
  }

  /** DescribeCoverage. */
  public Answer describeCoverage(OwsRequest.DescribeCoverage request) {
    List<Coverage> coverages = request.ids().stream().map(id -> find(id).coverage()).toList();
    if (request.generalGrid()) {
      return new Answer(
          XML,
          Optional.empty(),
          out -> GmlCoverages.describeGeneralGrids(coverages, runtime.gml(), out));
    }
    CellOrder order = request.imageOrder() ? CellOrder.IMAGE : CellOrder.TUPLES;
    return new Answer(
        XML, Optional.empty(), out -> GmlCoverages.describe(coverages, order, runtime.gml(), out));
  }

  /** GetCoverage. */
  public Answer getCoverage(OwsRequest.GetCoverage request, Call call) {
    Coverage coverage = find(request.id()).coverage();
    CoverageExpr expr = GetCoverageExpr.of(request, coverage, WcpsParser::parseShape);
    Scope scope = scope(call, Map.of(), request.vendor());
    String format = request.format().orElse(GML);
    Optional<String> options =
        request.generalGrid()
            ? Optional.of("{\"outputType\":\"GeneralGridCoverage\"}")
            : GeotiffParameters.options(
                request.geotiff(),
                runtime.formats().find(format).map(CoverageFormat::mediaType).orElse(format));
    WcpsQuery query = WcpsQuery.of(new CoverageExpr.Encode(expr, format, options));
    if (request.vendor().explain().isPresent()) {
      return explained(request.vendor().explain().get(), query, scope, call);
    }
    QueryResult result = runner().run(query, scope).getFirst();
    if (!request.multipart() || result.mediaType().equals(GML)) {
      return answer(result);
    }
    String fileName = fileName(result).orElse(coverage.id());
    CompiledCoverage compiled = compile(expr, scope);
    Multipart.Part gml =
        new Multipart.Part(
            GML,
            Optional.of("coverage.gml"),
            out ->
                GmlCoverages.write(
                    coverage.id(),
                    compiled.domain(),
                    GridKind.of(compiled.domain()),
                    compiled.range(),
                    compiled.metadata(),
                    new RangeSet.File("cid:" + fileName, result.mediaType()),
                    runtime.gml(),
                    out));
    return Multipart.answer(
        "related",
        fileName(result),
        List.of(gml, new Multipart.Part(result.mediaType(), Optional.of(fileName), body(result))));
  }

  /** An expression over one coverage, as it is given here, outside of any request for it. */
  public CompiledCoverage compile(CoverageExpr expr, Coverage coverage) {
    Scope scope = scope(new Call("", Caller.SERVER), Map.of(), VendorParameters.NONE);
    CoverageSource only =
        id -> Optional.of(new CoverageSource.Stored(coverage, runtime.cells(coverage)));
    return compile(expr, scope.with(only));
  }

  private static CompiledCoverage compile(CoverageExpr expr, Scope scope) {
    return switch (new CoverageCompiler(scope).compile(expr)) {
      case CoverageCompiler.Compiled.OfCoverage c -> c.coverage();
      case CoverageCompiler.Compiled.OfEncoding e -> e.coverage();
      case CoverageCompiler.Compiled.OfText t ->
          throw new OwsException(OwsErrorCode.INVALID_REQUEST, "This is text, not a coverage.");
    };
  }

  /** ProcessCoverages: one result is the body, several are a multipart message. */
  public Answer processCoverages(OwsRequest.ProcessCoverages request, Call call) {
    return processCoverages(request, call, new Catalogued());
  }

  /** ProcessCoverages over coverages that need not be those of the catalogue. */
  public Answer processCoverages(
      OwsRequest.ProcessCoverages request, Call call, CoverageSource source) {
    WcpsQuery query = request.tree().orElseGet(() -> WcpsParser.parse(request.query()));
    Scope scope = scope(call, request.uploads(), request.vendor()).with(source);
    if (request.vendor().explain().isPresent()) {
      return explained(request.vendor().explain().get(), query, scope, call);
    }
    List<QueryResult> results = runner().run(query, scope);
    if (results.size() == 1) {
      return answer(results.getFirst());
    }
    return Multipart.answer(
        "mixed",
        Optional.empty(),
        results.stream()
            .map(r -> new Multipart.Part(r.mediaType(), Optional.empty(), body(r)))
            .toList());
  }

  private Answer explained(Explain what, WcpsQuery query, Scope scope, Call call) {
    Optional<JsonObjectBuilder> analysis =
        what == Explain.ANALYZE
            ? Optional.of(Explanation.analyze(runner().run(query, scope), call))
            : Optional.empty();
    // Not the call's evaluator: what is only explained waits for no turn.
    return new Explanation(what, runtime.evaluator(), scope.limits())
        .of(runner().compile(query, scope), analysis);
  }

  private QueryRunner runner() {
    return new QueryRunner(runtime.formats());
  }

  private static Answer answer(QueryResult result) {
    return new Answer(result.mediaType(), fileName(result), body(result));
  }

  private static Optional<String> fileName(QueryResult result) {
    return result instanceof QueryResult.Encoding e ? Optional.of(e.name()) : Optional.empty();
  }

  private static Answer.Body body(QueryResult result) {
    return switch (result) {
      case QueryResult.Text t -> out -> out.write(t.text().getBytes(StandardCharsets.UTF_8));
      case QueryResult.Encoding e -> e.encoder()::write;
    };
  }

  private Scope scope(Call call, Map<String, Path> uploads, VendorParameters vendor) {
    return new Scope(
        new Catalogued(),
        decode -> {
          Path file = uploads.get(Integer.toString(decode.part()));
          if (file == null) {
            throw new OwsException(
                OwsErrorCode.INVALID_REQUEST,
                "$" + decode.part(),
                "The request has no file part named " + decode.part() + ".");
          }
          try {
            return DecodedFile.open(
                runtime.workers(), runtime.crs(), call.baseUrl() + "/def", file, decode.part());
          } catch (IllegalArgumentException e) {
            throw new OwsException(
                OwsErrorCode.INVALID_REQUEST,
                "$" + decode.part(),
                "What file part "
                    + decode.part()
                    + " says of its place makes no grid: "
                    + e.getMessage()
                    + ".",
                e);
          }
        },
        runtime.crs(),
        vendor.subsetting().orElse(runtime.settings().subsetting()),
        runtime.settings().nulls(),
        runtime.settings().crsBase(),
        call.evaluator(runtime),
        call.limits(runtime),
        new Descriptions(runtime.gml()));
  }

  private CatalogEntry find(String id) {
    return catalog.find(id).orElseThrow(() -> CoverageCatalog.noSuchCoverage(id));
  }

  /** What the catalogue holds. */
  private final class Catalogued implements CoverageSource {
    @Override
    public Optional<CoverageSource.Stored> find(String id) {
      return catalog
          .find(id)
          .map(
              e ->
                  VirtualService.isVirtual(e.coverage())
                      ? virtuals.open(e.coverage(), this::stored)
                      : stored(e));
    }

    private CoverageSource.Stored stored(CatalogEntry e) {
      return new CoverageSource.Stored(
          e.coverage(), runtime.cells(e.coverage()), () -> pyramids.levels(e));
    }

    @Override
    public List<String> ids() {
      return catalog.ids();
    }
  }
}
