package org.tessera.importer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitCodeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "K | K",
        "m s**-1 | m.s-1",
        "m**2 s**-2 | m2.s-2",
        "kg m^-3 | kg.m-3",
        "mm/day | mm/day",
        "degrees C | -",
        "hours since 1900-01-01 00:00 | -",
        "'' | -",
      })
  void units_of_files_become_codes(String unit, String code) {
    assertEquals(code, Fields.unitCode(unit).orElse("-"));
  }
}
