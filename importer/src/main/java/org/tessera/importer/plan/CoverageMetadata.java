package org.tessera.importer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.format.NumberText;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.expression.Expression;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.expression.Value;
import org.tessera.importer.expression.Variables;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.problem.ImportException;
import org.tessera.importer.source.ArrayFile;
import org.tessera.importer.source.Packing;

/**
 * The metadata of a coverage: global (from the ingredients or the file), of bands and axes, the
 * colour palette, and of each slice. A value that is a map or a list keeps its structure.
 */
final class CoverageMetadata {
  private static final Pattern VARIABLE = Pattern.compile("netcdf:variable:([^:]+)(:.*)?");

  /** Attributes of variables that say what packed cells mean (CF 1.8, 8.1). */
  private static final Set<String> OF_PACKED =
      Set.of("scale_factor", "add_offset", "valid_min", "valid_max", "valid_range", "_Unsigned");

  private final Ingredients ingredients;
  private final PlannedSlice first;
  private final Optional<Ingredients.Metadata> given;
  private final Consumer<String> notes;

  /** Keys that there was a note about, once for all files. */
  private final Set<String> told = new HashSet<>();

  /**
   * @param notes takes what the user should know
   */
  CoverageMetadata(Ingredients ingredients, PlannedSlice first, Consumer<String> notes) {
    this.notes = notes;
    this.ingredients = ingredients;
    this.first = first;
    this.given = ingredients.options().coverage().map(Ingredients.CoverageOptions::metadata);
  }

  /** Of one slice; empty if the ingredients ask for none. */
  Map<String, Object> local(PlannedSlice s) {
    Map<String, Object> out = new LinkedHashMap<>();
    if (given.isEmpty() || !given.get().local().isObject()) {
      return out;
    }
    for (Map.Entry<String, JsonNode> e : given.get().local().properties()) {
      if (e.getKey().equals("metadata_file")) {
        metadataFile(e.getValue(), s, out);
      } else {
        try {
          out.put(e.getKey(), value(e.getValue(), variables(s)));
        } catch (ExpressionException x) {
          // A file without this piece of metadata has none; the rest counts.
          out.put(e.getKey(), "");
          if (told.add(e.getKey())) {
            notes.accept(
                "metadata.local."
                    + e.getKey()
                    + " stays empty for "
                    + s.file()
                    + ": "
                    + x.getMessage());
          }
        }
      }
    }
    out.put("fileReferenceHistory", s.file().original().toString());
    return out;
  }

  /** Those of the file, and {@code bbox:AXIS:min} and {@code max} of the slice. */
  private static Variables variables(PlannedSlice s) {
    return name -> {
      if (!name.startsWith("bbox:")) {
        return s.variables().value(name);
      }
      String[] parts = name.split(":", -1);
      List<String> labels = s.axes().stream().map(a -> a.axis().label()).toList();
      int axis = parts.length == 3 ? labels.indexOf(parts[1]) : -1;
      int bound = parts.length == 3 ? List.of("min", "max").indexOf(parts[2]) : -1;
      if (axis < 0 || bound < 0) {
        throw new IllegalArgumentException(
            "unknown variable ${"
                + name
                + "}; there is bbox:AXIS:min and bbox:AXIS:max for the axes "
                + String.join(", ", labels));
      }
      return Value.of(PlannedAxis.places(s.axes()).get(axis)[bound].replace("\"", ""));
    };
  }

  private void metadataFile(JsonNode spec, PlannedSlice s, Map<String, Object> out) {
    String path = Expression.parse(spec.path("path").asText()).evaluate(variables(s)).asText();
    Path file = ingredients.folder().resolve(path);
    if (!Files.isRegularFile(file)) {
      if (told.add("metadata_file")) {
        notes.accept("metadata.local.metadata_file: there is no file " + file + " for " + s.file());
      }
      return;
    }
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      out.put(
          spec.path("root_element").asText("metadata"),
          new RawXml(text.replaceFirst("(?s)^\\s*<\\?xml.*?\\?>", "").strip()));
    } catch (CharacterCodingException e) {
      throw new ImportException("metadata file " + file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new ImportException("metadata file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** XML that is taken as it is. */
  record RawXml(String xml) {}

  /** All of it as XML elements or as JSON; empty if there is none. */
  String text(List<Slice> slices) {
    if (given.isEmpty()) {
      return "";
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.putAll(global());
    put(all, "bands", part("bands", given.get().bands(), this::bandAttributes));
    put(all, "axes", part("axes", given.get().axes(), this::axisAttributes));
    if (first.reader() == SourceLayout.Reader.ARRAYS) {
      put(all, "grid_mapping", gridMapping());
    }
    palette().ifPresent(p -> all.put("colorPaletteTable", p));
    List<Object> local = new ArrayList<>();
    for (Slice s : slices) {
      if (!s.local().isEmpty()) {
        local.add(slice(s));
      }
    }
    if (!local.isEmpty()) {
      all.put("slices", Map.of("slice", local));
    }
    if (all.isEmpty()) {
      return "";
    }
    return given.get().xml() ? xml(all) : json(all);
  }

  boolean isXml() {
    return given.isEmpty() || given.get().xml();
  }

  /** As {@link #text}, but nothing else than the metadata of one slice. */
  static String of(Slice s, boolean xml) {
    if (s.local().isEmpty()) {
      return "";
    }
    Map<String, Object> all = Map.of("slices", Map.of("slice", List.of(slice(s))));
    return xml ? xml(all) : json(all);
  }

  private static void put(Map<String, Object> all, String key, Map<String, Object> part) {
    if (!part.isEmpty()) {
      all.put(key, part);
    }
  }

  private static Map<String, Object> slice(Slice s) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("axisLabels", String.join(" ", s.domain().crsOrder()));
    envelope.put("srsDimension", s.domain().dimension());
    List<String> lower = new ArrayList<>();
    List<String> upper = new ArrayList<>();
    for (int i = 0; i < s.place().size(); i++) {
      String[] place = s.place().get(i);
      Axis axis = s.domain().axis(s.domain().crsOrder().get(i)).orElseThrow();
      // An envelope goes from border to border, where a place may go from point to point.
      boolean borders = axis instanceof Axis.RegularAxis && !place[0].startsWith("\"");
      lower.add(borders ? NumberText.of(axis.lower()) : isoOffset(place[0]));
      upper.add(borders ? NumberText.of(axis.upper()) : isoOffset(place[1]));
    }
    envelope.put("lowerCorner", String.join(" ", lower));
    envelope.put("upperCorner", String.join(" ", upper));
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("boundedBy", Map.of("Envelope", envelope));
    out.putAll(s.local());
    return out;
  }

  /** Clients know the times of slices with an offset: "2017-01-10T00:00:00+00:00". */
  private static String isoOffset(String text) {
    return text.startsWith("\"") ? text.replace(".000Z", "+00:00") : text;
  }

  private Map<String, Object> global() {
    JsonNode g = given.get().global();
    if (g.isObject()) {
      Map<String, Object> out = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> e : g.properties()) {
        try {
          out.put(e.getKey(), value(e.getValue(), variables(first)));
        } catch (ExpressionException x) {
          throw new ImportException("metadata.global." + e.getKey() + ": " + x.getMessage(), x);
        }
      }
      return out;
    }
    boolean arrays = first.reader() == SourceLayout.Reader.ARRAYS;
    boolean auto = g.asText().equals("auto");
    if (!auto && !(arrays && g.isMissingNode())) {
      return Map.of();
    }
    return new LinkedHashMap<>(
        arrays ? first.variables().arrays().attributes() : first.variables().raster().metadata());
  }

  /** Texts are expressions; objects and lists keep their shape, as texts. */
  private static Object value(JsonNode n, Variables variables) {
    if (n.isObject()) {
      Map<String, Object> out = new LinkedHashMap<>();
      n.properties()
          .forEach(
              e ->
                  out.put(
                      e.getKey(),
                      n.get(e.getKey()).isValueNode()
                          ? e.getValue().asText()
                          : python(e.getValue())));
      return out;
    }
    if (n.isArray()) {
      return python(n);
    }
    String text = n.asText();
    if (text.isBlank()) {
      return "";
    }
    try {
      return Expression.parse(text).evaluate(variables).asText();
    } catch (ExpressionException e) {
      // People write plain words here, too.
      if (text.contains("${") || text.contains("(")) {
        throw e;
      }
      return text;
    }
  }

  /** Nested structures are flattened to text as wcst_import's language prints them. */
  private static String python(JsonNode n) {
    if (n.isObject()) {
      List<String> parts = new ArrayList<>();
      n.properties().forEach(e -> parts.add("'" + e.getKey() + "': " + python(e.getValue())));
      return "{" + String.join(", ", parts) + "}";
    }
    if (n.isArray()) {
      List<String> parts = new ArrayList<>();
      n.forEach(i -> parts.add(python(i)));
      return "[" + String.join(", ", parts) + "]";
    }
    return n.isTextual() ? "'" + n.asText() + "'" : n.asText();
  }

  /**
   * Metadata of bands or axes: what the ingredients say (a text with variables is an expression),
   * and of the others what the file says. netCDF variables describe themselves, unless the
   * ingredients say otherwise.
   */
  private Map<String, Object> part(
      String what, JsonNode part, Supplier<Map<String, Object>> fromFile) {
    boolean arrays = first.reader() == SourceLayout.Reader.ARRAYS;
    if (!part.isObject()) {
      boolean auto = part.asText().equals("auto") || (part.isMissingNode() && arrays);
      return auto ? fromFile.get() : Map.of();
    }
    Map<String, Object> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> e : part.properties()) {
      if (e.getValue().asText().equals("auto")) {
        Optional.ofNullable(fromFile.get().get(e.getKey())).ifPresent(v -> all.put(e.getKey(), v));
        continue;
      }
      Map<String, Object> inner = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> i : e.getValue().properties()) {
        String place = "metadata." + what + "." + e.getKey() + "." + i.getKey();
        inner.put(i.getKey(), ofPart(place, i.getValue()));
      }
      all.put(e.getKey(), inner);
    }
    if (!arrays) {
      return all;
    }
    Map<String, Object> inOrder = new LinkedHashMap<>();
    fromFile.get().forEach((name, of) -> inOrder.put(name, all.getOrDefault(name, of)));
    all.forEach(inOrder::putIfAbsent);
    return inOrder;
  }

  private Object ofPart(String place, JsonNode n) {
    if (!n.asText().contains("${")) {
      return n.isValueNode() ? n.asText() : python(n);
    }
    try {
      return Expression.parse(n.asText()).evaluate(first.variables()).asText();
    } catch (ExpressionException | IllegalArgumentException e) {
      throw new ImportException(place + ": " + e.getMessage(), e);
    }
  }

  private Map<String, Object> bandAttributes() {
    Map<String, Object> out = new LinkedHashMap<>();
    for (int i = 0; i < first.fields().size(); i++) {
      boolean arrays = first.reader() == SourceLayout.Reader.ARRAYS;
      Map<String, String> attributes =
          new LinkedHashMap<>(
              arrays
                  ? first.variables().arrays().variables().get(first.bands().get(i)).attributes()
                  : first
                      .variables()
                      .raster()
                      .bands()
                      .get(Integer.parseInt(first.bands().get(i)) - 1)
                      .metadata());
      Optional<Packing> packing = first.packing(i);
      if (packing.isPresent() && ingredients.options().unpack()) {
        // They are about the cells of the file, which these are no more.
        attributes.keySet().removeAll(OF_PACKED);
      } else if (packing.isPresent() && !arrays) {
        attributes.putIfAbsent("scale_factor", Double.toString(packing.get().factor()));
        attributes.putIfAbsent("add_offset", Double.toString(packing.get().offset()));
      }
      if (!arrays) {
        String unit =
            first
                .variables()
                .raster()
                .bands()
                .get(Integer.parseInt(first.bands().get(i)) - 1)
                .unit();
        if (!unit.isEmpty()) {
          attributes.putIfAbsent("units", unit);
        }
      }
      if (!attributes.isEmpty()) {
        out.put(first.fields().get(i).name(), attributes);
      }
    }
    return out;
  }

  private Map<String, Object> axisAttributes() {
    Map<String, Object> out = new LinkedHashMap<>();
    if (first.reader() != SourceLayout.Reader.ARRAYS) {
      return out;
    }
    List<Ingredients.SlicerAxis> axes =
        ingredients.options().coverage().orElseThrow().slicer().orElseThrow().axes();
    for (Ingredients.SlicerAxis a : axes) {
      variableOf(a)
          .map(v -> first.variables().arrays().variables().get(v))
          .ifPresent(v -> out.put(a.label(), new LinkedHashMap<>(v.attributes())));
    }
    return out;
  }

  private static Optional<String> variableOf(Ingredients.SlicerAxis a) {
    for (Optional<String> text : List.of(a.min(), a.max(), a.directPositions())) {
      if (text.isPresent()) {
        for (String v : Expression.parse(text.get()).variables()) {
          Matcher m = VARIABLE.matcher(v);
          if (m.matches()) {
            return Optional.of(m.group(1));
          }
        }
      }
    }
    return Optional.empty();
  }

  private Map<String, Object> gridMapping() {
    Map<String, Object> out = new LinkedHashMap<>();
    for (String band : first.bands()) {
      ArrayFile file = first.variables().arrays();
      String name = file.variables().get(band).attributes().get("grid_mapping");
      if (name != null && file.variables().containsKey(name) && out.isEmpty()) {
        out.put("identifier", name);
        out.putAll(file.variables().get(name).attributes());
      }
    }
    return out;
  }

  private Optional<Object> palette() {
    Optional<String> name = given.get().colorPaletteTable();
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (name.get().equals("auto")) {
      if (first.reader() == SourceLayout.Reader.ARRAYS) {
        return Optional.empty();
      }
      List<Integer> entries = first.variables().raster().bands().getFirst().palette();
      if (entries.isEmpty()) {
        return Optional.empty();
      }
      List<String> rows = new ArrayList<>();
      for (int e : entries) {
        rows.add(
            "["
                + (e >> 16 & 0xff)
                + ", "
                + (e >> 8 & 0xff)
                + ", "
                + (e & 0xff)
                + ", "
                + (e >>> 24)
                + "]");
      }
      return Optional.of("{\"colorTable\": [" + String.join(", ", rows) + "]}");
    }
    Path file = ingredients.folder().resolve(name.get());
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (IOException e) {
      throw new ImportException("colour palette " + file + " cannot be read", e);
    }
  }

  // ---- writing

  private static String json(Map<String, Object> all) {
    try {
      return new ObjectMapper().writeValueAsString(jsonValue(all));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new ImportException("metadata cannot be written as JSON: " + e.getMessage(), e);
    }
  }

  private static Object jsonValue(Object v) {
    return switch (v) {
      case Map<?, ?> m -> {
        Map<String, Object> out = new LinkedHashMap<>();
        m.forEach((k, x) -> out.put(String.valueOf(k), jsonValue(x)));
        yield out;
      }
      case List<?> l -> l.stream().map(CoverageMetadata::jsonValue).toList();
      case RawXml x -> x.xml();
      default -> v;
    };
  }

  private static String xml(Map<String, Object> all) {
    StringBuilder out = new StringBuilder();
    all.forEach((k, v) -> element(k, v, out));
    return out.toString();
  }

  private static void element(String name, Object value, StringBuilder out) {
    if (value instanceof List<?> l) {
      l.forEach(v -> element(name, v, out));
      return;
    }
    String tag = name.replaceAll("[^\\p{L}\\p{N}_.-]", "_");
    if (!tag.matches("[\\p{L}_].*")) {
      tag = "_" + tag;
    }
    out.append('<').append(tag).append('>');
    switch (value) {
      case Map<?, ?> m -> m.forEach((k, v) -> element(String.valueOf(k), v, out));
      case RawXml x -> out.append(x.xml());
      default -> out.append(escape(String.valueOf(value)));
    }
    out.append("</").append(tag).append('>');
  }

  /** Text for XML 1.0: marks escaped, characters that it cannot hold left out. */
  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                default -> {
                  if (c >= 0x20 || c == '\t' || c == '\n' || c == '\r') {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
    return out.toString();
  }
}
