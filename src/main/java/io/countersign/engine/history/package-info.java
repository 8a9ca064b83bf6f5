/**
 * What the engine's own history keeps. Our code never reads it: it is for Tasklist, Cockpit and operators' reports, and
 * operators may choose any level.
 */
package io.countersign.engine.history;
