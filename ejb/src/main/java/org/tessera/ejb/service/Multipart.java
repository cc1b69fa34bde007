package org.tessera.ejb.service;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Several bodies in one answer (RFC 2046), in the form that clients of WCPS know: the boundary is
 * {@code End}.
 */
final class Multipart {
  private Multipart() {}

  /** One part. */
  record Part(String mediaType, Optional<String> contentId, Answer.Body body) {}

  static Answer answer(String subtype, Optional<String> fileName, List<Part> parts) {
    return new Answer(
        "multipart/" + subtype + "; boundary=End", fileName, out -> write(parts, out));
  }

  private static void write(List<Part> parts, OutputStream out) throws IOException {
    for (Part part : parts) {
      StringBuilder head =
          new StringBuilder("--End\r\nContent-type: ").append(part.mediaType()).append("\r\n");
      part.contentId().ifPresent(id -> head.append("Content-ID: <").append(id).append(">\r\n"));
      out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
      part.body().write(out);
      out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    out.write("--End--\r\n".getBytes(StandardCharsets.US_ASCII));
  }
}
