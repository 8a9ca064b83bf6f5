/** HTTP details that every resource shares: parameters, bodies, preconditions, idempotency, addresses. */
package io.countersign.api.http;
