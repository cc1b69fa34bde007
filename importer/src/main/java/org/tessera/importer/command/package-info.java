/**
 * The import command as it is called: options, help, exit codes. Door: {@link
 * org.tessera.importer.command.Main}. Knows how to ask for an import; does not know how one is
 * planned or sent.
 */
package org.tessera.importer.command;
