package org.tessera.importer.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.model.NilValue;
import org.tessera.coverage.model.NilValues;
import org.tessera.coverage.model.RangeField;
import org.tessera.engine.array.CellType;
import org.tessera.importer.expression.Expression;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.ArrayFile;
import org.tessera.importer.source.RasterFile;

/** Bands of files as fields of the range type. */
final class Fields {
  private Fields() {}

  /** Fields, and for each the band number or variable name. */
  record Chosen(List<RangeField> fields, List<String> bands) {}

  /**
   * All bands of an image.
   *
   * @param names as {@code band_names} gives them; may be empty
   */
  static Chosen ofRaster(RasterFile raster, List<String> names, List<String> defaultNulls) {
    List<RangeField> fields = new ArrayList<>();
    List<String> bands = new ArrayList<>();
    Set<String> used = new HashSet<>();
    if (!names.isEmpty() && names.size() != raster.bands().size()) {
      throw new ImportException(
          "'band_names' has "
              + names.size()
              + " names, but the file has "
              + raster.bands().size()
              + " bands");
    }
    for (int i = 0; i < raster.bands().size(); i++) {
      RasterFile.Band band = raster.bands().get(i);
      String name = names.isEmpty() ? band.color() : names.get(i);
      if (name.equals("Undefined") || name.equals("Unknown") || !used.add(name)) {
        name = "field_" + (i + 1);
      }
      fields.add(
          field(
              name,
              band.type(),
              "",
              "",
              Optional.empty(),
              nils(List.of(), defaultNulls, band.noData(), i, raster.bands().size()),
              ""));
      bands.add(Integer.toString(i + 1));
    }
    return new Chosen(fields, bands);
  }

  /** The bands of the slicer in an image; all bands if it names none. */
  static Chosen ofRaster(
      RasterFile raster,
      List<Ingredients.Band> wanted,
      List<String> defaultNulls,
      FileVariables vars) {
    if (wanted.isEmpty()) {
      return ofRaster(raster, List.of(), defaultNulls);
    }
    List<RangeField> fields = new ArrayList<>();
    List<String> bands = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Ingredients.Band w = wanted.get(i);
      int number = bandNumber(raster, w, i, wanted.size());
      RasterFile.Band band = raster.bands().get(number - 1);
      fields.add(described(w, band.type(), band.noData(), defaultNulls, i, wanted.size(), vars));
      bands.add(Integer.toString(number));
    }
    return new Chosen(fields, bands);
  }

  /** The band of one GRIB message. */
  static List<RangeField> ofMessage(
      RasterFile.Band message,
      List<Ingredients.Band> wanted,
      List<String> defaultNulls,
      FileVariables vars) {
    Ingredients.Band w =
        wanted.isEmpty()
            ? new Ingredients.Band(
                "band1",
                "band1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty())
            : wanted.getFirst();
    return List.of(described(w, message.type(), message.noData(), defaultNulls, 0, 1, vars));
  }

  /** An identifier is the number of the band from 0, its colour, or its description. */
  private static int bandNumber(RasterFile raster, Ingredients.Band w, int place, int count) {
    String id = w.identifier().strip();
    int n = raster.bands().size();
    if (id.matches("\\d{1,6}") && Integer.parseInt(id) < n) {
      return Integer.parseInt(id) + 1;
    }
    for (int i = 0; i < n; i++) {
      RasterFile.Band b = raster.bands().get(i);
      if (b.color().equalsIgnoreCase(id) || b.description().equalsIgnoreCase(id)) {
        return i + 1;
      }
    }
    if (n == 1 || n == count) {
      return n == 1 ? 1 : place + 1;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      names.add(i + " (" + raster.bands().get(i).color().toLowerCase(Locale.ROOT) + ")");
    }
    throw new ImportException(
        "band '" + id + "' is not in the file; it has " + String.join(", ", names));
  }

  /** The variables of the slicer. */
  static Chosen ofArrays(
      ArrayFile file,
      List<Ingredients.Band> wanted,
      List<String> defaultNulls,
      FileVariables vars) {
    List<RangeField> fields = new ArrayList<>();
    List<String> bands = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Ingredients.Band w = wanted.get(i);
      ArrayFile.ArrayVariable v = file.variable(w.identifier()).orElse(null);
      if (v == null) {
        throw new ImportException(
            "band '"
                + w.name()
                + "': the file has no variable '"
                + w.identifier()
                + "'; it has "
                + String.join(", ", file.variables().keySet()));
      }
      if (w.variable().isPresent() && file.variable(w.variable().get()).isEmpty()) {
        throw new ImportException(
            "band '"
                + w.name()
                + "': 'variable' is '"
                + w.variable().get()
                + "', but the file has no such variable; it has "
                + String.join(", ", file.variables().keySet())
                + " ('identifier' alone, here '"
                + w.identifier()
                + "', is enough)");
      }
      CellType type =
          v.type()
              .orElseThrow(
                  () -> new ImportException("variable '" + v.name() + "' does not hold numbers"));
      Optional<String> fill =
          v.noData()
              .or(() -> Optional.ofNullable(v.attributes().get("_FillValue")))
              .or(() -> Optional.ofNullable(v.attributes().get("missing_value")));
      fields.add(described(w, type, fill, defaultNulls, i, wanted.size(), vars));
      bands.add(v.name());
    }
    if (fields.isEmpty()) {
      throw new ImportException(
          "'slicer.bands' is missing; the file has the variables "
              + String.join(", ", file.variables().keySet()));
    }
    return new Chosen(fields, bands);
  }

  private static RangeField described(
      Ingredients.Band w,
      CellType type,
      Optional<String> fill,
      List<String> defaultNulls,
      int place,
      int count,
      FileVariables vars) {
    Optional<String> uom = w.uom().map(u -> u.contains("${") ? Expression.fill(u, vars) : u);
    return field(
        w.name().replace(' ', '_'),
        type,
        w.description().map(d -> d.contains("${") ? evaluated(w.name(), d, vars) : d).orElse(""),
        "",
        uom,
        nils(w.nilValues(), defaultNulls, fill, place, count),
        w.nilReason().orElse(""));
  }

  private static String evaluated(String band, String text, FileVariables vars) {
    try {
      return Expression.parse(text).evaluate(vars).asText();
    } catch (ExpressionException | IllegalArgumentException e) {
      throw new ImportException("band '" + band + "', description: " + e.getMessage(), e);
    }
  }

  private static RangeField field(
      String name,
      CellType type,
      String description,
      String definition,
      Optional<String> uom,
      List<String> nils,
      String reason) {
    return new RangeField(
        name,
        type,
        name,
        description,
        definition,
        uom.filter(u -> !u.isBlank()).orElse("10^0"),
        nils.stream().map(n -> nil(name, n, reason)).toList());
  }

  /**
   * A unit as files have it as a code that swe:uom takes (no white space, no colon): {@code m
   * s**-1} becomes {@code m.s-1}; empty if it cannot be one.
   */
  static Optional<String> unitCode(String unit) {
    String u = unit.strip().replace("**", "").replace("^", "");
    // Words beside each other are a product only where an exponent shows it, unlike "degrees C".
    if (u.matches("[A-Za-z%/]+-?\\d*(\\s+[A-Za-z%/]+-?\\d*)+") && u.matches(".*\\d.*")) {
      u = u.replaceAll("\\s+", ".");
    }
    return u.isEmpty() || !u.matches("[^\\s:]+") ? Optional.empty() : Optional.of(u);
  }

  private static NilValue nil(String field, String text, String reason) {
    String t = text.strip();
    NilValue nil = new NilValue(t, reason);
    try {
      NilValues.nullSet(List.of(nil));
    } catch (IllegalArgumentException e) {
      throw new ImportException("band '" + field + "': " + e.getMessage(), e);
    }
    return nil;
  }

  /** Null values of a band: its own, else the default ones, else what the file says. */
  private static List<String> nils(
      List<String> own, List<String> defaults, Optional<String> fill, int place, int count) {
    if (!own.isEmpty()) {
      return own;
    }
    if (!defaults.isEmpty()) {
      // As many defaults as bands, and several of both: one each.
      return defaults.size() == count && count > 1 ? List.of(defaults.get(place)) : defaults;
    }
    return fill.map(List::of).orElse(List.of());
  }
}
