package org.tessera.gdal.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The protocol's encoding. */
class WireTest {

  private static Object roundTrip(Object value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Wire.write(out, value);
    return Wire.read(new ByteArrayInputStream(out.toByteArray()));
  }

  @Test
  void everyKindOfValueComesBack() throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("null", null);
    map.put("yes", true);
    map.put("no", false);
    map.put("long", Long.MIN_VALUE);
    map.put("double", Double.NaN);
    map.put("text", "Täst");
    map.put("list", List.of("a", 1L, Map.of("b", List.of())));
    assertEquals(map, roundTrip(map));
    assertEquals(7L, roundTrip(7));
    assertArrayEquals(new long[] {1, -1}, (long[]) roundTrip(new long[] {1, -1}));
    assertArrayEquals(new double[] {0.5}, (double[]) roundTrip(new double[] {0.5}));
    assertArrayEquals(new byte[] {3, 4}, (byte[]) roundTrip(new byte[] {3, 4}));
  }

  @Test
  void theEndOfTheStreamIsNull() throws IOException {
    assertNull(Wire.read(new ByteArrayInputStream(new byte[0])));
  }

  @Test
  void cutOffFramesAreErrors() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Wire.write(out, Map.of("key", List.of("value", 1L, 2.5)));
    byte[] frame = out.toByteArray();
    for (int length = 1; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThrows(IOException.class, () -> Wire.read(new ByteArrayInputStream(cut)));
    }
  }

  @Test
  void absurdSizesAreErrors() {
    byte[] longFrame = {0x7f, 0, 0, 0, 1};
    assertThrows(IOException.class, () -> Wire.read(new ByteArrayInputStream(longFrame)));
    byte[] longArray = {0, 0, 0, 5, 8, 0x7f, 0, 0, 0};
    assertThrows(IOException.class, () -> Wire.read(new ByteArrayInputStream(longArray)));
    byte[] unknownTag = {0, 0, 0, 1, 77};
    assertThrows(IOException.class, () -> Wire.read(new ByteArrayInputStream(unknownTag)));
  }
}
