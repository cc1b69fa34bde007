/**
 * Evaluation: computes the cells of an {@link org.tessera.engine.algebra.ArrayExpr} for a box,
 * block by block, in parallel, within limits. Door: {@link org.tessera.engine.eval.Evaluator}.
 */
package org.tessera.engine.eval;
