/**
 * The worker's operations and its protocol.
 *
 * <p>The protocol: frames on stdin (requests) and stdout (answers), each an {@code int32} length
 * (big-endian) and one value in the encoding of {@link org.tessera.gdal.worker.Wire}. The first
 * frame is the worker's greeting {@code {protocol, gdal, pid}}. Then one answer follows each
 * request: {@code {ok: true, ...}} or {@code {ok: false, message}}. Cells never pass through the
 * pipe: they lie in a file that both sides map into memory; a request names it ({@code cells},
 * {@code cellsSize}).
 *
 * <p>Its door is {@link org.tessera.gdal.worker.WorkerLoop}. One request is served at a time, by
 * one thread, because a GDAL dataset handle belongs to one thread.
 */
package org.tessera.gdal.worker;
