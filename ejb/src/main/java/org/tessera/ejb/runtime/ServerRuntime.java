package org.tessera.ejb.runtime;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.format.Formats;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.PathPolicy;
import org.tessera.coverage.gml.GmlCoverages;
import org.tessera.coverage.gml.GmlFormat;
import org.tessera.coverage.gml.GmlStyle;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.update.FileReferences;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.store.ArrayStore;
import org.tessera.engine.store.ArrayVersion;
import org.tessera.engine.store.FileTileStore;
import org.tessera.engine.store.TileCache;

/** The long-lived parts of the server, made in order at start and closed at its end. */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ServerRuntime {
  private static final System.Logger LOG = System.getLogger(ServerRuntime.class.getName());

  /** Array versions held open, at most; they are small, and opening one again costs little. */
  private static final int OPENED = 10_000;

  @Resource private ManagedExecutorService executor;

  private Settings settings;
  private Path uploads;
  private ArrayStore arrays;
  private FileReferences references;
  private final Map<String, ArrayVersion> opened = new ConcurrentHashMap<>();
  private Evaluator evaluator;
  private final UnderWay underWay = new UnderWay();
  private QueryGate gate;
  private QueryGate writerGate;
  private GdalWorkers workers;
  private CrsResolver crs;
  private GridMapping grid;
  private GmlStyle gml;
  private Formats formats;

  @PostConstruct
  void start() {
    settings = Settings.fromSystem();
    try {
      Path data = Files.createDirectories(settings.dataDirectory());
      uploads = emptied(data.resolve("uploads"));
      evaluator = Evaluators.create(settings.threads(), settings.statistics());
      gate = new QueryGate(settings.concurrent(), Duration.ofSeconds(30));
      writerGate =
          settings.writerConcurrent() == 0
              ? gate
              : new QueryGate(settings.writerConcurrent(), Duration.ofSeconds(30));
      List<Path> readable = new ArrayList<>(settings.filesAllowed());
      readable.add(uploads);
      GdalWorkers.Settings standard =
          GdalWorkers.Settings.standard(
                  Files.createDirectories(data.resolve("gdal")),
                  PathPolicy.underOrRemote(readable, settings.remoteAllowed()))
              .withNetwork(!settings.remoteAllowed().isEmpty());
      workers =
          GdalWorkers.open(
              standard.withMaxWorkers(settings.gdalWorkers()).withTimeLimit(settings.gdalTime()));
      references = new FileReferences(workers);
      arrays =
          new ArrayStore(
              new FileTileStore(data.resolve("arrays")),
              new TileCache(settings.cacheBytes()),
              references);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The data directory " + settings.dataDirectory() + " cannot be used: " + e.getMessage(),
          e);
    }
    crs = new CrsResolver();
    grid = new GridMapping(crs, settings.subsetting());
    gml = new GmlStyle(crs, settings.crsBase(), settings.times(), settings.gml());
    formats = Formats.standard(crs, workers, List.of(new GmlFormat(gml)));
    executor.execute(
        () -> {
          crs.warmUp();
          GmlCoverages.warmUp();
        });
    executor.execute(this::warmUpWorkers);
    LOG.log(
        System.Logger.Level.INFO,
        "data in {0}, subsetting rule {1}",
        settings.dataDirectory(),
        settings.subsetting());
  }

  /**
   * Starts the first worker now, and tells the log, not only the first user, where libgdal is
   * missing.
   */
  private void warmUpWorkers() {
    try {
      int drivers = workers.drivers().size();
      LOG.log(System.Logger.Level.INFO, "GDAL worker ready, {0} drivers", drivers);
    } catch (GdalException | IllegalStateException e) {
      LOG.log(System.Logger.Level.WARNING, "no GDAL worker: {0}", e.getMessage());
    }
  }

  /** A folder for files of requests; what a former process left there is deleted. */
  private static Path emptied(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    return folder;
  }

  @PreDestroy
  void stop() {
    workers.close();
    evaluator.close();
  }

  public Settings settings() {
    return settings;
  }

  /** Folder for files that came with requests. */
  public Path uploads() {
    return uploads;
  }

  public ArrayStore arrays() {
    return arrays;
  }

  /** Cells that stay in the files that users have. */
  public FileReferences references() {
    return references;
  }

  /** The cells of a coverage. Opened once a version, however many requests read it. */
  public ArrayVersion cells(Coverage coverage) {
    ArrayVersion known = opened.get(coverage.arrayVersion());
    if (known != null) {
      return known;
    }
    ArrayVersion version = arrays.open(coverage.arrayVersion());
    if (opened.size() >= OPENED) {
      opened.clear();
    }
    opened.put(version.key(), version);
    return version;
  }

  /** Lets go of the cells of versions that are no more, so that they can be cleaned up. */
  public void keepOnly(Set<String> arrayVersions) {
    opened.values().removeIf(version -> !arrayVersions.contains(version.key()));
  }

  public Evaluator evaluator() {
    return evaluator;
  }

  /**
   * Where large queries wait for their turn.
   *
   * @param writer whether somebody asks who may change coverages
   */
  public QueryGate gate(boolean writer) {
    return writer ? writerGate : gate;
  }

  /** What is being computed for several who ask for it. */
  public UnderWay underWay() {
    return underWay;
  }

  public GdalWorkers workers() {
    return workers;
  }

  public CrsResolver crs() {
    return crs;
  }

  public GridMapping grid() {
    return grid;
  }

  /** How this server writes GML. */
  public GmlStyle gml() {
    return gml;
  }

  public Formats formats() {
    return formats;
  }
}
