/**
 * Stored arrays: versions of n-dimensional arrays as tiles, compressed, in a store of blobs.
 *
 * <p>Door: {@link org.tessera.engine.store.ArrayStore}, which makes {@link
 * org.tessera.engine.store.ArrayWriter}s and opens {@link org.tessera.engine.store.ArrayVersion}s
 * over a {@link org.tessera.engine.store.TileStore}. Knows nothing of axis names, coordinates,
 * catalogues or transactions: an update has happened when someone keeps the key of the new version.
 *
 * <h2>Format 1</h2>
 *
 * All blobs are written once and never changed. Keys: {@code WRITER.N.tiles} and {@code
 * WRITER.N.manifest}, where WRITER is the time in milliseconds and 32 random digits, both
 * hexadecimal, and N counts from 0. Numbers in manifests are big-endian (as of {@link
 * java.io.DataOutput}), numbers in chunks little-endian. Text is as of {@code writeUTF}. A checksum
 * is CRC32C.
 *
 * <h3>Tiles</h3>
 *
 * The boxes of the tiling cut the array; of each box the smallest part that holds the written cells
 * is a tile. Each band of a tile is a <em>chunk</em>; a {@code .tiles} blob is nothing but chunks
 * one after the other, about 16 MiB of them; chunks of at most 64 bytes are in the manifest
 * instead. A chunk holds the band's cells in row-major order, complex cells as pairs of elements,
 * and starts with a byte that tells its kind and three unused bytes:
 *
 * <ul>
 *   <li>1, constant: the bytes of the one cell, their checksum (4 bytes).
 *   <li>0, blocks: the elements in runs of 32 KiB (before compression; the last one is what is
 *       left), each a <em>block</em> that can be decoded alone. First, for each block, its length
 *       in bytes (4) and its checksum (4); then the blocks.
 *   <li>2, with gaps: a band without null values in a tile of which some cells were never written.
 *       The length of a chunk (4), that chunk, which holds a null mask as INT64 elements, and the
 *       chunk of the cells, which are 0 where they are missing. The statistics count the missing
 *       cells as nulls. (Complex bands have no gaps: their missing cells are 0.)
 * </ul>
 *
 * A block starts with an int whose low byte tells its kind: 3 is <em>packed bits</em>, see {@link
 * org.tessera.engine.store.BitPack}. Else the block is the <em>byte planes</em> of its elements,
 * least significant bytes first; each plane is an int (low byte kind, upper 24 bits a number) and
 * bytes: kind 0 stored as it is (number: length), 1 a zstd frame without content size and checksum
 * (number: length), 2 all bytes are alike (number: that byte; no bytes follow).
 *
 * <p>Cells may also stay <em>elsewhere</em>: the manifest then has references in place of a chunk.
 * A reference is a list of layers, later ones over earlier ones: a source (a text that only {@link
 * org.tessera.engine.store.ReferencedCells} understands), a band of it, the box that it fills, the
 * place of the box's first cell in the source, and whether its null cells let through what is
 * below.
 *
 * <h3>Manifests</h3>
 *
 * A {@code .manifest} blob is: magic {@code TESSERA\1} (8 bytes); pages; the root; a footer of 24
 * bytes: offset of the root (8), its length (4), zero (4), magic (8). Pages and root are each:
 * length when unpacked (4), checksum (4), a zstd frame.
 *
 * <p>The <em>root</em>: number of axes; domain (low and high of each axis, 8 bytes each,
 * inclusive); number of bands, each with the name of its {@link org.tessera.engine.array.CellType},
 * number of null intervals, their bounds as doubles; edge and origin of the tiling per axis; number
 * of pages; for each page the key of its blob (empty: this one), offset (8), length (4), number of
 * tiles (4), bytes of their chunks (8), the least box that holds them, low corner of the first
 * tile; at last, for each page, how many cells its tiles hold in the band without null values that
 * has least (8; -1 if that is not known; older manifests end before). An array of which that is
 * less than its domain has gaps. Pages are in row-major order of their tiles' places in the tiling.
 * A manifest refers to pages in the blobs of older manifests where an update left them alone, so
 * that appending to an array of 10<sup>6</sup> tiles writes one page.
 *
 * <p>A <em>page</em>: number of tiles (at most 4096); the keys of the blobs they are in; the inline
 * chunks; then a column per number, each a length (4) and a chunk of INT64 with the differences
 * from tile to tile: low and high per axis; per band index of the blob (-1: inline; -2 - n:
 * elsewhere, n being the index of a name that no blob has and that with the reference's number is
 * its identity), offset, length, and the statistics: count, nulls, NaNs, min, max, sum (bits of
 * doubles), exact sum, kind (0 none, 1 sum is a double, 2 sum is exact). After the columns the
 * sources of references, each its length (4) and UTF-8; none in pages without references. A
 * reference lies among the inline chunks: its number (8), number of layers (4), and per layer index
 * of the source (4), band (4), masked (1), and per axis low and high relative to the tile and the
 * place in the source (8 each).
 *
 * <h3>Durability</h3>
 *
 * A commit forces all tiles to the device, then the manifest; a blob appears under its key only
 * when it is whole. What a crash leaves are blobs that no live version refers to; {@link
 * org.tessera.engine.store.ArrayStore#collectGarbage} finds them by reading the live versions.
 */
package org.tessera.engine.store;
