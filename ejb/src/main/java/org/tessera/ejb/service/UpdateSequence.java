package org.tessera.ejb.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.model.Coverage;
import org.tessera.ejb.runtime.Settings;

/**
 * The state of the service metadata as a text that another state does not have (06-121r9 clause
 * 7.3.4). It is the same on all servers of one catalogue, and says nothing of before and after.
 */
final class UpdateSequence {
  private static final int BYTES = 12;

  private UpdateSequence() {}

  /**
   * Of this state.
   *
   * @param said of the service and its coverages, beside what the coverages are
   */
  static String of(List<Coverage> coverages, List<Map<String, String>> said, Settings settings) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(settings.crsBase(), digest);
      add(settings.times().name(), digest);
      for (Map<String, String> texts : said) {
        new TreeMap<>(texts)
            .forEach(
                (name, text) -> {
                  add(name, digest);
                  add(text, digest);
                });
      }
      for (Coverage c : coverages) {
        add(c.id(), digest);
        add(c.arrayVersion(), digest);
        add(c.metadata(), digest);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void add(String text, MessageDigest digest) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /**
   * Whether a client's document is the current one.
   *
   * @throws OwsException {@code InvalidUpdateSequence} if no document of this service can have had
   *     that sequence
   */
  static boolean isCurrent(String given, String current) {
    if (!given.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
      throw new OwsException(
          OwsErrorCode.INVALID_UPDATE_SEQUENCE,
          "updateSequence",
          "updateSequence '"
              + given
              + "' was never one of this service; the current one is "
              + current
              + ".");
    }
    return given.equals(current);
  }
}
