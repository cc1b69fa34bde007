/**
 * The array algebra: the sealed {@link org.tessera.engine.algebra.ArrayExpr} records, which check
 * their operands and compute their type when they are made, and the two tables {@link
 * org.tessera.engine.algebra.CellFunctions} and {@link org.tessera.engine.algebra.Condensers}.
 * Knows nothing of evaluation or storage.
 */
package org.tessera.engine.algebra;
