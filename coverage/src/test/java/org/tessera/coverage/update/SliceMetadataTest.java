package org.tessera.coverage.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SliceMetadataTest {
  private static String slice(String at, String what) {
    return "<slice><boundedBy>" + at + "</boundedBy><a>" + what + "</a></slice>";
  }

  private static String slices(String... slices) {
    return "<slices>" + String.join("", slices) + "</slices>";
  }

  private static String json(String at, String what) {
    return "{\"slices\":{\"slice\":[{\"boundedBy\":{\"at\":" + at + "},\"a\":\"" + what + "\"}]}}";
  }

  @Test
  void slices_of_parts_join_those_of_the_coverage() {
    assertEquals(
        "<t>x</t>" + slices(slice("1", "one"), slice("2", "two"), slice("3", "three")) + "<u/>",
        SliceMetadata.with(
            "<t>x</t>" + slices(slice("1", "one")) + "<u/>",
            List.of(slices(slice("2", "two")), "<t>other</t>" + slices(slice("3", "three")))));
  }

  @Test
  void a_part_that_comes_again_is_there_once() {
    assertEquals(
        slices(slice("1", "new"), slice("2", "two")),
        SliceMetadata.with(
            slices(slice("1", "one"), slice("2", "two")), List.of(slices(slice("1", "new")))));
  }

  @Test
  void a_coverage_without_them_gets_them() {
    assertEquals(slices(slice("1", "a")), SliceMetadata.with("", List.of(slices(slice("1", "a")))));
    assertEquals(
        "<t/>" + slices(slice("1", "a")),
        SliceMetadata.with("<t/>", List.of(slices(slice("1", "a")))));
    assertEquals(json("1", "a"), SliceMetadata.with("", List.of(json("1", "a"))));
  }

  @Test
  void the_same_in_json() {
    assertEquals(
        "{\"t\":1,\"slices\":{\"slice\":[{\"boundedBy\":{\"at\":1},\"a\":\"new\"},"
            + "{\"boundedBy\":{\"at\":2},\"a\":\"two\"}]}}",
        SliceMetadata.with(
            "{\"t\":1," + json("1", "one").substring(1),
            List.of(json("2", "two"), json("1", "new"))));
  }

  @Test
  void what_is_no_metadata_of_slices_changes_nothing() {
    assertEquals("<t/>", SliceMetadata.with("<t/>", List.of("", "<slices-of-bread/>", "<u/>")));
    assertEquals("{\"t\":1}", SliceMetadata.with("{\"t\":1}", List.of(slices(slice("1", "a")))));
    assertEquals("plain", SliceMetadata.with("plain", List.of("{\"u\":2}")));
  }
}
