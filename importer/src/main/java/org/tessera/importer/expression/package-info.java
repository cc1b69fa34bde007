/**
 * The safe expression language of ingredients files: arithmetic, texts, lists, conditions, dates
 * and a fixed set of functions, written as in Python, because that is what existing files hold.
 * Nothing is executed: a text becomes a tree of records, the tree is computed with a step limit,
 * and there is no way from it to files, processes, classes or the network. Door: {@link
 * org.tessera.importer.expression.Expression}. Knows nothing of GDAL, files or coverages: what
 * <code>${...}</code> means is asked of {@link org.tessera.importer.expression.Variables}.
 */
package org.tessera.importer.expression;
