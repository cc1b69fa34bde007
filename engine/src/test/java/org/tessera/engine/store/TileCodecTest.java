package org.tessera.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;

class TileCodecTest {
  private static final int ROW = 1000;

  private final TileCodec codec = new TileCodec(1);

  /** How the cells of a test look. */
  enum Texture {
    NOISE,
    SMOOTH,
    MOSTLY_CONSTANT,
    CONSTANT
  }

  static Cells cells(CellType type, int n, Texture texture, Random random) {
    Cells cells = Cells.allocate(type, n);
    int elements = n * type.components();
    long last = 5;
    for (int i = 0; i < elements; i++) {
      long v =
          switch (texture) {
            case NOISE -> random.nextLong();
            case SMOOTH -> last + random.nextInt(5) - 2;
            case MOSTLY_CONSTANT -> random.nextInt(1000) == 0 ? random.nextLong() : 42;
            case CONSTANT -> 42;
          };
      last = v;
      switch (type.storage()) {
        case BYTE -> cells.bytes()[i] = (byte) v;
        case SHORT -> cells.shorts()[i] = (short) v;
        case INT -> cells.ints()[i] = (int) v;
        case LONG -> cells.longs()[i] = v;
        // Any bits, NaNs with payloads among them.
        case FLOAT -> cells.floats()[i] = Float.intBitsToFloat((int) v);
        case DOUBLE -> cells.doubles()[i] = Double.longBitsToDouble(v);
      }
    }
    return cells;
  }

  private Cells decoded(byte[] chunk, CellType type, int n) {
    Cells back = Cells.allocate(type, n);
    codec.decode(chunk, type, back.array(), n * type.components());
    return back;
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(1, 70000),
        Arbitraries.of(1, 2, 2047, 2048, 2049, 4096, 4097, 8192, 16384, 32768, 32769, 65536));
  }

  @Property(tries = 300)
  void decodingAnEncodedChunkGivesTheCells(
      @ForAll CellType type,
      @ForAll Texture texture,
      @ForAll("lengths") int n,
      @ForAll @IntRange(max = 1000) int seed) {
    Cells cells = cells(type, n, texture, new Random(seed));
    assertEquals(
        cells,
        decoded(codec.encode(type, cells.array(), n * type.components(), 5 * seed), type, n));
  }

  @ParameterizedTest
  @EnumSource(CellType.class)
  void oneBlockCanBeDecodedAlone(CellType type) {
    int unit = type.components();
    int perBlock = TileCodec.blockElements(type);
    int n = (3 * perBlock + 10 * unit) / unit;
    Cells cells = cells(type, n, Texture.SMOOTH, new Random(1));
    byte[] chunk = codec.encode(type, cells.array(), n * unit, ROW);
    TileCodec.Directory directory = TileCodec.directory(chunk, type, n * unit);
    Cells whole = decoded(chunk, type, n);
    for (int b = 0; b < 4; b++) {
      int elements = b == 3 ? 10 * unit : perBlock;
      Cells block = Cells.allocate(type, elements / unit);
      codec.decodeBlock(chunk, directory.start[b], directory, b, type, block.array(), 0, elements);
      Cells expected = Cells.allocate(type, elements / unit);
      System.arraycopy(whole.array(), b * perBlock, expected.array(), 0, elements);
      assertEquals(expected, block);
    }
  }

  @Test
  void aConstantChunkTakesItsValueOnly() {
    Cells cells = cells(CellType.COMPLEX128, 100000, Texture.CONSTANT, new Random(1));
    assertEquals(24, codec.encode(CellType.COMPLEX128, cells.array(), 200000, ROW).length);
  }

  @Test
  void noiseIsStoredAsItIs() {
    Cells cells = cells(CellType.INT16, 65536, Texture.NOISE, new Random(1));
    int size = codec.encode(CellType.INT16, cells.array(), 65536, ROW).length;
    assertTrue(size >= 131072 && size < 131072 + 100, "size " + size);
  }

  @Property(tries = 200)
  void aDamagedByteIsNoticed(
      @ForAll Texture texture, @ForAll @IntRange(max = 1_000_000) int where, @ForAll byte change) {
    CellType type = List.of(CellType.INT16, CellType.FLOAT32, CellType.UINT8).get(where % 3);
    Cells cells = cells(type, 40000, texture, new Random(where));
    byte[] chunk = codec.encode(type, cells.array(), 40000, ROW);
    int at = where % chunk.length;
    chunk[at] += change == 0 ? 1 : change;
    Cells back;
    try {
      back = decoded(chunk, type, 40000);
    } catch (EngineException e) {
      assertEquals(EngineException.Code.STORAGE_FAILED, e.code());
      return;
    }
    // Bytes 1 to 3 mean nothing yet.
    assertTrue(at >= 1 && at <= 3, "byte " + at + " changed unnoticed");
    assertEquals(cells, back);
  }

  @Test
  void aChunkCutOffIsNoticed() {
    Cells cells = cells(CellType.INT32, 40000, Texture.SMOOTH, new Random(3));
    byte[] chunk = codec.encode(CellType.INT32, cells.array(), 40000, ROW);
    for (int length : new int[] {0, 1, 4, 20, 44, 1000, chunk.length - 1}) {
      byte[] part = java.util.Arrays.copyOf(chunk, length);
      assertThrows(
          EngineException.class, () -> decoded(part, CellType.INT32, 40000), "length " + length);
    }
  }
}
