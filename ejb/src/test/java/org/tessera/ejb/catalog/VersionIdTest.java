package org.tessera.ejb.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

class VersionIdTest {
  @Test
  void idsWithoutAtAreTheCoverageAsItIsNow() {
    assertEquals(new VersionId("c", new VersionId.Wanted.Current()), VersionId.parse("c"));
  }

  @Test
  void digitsAreNumbersAndWordsAreNames() {
    assertEquals(new VersionId("c", new VersionId.Wanted.Numbered(3)), VersionId.parse("c@3"));
    assertEquals(
        new VersionId("c", new VersionId.Wanted.Named("released_2")),
        VersionId.parse("c@released_2"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00Z, 2026-11-01T00:00:00Z",
    "2026-11-01T12:30:05.25+02:00, 2026-11-01T10:30:05.25Z",
    "2026-11-01T12:30, 2026-11-01T12:30:00Z",
    "2026-11-01, 2026-11-01T00:00:00Z",
  })
  void timesMayStandInQuotesAndAreUtc(String text, String instant) {
    VersionId.Wanted at = new VersionId.Wanted.At(Instant.parse(instant));
    assertEquals(at, VersionId.wanted("\"" + text + "\""));
    assertEquals(at, VersionId.wanted(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "-1", "1.5", "2026-13-01", "a b", "2026-11-01T25:00Z"})
  void anythingElseIsRefused(String text) {
    OwsException e = assertThrows(OwsException.class, () -> VersionId.wanted(text));
    assertEquals(OwsErrorCode.INVALID_PARAMETER_VALUE, e.code());
  }
}
