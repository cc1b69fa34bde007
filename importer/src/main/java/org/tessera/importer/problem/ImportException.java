package org.tessera.importer.problem;

/**
 * Something that the person who wrote the ingredients, or whose files they are, can put right. The
 * message says where (key, file, axis), what was found, and what to do.
 */
public class ImportException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ImportException(String message) {
    super(message);
  }

  public ImportException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The same with the place in front. */
  public ImportException at(String place) {
    return new ImportException(place + ": " + getMessage(), this);
  }
}
