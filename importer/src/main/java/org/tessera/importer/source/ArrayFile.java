package org.tessera.importer.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.engine.array.CellType;

/**
 * A file of variables (netCDF and the like).
 *
 * @param attributes of the root group, as text
 * @param variables by name; those whose name occurs in several groups by their path, without a
 *     slash at its beginning
 * @param dimensions sizes by name
 * @param paths names in {@code variables} by paths in the file, with a slash at their beginning
 */
public record ArrayFile(
    String dataset,
    String driver,
    Map<String, String> attributes,
    Map<String, ArrayVariable> variables,
    Map<String, Long> dimensions,
    Map<String, String> paths) {

  /** The variable of a name or path ({@code /surface/t}); empty if there is none. */
  public Optional<ArrayVariable> variable(String name) {
    String path = name.startsWith("/") ? name : "/" + name;
    return Optional.ofNullable(variables.get(name))
        .or(() -> Optional.ofNullable(paths.get(path)).map(variables::get));
  }

  /**
   * A variable.
   *
   * @param type empty for texts and compounds
   * @param dimensions names, slowest first
   * @param noData as text
   * @param packing how values become of cells; empty if they are the same
   */
  public record ArrayVariable(
      String name,
      Optional<CellType> type,
      List<String> dimensions,
      Map<String, String> attributes,
      Optional<String> noData,
      String unit,
      Optional<Packing> packing) {}
}
