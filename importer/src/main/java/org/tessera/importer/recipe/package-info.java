/**
 * Recipes that turn an ingredients file into others, of the standard recipes: one per coverage that
 * comes of it. Door and extension point: {@link org.tessera.importer.recipe.ImportRecipe}, found by
 * {@link java.util.ServiceLoader}; {@link org.tessera.importer.recipe.DerivedRecipes} has those of
 * the product (Sentinel 1 and 2). Knows no server.
 */
package org.tessera.importer.recipe;
