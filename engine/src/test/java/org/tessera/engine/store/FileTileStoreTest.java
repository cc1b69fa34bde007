package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tessera.engine.EngineException;

class FileTileStoreTest extends TileStoreContract {
  @TempDir Path folder;

  @Override
  TileStore store() {
    return new FileTileStore(folder);
  }

  @Test
  void anotherStoreOnTheFolderSeesTheBlobs() {
    store().put("a", List.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
    assertEquals(3, store().get("a", 0, 3)[2]);
  }

  @Test
  void aMappedBlobCanBeReadByAnInterruptedThread() {
    TileStore store = store();
    store.put("a", List.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
    store.get("a", 0, 3);
    Thread.currentThread().interrupt();
    assertEquals(2, store.get("a", 1, 1)[0]);
    assertTrue(Thread.interrupted());
  }

  @Test
  void whatACrashLeftHalfWrittenIsRemovedAfterADay() throws IOException {
    store();
    Path old = Files.writeString(folder.resolve("tmp/old"), "x");
    Path young = Files.writeString(folder.resolve("tmp/young"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    store();
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    EngineException e =
        assertThrows(EngineException.class, () -> new FileTileStore(file.resolve("sub")));
    assertTrue(e.getMessage().contains("file/sub"), e.getMessage());
  }
}
