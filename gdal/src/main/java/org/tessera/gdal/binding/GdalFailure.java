package org.tessera.gdal.binding;

/**
 * libgdal said no, or a request asked for something that it cannot do. The message is for the user
 * of the file.
 */
public final class GdalFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GdalFailure(String message) {
    super(message);
  }
}
