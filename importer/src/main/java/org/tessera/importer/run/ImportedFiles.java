package org.tessera.importer.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.tessera.importer.problem.ImportException;

/**
 * Which files have been imported, kept in {@code <coverage>.resume.json} beside the ingredients.
 */
final class ImportedFiles {
  private final Optional<Path> file;
  private final Set<String> done = new LinkedHashSet<>();
  private final ObjectMapper mapper = new ObjectMapper();

  /**
   * @param file the list; empty to remember nothing
   * @param fresh whether what an old list says does not count, because the coverage does not exist
   */
  ImportedFiles(Optional<Path> file, boolean fresh) {
    this.file = file;
    if (file.isPresent() && !fresh && Files.isRegularFile(file.get())) {
      try {
        done.addAll(Arrays.asList(mapper.readValue(file.get().toFile(), String[].class)));
      } catch (IOException e) {
        throw new ImportException(
            file.get() + " is damaged (" + e.getMessage() + "); remove it to import all files", e);
      }
    }
  }

  boolean contains(String path) {
    return done.contains(path);
  }

  /** Remembers a file; the list on disk is replaced as a whole, so it is never half there. */
  void add(String path) {
    done.add(path);
    if (file.isEmpty()) {
      return;
    }
    try {
      Path temporary = file.get().resolveSibling(file.get().getFileName() + ".new");
      mapper.writeValue(temporary.toFile(), done);
      Files.move(
          temporary,
          file.get(),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ImportException(file.get() + " cannot be written: " + e.getMessage(), e);
    }
  }
}
