package org.tessera.importer.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tessera.importer.problem.ImportException;

/**
 * GDAL's names of files in archives ({@code /vsizip/}, {@code /vsitar/}) and of compressed ones
 * ({@code /vsigzip/}), with wildcards in the name of the archive and in that of the file in it.
 */
public final class Archives {
  private static final Pattern NAME = Pattern.compile("/vsi(zip|tar|gzip)/(.+)");

  /** More files than this in one archive are not listed. */
  private static final int MOST_MEMBERS = 1_000_000;

  private static final int BLOCK = 512;
  private static final int MOST_NAME = 1 << 16;

  private Archives() {}

  /**
   * The names that a pattern means, sorted; names of other virtual files, and of archives in such,
   * as they are.
   *
   * @param folder that archives with relative names lie in
   * @return empty if nothing matches
   * @throws ImportException if an archive cannot be listed
   */
  public static List<String> names(Path folder, String pattern) {
    Matcher m = NAME.matcher(pattern);
    if (!m.matches() || m.group(2).matches("/*vsi[a-z0-9_]+/.*")) {
      return List.of(pattern.replaceFirst("^(/vsi[a-z]+/)/+", "$1/"));
    }
    String kind = m.group(1);
    String before = "/vsi" + kind + "/";
    String rest = m.group(2).replaceFirst("^/+", "/");
    if (kind.equals("gzip")) {
      return Globs.files(folder, rest).stream().map(f -> before + f).toList();
    }
    for (int end = rest.indexOf('/', 1); ; end = rest.indexOf('/', end + 1)) {
      String archive = end < 0 ? rest : rest.substring(0, end);
      List<Path> archives =
          Globs.files(folder, archive).stream().filter(Files::isRegularFile).toList();
      if (!archives.isEmpty()) {
        String member = end < 0 ? "" : rest.substring(end + 1);
        List<String> out = new ArrayList<>();
        for (Path a : archives) {
          members(a, kind, member).forEach(x -> out.add(before + a + (x.isEmpty() ? "" : "/" + x)));
        }
        return out;
      }
      if (end < 0) {
        return List.of();
      }
    }
  }

  private static List<String> members(Path archive, String kind, String pattern) {
    if (!pattern.contains("*") && !pattern.contains("?") && !pattern.contains("[")) {
      return List.of(pattern);
    }
    try {
      List<String> all = kind.equals("zip") ? ofZip(archive) : ofTar(archive);
      return all.stream().filter(n -> Globs.matches(n, pattern)).sorted().toList();
    } catch (IOException e) {
      throw new ImportException(
          "the archive " + archive + " cannot be listed: " + e.getMessage(), e);
    }
  }

  private static List<String> ofZip(Path archive) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return zip.stream()
          .limit(MOST_MEMBERS)
          .filter(e -> !e.isDirectory())
          .map(ZipEntry::getName)
          .toList();
    }
  }

  /** POSIX.1-2001 pax and ustar, and GNU's long names; also when compressed by gzip. */
  private static List<String> ofTar(Path archive) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive))) {
      file.mark(2);
      boolean gzip = file.read() == 0x1f && file.read() == 0x8b;
      file.reset();
      InputStream in = gzip ? new BufferedInputStream(new GZIPInputStream(file)) : file;
      String longName = "";
      byte[] head = in.readNBytes(BLOCK);
      while (head.length == BLOCK && head[0] != 0 && names.size() < MOST_MEMBERS) {
        long size = size(head);
        long padded = (size + BLOCK - 1) / BLOCK * BLOCK;
        byte type = head[156];
        if ((type == 'L' || type == 'x') && size <= MOST_NAME) {
          String text =
              new String(in.readNBytes((int) padded), 0, (int) size, StandardCharsets.UTF_8);
          longName = type == 'L' ? text.replace("\0", "") : paxPath(text, longName);
        } else {
          if (type == '0' || type == 0) {
            names.add((longName.isEmpty() ? name(head) : longName).replaceFirst("^\\./", ""));
          }
          longName = "";
          in.skipNBytes(padded);
        }
        head = in.readNBytes(BLOCK);
      }
    }
    return names;
  }

  private static String name(byte[] head) {
    boolean ustar = text(head, 257, 5).equals("ustar");
    String prefix = ustar ? text(head, 345, 155) : "";
    return (prefix.isEmpty() ? "" : prefix + "/") + text(head, 0, 100);
  }

  private static String paxPath(String records, String otherwise) {
    Matcher m = Pattern.compile("(?:^|\n)\\d+ path=([^\n]*)\n").matcher(records);
    return m.find() ? m.group(1) : otherwise;
  }

  private static long size(byte[] head) throws IOException {
    if (head[124] < 0) {
      // Larger than eight octal digits can say: a number of 12 bytes, the first bit apart.
      byte[] bytes = Arrays.copyOfRange(head, 125, 136);
      return new BigInteger(1, bytes).longValueExact();
    }
    String octal = text(head, 124, 12).strip();
    try {
      return octal.isEmpty() ? 0 : Long.parseLong(octal, 8);
    } catch (NumberFormatException e) {
      throw new IOException("it is no tar file", e);
    }
  }

  private static String text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }
}
