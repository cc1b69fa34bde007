package org.tessera.coverage.expr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.model.Axis;

class LocalMetadataTest {
  private static final CrsResolver CRS = new CrsResolver();
  private static final String GEO = "http://www.opengis.net/def/crs/EPSG/0/4326";
  private static final String ANSI = "http://www.opengis.net/def/crs/OGC/0/AnsiDate";

  /** Three files side by side, the second one overlapping the first. */
  private static final String XML =
      "<Title>T</Title><slices>"
          + slice("a", "0 10")
          + slice("b", "8 20")
          + slice("c", "20 30")
          + "</slices><x/>";

  private static String slice(String key, String bounds) {
    String[] b = bounds.split(" ");
    return "<slice><boundedBy><Envelope><axisLabels>Lat Long</axisLabels><srsDimension>2</srsDimension><lowerCorner>-5 "
        + b[0]
        + "</lowerCorner><upperCorner>5 "
        + b[1]
        + "</upperCorner></Envelope></boundedBy><key>"
        + key
        + "</key></slice>";
  }

  private static Axis longitude(double low, double high) {
    return new Axis.RegularAxis(
        "Long",
        "degree",
        GEO,
        0,
        0,
        0,
        BigDecimal.valueOf((low + high) / 2),
        BigDecimal.valueOf(high - low));
  }

  private static String keys(String metadata) {
    return Arrays.stream(metadata.split("<key>|\"key\":\""))
        .skip(1)
        .map(t -> t.substring(0, 1))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8, a",
    "0, 9, ab",
    "10, 20, b",
    "19, 21, bc",
    "20, 25, c",
    "0, 30, abc",
    "40, 50, ''"
  })
  void aPartKeepsTheSlicesThatItHasCellsOf(double low, double high, String kept) {
    String left = LocalMetadata.within(XML, List.of(longitude(low, high)), CRS);
    assertEquals(kept, keys(left));
    assertEquals(true, left.startsWith("<Title>T</Title><slices>"));
    assertEquals(true, left.endsWith("</slices><x/>"));
  }

  @Test
  void aSliceOfTimeKeepsTheSlicesOfThatTime() {
    String json =
        "{\"Title\":\"T\",\"slices\":{\"slice\":["
            + "{\"boundedBy\":{\"Envelope\":{\"axisLabels\":\"t Lat\",\"srsDimension\":2,"
            + "\"lowerCorner\":\"\\\"2017-01-10T00:00:00+00:00\\\" 0\",\"upperCorner\":\"\\\"2017-01-10T00:00:00+00:00\\\" 1\"}},\"key\":\"a\"},"
            + "{\"boundedBy\":{\"Envelope\":{\"axisLabels\":\"t Lat\",\"srsDimension\":2,"
            + "\"lowerCorner\":\"\\\"2017-02-10T00:00:00+00:00\\\" 0\",\"upperCorner\":\"\\\"2017-02-10T00:00:00+00:00\\\" 1\"}},\"key\":\"b\"}]}}";
    Axis time = new Axis.IrregularAxis("t", "d", ANSI, 1, 0, List.of(new BigDecimal("151982")));
    assertEquals("b", keys(LocalMetadata.within(json, List.of(time), CRS)));
    Axis both =
        new Axis.IrregularAxis(
            "t", "d", ANSI, 0, 0, List.of(new BigDecimal("151951"), new BigDecimal("151982")));
    assertSame(json, LocalMetadata.within(json, List.of(both), CRS));
  }

  @ParameterizedTest
  @CsvSource({
    "'no slices of ours here'",
    "'<slices>'",
    "'{\"slices\": 3}'",
    "'{ broken slices'",
    "''"
  })
  void otherMetadataStaysAsItIs(String metadata) {
    assertSame(metadata, LocalMetadata.within(metadata, List.of(longitude(0, 1)), CRS));
  }

  @Test
  void axesThatASliceDoesNotKnowDoNotDecide() {
    Axis other = new Axis.IndexAxis("band", "1", "", 7, 7, 0);
    assertEquals("abc", keys(LocalMetadata.within(XML, List.of(other), CRS)));
  }
}
