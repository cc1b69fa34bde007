/**
 * libgdal's and libc's C functions, called through {@code java.lang.foreign}.
 *
 * <p>Its door is {@link org.tessera.gdal.binding.GdalLibrary}. It knows C types, strings and string
 * lists; it does not know what the worker does with them.
 */
package org.tessera.gdal.binding;
