package org.tessera.engine.eval;

/** Elementary functions of real and complex numbers; complex results as {re, im}. */
final class ComplexMath {
  private ComplexMath() {}

  /** A function of {@code CellFunctions} of one real number. */
  static double real(String f, double x) {
    return switch (f) {
      case "sqrt" -> Math.sqrt(x);
      case "exp" -> Math.exp(x);
      case "log" -> Math.log10(x);
      case "ln" -> Math.log(x);
      case "sin" -> Math.sin(x);
      case "cos" -> Math.cos(x);
      case "tan" -> Math.tan(x);
      case "sinh" -> Math.sinh(x);
      case "cosh" -> Math.cosh(x);
      case "tanh" -> Math.tanh(x);
      case "arcsin" -> Math.asin(x);
      case "arccos" -> Math.acos(x);
      case "arctan" -> Math.atan(x);
      default -> throw new IllegalArgumentException("no real function " + f);
    };
  }

  static double[] binary(String f, double a, double b, double c, double d) {
    return switch (f) {
      case "+" -> new double[] {a + c, b + d};
      case "-" -> new double[] {a - c, b - d};
      case "*" -> new double[] {a * c - b * d, a * d + b * c};
      case "/" -> {
        double n = c * c + d * d;
        yield new double[] {(a * c + b * d) / n, (b * c - a * d) / n};
      }
      default -> throw new IllegalArgumentException("no complex function " + f);
    };
  }

  static double[] pow(double re, double im, double exponent) {
    if (re == 0 && im == 0) {
      return new double[] {Math.pow(0, exponent), 0};
    }
    double r = Math.pow(Math.hypot(re, im), exponent);
    double phi = Math.atan2(im, re) * exponent;
    return new double[] {r * Math.cos(phi), r * Math.sin(phi)};
  }

  /** A function of one complex number; the principal branch. */
  static double[] unary(String f, double a, double b) {
    return switch (f) {
      case "-" -> new double[] {-a, -b};
      case "round" -> new double[] {Math.rint(a), Math.rint(b)};
      case "sqrt" -> sqrt(a, b);
      case "exp" -> new double[] {Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)};
      case "ln" -> ln(a, b);
      case "log" -> {
        double[] l = ln(a, b);
        yield new double[] {l[0] / Math.log(10), l[1] / Math.log(10)};
      }
      case "sin" -> new double[] {Math.sin(a) * Math.cosh(b), Math.cos(a) * Math.sinh(b)};
      case "cos" -> new double[] {Math.cos(a) * Math.cosh(b), -Math.sin(a) * Math.sinh(b)};
      case "tan" -> quotient(unary("sin", a, b), unary("cos", a, b));
      case "sinh" -> new double[] {Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)};
      case "cosh" -> new double[] {Math.cosh(a) * Math.cos(b), Math.sinh(a) * Math.sin(b)};
      case "tanh" -> quotient(unary("sinh", a, b), unary("cosh", a, b));
      case "arcsin" -> {
        // -i ln(iz + sqrt(1 - z^2))
        double[] s = sqrt(1 - (a * a - b * b), -2 * a * b);
        double[] l = ln(-b + s[0], a + s[1]);
        yield new double[] {l[1], -l[0]};
      }
      case "arccos" -> {
        double[] s = unary("arcsin", a, b);
        yield new double[] {Math.PI / 2 - s[0], -s[1]};
      }
      case "arctan" -> {
        // i/2 (ln(1 - iz) - ln(1 + iz))
        double[] p = ln(1 + b, -a);
        double[] q = ln(1 - b, a);
        yield new double[] {-(p[1] - q[1]) / 2, (p[0] - q[0]) / 2};
      }
      default -> throw new IllegalArgumentException("no complex function " + f);
    };
  }

  private static double[] ln(double a, double b) {
    return new double[] {Math.log(Math.hypot(a, b)), Math.atan2(b, a)};
  }

  private static double[] sqrt(double a, double b) {
    double r = Math.hypot(a, b);
    return new double[] {
      Math.sqrt((r + a) / 2), Math.copySign(Math.sqrt(Math.max(0, (r - a) / 2)), b)
    };
  }

  private static double[] quotient(double[] x, double[] y) {
    return binary("/", x[0], x[1], y[0], y[1]);
  }
}
