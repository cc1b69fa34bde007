package org.tessera.engine.eval;

/**
 * Loops of binary functions over arrays of one type: both operands arrays, or the left or the right
 * one a single value. One plain loop each, so that HotSpot vectorises it. Results go to {@code r},
 * which may be one of the operands.
 */
final class Loops {

  private Loops() {}

  /** What a loop computes. Integers: no overflow tests but in SAT_*; division by 0 gives 0. */
  enum Op {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    REMAINDER,
    QUOTIENT,
    MINIMUM,
    MAXIMUM,
    SATURATED_ADD,
    SATURATED_SUBTRACT,
    SATURATED_MULTIPLY
  }

  /** A comparison. */
  enum Relation {
    EQUAL,
    UNEQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    /** The relation of the operands exchanged. */
    Relation mirrored() {
      return switch (this) {
        case EQUAL -> EQUAL;
        case UNEQUAL -> UNEQUAL;
        case LESS -> GREATER;
        case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
        case GREATER -> LESS;
        case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
      };
    }
  }

  static void apply(Op op, int[] a, int ao, int[] b, int bo, int[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a[ao + i] / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a[ao + i] % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a[ao + i] / b[bo + i];
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b[bo + i]);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of ints");
    }
  }

  static void apply(Op op, int[] a, int ao, int b, int[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b;
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b;
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b;
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = b == 0 ? 0 : a[ao + i] / b;
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = b == 0 ? 0 : a[ao + i] % b;
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = b == 0 ? 0 : a[ao + i] / b;
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of ints");
    }
  }

  static void apply(Op op, int a, int[] b, int bo, int[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a / b[bo + i];
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a, b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a, b[bo + i]);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of ints");
    }
  }

  static void apply(Op op, long[] a, int ao, long[] b, int bo, long[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] =
              b[bo + i] == 0 ? 0 : b[bo + i] == -1 ? subtract(0, a[ao + i]) : a[ao + i] / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a[ao + i] % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] =
              b[bo + i] == 0 ? 0 : b[bo + i] == -1 ? subtract(0, a[ao + i]) : a[ao + i] / b[bo + i];
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b[bo + i]);
        }
      }
      case SATURATED_ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = add(a[ao + i], b[bo + i]);
        }
      }
      case SATURATED_SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = subtract(a[ao + i], b[bo + i]);
        }
      }
      case SATURATED_MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = multiply(a[ao + i], b[bo + i]);
        }
      }
    }
  }

  static void apply(Op op, long[] a, int ao, long b, long[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b;
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b;
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b;
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = b == 0 ? 0 : b == -1 ? subtract(0, a[ao + i]) : a[ao + i] / b;
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = b == 0 ? 0 : a[ao + i] % b;
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = b == 0 ? 0 : b == -1 ? subtract(0, a[ao + i]) : a[ao + i] / b;
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b);
        }
      }
      case SATURATED_ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = add(a[ao + i], b);
        }
      }
      case SATURATED_SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = subtract(a[ao + i], b);
        }
      }
      case SATURATED_MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = multiply(a[ao + i], b);
        }
      }
    }
  }

  static void apply(Op op, long a, long[] b, int bo, long[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : b[bo + i] == -1 ? subtract(0, a) : a / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : a % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = b[bo + i] == 0 ? 0 : b[bo + i] == -1 ? subtract(0, a) : a / b[bo + i];
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a, b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a, b[bo + i]);
        }
      }
      case SATURATED_ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = add(a, b[bo + i]);
        }
      }
      case SATURATED_SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = subtract(a, b[bo + i]);
        }
      }
      case SATURATED_MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = multiply(a, b[bo + i]);
        }
      }
    }
  }

  static void apply(Op op, float[] a, int ao, float[] b, int bo, float[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = (float) whole((double) a[ao + i] / b[bo + i]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b[bo + i]);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of floats");
    }
  }

  static void apply(Op op, float[] a, int ao, float b, float[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b;
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b;
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b;
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] / b;
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] % b;
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = (float) whole((double) a[ao + i] / b);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of floats");
    }
  }

  static void apply(Op op, float a, float[] b, int bo, float[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = a / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = a % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = (float) whole((double) a / b[bo + i]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a, b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a, b[bo + i]);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of floats");
    }
  }

  static void apply(Op op, double[] a, int ao, double[] b, int bo, double[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = whole(a[ao + i] / b[bo + i]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b[bo + i]);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of doubles");
    }
  }

  static void apply(Op op, double[] a, int ao, double b, double[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] + b;
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] - b;
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] * b;
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] / b;
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = a[ao + i] % b;
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = whole(a[ao + i] / b);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a[ao + i], b);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a[ao + i], b);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of doubles");
    }
  }

  static void apply(Op op, double a, double[] b, int bo, double[] r, int n) {
    switch (op) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          r[i] = a + b[bo + i];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          r[i] = a - b[bo + i];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          r[i] = a * b[bo + i];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          r[i] = a / b[bo + i];
        }
      }
      case REMAINDER -> {
        for (int i = 0; i < n; i++) {
          r[i] = a % b[bo + i];
        }
      }
      case QUOTIENT -> {
        for (int i = 0; i < n; i++) {
          r[i] = whole(a / b[bo + i]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.min(a, b[bo + i]);
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          r[i] = Math.max(a, b[bo + i]);
        }
      }
      case SATURATED_ADD, SATURATED_SUBTRACT, SATURATED_MULTIPLY ->
          throw new IllegalArgumentException(op + " of doubles");
    }
  }

  static void compare(Relation relation, int[] a, int ao, int[] b, int bo, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b[bo + i] ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b[bo + i] ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b[bo + i] ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b[bo + i] ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b[bo + i] ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b[bo + i] ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, int[] a, int ao, int b, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, long[] a, int ao, long[] b, int bo, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b[bo + i] ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b[bo + i] ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b[bo + i] ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b[bo + i] ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b[bo + i] ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b[bo + i] ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, long[] a, int ao, long b, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, float[] a, int ao, float[] b, int bo, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b[bo + i] ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b[bo + i] ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b[bo + i] ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b[bo + i] ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b[bo + i] ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b[bo + i] ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, float[] a, int ao, float b, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, double[] a, int ao, double[] b, int bo, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b[bo + i] ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b[bo + i] ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b[bo + i] ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b[bo + i] ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b[bo + i] ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b[bo + i] ? 1 : 0);
        }
      }
    }
  }

  static void compare(Relation relation, double[] a, int ao, double b, byte[] r, int n) {
    switch (relation) {
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] == b ? 1 : 0);
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] != b ? 1 : 0);
        }
      }
      case LESS -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] < b ? 1 : 0);
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] <= b ? 1 : 0);
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] > b ? 1 : 0);
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          r[i] = (byte) (a[ao + i] >= b ? 1 : 0);
        }
      }
    }
  }

  /**
   * Compares ints whose differences fit an int with one value: 1 or 0 in place. By the sign of the
   * difference, which HotSpot vectorises.
   */
  static void compareNarrow(Relation relation, int[] a, int s, int n) {
    switch (relation) {
      case LESS -> {
        for (int i = 0; i < n; i++) {
          a[i] = (a[i] - s) >>> 31;
        }
      }
      case GREATER -> {
        for (int i = 0; i < n; i++) {
          a[i] = (s - a[i]) >>> 31;
        }
      }
      case LESS_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          a[i] = ((s - a[i]) >>> 31) ^ 1;
        }
      }
      case GREATER_OR_EQUAL -> {
        for (int i = 0; i < n; i++) {
          a[i] = ((a[i] - s) >>> 31) ^ 1;
        }
      }
      case EQUAL -> {
        for (int i = 0; i < n; i++) {
          a[i] = (((a[i] - s) | (s - a[i])) >>> 31) ^ 1;
        }
      }
      case UNEQUAL -> {
        for (int i = 0; i < n; i++) {
          a[i] = ((a[i] - s) | (s - a[i])) >>> 31;
        }
      }
    }
  }

  // Reductions of narrow integers compute with longs from the load on: with an int between, HotSpot
  // does not vectorise them (measured: 0.08 instead of 0.4 ns a cell; see docs/speed.md).

  /**
   * How many of n cells of an integer type of at most 32 bits, from element {@code at} on, stand in
   * a relation to a constant (not NaN, of less than 2^40).
   */
  static long count(Relation relation, double constant, Vec v, int at, int n) {
    long floor = (long) Math.floor(constant);
    long ceil = (long) Math.ceil(constant);
    return switch (relation) {
      case LESS -> below(v, at, n, ceil);
      case LESS_OR_EQUAL -> below(v, at, n, floor + 1);
      case GREATER -> n - below(v, at, n, floor + 1);
      case GREATER_OR_EQUAL -> n - below(v, at, n, ceil);
      case EQUAL -> floor == ceil ? n - other(v, at, n, floor) : 0;
      case UNEQUAL -> floor == ceil ? other(v, at, n, floor) : n;
    };
  }

  private static long below(Vec v, int at, int n, long limit) {
    long below = 0;
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i] & 0xFFL;
          below += (x - limit) >>> 63;
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i];
          below += (x - limit) >>> 63;
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i];
          below += (x - limit) >>> 63;
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i] & 0xFFFFL;
          below += (x - limit) >>> 63;
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i];
          below += (x - limit) >>> 63;
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i] & 0xFFFFFFFFL;
          below += (x - limit) >>> 63;
        }
      }
      case INT64, FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
    return below;
  }

  private static long other(Vec v, int at, int n, long value) {
    long other = 0;
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i] & 0xFFL;
          long d = x - value;
          other += (d | -d) >>> 63;
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i];
          long d = x - value;
          other += (d | -d) >>> 63;
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i];
          long d = x - value;
          other += (d | -d) >>> 63;
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i] & 0xFFFFL;
          long d = x - value;
          other += (d | -d) >>> 63;
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i];
          long d = x - value;
          other += (d | -d) >>> 63;
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          long x = a[at + i] & 0xFFFFFFFFL;
          long d = x - value;
          other += (d | -d) >>> 63;
        }
      }
      case INT64, FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
    return other;
  }

  /** The least of n integer cells and {@code start}. */
  static long least(Vec v, int at, int n, long start) {
    long best = start;
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i] & 0xFFL);
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i]);
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i]);
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i] & 0xFFFFL);
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i]);
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.min(best, a[at + i]);
        }
      }
      case FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
    return best;
  }

  /** The greatest of n integer cells and {@code start}. */
  static long greatest(Vec v, int at, int n, long start) {
    long best = start;
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i] & 0xFFL);
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i]);
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i]);
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i] & 0xFFFFL);
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i]);
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) v.array();
        for (int i = 0; i < n; i++) {
          best = Math.max(best, a[at + i]);
        }
      }
      case FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
    return best;
  }

  /** Each of n integer cells into the least so far. */
  static void leastRow(Vec v, int at, int n, long[] r, int o) {
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i] & 0xFFL);
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i]);
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i]);
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i] & 0xFFFFL);
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i]);
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.min(r[o + i], a[at + i]);
        }
      }
      case FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
  }

  /** Each of n integer cells into the greatest so far. */
  static void greatestRow(Vec v, int at, int n, long[] r, int o) {
    switch (v.type()) {
      case BOOLEAN, UINT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i] & 0xFFL);
        }
      }
      case INT8 -> {
        byte[] a = (byte[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i]);
        }
      }
      case INT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i]);
        }
      }
      case UINT16 -> {
        short[] a = (short[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i] & 0xFFFFL);
        }
      }
      case INT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i]);
        }
      }
      case UINT32 -> {
        int[] a = (int[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i] & 0xFFFFFFFFL);
        }
      }
      case INT64 -> {
        long[] a = (long[]) v.array();
        for (int i = 0; i < n; i++) {
          r[o + i] = Math.max(r[o + i], a[at + i]);
        }
      }
      case FLOAT32, FLOAT64, CINT16, CINT32, COMPLEX64, COMPLEX128 ->
          throw new IllegalArgumentException(v.type().toString());
    }
  }

  /** Adds four rows of cells, as far as the mask goes, to a row of sums. */
  static void addRows(
      byte[] a,
      int ao,
      byte[] b,
      int bo,
      byte[] c,
      int co,
      byte[] d,
      int dat,
      long mask,
      long[] r) {
    for (int i = 0; i < r.length; i++) {
      long x = a[ao + i] & mask;
      long y = b[bo + i] & mask;
      long z = c[co + i] & mask;
      long u = d[dat + i] & mask;
      r[i] += (x + y) + (z + u);
    }
  }

  static void addRows(
      short[] a,
      int ao,
      short[] b,
      int bo,
      short[] c,
      int co,
      short[] d,
      int dat,
      long mask,
      long[] r) {
    for (int i = 0; i < r.length; i++) {
      long x = a[ao + i] & mask;
      long y = b[bo + i] & mask;
      long z = c[co + i] & mask;
      long u = d[dat + i] & mask;
      r[i] += (x + y) + (z + u);
    }
  }

  static void addRows(
      int[] a, int ao, int[] b, int bo, int[] c, int co, int[] d, int dat, long mask, long[] r) {
    for (int i = 0; i < r.length; i++) {
      long x = a[ao + i] & mask;
      long y = b[bo + i] & mask;
      long z = c[co + i] & mask;
      long u = d[dat + i] & mask;
      r[i] += (x + y) + (z + u);
    }
  }

  private static double whole(double q) {
    return q < 0 ? Math.ceil(q) : Math.floor(q);
  }

  private static long add(long a, long b) {
    long r = a + b;
    long overflow = ((a ^ r) & (b ^ r)) >> 63;
    return (r & ~overflow) | (((a >> 63) ^ Long.MAX_VALUE) & overflow);
  }

  private static long subtract(long a, long b) {
    long r = a - b;
    long overflow = ((a ^ b) & (a ^ r)) >> 63;
    return (r & ~overflow) | (((a >> 63) ^ Long.MAX_VALUE) & overflow);
  }

  static long multiply(long a, long b) {
    long r = a * b;
    return Math.multiplyHigh(a, b) == r >> 63 ? r : ((a ^ b) >> 63) ^ Long.MAX_VALUE;
  }
}
