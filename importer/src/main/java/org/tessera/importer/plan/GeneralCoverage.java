package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.expression.Expression;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.expression.Value;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.PlanCrs.Kind;
import org.tessera.importer.plan.PlanCrs.PlanAxis;
import org.tessera.importer.plan.PlannedAxis.Form;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.ArrayFile;

/** Any axes, each with expressions that give its place from the file, for all three slicers. */
final class GeneralCoverage implements Recipe {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final Pattern REFERENCE =
      Pattern.compile("netcdf:(variable|dimension):([^:]+)(:.*)?");

  /** The values of a variable, nothing computed of them. */
  private static final Pattern ALONE =
      Pattern.compile("\\s*\\$\\{netcdf:variable:([^:}]+)(?::(?:min|max|first|last))?}\\s*");

  private static final Pattern LITERAL = Pattern.compile("\\s*[-+]?[0-9.]+([eE][-+]?\\d+)?\\s*");

  @Override
  public String name() {
    return "general_coverage";
  }

  @Override
  public FilePlanner planner(PlanContext context) {
    Ingredients.CoverageOptions coverage =
        context
            .ingredients()
            .options()
            .coverage()
            .orElseThrow(() -> new ImportException("'recipe.options.coverage' is missing"));
    Ingredients.Slicer slicer =
        coverage
            .slicer()
            .orElseThrow(() -> new ImportException("'recipe.options.coverage.slicer' is missing"));
    String crsText =
        coverage
            .crs()
            .or(() -> context.ingredients().config().defaultCrs())
            .orElseThrow(() -> new ImportException("'recipe.options.coverage.crs' is missing"));
    AtomicReference<Target> target = new AtomicReference<>();
    return (file, vars) -> {
      if (target.get() == null) {
        if (slicer.type() == Ingredients.Slicer.Type.GDAL) {
          context.crsAxes().learn(vars.raster());
        }
        PlanCrs crs = PlanCrs.parse(crsText, context.crsAxes());
        target.set(new Target(crs, rules(crs, slicer)));
      }
      PlanCrs crs = target.get().crs();
      List<AxisRule> rules = target.get().rules();
      return switch (slicer.type()) {
        case GDAL -> List.of(image(context, coverage, slicer, crs, rules, file, vars));
        case NETCDF -> List.of(arrays(context, coverage, slicer, crs, rules, file, vars));
        case GRIB -> messages(context, slicer, crs, rules, file, vars);
      };
    };
  }

  /** The CRS and how its axes come from files; known from the first file on. */
  private record Target(PlanCrs crs, List<AxisRule> rules) {}

  /** An axis of the slicer with its axis of the CRS and its expressions parsed. */
  private record AxisRule(
      Ingredients.SlicerAxis given,
      PlanAxis axis,
      Optional<Expression> min,
      Optional<Expression> max,
      Optional<Expression> resolution,
      Optional<Expression> positions) {

    /** Variables in all its expressions. */
    List<String> variables() {
      List<String> out = new ArrayList<>();
      List.of(positions, min, max, resolution)
          .forEach(e -> e.ifPresent(x -> out.addAll(x.variables())));
      return out;
    }
  }

  // ---- axes of the ingredients to axes of the CRS

  private static List<AxisRule> rules(PlanCrs crs, Ingredients.Slicer slicer) {
    List<Ingredients.SlicerAxis> given = slicer.axes();
    List<String> labels = given.stream().map(Ingredients.SlicerAxis::label).toList();
    if (given.size() != crs.axes().size()) {
      throw new ImportException(
          "'slicer.axes' has the "
              + given.size()
              + " axes "
              + String.join(", ", labels)
              + ", but the CRS has "
              + crs.axes().size()
              + ": "
              + String.join(", ", crs.axes().stream().map(PlanAxis::label).toList()));
    }
    AxisRule[] out = new AxisRule[given.size()];
    List<Ingredients.SlicerAxis> left = new ArrayList<>(given);
    for (Ingredients.SlicerAxis a : given) {
      Optional<Integer> place = a.crsOrder().or(() -> byLabel(crs, a.label()));
      if (place.isPresent()) {
        int p = place.get();
        if (p < 0 || p >= out.length || out[p] != null) {
          throw new ImportException(
              "axis " + a.label() + ": 'crsOrder' " + p + " is taken or outside of the CRS");
        }
        out[p] = rule(a, crs.axes().get(p));
        left.remove(a);
      }
    }
    for (Ingredients.SlicerAxis a : left) {
      for (int p = 0; p < out.length; p++) {
        if (out[p] == null) {
          out[p] = rule(a, crs.axes().get(p));
          break;
        }
      }
    }
    return List.of(out);
  }

  private static Optional<Integer> byLabel(PlanCrs crs, String label) {
    for (int i = 0; i < crs.axes().size(); i++) {
      String own = crs.axes().get(i).label();
      if (own.equalsIgnoreCase(label) || (own.equals("Long") && label.equalsIgnoreCase("Lon"))) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  private static AxisRule rule(Ingredients.SlicerAxis a, PlanAxis axis) {
    return new AxisRule(
        a,
        axis.named(a.label()),
        a.min().map(t -> parse(a.label(), "min", t)),
        a.max().map(t -> parse(a.label(), "max", t)),
        a.resolution().map(t -> parse(a.label(), "resolution", t)),
        a.directPositions().map(t -> parse(a.label(), "directPositions", t)));
  }

  private static Expression parse(String label, String key, String text) {
    try {
      return Expression.parse(text);
    } catch (ExpressionException e) {
      throw new ImportException("axis " + label + ", " + key + ": " + e.getMessage(), e);
    }
  }

  // ---- one file

  private static PlannedSlice image(
      PlanContext context,
      Ingredients.CoverageOptions coverage,
      Ingredients.Slicer slicer,
      PlanCrs crs,
      List<AxisRule> rules,
      InputFile file,
      FileVariables vars) {
    checkCrs(crs, vars);
    if (crs.axes().stream().anyMatch(a -> a.kind() == Kind.X)) {
      RasterAxes.checkGrid(vars.raster());
    }
    Map<String, String> dimensions = imageDimensions(rules, vars);
    List<PlannedAxis> axes = new ArrayList<>();
    for (AxisRule rule : rules) {
      Optional<String> dimension = Optional.ofNullable(dimensions.get(rule.axis().label()));
      long size =
          dimension
              .map(
                  d ->
                      (long)
                          (d.equals(RasterAxes.X) ? vars.raster().width() : vars.raster().height()))
              .orElse(1L);
      boolean falling =
          dimension.equals(Optional.of(RasterAxes.Y)) && vars.raster().transform(5).signum() < 0;
      boolean known = vars.raster().transform().isPresent();
      axes.add(
          plan(
              context,
              coverage,
              slicer,
              rule,
              vars,
              dimension,
              size,
              known ? Optional.of(falling) : Optional.empty()));
    }
    Fields.Chosen chosen =
        Fields.ofRaster(
            vars.raster(), slicer.bands(), context.ingredients().config().defaultNulls(), vars);
    return Overviews.apply(
        new PlannedSlice(
            file,
            vars,
            crs,
            axes,
            RasterAxes.gridOrder(axes),
            SourceLayout.Reader.RASTER,
            context.overview(),
            chosen.bands(),
            chosen.fields()));
  }

  private static void checkCrs(PlanCrs crs, FileVariables vars) {
    if (vars.raster().epsg().isEmpty()) {
      return;
    }
    String own = "EPSG/0/" + vars.raster().epsg().get();
    Optional<PlanAxis> x = crs.axes().stream().filter(a -> a.kind() == Kind.X).findFirst();
    if (x.isPresent()
        && x.get().crs().contains("EPSG/")
        && !x.get().crs().replaceFirst("EPSG/[0-9.]+/", "EPSG/0/").endsWith(own)) {
      throw new ImportException(
          "the file's CRS is EPSG:"
              + vars.raster().epsg().get()
              + ", but the coverage's is "
              + x.get().crs().replaceFirst(".*/crs/", ""));
    }
  }

  /** Which axis runs along x and which along y of an image. */
  private static Map<String, String> imageDimensions(List<AxisRule> rules, FileVariables vars) {
    Map<String, String> out = new LinkedHashMap<>();
    for (AxisRule rule : rules) {
      if (rule.axis().kind() == Kind.X
          || refersTo(rule, "gdal:(minX|maxX|originX|resolutionX|width)")) {
        out.putIfAbsent(rule.axis().label(), RasterAxes.X);
      } else if (rule.axis().kind() == Kind.Y
          || refersTo(rule, "gdal:(minY|maxY|originY|resolutionY|height)")) {
        out.putIfAbsent(rule.axis().label(), RasterAxes.Y);
      }
    }
    List<String> missing = new ArrayList<>(List.of(RasterAxes.X, RasterAxes.Y));
    missing.removeAll(out.values());
    for (AxisRule rule : rules) {
      boolean free =
          !out.containsKey(rule.axis().label())
              && rule.axis().kind() == Kind.INDEX
              && !rule.given().irregular()
              && rule.given().dataBound();
      if (free && !missing.isEmpty()) {
        out.put(rule.axis().label(), missing.removeFirst());
      }
    }
    for (String dimension : missing) {
      int size = dimension.equals(RasterAxes.X) ? vars.raster().width() : vars.raster().height();
      if (size != 1) {
        throw new ImportException("no axis runs along " + dimension + " of the image");
      }
    }
    return out;
  }

  private static boolean refersTo(AxisRule rule, String pattern) {
    return rule.variables().stream().anyMatch(v -> v.matches(pattern));
  }

  private static PlannedSlice arrays(
      PlanContext context,
      Ingredients.CoverageOptions coverage,
      Ingredients.Slicer slicer,
      PlanCrs crs,
      List<AxisRule> rules,
      InputFile file,
      FileVariables vars) {
    Fields.Chosen chosen =
        Fields.ofArrays(
            vars.arrays(), slicer.bands(), context.ingredients().config().defaultNulls(), vars);
    ArrayFile.ArrayVariable variable = vars.arrays().variables().get(chosen.bands().getFirst());
    if (context.ingredients().options().regrid().crs().isPresent()) {
      throw new ImportException(
          "'recipe.options.regrid' is for images: take the slicer gdal and name the variable in"
              + " 'input.paths', such as NETCDF:\\\""
              + file.path()
              + "\\\":"
              + variable.name());
    }
    Map<String, String> dimensions = arrayDimensions(rules, variable, vars);
    List<PlannedAxis> axes = new ArrayList<>();
    for (AxisRule rule : rules) {
      noteCurvilinear(context, rule, vars);
      Optional<String> dimension = Optional.ofNullable(dimensions.get(rule.axis().label()));
      long size = dimension.map(d -> vars.arrays().dimensions().get(d)).orElse(1L);
      Optional<Boolean> falling = dimension.flatMap(d -> falling(rule, d, vars));
      axes.add(plan(context, coverage, slicer, rule, vars, dimension, size, falling));
    }
    for (String d : variable.dimensions()) {
      if (!dimensions.containsValue(d) && vars.arrays().dimensions().get(d) != 1) {
        throw new ImportException(
            "dimension "
                + d
                + " of variable "
                + variable.name()
                + " has "
                + vars.arrays().dimensions().get(d)
                + " cells, but no axis runs along it");
      }
    }
    // Axes of one point in the file keep their place in the CRS; the others have the file's order.
    Map<String, Long> sizes = vars.arrays().dimensions();
    List<PlannedAxis> wide =
        axes.stream()
            .filter(a -> a.dimension().isPresent() && sizes.get(a.dimension().get()) != 1)
            .sorted(
                Comparator.comparingInt(a -> variable.dimensions().indexOf(a.dimension().get())))
            .toList();
    Iterator<PlannedAxis> next = wide.iterator();
    List<PlannedAxis> order = axes.stream().map(a -> wide.contains(a) ? next.next() : a).toList();
    return new PlannedSlice(
        file,
        vars,
        crs,
        axes,
        order,
        SourceLayout.Reader.ARRAYS,
        -1,
        chosen.bands(),
        chosen.fields());
  }

  /**
   * Which axis runs along which dimension of a variable: by the variables that its expressions
   * name, then what is left in the order of both.
   */
  private static Map<String, String> arrayDimensions(
      List<AxisRule> rules, ArrayFile.ArrayVariable variable, FileVariables vars) {
    Map<String, String> out = new LinkedHashMap<>();
    for (AxisRule rule : rules) {
      if (!rule.given().dataBound()) {
        continue;
      }
      for (String v : rule.variables()) {
        Matcher m = REFERENCE.matcher(v);
        if (!m.matches()) {
          continue;
        }
        ArrayFile.ArrayVariable named = vars.arrays().variable(m.group(2)).orElse(null);
        String dimension =
            named == null
                ? m.group(2)
                : named.dimensions().size() == 1 ? named.dimensions().getFirst() : "";
        // A two-dimensional coordinate (lat over y, x) does not say which of the two is meant.
        if (variable.dimensions().contains(dimension)
            && !out.containsValue(dimension)
            && !(named == null && hasTwoDimensionalReference(rule, vars))) {
          out.put(rule.axis().label(), dimension);
          break;
        }
      }
    }
    List<String> left = new ArrayList<>(variable.dimensions());
    left.removeAll(out.values());
    List<AxisRule> open =
        new ArrayList<>(
            rules.stream()
                .filter(r -> r.given().dataBound() && !out.containsKey(r.axis().label()))
                .toList());
    // Axes of one point per file have no dimension when there are not enough for all.
    open.sort(Comparator.comparingInt(r -> r.given().gridOrder().orElse(rules.indexOf(r))));
    List<AxisRule> wide =
        open.stream().filter(r -> !r.given().irregular() || r.positions().isPresent()).toList();
    List<String> wideLeft =
        left.stream().filter(d -> vars.arrays().dimensions().get(d) != 1).toList();
    List<AxisRule> candidates = open.size() == left.size() ? open : wide;
    List<String> targets =
        open.size() == left.size() ? left : wide.size() == left.size() ? left : wideLeft;
    for (int i = 0; i < Math.min(candidates.size(), targets.size()); i++) {
      out.put(candidates.get(i).axis().label(), targets.get(i));
    }
    return out;
  }

  private static boolean hasTwoDimensionalReference(AxisRule rule, FileVariables vars) {
    return rule.variables().stream()
        .map(REFERENCE::matcher)
        .filter(Matcher::matches)
        .flatMap(m -> vars.arrays().variable(m.group(2)).stream())
        .anyMatch(v -> v.dimensions().size() > 1);
  }

  private static void noteCurvilinear(PlanContext context, AxisRule rule, FileVariables vars) {
    boolean map = rule.axis().kind() == Kind.X || rule.axis().kind() == Kind.Y;
    if (map && hasTwoDimensionalReference(rule, vars)) {
      context.note(
          "axis "
              + rule.axis().label()
              + ": its coordinates in the file lie over two dimensions, so that the cells are on no"
              + " grid of this CRS; they are placed evenly between the bounds of the ingredients."
              + " The slicer gdal with NETCDF:\"FILE\":VARIABLE in 'input.paths' and"
              + " 'recipe.options.regrid' {\"crs\": \"EPSG/0/4326\"} puts each where it belongs");
    }
  }

  /** Whether the coordinates along a dimension fall; empty if the file does not tell. */
  private static Optional<Boolean> falling(AxisRule rule, String dimension, FileVariables vars) {
    for (String v : rule.variables()) {
      Matcher m = REFERENCE.matcher(v);
      ArrayFile.ArrayVariable named =
          m.matches() ? vars.arrays().variable(m.group(2)).orElse(null) : null;
      if (named != null && named.dimensions().equals(List.of(dimension))) {
        List<BigDecimal> c = vars.coordinates(named.name());
        return c.size() < 2
            ? Optional.empty()
            : Optional.of(c.getFirst().compareTo(c.getLast()) > 0);
      }
    }
    return Optional.empty();
  }

  // ---- one axis

  private static PlannedAxis plan(
      PlanContext context,
      Ingredients.CoverageOptions coverage,
      Ingredients.Slicer slicer,
      AxisRule rule,
      FileVariables vars,
      Optional<String> dimension,
      long size,
      Optional<Boolean> falling) {
    try {
      checkCalendar(rule, vars);
      PlannedAxis a =
          rule.given().irregular()
              ? irregular(context, rule, vars, dimension, size)
              : regular(context, coverage, slicer, rule, vars, dimension, size, falling);
      return a.inGridOrder(rule.given().gridOrder());
    } catch (ExpressionException | IllegalArgumentException | ArithmeticException e) {
      throw new ImportException("axis " + rule.axis().label() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Numbers of a file that count days of a model's calendar are no seconds, days or what else of
   * real time, whatever is computed of them.
   */
  private static void checkCalendar(AxisRule rule, FileVariables vars) {
    PlanAxis axis = rule.axis();
    if (!axis.isTime()) {
      return;
    }
    for (Optional<Expression> given : List.of(rule.min(), rule.max(), rule.positions())) {
      if (given.isEmpty() || given.get().source().contains("cf_datetime")) {
        continue;
      }
      String source = given.get().source();
      for (String v : given.get().variables()) {
        Optional<TimeCalendar> model = vars.modelCalendar(v);
        if (model.isPresent() && (model.get() != axis.calendar() || !axis.takesNumbers())) {
          throw new IllegalArgumentException(
              "${"
                  + v
                  + "} counts in the calendar "
                  + model.get().cfName()
                  + ", so that '"
                  + source
                  + "' is no ISO time"
                  + axis.remedy(model.get()));
        }
      }
      Matcher alone = ALONE.matcher(source);
      if (axis.takesNumbers() && alone.matches()) {
        vars.checkUnits(alone.group(1), axis.scale().orElseThrow());
      }
    }
  }

  private static PlannedAxis irregular(
      PlanContext context,
      AxisRule rule,
      FileVariables vars,
      Optional<String> dimension,
      long size) {
    PlanAxis axis = rule.axis();
    if (rule.resolution().isPresent()
        && rule.resolution().get().evaluate(vars).asNumber().abs().compareTo(BigDecimal.ONE) != 0) {
      throw new IllegalArgumentException(
          "an irregular axis has resolution 1, found " + rule.resolution().get().source());
    }
    Value positions =
        rule.positions()
            .or(rule::min)
            .orElseThrow(
                () -> new IllegalArgumentException("'min' or 'directPositions' is missing"))
            .evaluate(vars);
    List<Value> items = positions instanceof Value.Items i ? i.items() : List.of(positions);
    List<BigDecimal> c =
        new ArrayList<>(items.stream().map(axis::coordinate).map(PlanCrs::strip).toList());
    if (dimension.isEmpty() && c.size() != 1) {
      throw new IllegalArgumentException(
          c.size() + " positions, but no dimension of the file runs along it");
    }
    if (dimension.isPresent() && c.size() != size) {
      throw new IllegalArgumentException(
          c.size() + " positions, but the dimension " + dimension.get() + " has " + size);
    }
    boolean reversed = c.size() > 1 && c.getFirst().compareTo(c.getLast()) > 0;
    if (reversed) {
      Collections.reverse(c);
    }
    for (int i = 1; i < c.size(); i++) {
      if (c.get(i).compareTo(c.get(i - 1)) <= 0) {
        throw new IllegalArgumentException(
            "positions must rise or fall throughout, but "
                + axis.text(c.get(i))
                + " stands beside "
                + axis.text(c.get(i - 1)));
      }
    }
    return new PlannedAxis(
        axis,
        new Form.Irregular(c),
        dimension,
        reversed && context.rows() != RowOrder.FILE,
        c.size(),
        Optional.empty(),
        c.getFirst(),
        c.getLast());
  }

  private static PlannedAxis regular(
      PlanContext context,
      Ingredients.CoverageOptions coverage,
      Ingredients.Slicer slicer,
      AxisRule rule,
      FileVariables vars,
      Optional<String> dimension,
      long size,
      Optional<Boolean> falling) {
    PlanAxis axis = rule.axis();
    BigDecimal a =
        axis.coordinate(
            rule.min()
                .orElseThrow(() -> new IllegalArgumentException("'min' is missing"))
                .evaluate(vars));
    BigDecimal b = rule.max().isPresent() ? axis.coordinate(rule.max().get().evaluate(vars)) : a;
    BigDecimal lower = a.min(b);
    BigDecimal upper = a.max(b);
    BigDecimal resolution =
        rule.resolution().isPresent()
            ? rule.resolution().get().evaluate(vars).asNumber()
            : BigDecimal.ONE;
    if (resolution.signum() == 0) {
      throw new IllegalArgumentException("the resolution is 0");
    }
    if (coverage.gridCoverage() && axis.kind() == Kind.INDEX) {
      long low = lower.setScale(0, RoundingMode.FLOOR).longValueExact();
      long high = upper.setScale(0, RoundingMode.CEILING).longValueExact();
      if (high - low + 1 < size) {
        throw new IllegalArgumentException(
            "min and max make " + (high - low + 1) + " cells, but the file has " + size);
      }
      noteUnfilled(context, axis, high - low + 1, size);
      return new PlannedAxis(
          axis, new Form.Index(low, high), dimension, false, size, Optional.empty(), lower, upper);
    }
    BigDecimal half = resolution.abs().divide(TWO);
    BigDecimal from = lower;
    BigDecimal to = upper;
    // The bounds of an image are those of its cells already.
    boolean point = slicer.pixelIsPoint() && slicer.type() != Ingredients.Slicer.Type.GDAL;
    if (point || lower.compareTo(upper) == 0) {
      from = lower.subtract(half);
      to = upper.add(half);
    }
    BigDecimal cells = to.subtract(from).divide(resolution.abs(), MathContext.DECIMAL64);
    long stated = cells.setScale(0, RoundingMode.HALF_UP).longValueExact();
    if (axis.kind() == Kind.INDEX && dimension.isPresent() && size < stated) {
      noteUnfilled(context, axis, stated, size);
      return PlannedAxis.regular(axis, from, to, resolution, stated, dimension, false)
          .withBounds(lower, upper)
          .reading(size);
    }
    BigDecimal off = cells.subtract(BigDecimal.valueOf(size)).abs();
    if (off.compareTo(BigDecimal.ONE) >= 0
        && off.compareTo(BigDecimal.valueOf(size).movePointLeft(3)) > 0) {
      throw new IllegalArgumentException(
          "min "
              + axis.text(lower)
              + ", max "
              + axis.text(upper)
              + " and resolution "
              + PlanCrs.strip(resolution).toPlainString()
              + " make "
              + cells.setScale(2, RoundingMode.HALF_UP).stripTrailingZeros().toPlainString()
              + " cells, but the file has "
              + size
              + (dimension.isPresent() ? " along " + dimension.get() : " there"));
    }
    if (off.compareTo(new BigDecimal("0.1")) > 0) {
      BigDecimal fitted =
          to.subtract(from).divide(BigDecimal.valueOf(size), MathContext.DECIMAL128);
      context.note(
          "axis "
              + axis.label()
              + ": the resolution "
              + PlanCrs.strip(resolution).toPlainString()
              + " does not divide the extent into the "
              + size
              + " cells of the file; "
              + fitted.round(new MathContext(10)).toPlainString()
              + " is taken");
      resolution = resolution.signum() < 0 ? fitted.negate() : fitted;
    }
    boolean reversed = size > 1 && falling.isPresent() && falling.get() != resolution.signum() < 0;
    boolean asInFile =
        (context.rows() == RowOrder.FILE && slicer.type() == Ingredients.Slicer.Type.GDAL)
            || (context.rows() != RowOrder.COORDINATES && statesRowOrder(rule));
    if (reversed && asInFile) {
      context.note(
          "axis "
              + axis.label()
              + ": the file's coordinates "
              + (falling.get() ? "fall" : "rise")
              + ", but the ingredients say resolution "
              + rule.given().resolution().orElse("")
              + ". The cells are taken in the order of the file, as wcst_import does;"
              + " --row-order coordinates places them by their coordinates");
      reversed = false;
    }
    return PlannedAxis.regular(axis, from, to, resolution, size, dimension, reversed)
        .withBounds(lower, upper);
  }

  private static void noteUnfilled(PlanContext context, PlanAxis axis, long cells, long inFile) {
    if (cells > inFile) {
      context.note(
          "axis "
              + axis.label()
              + " has "
              + cells
              + " cells by the ingredients, but the file only "
              + inFile
              + "; the others stay empty");
    }
  }

  /** Whether the sign of the resolution was written down, instead of coming from the file. */
  private static boolean statesRowOrder(AxisRule rule) {
    return rule.given().resolution().filter(t -> LITERAL.matcher(t).matches()).isPresent();
  }

  // ---- GRIB

  private static List<PlannedSlice> messages(
      PlanContext context,
      Ingredients.Slicer slicer,
      PlanCrs crs,
      List<AxisRule> rules,
      InputFile file,
      FileVariables vars) {
    boolean degrees = crs.axes().stream().anyMatch(a -> a.crs().endsWith("EPSG/0/4326"));
    if (degrees && !vars.raster().latLong()) {
      context.note(
          "the file's grid is none of longitudes and latitudes (it is projected, or its pole is"
              + " rotated), but its coordinates are taken as such; 'recipe.options.regrid'"
              + " {\"crs\": \"EPSG/0/4326\"} reprojects it");
    }
    List<GribMessage> all = GribMessage.all(vars.raster());
    Map<Integer, List<GribMessage>> byBand = new TreeMap<>();
    for (int b = 0; b < slicer.bands().size(); b++) {
      byBand.put(b, messagesOf(slicer.bands().get(b), all));
    }
    List<PlannedSlice> out = new ArrayList<>();
    Map<String, GribMessage> taken = new LinkedHashMap<>();
    List<GribMessage> first = byBand.getOrDefault(0, all);
    for (int i = 0; i < first.size(); i++) {
      FileVariables of = vars.of(first.get(i));
      int index = i;
      List<PlannedAxis> axes = new ArrayList<>();
      for (AxisRule rule : rules) {
        axes.add(gribAxis(context, slicer, rule, of, index, first.size()));
      }
      String position = position(axes);
      GribMessage before = taken.putIfAbsent(position, first.get(i));
      if (before != null) {
        throw new ImportException(
            "several messages have the same position"
                + (position.isEmpty() ? " (no axis tells them apart)" : " " + position)
                + ", so that one would replace the other: "
                + before.text()
                + " and "
                + first.get(i).text()
                + "; choose with the band's filterMessagesMatching (a text in any key of the"
                + " message), or give the coverage an axis by which they differ");
      }
      List<String> bands = new ArrayList<>();
      List<RangeField> fields = new ArrayList<>();
      for (int b = 0; b < Math.max(1, slicer.bands().size()); b++) {
        List<GribMessage> own = byBand.getOrDefault(b, all);
        if (own.size() != first.size()) {
          throw new ImportException(
              "band "
                  + slicer.bands().get(b).name()
                  + " has "
                  + own.size()
                  + " messages, the first band "
                  + first.size());
        }
        int number = own.get(i).number();
        bands.add(Integer.toString(number));
        List<Ingredients.Band> one =
            slicer.bands().isEmpty() ? List.of() : List.of(slicer.bands().get(b));
        fields.addAll(
            Fields.ofMessage(
                vars.raster().bands().get(number - 1),
                one,
                context.ingredients().config().defaultNulls(),
                of));
      }
      out.add(
          new PlannedSlice(
              file,
              of,
              crs,
              axes,
              RasterAxes.gridOrder(axes),
              SourceLayout.Reader.RASTER,
              -1,
              bands,
              fields));
    }
    if (out.isEmpty()) {
      throw new ImportException("no message of the file matches");
    }
    return out;
  }

  /**
   * The messages of a band: by its filter; else those of the parameter that its identifier names,
   * where the file has such and others; else all, as names of bands need not be those of
   * parameters.
   */
  private static List<GribMessage> messagesOf(Ingredients.Band band, List<GribMessage> all) {
    if (band.filterMessagesMatching().isPresent()) {
      String filter = band.filterMessagesMatching().get();
      return all.stream().filter(m -> matches(m, filter)).toList();
    }
    List<GribMessage> own =
        all.stream()
            .filter(m -> m.value("shortName").asText().equalsIgnoreCase(band.identifier().strip()))
            .toList();
    return own.isEmpty() ? all : own;
  }

  /** Where a message goes on the axes that do not run along its cells; empty without such. */
  private static String position(List<PlannedAxis> axes) {
    List<String> out = new ArrayList<>();
    for (PlannedAxis a : axes) {
      if (a.dimension().isEmpty()) {
        out.add(a.axis().label() + "(" + a.axis().text(a.lower()) + ")");
      }
    }
    return String.join(" ", out);
  }

  private static boolean matches(GribMessage m, String filter) {
    return m.keys().values().stream().anyMatch(v -> v.asText().contains(filter))
        || filter.isBlank();
  }

  private static PlannedAxis gribAxis(
      PlanContext context,
      Ingredients.Slicer slicer,
      AxisRule rule,
      FileVariables vars,
      int index,
      int messages) {
    // Grids that keep their own coordinates have index axes: what these are made of tells which.
    boolean own = rule.axis().kind() == Kind.INDEX && !rule.given().irregular();
    boolean x =
        rule.axis().kind() == Kind.X || (own && refersTo(rule, "grib:(longitude|iDirection).*"));
    boolean y =
        rule.axis().kind() == Kind.Y || (own && refersTo(rule, "grib:(latitude|jDirection).*"));
    Ingredients.CoverageOptions none =
        new Ingredients.CoverageOptions(Optional.empty(), false, null, Optional.of(slicer));
    if (x || y) {
      return plan(
          context,
          none,
          slicer,
          rule,
          vars,
          Optional.of(x ? RasterAxes.X : RasterAxes.Y),
          x ? vars.raster().width() : vars.raster().height(),
          Optional.of(y));
    }
    if (!rule.given().irregular()) {
      return plan(context, none, slicer, rule, vars, Optional.empty(), 1, Optional.empty());
    }
    try {
      Value at =
          rule.min()
              .orElseThrow(() -> new IllegalArgumentException("'min' is missing"))
              .evaluate(vars);
      // A list of positions computed without the messages: one each, in order.
      if (rule.positions().isPresent() && rule.positions().get().variables().isEmpty()) {
        Value list = rule.positions().get().evaluate(vars);
        if (list instanceof Value.Items l && l.items().size() == messages) {
          at = l.items().get(index);
        }
      }
      PlannedAxis a = PlannedAxis.point(rule.axis(), PlanCrs.strip(rule.axis().coordinate(at)));
      return a.inGridOrder(rule.given().gridOrder());
    } catch (ExpressionException | IllegalArgumentException e) {
      throw new ImportException("axis " + rule.axis().label() + ": " + e.getMessage(), e);
    }
  }
}
