package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Map;

/**
 * A variable to write: coordinates, whose values stand here, or data, whose cells come slab by
 * slab.
 *
 * @param dimensions names, slowest first; empty for a scalar. A variable with the name of its only
 *     dimension is its coordinates
 * @param type of the cells in the file
 * @param noData {@code _FillValue}; null for none
 * @param unit the unit of measure; null for none
 * @param values null for a variable whose cells come from the {@link SlabSource}
 * @param georeferenced whether it gets the file's CRS (CF {@code grid_mapping})
 * @param options GDAL's array creation options: {@code COMPRESS=DEFLATE}, {@code ZLEVEL=1}, {@code
 *     BLOCKSIZE=1,256,256}, ...
 */
public record VariableSpec(
    String name,
    List<String> dimensions,
    Type type,
    Number noData,
    String unit,
    List<Attribute> attributes,
    Values values,
    boolean georeferenced,
    Map<String, String> options) {

  /** The type of a variable's cells. */
  public sealed interface Type {}

  /** Numbers. */
  public record Numeric(GdalType cells) implements Type {}

  /** Texts; only for variables with {@link Texts}. */
  public record Text() implements Type {}

  /** The values of a small variable, row-major; numbers are converted to the variable's type. */
  public sealed interface Values {}

  /** Whole numbers. */
  public record Integers(List<Long> values) implements Values {
    public Integers {
      values = List.copyOf(values);
    }
  }

  /** Numbers. */
  public record Reals(List<Double> values) implements Values {
    public Reals {
      values = List.copyOf(values);
    }
  }

  /** Texts. */
  public record Texts(List<String> values) implements Values {
    public Texts {
      values = List.copyOf(values);
    }
  }

  public VariableSpec {
    dimensions = List.copyOf(dimensions);
    attributes = List.copyOf(attributes);
  }

  /** The coordinates of the dimension of the same name, as {@code double}. */
  public static VariableSpec coordinates(
      String name, String unit, List<Double> values, List<Attribute> attributes) {
    return new VariableSpec(
        name,
        List.of(name),
        new Numeric(GdalType.FLOAT64),
        null,
        unit,
        attributes,
        new Reals(values),
        false,
        Map.of());
  }

  /** A variable whose cells come slab by slab. */
  public static VariableSpec streamed(
      String name,
      List<String> dimensions,
      GdalType type,
      Number noData,
      String unit,
      List<Attribute> attributes,
      boolean georeferenced) {
    return new VariableSpec(
        name,
        dimensions,
        new Numeric(type),
        noData,
        unit,
        attributes,
        null,
        georeferenced,
        Map.of());
  }
}
