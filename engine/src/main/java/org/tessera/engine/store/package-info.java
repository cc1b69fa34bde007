/**
 * Stored arrays. Door: {@link org.tessera.engine.store.ArrayStore}. Knows nothing of names,
 * coordinates, catalogues or transactions: a version has happened when someone keeps its key.
 */
package org.tessera.engine.store;
