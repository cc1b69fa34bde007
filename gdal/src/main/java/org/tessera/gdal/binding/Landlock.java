package org.tessera.gdal.binding;

import static org.tessera.gdal.binding.CFunction.INT;
import static org.tessera.gdal.binding.CFunction.LONG;
import static org.tessera.gdal.binding.CFunction.PTR;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets the kernel forbid this thread, and all that it starts, every file but those named (Linux
 * 5.13 or newer, Landlock). It is the second lock on the door: a file may name another one (HDF5's
 * external links and raw data do), and no check of names sees that.
 */
public final class Landlock {
  private static final long CREATE_RULESET = 444;
  private static final long ADD_RULE = 445;
  private static final long RESTRICT_SELF = 446;
  private static final int PATH_BENEATH = 1;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int O_PATH_CLOEXEC = 0x200000 | 0x80000;

  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 1 << 1;
  private static final long READ_FILE = 1 << 2;
  private static final long READ_DIR = 1 << 3;
  private static final long TRUNCATE = 1 << 14;

  /** The rights that a rule on a plain file may name. */
  private static final long OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE;

  /**
   * All rights on files by version of the kernel's interface, from 1; later versions as the last
   * one here.
   */
  private static final long[] ALL = {
    (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1
  };

  private static final long BIND_AND_CONNECT = 3;

  private final CFunction version;
  private final CFunction createRuleset;
  private final CFunction addRule;
  private final CFunction restrictSelf;
  private final CFunction prctl;
  private final CFunction open;
  private final CFunction close;

  public Landlock() {
    SymbolLookup libc = Linker.nativeLinker().defaultLookup();
    version = CFunction.variadic(libc, "syscall", 1, LONG, LONG, PTR, LONG, INT);
    createRuleset = CFunction.variadic(libc, "syscall", 1, LONG, LONG, PTR, LONG, INT);
    addRule = CFunction.variadic(libc, "syscall", 1, LONG, LONG, INT, INT, PTR, INT);
    restrictSelf = CFunction.variadic(libc, "syscall", 1, LONG, LONG, INT, INT);
    prctl = CFunction.variadic(libc, "prctl", 1, INT, INT, LONG, LONG, LONG, LONG);
    open = CFunction.variadic(libc, "open", 2, INT, PTR, INT);
    close = new CFunction(libc, "close", INT, INT);
  }

  /**
   * Confines this thread for good.
   *
   * @param readable files and directories that may be read, with all below; those that do not exist
   *     are left out
   * @param writable likewise, read and written
   * @param network whether TCP connections stay allowed (they do anyway before Linux 6.7)
   * @return false if this kernel cannot; nothing is confined then
   */
  public boolean confine(List<Path> readable, List<Path> writable, boolean network) {
    long abi = version.integer64(CREATE_RULESET, MemorySegment.NULL, 0L, 1);
    if (abi < 1) {
      return false;
    }
    long all = ALL[(int) Math.min(abi, ALL.length) - 1];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(16, 8);
      attributes.set(ValueLayout.JAVA_LONG, 0, all);
      attributes.set(ValueLayout.JAVA_LONG, 8, network ? 0 : BIND_AND_CONNECT);
      long size = abi >= 4 ? 16 : 8;
      int ruleset = (int) createRuleset.integer64(CREATE_RULESET, attributes, size, 0);
      if (ruleset < 0) {
        return false;
      }
      try {
        for (Path path : readable) {
          allow(arena, ruleset, path, EXECUTE | READ_FILE | READ_DIR);
        }
        for (Path path : writable) {
          allow(arena, ruleset, path, all);
        }
        return prctl.integer(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0
            && restrictSelf.integer64(RESTRICT_SELF, ruleset, 0) == 0;
      } finally {
        var unused = close.integer(ruleset);
      }
    }
  }

  private void allow(Arena arena, int ruleset, Path path, long rights) {
    Path real;
    try {
      real = path.toRealPath();
    } catch (IOException e) {
      return; // what does not exist needs no rule
    }
    int descriptor = open.integer(arena.allocateFrom(real.toString()), O_PATH_CLOEXEC);
    if (descriptor < 0) {
      return;
    }
    MemorySegment rule = arena.allocate(12, 8);
    rule.set(ValueLayout.JAVA_LONG, 0, Files.isDirectory(real) ? rights : rights & OF_FILES);
    rule.set(ValueLayout.JAVA_INT, 8, descriptor);
    long done = addRule.integer64(ADD_RULE, ruleset, PATH_BENEATH, rule, 0);
    if (done != 0) {
      System.err.println("the rule for " + real + " was refused by the kernel");
    }
    var unused = close.integer(descriptor);
  }
}
