package org.tessera.engine.eval;

/**
 * What an evaluation has cost so far, all its reads and streams together.
 *
 * @param cells cells computed by all operators together, those read included
 * @param tiles tiles read, from the cache or from the store
 * @param bytes compressed bytes read from the store; not what was in the cache
 * @param nanos time since it was prepared
 */
public record Spent(long cells, long tiles, long bytes, long nanos) {}
