package org.tessera.coverage.gml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.opengis.gml._3.CoverageFunctionType;
import net.opengis.gml._3.DirectPositionType;
import net.opengis.gml._3.EnvelopeType;
import net.opengis.gml._3.GridEnvelopeType;
import net.opengis.gml._3.GridType;
import net.opengis.gml._3.PointPropertyType;
import net.opengis.gml._3.RectifiedGridType;
import net.opengis.gml._3.VectorType;
import net.opengis.gml._3_3.rgrid.GeneralGridAxisPropertyType;
import net.opengis.gml._3_3.rgrid.GeneralGridAxisType;
import net.opengis.gml._3_3.rgrid.ReferenceableGridByVectorsType;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Crs;
import org.tessera.coverage.crs.CrsAxis;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeText;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;

/**
 * An envelope and a grid of GML as a domain set. The grid's axes may be in any order and have any
 * names: its offset vectors say which axis of the CRS each runs along.
 */
final class GridReader {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private final CrsResolver resolver;
  private final EnvelopeType envelope;
  private final GridType grid;
  private final CoverageFunctionType function;

  private Crs crs;
  private int dimension;
  private List<String> labels;

  GridReader(
      CrsResolver resolver, EnvelopeType envelope, GridType grid, CoverageFunctionType function) {
    this.resolver = resolver;
    this.envelope = envelope;
    this.grid = grid;
    this.function = function;
  }

  /** One axis of the grid as the document gives it. */
  private record GridAxis(int crsAxis, BigDecimal step, List<String> coefficients) {}

  DomainSet read() {
    if (envelope.getLowerCorner() == null) {
      throw missing(OwsErrorCode.MISSING_LOW_CORNER, "gml:lowerCorner");
    }
    if (envelope.getUpperCorner() == null) {
      throw missing(OwsErrorCode.MISSING_UPPER_CORNER, "gml:upperCorner");
    }
    String srsName = envelope.getSrsName();
    if (srsName == null || srsName.isBlank()) {
      throw new OwsException(
          OwsErrorCode.MISSING_CRS, "srsName", "The gml:Envelope has no srsName.");
    }
    crs = resolver.resolve(srsName.strip());
    GridEnvelopeType limits = limits();
    dimension = limits.getLow().size();
    if (dimension > DomainSet.MAX_AXES) {
      throw AxisLimit.tooMany("gml:limits");
    }
    checkDimension(limits.getHigh().size(), "gml:high");
    checkDimension(crs.axes().size(), "the CRS " + crs.path());
    checkDimension(envelope.getLowerCorner().getValue().size(), "gml:lowerCorner");
    checkDimension(envelope.getUpperCorner().getValue().size(), "gml:upperCorner");
    labels = labels();

    List<GridAxis> gridAxes = gridAxes();
    List<BigDecimal> origin = origin(gridAxes);
    int[] rank = ranks();
    Axis[] byCrs = new Axis[dimension];
    for (int g = 0; g < dimension; g++) {
      int c = gridAxes.get(g).crsAxis();
      byCrs[c] =
          axis(
              gridAxes.get(g),
              origin == null ? null : origin.get(c),
              index(limits.getLow(), g),
              index(limits.getHigh(), g),
              rank[g]);
    }
    return new DomainSet(
        crs.uri(),
        arrayOrder(List.of(byCrs)),
        labels,
        grid instanceof ReferenceableGridByVectorsType);
  }

  private GridEnvelopeType limits() {
    if (grid.getLimits() == null) {
      throw missing(OwsErrorCode.MISSING_LIMITS, "gml:limits");
    }
    GridEnvelopeType limits = grid.getLimits().getGridEnvelope();
    if (limits == null) {
      throw missing(OwsErrorCode.MISSING_GRID_ENVELOPE, "gml:GridEnvelope");
    }
    if (limits.getLow().isEmpty()) {
      throw missing(OwsErrorCode.MISSING_LOW, "gml:low");
    }
    if (limits.getHigh().isEmpty()) {
      throw missing(OwsErrorCode.MISSING_HIGH, "gml:high");
    }
    return limits;
  }

  /** What the document calls the axes of the CRS, else what the CRS calls them. */
  private List<String> labels() {
    List<String> given = envelope.getAxisLabels();
    List<String> names =
        given.size() == dimension ? given : crs.axes().stream().map(CrsAxis::label).toList();
    if (new HashSet<>(names).size() < names.size()) {
      throw new OwsException(
          OwsErrorCode.INVALID_AXIS_LABEL, "axisLabels", "The axis labels " + names + " repeat.");
    }
    return List.copyOf(names);
  }

  private List<GridAxis> gridAxes() {
    return switch (grid) {
      case RectifiedGridType rectified -> {
        checkOffsets(rectified.getOffsetVector().size());
        yield rectified.getOffsetVector().stream().map(v -> gridAxis(v, List.of())).toList();
      }
      case ReferenceableGridByVectorsType referenceable -> {
        List<GeneralGridAxisType> axes = new ArrayList<>();
        for (GeneralGridAxisPropertyType property : referenceable.getGeneralGridAxis()) {
          if (property.getGeneralGridAxis() != null
              && property.getGeneralGridAxis().getOffsetVector() != null) {
            axes.add(property.getGeneralGridAxis());
          }
        }
        checkOffsets(axes.size());
        yield inGridOrder(axes).stream()
            .map(a -> gridAxis(a.getOffsetVector(), a.getCoefficients()))
            .toList();
      }
      default -> {
        // gml:Grid: the axes are those of the CRS (GMLCOV 1.0 on GridCoverage), by name or by
        // place.
        List<String> names = grid.getAxisLabelList();
        List<GridAxis> axes = new ArrayList<>();
        boolean byName = names.size() == dimension && labels.containsAll(names);
        for (int g = 0; g < dimension; g++) {
          axes.add(
              new GridAxis(byName ? labels.indexOf(names.get(g)) : g, BigDecimal.ONE, List.of()));
        }
        yield axes;
      }
    };
  }

  /** General axes name the grid axis that they span; their own order means nothing. */
  private List<GeneralGridAxisType> inGridOrder(List<GeneralGridAxisType> axes) {
    List<String> names = grid.getAxisLabelList();
    boolean named =
        axes.stream()
            .allMatch(
                a ->
                    a.getGridAxesSpanned().size() == 1
                        && names.contains(a.getGridAxesSpanned().getFirst()));
    return named
        ? axes.stream()
            .sorted(Comparator.comparing(a -> names.indexOf(a.getGridAxesSpanned().getFirst())))
            .toList()
        : axes;
  }

  private GridAxis gridAxis(VectorType offset, List<String> coefficients) {
    checkDimension(offset.getValue().size(), "an offset vector");
    int along = -1;
    for (int c = 0; c < dimension; c++) {
      if (number(offset.getValue().get(c), c).signum() != 0) {
        if (along >= 0) {
          throw new OwsException(
              OwsErrorCode.ONLY_RECTIFIED_GRIDS_SUPPORTED,
              "offsetVector",
              "The offset vector "
                  + offset.getValue()
                  + " runs along several axes of the CRS; rotated grids are not supported.");
        }
        along = c;
      }
    }
    if (along < 0) {
      throw new OwsException(
          OwsErrorCode.WRONG_NUMBER_OF_OFFSET_VECTORS,
          "offsetVector",
          "The offset vector " + offset.getValue() + " is zero.");
    }
    return new GridAxis(along, number(offset.getValue().get(along), along), coefficients);
  }

  /** In CRS order; null for a plain grid, which has none. */
  private List<BigDecimal> origin(List<GridAxis> gridAxes) {
    PointPropertyType property =
        switch (grid) {
          case RectifiedGridType rectified -> rectified.getOrigin();
          case ReferenceableGridByVectorsType referenceable -> referenceable.getOrigin();
          default -> null;
        };
    if (gridAxes.stream().map(GridAxis::crsAxis).distinct().count() < dimension) {
      throw new OwsException(
          OwsErrorCode.WRONG_NUMBER_OF_OFFSET_VECTORS,
          "offsetVector",
          "Two offset vectors run along the same axis of the CRS.");
    }
    if (!(grid instanceof RectifiedGridType) && !(grid instanceof ReferenceableGridByVectorsType)) {
      return null;
    }
    if (property == null || property.getPoint() == null) {
      throw missing(OwsErrorCode.MISSING_POINT, "gml:Point");
    }
    DirectPositionType position = property.getPoint().getPos();
    if (position == null) {
      throw missing(OwsErrorCode.MISSING_POS, "gml:pos");
    }
    checkDimension(position.getValue().size(), "gml:pos");
    List<BigDecimal> origin = new ArrayList<>();
    for (int c = 0; c < dimension; c++) {
      origin.add(number(position.getValue().get(c), c));
    }
    return origin;
  }

  private Axis axis(GridAxis grid, BigDecimal origin, long low, long high, int rank) {
    int c = grid.crsAxis();
    String label = labels.get(c);
    String component = crs.partOfAxis(c).uri();
    if (low > high) {
      throw new OwsException(
          OwsErrorCode.INVALID_EXTENT,
          label,
          "Grid axis " + label + " goes from " + low + " to " + high + ".");
    }
    if (!grid.coefficients().isEmpty()) {
      return new Axis.IrregularAxis(
          label, uom(c), component, low, rank, coordinates(grid, origin, label, high - low + 1));
    }
    if (origin == null || isIndex(c, grid.step(), origin, low, high)) {
      return new Axis.IndexAxis(label, uom(c), component, low, high, rank);
    }
    return new Axis.RegularAxis(
        label,
        uom(c),
        component,
        low,
        high,
        rank,
        firstPoint(c, grid.step(), origin, low),
        grid.step());
  }

  /** The unit that the document gives for an axis of the CRS, else the CRS's. */
  private String uom(int c) {
    List<String> given = envelope.getUomLabels();
    return given.size() == dimension ? given.get(c) : crs.axes().get(c).uom();
  }

  /** Whether this is an axis without footprints, whose coordinate is the grid index. */
  private boolean isIndex(int c, BigDecimal step, BigDecimal origin, long low, long high) {
    return crs.axes().get(c).kind() == CrsAxis.Kind.INDEX
        && step.compareTo(BigDecimal.ONE) == 0
        && origin.compareTo(BigDecimal.valueOf(low)) == 0
        && lower(c).compareTo(BigDecimal.valueOf(low)) == 0
        && upper(c).compareTo(BigDecimal.valueOf(high)) == 0;
  }

  /**
   * The coordinate at the least index. By GML the origin is the place of index 0; writers of WCS
   * servers give the place of the least index. The envelope tells which was meant.
   */
  private BigDecimal firstPoint(int c, BigDecimal step, BigDecimal origin, long low) {
    if (low == 0) {
      return origin;
    }
    BigDecimal byStandard = origin.add(step.multiply(BigDecimal.valueOf(low)));
    BigDecimal half = step.divide(TWO);
    BigDecimal expected = (step.signum() > 0 ? lower(c) : upper(c)).add(half);
    BigDecimal here = origin.subtract(expected).abs();
    return byStandard.subtract(expected).abs().compareTo(here) < 0 ? byStandard : origin;
  }

  private List<BigDecimal> coordinates(
      GridAxis grid, BigDecimal origin, String label, long expected) {
    int c = grid.crsAxis();
    List<BigDecimal> numbers = new ArrayList<>();
    boolean times = false;
    for (String text : grid.coefficients()) {
      times |= isTime(text);
      numbers.add(number(text, c));
    }
    if (numbers.size() != expected) {
      throw new OwsException(
          OwsErrorCode.INVALID_EXTENT,
          label,
          "Axis "
              + label
              + " has "
              + numbers.size()
              + " coefficients for "
              + expected
              + " grid points.");
    }
    boolean absolute = times || numbers.getFirst().compareTo(origin) == 0;
    if (!absolute) {
      numbers.replaceAll(n -> origin.add(n.multiply(grid.step())));
    }
    for (int i = 1; i < numbers.size(); i++) {
      int direction = numbers.get(1).compareTo(numbers.get(0));
      if (direction == 0 || numbers.get(i).compareTo(numbers.get(i - 1)) != direction) {
        throw new OwsException(
            OwsErrorCode.INVALID_EXTENT,
            label,
            "The coefficients of axis " + label + " neither rise nor fall throughout.");
      }
    }
    return numbers;
  }

  /**
   * The rank of each grid axis in grid order, the order in which tuples come: the last rank varies
   * fastest. Without a rule the first grid axis varies fastest (GML 3.2.1 clause 19.3.12).
   */
  private int[] ranks() {
    List<String> order =
        function == null
                || function.getGridFunction() == null
                || function.getGridFunction().getSequenceRule() == null
            ? List.of()
            : function.getGridFunction().getSequenceRule().getAxisOrder();
    int[] rank = new int[dimension];
    if (order.isEmpty()) {
      for (int g = 0; g < dimension; g++) {
        rank[g] = dimension - 1 - g;
      }
      return rank;
    }
    checkDimension(order.size(), "the axisOrder of gml:sequenceRule");
    boolean[] seen = new boolean[dimension];
    for (int place = 0; place < dimension; place++) {
      String text = order.get(place);
      int g;
      try {
        g = Integer.parseInt(text.startsWith("+") ? text.substring(1) : text) - 1;
      } catch (NumberFormatException e) {
        throw axisOrder(order, e);
      }
      if (g < 0 || g >= dimension || seen[g]) {
        throw axisOrder(order, null);
      }
      seen[g] = true;
      rank[g] = dimension - 1 - place;
    }
    return rank;
  }

  private static OwsException axisOrder(List<String> order, Throwable cause) {
    return new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "axisOrder",
        "axisOrder " + order + " is not every axis once, each as + and its number.",
        cause);
  }

  /** Other axes in CRS order, then the one to the north, then the one to the east. */
  private List<Axis> arrayOrder(List<Axis> byCrs) {
    List<Axis> axes = new ArrayList<>();
    for (CrsAxis.Kind kind : new CrsAxis.Kind[] {null, CrsAxis.Kind.Y, CrsAxis.Kind.X}) {
      for (int c = 0; c < dimension; c++) {
        CrsAxis.Kind found = crs.axes().get(c).kind();
        boolean horizontal = found == CrsAxis.Kind.Y || found == CrsAxis.Kind.X;
        if (kind == null ? !horizontal : found == kind) {
          axes.add(byCrs.get(c));
        }
      }
    }
    return axes;
  }

  private BigDecimal lower(int c) {
    return number(envelope.getLowerCorner().getValue().get(c), c);
  }

  private BigDecimal upper(int c) {
    return number(envelope.getUpperCorner().getValue().get(c), c);
  }

  private static final Pattern TIME = Pattern.compile("\".*|-?\\d{4,}-.*|.*[TZ:].*");

  private static boolean isTime(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return TIME.matcher(text).matches();
      }
    }
    return false;
  }

  /** A coordinate on an axis of the CRS: a number, or a time (quoted or not) on a time axis. */
  private BigDecimal number(String text, int c) {
    String token = text == null ? "" : text.strip();
    if (isTime(token)) {
      Crs part = crs.partOfAxis(c);
      String unquoted = token.replace("\"", "");
      Optional<BigDecimal> number =
          part.time()
              .flatMap(
                  scale ->
                      TimeText.parse(unquoted, scale.calendar()).map(t -> scale.number(t.start())));
      return number.orElseThrow(
          () ->
              new OwsException(
                  OwsErrorCode.INVALID_PARAMETER_VALUE,
                  labels == null ? null : labels.get(c),
                  "'" + token + "' is not a coordinate of " + part.path() + "."));
    }
    try {
      BigDecimal number = new BigDecimal(token);
      if (Math.abs((long) number.precision() - number.scale()) > 400) {
        throw new NumberFormatException("out of range");
      }
      return number;
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          labels == null ? null : labels.get(c),
          "'" + token + "' is not a number.",
          e);
    }
  }

  private static long index(List<BigInteger> indices, int axis) {
    BigInteger index = indices.get(axis);
    if (index == null || index.bitLength() > 62) {
      throw new OwsException(
          OwsErrorCode.INVALID_EXTENT, "limits", "A grid index is not a number in range.");
    }
    return index.longValue();
  }

  private void checkOffsets(int found) {
    if (found != dimension) {
      throw new OwsException(
          OwsErrorCode.WRONG_NUMBER_OF_OFFSET_VECTORS,
          "offsetVector",
          "The grid has " + dimension + " axes but " + found + " offset vectors.");
    }
  }

  private void checkDimension(int found, String what) {
    if (found != dimension) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          what,
          "The grid has " + dimension + " axes but " + what + " has " + found + ".");
    }
  }

  private static OwsException missing(OwsErrorCode code, String what) {
    return new OwsException(code, null, "The coverage document has no " + what + ".");
  }
}
