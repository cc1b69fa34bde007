package org.tessera.secore;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.CrsResolver;
import org.tessera.coverage.crs.Definitions;

/**
 * Answers GET for CRS definitions, comparisons and directories (features.md A.10); errors as OWS
 * exception reports (OWS Common 2.0, 06-121r9 clause 8) with their status.
 *
 * <p>The system property {@code tessera.secore.auto=template} answers AUTO/1.3/42001 as other
 * resolvers do, see {@link Definitions#Definitions}.
 */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
public class ResolverServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  private final transient CrsResolver resolver = new CrsResolver();
  private final transient Definitions definitions =
      new Definitions(resolver, "template".equals(System.getProperty("tessera.secore.auto")));

  @Resource private transient ManagedExecutorService executor;

  @Override
  public void init() {
    var unused = executor.submit(resolver::warmUp);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    // Else a 405 would not say what is allowed (RFC 9110 15.5.6).
    response.setHeader("Allow", "GET, HEAD, OPTIONS");
    super.service(request, response);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo() == null ? "" : request.getPathInfo();
    try {
      String answer = definitions.answer(path, request.getQueryString(), base(request));
      // A definition changes only with the EPSG data set inside the server.
      response.setHeader("Cache-Control", "public, max-age=3600");
      write(response, HttpServletResponse.SC_OK, answer);
    } catch (OwsException e) {
      write(response, e.code().httpStatus(), report(e));
    }
  }

  /** Address of this resolver as the client called it, without a slash at the end. */
  private static String base(HttpServletRequest request) {
    StringBuilder base = new StringBuilder(request.getScheme());
    base.append("://").append(request.getServerName());
    boolean standard = request.getServerPort() == ("https".equals(request.getScheme()) ? 443 : 80);
    if (!standard) {
      base.append(':').append(request.getServerPort());
    }
    return base.append(request.getContextPath()).append(request.getServletPath()).toString();
  }

  private static void write(HttpServletResponse response, int status, String xml)
      throws IOException {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("text/xml;charset=UTF-8");
    // Definitions are for scripts of any page to read.
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }

  private static String report(OwsException e) {
    String locator = e.locator().map(l -> " locator=\"" + escaped(l) + "\"").orElse("");
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/2.0" \
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
        xsi:schemaLocation="http://www.opengis.net/ows/2.0 \
        http://schemas.opengis.net/ows/2.0/owsExceptionReport.xsd" version="2.0.0">
          <ows:Exception exceptionCode="%s"%s>
            <ows:ExceptionText>%s</ows:ExceptionText>
          </ows:Exception>
        </ows:ExceptionReport>
        """
        .formatted(e.code().code(), locator, escaped(e.getMessage()));
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(c < ' ' ? ' ' : c);
              }
            });
    return escaped.toString();
  }
}
