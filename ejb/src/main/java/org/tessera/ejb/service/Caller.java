package org.tessera.ejb.service;

import java.util.Set;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;

/**
 * Who asks, and what that one may do; found out by the door, given to every use case that changes
 * something.
 *
 * @param name for logs: a user name or an address
 */
public record Caller(String name, Set<Role> roles) {
  /** What a caller may do beyond reading. */
  public enum Role {
    /** May insert, update and delete coverages. */
    WRITER
  }

  /** The server itself. */
  static final Caller SERVER = new Caller("server", Set.of(Role.WRITER));

  public Caller {
    roles = Set.copyOf(roles);
  }

  /**
   * Refuses callers without the role.
   *
   * @throws OwsException {@code AccessDenied}
   */
  public void require(Role role) {
    if (!roles.contains(role)) {
      throw new OwsException(
          OwsErrorCode.ACCESS_DENIED,
          null,
          "You may not change coverages from here ("
              + name
              + "). The setting tessera.write.from lists the addresses that may.");
    }
  }
}
