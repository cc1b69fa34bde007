package org.tessera.importer.ingredients;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.recipe.DerivedRecipes;
import org.tessera.importer.source.SourceFiles;

/**
 * An ingredients file.
 *
 * @param folder the folder that relative paths start from
 */
public record Ingredients(
    Path folder, Config config, Input input, String recipe, Options options, List<Hook> hooks) {

  /**
   * How to import.
   *
   * @param serviceUrl address of the server's OWS endpoint; empty if the file names none
   * @param local whether the server can read the files by their paths
   * @param mock only show what would be sent
   * @param automated no questions
   * @param blocking look at all files before the first is sent
   * @param defaultNulls null values of all bands that say nothing themselves; empty: as the file
   *     says
   * @param skip go on after a file that cannot be imported
   * @param retries how often a request is repeated when the server cannot be reached
   * @param trackFiles keep a list of imported files and leave them out the next time
   * @param changedAgain import files again that have changed since
   * @param restriction where slices must lie to be imported, an interval for each axis in the order
   *     of the CRS; empty: anywhere
   * @param descriptionSlices how many slices the preview shows
   */
  public record Config(
      Optional<String> serviceUrl,
      boolean local,
      boolean mock,
      boolean automated,
      boolean blocking,
      List<String> defaultNulls,
      Optional<String> crsResolver,
      Optional<String> defaultCrs,
      boolean skip,
      int retries,
      Duration retrySleep,
      boolean trackFiles,
      boolean changedAgain,
      Optional<Path> resumeFolder,
      List<Interval> restriction,
      int descriptionSlices,
      boolean insitu) {}

  /**
   * Coordinates of an axis, both inclusive, as the user writes them: numbers or times; empty: not
   * bounded.
   */
  public record Interval(Optional<String> low, Optional<String> high) {}

  /**
   * What to import.
   *
   * @param paths files, with wildcards, relative to the folder of the ingredients
   */
  public record Input(
      String coverageId,
      List<String> paths,
      Optional<String> inspireUrl,
      List<String> modebeams,
      List<String> polarisations,
      Optional<String> product) {}

  /** In which order slices are sent. */
  public enum Order {
    ASCENDING,
    DESCENDING,
    NONE
  }

  /**
   * The options of a recipe; those that a recipe does not know are left out or empty.
   *
   * @param regrid with a CRS: reproject files to it; without: how rows of GRIB files on reduced
   *     grids are made equally long
   */
  public record Options(
      Optional<Order> order,
      Optional<String> tiling,
      boolean wms,
      List<Level> levels,
      List<Integer> overviews,
      boolean allOverviews,
      boolean overviewsOnly,
      List<String> pyramidMembers,
      List<String> pyramidBases,
      boolean pyramidHarvesting,
      boolean unpack,
      SourceLayout.Regrid regrid,
      Optional<Extraction> extraction,
      Optional<Union> union,
      Optional<TimeAxis> time,
      List<String> bandNames,
      Optional<CoverageOptions> coverage) {}

  /**
   * A reduced version to be made of the coverage.
   *
   * @param coverage its id
   * @param factors one per axis, or a single one for the axes of the map
   */
  public record Level(String coverage, List<Double> factors) {}

  /**
   * What the recipe wcs_extract copies.
   *
   * @param endpoint address of the other WCS
   * @param partitioning most cells per axis of one request, in CRS order; empty: chosen by size
   */
  public record Extraction(String coverageId, String endpoint, List<Integer> partitioning) {}

  /**
   * What the recipe virtual_coverage puts together.
   *
   * @param sources ids of coverages, or patterns of ids; later ones over earlier ones
   * @param crs horizontal CRS of the result; empty for that of the sources
   * @param resolution of the horizontal axes; empty for the finest of the sources
   */
  public record Union(List<String> sources, Optional<String> crs, Optional<String> resolution) {
    public Union {
      sources = List.copyOf(sources);
    }
  }

  /** The time axis of the recipes time_series_*. */
  public record TimeAxis(
      String crs,
      Optional<String> start,
      Optional<String> step,
      String format,
      Optional<String> tagName,
      Optional<String> fileRegex,
      String fileGroup) {}

  /** {@code options.coverage}. */
  public record CoverageOptions(
      Optional<String> crs, boolean gridCoverage, Metadata metadata, Optional<Slicer> slicer) {}

  /**
   * {@code options.coverage.metadata}. The nodes are missing, the text {@code auto}, or objects.
   *
   * @param xml whether it is written as XML, else JSON
   */
  public record Metadata(
      boolean xml,
      JsonNode global,
      JsonNode local,
      JsonNode bands,
      JsonNode axes,
      Optional<String> colorPaletteTable) {}

  /** {@code options.coverage.slicer}. */
  public record Slicer(Type type, boolean pixelIsPoint, List<Band> bands, List<SlicerAxis> axes) {
    /** How files are read. */
    public enum Type {
      GDAL,
      NETCDF,
      GRIB
    }
  }

  /**
   * A band of the slicer.
   *
   * @param identifier number or name of it in the file
   * @param variable the name in the file a second time, if it is given beside the identifier
   * @param nilValues as given, several with commas between; empty: as the file says
   */
  public record Band(
      String identifier,
      String name,
      Optional<String> variable,
      Optional<String> description,
      Optional<String> definition,
      List<String> nilValues,
      Optional<String> nilReason,
      Optional<String> uom,
      Optional<String> filterMessagesMatching) {}

  /** An axis of the slicer; min, max, resolution and directPositions are expressions. */
  public record SlicerAxis(
      String label,
      Optional<String> min,
      Optional<String> max,
      Optional<String> resolution,
      Optional<String> directPositions,
      boolean irregular,
      boolean dataBound,
      Optional<Integer> gridOrder,
      Optional<Integer> crsOrder,
      Optional<Integer> sliceGroupSize,
      Optional<String> type) {}

  /** A command before or after the import. */
  public record Hook(
      String description,
      boolean before,
      Optional<String> command,
      Optional<String> pythonCommand,
      boolean abortOnError,
      List<String> replacePaths) {}

  /**
   * Reads and checks a file.
   *
   * @throws org.tessera.importer.problem.ImportException naming the key that is wrong
   */
  public static Ingredients read(Path file) {
    return new IngredientsReader(file).read();
  }

  /**
   * As {@link #read}; what a derived recipe makes of the file, one per coverage.
   *
   * @param source for recipes that look into files
   */
  public static List<Ingredients> readAll(Path file, DerivedRecipes recipes, SourceFiles source) {
    return new IngredientsReader(file).readAll(recipes, source);
  }
}
