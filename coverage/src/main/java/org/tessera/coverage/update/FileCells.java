package org.tessera.coverage.update;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tessera.coverage.OwsErrorCode;
import org.tessera.coverage.OwsException;
import org.tessera.coverage.format.gdal.ArrayInfo;
import org.tessera.coverage.format.gdal.CellArray;
import org.tessera.coverage.format.gdal.GdalSource;
import org.tessera.coverage.format.gdal.GdalType;
import org.tessera.coverage.format.gdal.GdalWorkers;
import org.tessera.coverage.format.gdal.RasterLayout;
import org.tessera.coverage.format.gdal.RasterWindow;
import org.tessera.coverage.request.SourceLayout;
import org.tessera.coverage.request.SourceLayout.FixedDimension;
import org.tessera.coverage.request.SourceLayout.SourceAxis;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.CellType;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.Tile;
import org.tessera.engine.store.Tiling;

/**
 * The cells of a file as those of a coverage: dimensions put into array order, reversed ones
 * turned, types converted, packed values unpacked if the layout says so. Reads only what it is
 * asked for, so that files of any size need little memory.
 */
public final class FileCells {
  /** Bytes of a band of a tile to aim at where cells stay in their file. */
  private static final long REFERRED_BYTES = 1L << 20;

  private final GdalWorkers workers;
  private final GdalSource source;
  private final SourceLayout layout;
  private final List<FileBand> bands;

  /**
   * One band or variable of the file: its dimensions (slowest first) with their sizes, and how its
   * values are packed.
   */
  private record FileBand(
      String name,
      Optional<ArrayInfo> array,
      GdalType type,
      List<Dimension> dimensions,
      List<Long> block,
      double scale,
      double offset,
      Number noData) {}

  private record Dimension(String name, long size) {}

  private FileCells(
      GdalWorkers workers, GdalSource source, SourceLayout layout, List<FileBand> bands) {
    this.workers = workers;
    this.source = source;
    this.layout = layout;
    this.bands = bands;
  }

  /**
   * Looks at a file.
   *
   * @param path of the file itself; the layout may name a part of it
   * @throws OwsException if the file has no such bands or dimensions
   */
  public static FileCells open(GdalWorkers workers, String path, SourceLayout layout) {
    Map<String, String> options = new HashMap<>();
    if (layout.overview() >= 0) {
      options.put("OVERVIEW_LEVEL", Integer.toString(layout.overview()));
    }
    layout.regrid().ifPresent(r -> options.putAll(r.openOptions()));
    GdalSource source = new GdalSource(layout.datasetFor(path), List.of(), options);
    List<FileBand> bands =
        switch (layout.reader()) {
          case RASTER -> rasterBands(workers.rasterLayout(source), layout, path);
          case ARRAYS -> variables(workers, source, layout, path);
        };
    FileCells cells = new FileCells(workers, source, layout, bands);
    for (FileBand band : bands) {
      cells.check(band, path);
    }
    return cells;
  }

  /**
   * The layout of a plain image: all its bands, rows on the Y axis, columns on the X axis, north
   * up.
   */
  public static SourceLayout imageLayout(GdalWorkers workers, String path, List<String> labels) {
    RasterLayout info = workers.rasterLayout(GdalSource.of(path));
    List<SourceAxis> axes = new ArrayList<>();
    int n = labels.size();
    for (int i = 0; i < n; i++) {
      axes.add(
          i == n - 1
              ? new SourceAxis(labels.get(i), Optional.of("x"), false, 0, info.width())
              : i == n - 2
                  ? new SourceAxis(labels.get(i), Optional.of("y"), false, 0, info.height())
                  : SourceAxis.absent(labels.get(i)));
    }
    List<String> bands = new ArrayList<>();
    for (int b = 1; b <= info.bands().size(); b++) {
      bands.add(Integer.toString(b));
    }
    return new SourceLayout(
        SourceLayout.Reader.RASTER,
        SourceLayout.FILE,
        -1,
        Optional.empty(),
        false,
        bands,
        axes,
        List.of());
  }

  private static List<FileBand> rasterBands(RasterLayout info, SourceLayout layout, String path) {
    List<FileBand> result = new ArrayList<>();
    for (String name : layout.bands()) {
      int number = name.matches("[1-9]\\d{0,8}") ? Integer.parseInt(name) : 0;
      if (number < 1 || number > info.bands().size()) {
        throw notThere(path, "band " + name, "it has bands 1 to " + info.bands().size());
      }
      RasterLayout.Band band = info.bands().get(number - 1);
      result.add(
          new FileBand(
              name,
              Optional.empty(),
              band.type(),
              List.of(new Dimension("y", info.height()), new Dimension("x", info.width())),
              List.of((long) band.blockHeight(), (long) band.blockWidth()),
              band.scale() == null ? 1 : band.scale(),
              band.offset() == null ? 0 : band.offset(),
              band.noData()));
    }
    return result;
  }

  private static List<FileBand> variables(
      GdalWorkers workers, GdalSource source, SourceLayout layout, String path) {
    List<ArrayInfo> arrays = workers.arrayInfo(source).root().allArrays().toList();
    List<FileBand> result = new ArrayList<>();
    for (String name : layout.bands()) {
      ArrayInfo array =
          arrays.stream()
              .filter(
                  a ->
                      a.path().equals(name) || a.path().equals("/" + name) || a.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      notThere(
                          path,
                          "variable " + name,
                          "it has " + arrays.stream().map(ArrayInfo::name).toList()));
      if (array.type() == null) {
        throw notThere(path, "numbers in variable " + name, "its cells are texts or structures");
      }
      result.add(
          new FileBand(
              array.path(),
              Optional.of(array),
              array.type(),
              array.dimensions().stream().map(d -> new Dimension(d.name(), d.size())).toList(),
              array.block(),
              array.scale() == null ? 1 : array.scale(),
              array.offset() == null ? 0 : array.offset(),
              array.noData()));
    }
    return result;
  }

  private void check(FileBand band, String path) {
    for (SourceAxis axis : layout.axes()) {
      if (axis.dimension().isPresent()) {
        Dimension d =
            band.dimensions().stream()
                .filter(x -> x.name().equals(axis.dimension().get()))
                .findFirst()
                .orElseThrow(
                    () ->
                        notThere(
                            path,
                            "dimension "
                                + axis.dimension().get()
                                + " of "
                                + band.name()
                                + " for axis "
                                + axis.label(),
                            "its dimensions are "
                                + band.dimensions().stream().map(Dimension::name).toList()));
        if (axis.start() + axis.count() > d.size()) {
          throw notThere(
              path,
              "cells "
                  + axis.start()
                  + " to "
                  + (axis.start() + axis.count() - 1)
                  + " of dimension "
                  + d.name(),
              "its size is " + d.size());
        }
      }
    }
  }

  private static OwsException notThere(String path, String what, String instead) {
    return new OwsException(
        OwsErrorCode.INCONSISTENT_CHANGE,
        path,
        "File '" + path + "' has no " + what + "; " + instead + ".");
  }

  /**
   * The cell types of the file's bands as coverages know them; unpacked bands are of a float type.
   */
  public List<CellType> types() {
    return bands.stream()
        .map(
            b -> {
              CellType type = cellType(b.type());
              return packed(b) && !type.isFloat()
                  ? (type.bytes() <= 2 ? CellType.FLOAT32 : CellType.FLOAT64)
                  : type;
            })
        .toList();
  }

  /** Number of cells of the part along an axis. */
  public Optional<SourceAxis> axis(String label) {
    return layout.axis(label);
  }

  private boolean packed(FileBand b) {
    return layout.unpack() && (b.scale() != 1 || b.offset() != 0);
  }

  private static CellType cellType(GdalType type) {
    return switch (type) {
      case UINT8 -> CellType.UINT8;
      case INT8 -> CellType.INT8;
      case UINT16 -> CellType.UINT16;
      case INT16 -> CellType.INT16;
      case UINT32 -> CellType.UINT32;
      case INT32 -> CellType.INT32;
      case INT64 -> CellType.INT64;
      case UINT64 -> CellType.FLOAT64;
      case FLOAT32 -> CellType.FLOAT32;
      case FLOAT64 -> CellType.FLOAT64;
      case CINT16 -> CellType.CINT16;
      case CINT32 -> CellType.CINT32;
      case CFLOAT32 -> CellType.COMPLEX64;
      case CFLOAT64 -> CellType.COMPLEX128;
    };
  }

  /**
   * Reads a box.
   *
   * @param labels the axes of the box, in array order
   * @param offset per axis the first cell to read, counted from 0 in the part (not in the file)
   * @param box where the cells will lie; gives the sizes
   * @param target type and null values of the result's bands, one per band of the layout
   */
  public Tile read(List<String> labels, long[] offset, GridEnvelope box, List<Band> target) {
    List<Cells> result = new ArrayList<>();
    for (int b = 0; b < bands.size(); b++) {
      result.add(read(b, labels, offset, box, target.get(b)));
    }
    return new Tile(box, result);
  }

  /** Reads a box of one band of the layout (numbered from 0); else as the other one. */
  Cells read(int number, List<String> labels, long[] offset, GridEnvelope box, Band target) {
    FileBand band = bands.get(number);
    return convert(readBand(band, labels, offset, box), band, target);
  }

  /**
   * A tiling along the blocks of the file, such that reading a tile decodes nothing that is not in
   * it, as far as blocks are known: some blocks together where they are small, parts of one only
   * where it is huge.
   *
   * @param labels the axes of the array
   * @param box where the part's cells lie in the array
   */
  public Tiling tiling(List<String> labels, GridEnvelope box, List<Band> target) {
    int n = labels.size();
    long cells = 1;
    long[] edges = new long[n];
    long[] most = new long[n];
    List<Long> origin = new ArrayList<>();
    FileBand band = bands.getFirst();
    for (int i = 0; i < n; i++) {
      SourceAxis axis = layout.axis(labels.get(i)).orElse(SourceAxis.absent(labels.get(i)));
      int d = axis.dimension().map(name -> dimension(band, name)).orElse(-1);
      long block = d < 0 || d >= band.block().size() ? 1 : Math.max(1, band.block().get(d));
      edges[i] = d < 0 ? 1 : Math.min(block, band.dimensions().get(d).size());
      most[i] = d < 0 ? 1 : axis.count();
      origin.add(
          axis.reversed()
              ? box.low(i) + Math.floorMod(axis.start() + axis.count(), edges[i])
              : box.low(i) - Math.floorMod(axis.start(), edges[i]));
      cells *= edges[i];
    }
    int widest = target.stream().mapToInt(b -> b.type().bytes()).max().orElse(1);
    while (cells * widest < REFERRED_BYTES) {
      int axis = axisToGrow(edges, most);
      if (axis < 0) {
        break;
      }
      edges[axis] *= 2;
      cells *= 2;
    }
    List<Long> chosen = new ArrayList<>();
    Arrays.stream(edges).forEach(chosen::add);
    return new Tiling(chosen, origin);
  }

  /** Of the last two axes the shorter one, then those before them; -1 if all are long enough. */
  private static int axisToGrow(long[] edges, long[] most) {
    int n = edges.length;
    int x = n - 1;
    int y = n - 2;
    boolean growX = edges[x] < most[x];
    boolean growY = n > 1 && edges[y] < most[y];
    if (growX && (!growY || edges[x] <= edges[y])) {
      return x;
    }
    for (int i = y; i >= 0; i--) {
      if (edges[i] < most[i]) {
        return i;
      }
    }
    return growX ? x : -1;
  }

  private CellArray readBand(FileBand band, List<String> labels, long[] offset, GridEnvelope box) {
    int n = band.dimensions().size();
    long[] start = new long[n];
    long[] count = new long[n];
    Arrays.fill(count, 1);
    for (FixedDimension f : layout.fixed()) {
      int d = dimension(band, f.dimension());
      if (d >= 0) {
        start[d] = f.index();
      }
    }
    int[] dimensionOf = new int[labels.size()];
    boolean[] reversed = new boolean[labels.size()];
    for (int i = 0; i < labels.size(); i++) {
      SourceAxis axis = layout.axis(labels.get(i)).orElse(SourceAxis.absent(labels.get(i)));
      dimensionOf[i] = axis.dimension().map(d -> dimension(band, d)).orElse(-1);
      reversed[i] = axis.reversed();
      if (dimensionOf[i] >= 0) {
        long size = box.size(i);
        count[dimensionOf[i]] = size;
        start[dimensionOf[i]] =
            axis.start() + (reversed[i] ? axis.count() - offset[i] - size : offset[i]);
      }
    }
    CellArray cells =
        switch (layout.reader()) {
          case ARRAYS -> {
            long[] step = new long[n];
            Arrays.fill(step, 1);
            yield workers.readArray(source, band.array().orElseThrow(), start, count, step);
          }
          case RASTER -> {
            RasterWindow window =
                new RasterWindow((int) start[1], (int) start[0], (int) count[1], (int) count[0]);
            yield workers
                .readRaster(source, window, new int[] {Integer.parseInt(band.name())}, band.type())
                .getFirst();
          }
        };
    return arrange(cells, count, dimensionOf, reversed, box);
  }

  private static int dimension(FileBand band, String name) {
    for (int i = 0; i < band.dimensions().size(); i++) {
      if (band.dimensions().get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Puts cells in file order into array order. */
  private static CellArray arrange(
      CellArray cells, long[] count, int[] dimensionOf, boolean[] reversed, GridEnvelope box) {
    int n = box.dimension();
    int components = cells.type().isComplex() ? 2 : 1;
    long[] fileStride = new long[count.length];
    long stride = components;
    for (int d = count.length - 1; d >= 0; d--) {
      fileStride[d] = stride;
      stride *= count[d];
    }
    int[] size = new int[n + 1];
    int[] step = new int[n + 1];
    int from = 0;
    boolean inPlace = true;
    long expected = components;
    for (int i = n - 1; i >= 0; i--) {
      size[i] = Math.toIntExact(box.size(i));
      long s = dimensionOf[i] < 0 ? 0 : fileStride[dimensionOf[i]];
      if (size[i] > 1 && (s != expected || reversed[i])) {
        inPlace = false;
      }
      expected *= size[i];
      if (reversed[i]) {
        from += Math.toIntExact(s * (size[i] - 1));
        s = -s;
      }
      step[i] = Math.toIntExact(s);
    }
    if (inPlace) {
      return cells;
    }
    size[n] = components;
    step[n] = 1;
    CellArray result = CellArray.allocate(cells.type(), box.cells());
    copy(cells.values(), from, result.values(), 0, size, step, 0);
    return result;
  }

  /** Copies a strided box into a dense one; returns the next free place of the target. */
  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the same primitive type
  private static int copy(
      Object source, int from, Object target, int to, int[] size, int[] step, int axis) {
    int next = to;
    if (axis == size.length - 1) {
      if (size[axis] == 1) {
        single(source, from, target, next);
        return next + 1;
      }
      System.arraycopy(source, from, target, next, size[axis]);
      return next + size[axis];
    }
    if (axis == size.length - 2 && size[axis + 1] == 1) {
      return row(source, from, step[axis], target, next, size[axis]);
    }
    for (int i = 0; i < size[axis]; i++) {
      next = copy(source, from + i * step[axis], target, next, size, step, axis + 1);
    }
    return next;
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the same primitive type
  private static void single(Object source, int from, Object target, int to) {
    System.arraycopy(source, from, target, to, 1);
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the same primitive type
  private static int row(Object source, int from, int step, Object target, int to, int count) {
    if (step == 1) {
      System.arraycopy(source, from, target, to, count);
      return to + count;
    }
    switch (source) {
      case byte[] s -> {
        byte[] t = (byte[]) target;
        for (int i = 0; i < count; i++) {
          t[to + i] = s[from + i * step];
        }
      }
      case short[] s -> {
        short[] t = (short[]) target;
        for (int i = 0; i < count; i++) {
          t[to + i] = s[from + i * step];
        }
      }
      case int[] s -> {
        int[] t = (int[]) target;
        for (int i = 0; i < count; i++) {
          t[to + i] = s[from + i * step];
        }
      }
      case long[] s -> {
        long[] t = (long[]) target;
        for (int i = 0; i < count; i++) {
          t[to + i] = s[from + i * step];
        }
      }
      case float[] s -> {
        float[] t = (float[]) target;
        for (int i = 0; i < count; i++) {
          t[to + i] = s[from + i * step];
        }
      }
      case double[] s -> {
        double[] t = (double[]) target;
        for (int i = 0; i < count; i++) {
          t[to + i] = s[from + i * step];
        }
      }
      default -> throw new IllegalArgumentException("no cells: " + source.getClass());
    }
    return to + count;
  }

  private Cells convert(CellArray cells, FileBand band, Band target) {
    CellType from = cellType(cells.type());
    boolean sameBits = from == target.type() && cells.type() != GdalType.UINT64;
    if (sameBits && !packed(band)) {
      return Cells.wrap(target.type(), cells.values(), null);
    }
    if (from.isComplex() || target.type().isComplex()) {
      throw new OwsException(
          OwsErrorCode.INCONSISTENT_CHANGE,
          band.name(),
          "Cells of type " + from + " cannot become " + target.type() + ".");
    }
    Cells result = Cells.allocate(target.type(), cells.length());
    double given = band.noData() == null ? Double.NaN : band.noData().doubleValue();
    // As the cells themselves were rounded when they were written.
    double noData = cells.type() == GdalType.FLOAT32 ? (float) given : given;
    boolean unpack = packed(band);
    for (int i = 0; i < cells.length(); i++) {
      double value = cells.number(i);
      if (unpack) {
        boolean absent =
            band.noData() != null
                && (value == noData || (Double.isNaN(noData) && Double.isNaN(value)));
        value = absent ? target.nulls().fill() : value * band.scale() + band.offset();
      }
      result.set(i, value, 0);
    }
    return result;
  }
}
