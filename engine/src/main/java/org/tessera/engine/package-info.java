/**
 * The array engine: knows grid boxes, cell types and tiles; no CRS, no dates, no XML, no Jakarta.
 * In this package itself: how it refuses. The door is {@link org.tessera.engine.EngineException};
 * knows nothing of HTTP or of whose request it was.
 */
package org.tessera.engine;
