package org.tessera.engine.algebra;

import static org.tessera.engine.array.CellType.BOOLEAN;
import static org.tessera.engine.array.CellType.CINT16;
import static org.tessera.engine.array.CellType.CINT32;
import static org.tessera.engine.array.CellType.COMPLEX128;
import static org.tessera.engine.array.CellType.COMPLEX64;
import static org.tessera.engine.array.CellType.FLOAT32;
import static org.tessera.engine.array.CellType.FLOAT64;
import static org.tessera.engine.array.CellType.INT16;
import static org.tessera.engine.array.CellType.INT32;
import static org.tessera.engine.array.CellType.INT64;
import static org.tessera.engine.array.CellType.INT8;
import static org.tessera.engine.array.CellType.UINT16;
import static org.tessera.engine.array.CellType.UINT32;
import static org.tessera.engine.array.CellType.UINT8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;

/**
 * The table of all cell functions: one row each. WCPS and rasql look functions up by name and
 * arity.
 *
 * <p><b>Result types</b> (as rasdaman 10.1, where its answers show them). The <em>common</em> type
 * of two operands is the least that holds the values of both; booleans count as UINT8 in
 * arithmetic; an integer of 32 bits or more with a FLOAT32 gives FLOAT64.
 *
 * <table>
 * <caption>Result types and values</caption>
 * <tr><th>function</th><th>result</th></tr>
 * <tr><td>{@code + *}</td><td>integers: the common type, 8 and 16 bits widened one step (UINT8 +
 * UINT8 is UINT16), 32 and 64 bits kept and saturating at their bounds; else the common type</td></tr>
 * <tr><td>{@code -}</td><td>the same but always signed (UINT8 - UINT8 is INT16, UINT32 - UINT32 is
 * INT64)</td></tr>
 * <tr><td>{@code /}</td><td>integers: FLOAT32 when both have at most 16 bits, else FLOAT64; a
 * division by zero gives an infinity or NaN; else the common type</td></tr>
 * <tr><td>{@code = != < <= > >=}</td><td>BOOLEAN; integers are compared exactly; NaN as in IEEE
 * 754; complex numbers only by = and !=</td></tr>
 * <tr><td>{@code and or xor not}</td><td>BOOLEAN of BOOLEAN</td></tr>
 * <tr><td>sqrt exp log (base 10) ln sin cos ... pow</td><td>FLOAT64 of integers, FLOAT32 and
 * COMPLEX64 stay</td></tr>
 * <tr><td>round floor ceil abs, unary -</td><td>the operand's type (unary - signed); round is half
 * away from zero; saturating</td></tr>
 * <tr><td>mod div</td><td>the common type; truncated towards zero, the sign of mod is that of the
 * left operand; 0 for a division by integer zero</td></tr>
 * <tr><td>min max overlay</td><td>the common type</td></tr>
 * <tr><td>bit</td><td>BOOLEAN: bit n (0 is the lowest) of an integer; false outside 0..63</td></tr>
 * <tr><td>value</td><td>the operand's type; the value of a null cell, which then is not null</td></tr>
 * <tr><td>is null, is not null, is nan</td><td>BOOLEAN; the first two are never null</td></tr>
 * </table>
 *
 * <p><b>Null cells.</b> A cell computed of a null cell is null; its value is the fill value of its
 * band (false where that is BOOLEAN). The null set of a result band is the union of the operands'.
 * {@code overlay} has the left cell unless that is null (or, where the left band has no null
 * values, 0), then the right one.
 *
 * <p><b>Conversion</b> between types truncates towards zero and saturates at the bounds; NaN
 * becomes 0; to BOOLEAN everything but 0 is true; a complex number gives its real part.
 */
public final class CellFunctions {
  private static final List<CellFunction> ALL = table();

  private CellFunctions() {}

  /**
   * The function of this name and number of operands. Operators have their symbol as name: {@code +
   * - * / = != < <= > >=}.
   */
  public static Optional<CellFunction> find(String name, int arity) {
    return ALL.stream().filter(f -> f.name().equals(name) && f.arity() == arity).findFirst();
  }

  /** As {@link #find}, for names known at compile time. */
  public static CellFunction get(String name, int arity) {
    return find(name, arity)
        .orElseThrow(() -> new IllegalArgumentException("no cell function " + name + "/" + arity));
  }

  public static List<CellFunction> all() {
    return ALL;
  }

  private static List<CellFunction> table() {
    List<CellFunction> t = new ArrayList<>();
    t.add(new CellFunction("+", 2, a -> widened(common(a))));
    t.add(new CellFunction("*", 2, a -> widened(common(a))));
    t.add(new CellFunction("-", 2, a -> difference(common(a))));
    t.add(new CellFunction("/", 2, CellFunctions::division));
    t.add(new CellFunction("-", 1, a -> signed(a.getFirst())));
    t.add(new CellFunction("+", 1, a -> a.getFirst()));
    t.add(new CellFunction("=", 2, a -> BOOLEAN));
    t.add(new CellFunction("!=", 2, a -> BOOLEAN));
    for (String op : List.of("<", "<=", ">", ">=")) {
      t.add(new CellFunction(op, 2, CellFunctions::order));
    }
    for (String op : List.of("and", "or", "xor")) {
      t.add(new CellFunction(op, 2, CellFunctions::logical));
    }
    t.add(new CellFunction("not", 1, CellFunctions::logical));
    for (String f :
        List.of(
            "sqrt", "exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin",
            "arccos", "arctan")) {
      t.add(new CellFunction(f, 1, a -> transcendental(a.getFirst())));
    }
    for (String f : List.of("round", "floor", "ceil")) {
      t.add(new CellFunction(f, 1, a -> real(a.getFirst())));
    }
    t.add(new CellFunction("abs", 1, a -> component(a.getFirst())));
    t.add(new CellFunction("re", 1, a -> component(a.getFirst())));
    t.add(new CellFunction("im", 1, a -> component(a.getFirst())));
    t.add(new CellFunction("complex", 2, CellFunctions::complex));
    t.add(new CellFunction("pow", 2, CellFunctions::power));
    for (String f : List.of("mod", "div", "min", "max")) {
      t.add(new CellFunction(f, 2, a -> common(List.of(real(a.get(0)), real(a.get(1))))));
    }
    t.add(new CellFunction("bit", 2, CellFunctions::bit));
    t.add(new CellFunction("overlay", 2, a -> common(a.get(0), a.get(1))));
    t.add(new CellFunction("value", 1, a -> a.getFirst()));
    t.add(new CellFunction("is null", 1, a -> BOOLEAN));
    t.add(new CellFunction("is not null", 1, a -> BOOLEAN));
    t.add(new CellFunction("is nan", 1, a -> BOOLEAN));
    return List.copyOf(t);
  }

  /** The common type of two operands of an arithmetic function: a boolean counts as UINT8. */
  private static CellType common(List<CellType> a) {
    return common(a.get(0) == BOOLEAN ? UINT8 : a.get(0), a.get(1) == BOOLEAN ? UINT8 : a.get(1));
  }

  private static CellType widened(CellType t) {
    return switch (t) {
      case INT8 -> INT16;
      case BOOLEAN, UINT8 -> UINT16;
      case INT16 -> INT32;
      case UINT16 -> UINT32;
      case CINT16 -> CINT32;
      case INT32, UINT32, INT64, FLOAT32, FLOAT64, CINT32, COMPLEX64, COMPLEX128 -> t;
    };
  }

  private static CellType difference(CellType t) {
    return switch (t) {
      case BOOLEAN, UINT8 -> INT16;
      case UINT16 -> INT32;
      case UINT32 -> INT64;
      case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          widened(t);
    };
  }

  private static CellType division(List<CellType> a) {
    CellType c = common(a);
    return switch (c) {
      case BOOLEAN, INT8, UINT8, INT16, UINT16 -> FLOAT32;
      case INT32, UINT32, INT64 ->
          a.get(0).bytes() <= 2 && a.get(1).bytes() <= 2 ? FLOAT32 : FLOAT64;
      case CINT16 -> COMPLEX64;
      case CINT32 -> COMPLEX128;
      case FLOAT32, FLOAT64, COMPLEX64, COMPLEX128 -> c;
    };
  }

  private static CellType order(List<CellType> a) {
    real(a.get(0));
    real(a.get(1));
    return BOOLEAN;
  }

  private static CellType transcendental(CellType t) {
    return switch (t) {
      case BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, FLOAT64 -> FLOAT64;
      case FLOAT32, COMPLEX64, COMPLEX128 -> t;
      case CINT16 -> COMPLEX64;
      case CINT32 -> COMPLEX128;
    };
  }

  private static CellType power(List<CellType> a) {
    real(a.get(1));
    return transcendental(a.get(0));
  }

  private static CellType complex(List<CellType> a) {
    boolean small =
        (a.get(0) == FLOAT32 || a.get(0).bytes() <= 2)
            && (a.get(1) == FLOAT32 || a.get(1).bytes() <= 2);
    real(a.get(0));
    real(a.get(1));
    return small ? COMPLEX64 : COMPLEX128;
  }

  private static CellType bit(List<CellType> a) {
    for (CellType t : a) {
      if (!t.isInteger() && t != BOOLEAN) {
        throw invalid("bit needs integers, found " + a);
      }
    }
    return BOOLEAN;
  }

  private static CellType logical(List<CellType> a) {
    for (CellType t : a) {
      if (t != BOOLEAN) {
        throw invalid("logical operators need boolean operands, found " + a);
      }
    }
    return BOOLEAN;
  }

  private static CellType signed(CellType t) {
    return switch (t) {
      case BOOLEAN, UINT8 -> INT16;
      case UINT16 -> INT32;
      case UINT32 -> INT64;
      case INT8, INT16, INT32, INT64, FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 -> t;
    };
  }

  private static CellType component(CellType t) {
    return switch (t) {
      case CINT16 -> INT16;
      case CINT32 -> INT32;
      case COMPLEX64 -> FLOAT32;
      case COMPLEX128 -> FLOAT64;
      case BOOLEAN, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, FLOAT32, FLOAT64 -> t;
    };
  }

  private static CellType real(CellType t) {
    if (t.isComplex()) {
      throw invalid("not defined for complex cells");
    }
    return t;
  }

  private static EngineException invalid(String message) {
    return new EngineException(EngineException.Code.INVALID_EXPRESSION, message);
  }

  /** The least type that holds the values of both. */
  static CellType common(CellType a, CellType b) {
    if (a == b) {
      return a;
    }
    if (a.isComplex() || b.isComplex()) {
      return narrow(a) && narrow(b) ? COMPLEX64 : COMPLEX128;
    }
    if (a.isFloat() || b.isFloat()) {
      return narrow(a) && narrow(b) ? FLOAT32 : FLOAT64;
    }
    for (CellType t : List.of(a, b, UINT8, INT16, UINT16, INT32, UINT32)) {
      if (t.min() <= Math.min(a.min(), b.min()) && t.max() >= Math.max(a.max(), b.max())) {
        return t;
      }
    }
    return INT64;
  }

  /** True if a float holds the values (or components) exactly. */
  private static boolean narrow(CellType t) {
    return switch (t) {
      case BOOLEAN, INT8, UINT8, INT16, UINT16, FLOAT32, CINT16, COMPLEX64 -> true;
      case INT32, UINT32, INT64, FLOAT64, CINT32, COMPLEX128 -> false;
    };
  }
}
