package org.tessera.engine.store;

/**
 * Where the bytes of one band of one tile are: a range of a blob or, when they are few, here. Equal
 * when it is the same place (not when it is the same content).
 */
final class Chunk {
  /** Chunks up to this length are kept in the manifest itself. */
  static final int INLINE = 64;

  private final String blob;
  private final long offset;
  private final int length;
  private final byte[] inline;

  private Chunk(String blob, long offset, int length, byte[] inline) {
    this.blob = blob;
    this.offset = offset;
    this.length = length;
    this.inline = inline;
  }

  static Chunk at(String blob, long offset, int length) {
    return new Chunk(blob, offset, length, null);
  }

  static Chunk inline(byte[] bytes) {
    return new Chunk(null, 0, bytes.length, bytes);
  }

  boolean isInline() {
    return inline != null;
  }

  /** The bytes of an inline chunk. */
  byte[] bytes() {
    return inline;
  }

  String blob() {
    return blob;
  }

  long offset() {
    return offset;
  }

  int length() {
    return length;
  }

  boolean samePlaceAs(Chunk other) {
    return isInline()
        ? other.isInline() && java.util.Arrays.equals(inline, other.inline)
        : !other.isInline() && blob.equals(other.blob) && offset == other.offset;
  }
}
