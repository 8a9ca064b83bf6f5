/**
 * What the engine's own history keeps. Nothing here reads it: it is for Tasklist, Cockpit and the reports of operators,
 * who may choose any level.
 */
package io.countersign.engine.history;
