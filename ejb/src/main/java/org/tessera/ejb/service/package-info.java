/**
 * The use cases: describe, process, transact. Doors: {@link
 * org.tessera.ejb.service.CoverageService} for reading and {@link
 * org.tessera.ejb.service.TransactionService} for changing; both take an {@code OwsRequest} record
 * and know no protocol.
 */
package org.tessera.ejb.service;
