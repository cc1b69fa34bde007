package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.expression.CfTime;
import org.tessera.importer.expression.Value;
import org.tessera.importer.expression.Variables;
import org.tessera.importer.source.ArrayFile;
import org.tessera.importer.source.RasterFile;
import org.tessera.importer.source.SourceFiles;

/** What <code>${...}</code> stands for in one file; the file is looked at when first needed. */
final class FileVariables implements Variables {
  private final InputFile file;
  private final SourceFiles source;
  private final SourceLayout.Regrid regrid;
  private final Map<String, List<BigDecimal>> values = new HashMap<>();
  private RasterFile raster;
  private ArrayFile arrays;
  private GribMessage message;

  FileVariables(InputFile file, SourceFiles source, SourceLayout.Regrid regrid) {
    this.file = file;
    this.source = source;
    this.regrid = regrid;
  }

  /** The same for one message of a GRIB file. */
  FileVariables of(GribMessage m) {
    FileVariables out = new FileVariables(file, source, regrid);
    out.raster = raster;
    out.message = m;
    return out;
  }

  RasterFile raster() {
    if (raster == null) {
      raster = source.raster(file.dataset(), regrid);
    }
    return raster;
  }

  ArrayFile arrays() {
    if (arrays == null) {
      arrays = source.arrays(file.dataset());
    }
    return arrays;
  }

  @Override
  public Value value(String name) {
    String[] parts = name.split(":", -1);
    return switch (parts[0]) {
      case "file", "imported_file" -> ofFile(name, parts);
      case "gdal" -> gdal(name, parts);
      case "netcdf" -> netcdf(name, parts);
      case "grib" -> grib(name);
      default -> throw unknown(name, "file:, gdal:, netcdf:, grib:");
    };
  }

  private Value ofFile(String name, String[] parts) {
    Path original = file.original();
    return switch (parts.length == 2 ? parts[1] : "") {
      case "path" -> Value.of(file.dataset());
      case "name" -> Value.of(file.name());
      case "dir_path" -> Value.of(parent(file.path()));
      case "original_path" -> Value.of(original.toString());
      case "original_dir_path" -> Value.of(parent(original));
      default ->
          throw unknown(name, "file:path, file:name, file:dir_path, file:original_path, ...");
    };
  }

  private static String parent(Path p) {
    return p.getParent() == null ? "" : p.getParent().toString();
  }

  private Value gdal(String name, String[] parts) {
    RasterFile r = raster();
    if (parts.length == 3 && parts[1].equals("metadata")) {
      String v = r.metadata().get(parts[2]);
      if (v == null) {
        throw new IllegalArgumentException(
            "the file has no metadata '" + parts[2] + "'; it has " + some(r.metadata()));
      }
      return Value.of(v);
    }
    return switch (parts.length == 2 ? parts[1] : "") {
      case "minX" -> Value.of(r.minX());
      case "maxX" -> Value.of(r.maxX());
      case "minY" -> Value.of(r.minY());
      case "maxY" -> Value.of(r.maxY());
      case "originX" -> Value.of(r.transform(0));
      case "originY" -> Value.of(r.transform(3));
      case "resolutionX" -> Value.of(r.transform(1));
      case "resolutionY" -> Value.of(r.transform(5));
      case "width" -> Value.of(r.width());
      case "height" -> Value.of(r.height());
      default ->
          throw unknown(
              name,
              "gdal:minX maxX minY maxY originX originY resolutionX resolutionY width height");
    };
  }

  private Value netcdf(String name, String[] parts) {
    if (parts.length < 3) {
      throw unknown(name, "netcdf:variable:NAME:min, netcdf:dimension:NAME, netcdf:metadata:KEY");
    }
    return switch (parts[1]) {
      case "metadata" -> {
        String v = arrays().attributes().get(parts[2]);
        if (v == null) {
          throw new IllegalArgumentException(
              "the file has no attribute '"
                  + parts[2]
                  + "'; it has "
                  + some(arrays().attributes()));
        }
        yield Value.of(v);
      }
      case "dimension" -> {
        Long size = arrays().dimensions().get(parts[2]);
        if (size == null) {
          throw new IllegalArgumentException(
              "the file has no dimension '"
                  + parts[2]
                  + "'; it has "
                  + some(arrays().dimensions()));
        }
        yield Value.of(size.longValue());
      }
      case "variable" -> parts.length == 3 ? all(parts[2]) : variable(parts[2], parts[3]);
      default -> throw unknown(name, "netcdf:variable:, netcdf:dimension:, netcdf:metadata:");
    };
  }

  private Value all(String variable) {
    return new Value.Items(coordinates(variable).stream().map(Value::of).toList());
  }

  private Value variable(String variable, String what) {
    return switch (what) {
      case "min" ->
          Value.of(coordinates(variable).stream().min(BigDecimal::compareTo).orElseThrow());
      case "max" ->
          Value.of(coordinates(variable).stream().max(BigDecimal::compareTo).orElseThrow());
      case "first" -> Value.of(coordinates(variable).getFirst());
      case "last" -> Value.of(coordinates(variable).getLast());
      case "resolution" -> {
        List<BigDecimal> c = coordinates(variable);
        yield c.size() < 2
            ? Value.of(1)
            : Value.of(
                c.getLast()
                    .subtract(c.getFirst())
                    .divide(BigDecimal.valueOf(c.size() - 1L), MathContext.DECIMAL64));
      }
      default -> {
        ArrayFile.ArrayVariable v = arrays().variable(variable).orElse(null);
        String attribute = v == null ? null : v.attributes().get(what);
        if (attribute == null && v != null && what.equals("calendar") && isTime(v)) {
          // CF 1.8, 4.4.1: where nothing is said.
          attribute = "standard";
        }
        if (attribute == null) {
          throw new IllegalArgumentException(
              "the variable '"
                  + variable
                  + "' has no attribute '"
                  + what
                  + "'"
                  + (v == null ? "" : "; it has " + some(v.attributes())));
        }
        yield Value.of(attribute);
      }
    };
  }

  private static boolean isTime(ArrayFile.ArrayVariable v) {
    return v.attributes().getOrDefault("units", "").contains(" since ");
  }

  /**
   * The calendar in which a variable counts its times, if that is none of real days.
   *
   * @param reference such as {@code netcdf:variable:time:min} or {@code gdal:metadata:time#units};
   *     others have none
   */
  Optional<TimeCalendar> modelCalendar(String reference) {
    String[] parts = reference.split(":", -1);
    String name = null;
    if (parts.length > 2 && parts[0].equals("netcdf") && parts[1].equals("variable")) {
      ArrayFile.ArrayVariable v = arrays().variable(parts[2]).orElse(null);
      name = v == null ? null : v.attributes().get("calendar");
    } else if (parts.length > 2 && parts[0].equals("gdal") && parts[1].equals("metadata")) {
      String variable =
          parts[2].replaceFirst("^NETCDF_DIM_", "").replaceFirst("(_VALUES|#.*)$", "");
      name = raster().metadata().get(variable + "#calendar");
    }
    return Optional.ofNullable(name).flatMap(CfTime::modelCalendar);
  }

  /**
   * Checks that a variable of times counts them as an axis does whose coordinates its numbers are.
   *
   * @throws IllegalArgumentException saying how both count
   */
  void checkUnits(String variable, TimeScale axis) {
    ArrayFile.ArrayVariable v = arrays().variable(variable).orElse(null);
    if (v == null || !isTime(v)) {
      return;
    }
    String units = v.attributes().get("units");
    CfTime own = CfTime.parse(units, v.attributes().getOrDefault("calendar", ""));
    boolean sameCalendar =
        own.calendar() == axis.calendar()
            || (own.calendar().ofRealDays() && axis.calendar().ofRealDays());
    if (!sameCalendar
        || !own.epoch().equals(axis.epoch())
        || own.unitMillis() != axis.unitMillis()) {
      throw new IllegalArgumentException(
          "the numbers of "
              + variable
              + " are '"
              + units
              + "' ("
              + own.calendar().cfName()
              + "), those of the axis count "
              + axis.uom()
              + " since "
              + axis.text(BigDecimal.ZERO)
              + " ("
              + axis.calendar().cfName()
              + "); cf_datetime(${netcdf:variable:"
              + variable
              + ":...}, ${netcdf:variable:"
              + variable
              + ":units}, ${netcdf:variable:"
              + variable
              + ":calendar}) reads them");
    }
  }

  /** Values of a variable; of a dimension without a variable its indices. */
  List<BigDecimal> coordinates(String variable) {
    return values.computeIfAbsent(
        variable,
        v -> {
          Optional<ArrayFile.ArrayVariable> known = arrays().variable(v);
          if (known.isPresent()) {
            List<BigDecimal> found = source.values(file.dataset(), known.get().name());
            if (found.isEmpty()) {
              throw new IllegalArgumentException("the variable '" + v + "' has no values");
            }
            return found;
          }
          Long size = arrays().dimensions().get(v);
          if (size == null) {
            throw new IllegalArgumentException(
                "the file has no variable '" + v + "'; it has " + some(arrays().variables()));
          }
          List<BigDecimal> indices = new ArrayList<>();
          for (long i = 0; i < size; i++) {
            indices.add(BigDecimal.valueOf(i));
          }
          return indices;
        });
  }

  private Value grib(String name) {
    GribMessage m = message == null ? GribMessage.all(raster()).getFirst() : message;
    return m.value(name.substring("grib:".length()));
  }

  private static String some(Map<String, ?> map) {
    List<String> names = new ArrayList<>(new TreeSet<>(map.keySet()));
    return names.size() > 12
        ? String.join(", ", names.subList(0, 12)) + ", ..."
        : String.join(", ", names);
  }

  private static IllegalArgumentException unknown(String name, String known) {
    return new IllegalArgumentException("unknown variable ${" + name + "}; there is " + known);
  }
}
