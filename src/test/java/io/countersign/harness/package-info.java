/**
 * Shows that nothing is lost: real processes on a real PostgreSQL server, a steady stream of requests and decisions,
 * and whatever can go away going away. The pieces are meant to be used one by one, too.
 */
package io.countersign.harness;
