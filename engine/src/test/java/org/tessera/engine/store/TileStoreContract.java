package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tessera.engine.EngineException;

/** What every {@link TileStore} does; a backend's test extends it. */
abstract class TileStoreContract {
  /** An empty store. */
  abstract TileStore store();

  private TileStore opened;

  private synchronized TileStore it() {
    if (opened == null) {
      opened = store();
    }
    return opened;
  }

  private static List<ByteBuffer> parts(String... texts) {
    List<ByteBuffer> parts = new ArrayList<>();
    for (String text : texts) {
      parts.add(ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }
    return parts;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.US_ASCII);
  }

  @Test
  void aBlobIsTheConcatenationOfItsParts() {
    it().put("a.0", parts("tes", "", "sera"));
    assertEquals(7, it().size("a.0"));
    assertEquals("tessera", text(it().get("a.0", 0, 7)));
  }

  @Test
  void aRangeOfABlobCanBeRead() {
    it().put("a", parts("0123456789"));
    assertEquals("345", text(it().get("a", 3, 3)));
    assertEquals("", text(it().get("a", 10, 0)));
    byte[] target = new byte[5];
    it().get("a", 8, target, 2, 2);
    assertArrayEquals(new byte[] {0, 0, '8', '9', 0}, target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8 3", "11 0", "-1 2", "0 11"})
  void readingBeyondABlobFails(String range) {
    it().put("a", parts("0123456789"));
    List<String> numbers = List.of(range.split(" "));
    long offset = Long.parseLong(numbers.get(0));
    int length = Integer.parseInt(numbers.get(1));
    EngineException e = assertThrows(EngineException.class, () -> it().get("a", offset, length));
    assertEquals(EngineException.Code.STORAGE_FAILED, e.code());
    assertTrue(e.getMessage().contains("blob a "), e.getMessage());
  }

  @Test
  void anEmptyBlobIsABlob() {
    it().put("empty", parts());
    assertEquals(0, it().size("empty"));
    assertEquals(0, it().get("empty", 0, 0).length);
  }

  @Test
  void partsAreLeftAsTheyWere() {
    List<ByteBuffer> parts = parts("abcdef");
    parts.getFirst().position(2).limit(4);
    it().put("a", parts);
    assertEquals("cd", text(it().get("a", 0, 2)));
    assertEquals(2, parts.getFirst().position());
    assertEquals(2, it().size("a"));
  }

  @Test
  void aBlobCannotBePutTwice() {
    it().put("a", parts("one"));
    assertThrows(EngineException.class, () -> it().put("a", parts("two")));
    assertEquals("one", text(it().get("a", 0, 3)));
  }

  @Test
  void aMissingBlobHasNoSizeAndCannotBeRead() {
    assertEquals(-1, it().size("nothing"));
    EngineException e = assertThrows(EngineException.class, () -> it().get("nothing", 0, 1));
    assertTrue(e.getMessage().contains("nothing"), e.getMessage());
  }

  @Test
  void aDeletedBlobIsGoneAndDeletingAgainDoesNothing() {
    it().put("a", parts("one"));
    assertEquals("one", text(it().get("a", 0, 3)));
    it().delete("a");
    it().delete("a");
    assertEquals(-1, it().size("a"));
    assertThrows(EngineException.class, () -> it().get("a", 0, 1));
    it().put("a", parts("other"));
    assertEquals("other", text(it().get("a", 0, 5)));
  }

  @Test
  void theListHoldsEveryBlob() {
    Instant before = Instant.now().minus(Duration.ofSeconds(2));
    for (int i = 0; i < 40; i++) {
      it().put("key-" + i + "_x.tiles", parts("x".repeat(i % 7)));
    }
    it().delete("key-17_x.tiles");
    List<TileStore.Blob> blobs = new ArrayList<>();
    it().list(blobs::add);
    assertEquals(39, blobs.size());
    for (TileStore.Blob blob : blobs) {
      assertEquals(it().size(blob.key()), blob.bytes());
      assertTrue(blob.stored().isAfter(before));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../x", "a/b", "a b", ".hidden", "ä", "a\\b", "a\0"})
  void otherKeysAreRefused(String key) {
    assertThrows(IllegalArgumentException.class, () -> it().put(key, parts("x")));
    assertThrows(IllegalArgumentException.class, () -> it().get(key, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> it().size(key));
    assertThrows(IllegalArgumentException.class, () -> it().delete(key));
  }

  @Test
  void manyThreadsMayPutAndGet() {
    Set<Integer> wrong = ConcurrentHashMap.newKeySet();
    IntStream.range(0, 40)
        .parallel()
        .forEach(
            i -> {
              String content = "content " + i;
              it().put("t" + i, parts(content));
              if (!text(it().get("t" + i, 0, content.length())).equals(content)) {
                wrong.add(i);
              }
            });
    assertEquals(Set.of(), wrong);
  }
}
