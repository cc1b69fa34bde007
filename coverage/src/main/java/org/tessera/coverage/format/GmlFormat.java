package org.tessera.coverage.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.gml.GmlCoverages;
import org.tessera.coverage.gml.GridKind;
import org.tessera.coverage.gml.RangeSet;
import org.tessera.coverage.gml.TileTuples;
import org.tessera.coverage.model.Axis;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.eval.Evaluation;

/**
 * GML with the cells in the document: GMLCOV 1.0, or CIS 1.1 when the option {@code outputType} is
 * {@code GeneralGridCoverage}. Tuples come in logical grid order, the last axis fastest. Memory is
 * bounded: cells are written as they are computed.
 */
final class GmlFormat implements CoverageFormat {
  private final CrsResolver crs;

  GmlFormat(CrsResolver crs) {
    this.crs = crs;
  }

  @Override
  public String mediaType() {
    return "application/gml+xml";
  }

  @Override
  public List<String> names() {
    return List.of("gml");
  }

  @Override
  public String extension() {
    return "gml";
  }

  @Override
  public Encoder prepare(EncodeRequest request) {
    EncodeOptions options = EncodeOptions.parse(request.options());
    Optional<String> outputType = options.text("outputType");
    boolean general =
        outputType
            .map(t -> t.toLowerCase(Locale.ROOT))
            .filter(t -> t.equals("generalgridcoverage"))
            .isPresent();
    if (outputType.isPresent() && !general) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "outputType",
          "outputType is '" + outputType.get() + "', expected GeneralGridCoverage");
    }
    List<Axis> axes = request.domain().axes();
    List<Integer> gridOrder = new ArrayList<>(IntStream.range(0, axes.size()).boxed().toList());
    gridOrder.sort(Comparator.comparingInt(i -> axes.get(i).gridRank()));
    ArrayExpr cells = Grids.permuted(request.cells(), gridOrder);
    Evaluation evaluation = request.evaluator().prepare(cells, request.limits());
    if (general) {
      return out ->
          GmlCoverages.writeGeneralGrid(
              request.name(),
              request.domain(),
              request.range(),
              request.metadata(),
              new RangeSet.Tuples(text -> stream(evaluation, new TileTuples(text))),
              crs,
              out);
    }
    return out ->
        GmlCoverages.write(
            request.name(),
            request.domain(),
            GridKind.of(request.domain()),
            request.range(),
            request.metadata(),
            new RangeSet.Tuples(text -> stream(evaluation, new TileTuples(text))),
            out);
  }

  private static void stream(Evaluation evaluation, TileTuples tuples) throws IOException {
    try {
      evaluation.stream(
          tile -> {
            try {
              tuples.append(tile);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
