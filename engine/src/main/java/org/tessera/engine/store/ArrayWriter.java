package org.tessera.engine.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.tessera.engine.EngineException;
import org.tessera.engine.EngineException.Code;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullMask;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Tile;

/**
 * Prepares one further version of an array; nobody sees it before its key is in the catalogue. Made
 * by {@link ArrayStore#create} and {@link ArrayStore#update}. Any number of writers may work on the
 * same base. Confined to one thread at a time (it uses several itself). Memory stays bounded: tiles
 * of which only a part was written so far wait in memory up to a budget, then go to the store and
 * are read back when more of them comes.
 *
 * <p>Closing without a commit removes what was written; closing after it does nothing.
 */
public final class ArrayWriter implements AutoCloseable {
  private final ArrayStore store;
  private final String id;
  private final List<Band> bands;
  private final int dimension;
  private final Tiling tiling;
  private final PackWriter packs;
  private final long budget;

  /** Tiles that differ from the base, by their place in the tile grid; null where one is gone. */
  private final NavigableMap<long[], TileEntry> edits = new TreeMap<>(ORDER);

  private final Map<List<Long>, PendingTile> pending = new LinkedHashMap<>(64, 0.75f, true);
  private static final Comparator<long[]> ORDER = Arrays::compare;
  private long pendingBytes;
  private ArrayVersion base;
  private GridEnvelope baseDomain;
  private GridEnvelope written;
  private boolean shifted;
  private boolean open = true;
  private int commits;

  /** References made so far. */
  private long references;

  /** Where more references lie over one another than this, their cells are copied. */
  private static final int MAX_LAYERS = 500;

  /**
   * @param base null for a new array
   * @param budget bytes of unfinished tiles to keep in memory
   */
  ArrayWriter(
      ArrayStore store,
      String id,
      List<Band> bands,
      int dimension,
      Tiling tiling,
      ArrayVersion base,
      long budget) {
    this.store = store;
    this.id = id;
    this.bands = List.copyOf(bands);
    this.dimension = dimension;
    this.tiling = tiling;
    this.base = base;
    this.baseDomain = base == null ? null : base.type().domain();
    this.budget = budget;
    this.packs = new PackWriter(store.tiles(), id);
  }

  /**
   * Writes the cells of a box: any box, in any order, later ones over earlier ones. The part may be
   * used again when this returns. Cells that the part's mask calls null are stored as the band's
   * fill value unless their value is null already; in a band without null values they become cells
   * that were never stored.
   *
   * @param bandNumbers the array's bands that the part's bands are, in order; none for all. The
   *     bands left out keep their cells, or get the fill value where there were none.
   * @throws EngineException INVALID_EXPRESSION if the types or the number of axes do not fit,
   *     STORAGE_FAILED
   */
  public void write(Tile part, int... bandNumbers) {
    int[] numbers = check(part, bandNumbers);
    List<Cells> cells = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      cells.add(withNullValues(part.band(i), bands.get(numbers[i])));
    }
    write(new Tile(part.box(), cells), numbers, null);
  }

  /**
   * As {@link #write}, but cells that are null in the part leave the old ones alone: those of the
   * part's mask or, where a band has none, those whose value is null.
   */
  public void writeMasked(Tile part, int... bandNumbers) {
    int[] numbers = check(part, bandNumbers);
    long[][] masks = new long[numbers.length][];
    boolean any = false;
    for (int i = 0; i < numbers.length; i++) {
      Cells c = part.band(i);
      masks[i] =
          c.nulls() != null
              ? c.nulls()
              : NullMask.of(c.type(), c.array(), c.length(), bands.get(numbers[i]).nulls());
      any |= masks[i] != null;
    }
    List<Cells> cells = new ArrayList<>();
    for (int i = 0; i < numbers.length; i++) {
      Cells c = part.band(i);
      cells.add(masks[i] == null ? c : filled(c, masks[i], bands.get(numbers[i])));
    }
    write(new Tile(part.box(), cells), numbers, any ? masks : null);
  }

  private int[] check(Tile part, int[] bandNumbers) {
    mustBeOpen();
    int[] numbers = bandNumbers;
    if (numbers.length == 0) {
      numbers = new int[bands.size()];
      Arrays.setAll(numbers, i -> i);
    }
    if (part.box().dimension() != dimension) {
      throw new EngineException(
          Code.INVALID_EXPRESSION,
          "a part of " + part.box().dimension() + " axes for an array of " + dimension);
    }
    if (part.bands().size() != numbers.length) {
      throw new EngineException(
          Code.INVALID_EXPRESSION,
          "a part of " + part.bands().size() + " bands where " + numbers.length + " are written");
    }
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0 || numbers[i] >= bands.size()) {
        throw new EngineException(
            Code.INVALID_EXPRESSION,
            "band " + numbers[i] + " of an array of " + bands.size() + " bands");
      }
      if (part.band(i).type() != bands.get(numbers[i]).type()) {
        throw new EngineException(
            Code.INVALID_EXPRESSION,
            part.band(i).type()
                + " cells for band "
                + numbers[i]
                + " of type "
                + bands.get(numbers[i]).type());
      }
    }
    return numbers;
  }

  /** The cells, with the fill value where the mask says null but the value does not. */
  private static Cells withNullValues(Cells cells, Band band) {
    NullSet nulls = band.nulls();
    if (cells.nulls() == null || nulls.isEmpty()) {
      return cells;
    }
    long[] have = NullMask.of(cells.type(), cells.array(), cells.length(), nulls);
    long[] missing = cells.nulls().clone();
    long any = 0;
    for (int w = 0; w < missing.length; w++) {
      missing[w] &= have == null ? -1L : ~have[w];
      any |= missing[w];
    }
    return any == 0 ? cells : filled(cells, missing, band);
  }

  /** A copy of the cells, with the fill value where the mask is set. */
  private static Cells filled(Cells cells, long[] mask, Band band) {
    int unit = cells.type().components();
    Cells fill = Cells.allocate(cells.type(), 1);
    ChunkReader.fill(band, fill.array());
    Cells copy = Cells.allocate(cells.type(), cells.length());
    System.arraycopy(cells.array(), 0, copy.array(), 0, cells.length() * unit);
    for (int w = 0; w < mask.length; w++) {
      for (long rest = mask[w]; rest != 0; rest &= rest - 1) {
        int cell = (w << 6) + Long.numberOfTrailingZeros(rest);
        if (cell < cells.length()) {
          System.arraycopy(fill.array(), 0, copy.array(), cell * unit, unit);
        }
      }
    }
    return copy;
  }

  /** A tile (or some bands of it) that a part covers wholly. */
  private static final class Direct {
    final long[] columns;
    final GridEnvelope box;

    /** Where the bands that are not written come from; null if there is nothing. */
    final TileEntry old;

    Direct(long[] columns, GridEnvelope box, TileEntry old) {
      this.columns = columns;
      this.box = box;
      this.old = old;
    }
  }

  private void write(Tile part, int[] numbers, long[][] masks) {
    written = written == null ? part.box() : written.union(part.box());
    List<Direct> direct = new ArrayList<>();
    long[] low = tiling.columns(part.box().low());
    long[] high = tiling.columns(part.box().high());
    long[] at = low.clone();
    int axis;
    do {
      GridEnvelope place = tiling.box(at);
      GridEnvelope box = place.intersection(part.box()).orElseThrow();
      writeTile(part, numbers, masks, at.clone(), place, box, direct);
      axis = dimension - 1;
      while (axis >= 0 && ++at[axis] > high[axis]) {
        at[axis] = low[axis];
        axis--;
      }
    } while (axis >= 0);
    if (direct.size() == 1) {
      Direct d = direct.getFirst();
      edits.put(d.columns, encode(d, part, numbers));
    } else {
      List<TileEntry> entries = direct.parallelStream().map(d -> encode(d, part, numbers)).toList();
      for (int i = 0; i < entries.size(); i++) {
        edits.put(direct.get(i).columns, entries.get(i));
      }
    }
    spill();
  }

  private void writeTile(
      Tile part,
      int[] numbers,
      long[][] masks,
      long[] columns,
      GridEnvelope place,
      GridEnvelope box,
      List<Direct> direct) {
    boolean allBands = numbers.length == bands.size();
    if (masks != null && nothingToWrite(masks, part.box(), box)) {
      return;
    }
    List<Long> key = key(columns);
    PendingTile tile = pending.get(key);
    TileEntry old = tile == null ? entry(columns) : null;
    boolean canDirect = masks == null || (tile == null && old == null && !anyMayHaveGaps());
    if (box.equals(place) && canDirect) {
      boolean replaces = allBands && masks == null;
      if (replaces && tile != null) {
        pendingBytes -= tile.bytes();
        pending.remove(key);
        tile = null;
      }
      // Bands that are not written are taken over as they are if they fill the same box.
      if (tile == null && (replaces || old == null || old.box().equals(box))) {
        direct.add(new Direct(columns, box, old));
        return;
      }
    }
    if (tile == null) {
      tile = old == null ? new PendingTile(bands, place, box) : load(old, place);
      pending.put(key, tile);
      pendingBytes += tile.bytes();
    }
    long before = tile.bytes();
    for (int i = 0; i < numbers.length; i++) {
      if (masks == null || masks[i] == null) {
        tile.put(numbers[i], part.band(i).array(), part.box(), box);
      } else {
        tile.putMasked(numbers[i], part.band(i), masks[i], part.box(), box);
      }
    }
    tile.mark(box, missing(part, numbers, masks), part.box(), masks == null);
    pendingBytes += tile.bytes() - before;
    if (allBands) {
      tile.count(box.cells());
      if (tile.looksComplete()) {
        pendingBytes -= tile.bytes();
        pending.remove(key);
        edits.put(columns, encode(tile));
      }
    }
  }

  /**
   * Writes a box by saying where its cells are, see {@link ReferencedCells}: nothing is read or
   * copied. Where only a part of a tile is written, the references lie over one another; only where
   * one meets cells of the store are its cells copied.
   *
   * @param offset of the box's first cell in the source, per axis
   * @param masked whether null cells leave the old ones alone, as in {@link #writeMasked}
   * @param bandNumbers as in {@link #write}: the array's bands that those of the source are
   */
  public void refer(
      String source, long[] offset, GridEnvelope box, boolean masked, int... bandNumbers) {
    mustBeOpen();
    if (box.dimension() != dimension || offset.length != dimension) {
      throw new EngineException(
          Code.INVALID_EXPRESSION,
          "a reference of " + box.dimension() + " axes for an array of " + dimension);
    }
    int[] numbers = bandNumbers;
    if (numbers.length == 0) {
      numbers = new int[bands.size()];
      Arrays.setAll(numbers, i -> i);
    }
    written = written == null ? box : written.union(box);
    for (GridEnvelope place : tiling.places(box)) {
      GridEnvelope part = place.intersection(box).orElseThrow();
      List<Long> from = new ArrayList<>();
      for (int i = 0; i < dimension; i++) {
        from.add(offset[i] + part.low(i) - box.low(i));
      }
      referTile(source, from, part, masked, numbers);
    }
  }

  private void referTile(
      String source, List<Long> offset, GridEnvelope part, boolean masked, int[] numbers) {
    long[] columns = tiling.columns(part.low());
    if (pending.containsKey(key(columns))) {
      finish(List.of(key(columns)));
    }
    TileEntry old = entry(columns);
    boolean replaces =
        old != null && !masked && numbers.length == bands.size() && part.contains(old.box());
    if (replaces) {
      old = null;
    }
    if (old != null && !old.chunks().stream().allMatch(this::canGrow)) {
      copy(source, offset, part, masked, numbers);
      return;
    }
    GridEnvelope box = old == null ? part : old.box().union(part);
    long[] down = box.low();
    for (int i = 0; i < dimension; i++) {
      down[i] = -down[i];
    }
    List<Chunk> chunks = new ArrayList<>();
    List<BandStatistics> statistics = new ArrayList<>();
    for (int b = 0; b < bands.size(); b++) {
      References references = new References(List.of());
      if (old != null) {
        references = old.chunks().get(b).references().in(old.box(), box);
      }
      int given = indexOf(numbers, b);
      if (given >= 0) {
        references =
            references.with(
                new References.Layer(source, given, part.translate(down), offset, masked),
                store.reader().referenced());
      }
      chunks.add(elsewhere(references));
      statistics.add(null);
    }
    edits.put(columns, new TileEntry(box, chunks, statistics));
  }

  /** Whether a reference can be laid over these cells. */
  private boolean canGrow(Chunk chunk) {
    return chunk.isElsewhere() && chunk.references().layers().size() < MAX_LAYERS;
  }

  private Chunk elsewhere(References references) {
    return Chunk.elsewhere(id + ".references", this.references++, references);
  }

  /** Copies cells that a reference would point at. */
  private void copy(
      String source, List<Long> offset, GridEnvelope part, boolean masked, int[] numbers) {
    List<Cells> cells = new ArrayList<>();
    long[] from = offset.stream().mapToLong(Long::longValue).toArray();
    for (int i = 0; i < numbers.length; i++) {
      cells.add(store.reader().referenced().read(source, i, from, part, bands.get(numbers[i])));
    }
    if (masked) {
      writeMasked(new Tile(part, cells), numbers);
    } else {
      write(new Tile(part, cells), numbers);
    }
  }

  /**
   * Puts other sources in the place of those of the base.
   *
   * @param renewed the new form of each; a source that is not a key stays
   */
  public void replaceSources(Map<String, String> renewed) {
    mustBeOpen();
    finishAll();
    for (int p = 0; p < base.manifest().pages().size(); p++) {
      Page page = base.page(p);
      if (page.sources().stream().noneMatch(renewed::containsKey)) {
        continue;
      }
      List<TileEntry> tiles = new ArrayList<>();
      page.addEntries(tiles);
      for (TileEntry tile : tiles) {
        if (tile.chunks().stream()
            .filter(Chunk::isElsewhere)
            .flatMap(c -> c.references().layers().stream())
            .anyMatch(l -> renewed.containsKey(l.source()))) {
          edits.put(
              tile.columns(tiling),
              new TileEntry(
                  tile.box(),
                  tile.chunks().stream().map(c -> renewed(c, renewed)).toList(),
                  tile.statistics()));
        }
      }
    }
  }

  private Chunk renewed(Chunk chunk, Map<String, String> sources) {
    return chunk.isElsewhere()
        ? elsewhere(
            new References(
                chunk.references().layers().stream()
                    .map(
                        l ->
                            new References.Layer(
                                sources.getOrDefault(l.source(), l.source()),
                                l.band(),
                                l.box(),
                                l.offset(),
                                l.masked()))
                    .toList()))
        : chunk;
  }

  /** The null mask of cells that no band writes; null if there are none. */
  private long[] missing(Tile part, int[] numbers, long[][] masks) {
    long[] all = null;
    for (int i = 0; i < numbers.length; i++) {
      if (masks == null && !PendingTile.mayHaveGaps(bands.get(numbers[i]))) {
        continue;
      }
      long[] own = masks == null ? part.band(i).nulls() : masks[i];
      if (own == null) {
        return null;
      }
      all = all == null ? own.clone() : all;
      for (int w = 0; w < own.length; w++) {
        all[w] &= own[w];
      }
    }
    return all;
  }

  private static boolean nothingToWrite(long[][] masks, GridEnvelope maskBox, GridEnvelope box) {
    for (long[] mask : masks) {
      if (mask == null || !PendingTile.Masks.allSet(mask, maskBox, box)) {
        return false;
      }
    }
    return true;
  }

  private boolean anyMayHaveGaps() {
    return bands.stream().anyMatch(PendingTile::mayHaveGaps);
  }

  private static List<Long> key(long[] columns) {
    return Arrays.stream(columns).boxed().toList();
  }

  /** The tile at a place, as written so far or as in the base; null if there is none. */
  private TileEntry entry(long[] columns) {
    if (edits.containsKey(columns)) {
      return edits.get(columns);
    }
    return base == null ? null : base.entry(columns);
  }

  private PendingTile load(TileEntry entry, GridEnvelope place) {
    PendingTile tile = new PendingTile(bands, place, entry.box());
    for (int b = 0; b < bands.size(); b++) {
      Cells cells = read(entry, b);
      tile.put(b, cells.array(), entry.box(), entry.box());
      if (PendingTile.mayHaveGaps(bands.get(b))) {
        tile.mark(entry.box(), cells.nulls(), entry.box(), false);
      }
    }
    return tile;
  }

  private Cells read(TileEntry entry, int band) {
    Chunk chunk = entry.chunks().get(band);
    packs.ensureReadable(chunk);
    return store
        .reader()
        .read(entry.box(), chunk, bands.get(band), entry.statistics().get(band), band, entry.box());
  }

  private TileEntry encode(Direct d, Tile part, int[] numbers) {
    List<Chunk> chunks = new ArrayList<>();
    List<BandStatistics> statistics = new ArrayList<>();
    for (int b = 0; b < bands.size(); b++) {
      int given = indexOf(numbers, b);
      if (given < 0 && d.old != null) {
        chunks.add(d.old.chunks().get(b));
        statistics.add(d.old.statistics().get(b));
        continue;
      }
      Cells cells;
      if (given < 0) {
        cells = Cells.allocate(bands.get(b).type(), d.box.cellsAsInt());
        ChunkReader.fill(bands.get(b), cells.array());
      } else if (d.box.equals(part.box())) {
        cells = part.band(given);
      } else {
        cells = extract(List.of(part.band(given)), part.box(), d.box).getFirst();
      }
      add(b, cells.array(), d.box, cells.nulls(), chunks, statistics);
    }
    return new TileEntry(d.box, chunks, statistics);
  }

  private TileEntry encode(PendingTile tile) {
    List<Chunk> chunks = new ArrayList<>();
    List<BandStatistics> statistics = new ArrayList<>();
    long[] missing = tile.missing();
    for (int b = 0; b < bands.size(); b++) {
      add(b, tile.cells(b), tile.box(), missing, chunks, statistics);
    }
    return new TileEntry(tile.box(), chunks, statistics);
  }

  /**
   * Adds a band of a tile.
   *
   * @param missing null mask of cells that were never written, which counts for a band without null
   *     values; null for none
   */
  private void add(
      int b,
      Object cells,
      GridEnvelope box,
      long[] missing,
      List<Chunk> chunks,
      List<BandStatistics> statistics) {
    Band band = bands.get(b);
    int n = box.cellsAsInt();
    boolean gaps =
        PendingTile.mayHaveGaps(band)
            && missing != null
            && Arrays.stream(missing).anyMatch(w -> w != 0);
    long[] mask = gaps ? missing : NullMask.of(band.type(), cells, n, band.nulls());
    statistics.add(StatisticsKernel.of(band.type(), cells, n, mask));
    int unit = band.type().components();
    int row = dimension == 0 ? 0 : (int) box.size(dimension - 1) * unit;
    chunks.add(
        packs.append(
            gaps
                ? store.codec().encodeWithGaps(band.type(), cells, n, row, missing)
                : store.codec().encode(band.type(), cells, n * unit, row)));
  }

  private static int indexOf(int[] numbers, int band) {
    for (int i = numbers.length - 1; i >= 0; i--) {
      if (numbers[i] == band) {
        return i;
      }
    }
    return -1;
  }

  /** Sends the unfinished tiles that waited longest to the store until the rest fits the budget. */
  private void spill() {
    if (pendingBytes <= budget) {
      return;
    }
    List<List<Long>> eldest = new ArrayList<>();
    long bytes = pendingBytes;
    for (Map.Entry<List<Long>, PendingTile> e : pending.entrySet()) {
      if (bytes <= budget / 2) {
        break;
      }
      eldest.add(e.getKey());
      bytes -= e.getValue().bytes();
    }
    finish(eldest);
  }

  private void finish(List<List<Long>> keys) {
    List<PendingTile> tiles = keys.stream().map(pending::get).toList();
    List<TileEntry> entries = tiles.parallelStream().map(this::encode).toList();
    for (int i = 0; i < entries.size(); i++) {
      pendingBytes -= tiles.get(i).bytes();
      pending.remove(keys.get(i));
      edits.put(keys.get(i).stream().mapToLong(Long::longValue).toArray(), entries.get(i));
    }
  }

  private void finishAll() {
    finish(new ArrayList<>(pending.keySet()));
  }

  /**
   * Moves all cells of the base with an index of at least {@code from} along an axis by {@code by}:
   * up, to make room for slices, or down, over {@code -by} slices that are dropped. Before the
   * first write only; may be called several times. Tiles one cell thick along the axis (or moved by
   * a multiple of their edge) are moved without being read.
   *
   * @throws IllegalArgumentException if nothing of the base would be left
   */
  public void shift(int axis, long from, long by) {
    mustBeOpen();
    if (written != null) {
      throw new IllegalStateException("shift comes before the first write");
    }
    if (base == null || by == 0 || from > baseDomain.high(axis) + (by < 0 ? 1 : 0)) {
      return;
    }
    shifted = true;
    long cut = by > 0 ? from : from + by;
    List<TileEntry> touched = takeFrom(axis, cut);
    boolean alone = tiling.edge(axis) == 1 || by % tiling.edge(axis) == 0;
    List<TileEntry> recut = new ArrayList<>();
    for (TileEntry tile : touched) {
      if (alone && tile.box().low(axis) >= from) {
        GridEnvelope moved = moved(tile.box(), axis, by);
        edits.put(tiling.columns(moved.low()), tile.at(moved));
      } else {
        recut.add(tile);
      }
    }
    for (TileEntry tile : recut) {
      recut(tile, axis, from, cut, by);
    }
    written = null;
    long low = baseDomain.low(axis) + (from <= baseDomain.low(axis) ? by : 0);
    baseDomain = baseDomain.with(axis, low, baseDomain.high(axis) + by);
  }

  private GridEnvelope moved(GridEnvelope box, int axis, long by) {
    long[] offset = new long[dimension];
    offset[axis] = by;
    return box.translate(offset);
  }

  /** Takes away all tiles that reach to or beyond an index. */
  private List<TileEntry> takeFrom(int axis, long index) {
    finishAll();
    List<TileEntry> taken = new ArrayList<>();
    for (Map.Entry<long[], TileEntry> e : edits.entrySet()) {
      if (e.getValue() != null && e.getValue().box().high(axis) >= index) {
        taken.add(e.getValue());
        e.setValue(null);
      }
    }
    List<Manifest.PageRef> pages = base.manifest().pages();
    for (int p = 0; p < pages.size(); p++) {
      if (pages.get(p).bounds().high(axis) < index) {
        continue;
      }
      List<TileEntry> tiles = new ArrayList<>();
      base.page(p).addEntries(tiles);
      for (TileEntry tile : tiles) {
        long[] columns = tile.columns(tiling);
        if (tile.box().high(axis) >= index && !edits.containsKey(columns)) {
          taken.add(tile);
          edits.put(columns, null);
        }
      }
    }
    return taken;
  }

  private void recut(TileEntry tile, int axis, long from, long cut, long by) {
    List<Cells> cells = new ArrayList<>();
    for (int b = 0; b < bands.size(); b++) {
      cells.add(read(tile, b));
    }
    int[] numbers = new int[bands.size()];
    Arrays.setAll(numbers, i -> i);
    GridEnvelope box = tile.box();
    if (box.low(axis) < cut) {
      GridEnvelope kept = box.with(axis, box.low(axis), cut - 1);
      write(new Tile(kept, extract(cells, box, kept)), numbers, null);
    }
    if (box.high(axis) >= from) {
      GridEnvelope rest = box.with(axis, Math.max(box.low(axis), from), box.high(axis));
      write(new Tile(moved(rest, axis, by), extract(cells, box, rest)), numbers, null);
    }
  }

  private static List<Cells> extract(List<Cells> cells, GridEnvelope from, GridEnvelope box) {
    List<Cells> part = new ArrayList<>();
    for (Cells c : cells) {
      Cells p = Cells.allocate(c.type(), box.cellsAsInt());
      BoxCopy.copy(c.array(), from, p.array(), box, box, c.type().components());
      long[] nulls = c.nulls();
      if (nulls == null) {
        part.add(p);
      } else {
        long[] mask = new long[(p.length() + 63) >> 6];
        BoxCopy.runs(
            from, box, box, (at, to, length) -> NullMask.copy(nulls, at, mask, to, length));
        part.add(p.withNulls(mask));
      }
    }
    return part;
  }

  /**
   * The smallest box that holds the base's domain (shifted) and all that was written; null while
   * there is nothing.
   */
  public GridEnvelope domain() {
    if (baseDomain == null || written == null) {
      return baseDomain == null ? written : baseDomain;
    }
    return baseDomain.union(written);
  }

  /** The bands, and the domain so far; see {@link #domain()}, which must not be null. */
  public ArrayType type() {
    return new ArrayType(domain(), bands);
  }

  /** Commits with {@link #domain()}, which must not be null. */
  public ArrayVersion commit() {
    GridEnvelope domain = domain();
    if (domain == null) {
      throw new IllegalStateException("nothing was written: the version needs a domain");
    }
    return commit(domain);
  }

  /**
   * Makes everything durable and returns the new version, of the given domain: cells outside of it
   * are dropped, cells inside that were never written are null (or 0). May be called again after
   * {@link #rebase}.
   */
  public ArrayVersion commit(GridEnvelope domain) {
    mustBeOpen();
    if (domain.dimension() != dimension) {
      throw new EngineException(
          Code.INVALID_EXPRESSION,
          "a domain of " + domain.dimension() + " axes for an array of " + dimension);
    }
    finishAll();
    NavigableMap<long[], TileEntry> changes = within(domain);
    packs.flush();
    Manifest.Builder builder =
        new Manifest.Builder(id + "." + commits++ + ".manifest", store.codec(), bands);
    merge(changes, builder);
    Manifest manifest = builder.write(new ArrayType(domain, bands), tiling, store.tiles());
    return store.committed(manifest);
  }

  /** The edits, with the tiles cut off that reach out of the domain. */
  private NavigableMap<long[], TileEntry> within(GridEnvelope domain) {
    NavigableMap<long[], TileEntry> changes = new TreeMap<>(edits);
    if (base != null) {
      List<Manifest.PageRef> pages = base.manifest().pages();
      for (int p = 0; p < pages.size(); p++) {
        if (!domain.contains(pages.get(p).bounds())) {
          List<TileEntry> tiles = new ArrayList<>();
          base.page(p).addEntries(tiles);
          tiles.forEach(tile -> changes.putIfAbsent(tile.columns(tiling), null));
          for (TileEntry tile : tiles) {
            long[] columns = tile.columns(tiling);
            if (!edits.containsKey(columns)) {
              changes.put(columns, cutOff(tile, domain));
            }
          }
        }
      }
    }
    if (domain() != null && !domain.contains(domain())) {
      for (Map.Entry<long[], TileEntry> e : changes.entrySet()) {
        if (e.getValue() != null) {
          e.setValue(cutOff(e.getValue(), domain));
        }
      }
    }
    return changes;
  }

  private TileEntry cutOff(TileEntry tile, GridEnvelope domain) {
    if (domain.contains(tile.box())) {
      return tile;
    }
    GridEnvelope rest = tile.box().intersection(domain).orElse(null);
    if (rest == null) {
      return null;
    }
    List<Chunk> chunks = new ArrayList<>();
    List<BandStatistics> statistics = new ArrayList<>();
    for (int b = 0; b < bands.size(); b++) {
      Chunk chunk = tile.chunks().get(b);
      if (chunk.isElsewhere()) {
        chunks.add(elsewhere(chunk.references().in(tile.box(), rest)));
        statistics.add(null);
        continue;
      }
      Cells part = extract(List.of(read(tile, b)), tile.box(), rest).getFirst();
      add(b, part.array(), rest, part.nulls(), chunks, statistics);
    }
    return new TileEntry(rest, chunks, statistics);
  }

  /** Writes the pages: those of the base as they are where nothing changed, else new ones. */
  private void merge(NavigableMap<long[], TileEntry> changes, Manifest.Builder builder) {
    List<Manifest.PageRef> pages = base == null ? List.of() : base.manifest().pages();
    if (pages.isEmpty()) {
      List<TileEntry> tiles = changes.values().stream().filter(t -> t != null).toList();
      Page.cut(dimension, bands.size(), tiles, true).forEach(builder::add);
      return;
    }
    for (int p = 0; p < pages.size(); p++) {
      // A page reaches from its first tile to the next page's; the first page from the beginning.
      NavigableMap<long[], TileEntry> here = changes;
      if (p > 0) {
        here = here.tailMap(firstColumns(pages.get(p)), true);
      }
      boolean last = p == pages.size() - 1;
      if (!last) {
        here = here.headMap(firstColumns(pages.get(p + 1)), false);
      }
      if (here.isEmpty()) {
        builder.add(pages.get(p));
        continue;
      }
      List<TileEntry> old = new ArrayList<>();
      base.page(p).addEntries(old);
      NavigableMap<long[], TileEntry> merged = new TreeMap<>(ORDER);
      old.forEach(tile -> merged.put(tile.columns(tiling), tile));
      merged.putAll(here);
      List<TileEntry> tiles = merged.values().stream().filter(t -> t != null).toList();
      Page.cut(dimension, bands.size(), tiles, last).forEach(builder::add);
    }
  }

  private long[] firstColumns(Manifest.PageRef page) {
    return tiling.columns(page.first().stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * Puts what this writer wrote on top of another version of the same array, one that was published
   * meanwhile, so that it can be committed (again).
   *
   * @throws EngineException CONFLICT if both changed the same tile, or this writer has shifted, or
   *     the arrays differ in bands or tiling: then write anew
   */
  public void rebase(ArrayVersion newBase) {
    mustBeOpen();
    if (shifted) {
      throw conflict("slices were inserted into, or removed from, the older version");
    }
    if (!newBase.manifest().type().bands().equals(bands) || !newBase.tiling().equals(tiling)) {
      throw conflict("the newer version has other bands or another tiling");
    }
    finishAll();
    for (long[] columns : edits.keySet()) {
      TileEntry mine = base == null ? null : base.entry(columns);
      TileEntry theirs = newBase.entry(columns);
      boolean same = mine == null ? theirs == null : theirs != null && mine.sameAs(theirs);
      if (!same) {
        throw conflict("another writer has changed the tile at " + tiling.box(columns));
      }
    }
    base = newBase;
    baseDomain = newBase.type().domain();
  }

  private static EngineException conflict(String why) {
    return new EngineException(Code.CONFLICT, why);
  }

  private void mustBeOpen() {
    if (!open) {
      throw new IllegalStateException("the writer is closed");
    }
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      pending.clear();
      if (commits == 0) {
        packs.discard();
      }
      store.closed(id);
    }
  }
}
