package org.tessera.coverage.crs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sis.geometry.Envelopes;
import org.apache.sis.geometry.GeneralEnvelope;
import org.apache.sis.io.wkt.Convention;
import org.apache.sis.io.wkt.WKTFormat;
import org.apache.sis.referencing.CRS;
import org.apache.sis.referencing.IdentifiedObjects;
import org.opengis.geometry.Envelope;
import org.opengis.referencing.NoSuchAuthorityCodeException;
import org.opengis.referencing.crs.CompoundCRS;
import org.opengis.referencing.crs.CoordinateReferenceSystem;
import org.opengis.referencing.crs.GeographicCRS;
import org.opengis.referencing.crs.ProjectedCRS;
import org.opengis.referencing.crs.VerticalCRS;
import org.opengis.referencing.cs.AxisDirection;
import org.opengis.referencing.cs.CoordinateSystem;
import org.opengis.referencing.cs.CoordinateSystemAxis;
import org.opengis.referencing.operation.CoordinateOperation;
import org.opengis.referencing.operation.MathTransform;
import org.opengis.referencing.operation.TransformException;
import org.opengis.util.FactoryException;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/** The systems that Apache SIS knows: EPSG, CRS84 and its kin, AUTO, and the COSMO rotated pole. */
final class SisSystems {
  /** The rotated pole of the COSMO model of the German weather service (number 101 at rasdaman). */
  private static final String COSMO =
      """
      GEODCRS["COSMO rotated pole",
        BASEGEODCRS["WGS 84",
          DATUM["World Geodetic System 1984", ELLIPSOID["WGS 84", 6378137, 298.257223563]]],
        DERIVINGCONVERSION["Rotated pole",
          METHOD["North pole rotation"],
          PARAMETER["grid_north_pole_latitude", 40, ANGLEUNIT["degree", 0.017453292519943295]],
          PARAMETER["grid_north_pole_longitude", -170, ANGLEUNIT["degree", 0.017453292519943295]],
          PARAMETER["north_pole_grid_longitude", 0, ANGLEUNIT["degree", 0.017453292519943295]]],
        CS[ellipsoidal, 2],
          AXIS["Rotated latitude (rlat)", north],
          AXIS["Rotated longitude (rlon)", east],
          ANGLEUNIT["degree", 0.017453292519943295]]
      """;

  private record Pair(String from, String to) {}

  /**
   * Versions and parameters in names come from clients: what is remembered has to end somewhere.
   */
  private static final int MAX_REMEMBERED = 5000;

  private final Map<String, CoordinateReferenceSystem> byPath = new ConcurrentHashMap<>();
  private final Map<Pair, Reprojection> reprojections = new ConcurrentHashMap<>();

  SisSystems() {
    // Else Derby, which holds the EPSG data, leaves a derby.log wherever the server was started.
    if (System.getProperty("derby.stream.error.file") == null) {
      System.setProperty(
          "derby.stream.error.file",
          Path.of(System.getProperty("java.io.tmpdir"), "tessera-derby.log").toString());
    }
  }

  /** The value of a name, or null if SIS knows none. */
  Crs define(CrsName.Single name) {
    String path = name.path();
    String code;
    switch (name.authority()) {
      case "EPSG" -> {
        if (!name.code().matches("[0-9]{1,9}") || !name.version().matches("[0-9.]{1,20}")) {
          return null;
        }
        code = "EPSG:" + name.code();
      }
      case "OGC" -> {
        if (!name.code().matches("CRS(84|83|27)")) {
          return name.code().equals("COSMO:101") ? cosmo(name) : null;
        }
        code = "OGC:" + name.code();
      }
      case "AUTO", "AUTO2" -> {
        if (!name.code().matches("4200[1-4]")) {
          return null;
        }
        double lon = Double.NaN;
        double lat = 0;
        for (Map.Entry<String, String> e : name.parameters().entrySet()) {
          switch (e.getKey()) {
            case "lon" -> lon = degrees(e.getKey(), e.getValue());
            case "lat" -> lat = degrees(e.getKey(), e.getValue());
            default -> throw CrsResolver.notSupported(e.getKey());
          }
        }
        if (name.positional().size() > 2) {
          throw CrsResolver.tooMany(name);
        }
        for (int i = 0; i < name.positional().size(); i++) {
          double value = degrees("lon", name.positional().get(i));
          if (i == 0) {
            lon = value;
          } else {
            lat = value;
          }
        }
        lon = Double.isNaN(lon) ? 0 : lon;
        code = "AUTO:" + name.code() + "," + lon + "," + lat;
        path += "?lon=" + number(lon) + (lat == 0 ? "" : "&lat=" + number(lat));
        return define(path, code);
      }
      case "COSMO" -> {
        return name.code().equals("101") ? cosmo(name) : null;
      }
      default -> {
        return null;
      }
    }
    if (!name.parameters().isEmpty() || !name.positional().isEmpty()) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "Expected parameterized CRS definition, but " + path + " takes no parameters");
    }
    return define(path, code);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static double degrees(String key, String text) {
    try {
      double value = Double.parseDouble(text);
      if (Math.abs(value) <= 360) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE, key, "'" + text + "' is not a number", e);
    }
    throw new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE, key, "'" + text + "' is not within -360 and 360");
  }

  private Crs define(String path, String code) {
    CoordinateReferenceSystem crs;
    try {
      crs = CRS.forCode(code);
    } catch (NoSuchAuthorityCodeException e) {
      return null;
    } catch (FactoryException e) {
      throw new OwsException(
          OwsErrorCode.INTERNAL_ERROR, code, "The definition of " + code + " cannot be read", e);
    }
    return value(path, crs);
  }

  private Crs cosmo(CrsName.Single name) {
    CoordinateReferenceSystem crs;
    try {
      crs = CRS.fromWKT(COSMO);
    } catch (FactoryException e) {
      throw new IllegalStateException("the text of the COSMO system is not well-known text", e);
    }
    remember(name.path(), crs);
    return new Crs(
        name.path(),
        "COSMO rotated pole",
        Crs.Kind.GEOGRAPHIC,
        List.of(
            new CrsAxis("rlat", "degree", "north", CrsAxis.Kind.Y),
            new CrsAxis("rlon", "degree", "east", CrsAxis.Kind.X)),
        List.of(),
        Optional.empty());
  }

  private Crs value(String path, CoordinateReferenceSystem crs) {
    remember(path, crs);
    if (crs instanceof CompoundCRS compound) {
      List<Crs> parts = new ArrayList<>();
      for (CoordinateReferenceSystem part : CRS.getSingleComponents(compound)) {
        String code = Optional.ofNullable(epsgCode(part)).orElse("");
        parts.add(value("/crs/EPSG/0/" + code, part));
      }
      return new Crs(
          path,
          compound.getName().getCode(),
          Crs.Kind.COMPOUND,
          parts.stream().flatMap(p -> p.axes().stream()).toList(),
          parts,
          Optional.empty());
    }
    Crs.Kind kind =
        crs instanceof GeographicCRS
            ? Crs.Kind.GEOGRAPHIC
            : crs instanceof ProjectedCRS
                ? Crs.Kind.PROJECTED
                : crs instanceof VerticalCRS ? Crs.Kind.VERTICAL : Crs.Kind.OTHER;
    List<CrsAxis> axes = new ArrayList<>();
    CoordinateSystem cs = crs.getCoordinateSystem();
    for (int i = 0; i < cs.getDimension(); i++) {
      axes.add(axis(cs.getAxis(i), kind));
    }
    return new Crs(path, crs.getName().getCode(), kind, axes, List.of(), Optional.empty());
  }

  private void remember(String path, CoordinateReferenceSystem system) {
    if (byPath.size() >= MAX_REMEMBERED) {
      byPath.clear();
    }
    byPath.put(path, system);
  }

  private static String epsgCode(CoordinateReferenceSystem crs) {
    var identifier = IdentifiedObjects.getIdentifier(crs, null);
    return identifier == null ? null : identifier.getCode();
  }

  private static CrsAxis axis(CoordinateSystemAxis axis, Crs.Kind kind) {
    String label = axis.getAbbreviation();
    if (label.equals("Lon")) {
      // SIS abbreviates so; clients of coverage servers know Long.
      label = "Long";
    }
    String unit = String.valueOf(axis.getUnit());
    String uom =
        switch (unit) {
          case "°", "DMS", "deg", "D.M", "D.MS" -> "degree";
          case "m" -> "metre";
          case "ft" -> "foot";
          case "ft_survey_us" -> "US survey foot";
          case "rad" -> "radian";
          default -> unit;
        };
    AxisDirection direction = axis.getDirection();
    return new CrsAxis(label, uom, gmlDirection(direction), kindOf(axis, direction, kind));
  }

  private static String gmlDirection(AxisDirection direction) {
    String[] words = direction.name().toLowerCase(Locale.ROOT).split("_", -1);
    StringBuilder text = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      text.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
    }
    return text.toString();
  }

  private static CrsAxis.Kind kindOf(
      CoordinateSystemAxis axis, AxisDirection direction, Crs.Kind kind) {
    if (direction.equals(AxisDirection.EAST) || direction.equals(AxisDirection.WEST)) {
      return CrsAxis.Kind.X;
    }
    if (direction.equals(AxisDirection.NORTH) || direction.equals(AxisDirection.SOUTH)) {
      // Near the poles both axes of a projected system point north (or south) along a meridian.
      return axis.getName().getCode().contains("asting") ? CrsAxis.Kind.X : CrsAxis.Kind.Y;
    }
    if (direction.equals(AxisDirection.UP) || direction.equals(AxisDirection.DOWN)) {
      return CrsAxis.Kind.VERTICAL;
    }
    if (kind == Crs.Kind.PROJECTED) {
      return axis.getName().getCode().contains("asting") ? CrsAxis.Kind.X : CrsAxis.Kind.Y;
    }
    return CrsAxis.Kind.OTHER;
  }

  /** The code of the same system in EPSG, axis order aside; empty if there is none. */
  OptionalInt epsgCode(Crs crs) {
    if (crs.path().startsWith("/crs/OGC/") && crs.path().endsWith("/CRS84")) {
      return OptionalInt.of(4326);
    }
    CoordinateReferenceSystem system = crs.isHorizontal() ? system(crs) : byPath.get(crs.path());
    String code = system == null ? null : epsgCode(system);
    return code != null && code.matches("[0-9]{4,6}")
        ? OptionalInt.of(Integer.parseInt(code))
        : OptionalInt.empty();
  }

  List<String> epsgCodes() {
    try {
      return CRS
          .getAuthorityFactory("EPSG")
          .getAuthorityCodes(CoordinateReferenceSystem.class)
          .stream()
          .filter(code -> code.matches("[0-9]{1,9}"))
          .sorted(Comparator.comparingInt(Integer::parseInt))
          .toList();
    } catch (FactoryException e) {
      throw new OwsException(
          OwsErrorCode.INTERNAL_ERROR, null, "The list of EPSG codes cannot be read", e);
    }
  }

  CoordinateReferenceSystem system(Crs crs) {
    CoordinateReferenceSystem system = byPath.get(crs.path());
    if (system == null && crs.kind() != Crs.Kind.COMPOUND) {
      // Forgotten, or never a system of this kind.
      if (CrsName.parse(crs.path()) instanceof CrsName.Single name && define(name) != null) {
        system = byPath.get(crs.path());
      }
    }
    if (system == null) {
      throw new OwsException(
          OwsErrorCode.INVALID_CRS,
          crs.path(),
          "CRS " + crs.path() + " has no position on the Earth");
    }
    return system;
  }

  String wkt(Crs crs, CrsResolver.WktVersion version) {
    WKTFormat format = new WKTFormat();
    format.setConvention(
        switch (version) {
          case WKT1 -> Convention.WKT1_COMMON_UNITS;
          case WKT2 -> Convention.WKT2;
        });
    format.setIndentation(WKTFormat.SINGLE_LINE);
    return format.format(system(crs));
  }

  Optional<double[]> validity(Crs crs) {
    return Optional.ofNullable(CRS.getGeographicBoundingBox(horizontal(crs)))
        .map(
            b ->
                new double[] {
                  b.getWestBoundLongitude(),
                  b.getSouthBoundLatitude(),
                  b.getEastBoundLongitude(),
                  b.getNorthBoundLatitude()
                });
  }

  Reprojection reprojection(Crs from, Crs to) {
    Pair pair = new Pair(from.path(), to.path());
    Reprojection known = reprojections.get(pair);
    if (known == null) {
      // Found twice rather than under the map's lock: it takes a second.
      known = findReprojection(from, to);
      if (reprojections.size() >= MAX_REMEMBERED) {
        reprojections.clear();
      }
      reprojections.put(pair, known);
    }
    return known;
  }

  private Reprojection findReprojection(Crs from, Crs to) {
    CoordinateOperation operation;
    try {
      operation = CRS.findOperation(horizontal(from), horizontal(to), null);
    } catch (FactoryException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_CRS,
          to.path(),
          "No operation is known from " + from.path() + " to " + to.path(),
          e);
    }
    return new SisReprojection(operation);
  }

  private CoordinateReferenceSystem horizontal(Crs crs) {
    if (!crs.isHorizontal()) {
      throw new OwsException(
          OwsErrorCode.INVALID_CRS,
          crs.path(),
          "CRS " + crs.path() + " is neither geographic nor projected");
    }
    return CRS.getHorizontalComponent(system(crs));
  }

  private record SisReprojection(CoordinateOperation operation) implements Reprojection {
    @Override
    public void transform(double[] points) {
      MathTransform transform = operation.getMathTransform();
      int count = points.length / 2;
      double[] source = points.clone();
      try {
        transform.transform(source, 0, points, 0, count);
      } catch (TransformException e) {
        // Some point has no image: find which, point by point.
        for (int i = 0; i < count; i++) {
          try {
            transform.transform(source, 2 * i, points, 2 * i, 1);
          } catch (TransformException single) {
            Arrays.fill(points, 2 * i, 2 * i + 2, Double.NaN);
          }
        }
      }
      for (int i = 0; i < points.length; i++) {
        if (Double.isInfinite(points[i])) {
          points[i] = Double.NaN;
        }
      }
    }

    @Override
    public double[] transformBox(double[] lower, double[] upper) {
      GeneralEnvelope box = new GeneralEnvelope(operation.getSourceCRS());
      box.setRange(0, lower[0], upper[0]);
      box.setRange(1, lower[1], upper[1]);
      Envelope image;
      try {
        image = Envelopes.transform(operation, box);
      } catch (TransformException e) {
        throw new OwsException(
            OwsErrorCode.INVALID_SUBSETTING,
            null,
            "The box " + box + " cannot be transformed to the other CRS",
            e);
      }
      double[] corners = {
        image.getMinimum(0), image.getMinimum(1), image.getMaximum(0), image.getMaximum(1)
      };
      for (double c : corners) {
        if (!Double.isFinite(c)) {
          throw new OwsException(
              OwsErrorCode.INVALID_SUBSETTING, "The box " + box + " has no image in the other CRS");
        }
      }
      return corners;
    }
  }
}
