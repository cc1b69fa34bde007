package org.tessera.engine.algebra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.GridEnvelope;

/** Places between knots, and where knots are. */
class WarpMeshTest {
  private static WarpMesh.Transform transform(DoubleBinaryOperator y, DoubleBinaryOperator x) {
    return points -> {
      for (int i = 0; i < points.length; i += 2) {
        double row = points[i];
        double column = points[i + 1];
        points[i] = y.applyAsDouble(row, column);
        points[i + 1] = x.applyAsDouble(row, column);
      }
    };
  }

  /** The farthest that a place of the mesh is from the exact one. */
  private static double error(WarpMesh mesh, DoubleBinaryOperator fy, DoubleBinaryOperator fx) {
    GridEnvelope d = mesh.domain();
    int n = (int) d.size(1);
    double[] y = new double[n];
    double[] x = new double[n];
    double worst = 0;
    for (long r = d.low(0); r <= d.high(0); r++) {
      mesh.row(r, d.low(1), n, y, x, null, null);
      for (int c = 0; c < n; c++) {
        double column = d.low(1) + c + 0.5;
        worst = Math.max(worst, Math.abs(y[c] - fy.applyAsDouble(r + 0.5, column)));
        worst = Math.max(worst, Math.abs(x[c] - fx.applyAsDouble(r + 0.5, column)));
      }
    }
    return worst;
  }

  @Test
  void aStraightTransformationIsExactWithNineKnotsAPatch() {
    DoubleBinaryOperator y = (r, c) -> 3 + 2 * r;
    DoubleBinaryOperator x = (r, c) -> 0.5 * c - 1;
    WarpMesh mesh =
        WarpMesh.of(GridEnvelope.of(new long[] {-5, 7}, new long[] {122, 134}), transform(y, x));
    assertEquals(36, mesh.knots());
    assertTrue(error(mesh, y, x) < 1e-9);
    double[] a = new double[3];
    double[] b = new double[3];
    double[] height = new double[3];
    double[] width = new double[3];
    mesh.row(58, 69, 3, a, b, height, width);
    assertArrayEquals(new double[] {120, 120, 120}, a, 1e-9);
    assertArrayEquals(new double[] {33.75, 34.25, 34.75}, b, 1e-9);
    assertArrayEquals(new double[] {2, 2, 2}, height, 1e-9);
    assertArrayEquals(new double[] {0.5, 0.5, 0.5}, width, 1e-9);
  }

  @Test
  void aCurvedTransformationIsRightWithinAFortiethOfACell() {
    DoubleBinaryOperator y = (r, c) -> r + 200 * Math.sin(c / 400) * Math.cos(r / 300);
    DoubleBinaryOperator x = (r, c) -> c + 150 * Math.exp(-r / 250);
    WarpMesh mesh = WarpMesh.of(GridEnvelope.ofSize(500, 700), transform(y, x));
    double worst = error(mesh, y, x);
    assertTrue(worst < 1.0 / 40, () -> "error " + worst);
    assertTrue(mesh.knots() < 500 * 700 / 25, () -> mesh.knots() + " knots");
  }

  @Test
  void whereATransformationBreaksEachCellIsExact() {
    DoubleBinaryOperator y = (r, c) -> r;
    DoubleBinaryOperator x = (r, c) -> (c + 30) % 100;
    WarpMesh mesh = WarpMesh.of(GridEnvelope.ofSize(64, 200), transform(y, x));
    assertTrue(error(mesh, y, x) < 1e-9);
    double[] w = new double[2];
    double[] p = new double[2];
    mesh.row(3, 69, 2, new double[2], p, new double[2], w);
    assertArrayEquals(new double[] {99.5, 0.5}, p, 1e-9);
    // Not the hundred cells between the two.
    assertArrayEquals(new double[] {1, 1}, w, 1e-9);
  }

  @Test
  void pointsWithoutAnImageAreNoPlaces() {
    // A disk of places, nothing around it.
    DoubleBinaryOperator root = (r, c) -> Math.sqrt(90 * 90 - Math.pow(r - 100, 2) - c * 0);
    DoubleBinaryOperator y =
        (r, c) -> Math.hypot(r - 100, c - 100) < 90 ? root.applyAsDouble(r, c) : Double.NaN;
    WarpMesh mesh = WarpMesh.of(GridEnvelope.ofSize(200, 200), transform(y, (r, c) -> c));
    double[] a = new double[200];
    double[] b = new double[200];
    int found = 0;
    for (int r = 0; r < 200; r++) {
      mesh.row(r, 0, 200, a, b, null, null);
      for (int c = 0; c < 200; c++) {
        boolean in = Math.hypot(r - 99.5, c - 99.5) < 90;
        assertEquals(in, !Double.isNaN(a[c]), r + " " + c);
        found += in ? 1 : 0;
      }
    }
    assertEquals(25_448, found);
    assertNull(mesh.span(GridEnvelope.of(new long[] {0, 0}, new long[] {8, 8})));
  }

  @Test
  void spansHoldAllPlacesOfABox() {
    DoubleBinaryOperator y = (r, c) -> r + 20 * Math.sin(c / 40);
    DoubleBinaryOperator x = (r, c) -> 2 * c + r / 10;
    WarpMesh mesh = WarpMesh.of(GridEnvelope.ofSize(150, 150), transform(y, x));
    GridEnvelope box = GridEnvelope.of(new long[] {60, 20}, new long[] {70, 140});
    WarpMesh.Span span = mesh.span(box);
    double[] a = new double[121];
    double[] b = new double[121];
    double[] h = new double[121];
    double[] w = new double[121];
    for (long r = 60; r <= 70; r++) {
      mesh.row(r, 20, 121, a, b, h, w);
      for (int c = 0; c < 121; c++) {
        assertTrue(a[c] >= span.top() && a[c] <= span.bottom());
        assertTrue(b[c] >= span.left() && b[c] <= span.right());
        assertTrue(h[c] <= span.height() && w[c] <= span.width());
      }
    }
    assertTrue(span.bottom() - span.top() < 80, span::toString);
  }

  @Test
  void aRowOfCellsKnowsHowMuchTheyCover() {
    WarpMesh mesh =
        WarpMesh.of(GridEnvelope.ofSize(1, 3), transform((r, c) -> 4 * r, (r, c) -> 5 * c));
    double[] h = new double[3];
    double[] w = new double[3];
    mesh.row(0, 0, 3, new double[3], new double[3], h, w);
    assertArrayEquals(new double[] {4, 4, 4}, h, 1e-9);
    assertArrayEquals(new double[] {5, 5, 5}, w, 1e-9);
  }

  @Test
  void refusesAGridThatIsTooLarge() {
    EngineException e =
        assertThrows(
            EngineException.class,
            () ->
                WarpMesh.of(
                    GridEnvelope.ofSize(1L << 20, 1L << 20), transform((r, c) -> r, (r, c) -> c)));
    assertEquals(EngineException.Code.LIMIT_EXCEEDED, e.code());
  }
}
