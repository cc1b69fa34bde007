package org.tessera.engine.store;

/** The rule that all tile stores share: which keys there may be. */
final class BlobKey {
  private static final int MAX_LENGTH = 120;

  private BlobKey() {}

  /** Returns the key; throws {@link IllegalArgumentException} if it is not one. */
  static String check(String key) {
    if (key.isEmpty() || key.length() > MAX_LENGTH || key.charAt(0) == '.') {
      throw new IllegalArgumentException("not a blob key: '" + key + "'");
    }
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        throw new IllegalArgumentException("not a blob key: '" + key + "'");
      }
    }
    return key;
  }
}
