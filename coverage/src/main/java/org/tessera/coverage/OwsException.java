package org.tessera.coverage;

import java.util.Optional;

/**
 * A request cannot be answered (OWS Common 06-121r9 clause 8, WCS 2.0.1). The message says what was
 * found and what was expected, for the person who wrote the request; it never holds a stack trace
 * or a path of the server's.
 */
public final class OwsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final OwsErrorCode code;
  private final String locator;

  /** An exception without a locator. */
  public OwsException(OwsErrorCode code, String message) {
    this(code, null, message, null);
  }

  /**
   * @param locator the parameter, axis, identifier or place that is wrong; may be null
   */
  public OwsException(OwsErrorCode code, String locator, String message) {
    this(code, locator, message, null);
  }

  public OwsException(OwsErrorCode code, String locator, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
    this.locator = locator;
  }

  public OwsErrorCode code() {
    return code;
  }

  public Optional<String> locator() {
    return Optional.ofNullable(locator);
  }
}
