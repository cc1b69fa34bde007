package org.tessera.coverage.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.engine.array.CellType;

/** What every format must do; a subclass per format. */
abstract class CoverageFormatContract {
  abstract CoverageFormat format();

  final byte[] encode(EncodeRequest request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      format().prepare(request).write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Test
  void names_are_lower_case_and_the_media_type_has_a_slash() {
    assertTrue(format().mediaType().indexOf('/') > 0);
    assertFalse(format().names().isEmpty());
    for (String name : format().names()) {
      assertEquals(name.toLowerCase(Locale.ROOT), name);
    }
    assertFalse(format().extension().startsWith("."));
  }

  @Test
  void a_prepared_encoding_can_be_written_twice_with_equal_bytes() throws IOException {
    CoverageFormat.Encoder encoder = format().prepare(Samples.map(CellType.UINT8).request());
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    encoder.write(first);
    encoder.write(second);
    assertTrue(first.size() > 0);
    assertArrayEquals(first.toByteArray(), second.toByteArray());
  }

  @Test
  void an_option_that_is_not_known_is_refused() {
    for (String options : List.of("NODATTA=0", "{\"nodatta\": 0}")) {
      OwsException e =
          assertThrows(
              OwsException.class,
              () -> encode(Samples.map(CellType.UINT8).options(options).request()));
      assertEquals(OwsErrorCode.INVALID_REQUEST, e.code());
      assertTrue(e.getMessage().contains("Did you mean 'nodata'?"), e.getMessage());
    }
  }

  @Test
  void the_stream_is_left_open() throws IOException {
    boolean[] closed = {false};
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {}

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    format().prepare(Samples.map(CellType.UINT8).request()).write(out);
    assertFalse(closed[0]);
  }

  @Test
  void a_stream_that_fails_is_told_as_it_failed() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };
    CoverageFormat.Encoder encoder = format().prepare(Samples.map(CellType.UINT8).request());
    assertEquals(
        "disk full", assertThrows(IOException.class, () -> encoder.write(broken)).getMessage());
  }

  @Test
  void options_that_are_no_options_are_refused_before_the_first_byte() {
    for (String wrong : List.of("{ \"nodata\": [1, }", "nonsense")) {
      OwsException e =
          assertThrows(
              OwsException.class,
              () -> format().prepare(Samples.map(CellType.UINT8).options(wrong).request()));
      assertEquals(OwsErrorCode.INVALID_REQUEST, e.code());
    }
  }
}
