package org.tessera.coverage.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SourceLayoutTest {
  @Test
  void reads_back_what_it_writes() {
    String json =
        """
        {"reader":"arrays","dataset":"NETCDF:\\"{file}\\":tg","overview":-1,"unpack":true,\
        "bands":["tg"],"axes":[{"label":"ansi"},{"label":"Lat","dimension":"latitude",\
        "reversed":true,"start":3,"count":30}],"fixed":[{"dimension":"level","index":2}]}""";
    SourceLayout layout = SourceLayout.parse(json);
    assertEquals(json, layout.toJson());
    assertEquals(30, layout.axis("Lat").orElseThrow().count());
    assertEquals("NETCDF:\"/a/b.nc\":tg", layout.datasetFor("/a/b.nc"));
  }

  @Test
  void names_the_unknown_key() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> SourceLayout.parse("{\"bands\":[\"1\"],\"bnads\":1}"));
    assertEquals("unknown key 'bnads' in the source layout", e.getMessage());
  }

  @Test
  void refuses_text_that_is_nested_without_end() {
    assertThrows(IllegalArgumentException.class, () -> SourceLayout.parse("[".repeat(100_000)));
  }
}
