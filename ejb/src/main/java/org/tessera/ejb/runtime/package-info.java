/**
 * What the server consists of while it runs: settings, threads, store, evaluator, worker processes;
 * started once, stopped in order, cleaned up in between. Door: {@link
 * org.tessera.ejb.runtime.ServerRuntime}.
 */
package org.tessera.ejb.runtime;
