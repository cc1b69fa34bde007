/**
 * Arrays as values: grid boxes, cell types, null sets, buffers of cells, and the one interface
 * through which stored arrays are read.
 *
 * <p>Door: {@link org.tessera.engine.array.GridEnvelope}, {@link
 * org.tessera.engine.array.ArrayType}, {@link org.tessera.engine.array.Tile}, {@link
 * org.tessera.engine.array.ArraySource}. This package knows integers only: no axis names, no
 * coordinates, no storage, no evaluation.
 */
package org.tessera.engine.array;
