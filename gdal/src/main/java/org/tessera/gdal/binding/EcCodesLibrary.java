package org.tessera.gdal.binding;

import static org.tessera.gdal.binding.CFunction.DOUBLE;
import static org.tessera.gdal.binding.CFunction.INT;
import static org.tessera.gdal.binding.CFunction.LONG;
import static org.tessera.gdal.binding.CFunction.PTR;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * libeccodes 2 (ECMWF, Apache License 2.0), for GRIB grids that libgdal does not read. Loaded when
 * it is first needed. A message is a handle that {@link #delete} frees. An instance belongs to one
 * thread.
 */
public final class EcCodesLibrary {
  private static final int GRIB = 1;
  private static final int SEEK_SET = 0;
  private static final int TEXT_BYTES = 1024;

  private final CFunction fopen;
  private final CFunction fseek;
  private final CFunction fclose;
  private final CFunction newFromFile;
  private final CFunction delete;
  private final CFunction errorMessage;
  private final CFunction getLong;
  private final CFunction getString;
  private final CFunction setDouble;
  private final CFunction getSize;
  private final CFunction getDoubles;

  private EcCodesLibrary(SymbolLookup library) {
    SymbolLookup libc = Linker.nativeLinker().defaultLookup();
    fopen = new CFunction(libc, "fopen", PTR, PTR, PTR);
    fseek = new CFunction(libc, "fseek", INT, PTR, LONG, INT);
    fclose = new CFunction(libc, "fclose", INT, PTR);
    newFromFile = new CFunction(library, "codes_handle_new_from_file", PTR, PTR, PTR, INT, PTR);
    delete = new CFunction(library, "codes_handle_delete", INT, PTR);
    errorMessage = new CFunction(library, "codes_get_error_message", PTR, INT);
    getLong = new CFunction(library, "codes_get_long", INT, PTR, PTR, PTR);
    getString = new CFunction(library, "codes_get_string", INT, PTR, PTR, PTR, PTR);
    setDouble = new CFunction(library, "codes_set_double", INT, PTR, PTR, DOUBLE);
    getSize = new CFunction(library, "codes_get_size", INT, PTR, PTR, PTR);
    getDoubles = new CFunction(library, "codes_get_double_array", INT, PTR, PTR, PTR, PTR);
  }

  /**
   * Loads the library.
   *
   * @throws GdalFailure if this machine has none; the message says which package to install
   */
  @SuppressWarnings("restricted")
  public static EcCodesLibrary load() {
    try {
      return new EcCodesLibrary(SymbolLookup.libraryLookup("libeccodes.so.0", Arena.global()));
    } catch (IllegalArgumentException e) {
      throw new GdalFailure(
          "GRIB files on this grid need libeccodes, which is not installed on this machine: install"
              + " the Debian package libeccodes0");
    }
  }

  /** An open file; a null pointer if it cannot be opened. */
  public MemorySegment open(String path) {
    try (Arena arena = Arena.ofConfined()) {
      return fopen.pointer(arena.allocateFrom(path), arena.allocateFrom("rb"));
    }
  }

  /** Closes a file. */
  public void close(MemorySegment file) {
    var unused = fclose.integer(file);
  }

  /** Goes to a byte of a file. */
  public void seek(MemorySegment file, long offset) {
    var unused = fseek.integer(file, offset, SEEK_SET);
  }

  /**
   * The next message of a file; empty at its end.
   *
   * @throws GdalFailure if there is one that cannot be read
   */
  public Optional<MemorySegment> next(MemorySegment file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment handle = newFromFile.pointer(MemorySegment.NULL, file, GRIB, error);
      if (handle.address() == 0) {
        check(error.get(ValueLayout.JAVA_INT, 0), "the next message");
        return Optional.empty();
      }
      return Optional.of(handle);
    }
  }

  /** Frees a message. */
  public void delete(MemorySegment message) {
    var unused = delete.integer(message);
  }

  /** The whole number of a key; empty if the message has no such key. */
  public Optional<Long> number(MemorySegment message, String key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
      return getLong.integer(message, arena.allocateFrom(key), value) == 0
          ? Optional.of(value.get(ValueLayout.JAVA_LONG, 0))
          : Optional.empty();
    }
  }

  /** The text of a key; empty if the message has no such key, or its value is missing. */
  public Optional<String> text(MemorySegment message, String key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(TEXT_BYTES);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, TEXT_BYTES);
      return getString.integer(message, arena.allocateFrom(key), value, length) == 0
          ? Optional.of(value.getString(0)).filter(t -> !t.equals("MISSING"))
          : Optional.empty();
    }
  }

  /** Sets the number that stands in the list of values where a point has none. */
  public void setMissing(MemorySegment message, double value) {
    try (Arena arena = Arena.ofConfined()) {
      check(
          setDouble.integer(message, arena.allocateFrom("missingValue"), value), "missing values");
    }
  }

  /**
   * The numbers of a key.
   *
   * @throws GdalFailure if the message has none, or they cannot be decoded
   */
  public double[] numbers(MemorySegment message, String key) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(key);
      MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
      check(getSize.integer(message, name, size), key);
      MemorySegment values =
          arena.allocate(ValueLayout.JAVA_DOUBLE, size.get(ValueLayout.JAVA_LONG, 0));
      check(getDoubles.integer(message, name, values, size), key);
      return values
          .asSlice(0, size.get(ValueLayout.JAVA_LONG, 0) * Double.BYTES)
          .toArray(ValueLayout.JAVA_DOUBLE);
    }
  }

  private void check(int code, String what) {
    if (code != 0) {
      throw new GdalFailure(what + ": " + errorMessage.text(code));
    }
  }
}
