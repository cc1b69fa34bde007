/**
 * Encodings of coverages, one {@link org.tessera.coverage.format.CoverageFormat} per media type,
 * and the list of them, {@link org.tessera.coverage.format.Formats}. Knows the coverage model and
 * the engine; no requests, no WCPS.
 */
package org.tessera.coverage.format;
