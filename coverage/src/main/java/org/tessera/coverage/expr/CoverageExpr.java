package org.tessera.coverage.expr;

import java.util.List;
import java.util.Optional;

/**
 * An expression over coverages: what every door (KVP, XML, WCPS text) turns a request into, and
 * what {@code CoverageCompiler} compiles. Names, coordinates and labels are as the client wrote
 * them; nothing is checked here. A value: two expressions are equal if they say the same, wherever
 * they stood in a text. {@code toString()} of every record is WCPS text (OGC 08-068r2) that parses
 * to an equal expression.
 */
public sealed interface CoverageExpr {
  /** Where the expression begins in the text. */
  default Position position() {
    return Position.NONE;
  }

  // ---- primaries

  /** A stored coverage by its id. */
  record CoverageRef(String id, Position position) implements CoverageExpr {
    public CoverageRef(String id) {
      this(id, Position.NONE);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A variable bound by for, let or over; the name without {@code $}. */
  record Variable(String name, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A file sent along with the request: {@code decode($1, "options")}; parts count from 1. */
  record Decode(int part, Optional<String> options, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A number as written, such as {@code 10}, {@code 1.2e-3}; never signed. */
  record NumberLiteral(String text, Position position) implements CoverageExpr {
    public NumberLiteral(String text) {
      this(text, Position.NONE);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  record StringLiteral(String value, Position position) implements CoverageExpr {
    public StringLiteral(String value) {
      this(value, Position.NONE);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  record BooleanLiteral(boolean value, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code (re, im)}; both parts are real scalars. */
  record ComplexLiteral(CoverageExpr re, CoverageExpr im, Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code nan}. */
  record NanLiteral(Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code *}: the axis' own bound; only as a bound of a trim. */
  record Asterisk(Position position) implements CoverageExpr {
    public static final Asterisk ANYWHERE = new Asterisk(Position.NONE);

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code [Lat(1:2), t(3)]} as the value of a let. */
  record Intervals(List<DimensionSubset> subsets, Position position) implements CoverageExpr {
    public Intervals {
      subsets = List.copyOf(subsets);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A geometry as the value of a let. */
  record ShapeLiteral(Shape shape, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  // ---- cell by cell

  /** {@code - + not} before, {@code is null}, {@code is not null} after the operand. */
  record Unary(String operator, CoverageExpr operand, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code + - * / = != < <= > >= and or xor overlay mod div}. */
  record Binary(String operator, CoverageExpr left, CoverageExpr right, Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * A function of cells or a reducer by its name in lower case: abs, sqrt, pow, min, count, add,
   * ...
   */
  record Call(String function, List<CoverageExpr> arguments, Position position)
      implements CoverageExpr {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code (unsigned char) c}; the type in lower case with single blanks. */
  record Cast(String type, CoverageExpr operand, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * {@code c.red} or {@code c.0}; also {@code .lo .hi .resolution} of a domain.
   *
   * @param position that of the name
   */
  record Field(CoverageExpr operand, String name, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** WCS range subsetting (OGC 12-040): fields and intervals of fields, in the order given. */
  record SelectFields(CoverageExpr operand, List<FieldRange> fields) implements CoverageExpr {
    public SelectFields {
      fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A field, or the fields from first to last, both included. */
  record FieldRange(String first, Optional<String> last) {}

  /** {@code {red: a; green: b}}. */
  record RangeConstructor(List<Component> components, Position position) implements CoverageExpr {
    public RangeConstructor {
      components = List.copyOf(components);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A field of a {@link RangeConstructor}. */
  record Component(String name, CoverageExpr value, Position position) {}

  /** {@code switch case a return b ... default return c}. */
  record Switch(List<Case> cases, CoverageExpr otherwise, Position position)
      implements CoverageExpr {
    public Switch {
      cases = List.copyOf(cases);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** One case of a {@link Switch}. */
  record Case(CoverageExpr condition, CoverageExpr value) {}

  // ---- domain

  /** {@code c[Lat(1:2), t("2000")]}; the dimensions in any order, each axis at most once. */
  record Subset(CoverageExpr operand, List<DimensionSubset> subsets, Position position)
      implements CoverageExpr {
    public Subset {
      subsets = List.copyOf(subsets);
    }

    public Subset(CoverageExpr operand, List<DimensionSubset> subsets) {
      this(operand, subsets, Position.NONE);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code extend(c, {Lat(0:90)})}; an axis that is not named stays. */
  record Extend(CoverageExpr operand, Target target, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * {@code scale(c, target)}.
   *
   * @param interpolation method (a short name such as {@code bilinear}, or a URI); nearest if empty
   */
  record Scale(
      CoverageExpr operand, Target target, Optional<String> interpolation, Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** What to scale or extend to. */
  sealed interface Target {
    /** All axes by one factor; greater than 1 is finer. */
    record Factor(CoverageExpr factor) implements Target {}

    /** Each named axis by its factor; others stay. */
    record Factors(List<AxisValue> factors) implements Target {
      public Factors {
        factors = List.copyOf(factors);
      }
    }

    /** Each named axis to a number of cells; others stay. */
    record Sizes(List<AxisValue> sizes) implements Target {
      public Sizes {
        sizes = List.copyOf(sizes);
      }
    }

    /** WCS scaleExtent: each named axis to the grid box low:high, both inclusive; others stay. */
    record Extents(List<DimensionSubset> extents) implements Target {
      public Extents {
        extents = List.copyOf(extents);
      }
    }

    /** WCPS: intervals, geo or {@code CRS:1}; of X and Y the one not named keeps the ratio. */
    record Intervals(List<DimensionSubset> intervals) implements Target {
      public Intervals {
        intervals = List.copyOf(intervals);
      }
    }

    /** The grid or the extent of another coverage, a {@link DomainOf}. */
    record Like(CoverageExpr domain) implements Target {}
  }

  /** A value for an axis. */
  record AxisValue(String axis, CoverageExpr value) {}

  /**
   * {@code crsTransform(c, "EPSG:4326", {bilinear}, {Lat: 0.5, Lon: 0.5}, {Lat(0:1), Lon(2:3)})}.
   *
   * @param crs the target CRS; empty if given per axis
   * @param axisCrs the target CRS per axis
   * @param interpolation short name or URI; nearest if empty
   * @param resolutions per axis of the result, may be empty
   * @param extent of the result, in the target CRS
   */
  record CrsTransform(
      CoverageExpr operand,
      Optional<String> crs,
      List<AxisCrs> axisCrs,
      Optional<String> interpolation,
      List<AxisValue> resolutions,
      Optional<Target> extent,
      Position position)
      implements CoverageExpr {
    public CrsTransform {
      axisCrs = List.copyOf(axisCrs);
      resolutions = List.copyOf(resolutions);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** A CRS for an axis. */
  record AxisCrs(String axis, String crs) {}

  /**
   * {@code clip(c, shape, "crs") with coordinates}.
   *
   * @param crs of the shape's coordinates; the coverage's own if empty
   */
  record Clip(
      CoverageExpr operand,
      Shape shape,
      Optional<String> crs,
      boolean withCoordinates,
      Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code flip c along Lat}. */
  record Flip(CoverageExpr operand, String axis, Position position) implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code sort c along t desc by avg(c)}; in the key the axis is sliced at each index in turn. */
  record Sort(
      CoverageExpr operand, String axis, boolean descending, CoverageExpr by, Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  // ---- construction

  /** {@code coverage name over $p x(0:9), ... values e}. */
  record Construct(
      String name, List<AxisIterator> iterators, CoverageExpr values, Position position)
      implements CoverageExpr {
    public Construct {
      iterators = List.copyOf(iterators);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code coverage name over $p x(0:1), ... value list <1; 2>}; the last axis varies fastest. */
  record ConstructList(
      String name, List<AxisIterator> iterators, List<CoverageExpr> values, Position position)
      implements CoverageExpr {
    public ConstructList {
      iterators = List.copyOf(iterators);
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code condense + over $t t(0:5) where b using e}; operator {@code + * min max and or}. */
  record Condense(
      String operator,
      List<AxisIterator> iterators,
      Optional<CoverageExpr> where,
      CoverageExpr using,
      Position position)
      implements CoverageExpr {
    public Condense {
      iterators = List.copyOf(iterators);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * {@code $t t(0:5)}, or in steps of the calendar {@code $m t("2001-01":"2001-12":"P1M")}.
   *
   * @param interval a trim, or a slice at an interval ({@code domain(c, t)})
   * @param step length of the periods of time to run over (ISO 8601); empty for grid indices
   */
  record AxisIterator(
      String variable, DimensionSubset interval, Optional<String> step, Position position) {}

  // ---- about coverages

  /** {@code identifier crsSet imageCrs cellCount}; the function in lower case. */
  record Metadata(String function, CoverageExpr operand, Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * {@code domain(c, Lat, "crs")} or {@code imageCrsDomain(c, Lat)}.
   *
   * @param grid true for imageCrsDomain
   */
  record DomainOf(
      boolean grid,
      CoverageExpr operand,
      Optional<String> axis,
      Optional<String> crs,
      Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /** {@code describe(c, "gml", "outputType=GeneralGridCoverage")}. */
  record Describe(CoverageExpr operand, String format, Optional<String> options, Position position)
      implements CoverageExpr {
    @Override
    public String toString() {
      return Printer.print(this);
    }
  }

  /**
   * {@code encode(c, "image/png", "nodata=0")}.
   *
   * @param format media type or short name
   * @param options as in {@link org.tessera.coverage.format.EncodeRequest#options()}
   */
  record Encode(CoverageExpr operand, String format, Optional<String> options, Position position)
      implements CoverageExpr {
    public Encode(CoverageExpr operand, String format, Optional<String> options) {
      this(operand, format, options, Position.NONE);
    }

    @Override
    public String toString() {
      return Printer.print(this);
    }
  }
}
