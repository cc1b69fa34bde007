package org.tessera.ejb.service;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.expr.CoverageSource;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.OwsRequest;
import org.tessera.coverage.request.VendorParameters;
import org.tessera.ejb.catalog.CoverageCatalog;
import org.tessera.ejb.runtime.ServerRuntime;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.ArrayStore;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.ArrayWriter;
import org.tessera.engine.store.MemoryTileStore;
import org.tessera.engine.store.TileCache;
import org.tessera.engine.store.Tiling;

/**
 * Answers queries of each common kind to itself for some seconds after the start, so that the first
 * users meet code that is compiled already: a query that takes 1 ms takes 20 to 300 while classes
 * are loaded and code is interpreted. A small array in memory is asked; nothing is stored. Once the
 * first request has told the address of the server, it asks itself there, too.
 */
@Singleton
@Startup
@DependsOn("ServerRuntime")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class WarmUp {
  private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());

  private static final String ID = "tesseraWarmUp";

  /** Coordinates of an axis that takes its time to be described. */
  private static final int LONG = 50_000;

  private static final int SLICES = 8;
  private static final int SIDE = 96;
  private static final int TILE = 16;

  /** So many that what each request runs once is compiled. */
  private static final int ROUNDS = 2000;

  /** Of the kinds that real ones are: statistics, reductions, series, pictures, files, shapes. */
  private static final List<String> QUERIES =
      Stream.of(
              "avg($c)",
              "count($c > 100)",
              "max($c[E(0:500)])",
              "encode($c[E(333), N(-333)], \"csv\")",
              "encode((condense + over $t t(imageCrsDomain($c, t)) using $c[t($t)]) / 8.0, \"tiff\")",
              "encode($c[t(\"2000-01-03\"), E(100:800)], \"tiff\")",
              "encode($c[t(\"2000-01-03\"), N(-800:-100)], \"png\")",
              "encode(((float) $c[t(\"2000-01-02\")] - $c[t(\"2000-01-01\")]) / ((float)"
                  + " $c[t(\"2000-01-02\")] + $c[t(\"2000-01-01\")]), \"tiff\")",
              "encode((unsigned char) ($c[t(\"2000-01-02\")] * 0.1), \"png\")",
              "encode(scale($c[t(\"2000-01-02\")], {E:\"CRS:1\"(0:15), N:\"CRS:1\"(0:15)}), \"png\")",
              "encode(clip($c[t(\"2000-01-02\")], POLYGON((100 -100, 800 -300, 300 -800))), \"tiff\")",
              "encode(switch case $c[t(\"2000-01-02\")] > 500 return {red: 1; green: 2; blue: 3}"
                  + " default return {red: 4; green: 5; blue: 6}, \"png\")")
          .map(result -> "for $c in (" + ID + ") return " + result)
          .toList();

  @EJB private ServerRuntime runtime;
  @EJB private CoverageCatalog catalog;
  @EJB private CoverageService coverages;
  @Resource private ManagedExecutorService executor;

  private final CompletableFuture<Void> evaluation = new CompletableFuture<>();
  private final AtomicBoolean addressed = new AtomicBoolean();
  private volatile boolean stopped;

  @PostConstruct
  void start() {
    if (!runtime.settings().warmUp().isZero()) {
      executor.execute(this::run);
    }
  }

  /**
   * Lets the server ask itself as clients do, after the queries without a web server. Only the
   * first address counts.
   *
   * @param ows address of the OWS endpoint as this machine reaches it
   */
  public void over(URI ows) {
    if (!runtime.settings().warmUp().isZero() && addressed.compareAndSet(false, true)) {
      var unused = evaluation.thenRunAsync(() -> ask(ows), executor);
    }
  }

  private void ask(URI ows) {
    // The server's part cannot be told from its other work, so this is time by the clock.
    Duration longest = runtime.settings().warmUp().multipliedBy(4);
    long begun = System.nanoTime();
    int rounds = 0;
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      List<HttpRequest> requests = requests(ows);
      while (!stopped && rounds < ROUNDS && System.nanoTime() - begun < longest.toNanos()) {
        for (HttpRequest request : requests) {
          client.send(request, HttpResponse.BodyHandlers.discarding());
        }
        rounds++;
      }
      LOG.log(
          System.Logger.Level.INFO,
          "warm after {0} requests in {1} s",
          rounds * requests.size(),
          (System.nanoTime() - begun) / 1e9);
    } catch (IOException e) {
      // Behind another protocol or a firewall: the first users warm the rest.
      LOG.log(System.Logger.Level.DEBUG, "cannot ask " + ows, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Requests that take next to nothing: what is to get warm is the way to the evaluation. */
  private List<HttpRequest> requests(URI ows) {
    Stream<String> query =
        catalog.ids().stream().limit(1).map(id -> "for $c in (" + id + ") return 1");
    return Stream.concat(
            Stream.of("GetCapabilities&sections=ServiceIdentification"),
            query.map(
                text ->
                    "ProcessCoverages&query=" + URLEncoder.encode(text, StandardCharsets.UTF_8)))
        .map(request -> URI.create(ows + "?service=WCS&version=2.0.1&request=" + request))
        .map(address -> HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build())
        .toList();
  }

  @PreDestroy
  void stop() {
    stopped = true;
  }

  private void run() {
    try {
      CoverageSource.Stored sample = sample(runtime.settings().crsBase());
      CoverageSource source =
          id -> {
            // As a query does; there is no such coverage.
            catalog.find(id);
            return Optional.of(sample);
          };
      // Loading reference systems takes seconds once, which are not counted.
      answers(source);
      documents();
      long enough = processorTime() + runtime.settings().warmUp().toNanos();
      int rounds = 1;
      while (!stopped && processorTime() < enough) {
        answers(source);
        rounds++;
      }
      LOG.log(
          System.Logger.Level.INFO,
          "warm after {0} queries, the last took {1} ms each",
          rounds * QUERIES.size(),
          millis(source) / QUERIES.size());
    } catch (OwsException | EngineException | EJBException | IOException e) {
      if (!stopped) {
        LOG.log(System.Logger.Level.WARNING, "cannot warm up", e);
      }
    } finally {
      evaluation.complete(null);
    }
  }

  /**
   * Capabilities, and descriptions of coverages with long irregular axes: what is read from the
   * catalogue and written for them is kept for the first who ask.
   */
  private void documents() throws IOException {
    String base = runtime.settings().publicUrl();
    coverages
        .getCapabilities(
            new OwsRequest.GetCapabilities("2.0.1", List.of(), Optional.empty(), "text/xml"), base)
        .body()
        .write(OutputStream.nullOutputStream());
    for (Coverage coverage : catalog.list()) {
      boolean isLong =
          coverage.domain().axes().stream()
              .anyMatch(a -> a instanceof Axis.IrregularAxis && a.size() >= LONG);
      if (isLong && !stopped) {
        coverages
            .describeCoverage(
                new OwsRequest.DescribeCoverage("2.0.1", List.of(coverage.id()), false, false))
            .body()
            .write(OutputStream.nullOutputStream());
      }
    }
  }

  /** Of this thread, in nanoseconds: on a busy machine it takes longer to get warm. */
  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private double millis(CoverageSource source) throws IOException {
    long begun = System.nanoTime();
    answers(source);
    return (System.nanoTime() - begun) / 1e6;
  }

  private void answers(CoverageSource source) throws IOException {
    for (String query : QUERIES) {
      try (Call call = new Call("", Caller.SERVER)) {
        coverages
            .processCoverages(
                new OwsRequest.ProcessCoverages("2.0.1", query, Map.of(), VendorParameters.NONE),
                call,
                source)
            .body()
            .write(OutputStream.nullOutputStream());
      }
      if (stopped) {
        return;
      }
    }
  }

  /** Days of a small map with some null cells, in many tiles. */
  private static CoverageSource.Stored sample(String crsBase) {
    String utm = crsBase + "/crs/EPSG/0/32632";
    String days = crsBase + "/crs/OGC/0/AnsiDate";
    BigDecimal cell = BigDecimal.TEN;
    DomainSet domain =
        new DomainSet(
            crsBase + "/crs-compound?1=" + days + "&2=" + utm,
            List.of(
                new Axis.IrregularAxis(
                    "t",
                    "d",
                    days,
                    0,
                    0,
                    Stream.iterate(new BigDecimal(145732), d -> d.add(BigDecimal.ONE))
                        .limit(SLICES)
                        .toList()),
                new Axis.RegularAxis(
                    "N", "metre", utm, 0, SIDE - 1, 1, new BigDecimal(-5), cell.negate()),
                new Axis.RegularAxis("E", "metre", utm, 0, SIDE - 1, 2, new BigDecimal(5), cell)),
            List.of("t", "E", "N"));
    RangeField field =
        new RangeField("v", CellType.INT16, "", "", "", "10^0", List.of(new NilValue("-1", "")));
    Coverage coverage = new Coverage(ID, domain, List.of(field), "", "image/tiff", "");
    ArrayType type = coverage.arrayType();
    short[] cells = new short[type.domain().cellsAsInt()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (short) (i % 31 == 0 ? -1 : i * 7919 % 1000);
    }
    ArrayStore store = new ArrayStore(new MemoryTileStore(), new TileCache(16 << 20));
    try (ArrayWriter writer = store.create(type.bands(), 3, Tiling.of(1, TILE, TILE))) {
      writer.write(new Tile(type.domain(), List.of(Cells.wrap(CellType.INT16, cells, null))));
      ArrayVersion version = writer.commit();
      return new CoverageSource.Stored(coverage, version);
    }
  }
}
