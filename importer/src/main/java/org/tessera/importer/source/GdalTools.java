package org.tessera.importer.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.engine.array.CellType;
import org.tessera.importer.ImportException;

/** Looks at files with the programs gdalinfo and gdalmdiminfo. */
public final class GdalTools implements SourceFiles {
  private static final int SECONDS = 60;
  private static final Pattern EPSG_AT_END =
      Pattern.compile("(?s).*ID\\[\"EPSG\",(\\d+)\\]\\]\\s*$");

  private final JsonMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  @Override
  public RasterFile raster(String dataset) {
    JsonNode n = run(dataset, "gdalinfo", "-json", dataset);
    List<RasterFile.Band> bands = new ArrayList<>();
    for (JsonNode b : n.path("bands")) {
      List<int[]> overviews = new ArrayList<>();
      for (JsonNode o : b.path("overviews")) {
        overviews.add(new int[] {o.path("size").path(0).asInt(), o.path("size").path(1).asInt()});
      }
      List<Integer> palette = new ArrayList<>();
      for (JsonNode e : b.path("colorTable").path("entries")) {
        palette.add(
            e.path(3).asInt() << 24
                | e.path(0).asInt() << 16
                | e.path(1).asInt() << 8
                | e.path(2).asInt());
      }
      String type = b.path("type").asText();
      String pixelType = b.path("metadata").path("IMAGE_STRUCTURE").path("PIXELTYPE").asText("");
      bands.add(
          new RasterFile.Band(
              type(pixelType.equals("SIGNEDBYTE") ? "Int8" : type, dataset),
              b.has("noDataValue") ? Optional.of(b.get("noDataValue").asText()) : Optional.empty(),
              b.path("colorInterpretation").asText("Undefined"),
              palette,
              b.path("description").asText(""),
              b.path("unit").asText(""),
              texts(b.path("metadata").path("")),
              overviews));
    }
    Optional<List<BigDecimal>> transform = Optional.empty();
    if (n.has("geoTransform")) {
      List<BigDecimal> t = new ArrayList<>();
      n.get("geoTransform").forEach(v -> t.add(v.decimalValue()));
      transform = Optional.of(t);
    }
    String wkt = n.path("coordinateSystem").path("wkt").asText("");
    Matcher m = EPSG_AT_END.matcher(wkt);
    return new RasterFile(
        dataset,
        n.path("driverShortName").asText(),
        n.path("size").path(0).asInt(),
        n.path("size").path(1).asInt(),
        transform,
        m.matches() ? Optional.of(Integer.valueOf(m.group(1))) : Optional.empty(),
        !wkt.isEmpty(),
        bands,
        texts(n.path("metadata").path("")));
  }

  @Override
  public ArrayFile arrays(String dataset) {
    JsonNode n = run(dataset, "gdalmdiminfo", dataset);
    Map<String, Long> dimensions = new LinkedHashMap<>();
    for (JsonNode d : n.path("dimensions")) {
      dimensions.put(d.path("name").asText(), d.path("size").asLong());
    }
    Map<String, ArrayFile.ArrayVariable> variables = new LinkedHashMap<>();
    n.path("arrays")
        .properties()
        .forEach(
            e -> {
              JsonNode v = e.getValue();
              List<String> names = new ArrayList<>();
              v.path("dimensions")
                  .forEach(
                      d ->
                          names.add(
                              d.isTextual() ? lastPart(d.asText()) : d.path("name").asText()));
              for (int i = 0; i < names.size(); i++) {
                dimensions.putIfAbsent(names.get(i), v.path("dimension_size").path(i).asLong());
              }
              String type = v.path("datatype").asText();
              Map<String, String> attributes = texts(v.path("attributes"));
              String unit = v.path("unit").asText("");
              if (!unit.isEmpty()) {
                attributes.putIfAbsent("units", unit);
              }
              variables.put(
                  e.getKey(),
                  new ArrayFile.ArrayVariable(
                      e.getKey(),
                      v.path("datatype").isTextual() && !type.equals("String")
                          ? Optional.of(type(type, dataset))
                          : Optional.empty(),
                      names,
                      attributes,
                      v.has("nodata_value")
                          ? Optional.of(v.get("nodata_value").asText())
                          : Optional.empty(),
                      unit));
            });
    return new ArrayFile(
        dataset, n.path("driver").asText(), texts(n.path("attributes")), variables, dimensions);
  }

  @Override
  public List<BigDecimal> values(String dataset, String variable) {
    JsonNode n = run(dataset, "gdalmdiminfo", "-detailed", "-array", variable, dataset);
    List<BigDecimal> out = new ArrayList<>();
    collect(n.path("values"), n.path("datatype").asText().equals("Float32"), out);
    return out;
  }

  private static void collect(JsonNode n, boolean single, List<BigDecimal> out) {
    if (n.isArray()) {
      n.forEach(c -> collect(c, single, out));
    } else if (n.isNumber()) {
      out.add(
          single && !n.isIntegralNumber()
              ? new BigDecimal(Float.toString(n.floatValue()))
              : n.decimalValue());
    }
  }

  private static String lastPart(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Map<String, String> texts(JsonNode n) {
    Map<String, String> out = new LinkedHashMap<>();
    n.properties()
        .forEach(
            e -> {
              JsonNode v = e.getValue().has("value") ? e.getValue().get("value") : e.getValue();
              out.put(e.getKey(), v.isValueNode() ? v.asText() : v.toString());
            });
    return out;
  }

  static CellType type(String name, String dataset) {
    return switch (name) {
      case "Byte", "UInt8" -> CellType.UINT8;
      case "Int8" -> CellType.INT8;
      case "UInt16" -> CellType.UINT16;
      case "Int16" -> CellType.INT16;
      case "UInt32" -> CellType.UINT32;
      case "Int32" -> CellType.INT32;
      case "Int64" -> CellType.INT64;
      case "Float32" -> CellType.FLOAT32;
      case "Float64" -> CellType.FLOAT64;
      case "CInt16" -> CellType.CINT16;
      case "CInt32" -> CellType.CINT32;
      case "CFloat32" -> CellType.COMPLEX64;
      case "CFloat64" -> CellType.COMPLEX128;
      default -> throw new ImportException(dataset + ": cells of type " + name + " are unknown");
    };
  }

  private JsonNode run(String dataset, String... command) {
    Path errors = null;
    Path answer = null;
    try {
      errors = Files.createTempFile("tessera-gdal", ".err");
      answer = Files.createTempFile("tessera-gdal", ".json");
      Process p =
          new ProcessBuilder(command)
              .redirectError(errors.toFile())
              .redirectOutput(answer.toFile())
              .start();
      if (!p.waitFor(SECONDS, TimeUnit.SECONDS)) {
        p.destroyForcibly();
        throw new ImportException(dataset + ": GDAL did not finish in " + SECONDS + " s");
      }
      if (p.exitValue() != 0) {
        throw new ImportException(
            dataset
                + ": GDAL cannot read it: "
                + Files.readString(errors, StandardCharsets.UTF_8).strip().replace('\n', ' '));
      }
      return json.readTree(Files.readString(answer, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new ImportException(dataset + ": unexpected answer of " + command[0], e);
    } catch (IOException e) {
      throw new ImportException(
          dataset + ": " + command[0] + " cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImportException(dataset + ": interrupted", e);
    } finally {
      delete(errors);
      delete(answer);
    }
  }

  private static void delete(Path file) {
    if (file != null) {
      file.toFile().delete();
    }
  }

  @Override
  public void close() {
    // Each question is a process of its own; nothing stays open.
  }
}
