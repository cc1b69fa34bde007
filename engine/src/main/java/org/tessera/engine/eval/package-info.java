/**
 * Evaluation: computes the cells of an {@link org.tessera.engine.algebra.ArrayExpr} for a box,
 * block by block, in parallel, within limits. Door: {@link org.tessera.engine.eval.Evaluators},
 * {@link org.tessera.engine.eval.Evaluator}, {@link org.tessera.engine.eval.Evaluation}.
 *
 * <p>In the order in which a request meets them: {@code Planner} turns the expression into {@code
 * Node}s, one tree a band; iteration variables become axes there, so that nothing later knows of
 * them. {@code BlockEvaluation} cuts the box asked for into units along tile borders and units into
 * blocks ({@code Boxes}), which the threads of a {@code Crew} take one after another. A node is
 * asked for a block and asks its inputs for what it needs of them: {@code Nodes} (cell by cell),
 * {@code Views} (cells from other places), {@code Resampling} (cells from several ones), {@code
 * Fold} (condensers, with {@code Accumulator} and the {@code Shortcut} through tile statistics).
 * {@code Kernel}, {@code Loops}, {@code Widening} and {@code Narrowing} compute with the arrays of
 * a block ({@code Vec}); {@code Arena} lends the arrays.
 *
 * <p>{@code Needs} asks the nodes what they would ask for: the {@link
 * org.tessera.engine.eval.Estimate} and the limits come from it before any work.
 *
 * <p>Knows nothing of storage but {@link org.tessera.engine.array.ArraySource}, and keeps no cells
 * from one request to the next: caching is the source's.
 */
package org.tessera.engine.eval;
