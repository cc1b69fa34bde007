/**
 * The array engine: knows grid boxes, cell types and tiles; no CRS, no dates, no XML, no Jakarta.
 * Here only its one exception.
 */
package org.tessera.engine;
