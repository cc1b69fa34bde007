package org.tessera.coverage.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Axis;
import org.tessera.coverage.model.Coverage;
import org.tessera.coverage.model.DomainSet;
import org.tessera.coverage.model.RangeField;
import org.tessera.coverage.request.OwsRequest.GetCoverage;
import org.tessera.coverage.request.OwsRequest.Slice;
import org.tessera.coverage.request.OwsRequest.Subset;
import org.tessera.coverage.request.OwsRequest.Trim;
import org.tessera.coverage.wcps.WcpsParser;
import org.tessera.engine.array.CellType;

class GetCoverageExprTest {
  private static final String GEO = "http://www.opengis.net/def/crs/EPSG/0/4326";

  private static Axis axis(String label, int rank) {
    return new Axis.RegularAxis(
        label, "degree", GEO, 0, 9, rank, new BigDecimal("0.5"), BigDecimal.ONE);
  }

  private static final Coverage COVERAGE =
      new Coverage(
          "c",
          new DomainSet(GEO, List.of(axis("Lat", 0), axis("Long", 1)), List.of("Lat", "Long")),
          List.of(new RangeField("v", CellType.UINT8, "", "", "", "1", List.of())),
          "",
          "",
          "");

  private static String expr(
      String subsettingCrs,
      String outputCrs,
      String interpolation,
      String clip,
      Subset... subsets) {
    return GetCoverageExpr.of(
            new GetCoverage(
                "2.0.1",
                "c",
                List.of(subsets),
                List.of(),
                Optional.empty(),
                Optional.ofNullable(subsettingCrs),
                Optional.ofNullable(outputCrs),
                Optional.ofNullable(interpolation),
                Optional.empty(),
                false,
                Optional.ofNullable(clip),
                false,
                Map.of(),
                VendorParameters.NONE),
            COVERAGE,
            WcpsParser::parseShape)
        .toString();
  }

  private static Trim trim(String axis) {
    return new Trim(axis, Optional.empty(), "1", "2");
  }

  /** 11-053r1 requirement 10. */
  @Test
  void theResultIsInTheCrsOfTheSubsettingUnlessAnotherIsAskedFor() {
    assertEquals(
        "crsTransform(c[Lat:\"EPSG:3857\"(1:2)], \"EPSG:3857\")",
        expr("EPSG:3857", null, null, null, trim("Lat")).replaceAll(", \\{ ?\\}", ""));
    assertTrue(expr("EPSG:3857", "EPSG:4326", null, null).contains("EPSG:4326"));
    assertFalse(expr(null, null, null, null, trim("Lat")).contains("crsTransform"));
  }

  @Test
  void theLongitudeIsMeantByBothOfItsNames() {
    assertTrue(expr("EPSG:3857", null, null, null, trim("Lon")).contains("Lon:\"EPSG:3857\"(1:2)"));
  }

  @Test
  void aResultWithoutBothAxesStaysAsItIs() {
    assertFalse(
        expr("EPSG:3857", null, null, null, new Slice("Lat", Optional.empty(), "1"))
            .contains("crsTransform"));
    assertFalse(expr("EPSG:3857", null, null, "LineString(0 0, 1 1)").contains("crsTransform"));
  }

  @Test
  void aMethodThatThereIsNotIsRefusedAlsoWhereNothingIsInterpolated() {
    OwsException e =
        assertThrows(OwsException.class, () -> expr(null, null, "foo", null, trim("Lat")));
    assertEquals(OwsErrorCode.INTERPOLATION_METHOD_NOT_SUPPORTED, e.code());
  }
}
