package org.tessera.engine.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tessera.engine.array.ArraySource;
import org.tessera.engine.array.ArrayType;
import org.tessera.engine.array.Band;
import org.tessera.engine.array.BandStatistics;
import org.tessera.engine.array.Cells;
import org.tessera.engine.array.GridEnvelope;
import org.tessera.engine.array.NullSet;
import org.tessera.engine.array.Reading;
import org.tessera.engine.array.StoredTile;
import org.tessera.engine.array.Tile;

/**
 * One immutable version of a stored array. Thread-safe; need not be closed: while it is reachable,
 * garbage collection leaves its tiles alone.
 */
public final class ArrayVersion implements ArraySource {
  private final Manifest manifest;
  private final ArrayType type;
  private final ChunkReader reader;

  ArrayVersion(Manifest manifest, ChunkReader reader) {
    this.manifest = manifest;
    this.type = manifest.hasGaps() ? withGaps(manifest.type()) : manifest.type();
    this.reader = reader;
  }

  private static ArrayType withGaps(ArrayType type) {
    return new ArrayType(
        type.domain(),
        type.bands().stream()
            .map(b -> b.nulls().isEmpty() ? new Band(b.type(), NullSet.GAPS) : b)
            .toList());
  }

  /** What the catalogue keeps: {@link ArrayStore#open} with it gives this version again. */
  public String key() {
    return manifest.key();
  }

  @Override
  public String identity() {
    return key();
  }

  /**
   * {@inheritDoc} Bands without null values have {@link NullSet#GAPS} if cells of the domain were
   * never stored.
   */
  @Override
  public ArrayType type() {
    return type;
  }

  /** How the array is cut into tiles; no edge is unlimited. */
  public Tiling tiling() {
    return manifest.tiling();
  }

  /** Number of tiles. */
  public long tileCount() {
    return manifest.tileCount();
  }

  /** Bytes that the tiles take in the store, compressed. */
  public long storedBytes() {
    return manifest.storedBytes();
  }

  Manifest manifest() {
    return manifest;
  }

  /** {@inheritDoc} The order is the row-major order of the tile grid. */
  @Override
  public List<StoredTile> tiles(GridEnvelope box) {
    List<StoredTile> tiles = new ArrayList<>();
    List<Manifest.PageRef> pages = manifest.pages();
    for (int p = 0; p < pages.size(); p++) {
      Manifest.PageRef ref = pages.get(p);
      if (ref.bounds().intersects(box)) {
        Page page = page(p);
        long first = (long) p * Page.CAPACITY;
        int candidates = candidates(ref.bounds(), box, page.size());
        if (candidates < page.size() / 16) {
          lookUp(page, first, ref.bounds().intersection(box).orElseThrow(), box, tiles);
        } else {
          page.intersecting(box, t -> tiles.add(tile(page, first, t)));
        }
      }
    }
    return tiles;
  }

  /** Number of places of the tile grid in the box within the bounds, at most {@code most}. */
  private int candidates(GridEnvelope bounds, GridEnvelope box, int most) {
    long places = 1;
    for (int i = 0; i < box.dimension() && places < most; i++) {
      long low = tiling().column(i, Math.max(bounds.low(i), box.low(i)));
      long high = tiling().column(i, Math.min(bounds.high(i), box.high(i)));
      places *= Math.min(most, high - low + 1);
    }
    return (int) Math.min(most, places);
  }

  private void lookUp(
      Page page, long first, GridEnvelope places, GridEnvelope box, List<StoredTile> tiles) {
    long[] low = tiling().columns(places.low());
    long[] high = tiling().columns(places.high());
    long[] at = low.clone();
    int axis;
    do {
      int t = page.find(tiling(), at);
      if (t >= 0 && page.box(t).intersects(box)) {
        tiles.add(tile(page, first, t));
      }
      axis = at.length - 1;
      while (axis >= 0 && ++at[axis] > high[axis]) {
        at[axis] = low[axis];
        axis--;
      }
    } while (axis >= 0);
  }

  private StoredTile tile(Page page, long first, int t) {
    int bands = type().bands().size();
    if (bands == 1) {
      BandStatistics s = statistics(page, t, 0);
      return new StoredTile(first + t, page.box(t), s == null ? List.of() : List.of(s));
    }
    List<BandStatistics> statistics = new ArrayList<>(bands);
    for (int b = 0; b < bands; b++) {
      BandStatistics s = statistics(page, t, b);
      if (s == null) {
        return new StoredTile(first + t, page.box(t), List.of());
      }
      statistics.add(s);
    }
    return new StoredTile(first + t, page.box(t), statistics);
  }

  private BandStatistics statistics(Page page, int t, int band) {
    BandStatistics s = page.statistics(t, band);
    return s != null || page.sources().isEmpty() || type().band(band).type().isComplex()
        ? s
        : reader.known(page.chunk(t, band));
  }

  /** The sources that the version refers to, see {@link ReferencedCells}; in no order. */
  public Set<String> sources() {
    Set<String> sources = new HashSet<>();
    for (int p = 0; p < manifest.pages().size(); p++) {
      sources.addAll(page(p).sources());
    }
    return sources;
  }

  @Override
  public void ensureReadable(GridEnvelope box) {
    Set<String> sources = new HashSet<>();
    List<Manifest.PageRef> pages = manifest.pages();
    for (int p = 0; p < pages.size(); p++) {
      if (!pages.get(p).bounds().intersects(box)) {
        continue;
      }
      Page page = page(p);
      if (box.contains(pages.get(p).bounds())) {
        sources.addAll(page.sources());
      } else if (!page.sources().isEmpty()) {
        page.intersecting(box, t -> addSources(page, t, sources));
      }
    }
    sources.forEach(reader.referenced()::check);
  }

  private void addSources(Page page, int tile, Set<String> sources) {
    for (int b = 0; b < type().bands().size(); b++) {
      Chunk chunk = page.chunk(tile, b);
      if (chunk.isElsewhere()) {
        chunk.references().layers().forEach(layer -> sources.add(layer.source()));
      }
    }
  }

  /**
   * {@inheritDoc} No bands means all. When the box is the whole tile, the cells are those of the
   * cache itself: they must not be written to.
   */
  @Override
  public Tile read(StoredTile tile, GridEnvelope box, int... bands) {
    Page page = page((int) (tile.number() / Page.CAPACITY));
    int t = (int) (tile.number() % Page.CAPACITY);
    GridEnvelope tileBox = tile.box();
    if (!tileBox.contains(box) || !page.box(t).equals(tileBox)) {
      throw new IllegalArgumentException("box " + box + " is not in tile " + tileBox);
    }
    int n = bands.length == 0 ? type().bands().size() : bands.length;
    List<Cells> cells = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      int b = bands.length == 0 ? i : bands[i];
      cells.add(
          reader.read(tileBox, page.chunk(t, b), type().band(b), page.statistics(t, b), b, box));
    }
    return new Tile(box, cells);
  }

  @Override
  public Run run(StoredTile tile, GridEnvelope box, int band, Reading reading) {
    Page page = page((int) (tile.number() / Page.CAPACITY));
    int t = (int) (tile.number() % Page.CAPACITY);
    return reader.run(
        tile.box(),
        page.chunk(t, band),
        type().band(band),
        page.statistics(t, band),
        band,
        box,
        reading);
  }

  @Override
  public long bytes(StoredTile tile, GridEnvelope box, int band, GridEnvelope region) {
    Page page = page((int) (tile.number() / Page.CAPACITY));
    int t = (int) (tile.number() % Page.CAPACITY);
    return reader.bytes(
        tile.box(), page.chunk(t, band), type().band(band), page.statistics(t, band), box, region);
  }

  Page page(int index) {
    return reader.page(manifest, index);
  }

  /** The tile at these columns of the grid, or null. */
  TileEntry entry(long[] columns) {
    int p = manifest.pageOf(columns);
    if (p < 0) {
      return null;
    }
    Page page = page(p);
    int t = page.find(tiling(), columns);
    return t < 0 ? null : page.entry(t);
  }
}
