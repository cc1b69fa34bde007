package org.tessera.coverage.request;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/** What a request that is to be explained, not answered, is told (a vendor parameter). */
public enum Explain {
  /** What the answer is and what computing it will cost. */
  ESTIMATE,
  /** In addition the operators that compute it. */
  PLAN,
  /** In addition what computing and encoding it has really cost; the bytes are thrown away. */
  ANALYZE;

  /** As it is written in requests. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws OwsException {@code InvalidParameterValue} if there is no such word
   */
  public static Explain parse(String text) {
    for (Explain e : values()) {
      if (e.text().equals(text)) {
        return e;
      }
    }
    throw new OwsException(
        OwsErrorCode.INVALID_PARAMETER_VALUE,
        "explain",
        "Parameter explain is '"
            + text
            + "', expected one of "
            + Arrays.stream(values()).map(Explain::text).collect(Collectors.joining(", "))
            + ".");
  }
}
