package org.tessera.ejb.service;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * What a request gets: everything that can be wrong with the request has been found when an answer
 * exists; its bytes are made while they are written.
 *
 * @param mediaType with parameters, as for the Content-Type header
 * @param fileName under which a browser should save it
 */
public record Answer(String mediaType, Optional<String> fileName, Body body) {
  /** Writes the bytes of an answer; does not close the stream. */
  @FunctionalInterface
  public interface Body {
    void write(OutputStream out) throws IOException;
  }
}
