package org.tessera.engine.array;

/**
 * What is known of one band of one tile without reading it; null cells are left out of everything
 * but {@code nulls}.
 *
 * @param count cells that are not null (NaN included unless NaN is a null value)
 * @param nulls cells that are null
 * @param min least value, NaN cells left aside; NaN if there is none
 * @param max greatest value, NaN cells left aside; NaN if there is none
 * @param sum sum of the cells as a double; exact in {@code exactSum} for integer types
 * @param exactSum the exact sum for integer and boolean types when it fits 64 bits and {@code
 *     sumIsExact}
 * @param nans cells that are NaN and not null
 */
public record BandStatistics(
    long count,
    long nulls,
    long nans,
    double min,
    double max,
    double sum,
    long exactSum,
    boolean sumIsExact) {}
