package org.tessera.importer.plan;

import org.tessera.importer.problem.ImportException;

/** An import cannot go on because of one file. */
public final class FileException extends ImportException {
  private static final long serialVersionUID = 1L;

  private final transient InputFile file;

  FileException(InputFile file, String message, Throwable cause) {
    super(message, cause);
    this.file = file;
  }

  public InputFile file() {
    return file;
  }
}
