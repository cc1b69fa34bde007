package org.tessera.engine.array;

/** Type of one band of an array: its cell type and which of its values are null. */
public record Band(CellType type, NullSet nulls) {
  /** A band without null values. */
  public Band(CellType type) {
    this(type, NullSet.NONE);
  }
}
