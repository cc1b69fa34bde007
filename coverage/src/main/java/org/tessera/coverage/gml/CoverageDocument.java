package org.tessera.coverage.gml;

import java.util.Optional;
import org.tessera.coverage.model.Coverage;
import org.tessera.engine.array.Tile;

/**
 * A coverage document as it was read.
 *
 * @param coverage with the id of the document (empty if it has none) and no array version
 * @param cells where the cells are
 */
public record CoverageDocument(Coverage coverage, CellData cells) {
  /** The cells of a document. */
  public sealed interface CellData {}

  /**
   * Cells that stood in the document itself.
   *
   * @param tile box and bands are those of the coverage, in array order
   */
  public record Inline(Tile tile) implements CellData {}

  /**
   * Cells in a file.
   *
   * @param reference as written: {@code file:...}, {@code cid:...} or an address
   * @param mediaType of the file, if the document says so
   * @param parameters text of {@code gml:rangeParameters}: how the file is to be read, see {@code
   *     SourceLayout}; empty if there is none
   */
  public record File(String reference, Optional<String> mediaType, String parameters)
      implements CellData {}
}
