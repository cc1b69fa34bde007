package org.tessera.web.ows;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.gml.OwsReports;
import org.tessera.ejb.service.Answer;

/**
 * Answers in SOAP 1.2 envelopes (WCS SOAP binding 09-149r1). XML stands in the body as it is, all
 * else in {@code wcs:Coverage} as base64; both are written while they are made.
 */
final class Soap {
  static final String MEDIA_TYPE = "application/soap+xml;charset=UTF-8";

  private static final String NAMESPACE = "http://www.w3.org/2003/05/soap-envelope";
  private static final String START =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope xmlns:soap=\""
          + NAMESPACE
          + "\"><soap:Body>";
  private static final String END = "</soap:Body></soap:Envelope>";

  private Soap() {}

  /** Whether the text begins as an envelope does, be it well-formed or not. */
  static boolean isEnvelope(String xml) {
    return xml.substring(0, Math.min(2000, xml.length())).contains(NAMESPACE);
  }

  static Answer answer(Answer answer) {
    return new Answer(
        MEDIA_TYPE,
        Optional.empty(),
        out -> {
          text(START, out);
          if (answer.mediaType().contains("xml")) {
            answer.body().write(new WithoutDeclaration(out));
          } else {
            text(
                "<wcs:Coverage xmlns:wcs=\"http://www.opengis.net/wcs/2.0\" contentType=\""
                    + answer.mediaType().replace("&", "&amp;").replace("\"", "&quot;")
                    + "\">",
                out);
            // Ending the encoding must not end the stream below it.
            try (OutputStream base64 = Base64.getEncoder().wrap(new LeftOpen(out))) {
              answer.body().write(base64);
            }
            text("</wcs:Coverage>", out);
          }
          text(END, out);
        });
  }

  /** {@code soap:Fault} with the exception report as its detail. */
  static void fault(OwsException error, OutputStream out) throws IOException {
    boolean sender = error.code().httpStatus() < 500;
    text(
        START
            + "<soap:Fault><soap:Code><soap:Value>soap:"
            + (sender ? "Sender" : "Receiver")
            + "</soap:Value></soap:Code><soap:Reason><soap:Text xml:lang=\"en\">"
            + error.code().code()
            + "</soap:Text></soap:Reason><soap:Detail>",
        out);
    OwsReports.exceptions(List.of(error), new WithoutDeclaration(out));
    text("</soap:Detail></soap:Fault>" + END, out);
  }

  private static void text(String text, OutputStream out) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static class LeftOpen extends FilterOutputStream {
    LeftOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /**
   * Leaves the XML declaration at the start of a document out, which must not stand inside another.
   */
  private static final class WithoutDeclaration extends LeftOpen {
    private int seen;
    private boolean inside;
    private boolean past;

    WithoutDeclaration(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      if (past) {
        out.write(b);
      } else if (inside) {
        // A declaration has no > but its last.
        past = b == '>';
      } else if (seen == 0 && b == '<') {
        seen = 1;
      } else if (seen == 1 && b == '?') {
        inside = true;
      } else if (seen == 1) {
        past = true;
        out.write('<');
        out.write(b);
      } else {
        past = true;
        out.write(b);
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int i = offset;
      while (!past && i < offset + length) {
        write(bytes[i++]);
      }
      out.write(bytes, i, offset + length - i);
    }
  }
}
