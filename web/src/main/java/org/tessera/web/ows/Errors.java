package org.tessera.web.ows;

import jakarta.ejb.EJBException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.GdalException;
import org.tessera.coverage.gml.OwsReports;
import org.tessera.ejb.service.ServiceErrors;
import org.tessera.engine.EngineException;

/** Failures as exception reports (OWS Common 06-121r9 clause 8). */
final class Errors {
  private Errors() {}

  /**
   * What a client is told of a failure. Of what it cannot help, it learns a number that is also in
   * the log.
   */
  static OwsException of(Throwable e) {
    return switch (e) {
      case OwsException known -> known;
      case EngineException engine ->
          new OwsException(
              switch (engine.code()) {
                case INVALID_EXPRESSION -> OwsErrorCode.INVALID_REQUEST;
                case LIMIT_EXCEEDED -> OwsErrorCode.REQUEST_TOO_LARGE;
                case CANCELLED -> OwsErrorCode.TIME_LIMIT_EXCEEDED;
                case SOURCE_UNAVAILABLE -> OwsErrorCode.SOURCE_UNAVAILABLE;
                case STORAGE_FAILED -> OwsErrorCode.INTERNAL_ERROR;
                case CONFLICT -> OwsErrorCode.UPDATE_CONFLICT;
              },
              null,
              engine.getMessage(),
              engine);
      // A file that could be opened, and breaks while its cells are read for the answer.
      case GdalException file -> ServiceErrors.of(file);
      case EJBException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      default ->
          new OwsException(
              OwsErrorCode.INTERNAL_ERROR,
              null,
              "The server failed on this request. Its log says more under the number "
                  + UUID.randomUUID()
                  + ".",
              e);
    };
  }

  /** Refuses an HTTP method (RFC 9110 15.5.6). */
  static void method(String method, String allowed, HttpServletResponse response)
      throws IOException {
    response.setHeader("Allow", allowed);
    write(
        new OwsException(
            OwsErrorCode.METHOD_NOT_ALLOWED,
            null,
            "HTTP method " + method + " is not offered, expected one of " + allowed + "."),
        response);
  }

  static void write(OwsException error, HttpServletResponse response) throws IOException {
    response.setStatus(error.code().httpStatus());
    if (error.code() == OwsErrorCode.SERVICE_UNAVAILABLE) {
      response.setHeader("Retry-After", "10");
    }
    response.setContentType("application/xml;charset=UTF-8");
    OwsReports.exceptions(List.of(error), response.getOutputStream());
  }
}
