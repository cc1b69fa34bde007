package org.tessera.importer.plan;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tessera.coverage.crs.TimeCalendar;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.importer.expression.Expression;
import org.tessera.importer.expression.ExpressionException;
import org.tessera.importer.expression.TimeFormat;
import org.tessera.importer.expression.Value;
import org.tessera.importer.ingredients.Ingredients;
import org.tessera.importer.plan.PlanCrs.PlanAxis;
import org.tessera.importer.problem.ImportException;

/** Images one after the other in time: a step apart, or at times that names or tags tell. */
final class TimeSeries implements Recipe {
  private static final Pattern STEP = Pattern.compile("\\s*([0-9.]+)\\s*([a-z]+)\\s*");

  private final boolean regular;

  TimeSeries(boolean regular) {
    this.regular = regular;
  }

  @Override
  public String name() {
    return regular ? "time_series_regular" : "time_series_irregular";
  }

  @Override
  public FilePlanner planner(PlanContext context) {
    Ingredients.TimeAxis time =
        context
            .ingredients()
            .options()
            .time()
            .orElseThrow(() -> new ImportException("'recipe.options.time_crs' is missing"));
    PlanCrs timeCrs = PlanCrs.parse(time.crs(), context.crsAxes());
    if (timeCrs.axes().size() != 1 || !timeCrs.axes().getFirst().isTime()) {
      throw new ImportException(
          "'recipe.options.time_crs' must be OGC/0/AnsiDate, OGC/0/UnixTime or OGC/0/Temporal?..., found '"
              + time.crs()
              + "'");
    }
    PlanAxis axis = timeCrs.axes().getFirst();
    Optional<Steps> steps =
        regular ? Optional.of(steps(time, timeCrs.axes().getFirst().calendar())) : Optional.empty();
    return (file, variables) -> {
      PlannedAxis t;
      if (steps.isPresent()) {
        t = stepped(axis, steps.get(), file.ordinal());
      } else {
        t = PlannedAxis.point(axis, axis.number(timeOf(file, variables, time, axis.calendar())));
      }
      PlanCrs space = RasterAxes.crs(variables.raster(), context);
      List<PlannedAxis> axes = new ArrayList<>();
      axes.add(t);
      axes.addAll(RasterAxes.of(space, variables.raster()));
      Fields.Chosen chosen =
          Fields.ofRaster(
              variables.raster(),
              context.ingredients().options().bandNames(),
              context.ingredients().config().defaultNulls());
      return List.of(
          Overviews.apply(
              new PlannedSlice(
                  file,
                  variables,
                  PlanCrs.join(List.of(timeCrs, space)),
                  axes,
                  RasterAxes.gridOrder(axes),
                  SourceLayout.Reader.RASTER,
                  context.overview(),
                  chosen.bands(),
                  chosen.fields())));
    };
  }

  private record Steps(Instant start, Duration step) {}

  private static Steps steps(Ingredients.TimeAxis time, TimeCalendar calendar) {
    String start =
        time.start()
            .orElseThrow(() -> new ImportException("'recipe.options.time_start' is missing"));
    String step =
        time.step().orElseThrow(() -> new ImportException("'recipe.options.time_step' is missing"));
    try {
      return new Steps(TimeFormat.parse(start, time.format(), calendar), duration(step));
    } catch (IllegalArgumentException e) {
      throw new ImportException("'recipe.options.time_start': " + e.getMessage(), e);
    }
  }

  /** {@code 2 days 10 minutes 3 seconds}. */
  static Duration duration(String text) {
    Matcher m = STEP.matcher(text);
    BigDecimal seconds = BigDecimal.ZERO;
    int end = 0;
    while (end < text.length() && m.find(end) && m.start() == end) {
      String unit = m.group(2);
      long factor =
          switch (unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit) {
            case "week" -> 604_800;
            case "day" -> 86_400;
            case "hour" -> 3_600;
            case "minute" -> 60;
            case "second" -> 1;
            default ->
                throw new ImportException(
                    "'recipe.options.time_step': '"
                        + unit
                        + "' is none of weeks, days, hours,"
                        + " minutes, seconds");
          };
      seconds = seconds.add(new BigDecimal(m.group(1)).multiply(BigDecimal.valueOf(factor)));
      end = m.end();
    }
    if (end < text.length() || seconds.signum() <= 0) {
      throw new ImportException(
          "'recipe.options.time_step' is '" + text + "', expected such as 2 days 10 minutes");
    }
    return Value.duration(seconds);
  }

  private static PlannedAxis stepped(PlanAxis axis, Steps steps, int number) {
    Instant at = steps.start().plus(steps.step().multipliedBy(number));
    BigDecimal lower = axis.number(at.minus(steps.step().dividedBy(2)));
    BigDecimal resolution = axis.length(steps.step());
    BigDecimal centre = axis.number(at);
    PlannedAxis a =
        PlannedAxis.regular(
            axis, lower, lower.add(resolution), resolution, 1, Optional.empty(), false);
    return a.withBounds(centre, centre);
  }

  /**
   * What the regular expression finds in the name of the file; where it means the whole path, the
   * end of what it finds there.
   */
  private static String fromName(FileVariables variables, Ingredients.TimeAxis time) {
    try {
      return extract("${file:name}", variables, time);
    } catch (ExpressionException e) {
      try {
        String found = extract("${file:path}", variables, time);
        return found.substring(found.lastIndexOf('/') + 1);
      } catch (ExpressionException inPath) {
        throw e;
      }
    }
  }

  private static String extract(String text, FileVariables variables, Ingredients.TimeAxis time) {
    return Expression.parse("regex_extract(" + text + ", ${regex}, ${group})")
        .evaluate(
            name ->
                switch (name) {
                  case "regex" -> Value.of(time.fileRegex().orElseThrow());
                  case "group" -> Value.of(time.fileGroup());
                  default -> variables.value(name);
                })
        .asText();
  }

  private static Instant timeOf(
      InputFile file, FileVariables variables, Ingredients.TimeAxis time, TimeCalendar calendar) {
    String text;
    String from;
    if (time.tagName().isPresent()) {
      from = "tag '" + time.tagName().get() + "'";
      text = variables.raster().metadata().get(time.tagName().get());
      if (text == null) {
        throw new ImportException(
            "axis "
                + "time: the file has no "
                + from
                + "; it has "
                + String.join(", ", variables.raster().metadata().keySet()));
      }
    } else if (time.fileRegex().isPresent()) {
      from = "file name";
      text = fromName(variables, time);
    } else {
      throw new ImportException("'recipe.options.time_parameter' needs filename or metadata_tag");
    }
    try {
      return TimeFormat.parse(text, time.format(), calendar);
    } catch (IllegalArgumentException e) {
      throw new ImportException("time of the " + from + " of " + file + ": " + e.getMessage(), e);
    }
  }
}
