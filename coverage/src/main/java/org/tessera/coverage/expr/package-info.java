/**
 * The geo-level algebra: {@code CoverageExpr}, to which every door (KVP, XML, WCPS text) leads, and
 * {@code CoverageCompiler}, which turns it into an {@code ArrayExpr}. Here, and only here,
 * coordinates and labels become indices.
 */
package org.tessera.coverage.expr;
