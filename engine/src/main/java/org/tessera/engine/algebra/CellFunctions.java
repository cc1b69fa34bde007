package org.tessera.engine.algebra;

import static org.tessera.engine.array.CellType.BOOLEAN;
import static org.tessera.engine.array.CellType.COMPLEX128;
import static org.tessera.engine.array.CellType.COMPLEX64;
import static org.tessera.engine.array.CellType.FLOAT32;
import static org.tessera.engine.array.CellType.FLOAT64;
import static org.tessera.engine.array.CellType.INT16;
import static org.tessera.engine.array.CellType.INT32;
import static org.tessera.engine.array.CellType.INT64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tessera.engine.EngineException;
import org.tessera.engine.array.CellType;

/**
 * The table of all cell functions: one row each. WCPS and rasql look functions up by name and
 * arity.
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
    for (String op : List.of("+", "-", "*")) {
      t.add(new CellFunction(op, 2, CellFunctions::arithmetic));
    }
    t.add(new CellFunction("/", 2, CellFunctions::division));
    t.add(new CellFunction("-", 1, a -> signed(a.getFirst())));
    t.add(new CellFunction("+", 1, a -> a.getFirst()));
    for (String op : List.of("=", "!=", "<", "<=", ">", ">=")) {
      t.add(new CellFunction(op, 2, a -> BOOLEAN));
    }
    for (String op : List.of("and", "or", "xor")) {
      t.add(new CellFunction(op, 2, CellFunctions::logical));
    }
    t.add(new CellFunction("not", 1, CellFunctions::logical));
    for (String f :
        List.of(
            "sqrt", "exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin",
            "arccos", "arctan")) {
      t.add(new CellFunction(f, 1, CellFunctions::transcendental));
    }
    for (String f : List.of("round", "floor", "ceil")) {
      t.add(new CellFunction(f, 1, a -> real(a.getFirst())));
    }
    t.add(
        new CellFunction(
            "abs", 1, a -> a.getFirst().isComplex() ? component(a.getFirst()) : a.getFirst()));
    t.add(new CellFunction("re", 1, a -> component(a.getFirst())));
    t.add(new CellFunction("im", 1, a -> component(a.getFirst())));
    t.add(new CellFunction("complex", 2, a -> a.contains(FLOAT64) ? COMPLEX128 : COMPLEX64));
    t.add(new CellFunction("pow", 2, a -> transcendental(a)));
    t.add(new CellFunction("mod", 2, a -> common(real(a.get(0)), real(a.get(1)))));
    t.add(new CellFunction("div", 2, a -> common(real(a.get(0)), real(a.get(1)))));
    t.add(new CellFunction("min", 2, a -> common(real(a.get(0)), real(a.get(1)))));
    t.add(new CellFunction("max", 2, a -> common(real(a.get(0)), real(a.get(1)))));
    t.add(new CellFunction("bit", 2, a -> BOOLEAN));
    t.add(new CellFunction("overlay", 2, a -> common(a.get(0), a.get(1))));
    t.add(new CellFunction("is null", 1, a -> BOOLEAN));
    t.add(new CellFunction("is not null", 1, a -> BOOLEAN));
    return List.copyOf(t);
  }

  private static CellType arithmetic(List<CellType> a) {
    CellType c = common(a.get(0), a.get(1));
    return switch (c.kind()) {
      case BOOLEAN -> INT16;
      case INTEGER -> wider(c);
      case FLOAT, COMPLEX -> c;
    };
  }

  private static CellType division(List<CellType> a) {
    CellType c = common(a.get(0), a.get(1));
    return c.kind() == CellType.Kind.INTEGER || c == BOOLEAN
        ? (c.bytes() <= 2 ? FLOAT32 : FLOAT64)
        : c;
  }

  private static CellType transcendental(List<CellType> a) {
    CellType t = a.getFirst();
    return switch (t.kind()) {
      case BOOLEAN, INTEGER -> FLOAT64;
      case FLOAT -> t;
      case COMPLEX -> t == COMPLEX64 ? COMPLEX64 : COMPLEX128;
    };
  }

  private static CellType logical(List<CellType> a) {
    for (CellType t : a) {
      if (t.isComplex() || t.isFloat()) {
        throw new EngineException(
            EngineException.Code.INVALID_EXPRESSION,
            "logical operators need boolean operands, found " + a);
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
      throw new EngineException(
          EngineException.Code.INVALID_EXPRESSION, "not defined for complex cells");
    }
    return t;
  }

  /** One step wider, so that sums and products of neighbours do not wrap. */
  private static CellType wider(CellType t) {
    return switch (t) {
      case BOOLEAN, INT8, UINT8 -> INT16;
      case INT16, UINT16 -> INT32;
      case INT32, UINT32, INT64 -> INT64;
      case FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 -> t;
    };
  }

  /** The least type that holds the values of both. */
  static CellType common(CellType a, CellType b) {
    if (a == b) {
      return a;
    }
    if (a.isComplex() || b.isComplex()) {
      return (a == COMPLEX64 && b.bytes() <= 4) || (b == COMPLEX64 && a.bytes() <= 4)
          ? COMPLEX64
          : COMPLEX128;
    }
    if (a.isFloat() || b.isFloat()) {
      return a == FLOAT64 || b == FLOAT64 || a.bytes() > 4 || b.bytes() > 4 ? FLOAT64 : FLOAT32;
    }
    for (CellType t :
        List.of(a, b, CellType.UINT8, INT16, CellType.UINT16, INT32, CellType.UINT32)) {
      if (t.min() <= Math.min(a.min(), b.min()) && t.max() >= Math.max(a.max(), b.max())) {
        return t;
      }
    }
    return INT64;
  }
}
