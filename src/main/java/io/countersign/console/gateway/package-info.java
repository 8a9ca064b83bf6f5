/** A project's routes, clients, and which client may call which route. */
package io.countersign.console.gateway;
