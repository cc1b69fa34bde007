package org.tessera.importer.expression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.crs.TimeScale;

/** What an expression gives. */
public sealed interface Value {
  /** A number, exact; divisions have 34 digits. */
  record Num(BigDecimal number) implements Value {}

  record Text(String text) implements Value {}

  record Bool(boolean truth) implements Value {}

  record Items(List<Value> items) implements Value {
    public Items {
      items = List.copyOf(items);
    }
  }

  /** A point in time, UTC. */
  record Time(LocalDateTime time) implements Value {}

  /** A point in time of a calendar that is none of real days, as that counts them. */
  record ModelTime(Instant at, TimeCalendar calendar) implements Value {}

  /** A length of time, of any sign. */
  record Span(Duration duration) implements Value {}

  record None() implements Value {}

  static Value of(String text) {
    return new Text(text);
  }

  static Value of(long number) {
    return new Num(BigDecimal.valueOf(number));
  }

  static Value of(BigDecimal number) {
    return new Num(number);
  }

  /**
   * A number; not finite ones become the texts nan, inf, -inf, since decimals have no such thing.
   */
  static Value of(double number) {
    return Double.isFinite(number)
        ? new Num(new BigDecimal(Double.toString(number)))
        : new Text(Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf");
  }

  /** As people write it: numbers without exponent, times as ISO 8601 with milliseconds and Z. */
  default String asText() {
    return switch (this) {
      case Num n -> plain(n.number());
      case Text t -> t.text();
      case Bool b -> b.truth() ? "True" : "False";
      case Items i -> "[" + String.join(", ", i.items().stream().map(Value::asText).toList()) + "]";
      case Time t -> TimeFormat.iso(t.time());
      case ModelTime t -> TimeScale.text(t.at().plusNanos(500_000), t.calendar());
      case Span s -> plain(seconds(s.duration())) + " s";
      case None n -> "None";
    };
  }

  /**
   * As a number; texts that are numbers count.
   *
   * @throws IllegalArgumentException if it is none
   */
  default BigDecimal asNumber() {
    switch (this) {
      case Num n -> {
        return n.number();
      }
      case Bool b -> {
        return b.truth() ? BigDecimal.ONE : BigDecimal.ZERO;
      }
      case Text t -> {
        try {
          return new BigDecimal(t.text().strip());
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("'" + t.text() + "' is not a number", e);
        }
      }
      case Items i -> {
        if (i.items().size() == 1) {
          return i.items().getFirst().asNumber();
        }
        throw new IllegalArgumentException(
            "a list of " + i.items().size() + " values where one number is expected");
      }
      case Time t -> throw new IllegalArgumentException("the time " + t.asText() + " is no number");
      case ModelTime t ->
          throw new IllegalArgumentException("the time " + t.asText() + " is no number");
      case Span s -> throw new IllegalArgumentException("a time span is no number");
      case None n -> throw new IllegalArgumentException("None is no number");
    }
  }

  /** Whether it counts as true: not zero, not empty. */
  default boolean asBoolean() {
    return switch (this) {
      case Num n -> n.number().signum() != 0;
      case Text t -> !t.text().isEmpty();
      case Bool b -> b.truth();
      case Items i -> !i.items().isEmpty();
      case Time t -> true;
      case ModelTime t -> true;
      case Span s -> !s.duration().isZero();
      case None n -> false;
    };
  }

  /** What kind of value it is, for messages. */
  default String kind() {
    return switch (this) {
      case Num n -> "a number";
      case Text t -> "a text";
      case Bool b -> "a truth value";
      case Items i -> "a list";
      case Time t -> "a time";
      case ModelTime t -> "a time of the calendar " + t.calendar().cfName();
      case Span s -> "a time span";
      case None n -> "None";
    };
  }

  /** Seconds of a duration, exact. */
  static BigDecimal seconds(Duration d) {
    return BigDecimal.valueOf(d.getSeconds()).add(BigDecimal.valueOf(d.getNano(), 9));
  }

  /** A duration of so many seconds, to the nanosecond. */
  static Duration duration(BigDecimal seconds) {
    BigDecimal rounded = seconds.setScale(9, java.math.RoundingMode.HALF_EVEN);
    long whole = rounded.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
    int nanos = rounded.subtract(BigDecimal.valueOf(whole)).movePointRight(9).intValueExact();
    return Duration.ofSeconds(whole, nanos);
  }

  private static String plain(BigDecimal n) {
    BigDecimal stripped = n.stripTrailingZeros();
    return stripped.precision() > 40
        ? stripped.round(MathContext.DECIMAL128).toPlainString()
        : stripped.toPlainString();
  }
}
