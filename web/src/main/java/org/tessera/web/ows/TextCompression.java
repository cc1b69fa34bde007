package org.tessera.web.ows;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * Answers that are text go out compressed by gzip to clients that take it (RFC 9110 12.5.3, 8.4.1),
 * while they are written; short ones as they are, and so do files, most of which are compressed
 * themselves. What is compressed has no Content-Length.
 */
// /ows/* is /ows, too; a second pattern for it would compress twice.
@WebFilter(urlPatterns = {"/ows/*", "/admin/*", "/def/*"})
public class TextCompression extends HttpFilter {
  private static final long serialVersionUID = 1L;

  /** Bytes up to which an answer is not compressed: it fits a packet or two as it is. */
  private static final int SHORT = 2048;

  /** Of 1 to 9. The highest would take three times as long for a tenth less. */
  private static final int LEVEL = 2;

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Compressing compressing =
        new Compressing(response, accepts(request.getHeader("Accept-Encoding")));
    try {
      chain.doFilter(request, compressing);
      compressing.finish();
    } finally {
      // An answer that breaks off stays without an end, so that nobody takes it for whole.
      compressing.abandon();
    }
  }

  /** Whether a client that sends this header takes gzip: named, or by *, with a weight above 0. */
  static boolean accepts(String header) {
    if (header == null) {
      return false;
    }
    boolean any = false;
    for (String one : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = one.strip().split("\\s*;\\s*", 2);
      boolean wanted = parts.length < 2 || !parts[1].matches("q\\s*=\\s*0(\\.0*)?");
      switch (parts[0]) {
        case "gzip", "x-gzip" -> {
          return wanted;
        }
        case "*" -> any = wanted;
        default -> {
          // Another coding.
        }
      }
    }
    return any;
  }

  static boolean isText(String mediaType) {
    if (mediaType == null) {
      return false;
    }
    String type = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.startsWith("text/")
        || type.endsWith("/xml")
        || type.endsWith("+xml")
        || type.endsWith("/json")
        || type.endsWith("+json");
  }

  /** gzip, quickly. */
  private static final class Gzip extends GZIPOutputStream {
    Gzip(OutputStream out) throws IOException {
      super(out, 1 << 13);
      def.setLevel(LEVEL);
    }

    void abandon() {
      def.end();
    }
  }

  private static final class Compressing extends HttpServletResponseWrapper {
    private final boolean accepted;
    private Body body;
    private long length = -1;

    Compressing(HttpServletResponse response, boolean accepted) {
      super(response);
      this.accepted = accepted;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      if (!isText(getContentType())) {
        return passed();
      }
      if (!containsHeader("Vary")) {
        setHeader("Vary", "Accept-Encoding");
      }
      if (!accepted) {
        return passed();
      }
      if (body == null) {
        body = new Body();
      }
      return body;
    }

    private ServletOutputStream passed() throws IOException {
      if (length >= 0) {
        super.setContentLengthLong(length);
      }
      return super.getOutputStream();
    }

    // The length is known to be that of what is sent only when it is known how it is sent.

    @Override
    public void setContentLength(int bytes) {
      length = bytes;
    }

    @Override
    public void setContentLengthLong(long bytes) {
      length = bytes;
    }

    @Override
    public void reset() {
      super.reset();
      abandon();
    }

    @Override
    public void resetBuffer() {
      super.resetBuffer();
      abandon();
    }

    void finish() throws IOException {
      if (body != null) {
        body.finish();
      }
    }

    /** Forgets what was written. */
    void abandon() {
      if (body != null) {
        body.abandon();
        body = null;
      }
      length = -1;
    }

    private final class Body extends ServletOutputStream {
      private final byte[] first = new byte[SHORT];
      private int held;
      private Gzip gzip;

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        if (gzip == null && held + count <= SHORT) {
          System.arraycopy(bytes, offset, first, held, count);
          held += count;
          return;
        }
        if (gzip == null) {
          setHeader("Content-Encoding", "gzip");
          gzip = new Gzip(Compressing.super.getOutputStream());
          gzip.write(first, 0, held);
        }
        gzip.write(bytes, offset, count);
      }

      /** The first bytes wait until it is known whether there are more. */
      @Override
      public void flush() throws IOException {
        if (gzip != null) {
          gzip.flush();
        }
      }

      void finish() throws IOException {
        if (gzip != null) {
          gzip.finish();
        } else {
          Compressing.super.setContentLengthLong(held);
          Compressing.super.getOutputStream().write(first, 0, held);
        }
      }

      void abandon() {
        if (gzip != null) {
          gzip.abandon();
        }
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new IllegalStateException("answers are written by the thread of the request");
      }
    }
  }
}
