package org.tessera.engine;

/**
 * What went wrong in the engine, and whose fault it is. Messages name operands by type and box, for
 * the caller to put into context.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The kinds of failure. */
  public enum Code {
    /** Operand types or domains do not fit the operation: the query is wrong. */
    INVALID_EXPRESSION,
    /** A limit was exceeded or would be: the query is too large. */
    LIMIT_EXCEEDED,
    /** The caller gave up, or the time limit passed. */
    CANCELLED,
    /** Stored data cannot be read or is damaged. */
    STORAGE_FAILED,
    /** A file that stored cells refer to is gone, has changed, or cannot be read. */
    SOURCE_UNAVAILABLE,
    /** Another writer was first. */
    CONFLICT
  }

  private final Code code;

  public EngineException(Code code, String message) {
    super(message);
    this.code = code;
  }

  public EngineException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }
}
