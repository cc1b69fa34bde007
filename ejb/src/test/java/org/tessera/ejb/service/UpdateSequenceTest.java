package org.tessera.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.ejb.runtime.Settings;
import org.tessera.engine.array.CellType;

class UpdateSequenceTest {
  private static final Settings SETTINGS = Settings.fromSystem();

  private static String of(String... idsAndVersions) {
    DomainSet domain =
        new DomainSet("crs", List.of(new Axis.IndexAxis("i", "1", "crs", 0, 1, 0)), List.of("i"));
    return UpdateSequence.of(
        List.of(idsAndVersions).stream()
            .map(
                text ->
                    new Coverage(
                        text.substring(0, text.indexOf('@')),
                        domain,
                        List.of(new RangeField("v", CellType.UINT8, "", "", "", "1", List.of())),
                        "",
                        "",
                        text.substring(text.indexOf('@') + 1)))
            .toList(),
        List.of(Map.of()),
        SETTINGS);
  }

  @Test
  void everyChangeOfTheCoveragesChangesIt() {
    String first = of("a@1", "b@1");
    assertEquals(first, of("a@1", "b@1"));
    assertNotEquals(first, of("a@1", "b@2"));
    assertNotEquals(first, of("a@1"));
    assertNotEquals(first, of("a@1", "c@1"));
    assertTrue(UpdateSequence.isCurrent(first, of("a@1", "b@1")));
    assertFalse(UpdateSequence.isCurrent(first, of("a@1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "99999999", "2026-01-01", "abc"})
  void whatNeverWasASequenceIsRefused(String text) {
    String current = of("a@1");
    OwsException e =
        assertThrows(OwsException.class, () -> UpdateSequence.isCurrent(text, current));
    assertEquals(OwsErrorCode.INVALID_UPDATE_SEQUENCE, e.code());
  }
}
