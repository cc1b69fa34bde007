package org.tessera.coverage.format.gdal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files on other machines, by their addresses ({@code http:}, {@code https:}, {@code
 * s3://bucket/key}) and by GDAL's names of them ({@code /vsicurl/http...}, {@code
 * /vsis3/bucket/key}).
 */
public final class RemoteFiles {
  private static final Pattern NAME =
      Pattern.compile("/vsi(?:curl/(https?://[^\"]+)|s3/([^/\"]+/[^\"]+))");
  private static final Pattern ADDRESS =
      Pattern.compile("(?:(https?://[^/\"]+/[^\"]*)|s3://([^/\"]+/[^\"]*))");

  private RemoteFiles() {}

  /** The address of what GDAL calls so; empty if that is no remote file. */
  public static Optional<String> address(String name) {
    Matcher m = NAME.matcher(name);
    return m.matches()
        ? Optional.of(m.group(1) != null ? m.group(1) : "s3://" + m.group(2))
        : Optional.empty();
  }

  /** GDAL's name of what has the address; empty if that is no address of a remote file. */
  public static Optional<String> name(String address) {
    Matcher m = ADDRESS.matcher(address);
    return m.matches()
        ? Optional.of(m.group(1) != null ? "/vsicurl/" + m.group(1) : "/vsis3/" + m.group(2))
        : Optional.empty();
  }

  /**
   * Whether an address lies in one of the folders. Addresses that may mean another place than they
   * seem to, by dots or a backslash, do not.
   *
   * @param folders beginnings of addresses; each is taken to end with a slash
   */
  public static boolean within(String address, List<String> folders) {
    String plain = address.toLowerCase(Locale.ROOT).replace("%2e", ".").replace("%2f", "/");
    if (plain.contains("\\")
        || plain.contains("%5c")
        || plain.matches("(?s).*/\\.\\.?([/?#].*)?")) {
      return false;
    }
    return folders.stream()
        .map(f -> f.endsWith("/") ? f : f + "/")
        .anyMatch(f -> address.startsWith(f) && address.length() > f.length());
  }
}
