package org.tessera.gdal.binding;

import static org.tessera.gdal.binding.CFunction.INT;
import static org.tessera.gdal.binding.CFunction.PTR;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/** The few calls of libc that a worker needs (Linux). */
public final class Posix {
  private static final int RLIMIT_CORE = 4;
  private static final int RLIMIT_AS = 9;

  private final CFunction dup;
  private final CFunction dup2;
  private final CFunction setrlimit;
  private final CFunction exit;

  public Posix() {
    SymbolLookup libc = Linker.nativeLinker().defaultLookup();
    dup = new CFunction(libc, "dup", INT, INT);
    dup2 = new CFunction(libc, "dup2", INT, INT, INT);
    setrlimit = new CFunction(libc, "setrlimit", INT, INT, PTR);
    exit = new CFunction(libc, "_exit", null, INT);
  }

  /** A new file descriptor for the same file, or -1. */
  public int duplicate(int descriptor) {
    return dup.integer(descriptor);
  }

  /** Makes {@code target} mean the same file as {@code source}; false if that failed. */
  public boolean redirect(int source, int target) {
    return dup2.integer(source, target) == target;
  }

  /** Limits the address space of this process to so many bytes; false if that was refused. */
  public boolean limitMemory(long bytes) {
    return limit(RLIMIT_AS, bytes);
  }

  /** A crashing worker leaves no core file; false if that was refused. */
  public boolean forbidCoreFiles() {
    return limit(RLIMIT_CORE, 0);
  }

  private boolean limit(int resource, long value) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocateFrom(ValueLayout.JAVA_LONG, value, value);
      return setrlimit.integer(resource, limits) == 0;
    }
  }

  /**
   * Ends the process at once, without the exit functions of libgdal, which must not run beside a
   * busy thread.
   */
  public void exitNow(int status) {
    exit.call(status);
  }
}
