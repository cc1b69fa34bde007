package org.tessera.importer.expression;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.tessera.coverage.crs.TimeCalendar;

/** All functions, methods and attributes there are; everything else is refused. */
final class Functions {
  static final List<String> NAMES =
      List.of(
          "datetime",
          "timedelta",
          "regex_extract",
          "replace",
          "grib_datetime",
          "cf_datetime",
          "iso_date",
          "int",
          "float",
          "str",
          "bool",
          "abs",
          "round",
          "min",
          "max",
          "sum",
          "len",
          "range",
          "sorted",
          "list");

  /** Names that may stand before a dot although they are no values. */
  static final Set<String> MODULES = Set.of("datetime", "math");

  private static final int MAX_RANGE = 2_000_000;
  private static final int MAX_PATTERN = 2_000;
  private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

  private Functions() {}

  /** What a function is called with. */
  record Arguments(String function, List<Value> values, Map<String, Value> named) {
    int size() {
      return values.size();
    }

    Value at(int i) {
      if (i >= values.size()) {
        throw new IllegalArgumentException(
            function + "() needs at least " + (i + 1) + " arguments, found " + values.size());
      }
      return values.get(i);
    }

    String text(int i) {
      return at(i).asText();
    }

    BigDecimal number(int i) {
      return at(i).asNumber();
    }

    void most(int n) {
      if (values.size() > n) {
        throw new IllegalArgumentException(
            function + "() takes at most " + n + " arguments, found " + values.size());
      }
    }

    List<Value> items() {
      return values.size() == 1 && values.getFirst() instanceof Value.Items l ? l.items() : values;
    }
  }

  static Value call(Arguments a) {
    return switch (a.function()) {
      case "datetime" -> datetime(a);
      case "timedelta" -> timedelta(a);
      case "regex_extract" -> regexExtract(a);
      case "replace" -> {
        a.most(3);
        yield replaced(a.text(0), a.text(1), a.text(2));
      }
      case "grib_datetime" -> gribDatetime(a);
      case "cf_datetime" -> cfDatetime(a);
      case "iso_date" -> {
        a.most(1);
        yield isoDate(a.at(0));
      }
      case "int" -> {
        a.most(1);
        yield new Value.Num(a.number(0).setScale(0, RoundingMode.DOWN));
      }
      case "float" -> {
        a.most(1);
        yield new Value.Num(a.number(0));
      }
      case "str" -> {
        a.most(1);
        yield new Value.Text(a.text(0));
      }
      case "bool" -> {
        a.most(1);
        yield new Value.Bool(truth(a.at(0)));
      }
      case "abs" -> new Value.Num(a.number(0).abs());
      case "round" ->
          new Value.Num(
              a.number(0).setScale(a.size() > 1 ? digits(a.at(1)) : 0, RoundingMode.HALF_EVEN));
      case "min" ->
          a.items().stream()
              .min(Evaluation::compare)
              .orElseThrow(() -> new IllegalArgumentException("min() of nothing"));
      case "max" ->
          a.items().stream()
              .max(Evaluation::compare)
              .orElseThrow(() -> new IllegalArgumentException("max() of nothing"));
      case "sum" ->
          new Value.Num(
              a.items().stream().map(Value::asNumber).reduce(BigDecimal.ZERO, BigDecimal::add));
      case "len" ->
          Value.of(
              switch (a.at(0)) {
                case Value.Items l -> (long) l.items().size();
                case Value.Text t -> (long) t.text().length();
                default -> throw new IllegalArgumentException("len() of " + a.at(0).kind());
              });
      case "range" -> range(a);
      case "sorted" -> new Value.Items(a.items().stream().sorted(Evaluation::compare).toList());
      case "list" -> new Value.Items(a.items());
      default ->
          throw new IllegalArgumentException(
              "unknown function '" + a.function() + "'; known are " + String.join(", ", NAMES));
    };
  }

  /** Functions after the name of a module or class. */
  static Value member(String module, Arguments a) {
    return switch (module + "." + a.function()) {
      case "datetime.strptime" -> new Value.Time(TimeFormat.parse(a.text(0), a.text(1)));
      case "datetime.fromisoformat" -> new Value.Time(TimeFormat.parseIso(a.text(0)));
      case "datetime.utcfromtimestamp", "datetime.fromtimestamp" -> fromEpoch(a.number(0));
      case "datetime.datetime" -> datetime(a);
      case "datetime.timedelta" -> timedelta(a);
      case "math.floor" -> new Value.Num(a.number(0).setScale(0, RoundingMode.FLOOR));
      case "math.ceil" -> new Value.Num(a.number(0).setScale(0, RoundingMode.CEILING));
      case "math.sqrt" -> Value.of(Math.sqrt(a.number(0).doubleValue()));
      default ->
          throw new IllegalArgumentException(
              "unknown function '" + module + "." + a.function() + "'");
    };
  }

  static Value method(Value target, Arguments a) {
    return switch (target) {
      case Value.Time t -> timeMethod(t, a);
      case Value.Span s when a.function().equals("total_seconds") ->
          new Value.Num(Value.seconds(s.duration()));
      case Value.Text t -> textMethod(t.text(), a);
      default ->
          throw new IllegalArgumentException(
              target.kind() + " has no method '" + a.function() + "'");
    };
  }

  static Value attribute(Value target, String name) {
    Value found =
        switch (target) {
          case Value.Time t ->
              switch (name) {
                case "year" -> Value.of(t.time().getYear());
                case "month" -> Value.of(t.time().getMonthValue());
                case "day" -> Value.of(t.time().getDayOfMonth());
                case "hour" -> Value.of(t.time().getHour());
                case "minute" -> Value.of(t.time().getMinute());
                case "second" -> Value.of(t.time().getSecond());
                default -> null;
              };
          case Value.ModelTime t -> {
            TimeCalendar.Date date = t.calendar().date(t.at());
            LocalTime time = LocalTime.ofInstant(t.at(), ZoneOffset.UTC);
            yield switch (name) {
              case "year" -> Value.of(date.year());
              case "month" -> Value.of(date.month());
              case "day" -> Value.of(date.day());
              case "hour" -> Value.of(time.getHour());
              case "minute" -> Value.of(time.getMinute());
              case "second" -> Value.of(time.getSecond());
              default -> null;
            };
          }
          case Value.Span s ->
              switch (name) {
                case "days" -> Value.of(Math.floorDiv(s.duration().toSeconds(), 86_400L));
                case "seconds" -> Value.of(Math.floorMod(s.duration().toSeconds(), 86_400L));
                default -> null;
              };
          default -> null;
        };
    if (found == null) {
      throw new IllegalArgumentException(target.kind() + " has no attribute '" + name + "'");
    }
    return found;
  }

  /** Times of a number, or of each of a list, in CF's units and calendar. */
  private static Value cfDatetime(Arguments a) {
    a.most(3);
    CfTime cf = CfTime.parse(a.text(1), a.size() > 2 ? a.text(2) : "");
    // Metadata of images have lists as {0,30,60}.
    if (a.at(0) instanceof Value.Text t && t.text().strip().startsWith("{")) {
      List<Value> items = new ArrayList<>();
      for (String number : t.text().replaceAll("[{}\\s]", "").split(",", -1)) {
        items.add(cf.value(new Value.Text(number).asNumber()));
      }
      return new Value.Items(items);
    }
    return a.at(0) instanceof Value.Items l
        ? new Value.Items(l.items().stream().map(v -> cf.value(v.asNumber())).toList())
        : cf.value(a.number(0));
  }

  /** The time of ISO's calendar that has the same name; an error where there is none. */
  private static Value isoDate(Value v) {
    return switch (v) {
      case Value.Items l -> new Value.Items(l.items().stream().map(Functions::isoDate).toList());
      case Value.ModelTime t -> {
        TimeCalendar.Date date = t.calendar().date(t.at());
        try {
          yield new Value.Time(
              LocalDate.of(date.year(), date.month(), date.day())
                  .atTime(LocalTime.ofInstant(t.at(), ZoneOffset.UTC)));
        } catch (DateTimeException e) {
          throw new IllegalArgumentException(
              "iso_date(): the calendar "
                  + t.calendar().cfName()
                  + " of the file has the date "
                  + t.asText().substring(0, t.asText().indexOf('T'))
                  + ", but ISO 8601's has not",
              e);
        }
      }
      case Value.Time t -> t;
      default -> throw new IllegalArgumentException("iso_date() of " + v.kind());
    };
  }

  private static Value timeMethod(Value.Time t, Arguments a) {
    return switch (a.function()) {
      case "strftime" -> new Value.Text(TimeFormat.strftime(t.time(), a.text(0)));
      case "isoformat" -> new Value.Text(TimeFormat.iso(t.time()));
      case "timestamp" -> new Value.Num(Value.seconds(Duration.between(EPOCH, t.time())));
      default -> throw new IllegalArgumentException("a time has no method '" + a.function() + "'");
    };
  }

  private static Value textMethod(String t, Arguments a) {
    return switch (a.function()) {
      case "replace" -> replaced(t, a.text(0), a.text(1));
      case "lower" -> new Value.Text(t.toLowerCase(java.util.Locale.ROOT));
      case "upper" -> new Value.Text(t.toUpperCase(java.util.Locale.ROOT));
      case "strip" -> new Value.Text(t.strip());
      case "startswith" -> new Value.Bool(t.startsWith(a.text(0)));
      case "endswith" -> new Value.Bool(t.endsWith(a.text(0)));
      case "zfill" ->
          new Value.Text(
              "0".repeat(Math.clamp((long) Evaluation.whole(a.at(0)) - t.length(), 0, 1000)) + t);
      case "split" -> {
        List<Value> parts = new ArrayList<>();
        String separator = a.size() > 0 ? Pattern.quote(a.text(0)) : "\\s+";
        for (String part : (a.size() > 0 ? t : t.strip()).split(separator, -1)) {
          parts.add(new Value.Text(part));
        }
        yield new Value.Items(parts);
      }
      default -> throw new IllegalArgumentException("a text has no method '" + a.function() + "'");
    };
  }

  private static Value replaced(String text, String old, String by) {
    // Longer than this it cannot get: an empty text is found before each character and at the end.
    long most = text.length() + (text.length() / Math.max(1, old.length()) + 1L) * by.length();
    if (most > Evaluation.MAX_TEXT && most > text.length() + by.length()) {
      long found = 0;
      for (int i = text.indexOf(old); i >= 0 && found <= Evaluation.MAX_TEXT; found++) {
        i = old.isEmpty() ? (i < text.length() ? i + 1 : -1) : text.indexOf(old, i + old.length());
      }
      if (text.length() + found * (by.length() - (long) old.length()) > Evaluation.MAX_TEXT) {
        throw new IllegalArgumentException("the text gets too long");
      }
    }
    return new Value.Text(text.replace(old, by));
  }

  private static int digits(Value v) {
    int n = Evaluation.whole(v);
    if (Math.abs(n) > Evaluation.MAX_DIGITS) {
      throw new IllegalArgumentException("round() to " + n + " digits");
    }
    return n;
  }

  private static Value datetime(Arguments a) {
    if (a.size() == 1) {
      return switch (a.at(0)) {
        case Value.Time t -> t;
        case Value.Text t when TimeFormat.isIso(t.text()) && !isNumber(t.text()) ->
            new Value.Time(TimeFormat.parseIso(t.text()));
        default -> fromEpoch(a.number(0));
      };
    }
    if (a.size() == 2) {
      return new Value.Time(TimeFormat.parse(a.text(0), a.text(1)));
    }
    a.most(7);
    int[] parts = {1, 1, 1, 0, 0, 0, 0};
    for (int i = 0; i < a.size(); i++) {
      parts[i] = Evaluation.whole(a.at(i));
    }
    return new Value.Time(
        LocalDateTime.of(
            parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6] * 1000));
  }

  private static boolean isNumber(String text) {
    try {
      new BigDecimal(text.strip());
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Value fromEpoch(BigDecimal seconds) {
    Duration d = Value.duration(seconds);
    return new Value.Time(LocalDateTime.ofEpochSecond(d.getSeconds(), d.getNano(), ZoneOffset.UTC));
  }

  private static Value timedelta(Arguments a) {
    a.most(3);
    BigDecimal seconds = BigDecimal.ZERO;
    String[] places = {"days", "seconds", "microseconds"};
    for (int i = 0; i < a.size(); i++) {
      seconds = seconds.add(a.number(i).multiply(unit(places[i])));
    }
    for (Map.Entry<String, Value> e : a.named().entrySet()) {
      seconds = seconds.add(e.getValue().asNumber().multiply(unit(e.getKey())));
    }
    return new Value.Span(Value.duration(seconds));
  }

  private static BigDecimal unit(String name) {
    return switch (name) {
      case "weeks" -> BigDecimal.valueOf(604_800);
      case "days" -> BigDecimal.valueOf(86_400);
      case "hours" -> BigDecimal.valueOf(3_600);
      case "minutes" -> BigDecimal.valueOf(60);
      case "seconds" -> BigDecimal.ONE;
      case "milliseconds" -> new BigDecimal("0.001");
      case "microseconds" -> new BigDecimal("0.000001");
      default -> throw new IllegalArgumentException("timedelta() has no argument '" + name + "'");
    };
  }

  /** dataDate as 20150101, dataTime as 0, 600, 1200 (hours and minutes). */
  private static Value gribDatetime(Arguments a) {
    a.most(2);
    String date = a.at(0).asText();
    String time = "0000" + a.at(1).asText();
    return new Value.Time(
        TimeFormat.parse(date + time.substring(time.length() - 4), "YYYYMMDDHHmm"));
  }

  static Value regexExtract(Arguments a) {
    a.most(3);
    return new Value.Text(extract(a.text(0), a.text(1), a.at(2).asText()));
  }

  /**
   * The text of a group of the first match of a regular expression in a text.
   *
   * @param group number, or name of a named group
   */
  static String extract(String text, String regex, String group) {
    if (regex.length() > MAX_PATTERN) {
      throw new IllegalArgumentException("the regular expression is too long");
    }
    Matcher m;
    try {
      m = Pattern.compile(regex.replace("(?P<", "(?<")).matcher(new LimitedText(text));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + regex + "' is no regular expression: " + e.getDescription(), e);
    }
    try {
      if (!m.find()) {
        throw new IllegalArgumentException(
            "the regular expression '" + regex + "' does not match '" + text + "'");
      }
      String found =
          Character.isDigit(group.charAt(0)) ? m.group(Integer.parseInt(group)) : m.group(group);
      return found == null ? "" : found;
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "the regular expression '" + regex + "' has no group " + group, e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("the regular expression '" + regex + "' is too deep", e);
    }
  }

  private static Value range(Arguments a) {
    a.most(3);
    long from = a.size() > 1 ? a.number(0).longValueExact() : 0;
    long to = a.number(a.size() > 1 ? 1 : 0).longValueExact();
    long step = a.size() > 2 ? a.number(2).longValueExact() : 1;
    if (step == 0) {
      throw new IllegalArgumentException("range() with step 0");
    }
    List<Value> out = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      if (out.size() >= MAX_RANGE) {
        throw new IllegalArgumentException("range() of more than " + MAX_RANGE + " values");
      }
      out.add(Value.of(i));
    }
    return new Value.Items(out);
  }

  /** As in Python, save that the texts 0 and false, which files hold for flags, are false. */
  private static boolean truth(Value v) {
    if (v instanceof Value.Text t && Set.of("0", "false", "False").contains(t.text().strip())) {
      return false;
    }
    return v.asBoolean();
  }
}
