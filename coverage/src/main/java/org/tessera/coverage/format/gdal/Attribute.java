package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.stream.Collectors;

/** A named value of a group, array or variable, as in netCDF. */
public record Attribute(String name, Value value) {

  /** One or several texts or numbers. */
  public sealed interface Value {}

  /** Texts; mostly one. */
  public record Texts(List<String> values) implements Value {
    public Texts {
      values = List.copyOf(values);
    }
  }

  /**
   * Numbers of one type.
   *
   * @param values {@link Long} for 64-bit integers, {@link Double} else
   */
  public record Numbers(GdalType type, List<Number> values) implements Value {
    public Numbers {
      values = List.copyOf(values);
    }
  }

  /** An attribute of one text. */
  public static Attribute of(String name, String text) {
    return new Attribute(name, new Texts(List.of(text)));
  }

  /** An attribute of one {@code double}. */
  public static Attribute of(String name, double number) {
    return new Attribute(name, new Numbers(GdalType.FLOAT64, List.of(number)));
  }

  /** An attribute of numbers of a type. */
  public static Attribute of(String name, GdalType type, List<? extends Number> numbers) {
    return new Attribute(name, new Numbers(type, List.copyOf(numbers)));
  }

  /**
   * The value as text: several values with {@code ", "} between; whole numbers without a fraction.
   */
  public String text() {
    return switch (value) {
      case Texts(List<String> texts) -> String.join(", ", texts);
      case Numbers(GdalType type, List<Number> numbers) ->
          numbers.stream().map(number -> text(type, number)).collect(Collectors.joining(", "));
    };
  }

  private static String text(GdalType type, Number number) {
    return switch (type) {
      case FLOAT32, CFLOAT32 -> Float.toString(number.floatValue());
      case FLOAT64, CFLOAT64 -> Double.toString(number.doubleValue());
      case UINT64 -> Long.toUnsignedString(number.longValue());
      case UINT8, INT8, UINT16, INT16, UINT32, INT32, INT64, CINT16, CINT32 ->
          Long.toString(number.longValue());
    };
  }
}
