/**
 * One import from the ingredients to the last request: files found, hooks run, slices planned and
 * sent, progress shown, imported files remembered. Door: {@link
 * org.tessera.importer.run.ImportRun}. Knows neither how slices are planned nor how requests look.
 */
package org.tessera.importer.run;
