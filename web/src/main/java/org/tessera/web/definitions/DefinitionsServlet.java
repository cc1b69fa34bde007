package org.tessera.web.definitions;

import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.crs.Definitions;
import org.tessera.coverage.gml.OwsReports;
import org.tessera.ejb.runtime.ServerRuntime;

/**
 * Answers GET for CRS definitions, comparisons and directories (features.md A.10). The system
 * property {@code tessera.secore.auto=template} answers AUTO/1.3/42001 as other resolvers do, see
 * {@link Definitions#Definitions}.
 */
@WebServlet(urlPatterns = {"/def", "/def/*"})
public class DefinitionsServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @EJB private transient ServerRuntime runtime;

  private transient Definitions definitions;

  @Override
  public void init() {
    definitions =
        new Definitions(
            runtime.crs(), "template".equals(System.getProperty("tessera.secore.auto")));
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
    response.setHeader("Access-Control-Allow-Origin", "*");
    try {
      byte[] answer =
          definitions
              .answer(path, request.getQueryString(), base(request))
              .getBytes(StandardCharsets.UTF_8);
      // A definition changes only with the EPSG data set inside the server.
      response.setHeader("Cache-Control", "public, max-age=3600");
      response.setContentType("text/xml;charset=UTF-8");
      response.setContentLength(answer.length);
      response.getOutputStream().write(answer);
    } catch (OwsException e) {
      response.setStatus(e.code().httpStatus());
      response.setContentType("text/xml;charset=UTF-8");
      OwsReports.exceptions(List.of(e), response.getOutputStream());
    }
  }

  /** Address of the resolver as the client called it, without a slash at the end. */
  private static String base(HttpServletRequest request) {
    String url = request.getRequestURL().toString();
    String place = request.getContextPath() + request.getServletPath();
    return url.substring(0, url.indexOf(place, url.indexOf("//") + 2) + place.length());
  }
}
