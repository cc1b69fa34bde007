package org.tessera.importer.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.importer.problem.ImportException;

class GribStructureTest {
  @TempDir private Path folder;

  /** A message of edition 2 of so many bytes, with nothing between its head and its end. */
  private static byte[] message(int length) {
    byte[] b = new byte[length];
    ByteBuffer.wrap(b).put("GRIB".getBytes(StandardCharsets.US_ASCII)).put(7, (byte) 2);
    ByteBuffer.wrap(b).putLong(8, length);
    System.arraycopy("7777".getBytes(StandardCharsets.US_ASCII), 0, b, length - 4, 4);
    return b;
  }

  private Path file(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] p : parts) {
      all.write(p);
    }
    return Files.write(folder.resolve("a.grib"), all.toByteArray());
  }

  @Test
  void whole_messages_with_padding_between_them_are_right() throws IOException {
    Path file = file(new byte[20], message(100), new byte[8], message(40), new byte[3]);
    assertDoesNotThrow(() -> GribStructure.check(file));
  }

  @Test
  void a_message_that_is_cut_off_is_named() throws IOException {
    Path file = file(message(100), Arrays.copyOf(message(100), 60));
    ImportException e = assertThrows(ImportException.class, () -> GribStructure.check(file));
    assertTrue(
        e.getMessage()
            .endsWith(
                "a.grib is damaged: GRIB message 2 at byte 100: it says 100 bytes, the file has 60"),
        e.getMessage());
  }

  @Test
  void a_message_without_its_end_is_named() throws IOException {
    byte[] bad = message(100);
    bad[98] = '6';
    Path file = file(bad, message(50));
    ImportException e = assertThrows(ImportException.class, () -> GribStructure.check(file));
    assertTrue(
        e.getMessage().contains("message 1 at byte 0: it does not end with 7777"), e.getMessage());
  }
}
