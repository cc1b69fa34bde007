package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.GridMapping;
import org.tessera.coverage.model.Axis;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;

/**
 * A digital elevation model as text: a line {@code x y value} for each cell that is neither 0 nor
 * null, row by row, of a coverage with two axes and one band. The coordinates are those of the
 * cells' points; with the options {@code startx}, {@code endy}, {@code resx} and {@code resy}, x is
 * startx + index * resx along the first axis and y is endy - index * resy along the second.
 */
final class DemFormat implements CoverageFormat {
  @Override
  public String mediaType() {
    return "image/x-aaigrid";
  }

  @Override
  public List<String> names() {
    return List.of("dem");
  }

  @Override
  public String extension() {
    return "dem";
  }

  @Override
  public Encoder prepare(EncodeRequest request) {
    EncodeOptions options =
        EncodeOptions.parse(request.options())
            .knownTo("dem", List.of("startx", "starty", "endx", "endy", "resx", "resy"));
    if (request.domain().dimension() != 2 || request.range().size() != 1) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "dem",
          "dem is for coverages of two axes and one field; this one has %d axes and %d fields"
              .formatted(request.domain().dimension(), request.range().size()));
    }
    List<Axis> grid = request.domain().gridAxes();
    double[] x = places(grid.get(0), number(options, "startx"), number(options, "resx"), 1);
    double[] y = places(grid.get(1), number(options, "endy"), number(options, "resy"), -1);
    List<Integer> order = new ArrayList<>();
    order.add(request.domain().indexOf(grid.get(1).label()));
    order.add(request.domain().indexOf(grid.get(0).label()));
    ArrayExpr cells = Grids.permuted(request.cells(), order);
    Evaluation evaluation = request.evaluator().prepare(cells, request.limits());
    return out -> write(evaluation, x, y, out);
  }

  private static double[] places(
      Axis axis, Optional<Double> start, Optional<Double> step, int direction) {
    if (axis.size() > Integer.MAX_VALUE - 8) {
      throw new OwsException(OwsErrorCode.REQUEST_TOO_LARGE, axis.label(), "too long for dem");
    }
    double[] places = new double[(int) axis.size()];
    for (int i = 0; i < places.length; i++) {
      BigDecimal point = GridMapping.coordinateOf(axis, axis.low() + i);
      places[i] =
          start.isPresent() && step.isPresent()
              ? start.get() + direction * (axis.low() + i) * step.get()
              : point.doubleValue();
    }
    return places;
  }

  private static Optional<Double> number(EncodeOptions options, String key) {
    try {
      return options.text(key).map(Double::valueOf);
    } catch (NumberFormatException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST, key, "The option '" + key + "' is no number", e);
    }
  }

  private static void write(Evaluation evaluation, double[] x, double[] y, OutputStream out)
      throws IOException {
    long[] at = {0};
    try {
      evaluation.stream(
          tile -> {
            try {
              out.write(lines(tile, at, x, y).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String lines(Tile tile, long[] at, double[] x, double[] y) {
    StringBuilder s = new StringBuilder();
    Cells cells = tile.band(0);
    for (int i = 0; i < cells.length(); i++, at[0]++) {
      double value = cells.getDouble(i);
      if (value != 0 && !cells.isNull(i)) {
        s.append(
            String.format(
                Locale.ROOT,
                "%f %f %f\n",
                x[(int) (at[0] % x.length)],
                y[(int) (at[0] / x.length)],
                value));
      }
    }
    return s.toString();
  }
}
