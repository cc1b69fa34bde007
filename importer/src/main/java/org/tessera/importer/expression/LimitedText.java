package org.tessera.importer.expression;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A text that may be looked at only so often. Matching a regular expression against it ends with an
 * error instead of running for years when the expression backtracks without bound.
 */
final class LimitedText implements CharSequence {
  private static final long LOOKS = 5_000_000;

  private final CharSequence text;
  private final AtomicLong left;

  LimitedText(String text) {
    this(text, new AtomicLong(LOOKS));
  }

  private LimitedText(CharSequence text, AtomicLong left) {
    this.text = text;
    this.left = left;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    if (left.decrementAndGet() < 0) {
      throw new IllegalArgumentException(
          "the regular expression takes too long; make its parts more exact than (.*)");
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new LimitedText(text.subSequence(start, end), left);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
