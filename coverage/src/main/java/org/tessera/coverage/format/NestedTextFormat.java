package org.tessera.coverage.format;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.TimeScale;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluation;

/**
 * CSV and JSON: cells in logical grid order, a pair of brackets for each value of all axes but the
 * last. CSV has no brackets around the whole ({@code {1,2},{3,4}}), JSON has ({@code
 * [[1,2],[3,4]]}). A cell of several bands is one quoted text, {@code "119 208"}. The values of a
 * field whose definition is a CRS of time are written as times, {@code 2008-01-01T02:01:20.000Z}.
 *
 * <p>Options: {@code order} (outer_inner or inner_outer), {@code enableNull}, {@code nullValue},
 * {@code trueValue}, {@code falseValue}, {@code dimensionStart}, {@code dimensionEnd}, {@code
 * dimensionSeparator}, {@code elementSeparator}, {@code structValueStart}, {@code structValueEnd},
 * {@code componentSeparator}, {@code outerDelimiters}.
 */
final class NestedTextFormat implements CoverageFormat {
  private static final int FLUSH = 1 << 15;

  private static final List<String> OPTIONS =
      List.of(
          "order",
          "enableNull",
          "nullValue",
          "trueValue",
          "falseValue",
          "dimensionStart",
          "dimensionEnd",
          "dimensionSeparator",
          "elementSeparator",
          "structValueStart",
          "structValueEnd",
          "structValueSeparator",
          "componentSeparator",
          "outerDelimiters");

  private final boolean json;
  private final CrsResolver crs;

  private NestedTextFormat(boolean json, CrsResolver crs) {
    this.json = json;
    this.crs = crs;
  }

  static CoverageFormat csv(CrsResolver crs) {
    return new NestedTextFormat(false, crs);
  }

  static CoverageFormat json(CrsResolver crs) {
    return new NestedTextFormat(true, crs);
  }

  @Override
  public String mediaType() {
    return json ? "application/json" : "text/csv";
  }

  @Override
  public List<String> names() {
    return List.of(json ? "json" : "csv");
  }

  @Override
  public String extension() {
    return json ? "json" : "csv";
  }

  private record Style(
      String open,
      String close,
      String between,
      String separator,
      String cellStart,
      String cellEnd,
      String component,
      boolean outer,
      boolean nulls,
      String nullText,
      String yes,
      String no) {}

  private Style style(EncodeOptions options) {
    return new Style(
        options.text("dimensionStart").orElse(json ? "[" : "{"),
        options.text("dimensionEnd").orElse(json ? "]" : "}"),
        options.text("dimensionSeparator").orElse(","),
        options.text("elementSeparator").orElse(","),
        options.text("structValueStart").orElse("\""),
        options.text("structValueEnd").orElse("\""),
        options
            .text("componentSeparator")
            .or(() -> options.text("structValueSeparator"))
            .orElse(" "),
        options.text("outerDelimiters").isPresent() ? options.flag("outerDelimiters") : json,
        options.flag("enableNull"),
        options.text("nullValue").orElse("null"),
        options.text("trueValue").orElse(json ? "true" : "t"),
        options.text("falseValue").orElse(json ? "false" : "f"));
  }

  @Override
  public Encoder prepare(EncodeRequest request) {
    EncodeOptions options = EncodeOptions.parse(request.options()).knownTo(mediaType(), OPTIONS);
    Style style = style(options);
    String order = options.text("order").orElse("outer_inner").toLowerCase(Locale.ROOT);
    if (!order.equals("outer_inner") && !order.equals("inner_outer")) {
      throw new OwsException(
          OwsErrorCode.INVALID_REQUEST,
          "order",
          "order is '" + order + "', expected outer_inner or inner_outer");
    }
    List<Axis> axes = request.domain().axes();
    List<Integer> permutation = new ArrayList<>(IntStream.range(0, axes.size()).boxed().toList());
    permutation.sort(Comparator.comparingInt(i -> axes.get(i).gridRank()));
    if (order.equals("inner_outer")) {
      Collections.reverse(permutation);
    }
    ArrayExpr cells = Grids.permuted(request.cells(), permutation);
    Evaluation evaluation = request.evaluator().prepare(cells, request.limits());
    long[] sizes = cells.type().domain().sizes();
    List<Optional<TimeScale>> times = request.range().stream().map(this::time).toList();
    return out -> new Writer(style, sizes, times, out).write(evaluation);
  }

  /** The scale of the times in a field; empty if it has others. */
  private Optional<TimeScale> time(RangeField field) {
    return field.definition().contains("/crs/")
        ? crs.resolve(field.definition()).time()
        : Optional.empty();
  }

  /** Writes one array; knows by counters where brackets open and close. */
  private final class Writer {
    private final Style style;
    private final long[] sizes;
    private final long[] index;
    private final List<Optional<TimeScale>> times;
    private final OutputStream out;
    private final StringBuilder text = new StringBuilder();

    Writer(Style style, long[] sizes, List<Optional<TimeScale>> times, OutputStream out) {
      this.style = style;
      this.sizes = sizes;
      this.index = new long[sizes.length];
      this.times = times;
      this.out = out;
    }

    void write(Evaluation evaluation) throws IOException {
      try {
        evaluation.stream(this::tile);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      flush();
    }

    private void tile(Tile tile) {
      int cells = tile.band(0).length();
      for (int i = 0; i < cells; i++) {
        before();
        cell(tile, i);
        after();
        if (text.length() > FLUSH) {
          try {
            flush();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    /** Opens the brackets of all axes that start anew at this cell. */
    private void before() {
      int d = index.length - 1;
      while (d >= 0 && index[d] == 0) {
        d--;
      }
      // Axis d goes on; the axes after it start.
      if (d >= 0) {
        text.append(d == index.length - 1 ? style.separator : style.between);
      }
      for (int k = d + 1; k < index.length; k++) {
        if (k > 0 || style.outer) {
          text.append(style.open);
        }
      }
    }

    private void after() {
      int d = index.length - 1;
      while (d >= 0 && ++index[d] == sizes[d]) {
        index[d] = 0;
        if (d > 0 || style.outer) {
          text.append(style.close);
        }
        d--;
      }
    }

    private void cell(Tile tile, int i) {
      if (tile.bands().size() == 1) {
        Cells cells = tile.band(0);
        boolean quoted = json && (cells.type().isComplex() || times.getFirst().isPresent());
        text.append(quoted ? "\"" : "");
        component(cells, 0, i, json);
        text.append(quoted ? "\"" : "");
        return;
      }
      text.append(style.cellStart);
      for (int b = 0; b < tile.bands().size(); b++) {
        text.append(b == 0 ? "" : style.component);
        component(tile.band(b), b, i, false);
      }
      text.append(style.cellEnd);
    }

    private void component(Cells cells, int band, int i, boolean number) {
      if (style.nulls && cells.isNull(i)) {
        text.append(style.nullText);
      } else if (times.get(band).isPresent()) {
        text.append(times.get(band).get().text(BigDecimal.valueOf(cells.getDouble(i))));
      } else if (number && cells.type().isFloat() && !Double.isFinite(cells.getDouble(i))) {
        // JSON has no number for it.
        text.append("null");
      } else {
        NumberText.append(text, cells, i, style.yes, style.no);
      }
    }

    private void flush() throws IOException {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      text.setLength(0);
    }
  }
}
