package org.tessera.coverage;

import java.util.Collection;
import java.util.Locale;

/** What was meant by a name that does not exist. */
public final class NearNames {
  private static final int LONGEST = 100;

  private NearNames() {}

  /**
   * {@code " Did you mean 'blue'?"} if some name is nearly the one that was found: the same but for
   * upper and lower case, or for a letter in four; else nothing.
   */
  public static String hint(String found, Collection<String> names) {
    String nearest = null;
    int least = Math.max(1, found.length() / 4) + 1;
    String wrong = found.toLowerCase(Locale.ROOT);
    if (wrong.length() > LONGEST) {
      return "";
    }
    for (String name : names) {
      if (Math.abs(name.length() - wrong.length()) < least) {
        int distance = distance(wrong, name.toLowerCase(Locale.ROOT));
        // Of names as near as one another always the same one.
        if (distance < least
            || (distance == least && nearest != null && name.compareTo(nearest) < 0)) {
          least = distance;
          nearest = name;
        }
      }
    }
    // Of a single letter any other is as near.
    return nearest == null || least >= wrong.length() ? "" : " Did you mean '" + nearest + "'?";
  }

  /** Letters to put in, leave out, change, or swap with the next one. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        d[i][j] =
            Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
