package org.tessera.web.ows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses from which coverages may be changed: single addresses and networks such as {@code
 * 10.1.0.0/16}, separated by commas, or {@code *}. Only literal addresses count, so that no name
 * service decides.
 */
record WriteAccess(List<Network> networks) {
  /** Addresses whose first {@code bits} bits equal those of {@code prefix}. */
  @SuppressWarnings("ArrayRecordComponent") // made and read here only, never compared
  record Network(byte[] prefix, int bits) {
    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if ((address[bit >> 3] & mask) != (prefix[bit >> 3] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  static WriteAccess parse(String text) {
    return new WriteAccess(
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(t -> !t.isEmpty())
            .flatMap(
                t -> t.equals("*") ? List.of("0.0.0.0/0", "::/0").stream() : List.of(t).stream())
            .map(WriteAccess::network)
            .toList());
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    byte[] address = literal(slash < 0 ? text : text.substring(0, slash));
    int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > address.length * 8) {
      throw new IllegalArgumentException(
          "tessera.write.from: '" + text + "' has no prefix of " + bits + " bits");
    }
    return new Network(address, bits);
  }

  private static byte[] literal(String text) {
    if (!text.matches("[0-9a-fA-F.:]+")) {
      throw new IllegalArgumentException("tessera.write.from: '" + text + "' is no IP address");
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("tessera.write.from: '" + text + "' is no IP address", e);
    }
  }

  boolean allows(String address) {
    byte[] bytes =
        literal(address.contains("%") ? address.substring(0, address.indexOf('%')) : address);
    return networks.stream().anyMatch(n -> n.contains(bytes));
  }
}
