package org.tessera.coverage.format.gdal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How large requests are cut. */
class BoxTest {
  private static String cut(long[] shape, long cellBytes, long limit, long align) {
    List<Box> boxes = Box.pieces(shape, cellBytes, limit, align);
    return boxes.stream()
        .map(box -> Arrays.toString(box.start()) + Arrays.toString(box.count()))
        .collect(Collectors.joining(" "));
  }

  @Test
  void whatFitsStaysWhole() {
    assertEquals("[0, 0][3, 4]", cut(new long[] {3, 4}, 2, 24, 1));
    assertEquals("[][]", cut(new long[] {}, 8, 8, 1));
  }

  @Test
  void rowsAreCutIntoAlignedSlabs() {
    assertEquals("[0, 0][2, 4] [2, 0][1, 4]", cut(new long[] {3, 4}, 2, 23, 1));
    assertEquals("[0, 0][4, 1] [4, 0][4, 1] [8, 0][2, 1]", cut(new long[] {10, 1}, 1, 5, 4));
  }

  @Test
  void aRowThatDoesNotFitIsCutItself() {
    assertEquals(
        "[0, 0][1, 3] [0, 3][1, 1] [1, 0][1, 3] [1, 3][1, 1]", cut(new long[] {2, 4}, 2, 6, 1));
  }

  @Test
  void aMiddleDimensionIsCut() {
    assertEquals(
        "[0, 0, 0][1, 2, 2] [0, 2, 0][1, 1, 2] [1, 0, 0][1, 2, 2] [1, 2, 0][1, 1, 2]",
        cut(new long[] {2, 3, 2}, 1, 5, 1));
  }
}
