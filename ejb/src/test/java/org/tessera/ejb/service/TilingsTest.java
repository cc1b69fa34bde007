package org.tessera.ejb.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.DomainSet;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.store.Tiling;

class TilingsTest {
  /** Array order t, y, x; grid order t, x, y. */
  private static final DomainSet DOMAIN =
      new DomainSet(
          "crs",
          List.of(
              new Axis.IndexAxis("t", "1", "crs", 0, 9, 0),
              new Axis.IndexAxis("y", "1", "crs", 100, 999, 2),
              new Axis.IndexAxis("x", "1", "crs", 0, 999, 1)),
          List.of("t", "x", "y"));

  private static final List<Band> BYTES = List.of(new Band(CellType.UINT8));

  private static Tiling of(String text) {
    return Tilings.of(text, DOMAIN, BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALIGNED [0:0, 0:511, 0:255]",
        " aligned [0:0,0:511,0:255] tile size 131072",
        "REGULAR [1:1, 1:512, 1:256] INDEX rd_index"
      })
  void intervalsAreEdgesInGridOrder(String text) {
    assertEquals(List.of(1L, 256L, 512L), of(text).edges());
    assertEquals(List.of(0L, 100L, 0L), of(text).origin());
  }

  @Test
  void aSizeAloneLeavesTheEdgesOpen() {
    Tiling tiling = of("TILE SIZE 4096");
    assertTrue(tiling.edges().stream().reduce(1L, (a, b) -> a * b) <= 4096, tiling::toString);
    assertEquals(tiling, of("aligned tile size 4096"));
    assertEquals(tiling, of("ALIGNED [*, *, *] TILE SIZE 4096"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AREA OF INTEREST [0:20,0:40,0:5],[5:7,1:2,0:1] TILE SIZE 1000000",
        "statistic tile size 4096",
        "DIRECTIONAL splitlimits [0],[0:511],[0:15:20]"
      })
  void schemesThatAreHintsGetTheStandardTiling(String text) {
    assertEquals(Tiling.standard(BYTES, DOMAIN.gridEnvelope()), of(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALINGED [0:0, 0:511, 0:255]",
        "ALIGNED (0:0, 0:511, 0:255)",
        "ALIGNED [0:0, 0:511, 0:255] TILESIZE 4194304",
        "ALIGNED [0:0, 0:511, 0:255] TILE SIZE 4MB",
        "512x512",
        " "
      })
  void whatIsNotUnderstoodIsRefusedWithWhatIs(String text) {
    OwsException e = assertThrows(OwsException.class, () -> of(text));
    assertEquals(OwsErrorCode.INVALID_PARAMETER_VALUE, e.code());
    assertEquals("tiling", e.locator().orElseThrow());
    assertTrue(e.getMessage().contains("ALIGNED [0:0, 0:1023, 0:1023]"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALIGNED [0:0, 0:511]",
        "ALIGNED [0:0, a:b, 0:5]",
        "ALIGNED [0:0,0:9223372036854775807,0:1]"
      })
  void intervalsThatDoNotFitAreRefused(String text) {
    OwsException e = assertThrows(OwsException.class, () -> of(text));
    assertEquals("tiling", e.locator().orElseThrow());
  }
}
