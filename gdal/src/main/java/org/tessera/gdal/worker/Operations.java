package org.tessera.gdal.worker;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tessera.gdal.binding.GdalFailure;
import org.tessera.gdal.binding.GdalLibrary;

/** Answers one request: finds its operation, and turns what goes wrong into an answer. */
final class Operations {
  private final GdalLibrary gdal;
  private final SharedCells cells = new SharedCells();
  private final OpenDatasets datasets;
  private final SpatialReferences references;
  private final ReducedGrib reduced = new ReducedGrib(cells);
  private Writing writing;

  Operations(GdalLibrary gdal, MemorySegment viewDriver) {
    this.gdal = gdal;
    this.datasets = new OpenDatasets(gdal, viewDriver);
    this.references = new SpatialReferences(gdal);
  }

  /** Called when no request has come for a while. */
  void idle() {
    datasets.close();
    reduced.close();
  }

  Map<String, Object> answer(Request request) {
    Map<String, Object> answer = new LinkedHashMap<>();
    gdal.errorReset.call();
    try {
      answer.put("ok", true);
      answer.putAll(perform(request));
      return answer;
    } catch (GdalFailure e) {
      return failed(e.getMessage());
    } catch (UncheckedIOException e) {
      return failed(e.getCause().toString());
    } catch (OutOfMemoryError e) {
      return failed("the worker's memory limit does not suffice");
    } catch (RuntimeException e) {
      // A fault of the worker itself; the request fails, and stderr has the place.
      e.printStackTrace();
      return failed("fault in the GDAL worker: " + e);
    }
  }

  private Map<String, Object> describe(Request request) {
    Map<String, Object> description =
        new RasterDescription(gdal, references).of(datasets.raster(request), datasets.driver());
    if (datasets.driver().equals("GRIB") && ReducedGrib.keysAreAsked(request)) {
      reduced.addKeys(description, request.text("name"));
    }
    return description;
  }

  private Map<String, Object> failed(String message) {
    // A data set may be broken inside after a failure: open it anew next time.
    datasets.close();
    reduced.close();
    abandon();
    return Map.of("ok", false, "message", message);
  }

  private Map<String, Object> perform(Request request) {
    String operation = request.text("op");
    return switch (operation) {
      case "drivers" -> new DriverList(gdal).list();
      case "rasterInfo" ->
          ReducedGrib.isAsked(request) ? reduced.describe(request) : describe(request);
      case "rasterLayout" ->
          ReducedGrib.isAsked(request)
              ? reduced.describe(request)
              : new RasterDescription(gdal, references)
                  .layoutOf(datasets.raster(request), datasets.driver());
      case "readRaster" ->
          ReducedGrib.isAsked(request)
              ? reduced.read(request)
              : new RasterReading(gdal, cells).read(datasets.raster(request), request);
      case "arrayInfo" ->
          new ArrayDescription(gdal, references).of(datasets.multidimensional(request));
      case "readArray" ->
          new ArrayReading(gdal, cells).read(datasets.multidimensional(request), request);
      case "createRaster" -> begin(new RasterWriting(gdal, cells, request));
      case "createArrays" -> begin(new ArrayWriting(gdal, cells, request));
      case "write" -> current().write(request);
      case "finish" -> finish();
      case "abandon" -> {
        abandon();
        yield Map.of();
      }
      case "warp" -> new Warping(gdal, cells).warp(request);
      default -> throw new GdalFailure("there is no operation " + operation);
    };
  }

  private Map<String, Object> begin(Writing started) {
    abandon();
    writing = started;
    return started.begin();
  }

  private Writing current() {
    if (writing == null) {
      throw new GdalFailure("no file is being written");
    }
    return writing;
  }

  private Map<String, Object> finish() {
    Writing finished = current();
    writing = null;
    try (finished) {
      finished.finish();
    }
    return Map.of();
  }

  private void abandon() {
    if (writing != null) {
      writing.close();
      writing = null;
    }
  }
}
