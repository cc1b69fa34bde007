package org.tessera.coverage.model;

/**
 * A value, or closed interval of values, that means "no data" (SWE Common 2.0 clause 7.2.14).
 *
 * @param text as clients write it: {@code -9999}, {@code 10:20}, {@code 9.9e20:*}, {@code nan}
 * @param reason why the value is absent; a URI or free text, may be empty; null for none, as only
 *     answers in the dialect of rasdaman have it
 */
public record NilValue(String text, String reason) {}
