package org.tessera.coverage.expr;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.NearNames;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NullRule;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;

/** Range types of results. */
final class Ranges {
  private Ranges() {}

  /** Fields band1, band2, ... for values that come from no coverage. */
  static List<RangeField> anonymous(ArrayType type) {
    List<RangeField> range = new ArrayList<>();
    for (int b = 0; b < type.bands().size(); b++) {
      range.add(anonymous("band" + (b + 1), type.band(b).type()));
    }
    return range;
  }

  private static RangeField anonymous(String name, CellType type) {
    return new RangeField(name, type, name, "", "", "10^0", List.of());
  }

  static RangeField named(RangeField f, String name) {
    return new RangeField(name, f.type(), name, f.description(), "", f.uom(), f.nils());
  }

  /** Place of a field by its name, or by its number from 0. */
  static int indexOf(CompiledCoverage c, String name) {
    for (int i = 0; i < c.range().size(); i++) {
      if (c.range().get(i).name().equals(name)) {
        return i;
      }
    }
    if (!name.isEmpty() && name.length() < 6 && name.chars().allMatch(Character::isDigit)) {
      int i = Integer.parseInt(name);
      if (i < c.range().size()) {
        return i;
      }
    }
    throw new OwsException(
        OwsErrorCode.NO_SUCH_FIELD,
        name,
        "Range field '"
            + name
            + "' does not exist, the coverage has "
            + c.range().stream().map(RangeField::name).toList()
            + "."
            + NearNames.hint(name, c.range().stream().map(RangeField::name).toList()));
  }

  /**
   * The fields of a result computed cell by cell: as in the first operand of so many bands.
   *
   * @param nulls by {@link NullRule#SHARED} null values are told of even where no cell can be null
   */
  static List<RangeField> induced(ArrayType type, List<CompiledCoverage> operands, NullRule nulls) {
    int n = type.bands().size();
    CompiledCoverage model = null;
    for (CompiledCoverage c : operands) {
      boolean better =
          model == null
              || (model.range().size() != n && c.range().size() == n)
              || (model.id().isEmpty() && !c.id().isEmpty() && c.range().size() == n);
      model = better ? c : model;
    }
    List<RangeField> range = new ArrayList<>();
    for (int b = 0; b < n; b++) {
      Band band = type.band(b);
      Map<String, NilValue> nils = new LinkedHashMap<>();
      if (nulls == NullRule.SHARED || !band.nulls().isEmpty()) {
        for (CompiledCoverage c : operands) {
          RangeField f = c.range().get(c.range().size() == n ? b : 0);
          f.nils().forEach(v -> nils.putIfAbsent(v.text(), v));
        }
      }
      RangeField f = model.range().get(model.range().size() == n ? b : 0);
      range.add(typed(f, band.type(), List.copyOf(nils.values())));
    }
    return range;
  }

  /** The fields with the types of a result. */
  static List<RangeField> of(ArrayType type, List<RangeField> fields) {
    List<RangeField> range = new ArrayList<>();
    for (int b = 0; b < fields.size(); b++) {
      Band band = type.band(b);
      RangeField f = fields.get(b);
      range.add(typed(f, band.type(), band.nulls().isEmpty() ? List.of() : f.nils()));
    }
    return range;
  }

  /** The fields with the types of a result and the null values that they have. */
  static List<RangeField> typed(ArrayType type, List<RangeField> fields) {
    List<RangeField> range = new ArrayList<>();
    for (int b = 0; b < fields.size(); b++) {
      range.add(typed(fields.get(b), type.band(b).type(), fields.get(b).nils()));
    }
    return range;
  }

  static RangeField withNils(RangeField f, List<NilValue> nils) {
    return typed(f, f.type(), nils);
  }

  /** The fields of a constructed coverage. */
  static List<RangeField> constructed(CompiledCoverage values, CoverageExpr e) {
    if (values.range().size() == 1 && !(e instanceof CoverageExpr.RangeConstructor)) {
      RangeField f = values.range().getFirst();
      return List.of(new RangeField("band1", f.type(), "band1", "", "", "10^0", f.nils()));
    }
    return values.range();
  }

  private static RangeField typed(RangeField f, CellType type, List<NilValue> nils) {
    return new RangeField(
        f.name(), type, f.label(), f.description(), f.definition(), f.uom(), nils);
  }
}
