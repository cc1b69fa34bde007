package org.tessera.ejb.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * A coverage id as requests give it: {@code c} is the coverage as it is now, {@code c@3} its third
 * version, {@code c@released} the version of that name, {@code c@"2026-11-01T00:00Z"} what was
 * current at that time (UTC unless the time names a zone; a date alone is its beginning).
 *
 * @param coverage the id without the version
 */
public record VersionId(String coverage, Wanted wanted) {
  /** Which version of a coverage. */
  public sealed interface Wanted {
    record Current() implements Wanted {}

    record Numbered(long number) implements Wanted {}

    record Named(String name) implements Wanted {}

    /** The version that was current at a time. */
    record At(Instant time) implements Wanted {}
  }

  /**
   * Reads an id.
   *
   * @throws OwsException {@code InvalidParameterValue} if what follows the {@code @} is neither
   *     number, name nor time
   */
  public static VersionId parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new VersionId(text, new Wanted.Current())
        : new VersionId(text.substring(0, at), wanted(text.substring(at + 1)));
  }

  /** Reads what may follow the {@code @}. */
  public static Wanted wanted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    String bare = quoted ? text.substring(1, text.length() - 1) : text;
    if (bare.matches("[0-9]{1,18}")) {
      return new Wanted.Numbered(Long.parseLong(bare));
    }
    if (isName(bare)) {
      return new Wanted.Named(bare);
    }
    try {
      return new Wanted.At(time(bare));
    } catch (DateTimeParseException e) {
      throw new OwsException(
          OwsErrorCode.INVALID_PARAMETER_VALUE,
          text,
          "'"
              + text
              + "' is no version: expected a number (3), a name, or a time in quotes (\"2026-11-01T00:00Z\").",
          e);
    }
  }

  /** Whether a text may name a version: a letter or _, then letters, digits and _. */
  public static boolean isName(String text) {
    return text.matches("[A-Za-z_][A-Za-z0-9_]{0,254}");
  }

  private static Instant time(String text) {
    if (text.matches(".*T.*(Z|[+-][0-9]{2}(:?[0-9]{2})?)")) {
      return OffsetDateTime.parse(text).toInstant();
    }
    if (text.indexOf('T') >= 0) {
      return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
    return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
  }
}
