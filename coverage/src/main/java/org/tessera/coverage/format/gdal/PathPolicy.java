package org.tessera.coverage.format.gdal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which names the workers may open. GDAL takes connection strings, URLs and XML where one expects a
 * file name; a policy lets through only what it understands.
 */
@FunctionalInterface
public interface PathPolicy {

  /**
   * Why this name may not be opened; empty if it may.
   *
   * @param name as in {@link GdalSource}
   */
  Optional<String> refusal(String name);

  /**
   * The directories to which the kernel confines the workers as well, where it can (Linux with
   * Landlock), because a file may name another file. Empty: no such confinement. They should exist
   * when the pool is opened.
   */
  default List<Path> roots() {
    return List.of();
  }

  /**
   * Files below the given directories (symbolic links resolved), plain or inside gzip, zip and tar
   * files, and parts of them.
   */
  static PathPolicy under(List<Path> roots) {
    return new LocalFiles(roots, List.of());
  }

  /**
   * As {@link #under}, and {@code /vsicurl/} and {@code /vsis3/} names of {@link RemoteFiles} in
   * the folders; the pool must allow the network, too.
   *
   * @param folders beginnings of addresses, {@code https://host/data/}
   */
  static PathPolicy underOrRemote(List<Path> roots, List<String> folders) {
    return new LocalFiles(roots, folders);
  }

  /**
   * Files of this machine without a limit to directories; for a command that runs with its user's
   * own rights.
   */
  static PathPolicy anyLocalFile() {
    return under(List.of(Path.of("/")));
  }
}
