/** x. */
package org.tessera.engine.array;
