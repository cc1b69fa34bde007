package org.tessera.coverage.format;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Axis.IndexAxis;
import org.tessera.coverage.model.Axis.RegularAxis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.algebra.ArrayExpr;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;
import org.tessera.engine.eval.Evaluator;
import org.tessera.engine.eval.Evaluators;
import org.tessera.engine.eval.Limits;

/** Tiny coverages: cell n (in array order) of band b has the value n + 100 b. */
record Samples(
    DomainSet domain,
    List<CellType> types,
    List<NilValue> nils,
    String metadata,
    String optionText) {
  static final CrsResolver CRS = new CrsResolver();
  static final Evaluator EVALUATOR = Evaluators.create();

  /** Two rows of three: Lat 52 and 51, Long 7, 8, 9 (points); grid order Lat, Long. */
  static Samples map(CellType... types) {
    Axis lat =
        new RegularAxis(
            "Lat",
            "degree",
            "/crs/EPSG/0/4326",
            0,
            1,
            0,
            new BigDecimal("52"),
            new BigDecimal("-1"));
    Axis lon =
        new RegularAxis(
            "Long", "degree", "/crs/EPSG/0/4326", 0, 2, 1, new BigDecimal("7"), BigDecimal.ONE);
    return of(new DomainSet("/crs/EPSG/0/4326", List.of(lat, lon), List.of("Lat", "Long")), types);
  }

  /** i 0 to 2 by j 0 to 1; array order j, i; grid order i, j. */
  static Samples grid(CellType... types) {
    Axis i = new IndexAxis("i", "GridSpacing", "/crs/OGC/0/Index2D", 0, 2, 0);
    Axis j = new IndexAxis("j", "GridSpacing", "/crs/OGC/0/Index2D", 0, 1, 1);
    return of(new DomainSet("/crs/OGC/0/Index2D", List.of(j, i), List.of("i", "j")), types);
  }

  /** Index axes of the given sizes, grid order as array order. */
  static Samples cube(CellType type, long... sizes) {
    List<Axis> axes = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    String crs = "/crs/OGC/0/Index" + sizes.length + "D";
    for (int d = 0; d < sizes.length; d++) {
      labels.add("ijkmn".substring(d, d + 1));
      axes.add(new IndexAxis(labels.get(d), "GridSpacing", crs, 0, sizes[d] - 1, d));
    }
    return of(new DomainSet(crs, axes, labels), type);
  }

  static Samples scalar(CellType... types) {
    return of(new DomainSet("", List.of(), List.of()), types);
  }

  private static Samples of(DomainSet domain, CellType... types) {
    return new Samples(domain, List.of(types), List.of(), "", "");
  }

  Samples options(String text) {
    return new Samples(domain, types, nils, metadata, text);
  }

  Samples nil(String text) {
    return new Samples(domain, types, List.of(new NilValue(text, "")), metadata, optionText);
  }

  Samples metadata(String text) {
    return new Samples(domain, types, nils, text, optionText);
  }

  EncodeRequest request() {
    GridEnvelope box = domain.gridEnvelope();
    NullSet nulls = NilValues.nullSet(nils);
    List<Cells> bands = new ArrayList<>();
    List<RangeField> fields = new ArrayList<>();
    for (int b = 0; b < types.size(); b++) {
      bands.add(cells(types.get(b), box.cellsAsInt(), 100 * b, nulls));
      fields.add(new RangeField("b" + b, types.get(b), "", "", "", "10^0", nils));
    }
    ArrayType type =
        new ArrayType(
            box, types.stream().map(t -> new org.tessera.engine.array.Band(t, nulls)).toList());
    ArrayExpr constant = new ArrayExpr.Constant(type, new Tile(box, bands));
    return new EncodeRequest(
        "sample", domain, fields, metadata, constant, EVALUATOR, Limits.NONE, optionText);
  }

  private static Cells cells(CellType type, int n, int first, NullSet nulls) {
    Cells cells = Cells.allocate(type, n);
    long[] mask = new long[(n + 63) / 64];
    for (int i = 0; i < n; i++) {
      int at = i * type.components();
      int v = type == CellType.BOOLEAN ? (first + i) & 1 : first + i;
      switch (type.storage()) {
        case BYTE -> cells.bytes()[at] = (byte) v;
        case SHORT -> cells.shorts()[at] = (short) v;
        case INT -> cells.ints()[at] = v;
        case LONG -> cells.longs()[at] = v;
        case FLOAT -> cells.floats()[at] = v + 0.5f;
        case DOUBLE -> cells.doubles()[at] = v + 0.5;
      }
      if (nulls.contains(v)) {
        mask[i >> 6] |= 1L << i;
      }
    }
    return nulls.isEmpty() ? cells : cells.withNulls(mask);
  }
}
