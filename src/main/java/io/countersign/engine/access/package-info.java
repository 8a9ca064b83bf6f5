/** What groups may do in the engine, and what a task gives to whom. */
package io.countersign.engine.access;
