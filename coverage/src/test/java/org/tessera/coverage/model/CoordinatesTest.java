package org.tessera.coverage.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CoordinatesTest {
  /** What the decimals of a list look like. */
  enum Digits {
    DAYS,
    HOURS_AS_DAYS,
    OF_ALL_SCALES,
    HUGE
  }

  private static List<BigDecimal> rising(int n, Digits digits, Random random) {
    List<BigDecimal> points = new ArrayList<>();
    BigDecimal last = BigDecimal.valueOf(random.nextInt(1000) - 500);
    for (int i = 0; i < n; i++) {
      points.add(last);
      last =
          switch (digits) {
            case DAYS -> last.add(BigDecimal.valueOf(1 + random.nextInt(2)));
            // 26 digits.
            case HOURS_AS_DAYS -> last.add(new BigDecimal("0.04166666666666666667"));
            case OF_ALL_SCALES ->
                last.add(BigDecimal.valueOf(1 + random.nextInt(99), random.nextInt(25)));
            case HUGE -> last.add(new BigDecimal(BigInteger.ONE.shiftLeft(200 + i % 7), 300));
          };
    }
    return points;
  }

  @RepeatedTest(40)
  void theyAreTheListThatTheyWereMadeOf(RepetitionInfo repetition) {
    int seed = repetition.getCurrentRepetition();
    Random random = new Random(seed);
    int n = List.of(0, 1, 4096, 4097, random.nextInt(9000)).get(random.nextInt(5));
    List<BigDecimal> points = rising(n, Digits.values()[seed % 4], random);
    if (random.nextBoolean()) {
      Collections.reverse(points);
    }
    Coordinates made = Coordinates.copyOf(points);
    assertEquals(points, made);
    assertEquals(made, points);
    assertEquals(points.hashCode(), made.hashCode());
    for (CoordinateChunk chunk : made.chunks()) {
      assertEquals(chunk, CoordinateChunk.decode(chunk.encode()));
    }
    assertEquals(points.subList(n / 3, n - n / 5), made.subList(n / 3, n - n / 5));
  }

  @RepeatedTest(40)
  void insertingIsAsInAList(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int n = 1 + random.nextInt(9000);
    int inserted = random.nextInt(50);
    List<BigDecimal> points = rising(n, Digits.DAYS, random);
    List<Integer> places = new ArrayList<>();
    List<BigDecimal> fresh = new ArrayList<>();
    for (int i = 0; i < inserted; i++) {
      // Ends and borders of chunks more often than the rest.
      int place = List.of(0, n, 4096, 4095, random.nextInt(n + 1)).get(random.nextInt(5));
      places.add(Math.min(place, n));
      fresh.add(BigDecimal.valueOf(i, 3));
    }
    Collections.sort(places);
    List<BigDecimal> expected = new ArrayList<>(points);
    for (int i = 0; i < inserted; i++) {
      expected.add(places.get(i) + i, fresh.get(i));
    }
    assertEquals(expected, Coordinates.copyOf(points).with(places, fresh));
  }

  @RepeatedTest(60)
  void theNextOneIsTheFirstOfTheNearest(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    int n = 1 + random.nextInt(300);
    // 0: rising, 1: falling, 2: neither
    int order = repetition.getCurrentRepetition() % 3;
    List<BigDecimal> points = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      points.add(BigDecimal.valueOf(random.nextInt(400)));
    }
    if (order < 2) {
      Collections.sort(points);
    }
    if (order == 1) {
      Collections.reverse(points);
    }
    Coordinates made = Coordinates.copyOf(points);
    for (int k = 0; k < 20; k++) {
      BigDecimal at = BigDecimal.valueOf(random.nextInt(900) - 50, random.nextInt(2));
      int nearest = 0;
      for (int i = 1; i < n; i++) {
        boolean closer =
            points.get(i).subtract(at).abs().compareTo(points.get(nearest).subtract(at).abs()) < 0;
        nearest = closer ? i : nearest;
      }
      assertEquals(nearest, made.nearest(at), points + " near " + at);
      BigDecimal upper = at.add(BigDecimal.valueOf(random.nextInt(60)));
      List<Integer> inside = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        if (points.get(i).compareTo(at) >= 0 && points.get(i).compareTo(upper) <= 0) {
          inside.add(i);
        }
      }
      assertEquals(
          inside.isEmpty()
              ? Optional.empty()
              : Optional.of(new Coordinates.Span(inside.getFirst(), inside.getLast())),
          made.within(at, upper));
    }
  }

  @Test
  void anAppendSharesAllChunksButTheLast() {
    Coordinates before = Coordinates.copyOf(rising(10_000, Digits.DAYS, new Random(1)));
    Coordinates after = before.with(List.of(10_000), List.of(BigDecimal.valueOf(1_000_000)));
    assertEquals(10_001, after.size());
    assertSame(before.chunks().get(0), after.chunks().get(0));
    assertSame(before.chunks().get(1), after.chunks().get(1));
    assertEquals(3, after.chunks().size());
  }

  @Test
  void aTextIsMadeOnceForANotation() {
    CoordinateChunk chunk = Coordinates.copyOf(List.of(BigDecimal.ONE)).chunks().getFirst();
    byte[] text = chunk.text("a", c -> new byte[] {1});
    assertSame(text, chunk.text("a", c -> new byte[] {2}));
    assertEquals(3, chunk.text("b", c -> new byte[] {3})[0]);
  }

  @Test
  void bytesThatAreNoChunkAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> CoordinateChunk.decode(new byte[] {1, 2}));
  }
}
