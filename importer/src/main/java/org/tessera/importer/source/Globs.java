package org.tessera.importer.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.tessera.importer.problem.ImportException;

/** Paths with wildcards: {@code *}, {@code ?}, {@code [abc]} in any part of the path. */
public final class Globs {
  private Globs() {}

  /**
   * The files that a pattern means, sorted by name; an exact name that does not exist gives none.
   *
   * @param folder that relative patterns start from
   */
  public static List<Path> files(Path folder, String pattern) {
    boolean absolute = pattern.startsWith("/");
    List<Path> found = new ArrayList<>(List.of(absolute ? Path.of("/") : folder));
    for (String part : pattern.split("/", -1)) {
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      List<Path> next = new ArrayList<>();
      for (Path p : found) {
        if (!hasWildcard(part) || Files.exists(p.resolve(part))) {
          if (Files.exists(p.resolve(part))) {
            next.add(p.resolve(part));
          }
        } else {
          next.addAll(children(p, regex(part)));
        }
      }
      found = next;
    }
    return found.stream().filter(Files::exists).map(Path::normalize).sorted().toList();
  }

  /** Whether a path is one that a pattern means; wildcards stand for parts of one name in it. */
  static boolean matches(String path, String pattern) {
    String[] names = path.split("/", -1);
    String[] parts = pattern.split("/", -1);
    if (names.length != parts.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!regex(parts[i]).matcher(names[i]).matches()) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasWildcard(String part) {
    return part.contains("*") || part.contains("?") || part.contains("[");
  }

  private static List<Path> children(Path folder, Pattern name) {
    List<Path> out = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return out;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path p : all) {
        String own = String.valueOf(p.getFileName());
        // As in a shell, hidden files are found by their dot only.
        if (name.matcher(own).matches()
            && own.startsWith(".") == name.pattern().startsWith("\\Q.")) {
          out.add(p);
        }
      }
    } catch (IOException e) {
      throw new ImportException("the folder " + folder + " cannot be listed: " + e.getMessage(), e);
    }
    return out;
  }

  private static Pattern regex(String part) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < part.length()) {
      char c = part.charAt(i);
      // A ] that comes first is a character of the set.
      int end = c == '[' ? part.indexOf(']', i + (part.startsWith("[!", i) ? 3 : 2)) : -1;
      if (c == '*') {
        out.append(".*");
      } else if (c == '?') {
        out.append('.');
      } else if (end > 0) {
        boolean not = part.charAt(i + 1) == '!';
        String set = part.substring(i + (not ? 2 : 1), end).replaceAll("[\\\\\\[\\]^&]", "\\\\$0");
        out.append(not ? "[^" : "[").append(set).append(']');
        i = end;
      } else {
        out.append(Pattern.quote(String.valueOf(c)));
      }
      i++;
    }
    try {
      return Pattern.compile(out.toString());
    } catch (PatternSyntaxException e) {
      throw new ImportException(
          "'input.paths': '" + part + "' is no pattern of names: " + e.getDescription(), e);
    }
  }
}
