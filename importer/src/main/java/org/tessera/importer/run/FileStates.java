package org.tessera.importer.run;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tessera.coverage.request.ImportedFiles;
import org.tessera.importer.plan.InputFile;

/**
 * What has become of each file of a coverage, and which of several importers sends it. The server
 * keeps it ({@link CatalogueStates}); for one that does not, a file beside the ingredients does
 * ({@link Journal}). Files go by their original paths.
 */
interface FileStates extends AutoCloseable {
  /** What is known of a file that has not changed since, or {@code CHANGED}. */
  enum Known {
    NOT_IMPORTED,
    IMPORTED,
    CHANGED
  }

  /**
   * What came of a claim; paths.
   *
   * @param granted this importer sends them
   * @param imported another one has imported them meanwhile
   * @param held others send them, each with the name of its importer
   */
  record Claims(Set<String> granted, Set<String> imported, Map<String, String> held) {}

  /**
   * Whether a file is imported and is still the same: by size and time, or else by its checksum.
   *
   * @param thorough compare the checksum even where size and time are the same
   */
  Known look(InputFile file, boolean thorough);

  /** These files are to be sent. */
  Claims claim(Collection<InputFile> files);

  /**
   * What a request says of the files that it brings; empty if their states are not its business.
   */
  Optional<ImportedFiles> brought(Collection<InputFile> complete, Collection<InputFile> partial);

  /** All slices of these files are in the coverage: the request that brought them succeeded. */
  void commit(Collection<InputFile> files);

  void fail(InputFile file, String reason);

  /** Gives back what was claimed and not sent. */
  @Override
  void close();
}
