package org.tessera.coverage.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.update.DomainMerge.Run;
import org.tessera.coverage.update.DomainMerge.Shift;

class DomainMergeTest {
  private static final DomainMerge.SlicePoint NOWHERE = axis -> Optional.empty();

  private static DomainSet domain(Axis... axes) {
    List<String> labels = new ArrayList<>();
    for (Axis a : axes) {
      labels.add(a.label());
    }
    return new DomainSet("crs", Arrays.asList(axes), labels);
  }

  private static Axis time(long low, double... coordinates) {
    List<BigDecimal> list = new ArrayList<>();
    for (double c : coordinates) {
      list.add(BigDecimal.valueOf(c));
    }
    return new Axis.IrregularAxis("t", "d", "time", low, 0, list);
  }

  private static Axis.RegularAxis lat(long low, long high, String origin, String resolution) {
    return new Axis.RegularAxis(
        "Lat", "degree", "geo", low, high, 1, new BigDecimal(origin), new BigDecimal(resolution));
  }

  private static List<BigDecimal> numbers(double... values) {
    return Arrays.stream(values).mapToObj(BigDecimal::valueOf).toList();
  }

  @Test
  void aSliceAfterTheLastCoefficientIsAppended() {
    DomainMerge merge = DomainMerge.of(domain(time(0, 10, 20)), domain(time(0, 30)), NOWHERE);
    assertEquals(
        numbers(10, 20, 30), ((Axis.IrregularAxis) merge.domain().axes().getFirst()).coordinates());
    assertEquals(List.of(), merge.shifts());
    assertEquals(List.of(new Run(0, 2, 1)), merge.placements().getFirst().indices());
  }

  @Test
  void aSliceBeforeTheFirstCoefficientGetsTheIndexBelow() {
    DomainMerge merge = DomainMerge.of(domain(time(0, 10, 20)), domain(time(0, 5)), NOWHERE);
    assertEquals(-1, merge.domain().axes().getFirst().low());
    assertEquals(1, merge.domain().axes().getFirst().high());
    assertEquals(List.of(), merge.shifts());
    assertEquals(List.of(new Run(0, -1, 1)), merge.placements().getFirst().indices());
  }

  @Test
  void slicesInTheMiddleMoveTheLaterOnesUp() {
    DomainMerge merge =
        DomainMerge.of(domain(time(0, 10, 20, 30)), domain(time(0, 12, 15, 25, 40)), NOWHERE);
    assertEquals(
        numbers(10, 12, 15, 20, 25, 30, 40),
        ((Axis.IrregularAxis) merge.domain().axes().getFirst()).coordinates());
    assertEquals(List.of(new Shift(0, 2, 1), new Shift(0, 1, 2)), merge.shifts());
    assertEquals(
        List.of(new Run(0, 1, 2), new Run(2, 4, 1), new Run(3, 6, 1)),
        merge.placements().getFirst().indices());
  }

  @Test
  void aCoefficientThatIsThereIsOverwritten() {
    DomainMerge merge = DomainMerge.of(domain(time(0, 10, 20)), domain(time(0, 20)), NOWHERE);
    assertEquals(
        numbers(10, 20), ((Axis.IrregularAxis) merge.domain().axes().getFirst()).coordinates());
    assertEquals(List.of(new Run(0, 1, 1)), merge.placements().getFirst().indices());
  }

  @Test
  void aFallingAxisStaysFalling() {
    DomainMerge merge = DomainMerge.of(domain(time(0, 30, 10)), domain(time(0, 20)), NOWHERE);
    assertEquals(
        numbers(30, 20, 10), ((Axis.IrregularAxis) merge.domain().axes().getFirst()).coordinates());
  }

  @Test
  void aRegularAxisGrowsToBothSides() {
    DomainSet target = domain(lat(0, 9, "59.5", "-1"));
    DomainMerge south = DomainMerge.of(target, domain(lat(0, 4, "49.5", "-1")), NOWHERE);
    assertEquals(lat(0, 14, "59.5", "-1"), south.domain().axes().getFirst());
    DomainMerge north = DomainMerge.of(target, domain(lat(0, 4, "64.5", "-1")), NOWHERE);
    assertEquals(lat(-5, 9, "64.5", "-1"), north.domain().axes().getFirst());
    assertEquals(List.of(new Run(0, -5, 5)), north.placements().getFirst().indices());
  }

  @Test
  void aGridThatIsNotAlignedIsRefusedByAxis() {
    OwsException e =
        assertThrows(
            OwsException.class,
            () ->
                DomainMerge.of(
                    domain(lat(0, 9, "59.5", "-1")), domain(lat(0, 4, "49.25", "-1")), NOWHERE));
    assertEquals(OwsErrorCode.INCONSISTENT_CHANGE, e.code());
    assertEquals(Optional.of("Lat"), e.locator());
  }

  @Test
  void anAxisThatThePartLacksIsCutWhereTheRequestSays() {
    DomainMerge merge =
        DomainMerge.of(
            domain(time(0, 10, 20), lat(0, 9, "59.5", "-1")),
            domain(lat(0, 9, "59.5", "-1")),
            axis -> Optional.of(BigDecimal.valueOf(30)));
    assertEquals(List.of(new Run(0, 2, 1)), merge.placements().getFirst().indices());
    assertThrows(
        OwsException.class,
        () ->
            DomainMerge.of(
                domain(time(0, 10), lat(0, 9, "59.5", "-1")),
                domain(lat(0, 9, "59.5", "-1")),
                NOWHERE));
  }
}
