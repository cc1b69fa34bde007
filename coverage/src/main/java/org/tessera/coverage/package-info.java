/** The geo side: the one exception of all services and its codes; nothing else. */
package org.tessera.coverage;
