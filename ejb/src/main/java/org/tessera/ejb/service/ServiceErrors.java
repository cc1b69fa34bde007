package org.tessera.ejb.service;

import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.GdalException;

/** Failures of the parts that services use, in the words of OWS. */
public final class ServiceErrors {
  private ServiceErrors() {}

  /** What went wrong with a file: in reading it, in naming it, or in its time. */
  public static OwsException of(GdalException e) {
    OwsErrorCode code =
        switch (e.kind()) {
          case REFUSED -> OwsErrorCode.ACCESS_DENIED;
          case TIMED_OUT -> OwsErrorCode.TIME_LIMIT_EXCEEDED;
          case FAILED, CRASHED -> OwsErrorCode.INVALID_REQUEST;
        };
    return new OwsException(code, null, e.getMessage(), e);
  }
}
