package org.tessera.coverage.format.gdal;

/**
 * A request to a GDAL worker failed. The message names the file and says what happened, in words
 * for the user.
 */
public final class GdalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Kind {
    /** The worker process died; the pool replaces it. */
    CRASHED,
    /** The time limit passed; the worker was killed and is replaced. */
    TIMED_OUT,
    /** GDAL said no: not such a file, broken, an option that it does not know. */
    FAILED,
    /** The caller may not read this file. */
    REFUSED
  }

  private final Kind kind;

  GdalException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  GdalException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
