package org.tessera.engine.store;

/**
 * Where the cells of one band of one tile are: bytes in a range of a blob or, when they are few,
 * here; or files elsewhere. Equal when it is the same place (not when it is the same content).
 */
final class Chunk {
  /** Chunks up to this length are kept in the manifest itself. */
  static final int INLINE = 64;

  private final String blob;
  private final long offset;
  private final int length;
  private final byte[] inline;
  private final References references;

  private Chunk(String blob, long offset, int length, byte[] inline, References references) {
    this.blob = blob;
    this.offset = offset;
    this.length = length;
    this.inline = inline;
    this.references = references;
  }

  static Chunk at(String blob, long offset, int length) {
    return new Chunk(blob, offset, length, null, null);
  }

  static Chunk inline(byte[] bytes) {
    return new Chunk(null, 0, bytes.length, bytes, null);
  }

  /**
   * Cells that are not in the store.
   *
   * @param name what no other references have, with the number; it stands for a blob
   */
  static Chunk elsewhere(String name, long number, References references) {
    return new Chunk(name, number, 0, null, references);
  }

  boolean isInline() {
    return inline != null;
  }

  /** Whether the cells are not in the store; {@link #references} tells where. */
  boolean isElsewhere() {
    return references != null;
  }

  References references() {
    return references;
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
