/**
 * Tessera seen from outside: fences over the class files of every module, and a real server driven
 * over HTTP and by other people's clients.
 *
 * <p>The door is {@link org.tessera.it.TesseraServer}: a server of its own for the tests, started
 * and stopped by the {@code tessera} command. Knows the requests and answers of the standards; does
 * not know any class of the product, and reaches into no file of the server but its log.
 */
package org.tessera.it;
