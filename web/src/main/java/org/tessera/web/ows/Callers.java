package org.tessera.web.ows;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.tessera.ejb.runtime.Settings;
import org.tessera.ejb.service.Caller;

/** Finds out who is calling. */
final class Callers {
  private Callers() {}

  /**
   * Who is calling. The address counts only if it is the client's own, not that of a proxy, and if
   * no page of another origin in somebody's browser is behind the request.
   */
  static Caller of(HttpServletRequest http, Settings settings) {
    boolean forwarded =
        http.getHeader("Forwarded") != null || http.getHeader("X-Forwarded-For") != null;
    String origin = http.getHeader("Origin");
    boolean foreign =
        origin != null && !origin.equals(http.getScheme() + "://" + http.getHeader("Host"));
    boolean allowed =
        !forwarded
            && !foreign
            && WriteAccess.parse(settings.writeFrom()).allows(http.getRemoteAddr());
    return new Caller(http.getRemoteAddr(), allowed ? Set.of(Caller.Role.WRITER) : Set.of());
  }
}
