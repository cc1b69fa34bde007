package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.engine.array.CellType;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.PlannedAxis.Form;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.Packing;
import org.tessera.importer.source.SourceFiles;

/** One planning: all files through the recipe, then all slices into line with the first. */
final class Planning {
  /** Cells of two files may differ in size by this part of one; their borders still fit a grid. */
  private static final BigDecimal SAME_SIZE = new BigDecimal("0.001");

  /** Part of a cell up to which a shift is the rounding of numbers in files. */
  private static final BigDecimal ALIGNED = new BigDecimal("0.01");

  private final ExistingGrid existing;
  private final Ingredients ingredients;
  private final Recipe recipe;
  private final SourceFiles source;
  private final PlanContext context;
  private final Map<InputFile, String> problems = new LinkedHashMap<>();

  Planning(
      Ingredients ingredients,
      Recipe recipe,
      SourceFiles source,
      int overview,
      RowOrder rows,
      ExistingGrid existing) {
    this.existing = existing;
    this.ingredients = ingredients;
    this.recipe = recipe;
    this.source = source;
    this.context = new PlanContext(ingredients, overview, rows, new CrsAxes(), new ArrayList<>());
  }

  ImportPlan plan(List<InputFile> files) {
    Recipe.FilePlanner planner = recipe.planner(context);
    List<PlannedSlice> slices = new ArrayList<>();
    source.expect(files.stream().map(InputFile::dataset).toList());
    for (InputFile file : files) {
      try {
        List<PlannedSlice> own =
            planner.slices(file, new FileVariables(file, source, ingredients.options().regrid()));
        for (PlannedSlice s : own) {
          s.axes().forEach(PlannedAxis::checkPossible);
          slices.add(slices.isEmpty() ? s : inLine(slices.getFirst(), s));
        }
      } catch (ImportException | ExpressionException e) {
        String problem =
            e.getMessage().contains(file.dataset()) ? e.getMessage() : file + ": " + e.getMessage();
        if (!ingredients.config().skip()) {
          throw new FileException(file, problem, e);
        }
        problems.put(file, problem);
      }
    }
    if (slices.isEmpty() && problems.isEmpty()) {
      throw new ImportException("there is nothing to import");
    }
    if (slices.isEmpty()) {
      String id = Recipes.coverageId(ingredients, context.overview());
      return new ImportPlan(id, List.of(), "", true, "", List.of(), problems, context.notes());
    }
    List<PlannedSlice> ordered = grouped(sorted(aligned(slices)));
    PlannedSlice first = unpacked(ordered.getFirst());
    notePacking(first);
    CoverageMetadata metadata = new CoverageMetadata(ingredients, first, context::note);
    List<Slice> out = new ArrayList<>();
    for (PlannedSlice s : ordered) {
      out.add(
          new Slice(
              s.file(),
              PlannedAxis.domain(s.crs().uri(), s.axes(), s.defaultOrder()),
              new SourceLayout(
                  s.reader(),
                  s.file().template(),
                  s.overview(),
                  s.reader() == SourceLayout.Reader.RASTER
                      ? s.variables().raster().regrid()
                      : Optional.empty(),
                  ingredients.options().unpack(),
                  s.bands(),
                  PlannedAxis.sources(s.axes()),
                  List.of(),
                  ingredients.config().insitu()),
              PlannedAxis.places(s.axes()),
              metadata.local(s)));
    }
    return new ImportPlan(
        Recipes.coverageId(ingredients, context.overview()),
        first.fields(),
        metadata.text(out),
        metadata.isXml(),
        mediaType(first),
        out,
        problems,
        context.notes());
  }

  /** Tells of bands whose cells are not the values, unless the values are imported. */
  private void notePacking(PlannedSlice s) {
    if (ingredients.options().unpack()) {
      return;
    }
    Map<Packing, List<String>> packed = new LinkedHashMap<>();
    for (int i = 0; i < s.fields().size(); i++) {
      String name = s.fields().get(i).name();
      s.packing(i).ifPresent(p -> packed.computeIfAbsent(p, k -> new ArrayList<>()).add(name));
    }
    packed.forEach(
        (p, names) ->
            context.note(
                (names.size() == 1 ? "band " : "bands ")
                    + String.join(", ", names)
                    + ": the values in the file are packed ("
                    + p
                    + ") and its cells are imported as they are; 'recipe.options.unpack' true"
                    + " imports the values"));
  }

  /**
   * Where values are unpacked: fields of floats, with the units of the file if the ingredients give
   * none. Cells as they are in a file keep 10^0, as with wcst_import: packed, they are not in that
   * unit.
   */
  private PlannedSlice unpacked(PlannedSlice s) {
    if (!ingredients.options().unpack()) {
      return s;
    }
    List<Ingredients.Band> given =
        ingredients
            .options()
            .coverage()
            .flatMap(Ingredients.CoverageOptions::slicer)
            .map(Ingredients.Slicer::bands)
            .orElse(List.of());
    List<RangeField> fields = new ArrayList<>();
    for (int i = 0; i < s.fields().size(); i++) {
      RangeField f = s.fields().get(i);
      String band = s.bands().get(i);
      boolean own = i < given.size() && given.get(i).uom().isPresent();
      String unit =
          s.reader() == SourceLayout.Reader.ARRAYS
              ? s.variables().arrays().variables().get(band).unit()
              : s.variables().raster().bands().get(Integer.parseInt(band) - 1).unit();
      Optional<String> code = own ? Optional.empty() : Fields.unitCode(unit);
      fields.add(
          new RangeField(
              f.name(),
              s.packing(i).isPresent() ? values(f.type()) : f.type(),
              f.label(),
              f.description(),
              f.definition(),
              code.orElse(f.uom()),
              f.nils()));
    }
    return s.withFields(fields);
  }

  /** The type of values whose packed cells have a type, as the server has it for files. */
  private static CellType values(CellType packed) {
    return packed.isFloat() ? packed : packed.bytes() <= 2 ? CellType.FLOAT32 : CellType.FLOAT64;
  }

  private static String mediaType(PlannedSlice s) {
    if (s.reader() == SourceLayout.Reader.ARRAYS) {
      return "application/netcdf";
    }
    return switch (s.variables().raster().driver()) {
      case "GTiff", "COG" -> "image/tiff";
      case "PNG" -> "image/png";
      case "JPEG" -> "image/jpeg";
      case "JP2OpenJPEG" -> "image/jp2";
      case "GRIB" -> "application/x-grib";
      case "netCDF" -> "application/netcdf";
      default -> "application/octet-stream";
    };
  }

  /** A slice made to fit the first: same axes and bands, cells of the very same size. */
  private PlannedSlice inLine(PlannedSlice first, PlannedSlice s) {
    if (!s.crs().uri().equals(first.crs().uri())) {
      throw new ImportException(
          "its CRS is "
              + shortCrs(s.crs().uri())
              + ", but that of "
              + first.file()
              + " is "
              + shortCrs(first.crs().uri()));
    }
    if (s.fields().size() != first.fields().size()) {
      throw new ImportException(
          "it has "
              + s.fields().size()
              + " bands, but "
              + first.file()
              + " has "
              + first.fields().size());
    }
    for (int i = 0; i < s.fields().size(); i++) {
      RangeField a = first.fields().get(i);
      RangeField b = s.fields().get(i);
      if (a.type() != b.type()) {
        throw new ImportException(
            "band "
                + b.name()
                + " has cells of type "
                + b.type()
                + ", but in "
                + first.file()
                + " "
                + a.type());
      }
    }
    List<PlannedAxis> axes = new ArrayList<>();
    for (int i = 0; i < s.axes().size(); i++) {
      axes.add(inLine(first.axes().get(i), s.axes().get(i), first.file()));
    }
    return s.withAxes(axes);
  }

  private static String shortCrs(String uri) {
    return uri.replaceAll("http://www.opengis.net/def/crs(-compound\\?)?/?", "");
  }

  private PlannedAxis inLine(PlannedAxis first, PlannedAxis a, InputFile firstFile) {
    if (!(first.form() instanceof Form.Regular f) || !(a.form() instanceof Form.Regular r)) {
      return a;
    }
    BigDecimal off =
        r.resolution().subtract(f.resolution()).divide(f.resolution(), MathContext.DECIMAL64).abs();
    if (off.compareTo(SAME_SIZE) > 0) {
      throw new ImportException(
          "axis "
              + a.axis().label()
              + ": its resolution is "
              + PlanCrs.strip(r.resolution()).toPlainString()
              + ", but that of "
              + firstFile
              + " is "
              + PlanCrs.strip(f.resolution()).toPlainString());
    }
    return a.withForm(new Form.Regular(r.border(), f.resolution(), r.size()));
  }

  /**
   * All slices on one grid: that of the coverage which is there already, else of the slice that
   * begins it (lowest coordinate, or highest on an axis that falls). Files between its lines are
   * moved to the nearest, by at most half a cell.
   */
  private List<PlannedSlice> aligned(List<PlannedSlice> slices) {
    List<PlannedSlice> out = slices;
    for (int i = 0; i < slices.getFirst().axes().size(); i++) {
      int n = i;
      PlannedAxis first = slices.getFirst().axes().get(n);
      if (first.form() instanceof Form.Regular f) {
        BigDecimal anchor =
            existing
                .border(first.axis(), f.resolution())
                .orElseGet(
                    () -> {
                      Stream<BigDecimal> borders =
                          slices.stream()
                              .map(s -> ((Form.Regular) s.axes().get(n).form()).border());
                      return (f.resolution().signum() > 0
                              ? borders.min(BigDecimal::compareTo)
                              : borders.max(BigDecimal::compareTo))
                          .orElseThrow();
                    });
        out = out.stream().map(s -> s.with(n, onGrid(s.axes().get(n), anchor))).toList();
        noteCollisions(n, slices, out);
      }
    }
    return out;
  }

  /**
   * Slices of one cell that lay apart and fall into the same cell: the later replaces the other.
   */
  private void noteCollisions(int axis, List<PlannedSlice> before, List<PlannedSlice> after) {
    long apart = before.stream().map(s -> s.axes().get(axis).form()).distinct().count();
    List<Form> places = after.stream().map(s -> s.axes().get(axis).form()).distinct().toList();
    if (places.size() < apart && places.stream().allMatch(f -> f.size() == 1)) {
      context.note(
          "axis "
              + after.getFirst().axes().get(axis).axis().label()
              + ": "
              + apart
              + " places fall into "
              + places.size()
              + " cells of the resolution; what is sent later replaces what is there (an irregular"
              + " axis keeps all)");
    }
  }

  private PlannedAxis onGrid(PlannedAxis a, BigDecimal anchor) {
    Form.Regular r = (Form.Regular) a.form();
    BigDecimal cells = r.border().subtract(anchor).divide(r.resolution(), MathContext.DECIMAL128);
    BigDecimal whole = cells.setScale(0, RoundingMode.HALF_UP);
    if (cells.subtract(whole).abs().compareTo(ALIGNED) > 0) {
      context.note(
          "axis "
              + a.axis().label()
              + ": not all files lie on one grid; they are moved to its nearest cells, by at most"
              + " half a cell");
    }
    return a.withForm(
        new Form.Regular(anchor.add(whole.multiply(r.resolution())), r.resolution(), r.size()));
  }

  /** In order of time, or of the first irregular axis; without either as the files come. */
  private List<PlannedSlice> sorted(List<PlannedSlice> slices) {
    List<PlannedSlice> out = new ArrayList<>(slices);
    Ingredients.Order order = ingredients.options().order().orElse(Ingredients.Order.ASCENDING);
    if (order == Ingredients.Order.NONE) {
      return out;
    }
    Optional<Integer> key = sortAxis(slices.getFirst());
    if (key.isPresent()) {
      Comparator<PlannedSlice> byCoordinate =
          Comparator.comparing(s -> s.axes().get(key.get()).lower());
      out.sort(order == Ingredients.Order.ASCENDING ? byCoordinate : byCoordinate.reversed());
    } else if (order == Ingredients.Order.DESCENDING) {
      Collections.reverse(out);
    }
    return out;
  }

  private static Optional<Integer> sortAxis(PlannedSlice s) {
    for (int i = 0; i < s.axes().size(); i++) {
      if (s.axes().get(i).axis().isTime()) {
        return Optional.of(i);
      }
    }
    for (int i = 0; i < s.axes().size(); i++) {
      if (s.axes().get(i).form() instanceof Form.Irregular) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  /** Coordinates of axes with a group size put together: all of a group get that of its first. */
  private List<PlannedSlice> grouped(List<PlannedSlice> slices) {
    List<Ingredients.SlicerAxis> given =
        ingredients
            .options()
            .coverage()
            .flatMap(Ingredients.CoverageOptions::slicer)
            .map(Ingredients.Slicer::axes)
            .orElse(List.of());
    List<PlannedSlice> out = slices;
    for (Ingredients.SlicerAxis g : given) {
      if (g.sliceGroupSize().isPresent()) {
        out = grouped(out, g.label(), BigDecimal.valueOf(g.sliceGroupSize().get()));
      }
    }
    return out;
  }

  private static List<PlannedSlice> grouped(
      List<PlannedSlice> slices, String label, BigDecimal size) {
    BigDecimal start =
        slices.stream()
            .flatMap(s -> s.axes().stream())
            .filter(a -> a.axis().label().equals(label))
            .map(PlannedAxis::lower)
            .min(BigDecimal::compareTo)
            .orElseThrow();
    List<PlannedSlice> out = new ArrayList<>();
    for (PlannedSlice s : slices) {
      out.add(
          s.withAxes(
              s.axes().stream()
                  .map(
                      a -> {
                        if (!a.axis().label().equals(label)
                            || !(a.form() instanceof Form.Irregular f)
                            || f.size() != 1) {
                          return a;
                        }
                        BigDecimal steps =
                            f.coordinates().getFirst().subtract(start).divideToIntegralValue(size);
                        BigDecimal c = start.add(steps.multiply(size));
                        return a.withForm(new Form.Irregular(List.of(c))).withBounds(c, c);
                      })
                  .toList()));
    }
    return out;
  }
}
