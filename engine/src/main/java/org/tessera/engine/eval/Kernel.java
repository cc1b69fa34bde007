package org.tessera.engine.eval;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.tessera.engine.algebra.CellFunction;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.eval.Loops.Op;
import org.tessera.engine.eval.Loops.Relation;

/**
 * What a cell function does with blocks. The table of {@code CellFunctions} says what the results
 * are; here is how they are computed: operands are widened to int, long, float or double, whichever
 * is the cheapest that is exact, a {@link Loops loop} runs, and the result is narrowed.
 */
sealed interface Kernel {
  /**
   * The function of the operands for n cells.
   *
   * @param out type and null values of the result; of real or boolean operands unless it says so
   */
  Vec apply(Arena arena, Vec[] in, int n, Band out);

  /** The kernel of a function. */
  static Kernel of(CellFunction f) {
    if (f.arity() == 1) {
      return switch (f.name()) {
        case "is null" -> new NullTest(true);
        case "is not null" -> new NullTest(false);
        case "is nan" -> new NanTest();
        case "value" -> new Value();
        case "not" -> new Not();
        case "+" -> new Identity();
        case "re", "im", "abs", "-" -> new Component(f.name());
        case "round", "floor", "ceil" -> new Rounding(f.name());
        default -> new Elementary(f.name());
      };
    }
    return switch (f.name()) {
      case "+" -> new Arithmetic(Op.ADD);
      case "-" -> new Arithmetic(Op.SUBTRACT);
      case "*" -> new Arithmetic(Op.MULTIPLY);
      case "/" -> new Arithmetic(Op.DIVIDE);
      case "mod" -> new Arithmetic(Op.REMAINDER);
      case "div" -> new Arithmetic(Op.QUOTIENT);
      case "min" -> new Arithmetic(Op.MINIMUM);
      case "max" -> new Arithmetic(Op.MAXIMUM);
      case "=" -> new Comparison(Relation.EQUAL);
      case "!=" -> new Comparison(Relation.UNEQUAL);
      case "<" -> new Comparison(Relation.LESS);
      case "<=" -> new Comparison(Relation.LESS_OR_EQUAL);
      case ">" -> new Comparison(Relation.GREATER);
      case ">=" -> new Comparison(Relation.GREATER_OR_EQUAL);
      case "and", "or", "xor" -> new Logic(f.name());
      case "bit" -> new Bit();
      case "pow" -> new Power();
      case "complex" -> new MakeComplex();
      default -> throw new IllegalArgumentException("no kernel for " + f);
    };
  }

  // ---- what all share

  /** The fill value of a band as a single null cell. */
  static Vec fill(Band band, boolean isNull) {
    double value = band.type() == CellType.BOOLEAN ? 0 : band.nulls().fill();
    return Vec.single(band.type(), value, isNull);
  }

  /** Cells that no array holds: null if cells of the band can be, else 0. */
  static Vec outside(Band band) {
    return fill(band, !band.nulls().isEmpty());
  }

  /** Null cells of the result: those null in an operand; a single null makes all null. */
  private static boolean allNull(Vec[] in) {
    for (Vec v : in) {
      if (v.single() && v.isNull()) {
        return true;
      }
    }
    return false;
  }

  private static long[] union(Vec[] in) {
    long[] nulls = null;
    for (Vec v : in) {
      nulls = Bits.or(nulls, v.nulls());
    }
    return nulls;
  }

  private static boolean allSingle(Vec[] in) {
    for (Vec v : in) {
      if (!v.single()) {
        return false;
      }
    }
    return true;
  }

  /** The computed array as result, with null cells set to the fill value. */
  private static Vec finish(Object array, int n, boolean single, long[] nulls, Band out) {
    if (nulls != null) {
      Vec fill = fill(out, true);
      for (int w = 0; w < nulls.length; w++) {
        long word = nulls[w];
        if (word == -1L) {
          Strided.fill(fill, array, w << 6, 64);
        } else {
          for (; word != 0; word &= word - 1) {
            Strided.fill(fill, array, (w << 6) + Long.numberOfTrailingZeros(word), 1);
          }
        }
      }
    }
    return new Vec(out.type(), array, 0, single ? 1 : n, single, nulls, !single);
  }

  /** Cells as ints; the operand's own array where that will do. */
  private static int[] ints(Arena arena, Vec v) {
    int[] r = (int[]) arena.take(CellType.Storage.INT, v.length());
    Widening.toInts(v.type(), v.array(), v.at(), r, v.length());
    return r;
  }

  private static long[] longs(Arena arena, Vec v) {
    long[] r = (long[]) arena.take(CellType.Storage.LONG, v.length());
    Widening.toLongs(v.type(), v.array(), v.at(), r, v.length());
    return r;
  }

  private static float[] floats(Arena arena, Vec v) {
    float[] r = (float[]) arena.take(CellType.Storage.FLOAT, v.length());
    Widening.toFloats(v.type(), v.array(), v.at(), r, v.length());
    return r;
  }

  /** Real cells as doubles. */
  static double[] doubles(Arena arena, Vec v) {
    double[] r = (double[]) arena.take(CellType.Storage.DOUBLE, v.length());
    Widening.toDoubles(v.type(), v.array(), v.at(), r, v.length());
    return r;
  }

  private static void release(Arena arena, Object array, Vec source) {
    if (array != source.array()) {
      arena.release(array);
    }
  }

  /** True for types whose cells an int holds. */
  private static boolean fitsInt(CellType t) {
    return (whole(t) && t.bytes() <= 2) || t == CellType.INT32;
  }

  static boolean whole(CellType t) {
    return t.isInteger() || t == CellType.BOOLEAN;
  }

  /** True if a float holds the cells exactly. */
  private static boolean fitsFloat(CellType t) {
    return t == CellType.FLOAT32 || (whole(t) && t.bytes() <= 2);
  }

  // ---- the kernels

  /** A value as it is. */
  record Identity() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      return in[0];
    }
  }

  /** The cells as they are, none of them null. */
  record Value() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      return in[0].withNulls(null);
    }
  }

  /** Arithmetic of two operands; complex ones too. */
  record Arithmetic(Op op) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      if (allNull(in)) {
        return fill(out, true);
      }
      boolean single = allSingle(in);
      int m = single ? 1 : n;
      long[] nulls = union(in);
      CellType t = out.type();
      Object result;
      if (t.isComplex()) {
        result = complex(in[0], in[1], m, t);
      } else if (t == CellType.FLOAT64) {
        result = doubleArithmetic(arena, in[0], in[1], m);
      } else if (t == CellType.FLOAT32) {
        result = floatArithmetic(arena, in[0], in[1], m);
      } else {
        result = integerArithmetic(arena, in[0], in[1], m, t);
      }
      return finish(result, m, single, nulls, out);
    }

    private Object doubleArithmetic(Arena arena, Vec a, Vec b, int n) {
      double[] r = (double[]) arena.take(CellType.Storage.DOUBLE, n);
      if (a.single()) {
        double x = a.getDouble(0);
        if (b.single()) {
          Loops.apply(op, new double[] {x}, 0, b.getDouble(0), r, 1);
        } else if (b.type() == CellType.FLOAT64) {
          Loops.apply(op, x, (double[]) b.array(), b.at(), r, n);
        } else {
          Widening.toDoubles(b.type(), b.array(), b.at(), r, n);
          Loops.apply(op, x, r, 0, r, n);
        }
        return r;
      }
      double[] x;
      int xo = 0;
      if (a.type() == CellType.FLOAT64) {
        x = (double[]) a.array();
        xo = a.at();
      } else {
        x = r;
        Widening.toDoubles(a.type(), a.array(), a.at(), r, n);
      }
      if (b.single()) {
        Loops.apply(op, x, xo, b.getDouble(0), r, n);
      } else if (b.type() == CellType.FLOAT64) {
        Loops.apply(op, x, xo, (double[]) b.array(), b.at(), r, n);
      } else {
        double[] y = doubles(arena, b);
        Loops.apply(op, x, xo, y, 0, r, n);
        arena.release(y);
      }
      return r;
    }

    private Object floatArithmetic(Arena arena, Vec a, Vec b, int n) {
      float[] r = (float[]) arena.take(CellType.Storage.FLOAT, n);
      if (a.single()) {
        float x = (float) a.getDouble(0);
        if (b.single()) {
          Loops.apply(op, new float[] {x}, 0, (float) b.getDouble(0), r, 1);
        } else if (b.type() == CellType.FLOAT32) {
          Loops.apply(op, x, (float[]) b.array(), b.at(), r, n);
        } else {
          Widening.toFloats(b.type(), b.array(), b.at(), r, n);
          Loops.apply(op, x, r, 0, r, n);
        }
        return r;
      }
      float[] x;
      int xo = 0;
      if (a.type() == CellType.FLOAT32) {
        x = (float[]) a.array();
        xo = a.at();
      } else {
        x = r;
        Widening.toFloats(a.type(), a.array(), a.at(), r, n);
      }
      if (b.single()) {
        Loops.apply(op, x, xo, (float) b.getDouble(0), r, n);
      } else if (b.type() == CellType.FLOAT32) {
        Loops.apply(op, x, xo, (float[]) b.array(), b.at(), r, n);
      } else {
        float[] y = floats(arena, b);
        Loops.apply(op, x, xo, y, 0, r, n);
        arena.release(y);
      }
      return r;
    }

    /** In ints if neither operands nor result can leave them, else in longs, else saturating. */
    private Object integerArithmetic(Arena arena, Vec a, Vec b, int n, CellType t) {
      long[] x = range(a);
      long[] y = range(b);
      long[] z = interval(x, y);
      Object out = arena.take(t, n);
      boolean wraps = t == CellType.UINT32 && z != null && z[0] >= 0 && z[1] <= t.max();
      if (z != null && inInt(x) && inInt(y) && (inInt(z) || wraps)) {
        int[] r =
            t.storage() == CellType.Storage.INT
                ? (int[]) out
                : (int[]) arena.take(CellType.Storage.INT, n);
        intLoop(arena, a, b, r, n);
        if (r != out) {
          if (z[0] >= t.min() && z[1] <= t.max()) {
            Narrowing.fitting(r, t, out, n);
          } else {
            Narrowing.fromInts(r, t, out, n);
          }
          arena.release(r);
        } else if (t == CellType.UINT32 && !wraps) {
          Narrowing.fromInts(r, t, out, n);
        }
        return out;
      }
      Op safe =
          z != null
              ? op
              : switch (op) {
                case ADD -> Op.SATURATED_ADD;
                case SUBTRACT -> Op.SATURATED_SUBTRACT;
                case MULTIPLY -> Op.SATURATED_MULTIPLY;
                case DIVIDE,
                    REMAINDER,
                    QUOTIENT,
                    MINIMUM,
                    MAXIMUM,
                    SATURATED_ADD,
                    SATURATED_SUBTRACT,
                    SATURATED_MULTIPLY ->
                    op;
              };
      long[] r = t == CellType.INT64 ? (long[]) out : (long[]) arena.take(CellType.Storage.LONG, n);
      longLoop(arena, safe, a, b, r, n);
      if (r != out) {
        Narrowing.fromLongs(r, t, out, n);
        arena.release(r);
      }
      return out;
    }

    private void intLoop(Arena arena, Vec a, Vec b, int[] r, int n) {
      if (a.single()) {
        int x = (int) a.getLong(0);
        if (b.single()) {
          Loops.apply(op, new int[] {x}, 0, (int) b.getLong(0), r, 1);
        } else {
          Widening.toInts(b.type(), b.array(), b.at(), r, n);
          Loops.apply(op, x, r, 0, r, n);
        }
        return;
      }
      int[] x = r;
      int xo = 0;
      if (a.type() == CellType.INT32) {
        x = (int[]) a.array();
        xo = a.at();
      } else {
        Widening.toInts(a.type(), a.array(), a.at(), r, n);
      }
      if (b.single()) {
        Loops.apply(op, x, xo, (int) b.getLong(0), r, n);
      } else if (b.type() == CellType.INT32) {
        Loops.apply(op, x, xo, (int[]) b.array(), b.at(), r, n);
      } else {
        int[] y = ints(arena, b);
        Loops.apply(op, x, xo, y, 0, r, n);
        arena.release(y);
      }
    }

    private static void longLoop(Arena arena, Op op, Vec a, Vec b, long[] r, int n) {
      if (a.single()) {
        long x = a.getLong(0);
        if (b.single()) {
          Loops.apply(op, new long[] {x}, 0, b.getLong(0), r, 1);
        } else {
          Widening.toLongs(b.type(), b.array(), b.at(), r, n);
          Loops.apply(op, x, r, 0, r, n);
        }
        return;
      }
      Widening.toLongs(a.type(), a.array(), a.at(), r, n);
      if (b.single()) {
        Loops.apply(op, r, 0, b.getLong(0), r, n);
      } else {
        long[] y = longs(arena, b);
        Loops.apply(op, r, 0, y, 0, r, n);
        arena.release(y);
      }
    }

    private static boolean inInt(long[] x) {
      return x[0] >= Integer.MIN_VALUE && x[1] <= Integer.MAX_VALUE;
    }

    /** Least and greatest value that an operand can have. */
    private static long[] range(Vec v) {
      if (v.single()) {
        long x = v.getLong(0);
        return new long[] {x, x};
      }
      return new long[] {v.type().min(), v.type().max()};
    }

    /** Bounds of the result, or null where they leave 64 bits. */
    private long[] interval(long[] x, long[] y) {
      try {
        return switch (op) {
          case ADD -> new long[] {Math.addExact(x[0], y[0]), Math.addExact(x[1], y[1])};
          case SUBTRACT ->
              new long[] {Math.subtractExact(x[0], y[1]), Math.subtractExact(x[1], y[0])};
          case MULTIPLY -> {
            long a = Math.multiplyExact(x[0], y[0]);
            long b = Math.multiplyExact(x[0], y[1]);
            long c = Math.multiplyExact(x[1], y[0]);
            long d = Math.multiplyExact(x[1], y[1]);
            yield new long[] {
              Math.min(Math.min(a, b), Math.min(c, d)), Math.max(Math.max(a, b), Math.max(c, d))
            };
          }
          // -2^31 / -1 leaves int: the negated bounds stand for it.
          case DIVIDE, QUOTIENT ->
              new long[] {
                Math.min(0, Math.min(x[0], Math.negateExact(x[1]))),
                Math.max(0, Math.max(x[1], Math.negateExact(x[0])))
              };
          case REMAINDER -> new long[] {Math.min(0, x[0]), Math.max(0, x[1])};
          case MINIMUM, MAXIMUM -> new long[] {Math.min(x[0], y[0]), Math.max(x[1], y[1])};
          case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY -> null;
        };
      } catch (ArithmeticException e) {
        return null;
      }
    }

    private Object complex(Vec a, Vec b, int n, CellType t) {
      String f =
          switch (op) {
            case ADD -> "+";
            case SUBTRACT -> "-";
            case MULTIPLY -> "*";
            case DIVIDE -> "/";
            case REMAINDER,
                QUOTIENT,
                MINIMUM,
                MAXIMUM,
                SATURATED_ADD,
                SATURATED_SUBTRACT,
                SATURATED_MULTIPLY ->
                throw new IllegalArgumentException(op + " of complex cells");
          };
      Object r = Arena.allocate(t.storage(), 2 * n);
      boolean narrow = t == CellType.COMPLEX64;
      for (int i = 0; i < n; i++) {
        int x = a.single() ? 0 : i;
        int y = b.single() ? 0 : i;
        double[] z =
            ComplexMath.binary(
                f,
                narrow ? (float) a.getDouble(x) : a.getDouble(x),
                a.getImaginary(x),
                narrow ? (float) b.getDouble(y) : b.getDouble(y),
                b.getImaginary(y));
        putComplex(t, r, i, z[0], z[1]);
      }
      return r;
    }
  }

  /** Stores a complex cell, saturating where the components are integers. */
  static void putComplex(CellType t, Object array, int cell, double re, double im) {
    switch (t.storage()) {
      case SHORT -> {
        short[] a = (short[]) array;
        a[2 * cell] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, (int) re));
        a[2 * cell + 1] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, (int) im));
      }
      case INT -> {
        ((int[]) array)[2 * cell] = (int) re;
        ((int[]) array)[2 * cell + 1] = (int) im;
      }
      case FLOAT -> {
        ((float[]) array)[2 * cell] = (float) re;
        ((float[]) array)[2 * cell + 1] = (float) im;
      }
      case DOUBLE -> {
        ((double[]) array)[2 * cell] = re;
        ((double[]) array)[2 * cell + 1] = im;
      }
      case BYTE, LONG -> throw new IllegalArgumentException(t + " is not complex");
    }
  }

  /** A comparison; = and != of complex cells too. */
  record Comparison(Relation relation) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      if (allNull(in)) {
        return fill(out, true);
      }
      Vec a = in[0];
      Vec b = in[1];
      boolean single = allSingle(in);
      int m = single ? 1 : n;
      byte[] r = (byte[]) arena.take(CellType.Storage.BYTE, m);
      if (a.type().isComplex() || b.type().isComplex()) {
        for (int i = 0; i < m; i++) {
          int x = a.single() ? 0 : i;
          int y = b.single() ? 0 : i;
          boolean same = a.getDouble(x) == b.getDouble(y) && a.getImaginary(x) == b.getImaginary(y);
          r[i] = (byte) (same == (relation == Relation.EQUAL) ? 1 : 0);
        }
      } else if (a.single() && !b.single()) {
        compare(arena, relation.mirrored(), b, a, r, m);
      } else {
        compare(arena, relation, a, b, r, m);
      }
      return finish(r, m, single, union(in), out);
    }

    private static void compare(Arena arena, Relation rel, Vec a, Vec b, byte[] r, int n) {
      boolean whole = whole(a.type()) && whole(b.type());
      if (whole && a.type().bytes() <= 2 && b.single() && Math.abs(b.getDouble(0)) < 1 << 30) {
        int[] x = ints(arena, a);
        Loops.compareNarrow(rel, x, (int) b.getLong(0), n);
        Narrowing.fitting(x, CellType.BOOLEAN, r, n);
        arena.release(x);
      } else if (whole && asInt(a) && asInt(b)) {
        int[] x = a.type() == CellType.INT32 ? (int[]) a.array() : ints(arena, a);
        int xo = x == a.array() ? a.at() : 0;
        if (b.single()) {
          Loops.compare(rel, x, xo, (int) b.getLong(0), r, n);
        } else {
          int[] y = b.type() == CellType.INT32 ? (int[]) b.array() : ints(arena, b);
          Loops.compare(rel, x, xo, y, y == b.array() ? b.at() : 0, r, n);
          release(arena, y, b);
        }
        release(arena, x, a);
      } else if (whole) {
        long[] x = longs(arena, a);
        if (b.single()) {
          Loops.compare(rel, x, 0, b.getLong(0), r, n);
        } else {
          long[] y = longs(arena, b);
          Loops.compare(rel, x, 0, y, 0, r, n);
          arena.release(y);
        }
        arena.release(x);
      } else if (fitsFloat(a.type()) && asFloat(b)) {
        float[] x = a.type() == CellType.FLOAT32 ? (float[]) a.array() : floats(arena, a);
        int xo = x == a.array() ? a.at() : 0;
        if (b.single()) {
          Loops.compare(rel, x, xo, (float) b.getDouble(0), r, n);
        } else {
          float[] y = b.type() == CellType.FLOAT32 ? (float[]) b.array() : floats(arena, b);
          Loops.compare(rel, x, xo, y, y == b.array() ? b.at() : 0, r, n);
          release(arena, y, b);
        }
        release(arena, x, a);
      } else {
        double[] x = a.type() == CellType.FLOAT64 ? (double[]) a.array() : doubles(arena, a);
        int xo = x == a.array() ? a.at() : 0;
        if (b.single()) {
          Loops.compare(rel, x, xo, b.getDouble(0), r, n);
        } else {
          double[] y = b.type() == CellType.FLOAT64 ? (double[]) b.array() : doubles(arena, b);
          Loops.compare(rel, x, xo, y, y == b.array() ? b.at() : 0, r, n);
          release(arena, y, b);
        }
        release(arena, x, a);
      }
    }

    private static boolean asInt(Vec v) {
      return fitsInt(v.type()) || (v.single() && v.getLong(0) == (int) v.getLong(0));
    }

    private static boolean asFloat(Vec v) {
      return fitsFloat(v.type()) || (v.single() && v.getDouble(0) == (float) v.getDouble(0));
    }
  }

  /** and, or, xor. */
  record Logic(String f) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      if (allNull(in)) {
        return fill(out, true);
      }
      boolean single = allSingle(in);
      int m = single ? 1 : n;
      Vec a = in[0].single() ? in[1] : in[0];
      Vec b = in[0].single() ? in[0] : in[1];
      byte[] r = (byte[]) arena.take(CellType.Storage.BYTE, m);
      byte[] x = (byte[]) a.array();
      int xo = a.at();
      byte[] y;
      int yo = 0;
      if (b.single() && !single) {
        y = (byte[]) arena.take(CellType.Storage.BYTE, m);
        java.util.Arrays.fill(y, 0, m, (byte) b.getLong(0));
      } else {
        y = (byte[]) b.array();
        yo = b.at();
      }
      switch (f) {
        case "and" -> {
          for (int i = 0; i < m; i++) {
            r[i] = (byte) (x[xo + i] & y[yo + i]);
          }
        }
        case "or" -> {
          for (int i = 0; i < m; i++) {
            r[i] = (byte) (x[xo + i] | y[yo + i]);
          }
        }
        default -> {
          for (int i = 0; i < m; i++) {
            r[i] = (byte) (x[xo + i] ^ y[yo + i]);
          }
        }
      }
      release(arena, y, b);
      return finish(r, m, single, union(in), out);
    }
  }

  /** not. */
  record Not() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      Vec a = in[0];
      byte[] r = (byte[]) arena.take(CellType.Storage.BYTE, a.length());
      byte[] x = (byte[]) a.array();
      for (int i = 0; i < a.length(); i++) {
        r[i] = (byte) (x[a.at() + i] ^ 1);
      }
      return finish(r, a.length(), a.single(), a.nulls(), out);
    }
  }

  /** is null, is not null. */
  record NullTest(boolean wanted) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      Vec a = in[0];
      if (a.single() || a.nulls() == null) {
        return Vec.bool(a.isNull() == wanted);
      }
      byte[] r = (byte[]) arena.take(CellType.Storage.BYTE, n);
      for (int i = 0; i < n; i++) {
        r[i] = (byte) (Bits.get(a.nulls(), i) == wanted ? 1 : 0);
      }
      return Vec.of(CellType.BOOLEAN, r, n, null);
    }
  }

  /** is nan; complex cells too. */
  record NanTest() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      Vec a = in[0];
      int m = a.length();
      byte[] r = (byte[]) arena.take(CellType.Storage.BYTE, m);
      if (whole(a.type())) {
        java.util.Arrays.fill(r, 0, m, (byte) 0);
      } else {
        for (int i = 0; i < m; i++) {
          r[i] = (byte) (Double.isNaN(a.getDouble(i)) || Double.isNaN(a.getImaginary(i)) ? 1 : 0);
        }
      }
      return finish(r, m, a.single(), a.nulls(), out);
    }
  }

  /** re, im, abs, unary minus; complex cells too. */
  record Component(String f) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      Vec a = in[0];
      CellType from = a.type();
      CellType to = out.type();
      int m = a.length();
      if (from.isComplex()) {
        Object r = arena.take(to, m);
        for (int i = 0; i < m; i++) {
          double re = a.getDouble(i);
          double im = a.getImaginary(i);
          switch (f) {
            case "re" -> Narrowing.put(to, r, i, re);
            case "im" -> Narrowing.put(to, r, i, im);
            case "abs" -> Narrowing.put(to, r, i, Math.hypot(re, im));
            default -> putComplex(to, r, i, -re, -im);
          }
        }
        return finish(r, m, a.single(), a.nulls(), out);
      }
      if (f.equals("re")) {
        return a;
      }
      Object r = arena.take(to, m);
      if (f.equals("im")) {
        Strided.fill(Vec.single(to, 0, false), r, 0, m);
      } else if (to == CellType.FLOAT32) {
        float[] x = (float[]) a.array();
        float[] y = (float[]) r;
        boolean abs = f.equals("abs");
        for (int i = 0; i < m; i++) {
          y[i] = abs ? Math.abs(x[a.at() + i]) : -x[a.at() + i];
        }
      } else if (to == CellType.FLOAT64) {
        double[] x = (double[]) a.array();
        double[] y = (double[]) r;
        boolean abs = f.equals("abs");
        for (int i = 0; i < m; i++) {
          y[i] = abs ? Math.abs(x[a.at() + i]) : -x[a.at() + i];
        }
      } else {
        // The least long has no negative: it saturates.
        long[] x = longs(arena, a);
        boolean abs = f.equals("abs");
        for (int i = 0; i < m; i++) {
          long v = abs && x[i] >= 0 ? x[i] : -x[i];
          x[i] = x[i] == Long.MIN_VALUE ? Long.MAX_VALUE : v;
        }
        Narrowing.fromLongs(x, to, r, m);
        arena.release(x);
      }
      return finish(r, m, a.single(), a.nulls(), out);
    }
  }

  /** round, floor, ceil; integers stay. */
  record Rounding(String f) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      Vec a = in[0];
      if (whole(a.type())) {
        return a;
      }
      int m = a.length();
      double[] x = doubles(arena, a);
      switch (f) {
        case "floor" -> {
          for (int i = 0; i < m; i++) {
            x[i] = Math.floor(x[i]);
          }
        }
        case "ceil" -> {
          for (int i = 0; i < m; i++) {
            x[i] = Math.ceil(x[i]);
          }
        }
        default -> {
          for (int i = 0; i < m; i++) {
            x[i] = Math.copySign(Math.floor(Math.abs(x[i]) + 0.5), x[i]);
          }
        }
      }
      return finish(narrow(arena, x, out.type(), m), m, a.single(), a.nulls(), out);
    }
  }

  /** Doubles as cells of a real type; the array itself is given back or handed on. */
  private static Object narrow(Arena arena, double[] x, CellType to, int n) {
    if (to == CellType.FLOAT64) {
      return x;
    }
    Object r = arena.take(to, n);
    Narrowing.fromDoubles(x, to, r, n);
    arena.release(x);
    return r;
  }

  /** sqrt, exp, logarithms, trigonometry; complex cells too. */
  record Elementary(String f) implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      Vec a = in[0];
      int m = a.length();
      if (a.type().isComplex()) {
        Object r = arena.take(out.type(), m);
        for (int i = 0; i < m; i++) {
          double[] z = ComplexMath.unary(f, a.getDouble(i), a.getImaginary(i));
          putComplex(out.type(), r, i, z[0], z[1]);
        }
        return finish(r, m, a.single(), a.nulls(), out);
      }
      double[] x = doubles(arena, a);
      if (f.equals("sqrt")) {
        for (int i = 0; i < m; i++) {
          x[i] = Math.sqrt(x[i]);
        }
      } else {
        DoubleUnaryOperator g = function(f);
        for (int i = 0; i < m; i++) {
          x[i] = g.applyAsDouble(x[i]);
        }
      }
      return finish(narrow(arena, x, out.type(), m), m, a.single(), a.nulls(), out);
    }

    private static DoubleUnaryOperator function(String f) {
      return switch (f) {
        case "exp" -> Math::exp;
        case "log" -> Math::log10;
        case "ln" -> Math::log;
        case "sin" -> Math::sin;
        case "cos" -> Math::cos;
        case "tan" -> Math::tan;
        default -> v -> ComplexMath.real(f, v);
      };
    }
  }

  /** pow; a complex base too. */
  record Power() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      if (allNull(in)) {
        return fill(out, true);
      }
      boolean single = allSingle(in);
      int m = single ? 1 : n;
      if (in[0].type().isComplex()) {
        Object r = arena.take(out.type(), m);
        for (int i = 0; i < m; i++) {
          int x = in[0].single() ? 0 : i;
          double[] z =
              ComplexMath.pow(
                  in[0].getDouble(x),
                  in[0].getImaginary(x),
                  out.type() == CellType.COMPLEX64
                      ? (float) in[1].getDouble(in[1].single() ? 0 : i)
                      : in[1].getDouble(in[1].single() ? 0 : i));
          putComplex(out.type(), r, i, z[0], z[1]);
        }
        return finish(r, m, single, union(in), out);
      }
      DoubleBinaryOperator pow = Math::pow;
      double[] x = doubles(arena, in[0]);
      double[] y = doubles(arena, in[1]);
      double[] r = (double[]) arena.take(CellType.Storage.DOUBLE, m);
      for (int i = 0; i < m; i++) {
        r[i] = pow.applyAsDouble(x[in[0].single() ? 0 : i], y[in[1].single() ? 0 : i]);
      }
      arena.release(x);
      arena.release(y);
      return finish(narrow(arena, r, out.type(), m), m, single, union(in), out);
    }
  }

  /** bit: bit n of an integer. */
  record Bit() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      if (allNull(in)) {
        return fill(out, true);
      }
      boolean single = allSingle(in);
      int m = single ? 1 : n;
      byte[] r = (byte[]) arena.take(CellType.Storage.BYTE, m);
      long[] x = longs(arena, in[0]);
      long[] y = longs(arena, in[1]);
      for (int i = 0; i < m; i++) {
        long v = x[in[0].single() ? 0 : i];
        long b = y[in[1].single() ? 0 : i];
        r[i] = (byte) (b >= 0 && b < 64 ? v >> b & 1 : 0);
      }
      arena.release(x);
      arena.release(y);
      return finish(r, m, single, union(in), out);
    }
  }

  /** complex: two real numbers as one. */
  record MakeComplex() implements Kernel {
    @Override
    public Vec apply(Arena arena, Vec[] in, int n, Band out) {
      if (allNull(in)) {
        return fill(out, true);
      }
      boolean single = allSingle(in);
      int m = single ? 1 : n;
      Object r = arena.take(out.type(), m);
      for (int i = 0; i < m; i++) {
        putComplex(
            out.type(),
            r,
            i,
            in[0].getDouble(in[0].single() ? 0 : i),
            in[1].getDouble(in[1].single() ? 0 : i));
      }
      return finish(r, m, single, union(in), out);
    }
  }
}
