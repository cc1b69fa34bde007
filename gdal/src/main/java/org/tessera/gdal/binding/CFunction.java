package org.tessera.gdal.binding;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/**
 * One C function. It is looked up and linked at its first call, so a worker that only reads pays
 * nothing for the functions that write.
 *
 * <p>Arguments are boxed: pointers as {@link MemorySegment}, {@code int} as {@link Integer}, {@code
 * size_t} and 64-bit integers as {@link Long}, {@code double} as {@link Double}. That costs below a
 * microsecond a call, and every call that moves cells moves many.
 */
public final class CFunction {
  static final MemoryLayout PTR = ValueLayout.ADDRESS;
  static final MemoryLayout INT = ValueLayout.JAVA_INT;
  static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
  static final MemoryLayout DOUBLE = ValueLayout.JAVA_DOUBLE;

  private final SymbolLookup library;
  private final String name;
  private final FunctionDescriptor descriptor;
  private final Linker.Option[] options;
  private MethodHandle handle;

  /**
   * @param result the layout of the result, null for void
   */
  CFunction(SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    this(library, name, descriptor(result, arguments));
  }

  private CFunction(
      SymbolLookup library, String name, FunctionDescriptor descriptor, Linker.Option... options) {
    this.library = library;
    this.name = name;
    this.descriptor = descriptor;
    this.options = options;
  }

  /** A function with {@code ...} in its declaration, after {@code fixed} parameters. */
  static CFunction variadic(
      SymbolLookup library,
      String name,
      int fixed,
      MemoryLayout result,
      MemoryLayout... arguments) {
    return new CFunction(
        library, name, descriptor(result, arguments), Linker.Option.firstVariadicArg(fixed));
  }

  private static FunctionDescriptor descriptor(MemoryLayout result, MemoryLayout... arguments) {
    return result == null
        ? FunctionDescriptor.ofVoid(arguments)
        : FunctionDescriptor.of(result, arguments);
  }

  @SuppressWarnings("restricted")
  private MethodHandle handle() {
    if (handle == null) {
      MemorySegment address =
          library
              .find(name)
              .orElseThrow(() -> new GdalFailure("this libgdal has no function " + name));
      MethodHandle linked = Linker.nativeLinker().downcallHandle(address, descriptor, options);
      int arguments = linked.type().parameterCount();
      handle =
          linked
              .asType(MethodType.genericMethodType(arguments))
              .asSpreader(Object[].class, arguments);
    }
    return handle;
  }

  private Object invoke(Object... arguments) {
    try {
      return (Object) handle().invokeExact(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** Calls a function without a result. */
  public void call(Object... arguments) {
    var unused = invoke(arguments);
  }

  /** Calls a function that returns {@code int}. */
  public int integer(Object... arguments) {
    return (Integer) invoke(arguments);
  }

  /** Calls a function that returns a 64-bit integer. */
  public long integer64(Object... arguments) {
    return (Long) invoke(arguments);
  }

  /** Calls a function that returns {@code double}. */
  public double real(Object... arguments) {
    return (Double) invoke(arguments);
  }

  /** Calls a function that returns a pointer; {@link MemorySegment#NULL} for a null pointer. */
  public MemorySegment pointer(Object... arguments) {
    return (MemorySegment) invoke(arguments);
  }

  /** Calls a function that returns a C string that stays the library's; null for a null pointer. */
  public String text(Object... arguments) {
    return GdalLibrary.text(pointer(arguments));
  }
}
