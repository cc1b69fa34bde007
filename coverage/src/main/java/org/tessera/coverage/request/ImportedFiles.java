package org.tessera.coverage.request;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.json.Json;

/**
 * The files whose cells a transaction brings, so that their states change with the coverage or not
 * at all. The importer has claimed them before. As JSON: {@code
 * {"importer":"...","complete":["/a"],"partial":["/b"]}}.
 *
 * @param importer who has claimed them
 * @param complete paths of files that are in the coverage once this is done
 * @param partial paths of files of which more is to come
 */
public record ImportedFiles(String importer, List<String> complete, List<String> partial) {
  public ImportedFiles {
    complete = List.copyOf(complete);
    partial = List.copyOf(partial);
  }

  /**
   * Reads the JSON.
   *
   * @throws OwsException {@code InvalidParameterValue}
   */
  public static ImportedFiles parse(String json) {
    try {
      if (Json.parse(json) instanceof Map<?, ?> map
          && map.get("importer") instanceof String importer
          && !importer.isBlank()) {
        return new ImportedFiles(importer, paths(map.get("complete")), paths(map.get("partial")));
      }
    } catch (IllegalArgumentException e) {
      throw invalid(e.getMessage(), e);
    }
    throw invalid("an object with the text 'importer' is expected", null);
  }

  /** The JSON. */
  public String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("importer", importer);
    map.put("complete", complete);
    map.put("partial", partial);
    return Json.write(map);
  }

  private static List<String> paths(Object value) {
    List<String> paths = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        if (!(item instanceof String path)) {
          throw new IllegalArgumentException("'" + item + "' is no path of a file");
        }
        paths.add(path);
      }
    } else if (value != null) {
      throw new IllegalArgumentException("lists of paths are expected, not '" + value + "'");
    }
    return paths;
  }

  private static OwsException invalid(String why, Throwable cause) {
    return new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "importedFiles",
        "importedFiles cannot be read: " + why + ".",
        cause);
  }
}
