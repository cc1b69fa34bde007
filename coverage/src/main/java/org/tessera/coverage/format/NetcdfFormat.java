package org.tessera.coverage.format;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.format.gdal.ArrayFileSpec;
import org.tessera.coverage.format.gdal.Attribute;
import org.tessera.coverage.format.gdal.DimensionSpec;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.VariableSpec;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.CellType;
import org.tessera.engine.eval.Evaluation;

/**
 * netCDF-4 with the CF conventions, of any dimension: dimensions in grid order, a coordinate
 * variable for each with the points of the cells, a variable for each field with units, null value
 * and the attributes of the coverage's metadata. Written by a GDAL worker.
 */
final class NetcdfFormat implements CoverageFormat {
  /** More points than this on one axis do not fit into a request to the worker. */
  private static final long MAX_POINTS = 20_000_000;

  /** Attributes that this class writes itself, or whose meaning it would break by copying them. */
  private static final Set<String> OWN =
      Set.of("_FillValue", "missing_value", "valid_min", "valid_max", "units", "grid_mapping");

  private final GdalWorkers workers;
  private final CrsResolver crs;

  NetcdfFormat(GdalWorkers workers, CrsResolver crs) {
    this.workers = workers;
    this.crs = crs;
  }

  @Override
  public String mediaType() {
    return "application/netcdf";
  }

  @Override
  public List<String> names() {
    return List.of("netcdf", "nc", "netcdf4", "application/x-netcdf", "application/x-netcdf4");
  }

  @Override
  public String extension() {
    return "nc";
  }

  @Override
  public Encoder prepare(EncodeRequest request) {
    EncodeOptions options = EncodeOptions.parse(request.options()).knownTo(mediaType(), List.of());
    CoverageMetadata metadata = CoverageMetadata.of(request.metadata(), options);
    List<Axis> axes = request.domain().axes();
    List<Integer> order =
        IntStream.range(0, axes.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> axes.get(i).gridRank()))
            .toList();
    ArrayExpr cells = Grids.permuted(request.cells(), order);
    Map<String, CrsAxis> kinds = crs.axes(request.domain());
    Optional<Crs> horizontal = horizontal(request, kinds);
    List<DimensionSpec> dimensions = new ArrayList<>();
    List<VariableSpec> variables = new ArrayList<>();
    for (int i : order) {
      Axis axis = axes.get(i);
      CrsAxis kind = kinds.get(axis.label());
      dimensions.add(
          new DimensionSpec(axis.label(), axis.size(), dimensionType(kind), direction(kind)));
      variables.add(coordinates(axis, kind, horizontal, attributes(options, metadata, axis)));
    }
    List<String> names = dimensions.stream().map(DimensionSpec::name).toList();
    List<GdalType> types = new ArrayList<>();
    List<Double> given = options.nodata();
    for (int b = 0; b < cells.type().bands().size(); b++) {
      CellType type = cells.type().band(b).type();
      if (type.isComplex()) {
        throw new OwsException(
            OwsErrorCode.INVALID_REQUEST, "netCDF has no type for complex cells");
      }
      types.add(GdalType.of(type));
      Double nodata = given.isEmpty() ? null : given.get(Math.min(b, given.size() - 1));
      RangeField field = request.range().get(b);
      Map<String, String> described =
          StoredValues.is(cells, b)
              ? metadata.bands().getOrDefault(field.name(), Map.of())
              : Map.of();
      variables.add(field(field, type, nodata, names, described, horizontal));
    }
    List<Attribute> global = new ArrayList<>();
    metadata.global().forEach((k, v) -> global.add(Attribute.of(k, v)));
    if (!metadata.global().containsKey("Conventions")) {
      global.add(Attribute.of("Conventions", "CF-1.8"));
    }
    ArrayFileSpec spec =
        new ArrayFileSpec(
            "netCDF",
            dimensions,
            variables,
            global,
            horizontal.map(h -> GdalRasterFormat.forGdal(crs, h)).orElse(null),
            Map.of("FORMAT", "NC4"));
    Evaluation evaluation = request.evaluator().prepare(cells, request.limits());
    int[] places = IntStream.range(0, names.size()).toArray();
    return out -> {
      try {
        workers.writeArrays(
            spec, (start, count) -> Slabs.read(evaluation, start, count, places, types), out);
      } catch (GdalException e) {
        throw Slabs.told(e, "netcdf");
      }
    };
  }

  /** The system that the file is given: only where both of its axes are still there. */
  private Optional<Crs> horizontal(EncodeRequest request, Map<String, CrsAxis> kinds) {
    boolean y = kinds.values().stream().anyMatch(a -> a.kind() == CrsAxis.Kind.Y);
    return request.domain().axes().stream()
        .filter(a -> y && kinds.get(a.label()).kind() == CrsAxis.Kind.X)
        .findFirst()
        .flatMap(a -> crs.resolve(a.crs()).horizontal());
  }

  private static String dimensionType(CrsAxis axis) {
    return switch (axis.kind()) {
      case X -> "HORIZONTAL_X";
      case Y -> "HORIZONTAL_Y";
      case TIME -> "TEMPORAL";
      case VERTICAL -> "VERTICAL";
      case INDEX, OTHER -> null;
    };
  }

  private static String direction(CrsAxis axis) {
    return switch (axis.kind()) {
      case X -> "EAST";
      case Y -> "NORTH";
      case VERTICAL -> axis.direction().equals("down") ? "DOWN" : "UP";
      case TIME, INDEX, OTHER -> null;
    };
  }

  /** Attributes of an axis from the metadata; those of the request win. */
  private static Map<String, String> attributes(
      EncodeOptions options, CoverageMetadata metadata, Axis axis) {
    Map<String, String> attributes =
        new LinkedHashMap<>(metadata.axes().getOrDefault(axis.label(), Map.of()));
    if (options.object("variables").get(axis.label()) instanceof Map<?, ?> variable
        && variable.get("metadata") instanceof Map<?, ?> given) {
      given.forEach((k, v) -> attributes.put(String.valueOf(k), String.valueOf(v)));
    }
    return attributes;
  }

  private VariableSpec coordinates(
      Axis axis, CrsAxis kind, Optional<Crs> horizontal, Map<String, String> given) {
    if (axis.size() > MAX_POINTS) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          axis.label(),
          "netCDF output takes at most " + MAX_POINTS + " points on axis " + axis.label());
    }
    List<Double> points = new ArrayList<>();
    for (long i = axis.low(); i <= axis.high(); i++) {
      BigDecimal point = GridMapping.coordinateOf(axis, i);
      // The cell of an index reaches from it to the next one; the file names the middle.
      points.add(point.doubleValue() + (axis instanceof Axis.IndexAxis ? 0.5 : 0));
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    String units = given.getOrDefault("units", "");
    boolean geographic = horizontal.map(h -> h.kind() == Crs.Kind.GEOGRAPHIC).orElse(false);
    switch (kind.kind()) {
      case X -> {
        attributes.put("standard_name", geographic ? "longitude" : "projection_x_coordinate");
        attributes.put("axis", "X");
        units = units.isEmpty() ? geographic ? "degrees_east" : unit(kind) : units;
      }
      case Y -> {
        attributes.put("standard_name", geographic ? "latitude" : "projection_y_coordinate");
        attributes.put("axis", "Y");
        units = units.isEmpty() ? geographic ? "degrees_north" : unit(kind) : units;
      }
      case VERTICAL -> {
        attributes.put("axis", "Z");
        attributes.put("positive", kind.direction().equals("down") ? "down" : "up");
        units = units.isEmpty() ? unit(kind) : units;
      }
      case TIME -> {
        // The numbers are those of the axis: units of the file it came from would be wrong.
        Optional<TimeScale> scale = crs.resolve(axis.crs()).time();
        if (scale.isPresent()) {
          units = units(scale.get());
          attributes.put("standard_name", "time");
          attributes.put("axis", "T");
        }
      }
      case INDEX, OTHER -> {
        // Nothing is known of it but what the metadata says.
      }
    }
    boolean time = kind.kind() == CrsAxis.Kind.TIME;
    given.forEach(
        (k, v) -> {
          if (!OWN.contains(k) && !(time && k.equals("calendar"))) {
            attributes.put(k, v);
          }
        });
    if (time) {
      crs.resolve(axis.crs())
          .time()
          .ifPresent(s -> attributes.put("calendar", s.calendar().cfName()));
    }
    List<Attribute> list = new ArrayList<>();
    attributes.forEach((k, v) -> list.add(Attribute.of(k, v)));
    return VariableSpec.coordinates(axis.label(), units.isEmpty() ? null : units, points, list);
  }

  private static String unit(CrsAxis axis) {
    return axis.uom().equals("metre") ? "m" : axis.uom();
  }

  private static String units(TimeScale scale) {
    String unit =
        switch (scale.uom()) {
          case "d", "day", "days" -> "days";
          case "h", "hour", "hours" -> "hours";
          case "min" -> "minutes";
          case "s", "second", "seconds" -> "seconds";
          case "ms" -> "milliseconds";
          case "wk", "week" -> "weeks";
          default -> scale.uom();
        };
    String epoch = scale.text(BigDecimal.ZERO);
    return unit + " since " + epoch.substring(0, epoch.indexOf('.')).replace('T', ' ');
  }

  private static VariableSpec field(
      RangeField field,
      CellType type,
      Double given,
      List<String> dimensions,
      Map<String, String> extra,
      Optional<Crs> horizontal) {
    GdalType gdal = GdalType.of(type);
    List<Attribute> attributes = new ArrayList<>();
    range(gdal)
        .ifPresent(
            r -> {
              attributes.add(Attribute.of("valid_min", gdal, List.of(r.getFirst())));
              attributes.add(Attribute.of("valid_max", gdal, List.of(r.getLast())));
            });
    Double nodata =
        given == null && !field.nils().isEmpty()
            ? Double.valueOf(NilValues.nullSet(field.nils()).fill())
            : given;
    Number fill = nodata == null ? null : number(gdal, nodata);
    if (fill != null) {
      attributes.add(Attribute.of("missing_value", gdal, List.of(fill)));
    }
    if (!extra.containsKey("description")) {
      attributes.add(Attribute.of("description", field.description()));
    }
    extra.forEach(
        (k, v) -> {
          if (!OWN.contains(k)) {
            attributes.add(attribute(k, v));
          }
        });
    String units = extra.getOrDefault("units", field.uom());
    return VariableSpec.streamed(
        field.name(),
        dimensions,
        gdal,
        fill,
        units.isEmpty() ? null : units,
        attributes,
        horizontal.isPresent());
  }

  /** CF readers want these as numbers. */
  private static Attribute attribute(String name, String text) {
    if (name.equals("scale_factor") || name.equals("add_offset")) {
      try {
        return Attribute.of(name, Double.parseDouble(text));
      } catch (NumberFormatException e) {
        return Attribute.of(name, text);
      }
    }
    return Attribute.of(name, text);
  }

  /** Least and greatest value of a type. */
  private static Optional<List<Number>> range(GdalType type) {
    CellType cell = type.cellType();
    return switch (type) {
      case FLOAT32 -> Optional.of(List.of(-(double) Float.MAX_VALUE, (double) Float.MAX_VALUE));
      case FLOAT64 -> Optional.of(List.of(-Double.MAX_VALUE, Double.MAX_VALUE));
      case INT64 -> Optional.of(List.of(Long.MIN_VALUE, Long.MAX_VALUE));
      case UINT64, CINT16, CINT32, CFLOAT32, CFLOAT64 -> Optional.empty();
      case UINT8, INT8, UINT16, INT16, UINT32, INT32 ->
          Optional.of(List.of((double) cell.min(), (double) cell.max()));
    };
  }

  /** A null value in the type of the cells; null if it does not fit. */
  private static Number number(GdalType type, double value) {
    return switch (type) {
      case FLOAT32 -> (double) (float) value;
      case FLOAT64 -> value;
      case INT64, UINT64 -> value == Math.rint(value) ? (Number) (long) value : null;
      case UINT8, INT8, UINT16, INT16, UINT32, INT32 -> {
        CellType cell = type.cellType();
        yield value == Math.rint(value) && value >= cell.min() && value <= cell.max()
            ? value
            : null;
      }
      case CINT16, CINT32, CFLOAT32, CFLOAT64 -> null;
    };
  }
}
