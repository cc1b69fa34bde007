/**
 * From ingredients and files to slices: which part of the coverage each file fills, and how it is
 * read. Door: {@link org.tessera.importer.plan.Recipes}, which makes an {@link
 * org.tessera.importer.plan.ImportPlan}. Knows files only through {@code importer.source}, and no
 * server.
 */
package org.tessera.importer.plan;
