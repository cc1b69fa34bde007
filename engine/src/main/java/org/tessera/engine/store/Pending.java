package org.tessera.engine.store;

/** Stands where the code of this morning's contract is still to come; gone within the hour. */
@SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"})
final class Pending {
  private Pending() {}

  static <T> T yet() {
    throw new UnsupportedOperationException("the tile store is being written");
  }
}
