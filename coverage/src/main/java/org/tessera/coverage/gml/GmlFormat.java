package org.tessera.coverage.gml;

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
import org.tessera.coverage.format.CoverageFormat;
import org.tessera.coverage.format.EncodeOptions;
import org.tessera.coverage.format.EncodeRequest;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.eval.Evaluation;

/**
 * GML with the cells in the document: GMLCOV 1.0, or CIS 1.1 when the option {@code outputType} is
 * {@code GeneralGridCoverage}. Tuples come in logical grid order, the last axis fastest. Memory is
 * bounded: cells are written as they are computed.
 */
public final class GmlFormat implements CoverageFormat {
  /** The media type. */
  public static final String MEDIA_TYPE = "application/gml+xml";

  private final GmlStyle style;

  public GmlFormat(GmlStyle style) {
    this.style = style;
  }

  @Override
  public String mediaType() {
    return MEDIA_TYPE;
  }

  @Override
  public List<String> names() {
    return List.of("gml", "text/xml", "application/xml");
  }

  @Override
  public String extension() {
    return "gml";
  }

  @Override
  public Encoder prepare(EncodeRequest request) {
    EncodeOptions options = EncodeOptions.parse(request.options()).knownTo(mediaType(), List.of());
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
    // The null values that a request names are unexplained; the schema wants a reason, if empty.
    String reason = style.dialect() == GmlStyle.Dialect.RASDAMAN ? null : "";
    List<RangeField> range = withNodata(request.range(), options.nodata(), reason);
    List<Axis> axes = request.domain().axes();
    List<Integer> arrayOrder = IntStream.range(0, axes.size()).boxed().toList();
    List<Integer> gridOrder =
        arrayOrder.stream().sorted(Comparator.comparingInt(i -> axes.get(i).gridRank())).toList();
    ArrayExpr cells =
        gridOrder.equals(arrayOrder)
            ? request.cells()
            : new ArrayExpr.Permute(request.cells(), gridOrder);
    Evaluation evaluation = request.evaluator().prepare(cells, request.limits());
    if (general) {
      return out ->
          GmlCoverages.writeGeneralGrid(
              request.name(),
              request.domain(),
              range,
              request.metadata(),
              new RangeSet.Tuples(text -> stream(evaluation, new TileTuples(text))),
              style,
              out);
    }
    return out ->
        GmlCoverages.write(
            request.name(),
            request.domain(),
            GridKind.of(request.domain()),
            range,
            request.metadata(),
            new RangeSet.Tuples(text -> stream(evaluation, new TileTuples(text))),
            style,
            out);
  }

  /** The option {@code nodata} in place of the fields' own null values: one for all or one each. */
  private static List<RangeField> withNodata(
      List<RangeField> range, List<Double> nodata, String reason) {
    if (nodata.isEmpty()) {
      return range;
    }
    List<RangeField> fields = new ArrayList<>();
    for (RangeField f : range) {
      double value = nodata.get(Math.min(fields.size(), nodata.size() - 1));
      String text = value == Math.rint(value) ? String.valueOf((long) value) : value + "";
      fields.add(
          new RangeField(
              f.name(),
              f.type(),
              f.label(),
              f.description(),
              f.definition(),
              f.uom(),
              List.of(new NilValue(text, reason))));
    }
    return fields;
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
